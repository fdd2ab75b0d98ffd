"""Territories and voices side by side: charts on one scale, what differs in words and in tables, and what could not be told.

Frames in, figures and fragments out; each function is one cell of ``03_compare`` or ``04_report``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import dot_plot, style
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.contrasts import unnoticed
from psq_analysis.french.labels import column, label, say, short
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.sentences import key_findings, words
from psq_analysis.sentences import rows as sentences_rows
from psq_analysis.sentences.contrasts import contrast_sentences, grouping_name, shown_contrasts
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables import selections

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
        rows=[(group, [heat_cell(cells[group, code], highest) for code in codes]) for group in in_order],
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


def heat_cell(row: Any, highest: float) -> dict[str, Any]:
    """Return the text of a cell and how dark it is, from 0 to 100; a cell that is not published, or absent, says so."""
    if row is None or pd.isna(row.share):  # a code of which too few speak in all is not told by group
        return {"text": label("words", "withheld_short"), "level": 0}
    text = words.share_text(row) if row.edge else french.percent(row.share)
    return {"text": text, "level": round(100 * float(row.share) / highest)}


def group_lead(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Fragment:
    """The contrasts of a grouping that hold, in words; or what could not be seen, or why nothing is compared."""
    texts = contrast_sentences(contrasts, prevalence, grouping, names)
    if texts:
        return render("sentences.html.j2", sentences=texts)
    return sentence(key_findings.nothing_differs(prevalence, contrasts, grouping), kind="lead")


def comparisons(prevalence: pd.DataFrame, contrasts: pd.DataFrame, names: Names) -> Fragment:
    """Every comparison made, in words and numbers: a folded table for each grouping, the smallest q first."""
    unseen = unnoticed(contrasts)
    sizes = selections.sizes_of(prevalence)
    tested = int(contrasts["p_value"].notna().sum())
    parts = []
    for grouping, rows in contrasts.groupby("grouping", sort=False):
        made = rows[rows["p_value"].notna()].sort_values("q_value", kind="stable")
        name = grouping_name(str(grouping))
        announced = len(selections.announced(made))
        summary = say(
            "comparisons_summary",
            grouping=name,
            made=french.count(len(made), "comparaison"),
            announced=french.count(announced, "écart annoncé", "écarts annoncés"),
        )
        shown = shown_contrasts(made, names, sizes, unseen)
        not_made = len(rows) - len(made)
        parts.append(
            {
                "summary": summary,
                "table": table(shown, caption=say("comparisons_caption", grouping=name)) if len(made) else "",
                "note": say("comparisons_not_made", count=french.count(not_made, "comparaison")) if not_made else "",
            }
        )  # fmt: skip
    return render(
        "comparisons.html.j2", parts=parts, measure=say("comparisons_measure", tested=french.number(tested))
    )


def tested_together(
    said: pd.DataFrame, twins: Mapping[words.Code, words.Code], independent: float, names: Names
) -> Fragment:
    """Say which objectives are a theme under another name, and how many independent codes all of them are worth."""
    named = [
        say("twin", objective=french.inside_quotes(names[one]), theme=french.inside_quotes(names[other]))
        for one, other in twins.items()
    ]
    texts = [say("twins", named=french.enumeration(named))] if named else []
    codes = len(said[["scheme", "code"]].drop_duplicates())
    if codes:
        texts.append(say("independent", codes=french.number(codes), independent=french.number(independent)))
    return render("sentences.html.j2", sentences=texts)


def thresholds(
    by_threshold: pd.DataFrame, scheme: str, names: Names, *, min_cell: int = MIN_CELL
) -> Fragment:
    """Say whether the order of the subjects of a scheme changes when the coder is asked to be surer; where it does, show the shares and their intervals.

    Codes that are not shown at every score are left out.

    ``by_threshold``: of :func:`psq_analysis.comparison.same_people.shares_by_threshold`.
    """
    rows = by_threshold[by_threshold["is_shown"] & ~by_threshold["code"].isin(selections.NOT_SUBJECTS)]
    rows = rows[rows.groupby("code")["score"].transform("size") == by_threshold["score"].nunique()]
    if rows.empty:
        return sentence(say("no_share", min_cell=min_cell), kind="note")
    plural = label("schemes_plural", scheme)
    orders: dict[float, list[str]] = {
        score: part.sort_values("share", ascending=False, kind="stable")["code"].tolist()
        for score, part in rows.groupby("score")
    }
    as_coded = next(iter(orders.values()), [])
    changed = {score: order for score, order in orders.items() if order != as_coded}
    if not changed:
        return sentence(say("thresholds_same", scheme=plural), kind="note")
    parts = [
        say(
            "threshold_order" if order[0] != as_coded[0] else "threshold_order_below",
            score=french.number(score, digits=1),
            first=say("around", verbatim=french.inside_quotes(names[scheme, order[0]])),
        )
        for score, order in changed.items()
    ]
    shown = pd.DataFrame({"label": [short(names[scheme, code]) for code in as_coded]})
    for score, part in rows.groupby("score"):
        head = (
            say("threshold_column", score=french.number(score, digits=1)) if score else say("threshold_as_is")
        )
        cells = part.set_index("code").loc[as_coded]
        shown[head] = [f"{words.share_text(row)} {words.interval_text(row)}" for _, row in cells.iterrows()]
    told = sentence(say("thresholds_change", scheme=plural, named=" ; ".join(parts)), kind="note")
    caption = say("caption_thresholds", scheme=plural, n=words.n_text(int(rows["respondents"].iloc[0])))
    return Fragment(told + table(shown, caption=caption))
