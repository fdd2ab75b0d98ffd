"""Small cells: withhold them, and whatever would let a reader compute them from the rest.

A cell of 1 to 10 respondents can point to people: those who mention a code, those who do **not** (n − mentions: « all but three of
the élus spoke of it » tells on three people), and those of the group itself. Zeros are published: they are nobody. Primary
suppression withholds these; secondary suppression withholds more, until nothing withheld can be computed from everything the
table shows. That is checked with a linear solver: each withheld count must stay possible over a wide range (Fischetti &
Salazar-González 2001; Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from psq_analysis.settings import CROSSING, MIN_CELL
from psq_analysis.territories import UNDETERMINED

TOLERANCE = 1e-6  # of the linear solver, in respondents
UNBOUNDED = 3  # status of scipy.optimize.linprog
EMPTIED = ["mentions", "share", "low", "high", "share_corrected", "low_corrected", "high_corrected"]
EVERYONE = ("all", "all")
UNKNOWN = (
    "(unknown)"  # respondents in no group of a grouping: never shown, yet total − groups would show them
)
_PLACE = ("territory", "territory_type", "overseas", "density_level")
_KEYS = ["grouping", "group"]
Group = tuple[str, str]
Code = tuple[str, str]
Place = tuple[str, str, str]  # type of territory, mainland or overseas, density level
MENTIONED, SILENT = (0,), (1,)  # the parts of a group of respondents a published cell counts
Reals = NDArray[np.float64]


def suppress(
    prevalence: pd.DataFrame,
    *,
    min_cell: int = MIN_CELL,
    respondents: pd.DataFrame | None = None,
    within: Mapping[Code, Code] | None = None,
) -> pd.DataFrame:
    """Return ``prevalence`` with ``is_suppressed`` set and the withheld counts, shares and intervals emptied.

    The number of respondents of a group is emptied too where it must not be known. The same rows in the same order; what was already
    marked stays so. A code too rare overall is withheld in every group. The table must be that of :func:`comparison.shares`, with all
    its counts: one that has been emptied is a ValueError.

    ``respondents`` say which density levels go with which types of territory, needed where a table of density levels is published.
    ``within``: codes that only those mention who mention another one (a sub-theme and its theme): neither may then be found from the other.

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
    places = _places(respondents)
    families = _families(sizes, places)
    total = max(sizes.get(EVERYONE, 0), *(_total(sizes, family) for family in families), 0)
    small_groups = set(sizes) if is_small(total, min_cell=min_cell) else set()
    for family in families:
        chosen = _Table.of(family, [sizes], [_total(sizes, family)], min_cell).protected()
        small_groups |= family.shown() if chosen is None else chosen
    of_row = pd.Series(list(zip(cells["grouping"], cells["group"], strict=True)))
    in_small_group = of_row.isin(small_groups).to_numpy()
    suppressed = cells["is_suppressed"].to_numpy(bool) | in_small_group
    nested = within or {}
    done: dict[Code, _Cells] = {}
    by_code = dict(iter(cells.groupby(["scheme", "code"], sort=False)))
    for code in sorted(by_code, key=lambda one: one in nested):
        rows = by_code[code]
        mentions = dict(zip(of_row[rows.index], rows["mentions"].astype(float), strict=True))
        already = set(of_row[rows.index[suppressed[rows.index]]])
        counted = {group: sizes[group] for group in mentions}
        linked = families if len(counted) == len(sizes) else _families(counted, places)
        withheld = _withheld(
            mentions,
            counted,
            linked,
            already=already,
            small_groups=small_groups,
            min_cell=min_cell,
            whole=done.get(nested.get(code, code)),
        )
        done[code] = _Cells(mentions, frozenset(withheld))
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
class _Cells:
    """What is mentioned in each group, and the groups where that is withheld."""

    mentions: dict[Group, float]
    withheld: frozenset[Group]


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


def _places(respondents: pd.DataFrame | None) -> frozenset[Place] | None:
    """Return which type of territory, side of the sea and density level go together among the respondents; None when unknown."""
    columns = ["territory_type", "overseas", "density_level"]
    if respondents is None or not set(columns) <= set(respondents):
        return None
    seen = respondents[columns].drop_duplicates()
    where = seen["overseas"].map({True: "overseas", False: "mainland"}).astype("string").fillna(UNKNOWN)
    level = seen["density_level"].astype("string").fillna(UNKNOWN)
    return frozenset(zip(seen["territory_type"].astype(str), where, level, strict=True))


def _families(sizes: dict[Group, float], places: frozenset[Place] | None = None) -> list[_Family]:
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
        families.append(_Family(names, np.vstack([sums, *rest]).clip(0, 1)))
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


