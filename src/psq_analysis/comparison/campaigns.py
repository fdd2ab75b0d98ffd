"""Contrasts and shares with and without organised answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from psq_analysis.comparison import contrasts
from psq_analysis.comparison import shares as comparison_shares
from psq_analysis.disclosure import small_cells
from psq_analysis.tables import selections
from psq_analysis.tables.schema import TABLES

GROUPING, SENT, OTHERS = "campaign", "campaign", "spontaneous"
CONTRAST_KEY = ["scheme", "code", "grouping", "group_a", "group_b"]


def contrasts_without(
    said: pd.DataFrame, counted: pd.DataFrame, *, codes: Mapping[str, Iterable[str]], min_cell: int
) -> pd.DataFrame:
    """Return the ``contrasts`` between the respondents who sent no organised answer, from shares protected on their own.

    Empty where nobody sent one.
    """
    if GROUPING not in counted:
        return pd.DataFrame(columns=list(TABLES["contrasts"].columns))
    others = counted[counted[GROUPING] == OTHERS]
    of_others = said[said["contribution_id"].isin(others["contribution_id"])]
    shares = comparison_shares.shares(of_others, others, codes=codes)
    return contrasts.contrasts(selections.comparable(small_cells.suppress(shares, min_cell=min_cell)))


def side_by_side(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Return the subjects of a scheme whose share is published both ways, the most frequent first: one row a code.

    Columns: ``share``, ``low``, ``high``, ``respondents`` over all respondents, the same with ``_without`` over those who sent no
    organised answer, ``rank`` and ``rank_without``.
    """
    columns = ["share", "low", "high", "respondents"]
    rows = of_scheme(prevalence, scheme).set_index("code")
    with_all, others = (rows.loc[rows["group"] == group, columns] for group in ("all", OTHERS))
    both = with_all.join(others.add_suffix("_without"), how="inner").dropna().astype(float)
    both = both.sort_values("share", ascending=False, kind="stable")
    return both.assign(
        rank=both["share"].rank(ascending=False, method="min").astype(int),
        rank_without=both["share_without"].rank(ascending=False, method="min").astype(int),
    )


def of_scheme(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The rows of all respondents and of those who sent no organised answer, subjects only."""
    return prevalence[
        (prevalence["scheme"] == scheme)
        & prevalence["group"].isin(("all", OTHERS))
        & prevalence["grouping"].isin(("all", GROUPING))
        & ~prevalence["code"].isin(selections.NOT_SUBJECTS)
    ]
