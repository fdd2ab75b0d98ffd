"""Emergent clusters of ideas under each theme: found, tested for stability, named, counted by respondents.

Within a theme, ideas are TF-IDF vectors of their meaningful words and phrases, reduced by latent semantic analysis
(Deerwester et al. 1990), cut by Ward's hierarchical clustering and refined by k-means started from its cut: no random
start, so two runs agree. Each cut is tried again on bootstrap resamples: the adjusted Rand index (Hubert and Arabie
1985) says how well it is found again, and each cluster carries its own stability (mean best Jaccard, Hennig 2007). The
number of clusters is the one that gives most stable sub-themes; those that stay unstable are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from psq_analysis.content_words import ContentWords, merge_families, read_content_words
from psq_analysis.features import unaccent
from psq_analysis.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE, conform, empty
from psq_analysis.subtheme_names import name_clusters

# A report shows at most eight categories; beyond, a reader no longer keeps them apart.
MAX_CLUSTERS = 8
# The tree is cut finer than what is shown, since small branches are dissolved into their neighbours.
MAX_CUT = 12
# Fewer ideas than this are read one by one; any cut of them would be an accident.
MIN_IDEAS_TO_CUT = 24
# A sub-theme rests on several people saying it in their own words, and on a share of its theme worth a line.
MIN_CLUSTER_IDEAS = 5
MIN_CLUSTER_SHARE = 0.05
# Hennig (2007): under 0.6 a cluster should not be trusted; from 0.75 on it is a valid, stable one.
MIN_JACCARD = 0.6
# Mean squared cosine of the ideas of a cluster to its centre. What is left over when the clear subjects are taken out is
# stable too, but says nothing in common: measured 0.17 on such remainders, 0.22 and more on what reads as one subject.
MIN_COHESION = 0.2
# At 20 resamples the mean adjusted Rand index is known to about ± 0.03 on the real ideas tried.
RESAMPLES = 20
# Fits with other seeds (another sample of ideas), for the run-to-run figure.
REPEATED_RUNS = 3
# Past this many ideas a theme is fitted on a sample and the others are assigned: Ward's method is quadratic.
MAX_FITTED_IDEAS = 2500
# Measured on real ideas: from 10 to 40 dimensions, 15 keeps the cuts of 5 to 8 clusters most stable.
DIMENSIONS = 15
# Rare words tell writers apart, not subjects: a theme is read through its commonest words, as few as reach these shares
# of its ideas; the most stable reading wins. On eleven real and fictional samples of 50 to 670 ideas, reading every
# word said twice gave a mean adjusted Rand index of 0.47, reading the words that reach 0.75 gave 0.71.
VOCABULARY_REACHES = (0.75, 0.85, 0.95)
# Where two words reach everybody (« plainte », « accueil »), what is said of them is in the next ones.
MIN_TERMS = 10
MIN_TERM_IDEAS = 2
# An idea less similar than this to the centre of every cluster belongs to none of them.
MIN_SIMILARITY = 0.4
# However scattered a theme, no more of its ideas than this are left out.
MAX_UNCLUSTERED = 1 / 3


class Clustering(NamedTuple):
    """What :func:`cluster_ideas` finds.

    ``subthemes``: the table of the schema. ``stability``: ``theme``, ``subtheme_id``, ``stability`` (mean best Jaccard over
    resamples, 0–1, empty when a theme was not cut), ``is_stable``. ``themes``: one row a theme: ``theme``, ``ideas``,
    ``clustered``, ``clusters``, ``rand_bootstrap`` (mean adjusted Rand index between the clusters and those of a
    resample), ``rand_runs`` (the same between runs with other seeds).
    """

    subthemes: pd.DataFrame
    stability: pd.DataFrame
    themes: pd.DataFrame


def find_subthemes(
    ideas: pd.DataFrame, codes: pd.DataFrame, remarks: pd.DataFrame, *, seed: int
) -> pd.DataFrame:
    """Return the ``subthemes`` table of the schema: each clustered idea, once, under its main theme.

    Ideas out of scope or without content are left out; see :func:`cluster_ideas` for the stability of what is found.
    """
    return cluster_ideas(ideas, codes, remarks, seed=seed).subthemes


def cluster_ideas(
    ideas: pd.DataFrame, codes: pd.DataFrame, remarks: pd.DataFrame, *, seed: int
) -> Clustering:
    """Cluster the ideas of each theme and of « autre », and measure how stable the clusters are.

    The result depends on ``seed`` and on the rows, not on their order. A campaign shapes the clusters as one answer.

    >>> ideas = pd.DataFrame({"idea_id": ["a"], "remark_id": ["r"], "text": ["Des patrouilles de nuit"]})
    >>> codes = pd.DataFrame({"idea_id": ["a"], "scheme": ["theme"], "code": ["presence"], "score": [0.9]})
    >>> remarks = pd.DataFrame({"remark_id": ["r"], "campaign_id": [None]})
    >>> cluster_ideas(ideas, codes, remarks, seed=1).subthemes[["subtheme_id", "label"]].values.tolist()
    [['presence/1', 'patrouilles de nuit']]
    """
    theme_of_idea = main_themes(codes)
    placed = ideas[ideas["idea_id"].isin(theme_of_idea.index)].sort_values("idea_id", ignore_index=True)
    if placed.empty:
        return _gather([])
    words = read_content_words(placed["text"].tolist())
    families = merge_families(words)
    campaign = placed["remark_id"].map(remarks.set_index("remark_id")["campaign_id"])
    placed = placed.assign(
        theme=placed["idea_id"].map(theme_of_idea),
        saying=campaign.fillna(placed["idea_id"]).astype(str)
        + "\n"
        + placed["text"].map(unaccent).astype(str),
    )
    found = []
    # The matrices are small: a second thread costs more than it brings, ten times more on a busy machine.
    with threadpool_limits(limits=1):
        for theme, ideas_of_theme in placed.groupby("theme", sort=True):
            rows = ideas_of_theme.index.to_numpy()
            said = ContentWords(words.counts[rows], words.terms)
            found.append(_Theme(str(theme), ideas_of_theme, said, families[rows]).cluster(seed=seed))
    return _gather(found)


def main_themes(codes: pd.DataFrame) -> pd.Series:
    """Return the theme under which each idea in scope is clustered, by ``idea_id``.

    It is the theme with the highest score; of equals, the rarer, hence more specific one. An idea with an objective
    but no theme goes under « autre ».

    >>> main_themes(pd.DataFrame({"idea_id": ["a", "a", "b"], "scheme": ["theme", "theme", "objective"],
    ...                           "code": ["presence", "acces", "respectee"], "score": [0.9, 0.7, 0.8]})).to_dict()
    {'a': 'presence', 'b': 'autre'}
    """
    outside = codes["code"].isin([OUT_OF_SCOPE, NO_CONTENT])
    themes = codes[codes["scheme"].eq("theme") & ~outside]
    ranked = themes.assign(
        is_other=themes["code"].eq(OTHER), uses=themes["code"].map(themes["code"].value_counts())
    )
    ranked = ranked.sort_values(["is_other", "score", "uses", "code"], ascending=[True, False, True, True])
    chosen = ranked.drop_duplicates("idea_id").set_index("idea_id")["code"]
    objectives = codes.loc[codes["scheme"].eq("objective") & ~outside, "idea_id"]
    set_aside = codes.loc[codes["scheme"].eq("theme"), "idea_id"]
    without_theme = sorted(set(objectives) - set(set_aside))
    return pd.concat([chosen, pd.Series(OTHER, index=without_theme, dtype=object)]).astype("string")


def summarise_subthemes(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    stability: pd.DataFrame,
) -> pd.DataFrame:
    """Return the ``clusters`` table of the schema: one row per sub-theme, the largest of each theme first.

    Columns: ``theme``, ``subtheme_id``, ``label``, ``respondents`` (distinct respondents among ``contributions``),
    ``ideas``, ``stability``, ``is_stable`` (both from :func:`cluster_ideas`).
    """
    remark_of_idea = ideas.set_index("idea_id")["remark_id"]
    respondent_of_remark = remarks.set_index("remark_id")["contribution_id"]
    said = subthemes.assign(
        contribution_id=subthemes["idea_id"].map(remark_of_idea).map(respondent_of_remark)
    )
    said = said[said["contribution_id"].isin(contributions["contribution_id"])]
    sizes = said.groupby(["theme", "subtheme_id", "label"], as_index=False).agg(
        respondents=("contribution_id", "nunique"), ideas=("idea_id", "nunique")
    )
    summary = sizes.merge(stability, on=["theme", "subtheme_id"], how="left", validate="one_to_one")
    order = ["theme", "respondents", "ideas", "subtheme_id"]
    summary = summary.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    return conform(summary, "clusters")


class _Found(NamedTuple):
    subthemes: pd.DataFrame
    stability: pd.DataFrame
    theme: dict[str, object]


def _gather(found: Sequence[_Found]) -> Clustering:
    themes = pd.DataFrame(
        [one.theme for one in found],
        columns=["theme", "ideas", "clustered", "clusters", "rand_bootstrap", "rand_runs"],
    ).astype(
        {
            "theme": "string",
            "ideas": "int64",
            "clustered": "int64",
            "clusters": "int64",
            "rand_bootstrap": "float64",
            "rand_runs": "float64",
        }
    )
    stability = (
        pd.concat([one.stability for one in found])
        if found
        else pd.DataFrame(columns=["theme", "subtheme_id", "stability", "is_stable"])
    )
    stability = stability.reset_index(drop=True).astype(
        {"theme": "string", "subtheme_id": "string", "stability": "float64", "is_stable": "bool"}
    )
    rows = pd.concat([one.subthemes for one in found]) if found else empty("subthemes")
    return Clustering(conform(rows.sort_values("idea_id"), "subthemes"), stability, themes)


@dataclass(frozen=True)
class _Space:
    """A semantic space learned from some ideas, with the centres of clusters in it."""

    weights: np.ndarray
    axes: np.ndarray

    @classmethod
    def learn(cls, counts: sparse.csr_matrix, random_state: int) -> _Space:
        said_by = np.asarray(counts.sum(axis=0)).ravel()
        weights = np.where(said_by > 0, np.log((counts.shape[0] + 1) / (said_by + 1)), 0.0)
        vectors = normalize(counts.multiply(weights).tocsr())
        size = max(1, min(DIMENSIONS, min(vectors.shape) - 1))
        _, _, axes = randomized_svd(vectors, size, random_state=random_state)
        return cls(weights, axes.T)

    def place(self, counts: sparse.csr_matrix) -> np.ndarray:
        return normalize(counts.multiply(self.weights).tocsr() @ self.axes)


@dataclass(frozen=True)
class _Partition:
    """A space and the unit centres of the clusters found in it."""

    space: _Space
    centres: np.ndarray

    def similarity(self, counts: sparse.csr_matrix) -> np.ndarray:
        """Cosine of each idea to each centre."""
        return self.space.place(counts) @ self.centres.T

    def assign(self, counts: sparse.csr_matrix) -> np.ndarray:
        return self.similarity(counts).argmax(axis=1)


def _partitions(counts: sparse.csr_matrix, sizes: Sequence[int], random_state: int) -> dict[int, _Partition]:
    """Cut the ideas into each number of clusters asked for, in one space and along one tree.

    A cluster too small to be shown is dissolved: its ideas go to the nearest of the others.
    """
    space = _Space.learn(counts, random_state)
    points = space.place(counts)
    points = points[np.abs(points).sum(axis=1) > 0]
    tree = linkage(points, "ward") if len(points) > 1 else None
    found = {}
    distinct = len(np.unique(points.round(9), axis=0))
    for size in sizes:
        if tree is None or size >= distinct:
            continue
        branch = fcluster(tree, size, "maxclust") - 1
        starts = np.array([points[branch == number].mean(axis=0) for number in range(branch.max() + 1)])
        fitted = KMeans(len(starts), init=starts, n_init=1, max_iter=30).fit(points)
        voices = np.bincount(fitted.labels_, minlength=len(starts))
        largest = np.argsort(-voices, kind="stable")[:MAX_CLUSTERS]
        kept = largest[voices[largest] >= max(MIN_CLUSTER_IDEAS, MIN_CLUSTER_SHARE * len(points))]
        if len(kept):
            found[size] = _Partition(space, normalize(fitted.cluster_centers_[kept]))
    return found


@dataclass(frozen=True)
class _Theme:
    """The ideas of one theme and what they say."""

    name: str
    ideas: pd.DataFrame
    words: ContentWords
    families: sparse.csr_matrix

    def cluster(self, *, seed: int) -> _Found:
        fitted = self._fitted(seed)
        sizes = [size for size in range(2, MAX_CUT + 1) if size * MIN_CLUSTER_IDEAS <= len(fitted)]
        if len(fitted) < MIN_IDEAS_TO_CUT or not sizes:
            return self._whole()
        candidates = [
            (counts, size, partition, cut)
            for counts in self._vocabularies()
            for size, partition, cut in _tested(_with_words(counts[fitted]), sizes, seed)
        ]
        if not candidates:
            return self._whole()
        counts, size, partition, cut = max(candidates, key=lambda candidate: candidate[-1].worth)
        readable = _with_words(counts)
        reference = partition.assign(readable)
        runs = [
            adjusted_rand_score(reference, again.assign(readable))
            for number in range(1, REPEATED_RUNS + 1)
            for again in _partitions(counts[self._fitted(seed + number)], [size], seed + number).values()
        ]
        return self._report(
            partition.similarity(counts),
            cut.jaccard,
            cut.is_stable,
            rand=cut.rand,
            rand_runs=float(np.mean(runs)),
        )

    def _vocabularies(self) -> Iterator[sparse.csr_matrix]:
        """The counts of the commonest words, as few as reach each share of ``VOCABULARY_REACHES`` of the ideas."""
        said_by = np.asarray(self.families.sum(axis=0)).ravel()
        rank = np.empty(len(said_by), dtype=np.int64)
        rank[np.argsort(-said_by, kind="stable")] = np.arange(len(said_by))
        commonest_word = np.full(len(self.ideas), len(said_by))
        said = np.diff(self.families.indptr) > 0
        starts = self.families.indptr[:-1][said]
        commonest_word[said] = np.minimum.reduceat(rank[self.families.indices], starts) if said.any() else 0
        thresholds = set()
        for reach in VOCABULARY_REACHES:
            needed = max(int(np.quantile(commonest_word, reach, method="higher")), MIN_TERMS - 1)
            needed = min(needed, len(said_by) - 1)
            thresholds.add(max(MIN_TERM_IDEAS, int(said_by[rank == needed].max(initial=0))))
        for threshold in sorted(thresholds):
            yield self.families[:, said_by >= threshold]

    def _fitted(self, seed: int) -> np.ndarray:
        """The ideas the clusters are learned from: a campaign's text once, at most ``MAX_FITTED_IDEAS``."""
        distinct = np.flatnonzero(~self.ideas["saying"].duplicated())
        if len(distinct) <= MAX_FITTED_IDEAS:
            return distinct
        return np.sort(np.random.default_rng(seed).choice(distinct, MAX_FITTED_IDEAS, replace=False))

    def _whole(self) -> _Found:
        """Too few ideas to be cut: one cluster, not tested."""
        if not self.words.counts.nnz:
            return self._report(np.zeros((len(self.ideas), 1)), np.array([np.nan]), np.array([False]))
        centre = normalize(np.asarray(self.words.counts.sum(axis=0)).reshape(1, -1))
        similarity = normalize(self.words.counts) @ centre.T
        return self._report(np.asarray(similarity), np.array([np.nan]), np.array([False]))

    def _report(
        self,
        similarity: np.ndarray,
        jaccard: np.ndarray,
        is_stable: np.ndarray,
        *,
        rand: float = np.nan,
        rand_runs: float = np.nan,
    ) -> _Found:
        cluster, nearest = similarity.argmax(axis=1), similarity.max(axis=1)
        limit = min(MIN_SIMILARITY, float(np.quantile(nearest, MAX_UNCLUSTERED, method="lower")))
        kept = (nearest >= limit) & (nearest > 0)
        sizes = np.bincount(cluster[kept], minlength=similarity.shape[1])
        order = [number for number in np.argsort(-sizes, kind="stable") if sizes[number]]
        rank = {number: f"{self.name}/{place}" for place, number in enumerate(order, start=1)}
        members = [np.flatnonzero(kept & (cluster == number)) for number in order]
        names = name_clusters(self.words, members, self.ideas["text"].tolist())
        label = dict(zip(order, names, strict=True))
        rows = pd.DataFrame(
            {
                "idea_id": self.ideas["idea_id"].to_numpy()[kept],
                "theme": self.name,
                "subtheme_id": [rank[number] for number in cluster[kept]],
                "label": [label[number] for number in cluster[kept]],
                "distance": np.clip(1.0 - nearest[kept], 0.0, 2.0),
            }
        )
        stability = pd.DataFrame(
            {
                "theme": self.name,
                "subtheme_id": [rank[number] for number in order],
                "stability": [jaccard[number] for number in order],
                "is_stable": [bool(is_stable[number]) for number in order],
            }
        )
        theme = {
            "theme": self.name,
            "ideas": len(self.ideas),
            "clustered": int(kept.sum()),
            "clusters": len(order),
            "rand_bootstrap": rand,
            "rand_runs": rand_runs,
        }
        return _Found(rows, stability, theme)


