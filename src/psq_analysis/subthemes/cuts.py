"""How the ideas of one theme fall into clusters, and whether they would again.

What an idea is about is a vector: its lexical fields, their domains, and its commoner words, lighter. Every feature said
often enough could lead a cluster; leaders are taken one after the other, each the one that brings most ideas nearer than
they were (greedy facility location: Nemhauser, Wolsey and Fisher 1978). The centre of a cluster is the mean direction of
the ideas that have its leading feature; an idea joins the nearest centre, or none. There is no random start, and the cut
into k clusters holds the leaders of the cut into k - 1: both make a cut easier to find again than a tree or k-means.

Each cut is tried again on bootstrap resamples of remarks. The adjusted Rand index (Hubert and Arabie 1985) says how well
the ideas shown together are found together; the mean best Jaccard (Hennig 2007) says it of each cluster.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from psq_analysis.text.lexical_fields import FieldCounts

# More leaders are taken than sub-themes shown, since unstable ones are dissolved.
MAX_LEADERS = 12
# What a field, its domain and a word weigh. On the fictional sample (seven themes of 96 to 553 ideas), domains at 0.7
# blurred the cuts (mean Rand 0.59 instead of 0.63 at eight clusters), and words at 0.4 lost up to 0.03.
FIELD_WEIGHT, DOMAIN_WEIGHT, WORD_WEIGHT = 1.0, 0.5, 0.2
# Rarity tells a little: idf to the power 0.25. The full idf ties ideas to rare fields (mean Rand
# 0.44 instead of 0.53 at seven clusters).
RARITY_POWER = 0.25
# A word said by fewer ideas ties writers, not subjects.
MIN_WORD_IDEAS, MIN_WORD_SHARE = 4, 0.015
# A sub-theme rests on several people saying it in their own words, and on a share of its theme worth a line.
MIN_CLUSTER_IDEAS = 5
MIN_CLUSTER_SHARE = 0.05
# An idea less similar than this to every centre belongs to no cluster. From 0.35 to 0.3 the share placed rises by 0.06
# for 0.02 of Rand; below, an idea with one of four fields in common would join.
MIN_SIMILARITY = 0.3
# However scattered a theme, at most this share of its ideas is to be left out: no cluster is dissolved when more would be, and
# where more are all the same, the nearest of them join, down to a similarity of 0.15, where a domain at least is shared.
MAX_UNCLUSTERED, LEAST_SIMILARITY = 1 / 3, 0.15
# « Plus jamais ça. » is read in its remark: what the other ideas of the remark say counts half, when its own words do not
# suffice. Centres are learned from own words alone: learned with the remark, the mean Rand lost about 0.1.
CONTEXT_WEIGHT = 0.5


@dataclass(frozen=True)
class Features:
    """What the ideas of a theme are about: ``own`` features, and ``read`` within their remark; ``weights`` a column."""

    own: sparse.csr_matrix
    read: sparse.csr_matrix
    weights: np.ndarray

    @classmethod
    def of(cls, fields: FieldCounts, words: sparse.csr_matrix, remarks: np.ndarray) -> Features:
        """Join fields, domains and words of ideas; ``remarks`` numbers the remark each idea stands in."""
        said_by = np.asarray(words.sum(axis=0)).ravel()
        common = words[:, said_by >= max(MIN_WORD_IDEAS, MIN_WORD_SHARE * words.shape[0])]
        blocks = [(fields.fields, FIELD_WEIGHT), (fields.domains, DOMAIN_WEIGHT), (common, WORD_WEIGHT)]
        own = sparse.hstack([block for block, _ in blocks], format="csr")
        weights = np.concatenate([np.full(block.shape[1], weight) for block, weight in blocks])
        place = sparse.csr_matrix((np.ones(len(remarks)), (remarks, np.arange(len(remarks)))))
        around = (place.T @ (place @ own)).minimum(1.0) if own.nnz else own
        return cls(own, own.maximum(around * CONTEXT_WEIGHT).tocsr(), weights)

    def __getitem__(self, rows: np.ndarray) -> Features:
        return Features(self.own[rows], self.read[rows], self.weights)


@dataclass(frozen=True)
class Partition:
    """Centres of clusters and the feature that leads each, in the order they were taken; the weights they were learned with."""

    weights: np.ndarray
    centres: np.ndarray
    leaders: np.ndarray

    def similarity(self, counts: sparse.csr_matrix) -> np.ndarray:
        """Cosine of each idea to each centre."""
        return normalize(counts.multiply(self.weights).tocsr()) @ self.centres.T

    def place(self, features: Features) -> Placed:
        """The similarities of ideas to every centre: what each cut of the partition is read from."""
        return Placed(self.leaders, self.similarity(features.own), self.similarity(features.read))


@dataclass(frozen=True)
class Placed:
    """Similarities of ideas to the centres of a partition: by their ``own`` words and ``read`` within their remark."""

    leaders: np.ndarray
    own: np.ndarray
    read: np.ndarray

    def cut(self, count: int, without: Collection[int] = ()) -> Placed:
        """The first ``count`` clusters, those led by a feature in ``without`` dissolved."""
        kept = np.flatnonzero(~np.isin(self.leaders[:count], list(without)))
        return Placed(self.leaders[kept], self.own[:, kept], self.read[:, kept])

    @cached_property
    def clusters(self) -> np.ndarray:
        """The cluster of each idea, by its own words or else within its remark; -1 for none."""
        nearest, similarity = self._nearest
        return np.where(similarity >= MIN_SIMILARITY, nearest, -1)

    @cached_property
    def widened(self) -> np.ndarray:
        """The same, with less similar ideas besides where more than ``MAX_UNCLUSTERED`` of them would be left out."""
        nearest, similarity = self._nearest
        return np.where(similarity >= _reach(similarity), nearest, -1)

    @cached_property
    def _nearest(self) -> tuple[np.ndarray, np.ndarray]:
        if not len(self.leaders):
            return np.full(len(self.own), -1), np.zeros(len(self.own))
        by_itself = self.own.max(axis=1) >= MIN_SIMILARITY
        return (
            np.where(by_itself, self.own.argmax(axis=1), self.read.argmax(axis=1)),
            np.where(by_itself, self.own.max(axis=1), self.read.max(axis=1)),
        )


def _reach(similarity: np.ndarray) -> float:
    """The similarity from which ideas join: lower than usual, down to a floor, where too many would be left out."""
    allowed = int(MAX_UNCLUSTERED * len(similarity))
    least = np.sort(similarity)[allowed] if allowed < len(similarity) else MIN_SIMILARITY
    return float(np.clip(least, LEAST_SIMILARITY, MIN_SIMILARITY))


def learn(features: Features, rows: np.ndarray) -> Partition:
    """Take up to ``MAX_LEADERS`` leaders among the features of the ideas in ``rows`` (repeats count)."""
    counts = features.own[rows]
    counts = counts[np.diff(counts.indptr) > 0]
    said_by = np.asarray(counts.sum(axis=0)).ravel()
    rarity = np.log((counts.shape[0] + 1) / (said_by + 1)) ** RARITY_POWER
    weights = features.weights * rarity
    vectors = normalize(counts.multiply(weights).tocsr())
    candidates = np.flatnonzero(said_by >= max(MIN_CLUSTER_IDEAS, MIN_CLUSTER_SHARE * counts.shape[0]))
    centres = normalize((counts[:, candidates].T @ vectors).toarray())
    similarity = np.asarray(vectors @ centres.T)
    reached = np.full(len(similarity), MIN_SIMILARITY)
    taken: list[int] = []
    while len(taken) < min(MAX_LEADERS, len(candidates)):
        gain = np.maximum(similarity - reached[:, None], 0).sum(axis=0)
        leader = int(gain.argmax())
        if gain[leader] <= 0:
            break
        taken.append(leader)
        reached = np.maximum(reached, similarity[:, leader])
    return Partition(weights, centres[taken], candidates[taken])


def resample(
    features: Features, rows: np.ndarray, remarks: np.ndarray, seeds: Sequence[Sequence[int]]
) -> list[Partition]:
    """Learn the leaders again from a bootstrap resample of the remarks of ``rows``, once per seed."""
    _, number, sizes = np.unique(remarks[rows], return_inverse=True, return_counts=True)
    ends = np.cumsum(sizes)
    by_remark = rows[np.argsort(number, kind="stable")]
    found = []
    for seed in seeds:
        drawn = np.random.default_rng(seed).integers(0, len(sizes), len(sizes))
        starts = np.repeat(ends[drawn] - np.cumsum(sizes[drawn]), sizes[drawn])
        found.append(learn(features, by_remark[starts + np.arange(len(starts))]))
    return found


@dataclass(frozen=True)
class Agreement:
    """How well a partition is found again: ``rand`` over the ideas placed, ``jaccard`` of each cluster, 0 to 1."""

    rand: float
    jaccard: np.ndarray


def agreement(clusters: np.ndarray, n_clusters: int, again: Sequence[np.ndarray]) -> Agreement:
    """Compare an assignment of ideas with others; the Rand index counts an idea found in no cluster as moved away."""
    agreements, best = [], []
    for other in again:
        shared = np.zeros((n_clusters + 1, MAX_LEADERS + 1))
        np.add.at(shared, (clusters, other), 1)
        agreements.append(_adjusted_rand(shared[:n_clusters]))
        either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
        best.append((shared / np.maximum(either, 1))[:n_clusters, :-1].max(axis=1))
    return Agreement(float(np.mean(agreements)), np.mean(best, axis=0))


def _adjusted_rand(shared: np.ndarray) -> float:
    """The adjusted Rand index from the table of how many ideas two assignments share, hundreds of times a theme."""

    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1)).sum() / 2)

    together, one, other = pairs(shared), pairs(shared.sum(axis=1)), pairs(shared.sum(axis=0))
    expected = one * other / max(pairs(shared.sum()), 1.0)
    most = (one + other) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
