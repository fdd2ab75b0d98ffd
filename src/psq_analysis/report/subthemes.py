"""What ``02_cluster`` shows of the sub-themes: how much of each theme they hold, how far they last, and each in its own words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.codebook import Codebook
from psq_analysis.french.labels import label, say
from psq_analysis.html.fragments import Fragment, render, sentence
from psq_analysis.quotes.choice import CENTRE
from psq_analysis.report.themes import quote
from psq_analysis.sentences.subthemes import share_left
from psq_analysis.tables.selections import shown_subthemes


def by_theme(themes: pd.DataFrame, clusters: pd.DataFrame, grid: Codebook, *, min_cell: int) -> pd.DataFrame:
    """One row a theme: its ideas, the share left without a sub-theme, how many sub-themes are stable, and the adjusted Rand indices.

    ``themes``: of :func:`psq_analysis.subthemes.cluster.cluster_ideas`. Counts of 1 to ``min_cell`` − 1 ideas are withheld, and what gives them.
    """
    stable = clusters[clusters["is_stable"]].groupby("theme").size()
    rows = themes[themes["ideas"] >= min_cell]
    return pd.DataFrame(
        {
            "theme": [grid.label("theme", theme) for theme in rows["theme"]],
            "ideas": rows["ideas"],
            "ungrouped": [
                share_left(row.ideas, row.ideas - row.clustered, min_cell) for row in rows.itertuples()
            ],
            "stable_subthemes": [
                say("stable_of", stable=int(stable.get(row.theme, 0)), clusters=row.clusters)
                for row in rows.itertuples()
            ],
            "rand_bootstrap": rows["rand_bootstrap"],
            "rand_runs": rows["rand_runs"],
        }
    )


def title(row: Any) -> str:
    """The title of a sub-theme: a sentence of its people and, behind it, its handle; the handle alone where nobody wrote one."""
    handle = french.capitalised(row.label)
    return handle if pd.isna(row.headline) else say("subtheme_title", headline=row.headline, handle=row.label)


def one_by_one(clusters: pd.DataFrame, quotes: pd.DataFrame, grid: Codebook, *, min_cell: int) -> Fragment:
    """Each stable sub-theme, folded under its theme: name, share of respondents with its interval, quotations.

    ``quotes``: of :func:`psq_analysis.quotes.choice.choose`.
    """
    shown = shown_subthemes(clusters, min_cell=min_cell)
    if shown.empty:
        return sentence(say("no_stable_subtheme"), kind="note")
    themes = [
        {
            "label": grid.label("theme", theme),
            "subthemes": [
                {
                    "label": title(row),
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
