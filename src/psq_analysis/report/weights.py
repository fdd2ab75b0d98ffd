"""Shares weighted to known populations, beside the plain ones, with what weighting costs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import dot_plot
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.reweighted import PLAIN, WEIGHTED, Reweighted
from psq_analysis.french.labels import label, say, short
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.tables import selections


def lead(reweighted: Reweighted | None) -> Fragment:
    """Say how the respondents were weighted and what it costs; or that they were not."""
    if reweighted is None:
        return sentence(say("not_weighted"), kind="note")
    several = len(reweighted.margins) > 1
    names = [label("groupings", grouping).lower() for grouping in reweighted.margins]
    return sentence(
        say(
            "weighted",
            margins=french.enumeration(names),
            method=say("raking" if several else "post_stratification"),
            effect=french.number(reweighted.effect, digits=2),
            n=french.number(reweighted.respondents),
            effective=french.number(reweighted.respondents / reweighted.effect),
        )
    )


def chart(
    reweighted: Reweighted | None, prevalence: pd.DataFrame, scheme: str, names: Names
) -> go.Figure | Fragment:
    """Plain and weighted shares of a scheme, one under the other; nothing without weights."""
    if reweighted is None:
        return Fragment("")
    plain = selections.subjects(prevalence, scheme)
    weighted = reweighted.shares.set_index(["scheme", "code"])
    rows = []
    for row in plain.itertuples():
        other = weighted.loc[(scheme, row.code)]
        effective = round(reweighted.respondents / reweighted.effect)
        base = {"label": names[scheme, row.code], "short": short(names[scheme, row.code])}
        rows.append(
            base
            | {
                "edge": "",
                "group": PLAIN,
                "group_label": say("plain_share"),
                "respondents": row.respondents,
                "mentions": row.mentions,
                "share": row.share,
                "low": row.low,
                "high": row.high,
            }
        )
        rows.append(
            base
            | {
                "edge": "",
                "group": WEIGHTED,
                "group_label": say("weighted_share"),
                "respondents": effective,
                "mentions": pd.NA,
                "share": other["share"],
                "low": other["low"],
                "high": other["high"],
            }
        )
    if not rows:
        return sentence(say("title_all_withheld"), kind="note")
    title = say(f"title_weighted_{scheme}")
    return dot_plot.shares_by_group(pd.DataFrame(rows), title=title, caption=say(f"caption_weighted_{scheme}"))  # fmt: skip
