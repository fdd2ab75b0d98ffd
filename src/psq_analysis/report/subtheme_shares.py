"""How many respondents speak of each sub-theme, overall and by territory.

Sub-themes were found in these very answers: their shares describe, and no difference between territories is announced on them.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import dot_plot
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import say, short
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.sentences import words
from psq_analysis.tables.schema import UNDETERMINED

MOST_OVERALL = 12  # lines of a chart that a reader still ranks by eye
MOST_BY_TERRITORY = 6  # blocks of up to four territories: more would fill two screens


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
