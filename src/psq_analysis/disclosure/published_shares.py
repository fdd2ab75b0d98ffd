"""Shares of groups as they are published: counts moved by random keys, intervals that hold clusters and that noise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from psq_analysis import proportions
from psq_analysis.disclosure.cell_keys import FEW, HIGH_EDGE, LOW_EDGE, VARIANCE, published_counts
from psq_analysis.respondents.design import Design


def published_shares(
    mentions: pd.DataFrame, groups: pd.Series, keys: pd.Series, items: pd.DataFrame, *, design: Design
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
    cells = published_counts(mentions, groups, keys, items)
    return with_intervals(cells, groups, design, variance=VARIANCE)


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
