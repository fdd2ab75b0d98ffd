"""Who sent an organised answer, and what counts when these are left out."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd


class Heard(NamedTuple):
    """The remarks a run counts, and the ideas in them."""

    remarks: pd.DataFrame
    ideas: pd.DataFrame


def heard(remarks: pd.DataFrame, ideas: pd.DataFrame, *, include_campaigns: bool = True) -> Heard:
    """Return the remarks and ideas that count: all of them, or those of no campaign; the ideas of other remarks are left out.

    Every count, share, word, sub-theme and quotation of a run rests on what this returns.

    >>> remarks = pd.DataFrame({"remark_id": ["r", "s"], "campaign_id": ["campagne-1", None]})
    >>> ideas = pd.DataFrame({"idea_id": ["i", "j"], "remark_id": ["r", "s"]})
    >>> heard(remarks, ideas, include_campaigns=False).ideas["idea_id"].tolist()
    ['j']
    """
    own = remarks if include_campaigns else remarks[remarks["campaign_id"].isna()].reset_index(drop=True)
    return Heard(own, ideas[ideas["remark_id"].isin(own["remark_id"])].reset_index(drop=True))


def only_organised(remarks: pd.DataFrame, remarks_counted: pd.DataFrame) -> pd.Series:
    """Return the contributions whose usable remarks are all organised answers that the run leaves out.

    >>> remarks = pd.DataFrame({"remark_id": ["r", "s", "t"], "contribution_id": ["a", "b", "b"], "is_noise": False,
    ...                         "campaign_id": ["campagne-1", "campagne-1", None]})
    >>> ideas = pd.DataFrame({"idea_id": [], "remark_id": []})
    >>> only_organised(remarks, heard(remarks, ideas, include_campaigns=False).remarks).tolist()
    ['a']
    """
    usable = remarks.loc[~remarks["is_noise"], "contribution_id"]
    still = remarks_counted.loc[~remarks_counted["is_noise"], "contribution_id"]
    return usable[~usable.isin(still)].drop_duplicates().reset_index(drop=True)
