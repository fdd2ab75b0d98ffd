"""What can be worked out of published areas by subtraction, and the shares that may stand beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psq_analysis import proportions
from psq_analysis.disclosure.subtraction import TOLERANCE, Attack
from psq_analysis.settings import is_small
from psq_analysis.tables.schema import UNDETERMINED

ELSEWHERE = "elsewhere"
PLACE_GROUPINGS = ("territory", "territory_type", "overseas", "density_level")
SHARES = ["mentions", "share", "low", "high"]

LEVELS = ("commune", "epci", "department", "region")
Reals = NDArray[np.float64]
Kind = tuple[str, ...]  # the group of a place under each of PLACE_GROUPINGS
Group = tuple[str, str]  # grouping, group


def level_of(area: str) -> int:
    return LEVELS.index(area.split(":", 1)[0]) if area != ELSEWHERE else len(LEVELS)


@dataclass(frozen=True)
class AreaCells:
    """Respondents by area and kind of place: every pair that can exist, how many are in it, and who is in which."""

    pairs: list[tuple[str, Kind]]
    counts: Reals
    of_person: NDArray[np.int_]

    @classmethod
    def of(
        cls, areas: pd.Series, kinds: list[Kind], areas_of_communes: pd.Series, kinds_of_communes: list[Kind]
    ) -> AreaCells:
        seen = list(zip(areas.astype(str), kinds, strict=True))
        shown = set(areas)
        possible = set(zip(areas_of_communes.astype(str), kinds_of_communes, strict=True))
        pairs = sorted({pair for pair in possible if pair[0] in shown} | set(seen))
        place = {pair: at for at, pair in enumerate(pairs)}
        of_person = np.array([place[pair] for pair in seen], dtype=int)
        return cls(pairs, np.bincount(of_person, minlength=len(pairs)).astype(float), of_person)

    @property
    def areas(self) -> dict[str, Reals]:
        """Return, per area, which pairs it sums."""
        names = [area for area, _ in self.pairs]
        return {name: np.array([float(one == name) for one in names]) for name in dict.fromkeys(names)}

    def undetermined(self, exposed: Reals) -> list[int] | None:
        """Return the pairs of a count when all are of unknown commune in a known area: they may count elsewhere as well."""
        inside = [int(at) for at in np.flatnonzero(exposed)]
        is_vague = all(
            self.pairs[at][1][0] == UNDETERMINED and self.pairs[at][0] != ELSEWHERE for at in inside
        )
        return inside if is_vague else None

    @property
    def groups(self) -> dict[Group, Reals]:
        """Return, per group of a grouping of places, which pairs it sums."""
        found: dict[Group, Reals] = {}
        for at, grouping in enumerate(PLACE_GROUPINGS):
            names = [kind[at] for _, kind in self.pairs]
            found |= {
                (grouping, name): np.array([float(one == name) for one in names])
                for name in dict.fromkeys(names)
                if name
            }
        return found


def published_paths(prevalence: pd.DataFrame, count: str, *, is_withheld: bool = False) -> set[Group]:
    """Return the groups of places whose number of respondents, or of mentions, is published; or is withheld."""
    chosen = prevalence[count].isna() == is_withheld
    rows = prevalence[prevalence["grouping"].isin(PLACE_GROUPINGS) & chosen]
    return set(zip(rows["grouping"].astype(str), rows["group"].astype(str), strict=True))


def exposed_areas(cells: AreaCells, *, known: set[Group], withheld: set[Group], min_cell: int) -> list[Reals]:
    """Return the small counts that the areas narrow down: of an area within a group, or of a withheld group."""
    areas, groups = cells.areas, cells.groups
    if len(areas) == 1:
        return []
    told = [np.ones(len(cells.pairs)), *(row for group, row in groups.items() if group in known)]
    targets = [*(row for group, row in groups.items() if group in withheld), *np.eye(len(cells.pairs))]
    few = [row for row in targets if is_small(float(row @ cells.counts), min_cell=min_cell)]
    return _narrowed(few, told, [*told, *areas.values()], cells.counts, min_cell)


def _narrowed(
    targets: list[Reals], before: list[Reals], after: list[Reals], counts: Reals, min_cell: int
) -> list[Reals]:
    """Return the counts that the sums shown ``after`` leave fewer possible values than a small cell has, and than ``before``."""
    without, attack = (Attack(rows, [float(row @ counts) for row in rows]) for rows in (before, after))
    enough = min_cell - TOLERANCE
    return [
        row
        for row in targets
        if (width := attack.width(row, enough=min_cell)) < enough
        and width < without.width(row, enough=min_cell) - TOLERANCE
    ]


def least_exposed(cells: AreaCells, exposed: Reals) -> str:
    """Return the area to give up: with places of the kind of the exposed count if there are, the narrowest, then the smallest."""
    sizes = {area: float(row @ cells.counts) for area, row in cells.areas.items() if area != ELSEWHERE}
    kinds = {kind for (_, kind), inside in zip(cells.pairs, exposed, strict=True) if inside}
    alike = {area for area, kind in cells.pairs if kind in kinds} & set(sizes)
    return min(alike or sizes, key=lambda area: (level_of(area), sizes[area], area))


def shares_of_areas(
    people: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    prevalence: pd.DataFrame,
    cells: AreaCells,
    *,
    code: tuple[str, str] | None,
    min_cell: int,
) -> pd.DataFrame:
    """Return, by area, who mentions the code and its share, missing where withheld."""
    areas = cells.areas
    nothing = pd.DataFrame(np.nan, index=list(areas), columns=SHARES)
    if code is None:
        return nothing
    of_code = (respondent_codes["scheme"] == code[0]) & (respondent_codes["code"] == code[1])
    mentions = people["contribution_id"].isin(respondent_codes.loc[of_code, "contribution_id"]).to_numpy()
    parts = [
        np.bincount(cells.of_person[chosen], minlength=len(cells.pairs)).astype(float)
        for chosen in (mentions, ~mentions)
    ]
    rows = prevalence[(prevalence["scheme"] == code[0]) & (prevalence["code"] == code[1])]
    shown = _protected_shares(
        cells,
        parts,
        sized=published_paths(rows, "respondents"),
        split=published_paths(rows, "mentions"),
        min_cell=min_cell,
    )
    counts = pd.DataFrame(
        [(area, areas[area] @ parts[0], areas[area] @ cells.counts) for area in sorted(shown)],
        columns=["area", "mentions", "respondents"],
    ).set_index("area")
    low, high = proportions.wilson(counts["mentions"], counts["respondents"])
    table = counts.assign(share=counts["mentions"] / counts["respondents"], low=low, high=high)
    return table[SHARES].reindex(nothing.index)


def _protected_shares(
    cells: AreaCells, parts: list[Reals], *, sized: set[Group], split: set[Group], min_cell: int
) -> set[str]:
    """Return the areas whose mentions may be shown: neither they nor the silences are few, or give few away elsewhere."""
    areas, groups = cells.areas, cells.groups
    nothing = np.zeros(len(cells.pairs))
    both = np.concatenate(parts)

    def few(row: Reals) -> list[Reals]:
        halves = (np.concatenate([row, nothing]), np.concatenate([nothing, row]))
        return [half for half in halves if is_small(float(half @ both), min_cell=min_cell)]

    targets = [
        half for row in (*np.eye(len(cells.pairs)), *areas.values(), *groups.values()) for half in few(row)
    ]
    shown = {area for area, row in areas.items() if area != ELSEWHERE and not few(row)}
    whole = [*areas.values(), *(row for group, row in groups.items() if group in sized)]
    told = [np.concatenate([row, row]) for row in whole]
    told += [
        np.concatenate([row, nothing]) for row in (nothing + 1, *(groups[one] for one in split & set(groups)))
    ]
    while shown:
        of_areas = [np.concatenate([areas[area], nothing]) for area in sorted(shown)]
        if not _narrowed(targets, told, told + of_areas, both, min_cell):
            return shown
        shown = shown - {min(shown, key=lambda area: (float(areas[area] @ parts[0]), area))}
    return shown
