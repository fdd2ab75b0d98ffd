"""Points on a plane, coloured by group, each with its words under the mouse."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts.style import MUTED, escape, finish
from psq_analysis.french.labels import column, say

# Okabe and Ito (2008), and three more that stay apart; past these, groups share the last one
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#6a51a3", "#8c564b", "#17807e")
HEIGHT = 640  # pixels

__all__ = ["escape", "point_map"]


def point_map(points: pd.DataFrame) -> go.Figure:
    """Draw points (``x``, ``y``, ``group``, ``hover`` already escaped, ``reference``), the largest group first in the legend."""
    sizes = points["group"].value_counts()
    figure = go.Figure()
    for place, (group, size) in enumerate(sizes.items()):
        rows = points[points["group"] == group]
        figure.add_trace(
            go.Scattergl(
                x=rows["x"].round(2), y=rows["y"].round(2), mode="markers",
                name=f"{escape(group)} ({french.number(int(size))})",
                marker={"size": 5, "opacity": 0.75, "color": COLOURS[place] if place < len(COLOURS) else MUTED},
                text=rows["hover"] + "<br>" + rows["reference"], hoverinfo="text",
            )
        )  # fmt: skip
    table = {
        "caption": say("map_of_ideas"),
        "columns": [column("group"), column("ideas")],
        "rows": [[str(group), french.number(int(size))] for group, size in sizes.items()],
    }
    meta = {"title": say("map_of_ideas"), "subtitle": say("map_of_ideas_measure"), "alt": say("map_of_ideas"), "table": table, "narrow": None}  # fmt: skip
    figure = finish(figure, height=HEIGHT, meta=meta)
    hidden = {"visible": False, "showgrid": False}
    return figure.update_layout(
        showlegend=True, dragmode="pan", xaxis=hidden, yaxis=hidden,
        legend={"orientation": "h", "y": -0.02, "yanchor": "top"}, margin={"b": 120},
    )  # fmt: skip
