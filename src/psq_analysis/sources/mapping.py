"""The mapping an analyst writes when guessing is not safe: a small YAML file that overrides what was understood."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from psq_analysis.sources.choices import Choices
from psq_analysis.sources.errors import BadMapping
from psq_analysis.sources.model import Role
from psq_analysis.sources.vocabulary import load, plain
from psq_analysis.tables.schema import STAKEHOLDERS

_KEYS = {
    "format", "feuille", "ligne_entete", "separateur", "encodage", "vague", "colonnes", "qualites", "forme", "commune",
    "fichiers", "questions", "choix", "codes",
}  # fmt: skip
_SHAPES = ("large", "longue")


@dataclass(frozen=True)
class Mapping:
    """What the analyst decided about a file; everything left out is guessed."""

    source_format: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    separator: str | None = None
    encoding: str | None = None
    wave: str | None = None
    shape: str | None = None
    commune: str | None = None
    questions: tuple[str, ...] = ()
    columns: dict[str, Role] = field(default_factory=dict)
    voices: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Choices] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, Mapping] = field(default_factory=dict)

    def for_file(self, name: str) -> Mapping:
        """Return the mapping of one file: the common part, overridden by the first pattern under ``fichiers`` that fits."""
        for pattern, own in self.files.items():
            if fnmatch.fnmatch(name, pattern):
                given = {key: value for key, value in vars(own).items() if value not in (None, {}, ())}
                merged = {
                    "columns": {**self.columns, **own.columns},
                    "voices": {**self.voices, **own.voices},
                    "choices": {**self.choices, **own.choices},
                    "codes": {**self.codes, **own.codes},
                }
                return replace(self, **{**given, **merged, "files": {}})
        return self

    def role_of(self, heading: str) -> Role | None:
        """Return the role the analyst gave to a heading, compared without case, accents or punctuation."""
        return self.columns.get(heading) or self.columns.get(plain(heading))

    def choices_of(self, heading: str) -> Choices | None:
        """Return the separator and labels the analyst gave to a column of choices."""
        return self.choices.get(plain(heading))

    def labels_of(self, heading: str) -> dict[str, str]:
        """Return what the answer codes of a column mean, where the analyst said it (« A1 » → « Très satisfait »)."""
        return self.codes.get(plain(heading), {})


@cache
def role_labels() -> dict[str, Role]:
    """Return the French names of the roles, as they may be written in a mapping."""
    return {label: Role(name) for name, label in load("columns")["labels"].items()}


def load_mapping(mapping: Path | str | AnyMapping[str, Any] | Mapping | None) -> Mapping:
    """Return a checked mapping from a YAML file, a dictionary, or nothing.

    Raises :class:`BadMapping` for an unknown key, role or voice.

    >>> load_mapping({"colonnes": {"Vos idées": "texte_libre"}}).role_of("vos idées").value
    'free_text'
    >>> load_mapping({"colones": {}})
    Traceback (most recent call last):
        ...
    psq_analysis.sources.errors.BadMapping: correspondance : clé inconnue « colones » ; clés admises : choix, codes, colonnes, commune, encodage, feuille, fichiers, format, forme, ligne_entete, qualites, questions, separateur, vague.
    """
    if mapping is None:
        return Mapping()
    if isinstance(mapping, Mapping):
        return mapping
    name = "correspondance"
    if isinstance(mapping, (str, Path)):
        path = Path(mapping)
        name = path.name
        try:
            mapping = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
        except (OSError, UnicodeDecodeError):
            raise BadMapping(
                f"{name} : le fichier de correspondance ne peut pas être lu ; vérifiez son chemin."
            ) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", ligne {mark.line + 1}" if mark else ""
            raise BadMapping(
                f"{name}{where} : ce n'est pas du YAML correct ; vérifiez deux-points et retraits."
            ) from None
    if not isinstance(mapping, AnyMapping):
        raise BadMapping(f"{name} : la correspondance doit être une liste « clé: valeur ».")
    return _checked(dict(mapping), name)


def _checked(given: dict[str, Any], name: str) -> Mapping:
    for key in given:
        if key not in _KEYS:
            raise BadMapping(f"{name} : clé inconnue « {key} » ; clés admises : {', '.join(sorted(_KEYS))}.")
    for key in ("colonnes", "qualites", "fichiers", "choix", "codes"):
        if not isinstance(given.get(key) or {}, dict):
            raise BadMapping(f"{name} : « {key} » doit être une liste « clé: valeur ».")
    labels = role_labels()
    columns: dict[str, Role] = {}
    for heading, label in (given.get("colonnes") or {}).items():
        if label not in labels:
            raise BadMapping(
                f"{name} : rôle inconnu « {label} » pour la colonne « {heading} » ; rôles admis : {', '.join(labels)}."
            )
        columns[str(heading)] = columns[plain(str(heading))] = labels[label]
    for value, voice in (given.get("qualites") or {}).items():
        if voice not in STAKEHOLDERS:
            raise BadMapping(
                f"{name} : voix inconnue « {voice} » pour « {value} » ; voix admises : {', '.join(STAKEHOLDERS)}."
            )
    header_row = given.get("ligne_entete")
    if header_row is not None and (not isinstance(header_row, int) or header_row < 0):
        raise BadMapping(
            f"{name} : « ligne_entete » est un numéro de ligne (1 pour la première, 0 s'il n'y en a pas)."
        )
    shape = given.get("forme")
    if shape is not None and shape not in _SHAPES:
        raise BadMapping(
            f"{name} : « forme » vaut « large » (une ligne par personne) ou « longue » (une ligne par réponse)."
        )
    questions = given.get("questions") or []
    questions = [questions] if isinstance(questions, str) else questions
    if not isinstance(questions, list) or not all(
        isinstance(words, str) and plain(words) for words in questions
    ):
        raise BadMapping(
            f"{name} : « questions » est une liste de mots pris dans l'intitulé des questions à garder."
        )
    separator = given.get("separateur")
    if separator is not None and (
        not isinstance(separator, str) or len({"tabulation": "\t"}.get(separator, separator)) != 1
    ):
        raise BadMapping(f"{name} : « separateur » est un seul caractère, ou « tabulation ».")
    return Mapping(
        source_format=given.get("format"),
        sheet=given.get("feuille"),
        header_row=header_row,
        separator={"tabulation": "\t"}.get(separator, separator) if separator else None,
        encoding=given.get("encodage"),
        wave=None if given.get("vague") is None else str(given["vague"]),
        shape=shape,
        commune=given.get("commune"),
        questions=tuple(questions),
        columns=columns,
        choices=_checked_choices(given.get("choix") or {}, name),
        codes=_checked_codes(given.get("codes") or {}, name),
        voices={plain(str(value)): voice for value, voice in (given.get("qualites") or {}).items()},
        files={
            str(pattern): _checked(dict(own or {}), name)
            for pattern, own in (given.get("fichiers") or {}).items()
        },
    )


def _checked_choices(given: dict[Any, Any], name: str) -> dict[str, Choices]:
    choices: dict[str, Choices] = {}
    for heading, own in given.items():
        labels = own.get("libelles") if isinstance(own, dict) else None
        separator = own.get("separateur", ",") if isinstance(own, dict) else None
        if (
            not isinstance(separator, str)
            or not separator
            or not isinstance(labels, list)
            or not all(map(str, labels))
        ):
            raise BadMapping(
                f"{name} : « choix » donne pour « {heading} » un « separateur » et la liste « libelles » des choix proposés."
            )
        choices[plain(str(heading))] = Choices(
            separator=separator, labels=frozenset(str(label).strip() for label in labels)
        )
    return choices


def _checked_codes(given: dict[Any, Any], name: str) -> dict[str, dict[str, str]]:
    for heading, own in given.items():
        if not isinstance(own, dict):
            raise BadMapping(f"{name} : « codes » donne pour « {heading} » une liste « code: libellé ».")
    return {
        plain(str(heading)): {str(code).strip(): str(label) for code, label in own.items() if label}
        for heading, own in given.items()
    }
