"""What organised answers change: sentences and chart of the report."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from psq_analysis.charts import dot_plot
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.campaigns import GROUPING, of_scheme, side_by_side
from psq_analysis.french.labels import say, short
from psq_analysis.html.fragments import Fragment, render
from psq_analysis.sentences.campaigns import contrasts_sentence, order_sentence
from psq_analysis.tables import selections


def conclusions(
    prevalence: pd.DataFrame, contrasts: pd.DataFrame, without: pd.DataFrame, names: Names
) -> Fragment:
    """Say in words whether the order of the subjects and the differences between groups stand without the organised answers.

    ``without``: the contrasts of :func:`contrasts_without`. Empty where no campaign is counted; only the reason where the shares of
    the others are withheld.
    """
    if not (prevalence["grouping"] == GROUPING).any():
        return Fragment("")
    texts = [
        order_sentence(side_by_side(prevalence, scheme), scheme, names) for scheme in ("theme", "objective")
    ]
    if any(texts):
        texts.append(contrasts_sentence(contrasts, without, names))
    return render(
        "campaigns.html.j2",
        title=say("campaign_title"),
        sentences=[text for text in texts if text] or [say("campaign_withheld")],
    )


def chart(prevalence: pd.DataFrame, scheme: str, names: Names, *, caption: str) -> go.Figure | Fragment:
    """The shares of a scheme among all respondents and, under each, among those who sent no organised answer.

    Nothing where no campaign is counted, or where no share of the others may be published.
    """
    rows = of_scheme(prevalence, scheme)
    published = rows.groupby("code")["share"].transform("count") == 2
    rows = rows[published]
    if rows.empty:
        return Fragment("")
    order = {code: rank for rank, code in enumerate(selections.subjects(prevalence, scheme)["code"])}
    rows = rows.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    drawn = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[say(f"campaign_with_{group}") for group in rows["group"]],
    )
    title = order_sentence(side_by_side(prevalence, scheme), scheme, names, is_title=True)
    return dot_plot.shares_by_group(drawn, title=title or caption, caption=caption)
