"""What is known of each sub-theme: size, voices, stability."""

from __future__ import annotations

import pandas as pd

from psq_analysis.disclosure.cell_keys import LOW_EDGE
from psq_analysis.disclosure.published_shares import shares_overall
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.respondents.design import design
from psq_analysis.tables.schema import conform

_CODE = ["scheme", "code"]


def summarise_subthemes(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    stability: pd.DataFrame,
    headlines: pd.Series | None = None,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the ``clusters`` table of the schema: one row per sub-theme, the largest of each theme first.

    Columns: ``theme``, ``subtheme_id``, ``label``, ``headline`` (a typical sentence, from ``headlines``), ``respondents`` (distinct respondents among ``contributions``), ``counted``
    (all of ``contributions``), ``share`` with its 95 % interval ``low``, ``high``, which holds clusters, ``ideas``, ``stability``,
    ``is_stable`` (both from :func:`cluster_ideas`). Where ``contributions`` are some of a run's (``is_part``), counts are moved by random keys, sub-themes of two
    people or fewer left out and ideas not counted.
    """
    said = _who_says(subthemes, ideas, remarks, contributions)
    sizes = said.groupby(["theme", "subtheme_id", "label"], as_index=False).agg(ideas=("idea_id", "nunique"))
    people = said.assign(scheme=SUBTHEME, code=said["subtheme_id"])[
        ["contribution_id", *_CODE]
    ].drop_duplicates()
    counted = contributions.drop_duplicates("contribution_id")
    shares = shares_overall(
        people,
        counted,
        sizes.assign(scheme=SUBTHEME, code=sizes["subtheme_id"])[_CODE],
        design=design(people, counted),
        is_part=is_part,
    ).rename(columns={"respondents": "counted", "mentions": "respondents", "code": "subtheme_id"})
    sizes = sizes.merge(shares.drop(columns=["group", "scheme"]), on="subtheme_id", validate="one_to_one")
    if is_part:
        sizes = sizes[sizes["edge"] != LOW_EDGE].assign(ideas=pd.NA)
    summary = sizes.merge(stability, on=["theme", "subtheme_id"], how="left", validate="one_to_one")
    order = ["theme", "respondents", "ideas", "subtheme_id"]
    summary = summary.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    # a sub-theme a person made has no resample to be found in: it is shown because it was decided
    summary = summary.assign(
        is_stable=summary["is_stable"].astype("boolean").fillna(True).astype(bool),
        headline=pd.NA if headlines is None else summary["subtheme_id"].map(headlines),
    )
    return conform(summary, "clusters")


def respondent_subthemes(
    subthemes: pd.DataFrame,
    clusters: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
) -> pd.DataFrame:
    """Return who speaks of which stable sub-theme, as :func:`psq_analysis.respondents.counted.respondent_codes` does of codes.

    ``clusters``: of :func:`summarise_subthemes`; ``contributions``: those counted. One row per respondent × sub-theme, however
    often they speak of it: ``contribution_id``, ``scheme`` (``subtheme``), ``code`` (the ``subtheme_id``).
    """
    stable = set(clusters.loc[clusters["is_stable"], "subtheme_id"])
    said = _who_says(subthemes[subthemes["subtheme_id"].isin(stable)], ideas, remarks, contributions)
    rows = said.assign(scheme="subtheme", code=said["subtheme_id"])[["contribution_id", "scheme", "code"]]
    return rows.drop_duplicates().sort_values(["contribution_id", "code"], ignore_index=True)


def _who_says(
    subthemes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, contributions: pd.DataFrame
) -> pd.DataFrame:
    """Return ``subthemes`` with the ``contribution_id`` of each idea, those of ``contributions`` alone."""
    remark_of_idea = ideas.set_index("idea_id")["remark_id"]
    respondent_of_remark = remarks.set_index("remark_id")["contribution_id"]
    said = subthemes.assign(
        contribution_id=subthemes["idea_id"].map(remark_of_idea).map(respondent_of_remark)
    )
    return said[said["contribution_id"].isin(contributions["contribution_id"])]
