"""From a place as written to a commune, a density level and a type of territory.

Evidence is used in order of trust: INSEE code, name of the commune, postcode, EPCI, département. What contradicts itself or
leaves several types possible is ``indetermine``, and counted with its reason (:func:`unplaced`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from psq_analysis.communes import BadCommuneTable, load_communes
from psq_analysis.errors import BadInput
from psq_analysis.gazetteer import Gazetteer, Place
from psq_analysis.schema import TERRITORY_TYPES, conform

__all__ = ["BadCommuneTable", "Typology", "disjoint", "load_communes", "load_typology", "place", "unplaced"]

UNDETERMINED = "indetermine"
OVERSEAS = "outre_mer"
WRITTEN = ["place_insee", "place_commune", "place_postcode", "place_epci", "place_department"]
HALF = 0.5  # a file speaks for a département when more than half of its located rows are there
# from the narrowest to the widest
_KEYS = ("commune", "epci", "arrondissement", "attraction", "department", "density_level")


class BadTypology(BadInput):
    """The file of the types of territory is not one."""


@dataclass(frozen=True)
class Typology:
    """Which type each commune has: by commune, EPCI, arrondissement, category in an attraction area, département or density level.

    The narrowest rule wins, in this order.
    """

    types: Mapping[str, Mapping[str, str]]
    overseas: frozenset[str]
    title: str = field(default="")

    def of(self, communes: pd.DataFrame) -> pd.Series:
        """Return the type of each commune of the table, ``indetermine`` where no rule says.

        >>> load_typology("data/manual/typology.yml").of(load_communes().query("name == 'Auch'")).to_list()
        ['urbain']
        """
        keys = {
            "commune": communes["code"],
            "epci": communes["epci"],
            "arrondissement": communes["arrondissement"],
            "attraction": communes["attraction"],
            "department": communes["department_code"],
            "density_level": communes["density_level"].astype("string"),
        }
        decided = pd.Series(pd.NA, index=communes.index, dtype="string")
        for by in _KEYS:
            decided = decided.fillna(keys[by].map(dict(self.types.get(by, {}))).astype("string"))
        return decided.fillna(UNDETERMINED)


def load_typology(path: str | Path) -> Typology:
    """Read the types of territory, a YAML file like ``data/manual/typology.yml``.

    Each line of ``types`` names a ``density_level``, a ``commune`` (INSEE code), an ``epci`` (its name), an ``arrondissement`` (its code), an
    ``attraction`` (INSEE's category of communes in attraction areas: 11, 12, 13, 20, 30) or a ``department``, the ``type`` it has, the
    ``reason`` and the ``source``; ``overseas`` lists départements. Raises :class:`BadTypology`.

    >>> sorted(load_typology("data/manual/typology.yml").overseas)[:3]
    ['971', '972', '973']
    """
    path = Path(path)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadTypology(
            f"Typologie « {path.name} » : illisible ({type(error).__name__}). Il faut un fichier YAML en UTF-8."
        ) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("types"), list) or not raw["types"]:
        raise BadTypology(f"Typologie « {path.name} » : il y manque la liste « types ».")
    types: dict[str, dict[str, str]] = {by: {} for by in _KEYS}
    for rank, line in enumerate(raw["types"], start=1):
        where = f"Typologie « {path.name} », ligne {rank} de « types »"
        by = [key for key in _KEYS if isinstance(line, dict) and key in line]
        if len(by) != 1:
            raise BadTypology(f"{where} : il faut un seul critère parmi {', '.join(_KEYS)}.")
        missing = [key for key in ("type", "reason", "source") if not line.get(key)]
        if missing:
            raise BadTypology(f"{where} : il y manque {', '.join(missing)}.")
        if line["type"] not in TERRITORY_TYPES:
            raise BadTypology(
                f"{where} : type inconnu « {line['type']} ». Types possibles : {', '.join(TERRITORY_TYPES)}."
            )
        criterion = str(line[by[0]])
        if criterion in types[by[0]]:
            raise BadTypology(f"{where} : « {criterion} » a déjà un type plus haut. Gardez une ligne.")
        types[by[0]][criterion] = line["type"]
    overseas = []
    for rank, line in enumerate(raw.get("overseas") or [], start=1):
        if not isinstance(line, dict) or not all(line.get(key) for key in ("department", "reason", "source")):
            raise BadTypology(
                f"Typologie « {path.name} », ligne {rank} de « overseas » : il y faut department, reason et source."
            )
        overseas.append(str(line["department"]))
    return Typology(types=types, overseas=frozenset(overseas), title=str(raw.get("title", "")))


def place(contributions: pd.DataFrame, communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    """Place each contribution: the ``contributions`` of the schema, its written places replaced by what they resolve to.

    ``contributions``: those of the intake, with the text columns ``place_insee``, ``place_commune``, ``place_postcode``,
    ``place_epci``, ``place_department``. A name that several communes bear is the one in the département given or implied by the
    postcode or, failing that, in the département of most other located rows of the file; otherwise it stays undetermined.

    >>> raw = pd.DataFrame({"contribution_id": ["a", "b"], "source_file": "f.csv", "source_row": [2, 3], "source_format": "csv",
    ...     "wave": "1", "submitted_on": pd.NaT, "stakeholder": pd.NA, "is_complete": True,
    ...     "place_commune": ["VIC FEZENSAC", pd.NA], "place_postcode": [pd.NA, "97400"]})
    >>> placed = place(raw, load_communes(), load_typology("data/manual/typology.yml"))
    >>> placed[["commune_code", "department_code", "territory_type", "overseas"]].values.tolist()
    [['32462', '32', 'rural', False], ['97411', '974', 'urbain', True]]
    """
    resolved = _resolved(contributions, communes, typology)
    return conform(pd.concat([contributions, resolved.drop(columns="reason")], axis=1), "contributions")


def unplaced(contributions: pd.DataFrame, communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    """Count, per file, the contributions whose type of territory is undetermined, by reason.

    ``contributions`` as for :func:`place`. One row per ``source_file`` × ``reason``, with ``contributions``. Reasons: ``not_given``,
    ``unknown_place``, ``ambiguous_name``, ``several_communes``, ``contradiction`` (name and codes disagree), ``mixed_postcode``
    and ``mixed_epci`` (their communes are of several types), ``department_only``, ``not_in_table``, ``no_type``.
    """
    resolved = _resolved(contributions, communes, typology)
    undetermined = resolved["territory_type"] == UNDETERMINED
    files = contributions["source_file"][undetermined]
    counts = resolved[undetermined].groupby([files, "reason"], observed=True).size()
    return counts.rename("contributions").reset_index()


def disjoint(contributions: pd.DataFrame) -> pd.Series:
    """Return the territory of each contribution, in disjoint groups: mainland by type, overseas as one, undetermined.

    >>> disjoint(pd.DataFrame({"territory_type": ["urbain", "urbain", "indetermine"],
    ...                        "overseas": pd.array([True, False, pd.NA], dtype="boolean")})).to_list()
    ['outre_mer', 'urbain', 'indetermine']
    """
    overseas = contributions["overseas"].astype("boolean").fillna(False).astype(bool)
    return contributions["territory_type"].astype("string").mask(overseas, OVERSEAS).rename("territory")


def _resolved(contributions: pd.DataFrame, communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    gazetteer = Gazetteer(communes.assign(territory_type=typology.of(communes)))
    written = contributions.reindex(columns=WRITTEN).astype("string").fillna("")
    alone = _resolve_each(gazetteer, written.assign(majority=""))
    majority = contributions["source_file"].map(_majority_departments(contributions["source_file"], alone))
    again = alone["commune_code"].isna() & majority.notna() & (written["place_commune"] != "")
    helped = _resolve_each(gazetteer, written[again].assign(majority=majority[again]))
    resolved = pd.concat([alone[~again], helped]).reindex(written.index)
    department = resolved["department_code"]
    overseas = department.isin(typology.overseas).astype("boolean").mask(department.isna())
    return resolved.assign(overseas=overseas)


def _resolve_each(gazetteer: Gazetteer, written: pd.DataFrame) -> pd.DataFrame:
    ways = written.drop_duplicates()
    found = [
        gazetteer.resolve(*way[:-1], majority=way[-1]) for way in ways.itertuples(index=False, name=None)
    ]
    columns = [*Place.__dataclass_fields__]
    table = pd.DataFrame([[getattr(one, name) for name in columns] for one in found], columns=columns)
    table.index = pd.MultiIndex.from_frame(ways)
    resolved = table.reindex(pd.MultiIndex.from_frame(written)).set_axis(written.index)
    return resolved.astype({"density_level": "Int64"}).astype(
        dict.fromkeys(["commune_code", "department_code", "territory_type", "reason"], "string")
    )


def _majority_departments(files: pd.Series, resolved: pd.DataFrame) -> pd.Series:
    located = resolved["department_code"].dropna()
    if located.empty:
        return pd.Series(dtype="string")
    shares = located.groupby(files.loc[located.index]).value_counts(normalize=True)
    leading = shares[shares > HALF].reset_index()
    return leading.set_index("source_file")["department_code"]
