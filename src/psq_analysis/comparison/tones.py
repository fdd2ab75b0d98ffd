"""What people observe and what they ask for under each code: tone counted by respondent."""

from __future__ import annotations

import pandas as pd

from psq_analysis.disclosure.cell_keys import LOW_EDGE, published_counts
from psq_analysis.respondents.design import EVERYONE
from psq_analysis.tables.selections import SUBJECTS

_CELL = ["scheme", "code", "tone"]


def tones_by_code(
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    is_part: bool = False,
) -> pd.DataFrame:
    """The table ``tones`` of a run: the themes and objectives by the tone of the ideas given under them, among the ``respondents`` who count.

    Columns: ``scheme``, ``code``, ``tone``, ``respondents``. A respondent who complains and proposes counts in both tones. Where the respondents are some
    of a run's (``is_part``), counts are moved by random keys, and those of two or fewer left out.

    >>> codes = pd.DataFrame({"idea_id": ["i", "i"], "scheme": ["objective", "tone"], "code": ["connectee", "proposition"]})
    >>> ideas = pd.DataFrame({"idea_id": ["i"], "remark_id": ["r"]})
    >>> remarks = pd.DataFrame({"remark_id": ["r"], "contribution_id": ["c"]})
    >>> tones_by_code(codes, ideas, remarks, pd.DataFrame({"contribution_id": ["c"]}))[["code", "tone", "respondents"]].values.tolist()
    [['connectee', 'proposition', 1]]
    """
    tones = codes.loc[codes["scheme"] == "tone", ["idea_id", "code"]].rename(columns={"code": "tone"})
    said = (
        codes.loc[codes["scheme"].isin(SUBJECTS), ["idea_id", "scheme", "code"]]
        .merge(tones, on="idea_id")
        .merge(ideas[["idea_id", "remark_id"]], on="idea_id")
        .merge(remarks[["remark_id", "contribution_id"]], on="remark_id")
    )
    said = said[said["contribution_id"].isin(respondents["contribution_id"])]
    said = said[["contribution_id", *_CELL]].drop_duplicates()
    if not is_part:
        return said.groupby(_CELL, observed=True).size().rename("respondents").reset_index()
    everyone = pd.Series(EVERYONE, index=pd.Index(respondents["contribution_id"]))
    keys = respondents.set_index("contribution_id")["record_key"]
    items = said[_CELL].drop_duplicates().sort_values(_CELL, ignore_index=True)
    cells = published_counts(said, everyone, keys, items, is_part=True)
    cells = cells[cells["edge"] != LOW_EDGE]
    return cells.drop(columns="respondents").rename(columns={"mentions": "respondents"})[
        [*_CELL, "respondents"]
    ]
