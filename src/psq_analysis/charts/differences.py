"""Plain and adjusted differences on one scale: a hollow mark for the plain one, a full one for the adjusted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.french.labels import column, say
from psq_analysis.sentences.words import q_number

APART = 0.17  # of a line, between the two marks that share it
STEP = 0.2  # points between two ticks of the axis, as a fraction


def differences(rows: pd.DataFrame, *, title: str, reference: str, caption: str) -> go.Figure:
    """Draw, for each code one block, in it one line per group: its difference with the reference, plain and adjusted.

    ``rows``: ``short``, ``label``, ``group``, ``group_label``, ``respondents``, ``difference``, ``low``, ``high``, ``difference_adjusted``,
    ``low_adjusted``, ``high_adjusted``, ``q_adjusted``, in the order they are to be shown.
    """
    lines: list[tuple[str, Any]] = []
    for name, block in rows.groupby("short", sort=False):
        lines.append((str(name), None))
        lines += [(row.group_label, row) for row in block.itertuples()]
    marked = [(-float(place), row) for place, (_, row) in enumerate(lines) if row is not None]
    reach = max(
        max(abs(getattr(row, end)) for end in ("low", "high", "low_adjusted", "high_adjusted"))
        for _, row in marked
    )
    upper = STEP * (int(reach / STEP) + 1)
    plot = go.Figure()
    for height, row in marked:
        colour = style.GROUP_COLOURS.get(str(row.group), style.ACCENT)
        plot.add_traces(_pair(height, row, colour))
    texts = [
        style.row_text(f"<b>{style.escape(name)}</b>" if row is None else style.escape(name), -float(place))
        for place, (name, row) in enumerate(lines)
    ]
    texts += [style.row_text(_number(row), height, is_number=True) for height, row in marked]
    ticks = [STEP * tick for tick in range(-round(upper / STEP), round(upper / STEP) + 1)]
    plot.update_layout(
        annotations=texts,
        shapes=[{"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "xref": "x", "yref": "paper", "layer": "below",
                 "line": {"color": style.QUIET, "width": 1.2}}],
        xaxis={
            "range": [-upper, upper], "tickvals": ticks, "ticktext": [french.signed(tick) for tick in ticks],
            "gridcolor": style.GRID, "zeroline": False, "fixedrange": True, "ticks": "",
            "tickfont": {"color": style.MUTED, "size": 12}, "domain": [style.LABEL_SIDE - 0.08, style.NUMBER_SIDE - 0.08], "side": "bottom",
        },
        yaxis={"visible": False, "range": [-len(lines) + 0.4, 0.6], "fixedrange": True},
    )  # fmt: skip
    narrow = {"height": style.FOLDED_ROW * len(lines) + style.AXIS, "shift": style.FOLDED_SHIFT}
    parts = " ; ".join(f"{row.label}, {row.group_label} {_number(row)}" for _, row in marked)
    return style.finish(
        plot,
        height=style.ROW * len(lines) + style.AXIS,
        meta={
            "title": title,
            "subtitle": say("measure_equal", reference=reference),
            "alt": say("alt_more", title=title, caption=caption, parts=parts),
            "table": _table(rows, caption),
            "narrow": narrow,
        },
    )


def _pair(height: float, row: Any, colour: str) -> list[go.Scatter]:
    traces = []
    for shift, suffix, fill in ((APART, "", "#ffffff"), (-APART, "_adjusted", colour)):
        low, high, value = (getattr(row, f"{name}{suffix}") for name in ("low", "high", "difference"))
        line = {"color": colour, "width": 1.4 if suffix == "" else 2.5}
        traces.append(
            go.Scatter(
                x=[low, high],
                y=[height + shift] * 2,
                mode="lines",
                line=line,
                hoverinfo="skip",
                cliponaxis=False,
            )
        )
        marker = {"color": fill, "size": 9 if suffix == "" else 11, "line": {"color": colour, "width": 1.8}}
        said = f"{say('plain' if suffix == '' else 'adjusted')} : {french.signed(value)} {french.interval(low, high)}"
        traces.append(
            go.Scatter(
                x=[value],
                y=[height + shift],
                mode="markers",
                marker=marker,
                hovertext=[f"{style.escape(row.group_label)}<br>{said}"],
                hoverinfo="text",
                cliponaxis=False,
            )
        )
    return traces  # fmt: skip


def _number(row: Any) -> str:
    adjusted = f"{french.signed(round(row.difference_adjusted, 2))} {french.interval(row.low_adjusted, row.high_adjusted)}"
    return f"{french.signed(round(row.difference, 2))} → {adjusted}"


def _table(rows: pd.DataFrame, caption: str) -> dict[str, Any]:
    names = ["label", "group_label", "respondents", "difference", "interval", "difference_adjusted", "interval_adjusted", "q_value"]  # fmt: skip
    cells = [
        [
            row.label,
            row.group_label,
            french.number(row.respondents),
            french.signed(round(row.difference, 2)),
            french.interval(row.low, row.high),
            french.signed(round(row.difference_adjusted, 2)),
            french.interval(row.low_adjusted, row.high_adjusted),
            q_number(row.q_adjusted),
        ]
        for row in rows.itertuples()
    ]
    return {"caption": caption, "columns": [column(name) for name in names], "rows": cells}
