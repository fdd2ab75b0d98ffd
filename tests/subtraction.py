"""What a reader of published tables knows, as sums over the smallest groups: half of an attack by subtraction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def published_sums(
    rows: pd.DataFrame, inside: Callable[[str, str], np.ndarray]
) -> tuple[list[np.ndarray], list[float]]:
    """Return the sums that ``rows`` of ``prevalence`` tell, and their values: those who mention the code, then those who do not.

    ``inside(grouping, group)``: 1 for each smallest group that belongs to it.
    """
    known, values = [], []
    for row in rows.itertuples():
        of_group = inside(row.grouping, row.group)
        zero = np.zeros(len(of_group))
        if not row.is_suppressed:
            known += [np.r_[of_group, zero], np.r_[zero, of_group]]
            values += [row.mentions, row.respondents - row.mentions]
        elif pd.notna(row.respondents):
            known.append(np.r_[of_group, of_group])
            values.append(row.respondents)
    return known, values