def _with_words(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    return counts[np.diff(counts.indptr) > 0]


def _tested(
    counts: sparse.csr_matrix, sizes: Sequence[int], seed: int
) -> Iterator[tuple[int, _Partition, _Cut]]:
    """Each cut of the ideas with its stability over resamples; a cut that resamples cannot make is left out."""
    if min(counts.shape) < 2:
        return
    resampled = list(_resampled(counts, sizes, seed))
    for size, partition in _partitions(counts, sizes, seed).items():
        again = [other[size] for other in resampled if size in other]
        if len(again) * 2 > RESAMPLES and len(partition.centres) > 1:
            yield size, partition, _Cut.test(partition, counts, again)


def _resampled(counts: sparse.csr_matrix, sizes: Sequence[int], seed: int) -> Iterator[dict[int, _Partition]]:
    """The same cuts learned from bootstrap resamples: weights, space, tree and centres are learned again."""
    for number in range(RESAMPLES):
        rng = np.random.default_rng([seed, number])
        drawn = rng.integers(0, counts.shape[0], counts.shape[0])
        yield _partitions(counts[drawn], sizes, seed + number)


@dataclass(frozen=True)
class _Cut:
    """How a partition stands the test of resampling; ``shares`` are of ideas near the centre of each cluster."""

    shares: np.ndarray
    rand: float
    jaccard: np.ndarray
    cohesion: np.ndarray

    @classmethod
    def test(cls, partition: _Partition, counts: sparse.csr_matrix, resampled: Sequence[_Partition]) -> _Cut:
        similarity = partition.similarity(counts)
        clusters, nearest = similarity.argmax(axis=1), similarity.max(axis=1)
        n_clusters = len(partition.centres)
        agreements, best = [], []
        for other in resampled:
            again = other.assign(counts)
            agreements.append(adjusted_rand_score(clusters, again))
            shared = np.zeros((n_clusters, len(other.centres)))
            np.add.at(shared, (clusters, again), 1)
            either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
            best.append((shared / np.maximum(either, 1)).max(axis=1))
        close = np.bincount(clusters[nearest >= MIN_SIMILARITY], minlength=n_clusters)
        explained = np.bincount(clusters, weights=nearest**2, minlength=n_clusters)
        cohesion = explained / np.maximum(np.bincount(clusters, minlength=n_clusters), 1)
        return cls(close / len(clusters), float(np.mean(agreements)), np.mean(best, axis=0), cohesion)

    @property
    def is_stable(self) -> np.ndarray:
        return (self.jaccard >= MIN_JACCARD) & (self.cohesion >= MIN_COHESION)

    @property
    def worth(self) -> float:
        """How many equally large sub-themes one may count on finding again.

        Agreement between resamples × share of ideas in stable clusters × effective number of these (inverse Simpson).
        """
        stable = self.shares * self.is_stable
        if not stable.any():
            return self.rand / len(self.shares) / 10
        return self.rand * float(stable.sum() ** 3 / np.square(stable).sum())
