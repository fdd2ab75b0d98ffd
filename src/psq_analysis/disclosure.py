"""Small cells: withhold them, and whatever would let a reader compute them from the rest.

A cell of 1 to 10 respondents can point to people: those who mention a code, those who do **not** (n − mentions: « all but three of
the élus spoke of it » tells on three people), and those of the group itself. Zeros are published: they are nobody. Primary
suppression withholds these; secondary suppression withholds more, until nothing withheld can be computed from everything the
table shows. That is checked with a linear solver: each withheld count must stay possible over a wide range (Fischetti &
Salazar-González 2001; Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from psq_analysis.comparison import CROSSING
from psq_analysis.settings import MIN_CELL

TOLERANCE = 1e-6  # of the linear solver, in respondents
UNBOUNDED = 3  # status of scipy.optimize.linprog
EMPTIED = ["mentions", "share", "low", "high", "share_corrected", "low_corrected", "high_corrected"]
EVERYONE = ("all", "all")
UNKNOWN = (
    "(unknown)"  # respondents in no group of a grouping: never shown, yet total − groups would show them
)
_PLACE = ("territory", "territory_type", "overseas")
_KEYS = ["grouping", "group"]
Group = tuple[str, str]
Reals = NDArray[np.float64]


def suppress(prevalence: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Return ``prevalence`` with ``is_suppressed`` set and the withheld counts, shares and intervals emptied.

    The number of respondents of a group is emptied too where it must not be known. The same rows in the same order; what was already
    marked stays so. A code too rare overall is withheld in every group. The table must be that of :func:`comparison.shares`, with all
    its counts: one that has been emptied is a ValueError.

    >>> cell = {"scheme": "theme", "code": "acces", "share": 0.5, "low": 0.0, "high": 1.0, "share_corrected": pd.NA,
    ...         "low_corrected": pd.NA, "high_corrected": pd.NA, "is_suppressed": False}
    >>> table = pd.DataFrame([cell | {"grouping": "all", "group": "all", "respondents": 100, "mentions": 40},
    ...                       cell | {"grouping": "territory", "group": "urbain", "respondents": 60, "mentions": 36},
    ...                       cell | {"grouping": "territory", "group": "rural", "respondents": 40, "mentions": 4}])
    >>> suppress(table)[["respondents", "mentions"]].astype("Int64").fillna(-1).values.tolist()
    [[100, 40], [60, -1], [40, -1]]
    """
    cells = prevalence.reset_index(drop=True)
    if cells.empty:
        return cells
    if cells[["respondents", "mentions"]].isna().any(axis=None):
        raise ValueError("small cells are searched in a table with all its counts")
    sizes = cells.groupby(_KEYS, sort=False)["respondents"].max().astype(float).to_dict()
    families = _families(sizes)
    total = max(sizes.get(EVERYONE, 0), *(_total(sizes, family) for family in families), 0)
    small_groups = set(sizes) if is_small(total, min_cell=min_cell) else set()
    for family in families:
        chosen = _Table.of(family, [sizes], [_total(sizes, family)], min_cell).protected()
        small_groups |= family.shown() if chosen is None else chosen
    of_row = pd.Series(list(zip(cells["grouping"], cells["group"], strict=True)))
    in_small_group = of_row.isin(small_groups).to_numpy()
    suppressed = cells["is_suppressed"].to_numpy(bool) | in_small_group
    for _, rows in cells.groupby(["scheme", "code"], sort=False):
        mentions = dict(zip(of_row[rows.index], rows["mentions"].astype(float), strict=True))
        already = set(of_row[rows.index[suppressed[rows.index]]])
        withheld = _withheld(
            mentions, sizes, families, already=already, small_groups=small_groups, min_cell=min_cell
        )
        suppressed[rows.index] = of_row[rows.index].isin(withheld)
    published = cells.assign(is_suppressed=suppressed)
    for column in EMPTIED:
        published[column] = published[column].mask(suppressed)
    published["respondents"] = published["respondents"].mask(in_small_group)
    return published