class Attack:
    """What a reader can conclude on sums of non-negative atoms, given the sums that are shown.

    ``limits``: the most each atom may be; ``between``: weighted sums of which only bounds are shown (row, lower, upper). Each solution
    found is kept as a witness: most counts turn out to have a wide range without being solved for.
    """

    def __init__(
        self,
        known: list[Reals],
        values: list[float],
        *,
        limits: Reals | None = None,
        between: list[tuple[Reals, float, float]] | None = None,
    ) -> None:
        self._known, self._values = np.array(known), np.array(values)
        self._bounds = (0, None) if limits is None else [(0, limit) for limit in limits]
        self._below = [row for row, _, _ in between or ()] + [-row for row, _, _ in between or ()]
        self._most = [high for _, _, high in between or ()] + [-low for _, low, _ in between or ()]
        self._witnesses: list[Reals] = []

    def width(self, target: Reals, *, enough: float) -> float:
        """Return how far apart two possible values of ``target`` are; stops looking beyond ``enough``."""
        seen = [float(target @ witness) for witness in self._witnesses]
        for direction in (-1.0, 1.0):
            if seen and max(seen) - min(seen) >= enough:
                break
            solved = linprog(
                direction * target,
                A_eq=self._known,
                b_eq=self._values,
                A_ub=np.array(self._below) if self._below else None,
                b_ub=self._most or None,
                bounds=self._bounds,
                method="highs",
            )
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

    ``parts`` hold one count per group (mentioned, silent). Parts taken together count as one: ``guarded`` are those a published cell shows
    and that are small cells when few, ``told`` those known of a group whatever is withheld here (its size, for instance).
    """

    family: _Family
    parts: list[dict[Group, float]]
    totals: list[float]
    min_cell: int
    guarded: tuple[tuple[int, ...], ...] = (MENTIONED,)
    told: Mapping[Group, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    guarded_elsewhere: Mapping[Group, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        family: _Family,
        parts: list[dict[Group, float]],
        totals: list[float],
        min_cell: int,
        **known: Any,
    ) -> _Table:
        full = []
        for counts, total in zip(parts, totals, strict=True):
            named = {group: counts[group] for group in family.groups if group[1] != UNKNOWN}
            rest = {
                (grouping, name): total - sum(count for group, count in named.items() if group[0] == grouping)
                for grouping, name in family.groups
                if name == UNKNOWN
            }
            full.append(named | rest)
        return cls(family, full, totals, min_cell, **known)

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
        return any(is_small(self._count(group, parts), min_cell=self.min_cell) for parts in self.guarded)

    def _count(self, group: Group, parts: tuple[int, ...]) -> float:
        return sum(self.parts[part][group] for part in parts)

    def _exposed(self, attack: Attack, hidden: set[Group]) -> list[Reals]:
        """Return the withheld counts whose possible values span less than a small cell does."""
        wide = self.min_cell - 1 - TOLERANCE
        return [row for row in self._targets(hidden) if attack.width(row, enough=wide) < wide]

    def _targets(self, hidden: set[Group]) -> list[Reals]:
        guarded = [
            one
            for one in self.family.groups
            if one in hidden and (one[1] != UNKNOWN or self._is_sensitive(one))
        ]
        own = [self._row(group, parts) for group in guarded for parts in self.guarded]
        return own + [
            self._row(group, parts) for group, several in self.guarded_elsewhere.items() for parts in several
        ]

    def _row(self, group: Group, parts: tuple[int, ...]) -> Reals:
        row = np.zeros((len(self.parts), self.family.sums.shape[1]))
        row[list(parts)] = self.family.sums[self.family.groups.index(group)]
        return row.ravel()

    def _attack(self, hidden: set[Group]) -> Attack:
        known = [
            row.ravel() for row in np.eye(len(self.parts))[:, :, None] * np.ones(self.family.sums.shape[1])
        ]
        values = list(self.totals)
        for group in self.family.groups:
            for parts in (*(() if group in hidden else self.guarded), *self.told.get(group, ())):
                known.append(self._row(group, parts))
                values.append(self._count(group, parts))
        return Attack(known, values)

    def _best_cover(self, exposed: Reals, hidden: set[Group], shown: list[Group]) -> Group:
        """Choose the group whose withholding hides the exposed count, or else hides it best: the smallest, undetermined places first."""
        wide = self.min_cell - 1 - TOLERANCE
        size = {group: sum(part[group] for part in self.parts) for group in shown}
        best, widest = shown[0], -1.0
        # undetermined places are compared with nothing: their share is the one a reader misses least
        for group in sorted(
            shown, key=lambda one: (self.parts[0][one] == 0, one[1] != UNDETERMINED, size[one], one)
        ):
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
    whole: _Cells | None = None,
) -> set[Group]:
    """Choose the cells of one code to withhold; all of them when the code is too rare, or nothing less is enough."""
    silent = {group: sizes[group] - count for group, count in mentions.items()}
    overall = [counts.get(EVERYONE, 0.0) for counts in (mentions, silent)]
    if EVERYONE in already or any(is_small(count, min_cell=min_cell) for count in overall):
        return set(mentions)
    if whole is not None and EVERYONE in whole.withheld:
        return set(mentions)
    withheld = set(already)
    for family in families:
        public = family.shown() - small_groups
        if whole is None:
            parts, told = [mentions, silent], dict.fromkeys(public, ((0, 1),))
            known: dict[str, Any] = {"guarded": (MENTIONED, SILENT), "told": told}
        else:
            parts, known = _nested(mentions, sizes, whole, family.shown(), public)
        totals = [_total(counts, family) for counts in parts]
        table = _Table.of(family, parts, totals, min_cell, **known)
        chosen = table.protected(already & family.shown())
        if chosen is None:
            return set(mentions)
        withheld |= chosen
    return withheld


def _nested(
    mentions: dict[Group, float],
    sizes: dict[Group, float],
    whole: _Cells,
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
