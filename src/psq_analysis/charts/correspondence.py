"""The map of who speaks of what: themes and groups as points, labels that do not overlap, the doubt around each point.

Coordinates are shown to two decimals: no count can be worked back from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.charts.labels_apart import Box, Place, best_place
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.correspondence import CorrespondenceMap
from psq_analysis.french.labels import column, label, say, short
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.settings import CROSSING

WIDE, NARROW = (680, 520), (350, 440)  # pixels of the drawing: on an A4 sheet, on a phone
LETTER, LINE = 6.9, 17  # pixels of a letter and of a line of a label, on average
CORNERS = 40  # of the polygon that draws an ellipse: seen as round
FADED = 0.45  # opacity of a point the map shows badly
DECIMALS = 2  # of a coordinate


def chart(drawn: CorrespondenceMap | None, grouping: str, names: Names) -> go.Figure | Fragment:
    """Draw the map; a sentence where there are too few groups or themes for two axes."""
    if drawn is None:
        return sentence(say("no_map"), kind="note")
    points = drawn.points.assign(
        shown=[
            short(names["theme", row.name_]) if row.kind == "code" else _group(grouping, row.name_)
            for row in drawn.points.rename(columns={"name": "name_"}).itertuples()
        ]
    ).round({"x": DECIMALS, "y": DECIMALS, "ellipse_width": DECIMALS, "ellipse_height": DECIMALS, "ellipse_angle": 0})  # fmt: skip
    plot = go.Figure()
    for kind, symbol in (("code", "square"), ("group", "circle")):
        of_kind = points[points["kind"] == kind]
        plot.add_trace(
            go.Scatter(
                x=of_kind["x"], y=of_kind["y"], mode="markers", hoverinfo="text",
                hovertext=[_hover(row) for row in of_kind.itertuples()],
                marker={"symbol": symbol, "size": 10, "color": [_colour(row) for row in of_kind.itertuples()],
                        "opacity": [1.0 if good else FADED for good in of_kind["is_well_represented"]]},
            )
        )  # fmt: skip
    wide, narrow = (_arranged(points, size) for size in (WIDE, NARROW))
    caption = say("caption_map")
    plot.update_layout(**wide)
    axes = [french.percent(part) for part in drawn.inertia]
    title = say("title_map")
    return style.finish(
        plot,
        height=WIDE[1],
        meta={
            "title": title,
            "subtitle": say("measure_map", x=axes[0], y=axes[1]),
            "alt": say("alt_more", title=title, caption=caption, parts=" ; ".join(_hover(row) for row in points.itertuples())),
            "table": _table(points, caption),
            "narrow": {"height": NARROW[1], "layout": narrow},
        },
    )  # fmt: skip


def how_to_read(drawn: CorrespondenceMap | None) -> Fragment:
    """How to read the map, in two sentences; nothing without one."""
    return Fragment("") if drawn is None else sentence(say("how_to_read_map"), kind="note")


def _group(grouping: str, name: str) -> str:
    if CROSSING not in grouping:
        return label("groups_short", name)
    return ", ".join(label("groups_short", part) for part in name.split(f" {CROSSING} "))


def _colour(row: Any) -> str:
    if row.kind == "code":
        return style.INK
    return style.GROUP_COLOURS.get(row.name.split(" ")[0], style.ACCENT)


def _hover(row: Any) -> str:
    return say("map_point", name=style.escape(row.shown), quality=french.number(row.quality, digits=DECIMALS))


def _arranged(points: pd.DataFrame, size: tuple[int, int]) -> dict[str, Any]:
    """The axes, ellipses and labels for a drawing of this size."""
    outlines = [_ellipse(row) for row in points.itertuples()]
    well = points["is_well_represented"].to_numpy(bool)
    around = np.vstack([points[["x", "y"]].to_numpy(float), *(o for o, good in zip(outlines, well, strict=True) if good)])  # fmt: skip
    low, high = around.min(axis=0), around.max(axis=0)
    scale = float(max((high - low) / (np.array(size) * [0.72, 0.86])))  # units a pixel: the same on both axes
    middle = (low + high) / 2
    ends = [(centre - scale * length / 2, centre + scale * length / 2) for centre, length in zip(middle, size, strict=True)]  # fmt: skip
    axis = {"zeroline": True, "zerolinecolor": style.QUIET, "showgrid": False, "showticklabels": False, "ticks": "", "fixedrange": True}  # fmt: skip
    shapes = [
        {"type": "path", "path": _path(outline), "layer": "below", "fillcolor": "rgba(0,0,0,0)",
         "line": {"color": _colour(row), "width": 1}, "opacity": 0.6}
        for row, outline in zip(points.itertuples(), outlines, strict=True) if row.is_well_represented
    ]  # fmt: skip
    labels = _labels(points, scale, size, middle)
    shapes += [
        _leader(text)
        for text in labels
        if max(abs(text["xshift"]) - LETTER * len(text["text"]) / 2, abs(text["yshift"])) > LINE
    ]
    return {
        "xaxis": axis | {"range": list(ends[0])},
        "yaxis": axis | {"range": list(ends[1]), "scaleanchor": "x"},
        "shapes": shapes,
        "annotations": labels,
    }


def _leader(text: dict[str, Any]) -> dict[str, Any]:
    """The line from a point to its label, where the two are apart."""
    height = text["yshift"] - np.sign(text["yshift"]) * LINE / 2
    return {
        "type": "line", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": text["x"], "yanchor": text["y"],
        "x0": 0, "y0": 0, "x1": 0.6 * text["xshift"], "y1": height, "layer": "below", "line": {"color": style.MUTED, "width": 0.7},
    }  # fmt: skip


def _ellipse(row: Any) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    turn = np.radians(row.ellipse_angle)
    along = np.column_stack([row.ellipse_width / 2 * np.cos(angles), row.ellipse_height / 2 * np.sin(angles)])
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return along @ rotation + [row.x, row.y]


def _path(outline: np.ndarray) -> str:
    return "M " + " L ".join(f"{x:.3f},{y:.3f}" for x, y in outline) + " Z"


def _labels(
    points: pd.DataFrame, scale: float, size: tuple[int, int], middle: np.ndarray
) -> list[dict[str, Any]]:
    """Place each label beside its point where it covers neither a label nor a point, the best represented first."""
    at = ((points[["x", "y"]].to_numpy(float) - middle) / scale) + np.array(size) / 2
    taken = [Box.around(x, y, 12, 12) for x, y in at]
    drawing = Box(0, 0, *size)
    placed: dict[int, dict[str, Any]] = {}
    for rank in points["quality"].reset_index(drop=True).sort_values(ascending=False, kind="stable").index:
        row, (x, y) = points.iloc[rank], at[rank]
        place = best_place(_places(x, y, LETTER * len(row["shown"]) + 4), taken, drawing)
        assert place is not None  # a point always has places around it
        taken.append(place.box)
        text = style.escape(row["shown"])
        placed[rank] = {
            "x": row["x"], "y": row["y"], "text": f"<b>{text}</b>" if row["kind"] == "code" else text,
            "xshift": place.shift[0], "yshift": place.shift[1], "showarrow": False, "opacity": 1.0 if row["is_well_represented"] else FADED + 0.2,
            "font": {"size": 12, "color": style.INK if row["is_well_represented"] else style.MUTED},
        }  # fmt: skip
    return [placed[rank] for rank in sorted(placed)]


def _places(x: float, y: float, width: float) -> Iterator[Place]:
    """Where a label of this width may stand around its point, the nearest first."""
    for reach in range(0, 150, 10):
        for side, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            shift = (side * (width / 2 + 10 + reach * 0.6), up * (LINE + reach))
            yield Place(Box.around(x + shift[0], y + shift[1], width, LINE), shift)


def _table(points: pd.DataFrame, caption: str) -> dict[str, Any]:
    rows = [
        [
            row.shown,
            say("map_theme" if row.kind == "code" else "map_group"),
            french.number(row.x, digits=DECIMALS),
            french.number(row.y, digits=DECIMALS),
            french.number(row.quality, digits=DECIMALS),
        ]
        for row in points.itertuples()
    ]
    names = ["point", "nature", "axis_x", "axis_y", "quality"]
    return {
        "caption": caption,
        "columns": [column(name) for name in names],
        "rows": rows,
    }
