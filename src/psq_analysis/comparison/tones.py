"""What people observe and what they ask for under each code: tone counted by respondent."""

from __future__ import annotations

import pandas as pd

from psq_analysis.tables.selections import SUBJECTS


def intentions(
    codes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, *, counted: pd.Index, scheme: str
) -> pd.DataFrame:
    """Count, for each code of ``scheme``, the respondents by the tone of the ideas they gave under it.

    Returns ``code``, ``tone``, ``respondents``. A respondent who complains and proposes counts in both tones.

    >>> codes = pd.DataFrame({"idea_id": ["i", "i"], "scheme": ["objective", "tone"], "code": ["connectee", "proposition"]})
    >>> ideas = pd.DataFrame({"idea_id": ["i"], "remark_id": ["r"]})
    >>> remarks = pd.DataFrame({"remark_id": ["r"], "contribution_id": ["c"]})
    >>> intentions(codes, ideas, remarks, counted=pd.Index(["c"]), scheme="objective").values.tolist()
    [['connectee', 'proposition', 1]]
    """
    of_scheme = codes.loc[codes["scheme"] == scheme, ["idea_id", "code"]]
    tones = codes.loc[codes["scheme"] == "tone", ["idea_id", "code"]].rename(columns={"code": "tone"})
    placed = (
        of_scheme.merge(tones, on="idea_id")
        .merge(ideas[["idea_id", "remark_id"]], on="idea_id")
        .merge(remarks[["remark_id", "contribution_id"]], on="remark_id")
    )
    placed = placed[placed["contribution_id"].isin(counted)]
    return (
        placed.groupby(["code", "tone"], sort=True, observed=True)["contribution_id"]
        .nunique()
        .rename("respondents")
        .reset_index()
    )


def tones_by_code(
    codes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, respondents: pd.DataFrame
) -> pd.DataFrame:
    """The table ``tones`` of a run: :func:`intentions` of the themes and of the objectives, among the ``respondents`` who count."""
    counted = pd.Index(respondents["contribution_id"])
    return pd.concat(
        [
            intentions(codes, ideas, remarks, counted=counted, scheme=scheme).assign(scheme=scheme)
            for scheme in SUBJECTS
        ],
        ignore_index=True,
    )
