"""How many respondents of each family of voices live in each territory, beside the tables that already count voices and territories.

Those numbers are known to whoever reads the report: a cell withheld here must not follow from them. What may be shown is checked with
the same solver as shares (:mod:`psq_analysis.disclosure.small_cells`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psq_analysis.disclosure.subtraction import TOLERANCE, Attack
from psq_analysis.settings import CROSSING, is_small

TOTAL = "total"
Reals = NDArray[np.float64]
Cell = tuple[str, str]  # family, place


def protected(people: pd.DataFrame, prevalence: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the counts of families (rows) by places (columns) with their totals, emptied where they must not be shown.

    ``people``: a row per respondent with ``stakeholder`` and ``territory`` as in ``prevalence`` (both empty when unknown), and the categoricals
    ``family`` and ``place`` under which they are shown; ``voice`` likewise in the table of voices. A count is shown when it is 0
    or at least ``min_cell``, and when no small count — of a voice, a territory, a family or where two of them meet — can be narrowed
    down further by all that is shown here than by ``prevalence`` and the table of voices alone.

    >>> people = pd.DataFrame({"stakeholder": ["élus"] * 40 + ["habitants"] * 60, "territory": ["rural"] * 37 + ["urbain"] * 3 + ["urbain"] * 60})
    >>> people = people.assign(family=people["stakeholder"].astype("category"), place=people["territory"].astype("category"), voice=people["stakeholder"])
    >>> sizes = pd.DataFrame({"grouping": "territory", "group": ["rural", "urbain"], "respondents": [37, 63]})
    >>> protected(people, sizes, min_cell=11).fillna(-1).values.tolist()
    [[-1, -1, 60], [-1, -1, 40], [37, 63, 100]]
    """
    units, counts = _units(people)
    families, places = ([*people[name].cat.categories, TOTAL] for name in ("family", "place"))
    rows = {
        (family, place): _of(units, "family", family) * _of(units, "place", place)
        for family in families
        for place in places
    }
    told = [np.ones(len(units)), *_published(units, prevalence)]
    few = [
        row
        for row in (*np.eye(len(units)), *rows.values(), *_margins(units))
        if is_small(float(row @ counts), min_cell=min_cell)
    ]
    shown = [cell for cell, row in rows.items() if not is_small(float(row @ counts), min_cell=min_cell)]
    withheld: list[Cell] = []
    while (
        shown
        and (exposed := _narrowed(few, told, [rows[cell] for cell in shown], counts, min_cell)) is not None
    ):
        meets = {cell for cell, row in rows.items() if (row * exposed).any()}
        beside = {
            cell
            for cell in shown
            if any(cell[0] == one[0] or cell[1] == one[1] for one in meets if TOTAL not in one)
        }
        least = min(shown, key=lambda cell: _loss(cell, beside, float(rows[cell] @ counts)))
        shown.remove(least)
        withheld.append(least)
    for cell in reversed(withheld):
        if _narrowed(few, told, [rows[one] for one in (*shown, cell)], counts, min_cell) is None:
            shown.append(cell)
    return pd.DataFrame(
        [
            [int(rows[family, place] @ counts) if (family, place) in shown else pd.NA for place in places]
            for family in families
        ],
        index=families,
        columns=places,
    ).astype("Int64")


def _units(people: pd.DataFrame) -> tuple[pd.DataFrame, Reals]:
    """Return every voice in every territory, as they are and as they are shown, and how many people each counts."""
    named = people[["stakeholder", "territory", "voice", "family", "place"]].astype("string").fillna("")
    voices = named[["stakeholder", "voice", "family"]].drop_duplicates()
    units = voices.merge(named[["territory", "place"]].drop_duplicates(), how="cross")
    keys = ["stakeholder", "territory"]
    counts = named.value_counts(keys).reindex(pd.MultiIndex.from_frame(units[keys]), fill_value=0)
    return units, counts.to_numpy(float)


def _of(units: pd.DataFrame, column: str, name: str) -> Reals:
    return np.ones(len(units)) if name == TOTAL else (units[column] == name).to_numpy(float)


def _published(units: pd.DataFrame, prevalence: pd.DataFrame) -> list[Reals]:
    """What other tables tell: the groups of voices and territories whose number is published, and the table of voices."""
    sizes = prevalence.loc[prevalence["respondents"].notna(), ["grouping", "group"]].drop_duplicates()
    rows = [_of(units, "voice", voice) for voice in units["voice"].unique()]
    for grouping, group in sizes.itertuples(index=False, name=None):
        columns = [part.strip() for part in grouping.split(CROSSING)]
        if set(columns) <= {"stakeholder", "territory"}:
            names = group.split(f" {CROSSING} ")
            parts = [_of(units, column, name) for column, name in zip(columns, names, strict=True)]
            rows.append(np.prod(parts, axis=0))
    return rows


def _margins(units: pd.DataFrame) -> list[Reals]:
    return [_of(units, name, one) for name in ("stakeholder", "territory") for one in units[name].unique()]


def _narrowed(
    few: list[Reals], told: list[Reals], shown: list[Reals], counts: Reals, min_cell: int
) -> Reals | None:
    """Return a small count that what is shown narrows down more than what was told already; None when there is none."""
    before, after = (Attack(rows, [float(row @ counts) for row in rows]) for rows in (told, [*told, *shown]))
    for row in few:
        width = after.width(row, enough=min_cell)
        if width < min_cell - 1 - TOLERANCE and width < before.width(row, enough=min_cell) - TOLERANCE:
            return row
    return None


def _loss(cell: Cell, beside: set[Cell], count: float) -> tuple[bool, bool, bool, float, Cell]:
    """Order cells by what the table loses without them: inside, beside the exposed count, not empty, and small come first."""
    return TOTAL in cell, cell not in beside, count == 0, count, cell
