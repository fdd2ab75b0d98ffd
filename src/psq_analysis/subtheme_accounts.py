"""What ``02_cluster`` shows of the sub-themes: how much of each theme they hold, how far they last, and each in its own words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.codebook import Codebook
from psq_analysis.decision import quote
from psq_analysis.fragments import Fragment, render, sentence
from psq_analysis.labels import label, say
from psq_analysis.subthemes import shown_subthemes
from psq_analysis.verbatims import CENTRE


def by_theme(themes: pd.DataFrame, clusters: pd.DataFrame, grid: Codebook, *, min_cell: int) -> pd.DataFrame:
    """One row a theme: its ideas, the share left without a sub-theme, how many sub-themes are stable, and the adjusted Rand indices.

    ``themes``: of :func:`psq_analysis.subthemes.cluster_ideas`. Counts of 1 to ``min_cell`` − 1 ideas are withheld, and what gives them.
    """
    stable = clusters[clusters["is_stable"]].groupby("theme").size()
    rows = themes[themes["ideas"] >= min_cell]
    return pd.DataFrame(
        {
            "theme": [grid.label("theme", theme) for theme in rows["theme"]],
            "ideas": rows["ideas"],
            "ungrouped": [
                _share_left(row.ideas, row.ideas - row.clustered, min_cell) for row in rows.itertuples()
            ],
            "stable_subthemes": [
                say("stable_of", stable=int(stable.get(row.theme, 0)), clusters=row.clusters)
                for row in rows.itertuples()
            ],
            "rand_bootstrap": rows["rand_bootstrap"],
            "rand_runs": rows["rand_runs"],
        }
    )


def _share_left(ideas: int, left: int, min_cell: int) -> str:
    """Write the share of ideas left out; of a small number of them, only that it is small.

    >>> _share_left(200, 50, 11), _share_left(200, 3, 11), _share_left(200, 0, 11)
    ('25\\u202f%', 'moins de 6\\u202f%', '0\\u202f%')
    """
    if 0 < left < min_cell:
        return say("less_than", share=french.percent(min_cell / ideas))
    return french.percent(left / ideas)


def clustered_sentences(themes: pd.DataFrame, grid: Codebook, *, min_cell: int) -> str:
    """Say how many ideas found a sub-theme, which theme leaves out most, and how much the groups depend on who answered."""
    ideas, clustered = int(themes["ideas"].sum()), int(themes["clustered"].sum())
    if not ideas:
        return say("no_subthemes")
    rows = themes[themes["ideas"] >= min_cell]
    left = ((rows["ideas"] - rows["clustered"]) / rows["ideas"]).sort_values()
    worst = ""
    if len(left) > 1:
        theme = rows.loc[left.index[-1]]
        worst = say(
            "clustered_worst",
            theme=french.inside_quotes(grid.label("theme", theme["theme"])),
            share=_share_left(theme["ideas"], theme["ideas"] - theme["clustered"], min_cell),
        )
    text = say(
        "clustered",
        share=french.percent(clustered / ideas),
        clustered=french.number(clustered),
        ideas=french.number(ideas),
        worst=worst,
    )
    rand = themes["rand_bootstrap"].mean()
    stability = say("clustered_stability", rand=french.number(rand, digits=2)) if pd.notna(rand) else ""
    return f"{french.capitalised(text)} {stability}".strip()


def one_by_one(clusters: pd.DataFrame, quotes: pd.DataFrame, grid: Codebook, *, min_cell: int) -> Fragment:
    """Each stable sub-theme, folded under its theme: name, share of respondents with its interval, quotations.

    ``quotes``: of :func:`psq_analysis.verbatims.choose`.
    """
    shown = shown_subthemes(clusters, min_cell=min_cell)
    if shown.empty:
        return sentence(say("no_stable_subtheme"), kind="note")
    themes = [
        {
            "label": grid.label("theme", theme),
            "subthemes": [
                {
                    "label": french.capitalised(row.label),
                    "share": _share(row),
                    "quotes": [
                        quote(one.text, one.reference, "" if one.role == CENTRE else label("roles", one.role))
                        for one in quotes[quotes["subtheme_id"] == row.subtheme_id].itertuples()
                    ],
                }
                for row in of_theme.itertuples()
            ],
        }
        for theme, of_theme in shown.groupby("theme", sort=False)
    ]
    return render("subthemes.html.j2", themes=themes, without=say("subtheme_without_quote"))


def _share(row: Any) -> str:
    return say(
        "share",
        share=french.estimate(row.share, row.low, row.high),
        interval=french.interval(row.low, row.high),
        mentions=french.number(row.respondents),
        respondents=french.number(row.counted),
    )
