"""From a place as written to a commune, a density level and a type of territory.

Evidence is used in order of trust: INSEE code, name of the commune, postcode, EPCI, département. What contradicts itself or
leaves several types possible is ``indetermine``, and counted with its reason (:func:`unplaced`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from psq_analysis.places.gazetteer import Gazetteer, Place
from psq_analysis.places.typology import Typology
from psq_analysis.tables.schema import UNDETERMINED, conform

WRITTEN = ["place_insee", "place_commune", "place_postcode", "place_epci", "place_department"]
HALF = 0.5  # a file speaks for a département when more than half of its located rows are there


def place(contributions: pd.DataFrame, communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    """Place each contribution: the ``contributions`` of the schema, its written places replaced by what they resolve to.

    ``contributions``: those of the intake, with the text columns ``place_insee``, ``place_commune``, ``place_postcode``,
    ``place_epci``, ``place_department``. A name that several communes bear is the one in the département given or implied by the
    postcode or, failing that, in the département of most other located rows of the file; otherwise it stays undetermined.

    >>> from psq_analysis.places.communes import load_communes
    >>> from psq_analysis.places.typology import load_typology
    >>> raw = pd.DataFrame({"contribution_id": ["a", "b"], "source_file": "f.csv", "source_row": [2, 3], "source_format": "csv",
    ...     "wave": "1", "submitted_on": pd.NaT, "stakeholder": pd.NA, "is_complete": True, "record_key": 0,
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


class _Same:
    """What is the same only when it is the same object: a table of 35,000 communes is indexed once, and not once a call."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


@lru_cache(maxsize=2)
def _gazetteer(communes: _Same, typology: _Same) -> Gazetteer:
    return Gazetteer(communes.value.assign(territory_type=typology.value.of(communes.value)))


def _resolved(contributions: pd.DataFrame, communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    gazetteer = _gazetteer(_Same(communes), _Same(typology))
    written = contributions.reindex(columns=WRITTEN).astype("string").fillna("")
    alone = _resolve_each(gazetteer, written.assign(majority=""))
    majority = contributions["source_file"].map(_majority_departments(contributions["source_file"], alone))
    by_name_alone = written.drop(columns="place_commune").eq("").all(axis=1)
    elsewhere = by_name_alone & (alone["department_code"] != majority).fillna(
        False
    )  # « Barcelonne », in a file of the Gers
    again = (alone["commune_code"].isna() | elsewhere) & majority.notna() & (written["place_commune"] != "")
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
