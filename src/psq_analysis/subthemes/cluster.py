"""Emergent clusters of ideas under each theme: found, tested for stability, named, counted by respondents.

Within a theme, clusters form around the features that bring most ideas together (:mod:`psq_analysis.partitions`): lexical
fields, their domains, words. The number of clusters is the one that gives most stable sub-themes on some bootstrap
resamples; unstable ones are then dissolved into their neighbours, as long as no more than a third of the ideas is left
out; those that remain unstable are marked. The stability reported is measured on other resamples than those that chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process
from threadpoolctl import threadpool_limits

from psq_analysis import progress
from psq_analysis.subthemes.theme import NEAR_COPY, Found, Theme
from psq_analysis.tables.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE, conform, empty
from psq_analysis.text.content_words import ContentWords, merge_families, read_content_words
from psq_analysis.text.lexical_fields import read_fields
from psq_analysis.text.plain import unaccent


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
            one = Theme(str(theme), ideas_of_theme, said, families[rows], fields[rows])
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


def _gather(found: Sequence[Found]) -> Clustering:
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
