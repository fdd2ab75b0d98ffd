"""Find the pairs of texts that are nearly the same, without comparing every pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from datasketch import MinHash
from rapidfuzz import fuzz

# Below eight words, two answers look alike because people say the same (« plus de patrouilles la nuit »), not
# because they copy; only answers equal but for case, accents and punctuation are then held for copies.
MIN_WORDS_NEAR = 8
# The longer two texts are, the less likely they are to look alike by chance. Seen on 26,000 real answers:
# under 15 words only spelling may differ (at 90 % « donner l'exemple » meets « montrer l'exemple »); from
# 25 words on, no two answers written apart reach 80 %, and a template filled in by each respondent does.
# Keys: words of the shorter one.
MIN_SIMILARITY = {8: 95.0, 15: 90.0, 25: 80.0}
# A text of fifteen words found whole inside a longer one was pasted there, with a sentence of one's own
# beside; a slip of the pen or a name filled in weighs less in a longer one. Keys: words of the shorter one.
MIN_WORDS_PASTED = 15
MIN_PASTED_SIMILARITY = {15: 95.0, 25: 90.0}
# Two texts that have sixteen words in common, in runs of six or more, hold one passage, whatever stands around
# it and in whatever order. Of 26,000 real answers 16 pairs do, all by the same hand or pasted; in runs of five,
# or with fifteen words, set phrases (« le non-respect du code de la route ») begin to meet.
RUN_WORDS = 6
MIN_SHARED_WORDS = 16

# Words that stand between shared runs, or before the first; more are a sentence of one's own, where « pas » turns
# round nothing shared.
_GAP = 4
# Runs looked up: the least of each window of four, so that any nine words in common meet at least once.
_WINDOW = 4
# Texts of one bucket that resemble no other are each compared with this many, so that an opening everybody
# uses costs no more than the texts are many; of one group, this many stand for the others.
_MOST_APART, _MOST_OF_GROUP = 40, 12
# A text that resembles none of this many which look like it is left alone. Without this limit the copies found among
# 26,000 real answers are the same.
_MOST_TRIES = 60
# Before a slow comparison: a text pasted with as many slips as are forgiven keeps half its pairs of words, and
# sixteen words in runs of six make three runs at least.
_PASTED_PAIRS, _PASSAGE_RUNS = 0.5, 3
# 25 bands of 4 rows find 97 % of the pairs that share 60 % of their shingles, and 1 of 6,000 unrelated pairs.
_BANDS, _ROWS = 25, 4
# Words that turn a statement round: two texts that differ by one of them are two opinions.
_REVERSING = re.compile(r"\b(?:non|pas|sans|ni|jamais|moins|aucune?|contre)\b")
LONG_WORD = re.compile(r"\w{4,}")
_SHINGLE = 4  # characters: one misspelt letter changes only four of them
_SEED = 2017


# characters of one text times those of the other: aligning two texts of 20,000 letters takes minutes, and long texts that hold one
# another share runs of words, which are looked at before
_MOST_ALIGNED = 10_000_000


class Leaders:
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


def near_pairs(distinct: list[str], leader: Leaders) -> Iterator[tuple[int, int]]:
    """Yield pairs of near copies not yet under one leader, so that the leaders know of each before the next is sought."""
    counts = [words.count(" ") + 1 for words in distinct]
    texts = _Texts(distinct)
    long_enough = [place for place, words in enumerate(counts) if words >= MIN_WORDS_NEAR]
    for keys, owners in (*_bands(distinct, long_enough), _runs(distinct, counts)):
        for bucket in _buckets(keys, owners):
            # the shortest first: a text sent as it was given, before those who added to it
            by_length = sorted(bucket, key=lambda place: (len(distinct[place]), place))
            yield from _pairs_of_bucket(by_length, leader, texts)


def _pairs_of_bucket(bucket: list[int], leader: Leaders, texts: _Texts) -> Iterator[tuple[int, int]]:
    standing: list[int] = []
    for place in bucket:
        own = leader.of(place)
        for other in standing:
            if leader.of(other) != own and texts.are_copies(other, place):
                yield other, place
                own = leader.of(place)
        same = sum(leader.of(other) == own for other in standing)
        if same < _MOST_OF_GROUP and len(standing) < _MOST_APART:
            standing.append(place)


def _bands(distinct: list[str], places: list[int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The MinHash bands of texts: one key a text, band by band."""
    if not places:
        return
    signatures = MinHash.generator(
        (_shingles(distinct[place]) for place in places), num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=crc32
    )
    # hash values fit in 32 bits
    values = np.array([signature.hashvalues.astype(np.uint32) for signature in signatures])
    for band in range(_BANDS):
        rows = np.ascontiguousarray(values[:, band * _ROWS : (band + 1) * _ROWS])
        yield rows.view(f"V{4 * _ROWS}").ravel(), np.array(places)


