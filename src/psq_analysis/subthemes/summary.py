"""What is known of each sub-theme: size, voices, stability."""

from __future__ import annotations

import pandas as pd

from psq_analysis.proportions import wilson
from psq_analysis.tables.schema import conform


def summarise_subthemes(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    stability: pd.DataFrame,
    headlines: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the ``clusters`` table of the schema: one row per sub-theme, the largest of each theme first.

    Columns: ``theme``, ``subtheme_id``, ``label``, ``headline`` (a typical sentence, from ``headlines``), ``respondents`` (distinct respondents among ``contributions``), ``counted``
    (all of ``contributions``), ``share`` with its 95 % Wilson interval ``low``, ``high``, ``ideas``, ``stability``,
    ``is_stable`` (both from :func:`cluster_ideas`).
    """
    said = _who_says(subthemes, ideas, remarks, contributions)
    sizes = said.groupby(["theme", "subtheme_id", "label"], as_index=False).agg(
        respondents=("contribution_id", "nunique"), ideas=("idea_id", "nunique")
    )
    summary = sizes.merge(stability, on=["theme", "subtheme_id"], how="left", validate="one_to_one")
    order = ["theme", "respondents", "ideas", "subtheme_id"]
    summary = summary.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    # a sub-theme a person made has no resample to be found in: it is shown because it was decided
    summary = summary.assign(
        is_stable=summary["is_stable"].astype("boolean").fillna(True).astype(bool),
        headline=pd.NA if headlines is None else summary["subtheme_id"].map(headlines),
    )
    counted = contributions["contribution_id"].nunique()
    low, high = wilson(summary["respondents"], counted)
    return conform(
        summary.assign(counted=counted, share=summary["respondents"] / counted, low=low, high=high),
        "clusters",
    )


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
