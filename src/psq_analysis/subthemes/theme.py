"""Cut one theme into sub-themes, and see whether the cut is found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from psq_analysis.subthemes.cuts import (
    MAX_UNCLUSTERED,
    MIN_CLUSTER_IDEAS,
    Agreement,
    Features,
    Placed,
    agreement,
    learn,
    resample,
)
from psq_analysis.subthemes.names import name_clusters
from psq_analysis.text.content_words import ContentWords
from psq_analysis.text.lexical_fields import FieldCounts
from psq_analysis.text.plain import unaccent

# Fits with other seeds (another sample of ideas), for the run-to-run figure.
REPEATED_RUNS = 3

# A report shows at most eight categories; beyond, a reader no longer keeps them apart.
MAX_CLUSTERS = 8
# Fewer ideas than this are read one by one; any cut of them would be an accident.
MIN_IDEAS_TO_CUT = 24
# Hennig (2007): under 0.6 a cluster should not be trusted; from 0.75 on it is a valid, stable one.
MIN_JACCARD = 0.6
# At 20 resamples the mean adjusted Rand index is known to about ± 0.03 on the real ideas tried. As many choose the cut.
RESAMPLES = 20
# Ideas of one campaign whose words are this much alike (rapidfuzz, 0 to 100) are one text, a word changed here and there.
NEAR_COPY = 80
# Past this many ideas a theme is fitted on a sample and the others are assigned; centres no longer move beyond.
MAX_FITTED_IDEAS = 2500
# Shares of placed ideas that differ by less say the same.
NEARLY = 0.03


class Found(NamedTuple):
    subthemes: pd.DataFrame
    stability: pd.DataFrame
    theme: dict[str, object]


@dataclass(frozen=True)
class Theme:
    """The ideas of one theme and what they say."""

    name: str
    ideas: pd.DataFrame
    words: ContentWords
    families: sparse.csr_matrix
    fields: FieldCounts

    def cluster(self, *, seed: int) -> Found:
        fitted = self._fitted(seed)
        if len(fitted) < MIN_IDEAS_TO_CUT:
            return self._whole()
        remarks = pd.factorize(self.ideas["remark_id"])[0]
        features = Features.of(self.fields, self.families, remarks)
        cut = self._most_stable_cut(features, remarks, seed)
        if cut is None:
            return self._whole()
        placed = cut.of(learn(features, fitted).place(features))
        testing = resample(features, fitted, remarks, [[seed, 1, n] for n in range(RESAMPLES)])
        heard = features[fitted]
        again = [cut.of(other.place(heard)).widened for other in testing]
        tested = agreement(placed.widened[fitted], len(placed.leaders), again)
        shown = placed.widened >= 0
        runs = [
            adjusted_rand_score(placed.widened[shown], other.widened[shown])
            for other in self._other_runs(features, remarks, seed)
        ]
        return self._report(
            placed.widened,
            placed.own,
            tested.jaccard,
            rand=tested.rand,
            rand_runs=float(np.mean(runs)) if runs else np.nan,
        )

    def _most_stable_cut(self, features: Features, remarks: np.ndarray, seed: int) -> _Cut | None:
        """The cut that resamples drawn with ``seed`` find again best; None when the ideas have no subject in common."""
        fitted = self._fitted(seed)
        leaders = learn(features, fitted)
        if len(leaders.leaders) < 2:
            return None
        drawn = resample(features, fitted, remarks, [[seed, 0, n] for n in range(RESAMPLES)])
        heard = features[fitted]
        return _choose_cut(leaders.place(heard), [other.place(heard) for other in drawn])

    def _other_runs(self, features: Features, remarks: np.ndarray, seed: int) -> Iterator[Placed]:
        """The clusters of whole runs with other seeds: other samples of ideas, other resamples to choose the cut."""
        for other in range(seed + 1, seed + 1 + REPEATED_RUNS):
            cut = self._most_stable_cut(features, remarks, other)
            if cut is not None:
                yield cut.of(learn(features, self._fitted(other)).place(features))

    def _fitted(self, seed: int) -> np.ndarray:
        """The ideas the clusters are learned from: a campaign's text once, at most ``MAX_FITTED_IDEAS``."""
        plain = self.ideas["said_by"] + "\n" + self.ideas["text"].map(unaccent)
        distinct = np.flatnonzero(~plain.duplicated())
        if len(distinct) <= MAX_FITTED_IDEAS:
            return distinct
        return np.sort(np.random.default_rng(seed).choice(distinct, MAX_FITTED_IDEAS, replace=False))

    def _whole(self) -> Found:
        """Too few ideas to be cut: one cluster, not tested."""
        counts = self.words.counts
        similarity = np.zeros((len(self.ideas), 1))
        if counts.nnz:
            centre = normalize(np.asarray(counts.sum(axis=0)).reshape(1, -1))
            similarity = np.asarray(normalize(counts) @ centre.T)
        return self._report(np.where(similarity[:, 0] > 0, 0, -1), similarity, np.array([np.nan]))

    def _report(
        self,
        clusters: np.ndarray,
        similarity: np.ndarray,
        jaccard: np.ndarray,
        *,
        rand: float = np.nan,
        rand_runs: float = np.nan,
    ) -> Found:
        kept = clusters >= 0
        sizes = np.bincount(clusters[kept], minlength=similarity.shape[1])
        order = [number for number in np.argsort(-sizes, kind="stable") if sizes[number]]
        rank = {number: f"{self.name}/{place}" for place, number in enumerate(order, start=1)}
        is_own = ~self.ideas["voice"].duplicated().to_numpy()
        members = [np.flatnonzero(kept & is_own & (clusters == number)) for number in order]
        members = [
            rows if len(rows) else np.flatnonzero(kept & (clusters == number))
            for rows, number in zip(members, order, strict=True)
        ]
        names = name_clusters(self.words, members, self.ideas["text"].tolist(), fields=self.fields)
        label = dict(zip(order, names, strict=True))
        rows = pd.DataFrame(
            {
                "idea_id": self.ideas["idea_id"].to_numpy()[kept],
                "theme": self.name,
                "subtheme_id": [rank[number] for number in clusters[kept]],
                "label": [label[number] for number in clusters[kept]],
                "distance": np.clip(1.0 - similarity[kept, clusters[kept]], 0.0, 2.0),
            }
        )
        stability = pd.DataFrame(
            {
                "theme": self.name,
                "subtheme_id": [rank[number] for number in order],
                "stability": [jaccard[number] for number in order],
                "is_stable": [bool(jaccard[number] >= MIN_JACCARD) for number in order],
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
        return Found(rows, stability, theme)


def _choose_cut(leaders: Placed, resampled: Sequence[Placed]) -> _Cut:
    """Choose how many leaders to take, then which clusters to dissolve since resamples do not find them again.

    The worth of a cut is the number of equally large sub-themes one may count on: its Rand index × the ideas in stable
    clusters × their effective number (inverse Simpson), among the cuts that leave out no more ideas than allowed, or
    nearly as few as any cut.
    """

    def try_cut(size: int, dissolved: frozenset[int]) -> _Cut:
        placed = leaders.cut(size, dissolved)
        again = [other.cut(size, dissolved).clusters for other in resampled]
        found = agreement(placed.clusters, len(placed.leaders), again)
        sizes = np.bincount(placed.clusters[placed.clusters >= 0], minlength=len(placed.leaders))
        return _Cut(size, dissolved, placed.leaders, sizes / len(placed.clusters), found)

    cuts = [try_cut(size, frozenset()) for size in range(2, len(leaders.leaders) + 1)]
    least = min(1 - MAX_UNCLUSTERED, max(cut.placed for cut in cuts) - NEARLY)
    chosen = max((cut for cut in cuts if cut.placed >= least), key=lambda cut: cut.worth)
    while len(chosen.leaders) > 2:
        is_small = chosen.shares * len(leaders.own) < MIN_CLUSTER_IDEAS
        must_shrink = bool(is_small.any()) or len(chosen.leaders) > MAX_CLUSTERS
        is_weak = is_small if is_small.any() else (chosen.found.jaccard < MIN_JACCARD) | must_shrink
        fewer = [try_cut(chosen.size, chosen.dissolved | {int(leader)}) for leader in chosen.leaders[is_weak]]
        best = max(
            (cut for cut in fewer if must_shrink or cut.placed >= least),
            key=lambda cut: cut.worth,
            default=None,
        )
        if best is None or (best.worth <= chosen.worth and not must_shrink):
            break
        chosen = best
    return chosen


@dataclass(frozen=True)
class _Cut:
    """A cut and how resamples find it; ``shares`` are of the ideas of the theme, by cluster."""

    size: int
    dissolved: frozenset[int]
    leaders: np.ndarray
    shares: np.ndarray
    found: Agreement

    def of(self, placed: Placed) -> Placed:
        """The same cut of other similarities."""
        return placed.cut(self.size, self.dissolved)

    @property
    def placed(self) -> float:
        return float(self.shares.sum())

    @property
    def worth(self) -> float:
        stable = self.shares * (self.found.jaccard >= MIN_JACCARD)
        effective = stable.sum() ** 2 / np.square(stable).sum() if stable.any() else 0.1
        return self.found.rand * float(max(stable.sum(), 0.01) * effective)
