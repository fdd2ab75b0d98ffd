"""Territories and voices side by side: charts on one scale, what differs in words, and what could not be told.

Frames in, figures and fragments out; each function is one cell of ``03_compare`` or ``04_report``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import dot_plot, style
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import column, label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.sentences import rows as sentences_rows
from psq_analysis.sentences import words
from psq_analysis.sentences.contrasts import grouping_name

# Policemen and gendarmes beside inhabitants: who serves, who is served.
SIDE_BY_SIDE = ("policiers", "gendarmes", "habitants")


def share_chart(
    prevalence: pd.DataFrame, scheme: str, names: Names, *, tied: Collection[words.Code], caption: str
) -> go.Figure | Fragment:
    """The shares of a scheme over all respondents, under the title that states what comes first.

    ``tied``: codes that do not stand apart from the next (:func:`psq_analysis.comparison.same_people.tied`).
    """
    rows = sentences_rows.shown_overall(prevalence, scheme, names)
    title = sentences_rows.shares_title(prevalence, scheme, names, tied)
    return _figure_or_sentence(dot_plot.shares, rows, title=title, caption=caption)


def group_chart(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    scheme: str,
    grouping: str,
    names: Names,
    *,
    caption: str,
) -> go.Figure | Fragment:
    """The shares of a scheme by group on one scale, under the title that states the clearest difference."""
    rows = sentences_rows.shown_by_group(prevalence, scheme, grouping, names)
    if rows.empty:
        return Fragment("")
    title = sentences_rows.group_title(contrasts, grouping, scheme, names)
    return _figure_or_sentence(dot_plot.shares_by_group, rows, title=title, caption=caption)


def agents_and_inhabitants(prevalence: pd.DataFrame, names: Names, *, caption: str) -> go.Figure | Fragment:
    """Policemen, gendarmes and inhabitants on one scale, for the themes where two of them may be shown; no claim that they differ."""
    rows = sentences_rows.shown_by_group(prevalence, "theme", "stakeholder", names)
    rows = rows[rows["group"].isin(SIDE_BY_SIDE)]
    rows = rows[rows.groupby("code")["share"].transform("count") > 1]
    if rows.empty:
        return Fragment("")
    return _figure_or_sentence(dot_plot.shares_by_group, rows, title=caption, caption=caption)


def _figure_or_sentence(
    draw: Callable[..., go.Figure], rows: pd.DataFrame, *, title: str, caption: str
) -> go.Figure | Fragment:
    if rows.empty or rows["share"].isna().all():
        return sentence(say("figure_empty", caption=caption), kind="note")
    return draw(rows, title=title, caption=caption)


def heat_map(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    grouping: str,
    names: Names,
    *,
    caption: str,
    min_cell: int,
) -> Fragment:
    """Groups × themes, each cell with its share written in it; groups of too few respondents are left out."""
    rows = sentences_rows.shown_by_group(prevalence, "theme", grouping, names)
    if rows["group"].nunique() < 2:
        return Fragment("")
    cells = {(row.group_label, row.code): row for row in rows.itertuples()}
    codes, groups = rows["code"].drop_duplicates(), rows["group_label"].drop_duplicates()
    order = prevalence.loc[prevalence["grouping"] == grouping, "group"].drop_duplicates()
    in_order = [
        name
        for name in map(french.capitalised, (words.group_name(grouping, one) for one in order))
        if name in set(groups)
    ]
    highest = float(rows["share"].max()) or 1.0
    corner = column("voice" if grouping == "stakeholder" else "group_label")
    return render(
        "heat.html.j2",
        title=sentences_rows.group_title(contrasts, grouping, "theme", names),
        measure=say("measure_heat", min_cell=min_cell),
        caption=caption,
        corner=corner,
        columns=rows.drop_duplicates("code")["short"].tolist(),
        rows=[(group, [_heat_cell(cells[group, code], highest) for code in codes]) for group in in_order],
        withheld=label("words", "withheld_short"),
        table=table(
            style.numbers(rows, {"group_label": corner, "label": column("label")}),
            caption=f"{caption} : {label('words', 'the_numbers').lower()}",
        ),
    )  # fmt: skip


def further_groupings(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    groupings: Sequence[str],
    names: Names,
    *,
    min_cell: int,
) -> Fragment:
    """A heat map for each grouping asked for besides territories, voices and waves; a sentence where none was."""
    if not groupings:
        return sentence(say("no_further"), kind="note")
    maps = []
    for grouping in groupings:
        caption = say("caption_further", grouping=grouping_name(grouping).lower())
        shown = heat_map(prevalence, contrasts, grouping, names, caption=caption, min_cell=min_cell)
        maps.append(shown or sentence(say("figure_empty", caption=caption), kind="note"))
    return Fragment("").join(maps)


def _heat_cell(row: Any, highest: float) -> dict[str, Any]:
    text = words.share_text(row) if row.edge else french.percent(row.share)
    return {"text": text, "level": round(100 * float(row.share) / highest)}
