"""The tree of a divisive classification → plotly figure: branches at the left, each class named at the right. Computes nothing.

As the figures of :mod:`psq_analysis.charts.dot_plot`: everything the HTML report says in text lies in ``layout.meta``.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.french.labels import column, label, say
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.subthemes.reinert import Tree
from psq_analysis.subthemes.word_classes import WordClasses

# pixels: a class on a wide page (size, words) and on a phone (size, words on up to three lines)
LEAF, NARROW_LEAF = 58, 92
# of the width: where the branches end and the names start
BRANCHES_END, NAMES_START = 0.2, 0.235
NARROW_BRANCHES_END, NARROW_NAMES_START = 0.14, 0.2
# characters of a line of words on a phone, and words that fit on one line of a page
NARROW_LINE, WORDS_IN_A_LINE = 38, 7
# words of the largest class that name it in the title
WORDS_IN_TITLE = 3
# pixels across the dot of a class that would hold every idea
WHOLE_DOT = 52
_LEAF_STEP = 10  # of SciPy's drawing: leaves stand at 5, 15, 25…


def dendrogram(found: WordClasses, *, caption: str, is_part: bool = False) -> go.Figure | Fragment:
    """Draw the tree of ``found``: at the end of each branch its share, respondents and typical words; or say there is no tree. None is drawn of a part of a run."""
    if is_part:
        return sentence(say("ideas_of_part"), kind="note")
    if len(found.classes) < 2:
        return sentence(say("classes_too_few" if found.read else "classes_nothing"), kind="note")
    classes = found.classes.set_index("class_number").loc[found.tree.leaves()]
    heights = {number: -float(place) for place, number in enumerate(classes.index)}
    plot = go.Figure(_branches(found.tree))
    plot.add_trace(_leaves(classes, heights))
    largest = found.classes.iloc[0]
    title = say(
        "classes_title",
        classes=french.count(len(classes), "classe de mots", "classes de mots"),
        label=", ".join(largest["words"][:WORDS_IN_TITLE]) or largest["label"],
    )
    plot.update_layout(
        annotations=[_name(row, heights[row.Index], narrow=False) for row in classes.itertuples()],
        xaxis={"visible": False, "domain": [0.01, BRANCHES_END], "fixedrange": True, "range": [-_depth(found.tree), 0]},
        yaxis={"visible": False, "range": [-len(classes) + 0.45, 0.55], "fixedrange": True},
    )  # fmt: skip
    narrow = {
        "height": NARROW_LEAF * len(classes),
        "domain": [0.01, NARROW_BRANCHES_END],
        "annotations": [_name(row, heights[row.Index], narrow=True) for row in classes.itertuples()],
    }
    parts = " ; ".join(
        f"{_size(row)} : {', '.join(row.words) or row.label}" for row in found.classes.itertuples()
    )
    return style.finish(
        plot,
        height=LEAF * len(classes),
        meta={
            "title": title,
            "subtitle": say("classes_measure"),
            "alt": say("alt_more", title=title, caption=caption, parts=parts),
            "table": _table(found, caption),
            "narrow": narrow,
        },
    ).update_layout(margin={"b": 0})


def _depth(tree: Tree) -> float:
    return float(max(max(y) for y in tree.branches()["y"])) * 1.05


def _branches(tree: Tree) -> go.Scatter:
    """The brackets of SciPy's drawing, turned so that the first cut stands at the left and the leaves at the right."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in tree.branches().itertuples():
        xs += [-height for height in row.y] + [None]
        ys += [-(place - _LEAF_STEP / 2) / _LEAF_STEP for place in row.x] + [None]
    return go.Scatter(
        x=xs, y=ys, mode="lines", line={"color": style.QUIET, "width": 2}, hoverinfo="skip", cliponaxis=False
    )


def _leaves(classes: Any, heights: dict[int, float]) -> go.Scatter:
    return go.Scatter(
        x=[0.0] * len(classes),
        y=[heights[number] for number in classes.index],
        mode="markers",
        marker={
            "color": style.ACCENT,
            "opacity": 1,
            "size": [WHOLE_DOT * share**0.5 for share in classes["share"]],
            "line": {"color": "#ffffff", "width": 1.5},
        },
        hovertext=[f"{style.escape(row.label)}<br>{_size(row)}" for row in classes.itertuples()],
        hoverinfo="text",
        cliponaxis=False,
    )


def _size(row: Any) -> str:
    return say(
        "class_size", share=french.percent(row.share), respondents=french.count(row.respondents, "répondant")
    )


def _name(row: Any, height: float, *, narrow: bool) -> dict[str, Any]:
    """The size of a class in bold, its words under it; folded in short lines on a phone."""
    words = ", ".join(row.words[:WORDS_IN_A_LINE]) or row.label
    lines = wrap(words, NARROW_LINE)[:3] if narrow else [words]
    size = say("class_size_short", share=french.percent(row.share), n=french.number(row.respondents))
    return {
        "text": "<br>".join([f"<b>{size if narrow else _size(row)}</b>", *map(style.escape, lines)]),
        "x": NARROW_NAMES_START if narrow else NAMES_START,
        "y": height,
        "xref": "paper",
        "yref": "y",
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"color": style.INK, "size": 13},
    }


def _table(found: WordClasses, caption: str) -> dict[str, Any]:
    rows = [
        [
            row.label,
            french.percent(row.share),
            french.number(row.respondents),
            ", ".join(row.words) or label("words", "none"),
        ]
        for row in found.classes.itertuples()
    ]
    names = ["word_class", "share_of_ideas", "respondents", "typical_words"]
    return {"caption": caption, "columns": [column(name) for name in names], "rows": rows, "numeric": [1, 2]}
