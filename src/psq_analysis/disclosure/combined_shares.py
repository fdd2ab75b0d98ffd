"""Shares that combine crossed cells (weighted, or at equal composition): which may be shown without telling on a small cell.

Such a share is a weighted sum of how many respondents mention the code in each territory × voice. Added to all that is published
already, it must leave every withheld count the range it had, or one as wide as a small cell, and let no crossed count be guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from psq_analysis.disclosure.subtraction import TOLERANCE, Attack, Reals
from psq_analysis.respondents.groups import group_of
from psq_analysis.settings import CROSSING, MIN_CELL, is_small

# A share and both ends of its interval are each rounded to a point: the three together tell the share to about a third of one.
TOLD = 0.001  # half of what remains unknown of a share shown in whole points, as a fraction
# A crossed cell is in no table, so nobody looks for it; but a few people in it must not be counted: four values stay possible.
CROSSED_WIDTH = 3
NOT_CROSSED = ("all", "wave", "campaign")  # of these a sum over territories and voices tells nothing more


class Combined(NamedTuple):
    """A share to be shown: ``weights`` per respondent (summing to 1 over those it describes), and its value."""

    weights: pd.Series
    share: float


def may_be_told(
    shares: Sequence[Combined],
    mentioned: pd.Series,
    respondents: pd.DataFrame,
    published: pd.DataFrame,
    *,
    min_cell: int = MIN_CELL,
) -> bool:
    """Tell whether the combined shares of one code may all be shown beside what is ``published`` of it.

    ``mentioned``: whether each respondent mentions the code, indexed like ``respondents``; ``published``: the rows of the code, as
    of :func:`psq_analysis.disclosure.small_cells.suppress`. The reader is assumed to know how many respondents there are in every crossed cell.
    """
    columns = _dimensions(published, respondents)
    keys = respondents[columns].astype("string").fillna("")
    weights = pd.DataFrame({f"share_{at}": one.weights for at, one in enumerate(shares)})
    weights = weights.reindex(respondents.index).fillna(0.0)
    cells = respondents.assign(**weights, mentioned=mentioned.astype(float), n=1.0).groupby(
        [keys[name] for name in columns], sort=True, dropna=False
    )
    first = cells.head(1).index
    atoms = respondents.loc[first].reset_index(drop=True)
    order = cells.ngroup().loc[first].to_numpy()
    sizes, counts = (cells[name].sum().to_numpy()[order] for name in ("n", "mentioned"))
    told = [
        (cells[name].mean().to_numpy()[order], one.share - TOLD, one.share + TOLD)
        for name, one in zip(weights.columns, shares, strict=True)
    ]
    known, values, guarded = _seen(published, atoms)
    silent = sizes - counts
    small = [
        is_small(count, min_cell=min_cell) or is_small(rest, min_cell=min_cell)
        for count, rest in zip(counts, silent, strict=True)
    ]
    crossed = [row for row, is_guarded in zip(np.eye(len(atoms)), small, strict=True) if is_guarded]
    after = Attack(known, values, limits=sizes, between=told)
    before = Attack(known, values, limits=sizes)
    return all(
        after.width(row, enough=wide) >= min(wide, before.width(row, enough=wide) - TOLERANCE)
        for rows, wide in ((guarded, min_cell - 1 - TOLERANCE), (crossed, CROSSED_WIDTH - TOLERANCE))
        for row in rows
    )


def _dimensions(published: pd.DataFrame, respondents: pd.DataFrame) -> list[str]:
    parts = {part for grouping in published["grouping"].unique() for part in grouping.split(CROSSING)}
    named = {"territory", "stakeholder", *parts} - set(NOT_CROSSED)
    return sorted(name for name in named if name in respondents)


def _seen(published: pd.DataFrame, atoms: pd.DataFrame) -> tuple[list[Reals], list[float], list[Reals]]:
    """Return the sums shown, their values, and the sums withheld, over the crossed cells."""
    known, values, withheld = [], [], []
    for row in published.itertuples():
        if row.grouping in NOT_CROSSED[1:]:
            continue
        inside = (group_of(atoms, row.grouping) == row.group).fillna(False).to_numpy(float)
        if row.is_suppressed:
            withheld.append(inside)
        else:
            known.append(inside)
            values.append(float(row.mentions))
    return known, values, withheld
