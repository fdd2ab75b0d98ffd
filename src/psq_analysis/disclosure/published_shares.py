"""Shares of groups as they are published: counts moved by random keys, intervals that hold clusters and that noise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from psq_analysis import proportions
from psq_analysis.disclosure.cell_keys import FEW, HIGH_EDGE, LOW_EDGE, NO_EDGE, VARIANCE, published_counts
from psq_analysis.respondents.design import EVERYONE, Design


def published_shares(
    mentions: pd.DataFrame,
    groups: pd.Series,
    keys: pd.Series,
    items: pd.DataFrame,
    *,
    design: Design,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the counts of :func:`psq_analysis.disclosure.cell_keys.published_counts` with ``share`` and its 95 % interval (``low``, ``high``).

    ``items``: with ``scheme`` and ``code``. Where two at most mention a code, or all do but two at most, the interval holds all three counts.

    >>> from psq_analysis.respondents.design import design
    >>> people = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(40)], "record_key": range(40)})
    >>> said = pd.DataFrame({"contribution_id": people["contribution_id"][:1], "scheme": "theme", "code": "acces"})
    >>> groups = pd.Series("rural", index=people["contribution_id"])
    >>> published_shares(said, groups, people.set_index("contribution_id")["record_key"], said[["scheme", "code"]], design=design(said, people)).round(3).values.tolist()
    [['rural', 'theme', 'acces', 40, 1, 'few', 0.025, 0.0, 0.18]]
    """
    cells = published_counts(mentions, groups, keys, items, is_part=is_part)
    return with_intervals(cells, groups, design, variance=VARIANCE)


def shares_overall(
    mentions: pd.DataFrame, respondents: pd.DataFrame, items: pd.DataFrame, *, design: Design, is_part: bool
) -> pd.DataFrame:
    """Return the counts over all of ``respondents`` (``contribution_id``, ``record_key``) with their intervals: exact, or moved where these are a part of a run.

    The columns are those of :func:`published_shares`, one row per item, in the order of ``items``.
    """
    groups = pd.Series(EVERYONE, index=pd.Index(respondents["contribution_id"]))
    if is_part:
        keys = respondents.set_index("contribution_id")["record_key"]
        return published_shares(mentions, groups, keys, items, design=design, is_part=True)
    said = mentions[mentions["contribution_id"].isin(groups.index)]
    counts = said.groupby(list(items.columns)).size().rename("mentions")
    if items.empty:
        return published_shares(said, groups, pd.Series(dtype="int64"), items, design=design)
    cells = items.join(counts, on=list(items.columns)).fillna({"mentions": 0}).astype({"mentions": "int64"})
    cells = cells.assign(group=EVERYONE, respondents=len(groups), edge=NO_EDGE)
    return with_intervals(cells, groups, design, variance=0.0)


def with_intervals(
    cells: pd.DataFrame, groups: pd.Series, design: Design, *, variance: float
) -> pd.DataFrame:
    """Add ``share``, ``low`` and ``high`` to counts of groups; ``variance``: of the shift of each count, 0 for exact ones."""
    size, counts = (cells[name].to_numpy(float) for name in ("respondents", "mentions"))
    effect = design.effects(cells, groups)
    is_low, is_high = (cells["edge"] == LOW_EDGE).to_numpy(), (cells["edge"] == HIGH_EDGE).to_numpy()
    noise = np.sqrt(variance) / size
    low = proportions.wilson(np.where(is_high, size - FEW, counts), size, effect=effect, noise=noise)[0]
    high = proportions.wilson(np.where(is_low, FEW, counts), size, effect=effect, noise=noise)[1]
    return cells.assign(
        share=counts / size, low=np.where(is_low, 0.0, low), high=np.where(is_high, 1.0, high)
    )
