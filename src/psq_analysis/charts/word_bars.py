"""The words each group uses more than the others, as bars of their specificity."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts.style import ACCENT, AXIS, GRID, GROUP_COLOURS, ROW, escape, finish, row_text
from psq_analysis.french.labels import column

WORDS = 8  # of a group: past these, bars hardly differ


def word_bars(words: pd.DataFrame, *, title: str) -> go.Figure:
    """Draw, for each group one block, in it one bar per word, the most specific first.

    ``words``: ``group``, ``group_label``, ``word``, ``specificity``, in the order they are to be shown.
    """
    rows = words.groupby("group", sort=False).head(WORDS)
    lines: list[tuple[str, pd.Series | None]] = []
    for _, block in rows.groupby("group", sort=False):
        lines.append((block["group_label"].iloc[0], None))
        lines += [(row["word"], row) for _, row in block.iterrows()]
    bars = [(-float(place), row) for place, (_, row) in enumerate(lines) if row is not None]
    figure = go.Figure(
        go.Bar(
            x=[float(row["specificity"]) for _, row in bars],
            y=[height for height, _ in bars],
            orientation="h",
            marker={"color": [GROUP_COLOURS.get(str(row["group"]), ACCENT) for _, row in bars]},
            hovertext=[f"{escape(row['word'])} : {french.number(float(row['specificity']), digits=1)}" for _, row in bars],
            hoverinfo="text",
        )
    )  # fmt: skip
    texts = [row_text(f"<b>{escape(name)}</b>" if row is None else escape(name), -float(place)) for place, (name, row) in enumerate(lines)]  # fmt: skip
    figure.update_layout(
        annotations=texts,
        xaxis={"domain": [0.33, 1], "gridcolor": GRID, "zeroline": False, "fixedrange": True},
        yaxis={"visible": False, "range": [-len(lines) + 0.4, 0.6], "fixedrange": True},
    )
    table = {
        "caption": title,
        "columns": [column("group_label"), column("word"), column("specificity")],
        "rows": [
            [row["group_label"], row["word"], french.number(float(row["specificity"]), digits=1)]
            for _, row in rows.iterrows()
        ],
    }
    meta = {"title": title, "subtitle": column("specificity"), "alt": title, "table": table, "narrow": None}
    return finish(figure, height=ROW * len(lines) + AXIS, meta=meta)
