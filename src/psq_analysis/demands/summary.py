"""What is known of each demand, irritant and praise: how many people, under which objective and theme."""

from __future__ import annotations

import pandas as pd

from psq_analysis.demands.table import KINDS, MIN_RESPONDENTS
from psq_analysis.disclosure.cell_keys import MOST
from psq_analysis.disclosure.published_shares import shares_overall
from psq_analysis.respondents.design import design
from psq_analysis.tables.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE, conform

DEMAND_SCHEME = "demand"
# A demand stands under an objective when half of those who ask it are coded so; less is a matter of the question asked.
SHARED_BY = 0.5
# what one person says is shown as 4 at most (a shift of three): most of many demands so said would stand among those of several
MIN_MOVED = MOST + 2
_CAMPAIGN = "campaign_id"
_CODE = ["scheme", "code"]


def summarise_demands(
    demands: pd.DataFrame,
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    counted: pd.DataFrame,
    *,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the ``demand_groups`` table: one row per demand, irritant or praise, the largest of each kind first.

    ``respondents``: people of ``counted`` who say it, with their share and its 95 % interval, which holds clusters; ``objective`` and ``theme``: the
    one half of its people give at least, else empty; ``is_campaign``: people signed it together; ``is_shown``: enough people do.
    Where ``counted`` are some of a run's (``is_part``), counts are moved by random keys, a demand is shown from ``MIN_MOVED`` on, and ideas are not counted.
    """
    said = who_says(demands, ideas, remarks, counted)
    keys = ["kind", "demand_id", "label"]
    groups = said.groupby(keys, as_index=False).agg(ideas=("idea_id", "nunique"))
    if is_part:
        groups["ideas"] = pd.NA
    people = said.assign(scheme=DEMAND_SCHEME, code=said["demand_id"])[
        ["contribution_id", *_CODE]
    ].drop_duplicates()
    shares = shares_overall(
        people,
        counted,
        groups.assign(scheme=DEMAND_SCHEME, code=groups["demand_id"])[_CODE],
        design=design(people, counted),
        is_part=is_part,
    ).set_index("code")
    shares = shares.reindex(groups["demand_id"]).reset_index(drop=True)
    signed = said.loc[said[_CAMPAIGN].notna(), "demand_id"]
    groups = groups.assign(
        respondents=shares["mentions"],
        counted=len(counted),
        **shares[["share", "low", "high"]],
        objective=groups["demand_id"].map(_commonest(said, codes, "objective")),
        theme=groups["demand_id"].map(_commonest(said, codes, "theme")),
        is_campaign=groups["demand_id"].isin(signed),
        is_shown=shares["mentions"] >= (MIN_MOVED if is_part else MIN_RESPONDENTS),
        order=groups["kind"].map(list(KINDS).index),
    )
    groups = groups.sort_values(
        ["order", "respondents", "ideas", "demand_id"],
        ascending=[True, False, False, True],
        ignore_index=True,
    )
    return conform(groups, "demand_groups")


def respondent_demands(
    demands: pd.DataFrame,
    groups: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    counted: pd.DataFrame,
    *,
    most: int,
) -> pd.DataFrame:
    """Return who says which of the ``most`` first demands of each kind: ``contribution_id``, ``scheme`` (``demand``), ``code``."""
    first = groups[groups["is_shown"]].groupby("kind", sort=False).head(most)["demand_id"]
    said = who_says(demands[demands["demand_id"].isin(first)], ideas, remarks, counted)
    rows = said.assign(scheme=DEMAND_SCHEME, code=said["demand_id"])[["contribution_id", "scheme", "code"]]
    return rows.drop_duplicates().sort_values(["contribution_id", "code"], ignore_index=True)


def who_says(
    demands: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, counted: pd.DataFrame
) -> pd.DataFrame:
    """Return ``demands`` with ``contribution_id`` and ``campaign_id``, the ideas of ``counted`` respondents alone."""
    of_remark = remarks[["remark_id", "contribution_id", _CAMPAIGN]]
    said = demands.merge(ideas[["idea_id", "remark_id"]], on="idea_id", validate="many_to_one")
    said = said.merge(of_remark, on="remark_id", validate="many_to_one")
    return said[said["contribution_id"].isin(counted["contribution_id"])]


def _commonest(said: pd.DataFrame, codes: pd.DataFrame, scheme: str) -> pd.Series:
    """The code that half of the respondents of each demand at least give under a scheme, by ``demand_id``."""
    known = codes[codes["scheme"].eq(scheme) & ~codes["code"].isin([OUT_OF_SCOPE, NO_CONTENT, OTHER])]
    coded = said.merge(known[["idea_id", "code"]], on="idea_id")
    sizes = coded.groupby(["demand_id", "code"])["contribution_id"].nunique().rename("people").reset_index()
    everyone = said.groupby("demand_id")["contribution_id"].nunique()
    enough = sizes["people"].astype(float) >= SHARED_BY * sizes["demand_id"].map(everyone).astype(float)
    sizes = sizes[enough]
    sizes = sizes.sort_values(["people", "code"], ascending=[False, True])
    return sizes.drop_duplicates("demand_id").set_index("demand_id")["code"]
