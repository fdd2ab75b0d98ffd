"""How published groups overlap and add up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis.disclosure.subtraction import Reals
from psq_analysis.settings import CROSSING

EMPTIED = ["mentions", "share", "low", "high", "share_corrected", "low_corrected", "high_corrected"]
EVERYONE = ("all", "all")
UNKNOWN = (
    "(unknown)"  # respondents in no group of a grouping: never shown, yet total − groups would show them
)
_PLACE = ("territory", "territory_type", "overseas", "density_level")
CELL_KEYS = ["grouping", "group"]
Group = tuple[str, str]
Code = tuple[str, str]
Place = tuple[str, str, str]  # type of territory, mainland or overseas, density level
MENTIONED, SILENT = (0,), (1,)  # the parts of a group of respondents a published cell counts


@dataclass(frozen=True)
class Cells:
    """What is mentioned in each group, and the groups where that is withheld."""

    mentions: dict[Group, float]
    withheld: frozenset[Group]


@dataclass(frozen=True)
class Family:
    """Groupings whose groups overlap, as sums of disjoint atoms: row g, column a is 1 where atom a is in group g."""

    groups: list[Group]
    sums: Reals

    def shown(self) -> set[Group]:
        """Return the groups a table shows: all but those of unknown group."""
        return {group for group in self.groups if group[1] != UNKNOWN}


def total_of(counts: dict[Group, float], family: Family) -> float:
    """Return the count over everyone, given or summed over a grouping."""
    first = family.groups[0][0]
    return counts.get(EVERYONE, sum(count for group, count in counts.items() if group[0] == first))


def places_of(respondents: pd.DataFrame | None) -> frozenset[Place] | None:
    """Return which type of territory, side of the sea and density level go together among the respondents; None when unknown."""
    columns = ["territory_type", "overseas", "density_level"]
    if respondents is None or not set(columns) <= set(respondents):
        return None
    seen = respondents[columns].drop_duplicates()
    where = seen["overseas"].map({True: "overseas", False: "mainland"}).astype("string").fillna(UNKNOWN)
    level = seen["density_level"].astype("string").fillna(UNKNOWN)
    return frozenset(zip(seen["territory_type"].astype(str), where, level, strict=True))


def families_of(sizes: dict[Group, float], places: frozenset[Place] | None = None) -> list[Family]:
    """Describe which groups overlap, with those of unknown group where a grouping does not reach the total."""
    groupings = [
        grouping for grouping in dict.fromkeys(grouping for grouping, _ in sizes) if grouping != "all"
    ]
    covered = {one: sum(size for group, size in sizes.items() if group[0] == one) for one in groupings}
    total = sizes.get(EVERYONE, max(covered.values(), default=0))
    linked: list[set[str]] = []
    for grouping in groupings:
        dimensions = {_dimension(part) for part in _parts(grouping)}
        joined = [one for one in linked if one & dimensions]
        linked = [one for one in linked if not one & dimensions] + [dimensions.union(*joined)]
    families = []
    for dimensions in linked:
        inside = [grouping for grouping in groupings if _dimension(_parts(grouping)[0]) in dimensions]
        groups = [group for group in sizes if group[0] in inside]
        partial = [grouping for grouping in inside if covered[grouping] < total]
        values = [_values(dimension, groups, partial, places) for dimension in sorted(dimensions)]
        atoms = [dict(zip(sorted(dimensions), atom, strict=True)) for atom in product(*values)]
        sums = np.array([[float(_contains(group, atom)) for atom in atoms] for group in groups])
        reached = {one: sums[[group[0] == one for group in groups]].sum(axis=0) for one in inside}
        possible = np.all([reached[one] > 0 for one in inside if one not in partial], axis=0)
        sums = sums[:, possible] if len(partial) < len(inside) else sums
        rest = [1 - sums[[group[0] == one for group in groups]].sum(axis=0) for one in partial]
        names = [*groups, *((grouping, UNKNOWN) for grouping in partial)]
        families.append(Family(names, np.vstack([sums, *rest]).clip(0, 1)))
    return families


def _parts(grouping: str) -> list[str]:
    return [part.strip() for part in grouping.split(CROSSING)]


def _dimension(grouping: str) -> str:
    return "place" if grouping in _PLACE else grouping


def _values(
    dimension: str, groups: list[Group], partial: list[str], places: frozenset[Place] | None
) -> list[object]:
    named = {
        part: {
            names[at] for names in (group.split(f" {CROSSING} ") for of, group in groups if of == grouping)
        }
        for grouping in {of for of, _ in groups}
        for at, part in enumerate(_parts(grouping))
        if _dimension(part) == dimension
    }
    if dimension != "place":
        may_be_unknown = any(dimension in _parts(grouping) for grouping in partial)
        return [*sorted(named[dimension]), *([UNKNOWN] if may_be_unknown else [])]
    types = sorted((named.get("territory", set()) | named.get("territory_type", set())) - {"outre_mer"}) or [
        UNKNOWN
    ]
    where = ["mainland", "overseas"]
    if any("overseas" in _parts(grouping) for grouping in partial):
        where.append(UNKNOWN)
    if not any("density_level" in _parts(grouping) for grouping, _ in groups):
        return list(product(types, where, [UNKNOWN]))
    if places is not None:
        return [*sorted(places)]
    may_be_unknown = any("density_level" in _parts(grouping) for grouping in partial)
    return list(product(types, where, [*sorted(named["density_level"]), *([UNKNOWN] * may_be_unknown)]))


def _contains(group: Group, atom: dict[str, object]) -> bool:
    grouping, name = group
    for part, value in zip(_parts(grouping), name.split(f" {CROSSING} "), strict=True):
        held = atom[_dimension(part)]
        if isinstance(held, tuple):
            kind, where, level = held
            territory = "outre_mer" if where == "overseas" else kind
            held = {
                "territory": territory,
                "territory_type": kind,
                "overseas": where,
                "density_level": level,
            }[part]
        if held != value:
            return False
    return True


def nested_cells(
    mentions: dict[Group, float],
    sizes: dict[Group, float],
    whole: Cells,
    shown: set[Group],
    public: set[Group],
) -> tuple[list[dict[Group, float]], dict[str, Any]]:
    """Describe a code that only those mention who mention the ``whole``: three parts, and what is known of their sums."""
    around = {group: whole.mentions[group] - count for group, count in mentions.items()}
    silent = {group: sizes[group] - whole.mentions[group] for group in mentions}
    told = {
        group: (*(((0, 1, 2),) if group in public else ()), *(() if group in whole.withheld else ((0, 1),)))
        for group in shown
    }
    elsewhere = {group: ((0, 1), (2,)) for group in shown if group in whole.withheld}
    return [mentions, around, silent], {
        "guarded": (MENTIONED, (1, 2)),
        "told": told,
        "guarded_elsewhere": elsewhere,
    }
