"""Emergent clusters of ideas under each theme: found, tested for stability, named, counted by respondents.

Within a theme, clusters form around the features that bring most ideas together (:mod:`psq_analysis.partitions`): lexical
fields, their domains, words. The number of clusters is the one that gives most stable sub-themes on some bootstrap
resamples; unstable ones are then dissolved into their neighbours, as long as no more than a third of the ideas is left
out; those that remain unstable are marked. The stability reported is measured on other resamples than those that chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from psq_analysis import progress
from psq_analysis.content_words import ContentWords, merge_families, read_content_words
from psq_analysis.features import unaccent
from psq_analysis.lexical_fields import FieldCounts, read_fields
from psq_analysis.partitions import (
    MAX_UNCLUSTERED,
    MIN_CLUSTER_IDEAS,
    Agreement,
    Features,
    Placed,
    agreement,
    learn,
    resample,
)
from psq_analysis.proportions import wilson
from psq_analysis.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE, conform, empty
from psq_analysis.subtheme_names import name_clusters

# A report shows at most eight categories; beyond, a reader no longer keeps them apart.
MAX_CLUSTERS = 8
# Fewer ideas than this are read one by one; any cut of them would be an accident.
MIN_IDEAS_TO_CUT = 24
# Hennig (2007): under 0.6 a cluster should not be trusted; from 0.75 on it is a valid, stable one.
MIN_JACCARD = 0.6
# At 20 resamples the mean adjusted Rand index is known to about ± 0.03 on the real ideas tried. As many choose the cut.
RESAMPLES = 20
# Fits with other seeds (another sample of ideas), for the run-to-run figure.
REPEATED_RUNS = 3
# Ideas of one campaign whose words are this much alike (rapidfuzz, 0 to 100) are one text, a word changed here and there.
NEAR_COPY = 80
# Past this many ideas a theme is fitted on a sample and the others are assigned; centres no longer move beyond.
MAX_FITTED_IDEAS = 2500
# Shares of placed ideas that differ by less say the same.
NEARLY = 0.03


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
    families, fields = merge_families(words), read_fields(placed["text"].tolist())
    campaign = placed["remark_id"].map(remarks.set_index("remark_id")["campaign_id"])
    placed = placed.assign(
        theme=placed["idea_id"].map(theme_of_idea),
        said_by=campaign.fillna(placed["idea_id"]).astype(str),
        voice=_voices(placed, campaign),
    )
    found = []
    # The matrices are small: a second thread costs more than it brings, ten times more on a busy machine.
    with threadpool_limits(limits=1):
        for theme, ideas_of_theme in progress.over(placed.groupby("theme", sort=True), "cluster"):
            rows = ideas_of_theme.index.to_numpy()
            said = ContentWords(words.counts[rows], words.terms)
            one = _Theme(str(theme), ideas_of_theme, said, families[rows], fields[rows])
            found.append(one.cluster(seed=seed))
    return _gather(found)


def _voices(ideas: pd.DataFrame, campaign: pd.Series) -> pd.Series:
    """Return what tells apart ideas that name a sub-theme: in a campaign, those that say nearly the same are one voice."""
    kept: dict[str, list[str]] = {}
    saying: dict[tuple[str, str], str] = {}
    found = []
    for idea, sent, text in zip(ideas["idea_id"], campaign, ideas["text"].map(unaccent), strict=True):
        if pd.isna(sent):
            found.append(idea)
            continue
        if (sent, text) not in saying:
            near = process.extractOne(
                text, kept.get(sent, []), scorer=fuzz.token_set_ratio, score_cutoff=NEAR_COPY
            )
            saying[sent, text] = near[0] if near else text
            if not near:
                kept.setdefault(sent, []).append(text)
        found.append(f"{sent}\n{saying[sent, text]}")
    return pd.Series(found, index=ideas.index, dtype="string")


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

    Columns: ``theme``, ``subtheme_id``, ``label``, ``respondents`` (distinct respondents among ``contributions``), ``counted``
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
    counted = contributions["contribution_id"].nunique()
    low, high = wilson(summary["respondents"], counted)
    return conform(
        summary.assign(counted=counted, share=summary["respondents"] / counted, low=low, high=high),
        "clusters",
    )


def shown_subthemes(clusters: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the rows of ``clusters`` a reader may see: stable, and neither so small nor so large that few people stand apart.

    >>> clusters = pd.DataFrame({"respondents": [40, 8, 95, 40], "counted": 100, "is_stable": [True, True, True, False]})
    >>> shown_subthemes(clusters, min_cell=11).index.tolist()
    [0]
    """
    others = clusters["counted"] - clusters["respondents"]
    is_large = (clusters["respondents"] >= min_cell) & ((others >= min_cell) | (others == 0))
    return clusters[clusters["is_stable"] & is_large]


def respondent_subthemes(
    subthemes: pd.DataFrame,
    clusters: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
) -> pd.DataFrame:
    """Return who speaks of which stable sub-theme, as :func:`psq_analysis.comparison.respondent_codes` does of codes.

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
class _Theme:
    """The ideas of one theme and what they say."""

    name: str
    ideas: pd.DataFrame
    words: ContentWords
    families: sparse.csr_matrix
    fields: FieldCounts

    def cluster(self, *, seed: int) -> _Found:
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

    def _whole(self) -> _Found:
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
    ) -> _Found:
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
        return _Found(rows, stability, theme)


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