def is_small(count: float, *, min_cell: int = MIN_CELL) -> bool:
    """Tell whether a count is that of a small cell: 1 to ``min_cell`` − 1 respondents.

    >>> [is_small(count) for count in (0, 1, 10, 11)]
    [False, True, True, False]
    """
    return 0 < count < min_cell


@dataclass(frozen=True)
class _Family:
    """Groupings whose groups overlap, as sums of disjoint atoms: row g, column a is 1 where atom a is in group g."""

    groups: list[Group]
    sums: Reals

    def shown(self) -> set[Group]:
        """Return the groups a table shows: all but those of unknown group."""
        return {group for group in self.groups if group[1] != UNKNOWN}


def _total(counts: dict[Group, float], family: _Family) -> float:
    """Return the count over everyone, given or summed over a grouping."""
    first = family.groups[0][0]
    return counts.get(EVERYONE, sum(count for group, count in counts.items() if group[0] == first))


def _families(sizes: dict[Group, float]) -> list[_Family]:
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
        values = [_values(dimension, groups, partial) for dimension in sorted(dimensions)]
        atoms = [dict(zip(sorted(dimensions), atom, strict=True)) for atom in product(*values)]
        sums = np.array([[float(_contains(group, atom)) for atom in atoms] for group in groups])
        reached = {one: sums[[group[0] == one for group in groups]].sum(axis=0) for one in inside}
        possible = np.all([reached[one] > 0 for one in inside if one not in partial], axis=0)
        sums = sums[:, possible] if len(partial) < len(inside) else sums
        rest = [1 - sums[[group[0] == one for group in groups]].sum(axis=0) for one in partial]
        names = [*groups, *((grouping, UNKNOWN) for grouping in partial)]
        families.append(_Family(names, np.vstack([sums, *rest]).clip(0, 1)))
    return families


def _parts(grouping: str) -> list[str]:
    return [part.strip() for part in grouping.split(CROSSING)]


def _dimension(grouping: str) -> str:
    return "place" if grouping in _PLACE else grouping


def _values(dimension: str, groups: list[Group], partial: list[str]) -> list[object]:
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
    return list(product(types, where))


def _contains(group: Group, atom: dict[str, object]) -> bool:
    grouping, name = group
    for part, value in zip(_parts(grouping), name.split(f" {CROSSING} "), strict=True):
        held = atom[_dimension(part)]
        if isinstance(held, tuple):
            kind, where = held
            territory = "outre_mer" if where == "overseas" else kind
            held = {"territory": territory, "territory_type": kind, "overseas": where}[part]
        if held != value:
            return False
    return True


class _Attack:
    """What a reader can conclude on sums of non-negative atoms, given the sums that are shown.

    Each solution found is kept as a witness: most counts turn out to have a wide range without being solved for.
    """

    def __init__(self, known: list[Reals], values: list[float]) -> None:
        self._known, self._values = np.array(known), np.array(values)
        self._witnesses: list[Reals] = []

    def width(self, target: Reals, *, enough: float) -> float:
        """Return how far apart two possible values of ``target`` are; stops looking beyond ``enough``."""
        seen = [float(target @ witness) for witness in self._witnesses]
        for direction in (-1.0, 1.0):
            if seen and max(seen) - min(seen) >= enough:
                break
            solved = linprog(direction * target, A_eq=self._known, b_eq=self._values, method="highs")
            if solved.status == UNBOUNDED:
                return np.inf
            if solved.x is None:
                raise ArithmeticError(f"small cells: the linear solver stopped ({solved.message})")
            self._witnesses.append(solved.x)
            seen.append(float(target @ solved.x))
        return max(seen) - min(seen)


