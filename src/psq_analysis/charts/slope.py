"""From one wave to the next: a line per theme, its share and interval at each wave, its name at the end of the line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.charts.labels_apart import spread
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import column, say
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.sentences import rows as sentences_rows
from psq_analysis.sentences import words
from psq_analysis.tables import selections

HEIGHT = 440  # pixels: six names fit one under the other
ROOM = 0.045  # of the height, between two names
SIDE = 0.62  # of the width, for the lines; the rest is for the names
COLOURS = ("#0072b2", "#b35900", "#00875f", "#a8457e", "#4d4d4d", "#7a6a00", "#5b4db2", "#1f73b7")


def chart(prevalence: pd.DataFrame, scheme: str, names: Names) -> go.Figure | Fragment:
    """The shares of a scheme at each wave; a sentence with a single wave, or where too little may be published."""
    waves = list(prevalence.loc[prevalence["grouping"] == "wave", "group"].unique())
    if len(waves) < 2:
        return sentence(say("no_waves"), kind="note")
    rows = sentences_rows.shown_by_group(prevalence, scheme, "wave", names)
    rows = rows[rows.groupby("code")["share"].transform("count") == len(waves)]
    if rows.empty:
        return sentence(say("no_waves_published"), kind="note")
    sizes = selections.sizes_of(prevalence)
    plot = go.Figure()
    ends: list[tuple[float, str]] = []
    codes = list(rows["code"].unique())
    for rank, code in enumerate(codes):
        line = rows[rows["code"] == code].set_index("group").loc[waves]
        places = [at + 0.02 * (rank - len(codes) / 2) for at in range(len(waves))]
        plot.add_trace(
            go.Scatter(
                x=places, y=line["share"].astype(float), mode="lines+markers", hoverinfo="text",
                hovertext=[f"{style.escape(row.label)}<br>{_number(row)} : n = {french.number(row.respondents)}" for row in line.itertuples()],
                line={"color": COLOURS[rank % len(COLOURS)], "width": 2}, marker={"size": 8},
                error_y={"type": "data", "symmetric": False, "array": (line["high"] - line["share"]).astype(float),
                         "arrayminus": (line["share"] - line["low"]).astype(float), "thickness": 1, "width": 0},
            )
        )  # fmt: skip
        last = line.iloc[-1]
        ends.append((float(last["share"]), f"{style.escape(last['short'])} {french.percent(last['share'])}"))
    upper = min(1.0, float(rows["high"].max()) * 1.1)
    plot.update_layout(
        annotations=_names(ends, upper),
        xaxis={"tickvals": list(range(len(waves))), "ticktext": [words.group_name("wave", wave) for wave in waves],
               "range": [-0.25, len(waves) - 0.85], "domain": [0, SIDE], "fixedrange": True, "showgrid": False, "zeroline": False},
        yaxis={"visible": False, "range": [0, upper], "fixedrange": True},
    )  # fmt: skip
    title, caption = say("title_waves"), say("caption_waves")
    shown = style.numbers(rows, {"label": column("label"), "group_label": column("wave")})  # fmt: skip
    return style.finish(
        plot,
        height=HEIGHT,
        meta={
            "title": title,
            "subtitle": say("measure_waves", sizes=" ; ".join(f"{words.group_name('wave', wave)} : n = {french.number(sizes['wave', wave])}" for wave in waves)),
            "alt": say("alt_more", title=title, caption=caption, parts=" ; ".join(f"{row.label}, {row.group_label} {_number(row)}" for row in rows.itertuples())),
            "table": {"caption": caption, "columns": list(shown.columns), "rows": shown.to_numpy().tolist(), "numeric": list(range(2, len(shown.columns)))},
        },
    )  # fmt: skip


def _number(row: Any) -> str:
    return f"{words.share_text(row)} {french.interval(row.low, row.high)}"


def _names(ends: list[tuple[float, str]], upper: float) -> list[dict[str, object]]:
    """The names at the ends of the lines, moved apart where they would cover each other."""
    ordered = sorted(ends)
    heights = spread((share / upper for share, _ in ordered), ROOM)
    return [
        {"text": text, "x": SIDE - 0.02, "y": height * upper, "xref": "paper", "yref": "y", "xanchor": "left", "yanchor": "middle",
         "showarrow": False, "font": {"size": 12, "color": style.INK}}
        for (_, text), height in zip(ordered, heights, strict=True)
    ]  # fmt: skip
