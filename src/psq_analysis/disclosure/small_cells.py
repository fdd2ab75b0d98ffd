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
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis.disclosure.overlaps import (
    CELL_KEYS,
    EMPTIED,
    EVERYONE,
    MENTIONED,
    SILENT,
    UNKNOWN,
    Cells,
    Code,
    Family,
    Group,
    families_of,
    nested_cells,
    places_of,
    total_of,
)
from psq_analysis.disclosure.subtraction import TOLERANCE, Attack, Reals
from psq_analysis.settings import MIN_CELL, is_small
from psq_analysis.tables.schema import UNDETERMINED


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
    sizes = cells.groupby(CELL_KEYS, sort=False)["respondents"].max().astype(float).to_dict()
    places = places_of(respondents)
    families = families_of(sizes, places)
    total = max(sizes.get(EVERYONE, 0), *(total_of(sizes, family) for family in families), 0)
    small_groups = set(sizes) if is_small(total, min_cell=min_cell) else set()
    for family in families:
        chosen = _Table.of(family, [sizes], [total_of(sizes, family)], min_cell).protected()
        small_groups |= family.shown() if chosen is None else chosen
    of_row = pd.Series(list(zip(cells["grouping"], cells["group"], strict=True)))
    in_small_group = of_row.isin(small_groups).to_numpy()
    suppressed = cells["is_suppressed"].to_numpy(bool) | in_small_group
    nested = within or {}
    done: dict[Code, Cells] = {}
    by_code = dict(iter(cells.groupby(["scheme", "code"], sort=False)))
    for code in sorted(by_code, key=lambda one: one in nested):
        rows = by_code[code]
        mentions = dict(zip(of_row[rows.index], rows["mentions"].astype(float), strict=True))
        already = set(of_row[rows.index[suppressed[rows.index]]])
        counted = {group: sizes[group] for group in mentions}
        linked = families if len(counted) == len(sizes) else families_of(counted, places)
        withheld = _withheld(
            mentions,
            counted,
            linked,
            already=already,
            small_groups=small_groups,
            min_cell=min_cell,
            whole=done.get(nested.get(code, code)),
        )
        done[code] = Cells(mentions, frozenset(withheld))
        suppressed[rows.index] = of_row[rows.index].isin(withheld)
    published = cells.assign(is_suppressed=suppressed)
    for column in EMPTIED:
        published[column] = published[column].mask(suppressed)
    published["respondents"] = published["respondents"].mask(in_small_group)
    return published


@dataclass(frozen=True)
class _Table:
    """Counts of a family's groups that must add up: of respondents, or of those who mention a code and those who do not.

    ``parts`` hold one count per group (mentioned, silent). Parts taken together count as one: ``guarded`` are those a published cell shows
    and that are small cells when few, ``told`` those known of a group whatever is withheld here (its size, for instance).
    """

    family: Family
    parts: list[dict[Group, float]]
    totals: list[float]
    min_cell: int
    guarded: tuple[tuple[int, ...], ...] = (MENTIONED,)
    told: Mapping[Group, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    guarded_elsewhere: Mapping[Group, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        family: Family,
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
    families: list[Family],
    *,
    already: set[Group],
    small_groups: set[Group],
    min_cell: int,
    whole: Cells | None = None,
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
            parts, known = nested_cells(mentions, sizes, whole, family.shown(), public)
        totals = [total_of(counts, family) for counts in parts]
        table = _Table.of(family, parts, totals, min_cell, **known)
        chosen = table.protected(already & family.shown())
        if chosen is None:
            return set(mentions)
        withheld |= chosen
    return withheld