@dataclass(frozen=True)
class _Table:
    """Counts of a family's groups that must add up: of respondents, or of those who mention a code and those who do not.

    ``parts`` hold one count per group (mentioned, silent); ``public_sums`` are the groups whose parts have a sum shown elsewhere.
    """

    family: _Family
    parts: list[dict[Group, float]]
    totals: list[float]
    min_cell: int
    public_sums: frozenset[Group] = frozenset()

    @classmethod
    def of(
        cls,
        family: _Family,
        parts: list[dict[Group, float]],
        totals: list[float],
        min_cell: int,
        public_sums: frozenset[Group] = frozenset(),
    ) -> _Table:
        full = []
        for counts, total in zip(parts, totals, strict=True):
            known = {group: counts[group] for group in family.groups if group[1] != UNKNOWN}
            rest = {
                (grouping, name): total - sum(count for group, count in known.items() if group[0] == grouping)
                for grouping, name in family.groups
                if name == UNKNOWN
            }
            full.append(known | rest)
        return cls(family, full, totals, min_cell, public_sums)

    def protected(self, already: Iterable[Group] = ()) -> set[Group] | None:
        """Return the groups to withhold so that no withheld count can be narrowed down; None when nothing achieves it."""
        hidden = {one for one in self.family.groups if one[1] == UNKNOWN or self._is_sensitive(one)} | set(
            already
        )
        while exposed := self._exposed(self._attack(hidden), hidden):
            shown = [group for group in self.family.groups if group not in hidden]
            if not shown:
                return None
            hidden.add(self._best_cover(exposed[0], hidden, shown))
        return {group for group in hidden if group[1] != UNKNOWN}

    def _is_sensitive(self, group: Group) -> bool:
        return any(is_small(counts[group], min_cell=self.min_cell) for counts in self.parts)

    def _exposed(self, attack: _Attack, hidden: set[Group]) -> list[Reals]:
        """Return the withheld counts whose possible values span less than a small cell does."""
        wide = self.min_cell - 1 - TOLERANCE
        return [row for row in self._targets(hidden) if attack.width(row, enough=wide) < wide]

    def _targets(self, hidden: set[Group]) -> list[Reals]:
        guarded = [
            one
            for one in self.family.groups
            if one in hidden and (one[1] != UNKNOWN or self._is_sensitive(one))
        ]
        return [self._row(group, part) for group in guarded for part in range(len(self.parts))]

    def _row(self, group: Group, part: int) -> Reals:
        row = np.zeros((len(self.parts), self.family.sums.shape[1]))
        row[part] = self.family.sums[self.family.groups.index(group)]
        return row.ravel()

    def _attack(self, hidden: set[Group]) -> _Attack:
        known = [
            row.ravel() for row in np.eye(len(self.parts))[:, :, None] * np.ones(self.family.sums.shape[1])
        ]
        values = list(self.totals)
        for group in self.family.groups:
            rows = [self._row(group, part) for part in range(len(self.parts))]
            counts = [part[group] for part in self.parts]
            if group not in hidden:
                known += rows
                values += counts
            elif group in self.public_sums:
                known.append(sum(rows, np.zeros_like(rows[0])))
                values.append(sum(counts))
        return _Attack(known, values)

    def _best_cover(self, exposed: Reals, hidden: set[Group], shown: list[Group]) -> Group:
        """Choose the smallest group whose withholding hides the exposed count, or else hides it best."""
        wide = self.min_cell - 1 - TOLERANCE
        size = {group: sum(part[group] for part in self.parts) for group in shown}
        best, widest = shown[0], -1.0
        for group in sorted(shown, key=lambda one: (self.parts[0][one] == 0, size[one], one)):
            width = self._attack(hidden | {group}).width(exposed, enough=wide)
            if width >= wide:
                return group
            if width > widest + TOLERANCE:
                best, widest = group, width
        return best


def _withheld(
    mentions: dict[Group, float],
    sizes: dict[Group, float],
    families: list[_Family],
    *,
    already: set[Group],
    small_groups: set[Group],
    min_cell: int,
) -> set[Group]:
    """Choose the cells of one code to withhold; all of them when the code is too rare, or nothing less is enough."""
    silent = {group: sizes[group] - count for group, count in mentions.items()}
    overall = [counts.get(EVERYONE, 0.0) for counts in (mentions, silent)]
    if EVERYONE in already or any(is_small(count, min_cell=min_cell) for count in overall):
        return set(mentions)
    withheld = set(already)
    for family in families:
        totals = [_total(mentions, family), _total(silent, family)]
        public = frozenset(family.shown() - small_groups)
        table = _Table.of(family, [mentions, silent], totals, min_cell, public)
        chosen = table.protected(already & family.shown())
        if chosen is None:
            return set(mentions)
        withheld |= chosen
    return withheld
