"""Who spoke, what was set aside and why: counts that add up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from psq_analysis import settings
from psq_analysis.settings import MIN_CELL


@dataclass(frozen=True)
class Flow:
    """Numbers that add up: received = incomplete + silent + organised + counted.

    ``organised`` is None where these are too few to be told apart: ``silent`` then counts them.
    """

    received: int
    incomplete: int
    silent: int
    counted: int
    organised: int | None = 0


def respondent_flow(
    contributions: pd.DataFrame,
    counted: pd.Index,
    *,
    organised: Collection[str] = (),
    min_cell: int = MIN_CELL,
) -> Flow:
    """Follow the contributions from reception to the denominator of every share.

    ``counted``: identifiers of the respondents the shares rest on; ``organised``: of those whose only usable remarks are organised
    answers that the run leaves out. A contribution that is not counted is incomplete (questionnaire not submitted), organised, or
    silent (no usable remark).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, False, True]})
    >>> respondent_flow(contributions, pd.Index(["a"]))
    Flow(received=3, incomplete=1, silent=1, counted=1, organised=0)
    """
    out = contributions[~contributions["contribution_id"].isin(counted)]
    submitted = out[out["is_complete"]]
    of_campaign = int(submitted["contribution_id"].isin(organised).sum())
    is_few = settings.is_small(of_campaign, min_cell=min_cell)
    return Flow(
        received=len(contributions),
        incomplete=len(out) - len(submitted),
        silent=len(submitted) - (0 if is_few else of_campaign),
        counted=int(contributions["contribution_id"].isin(counted).sum()),
        organised=None if is_few else of_campaign,
    )
