"""The parameters of a run: names, types, defaults, meaning. An unknown or ill-typed one is an error."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from psq_analysis.errors import BadInput

MIN_CELL = 11  # the usual least base of opinion surveys (NHS Staff Survey), docs/assumptions.md
CROSSING = "×"  # joins two groupings; a star is accepted in its place, which keyboards have
CROSSABLE = ("territory", "density_level", "territory_type", "overseas", "stakeholder", "wave")
DEFAULT_TITLE = "Concertation pour la Police de sécurité du quotidien"


class SettingsError(BadInput):
    """A parameter is unknown, ill-typed or out of range."""


class RunSettings(BaseModel):
    """What the four notebooks of the chain receive, checked before anything is read.

    >>> RunSettings(name="gers").min_cell
    11
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    inputs: tuple[str, ...] = Field(("data/raw",), description="fichiers ou dossiers à lire")
    name: str = Field("concertation", description="nom de l'analyse, qui est aussi celui de ses dossiers")
    out: str = Field("", description="dossier où écrire data/processed et reports ; vide : le projet")
    title: str = Field(DEFAULT_TITLE, description="titre du rapport")
    mapping: str = Field("", description="fichier YAML qui dit le rôle des colonnes ; vide : deviné")
    territories: str = Field("", description="table des communes (CSV, XLSX) ; vide : la table du projet")
    typology: str = Field("", description="typologie des territoires (YAML) ; vide : celle du projet")
    contours: str = Field("", description="contours pour la carte (GeoJSON, en degrés) ; vide : des points")
    codebook: str = Field("", description="grille de codage (YAML) ; vide : celle du projet")
    human: str = Field("", description="remarques codées par des personnes (JSON lines) ; vide : aucune")
    sentence_model: str = Field(
        "",
        description="modèle de phrases qui aide à coder (dossier sentence-transformers, ou nom) ; vide : aucun",
    )
    include_incomplete: bool = Field(False, description="compter aussi les questionnaires non validés")
    include_campaigns: bool = Field(True, description="compter aussi les réponses organisées (campagnes)")
    groupings: tuple[str, ...] = Field(
        (),
        description="regroupements à publier en plus des territoires, des voix et des vagues : departement, epci, commune_size…, une question fermée, ou un croisement comme territory*stakeholder",
    )
    only: str = Field(
        "",
        description="qui l'analyse compte : colonne=valeur,valeur; colonne=valeur ; vide : tout le monde",
    )
    weights: str = Field(
        "",
        description="populations connues (CSV : grouping, group, population) pour redresser ; vide : aucune",
    )
    min_cell: int = Field(MIN_CELL, ge=1, le=1000, description="effectif minimal d'une case publiée")
    seed: int = Field(20171120, ge=0, lt=2**32, description="graine des tirages")

    @field_validator("inputs", mode="before")
    @classmethod
    def _one_path_is_a_list_of_one(cls, inputs: Any) -> Any:
        return (inputs,) if isinstance(inputs, str) else inputs

    @field_validator("groupings", mode="before")
    @classmethod
    def _groupings_are_known(cls, groupings: Any) -> Any:
        given = groupings.split(",") if isinstance(groupings, str) else groupings
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            return given
        return tuple(dict.fromkeys(_grouping(one) for one in given if one.strip()))

    @field_validator("name")
    @classmethod
    def _name_is_a_folder_name(cls, name: str) -> str:
        if not re.fullmatch(r"[\w][\w.\- ]{0,79}", name):
            raise ValueError(
                "des lettres, des chiffres, des tirets, des points ou des espaces, 80 caractères au plus"
            )
        return name


def _grouping(given: str) -> str:
    """Return a grouping asked for, crossings joined by ``×``; what it names is checked once it is known who answered."""
    parts = [part.strip() for part in re.split(rf"[{CROSSING}*]", given) if part.strip()]
    if len(parts) > 2 or len(set(parts)) < len(parts):
        raise ValueError(f"« {given.strip()} » : on croise deux regroupements différents, pas plus")
    return CROSSING.join(parts)


def parse_settings(values: Mapping[str, Any]) -> RunSettings:
    """Check ``values`` and return the settings of a run.

    Raises :class:`SettingsError` naming each parameter that is unknown (with the nearest known name) or ill-typed.

    >>> parse_settings({"seed": "7"}).seed
    7
    >>> parse_settings({"sead": 7})
    Traceback (most recent call last):
        ...
    psq_analysis.settings.SettingsError: Paramètre inconnu « sead » : vouliez-vous dire « seed » ? Paramètres possibles : codebook, contours, groupings, human, include_campaigns, include_incomplete, inputs, mapping, min_cell, name, only, out, seed, sentence_model, territories, title, typology, weights.
    """
    known = sorted(RunSettings.model_fields)
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f" vouliez-vous dire « {near[0]} » ?" if near else ""
            raise SettingsError(
                f"Paramètre inconnu « {key} » :{hint} Paramètres possibles : {', '.join(known)}."
            )
    try:
        return RunSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        expected = RunSettings.model_fields[key].description
        raise SettingsError(
            f"Paramètre « {key} » : valeur refusée ({_reason(first)}). Attendu : {expected}. Corrigez-la et relancez."
        ) from None


_REASONS = {
    "int_parsing": "un nombre entier est attendu",
    "int_type": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "bool_parsing": "oui ou non est attendu : true ou false",
    "bool_type": "oui ou non est attendu : true ou false",
    "string_type": "un texte est attendu",
    "tuple_type": "une liste est attendue",
    "greater_than_equal": "trop petit",
    "less_than_equal": "trop grand",
    "less_than": "trop grand",
}


def _reason(error: Mapping[str, Any]) -> str:
    known = _REASONS.get(error["type"])
    return known or str(error.get("ctx", {}).get("error", "forme inattendue"))


def read_settings_file(path: Path) -> dict[str, Any]:
    """Read a YAML file of parameters (``-f params.yaml``) into a mapping."""
    if not path.is_file():
        raise SettingsError(f"Fichier de paramètres introuvable : {path}. Vérifiez le chemin donné à -f.")
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f", ligne {line + 1}" if line is not None else ""
        raise SettingsError(
            f"Fichier de paramètres illisible : {path}{where}. Écrivez une ligne « nom: valeur » par paramètre."
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsError(
            f"Fichier de paramètres {path} : une ligne « nom: valeur » par paramètre est attendue."
        )
    return {str(key): value for key, value in values.items()}


STAGES = {"clean": "01_clean", "cluster": "02_cluster", "compare": "03_compare", "report": "04_report"}


def is_small(count: float, *, min_cell: int = MIN_CELL) -> bool:
    """Tell whether a count is that of a small cell: 1 to ``min_cell`` − 1 respondents.

    >>> [is_small(count) for count in (0, 1, 10, 11)]
    [False, True, True, False]
    """
    return 0 < count < min_cell