def _runs(distinct: list[str], counts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The runs of words by which texts are looked up, and whose they are."""
    keys: list[int] = []
    owners: list[int] = []
    for place, words in enumerate(counts):
        if words >= MIN_SHARED_WORDS:
            chosen = _winnowed([crc32(run.encode()) for run in _runs_of(distinct[place].split())])
            keys += chosen
            owners += [place] * len(chosen)
    return np.array(keys, dtype=np.int64), np.array(owners, dtype=np.int64)


def _winnowed(hashes: list[int]) -> list[int]:
    """The least of every window of ``_WINDOW`` in a row, once each.

    >>> _winnowed([5, 9, 1, 7, 8, 6, 9])
    [1, 6]
    """
    windows = max(1, len(hashes) - _WINDOW + 1)
    return sorted({min(hashes[start : start + _WINDOW]) for start in range(windows)})


def _buckets(keys: np.ndarray, owners: np.ndarray) -> Iterator[list[int]]:
    """Yield the owners of each key that several have."""
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(number, kind="stable")
    ends = np.cumsum(count)
    for at in np.flatnonzero(count > 1):
        yield owners[order[ends[at] - count[at] : ends[at]]].tolist()


def _shingles(words: str) -> set[bytes]:
    raw = words.encode()
    return {raw[start : start + _SHINGLE] for start in range(len(raw) - _SHINGLE + 1)}


def _runs_of(words: list[str]) -> list[str]:
    return [" ".join(words[start : start + RUN_WORDS]) for start in range(len(words) - RUN_WORDS + 1)]


class _Texts:
    """Plain texts, compared two by two; what a comparison needs of a text is kept for the next."""

    def __init__(self, distinct: list[str]) -> None:
        self._distinct = distinct
        self._tries = [0] * len(distinct)
        self._kept: dict[int, _Parts] = {}

    def are_copies(self, one: int, other: int) -> bool:
        """Tell whether two texts are copies; False unseen once one of them has resembled none of many."""
        if max(self._tries[one], self._tries[other]) >= _MOST_TRIES:
            return False
        found = self._compare(*sorted((one, other), key=lambda place: len(self._distinct[place])))
        if not found:
            self._tries[max(one, other)] += 1
        return found

    def _compare(self, shorter: int, longer: int) -> bool:
        text, longer_text = self._distinct[shorter], self._distinct[longer]
        words = text.count(" ") + 1
        is_alike = fuzz.ratio(text, longer_text, score_cutoff=_enough(MIN_SIMILARITY, words)) > 0
        if is_alike and _turns(text) == _turns(longer_text):
            return True
        if words < MIN_WORDS_PASTED:
            return False
        parts, longer_parts = self._parts(shorter), self._parts(longer)
        if _share_a_passage(text, longer_text, parts, longer_parts):
            return True
        if len(text) * len(longer_text) > _MOST_ALIGNED:
            return False
        may_be_pasted = len(parts.pairs & longer_parts.pairs) >= _PASTED_PAIRS * len(parts.pairs)
        return may_be_pasted and _is_pasted(text, longer_text, words)

    def _parts(self, place: int) -> _Parts:
        if place not in self._kept:
            words = self._distinct[place].split()
            runs = [hash(run) for run in _runs_of(words)]
            self._kept[place] = _Parts(frozenset(map(hash, pairwise(words))), runs, frozenset(runs))
        return self._kept[place]


class _Parts(NamedTuple):
    """What a text is compared by, as hashes: its pairs of words, its runs in their order, the same without order."""

    pairs: frozenset[int]
    runs: list[int]
    distinct_runs: frozenset[int]


def _enough(similarity: dict[int, float], words: int) -> float:
    return next(enough for least, enough in reversed(similarity.items()) if words >= least)


def _turns(words: str) -> list[str]:
    return _REVERSING.findall(words)


def _is_pasted(shorter: str, longer: str, words: int) -> bool:
    """Tell whether the longer text holds the shorter one whole, but for slips of the pen."""
    found = fuzz.partial_ratio_alignment(shorter, longer, score_cutoff=_enough(MIN_PASTED_SIMILARITY, words))
    if found is None:
        return False
    return _turns(shorter[found.src_start : found.src_end]) == _turns(
        longer[found.dest_start : found.dest_end]
    )


def _share_a_passage(one: str, other: str, parts: _Parts, other_parts: _Parts) -> bool:
    """Tell whether two texts have runs of words in common that make a passage, and say the same between these runs."""
    common = parts.distinct_runs & other_parts.distinct_runs
    if len(common) < _PASSAGE_RUNS:
        return False
    shared, other_shared = _shared(parts.runs, common), _shared(other_parts.runs, common)
    if min(sum(shared), sum(other_shared)) < MIN_SHARED_WORDS:
        return False
    return _turned_between(one.split(), shared) == _turned_between(other.split(), other_shared)


def _shared(runs: list[int], common: frozenset[int]) -> list[bool]:
    """Mark the words that stand in a run both texts have."""
    marks = [False] * (len(runs) + RUN_WORDS - 1)
    for start, run in enumerate(runs):
        if run in common:
            marks[start : start + RUN_WORDS] = [True] * RUN_WORDS
    return marks


def _turned_between(words: list[str], shared: list[bool]) -> list[str]:
    """The reversing words in the short gaps between shared runs, or between a run and an end of the text.

    >>> _turned_between("a b c ne d pas e f".split(), [True] * 3 + [False] * 3 + [True] * 2)
    ['pas']
    """
    marks = "".join("s" if mark else "-" for mark in shared)
    gaps = re.finditer(f"(?<!-)-{{1,{_GAP}}}(?!-)", marks)
    return sorted(turn for gap in gaps for turn in _turns(" ".join(words[gap.start() : gap.end()])))
