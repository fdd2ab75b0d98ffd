"""Contrasts and shares with and without organised answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from psq_analysis.comparison import contrasts, shares
from psq_analysis.respondents.design import design
from psq_analysis.respondents.groups import GROUPINGS
from psq_analysis.tables import selections
from psq_analysis.tables.schema import TABLES

GROUPING, SENT, OTHERS = "campaign", "campaign", "spontaneous"
CONTRAST_KEY = ["scheme", "code", "grouping", "group_a", "group_b"]


def contrasts_without(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    *,
    codes: Mapping[str, Iterable[str]],
    min_cell: int,
    whole: shares.Whole | None = None,
) -> pd.DataFrame:
    """Return the ``contrasts`` between the respondents who sent no organised answer; empty where nobody sent one.

    ``prevalence``: as published. These respondents are a group of it, whose counts are those moved there, and a part of the run (``whole``: all
    of its respondents, where ``counted`` are some of them).
    """
    if GROUPING not in counted:
        return pd.DataFrame(columns=list(TABLES["contrasts"].columns))
    others = counted[counted[GROUPING] == OTHERS]
    of_others = said[said["contribution_id"].isin(others["contribution_id"])]
    alike = design(of_others, others)
    groupings = [one for one in GROUPINGS if one not in ("all", GROUPING)]
    by_group = shares.shares(
        of_others,
        others,
        design=alike,
        codes=codes,
        groupings=groupings,
        min_cell=min_cell,
        whole=whole or shares.Whole(said, counted.set_index("contribution_id")["record_key"]),
    )
    overall = prevalence[(prevalence["grouping"] == GROUPING) & (prevalence["group"] == OTHERS)]
    table = pd.concat([overall.assign(grouping="all", group="all"), by_group], ignore_index=True)
    return contrasts.contrasts(selections.comparable(table), of_others, others, design=alike, is_part=True)


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
