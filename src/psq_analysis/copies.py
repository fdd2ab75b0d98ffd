"""Exact and near copies among answers, and the campaigns they reveal. Nothing is deleted: copies are marked.

Candidates come from MinHash signatures (Broder 1997) in a locality-sensitive index; texts are then compared.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from zlib import crc32

import pandas as pd
from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz

from psq_analysis.noise import plain_words

# Below eight words, two answers look alike because people say the same (« plus de patrouilles la nuit »), not
# because they copy; only answers equal but for case, accents and punctuation are then held for copies.
MIN_WORDS_NEAR = 8
# The longer two texts are, the less likely they are to look alike by chance. Seen on 26,000 real answers:
# under 15 words only spelling may differ (at 90 % « donner l'exemple » meets « montrer l'exemple »); from
# 25 words on, no two answers written apart reach 80 %, and a template filled in by each respondent does.
# Keys: words of the shorter one.
MIN_SIMILARITY = {8: 95.0, 15: 90.0, 25: 80.0}
# A text of fifteen words found whole inside a longer one was pasted there, with a sentence of one's own
# beside.
MIN_WORDS_PASTED = 15
MIN_PASTED_SIMILARITY = 95.0
# Of 26,000 real answers, no text of twelve words or more came three times by chance; short ones came 196
# times.
MIN_CAMPAIGN_WORDS = 12
# A couple, or the board of an association, gives up to four equal answers; from five on a text was
# circulated.
MIN_CAMPAIGN_RESPONDENTS = 5

# 25 bands of 4 rows find 97 % of the pairs that share 60 % of their shingles, and 1 of 6,000 unrelated pairs.
_BANDS, _ROWS = 25, 4
# Words that turn a statement round: two texts that differ by one of them are two opinions.
_REVERSING = re.compile(r"\b(?:non|pas|sans|ni|jamais|moins|aucune?|contre)\b")
_SHINGLE = 4  # characters: one misspelt letter changes only four of them
_SEED = 2017


def copy_groups(texts: Sequence[str]) -> list[int | None]:
    """Number the groups of copies: texts with one number are copies of each other, None is a text on its own.

    The grouping does not depend on the order of the texts.

    >>> copy_groups(["Plus de patrouilles !", "Un guichet ouvert le soir", "plus de patrouilles"])
    [0, None, 0]
    """
    plain = [plain_words(text) for text in texts]
    distinct = sorted(set(plain))
    rank = {words: place for place, words in enumerate(distinct)}
    leader = _Leaders(len(distinct))
    for one, other in _near_pairs(distinct, leader):
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
    words = remarks["text"].map(lambda text: plain_words(text).count(" ") + 1).astype("int64")
    group = pd.Series(copy_groups(remarks["text"].tolist()), index=remarks.index, dtype="Int64")
    by_group = remarks.assign(group=group, words=words).dropna(subset=["group"]).groupby("group")
    first = by_group["remark_id"].min()
    respondents = by_group["contribution_id"].nunique()
    is_campaign = (by_group["words"].median() >= MIN_CAMPAIGN_WORDS) & (
        respondents >= MIN_CAMPAIGN_RESPONDENTS
    )
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


class _Leaders:
    """Disjoint sets; the smallest member leads."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def of(self, member: int) -> int:
        above = self._above
        while above[member] != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._above[high] = low


def _near_pairs(distinct: list[str], leader: _Leaders) -> Iterator[tuple[int, int]]:
    """Yield pairs of near copies not yet under one leader."""
    long_enough = [place for place, words in enumerate(distinct) if words.count(" ") + 1 >= MIN_WORDS_NEAR]
    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    signatures = MinHash.generator(
        (_shingles(distinct[place]) for place in long_enough),
        num_perm=_BANDS * _ROWS,
        seed=_SEED,
        hashfunc=crc32,
    )
    for place, signature in zip(long_enough, signatures, strict=True):
        for candidate in sorted(index.query(signature)):
            if leader.of(candidate) != leader.of(place) and _are_copies(distinct[candidate], distinct[place]):
                yield candidate, place
        index.insert(place, signature)


def _shingles(words: str) -> set[bytes]:
    raw = words.encode()
    return {raw[start : start + _SHINGLE] for start in range(len(raw) - _SHINGLE + 1)}


def _are_copies(one: str, other: str) -> bool:
    shorter = min(one.count(" "), other.count(" ")) + 1
    enough = next(similarity for words, similarity in reversed(MIN_SIMILARITY.items()) if shorter >= words)
    if fuzz.ratio(one, other, score_cutoff=enough) and _REVERSING.findall(one) == _REVERSING.findall(other):
        return True
    if shorter < MIN_WORDS_PASTED:
        return False
    return fuzz.partial_ratio(one, other, score_cutoff=MIN_PASTED_SIMILARITY) > 0
