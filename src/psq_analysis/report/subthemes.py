"""Sub-themes: how much of each theme they hold, how far they last, each in its own words, and how many respondents speak of each.

Sub-themes were found in these very answers: their shares describe, and no difference between territories is announced on them.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import dot_plot
from psq_analysis.coding.code_names import Names
from psq_analysis.coding.codebook import Codebook
from psq_analysis.french.labels import label, say, short
from psq_analysis.html.fragments import Fragment, render, sentence
from psq_analysis.quotes.choice import CENTRE
from psq_analysis.report.themes import quote
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.sentences import words
from psq_analysis.sentences.subthemes import share_left
from psq_analysis.tables.schema import UNDETERMINED
from psq_analysis.tables.selections import shown_subthemes

MOST_OVERALL = 12  # lines of a chart that a reader still ranks by eye
MOST_BY_TERRITORY = 6  # blocks of up to four territories: more would fill two screens


def by_theme(
    themes: pd.DataFrame, clusters: pd.DataFrame, grid: Codebook, *, min_cell: int, is_part: bool = False
) -> pd.DataFrame:
    """One row a theme: its ideas, the share left without a sub-theme, how many sub-themes are stable, and the adjusted Rand indices.

    ``themes``: of :func:`psq_analysis.subthemes.cluster.cluster_ideas`. Counts of 1 to ``min_cell`` − 1 ideas are withheld, and what gives them; in a part of a
    run (``is_part``), all of them.
    """
    stable = clusters[clusters["is_stable"]].groupby("theme").size()
    rows = themes[themes["ideas"] >= min_cell]
    return pd.DataFrame(
        {
            "theme": [grid.label("theme", theme) for theme in rows["theme"]],
            "ideas": rows["ideas"].mask(pd.Series(is_part, index=rows.index)).astype("Int64"),
            "ungrouped": [
                label("words", "withheld")
                if is_part
                else share_left(row.ideas, row.ideas - row.clustered, min_cell)
                for row in rows.itertuples()
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


def overall_chart(prevalence: pd.DataFrame, clusters: pd.DataFrame, names: Names) -> go.Figure | Fragment:
    """The sub-themes most respondents speak of, each with its interval."""
    rows = _named(prevalence, clusters, names)
    rows = rows[(rows["grouping"] == "all") & rows["share"].notna()]
    rows = rows.sort_values("share", ascending=False, kind="stable").head(MOST_OVERALL)
    if rows.empty:
        return sentence(say("no_subtheme_share"), kind="note")
    first = rows.iloc[0]
    share = french.estimate(first["share"], first["low"], first["high"])
    title = say("title_subthemes", name=first["subtheme"], theme=first["theme"], share=share)
    return dot_plot.shares(
        rows.assign(is_subject=True), title=title, caption=say("caption_subthemes", count=len(rows))
    )


def territory_chart(prevalence: pd.DataFrame, clusters: pd.DataFrame, names: Names) -> go.Figure | Fragment:
    """The same by territory, for the sub-themes whose share may be published in two territories at least."""
    rows = _named(prevalence, clusters, names)
    order = rows[rows["grouping"] == "all"].sort_values("share", ascending=False, kind="stable")["code"]
    rows = rows[(rows["grouping"] == "territory") & (rows["group"] != UNDETERMINED)]
    rows = rows[rows.groupby("code")["share"].transform("count") > 1]
    if rows.empty:
        return sentence(say("no_subtheme_by_territory"), kind="note")
    shown = [code for code in order if code in set(rows["code"])][:MOST_BY_TERRITORY]
    ranked = rows[rows["code"].isin(shown)].sort_values(
        "code", key=lambda codes: codes.map({code: rank for rank, code in enumerate(shown)}), kind="stable"
    )
    drawn = ranked.assign(
        group_label=[french.capitalised(words.group_name("territory", group)) for group in ranked["group"]]
    )
    return dot_plot.shares_by_group(
        drawn, title=say("title_subthemes_by_territory"), caption=say("caption_subthemes_by_territory")
    )


def _named(prevalence: pd.DataFrame, clusters: pd.DataFrame, names: Names) -> pd.DataFrame:
    rows = prevalence[prevalence["scheme"] == SUBTHEME]
    named = clusters.set_index("subtheme_id")
    labels = [named.at[code, "label"] for code in rows["code"]]
    themes = [short(names["theme", named.at[code, "theme"]]) for code in rows["code"]]
    return rows.assign(
        subtheme=labels,
        theme=themes,
        label=[f"{name} ({theme})" for name, theme in zip(labels, themes, strict=True)],
        short=[short(name) for name in labels],
    )
