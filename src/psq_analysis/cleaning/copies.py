"""Exact and near copies among answers, and the campaigns they reveal. Nothing is deleted: copies are marked.

Candidates share a band of their MinHash signatures (Broder 1997), or a run of words chosen by winnowing (Schleimer, Wilkerson &
Aiken 2003: a copied passage is found wherever it stands); texts are then compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from psq_analysis.cleaning.near_copies import LONG_WORD, Leaders, near_pairs
from psq_analysis.text.plain import plain_words

# Words of four letters or more, in all but the shortest quarter of the copies. Of 26,000 real answers, no text with
# seven came three times by chance; sayings (« ne pas faire à autrui… ») have up to six, and come.
MIN_CAMPAIGN_WORDS = 7
# A couple, or the board of an association, gives up to four equal answers; from five on a text was
# circulated.
MIN_CAMPAIGN_RESPONDENTS = 5


def copy_groups(texts: Sequence[str]) -> list[int | None]:
    """Number the groups of copies: texts with one number are copies of each other, None is a text on its own.

    The grouping does not depend on the order of the texts.

    >>> copy_groups(["Plus de patrouilles !", "Un guichet ouvert le soir", "plus de patrouilles"])
    [0, None, 0]
    """
    plain = [plain_words(text) for text in texts]
    distinct = sorted(set(plain))
    rank = {words: place for place, words in enumerate(distinct)}
    leader = Leaders(len(distinct))
    for one, other in near_pairs(distinct, leader):
        leader.join(one, other)
    leaders = [leader.of(rank[words]) for words in plain]
    size = pd.Series(leaders).value_counts()
    numbers: dict[int, int] = {}
    return [numbers.setdefault(of, len(numbers)) if size[of] > 1 else None for of in leaders]


def mark_copies(remarks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per remark, same index: ``duplicate_group``, ``campaign_id``, ``weight``.

    ``remarks`` needs ``remark_id``, ``contribution_id``, ``text``. A campaign is a group of copies of one
    long text given by many respondents; its remarks weigh 1 / number of these respondents, others 1.
    """
    words = remarks["text"].map(lambda text: len(LONG_WORD.findall(plain_words(text)))).astype("int64")
    group = pd.Series(copy_groups(remarks["text"].tolist()), index=remarks.index, dtype="Int64")
    by_group = remarks.assign(group=group, words=words).dropna(subset=["group"]).groupby("group")
    first = by_group["remark_id"].min()
    respondents = by_group["contribution_id"].nunique()
    is_long = by_group["words"].quantile(0.25) >= MIN_CAMPAIGN_WORDS
    is_campaign = is_long & (respondents >= MIN_CAMPAIGN_RESPONDENTS)
    campaign = first[is_campaign]
    return pd.DataFrame(
        {
            "duplicate_group": group.map(first.map(_group_id)).astype(pd.StringDtype()),
            "campaign_id": group.map(
                campaign.map(lambda remark_id: "campagne-" + _group_id(remark_id))
            ).astype(pd.StringDtype()),
            "weight": (1.0 / group.map(respondents[is_campaign]).astype("Float64"))
            .fillna(1.0)
            .astype("float64"),
        },
        index=remarks.index,
    )


def _group_id(remark_id: str) -> str:
    return hashlib.sha256(remark_id.encode()).hexdigest()[:12]
