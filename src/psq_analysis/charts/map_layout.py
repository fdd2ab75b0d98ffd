"""Where everything stands on a map: circles, panels, labels and scale bar, in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.charts.labels_apart import Box, Place, best_place
from psq_analysis.charts.map_panels import Panel, Points
from psq_analysis.charts.style import INK, MUTED

# half transparent: seen, and no more than that, on white and on black alike
GROUND, OUTLINE = "rgba(118,130,142,0.42)", "rgba(118,130,142,0.6)"
SCALE_STEPS = (1, 2, 5)  # a scale bar is one of these times a power of ten, in kilometres

# Pixels. The widest circle still leaves its neighbours to be seen on a phone; the smallest can be pointed at.
LARGEST, SMALLEST = 34.0, 8.0
NUDGES = (
    0,
    6,
    12,
    18,
    24,
    30,
    36,
    42,
    48,
)  # pixels a circle of several communes may stand off their middle to cover no other
LETTER, LINE = 6.4, 15.0  # pixels of a label: mean width of a letter at 12 px, height of a line
WIDE, PHONE = 880.0, 350.0  # pixels across the figure on a screen and on a phone
HIGHEST, FRAME = 560.0, 220.0  # pixels: height of the first map at most, of a frame at most
# Frames stand three high beside the map on a screen, where they take three tenths of the width, and three abreast under it on a phone.
STACK, SIDE = 3, 0.3
GAP = 10.0  # pixels between frames
# Where a label may stand around its circle, the best place first: by the edge it begins at, as steps right and up.
SIDES = {
    "left": (1.0, 0.0),
    "right": (-1.0, 0.0),
    "center": (0.0, 1.0),
    "below-center": (0.0, -1.0),
    "above-left": (0.7, 0.7),
    "below-left": (0.7, -0.7),
    "above-right": (-0.7, 0.7),
    "below-right": (-0.7, -0.7),
}


def diameters(respondents: pd.Series, largest: int) -> Points:
    """Areas in proportion to the number of respondents; below the smallest diameter, all alike."""
    return np.maximum(LARGEST * np.sqrt(respondents.to_numpy(float) / largest), SMALLEST)


def rounded(values: Any) -> list[float]:
    return [round(float(value), 2) for value in values]


def map_axis(letter: str, number: int) -> str:
    return letter if number == 1 else f"{letter}{number}"


@dataclass(frozen=True)
class _Box:
    """A rectangle of the figure, in pixels from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class _Arrangement:
    """Where each map stands at one width, with its frame, names and scale."""

    height: float
    layout: dict[str, Any]


def _boxes(maps: list[Panel], *, is_phone: bool) -> tuple[float, float, list[_Box]]:
    """Return the width and height of the figure and the place of each map: frames beside the first, or under it on a phone."""
    first, frames = maps[0], len(maps) - 1
    width = PHONE if is_phone else WIDE
    columns = (min(frames, STACK) if is_phone else math.ceil(frames / STACK)) if frames else 0
    rows = math.ceil(frames / columns) if frames else 0
    side = SIDE * width if frames and not is_phone else 0.0
    proportion = float(first.extent[1] / first.extent[0])
    tall = min((width - side) * proportion, HIGHEST)
    if is_phone:
        across = width / columns if frames else 0.0
        up = min(across, FRAME)
        boxes = [
            _Box(at % columns * across, (rows - 1 - at // columns) * up, across - GAP, up - GAP)
            for at in range(frames)
        ]
        return width, tall + rows * up, [_Box(0, rows * up, width, tall), *boxes]
    across = side / max(columns, 1)
    up = min(FRAME, across, HIGHEST / max(rows, 1))
    tall = max(tall, rows * up)
    boxes = [
        _Box(at // rows * across, tall - (at % rows + 1) * up + GAP, across - GAP, up - GAP)
        for at in range(frames)
    ]
    return width, tall, [_Box(side, 0, width - side, tall), *boxes]


def _scale(panel: Panel, box: _Box) -> float:
    """Pixels per kilometre."""
    return min(box.width / float(panel.extent[0]), box.height / float(panel.extent[1]))


def apart(maps: list[Panel], largest: int) -> list[Panel]:
    """Move the circles of several communes off their middle where they would lie on another; a commune stays in its place."""
    _, _, boxes = _boxes(maps, is_phone=False)
    moved = []
    for panel, box in zip(maps, boxes, strict=True):
        scale = _scale(panel, box)
        radii = diameters(panel.areas["respondents"], largest) / 2
        points = panel.areas[["x", "y"]].to_numpy(float) * scale
        fixed = (panel.areas["level"] == "commune").to_numpy()
        placed = [int(at) for at in np.flatnonzero(fixed)]
        for at in np.flatnonzero(~fixed):
            points[at] = _free_place(points, radii, int(at), placed)
            placed.append(int(at))
        moved.append(panel.moved(points / scale))
    return moved


def _free_place(points: Points, radii: Points, at: int, placed: list[int]) -> Points:
    """Return the nearest place where a circle covers none of those placed; its own when there is none near."""
    others, reach = points[placed], radii[placed] + radii[at] + 1
    for distance in NUDGES:
        for turn in np.linspace(0, 2 * math.pi, 16, endpoint=False):
            tried = points[at] + distance * np.array([math.cos(turn), math.sin(turn)])
            if (np.hypot(*(others - tried).T) >= reach).all():
                return tried
    return points[at]


def arranged(maps: list[Panel], largest: int, *, is_phone: bool) -> _Arrangement:
    width, height, boxes = _boxes(maps, is_phone=is_phone)
    layout: dict[str, Any] = {"annotations": [], "shapes": []}
    for number, (panel, box) in enumerate(zip(maps, boxes, strict=True), start=1):
        across = [round(box.left / width, 4), round((box.left + box.width) / width, 4)]
        up = [round(box.bottom / height, 4), round((box.bottom + box.height) / height, 4)]
        layout |= _axes(panel, number, across, up)
        line, length = _scale_bar(panel, box, number)
        layout["shapes"].append(line)
        layout["annotations"] += [length, *_labels(panel, box, number, largest)]
        if number > 1:
            layout["shapes"].append(_frame(across, up))
            layout["annotations"].append(_frame_title(panel.title, across, up))
    return _Arrangement(round(height), layout)


def _axes(panel: Panel, number: int, across: list[float], up: list[float]) -> dict[str, Any]:
    suffix = "" if number == 1 else str(number)
    common = {"visible": False, "fixedrange": True, "constrain": "domain"}
    ends = [rounded((panel.low[at], panel.high[at])) for at in (0, 1)]
    same_scale = {"scaleanchor": map_axis("x", number), "scaleratio": 1}
    return {
        f"xaxis{suffix}": {**common, "domain": across, "range": ends[0], "anchor": map_axis("y", number)},
        f"yaxis{suffix}": {
            **common,
            "domain": up,
            "range": ends[1],
            "anchor": map_axis("x", number),
            **same_scale,
        },
    }


def _labels(panel: Panel, box: _Box, number: int, largest: int) -> list[dict[str, Any]]:
    """Names and numbers beside their circles, the largest first, as far as they cover nothing else."""
    pixels = (panel.areas[["x", "y"]].to_numpy(float) - (panel.low + panel.high) / 2) * _scale(panel, box)
    radii = diameters(panel.areas["respondents"], largest) / 2
    taken = [Box.around(x, y, 2 * r, 2 * r) for (x, y), r in zip(pixels, radii, strict=True)]
    panel_box = Box.around(0, 0, box.width, box.height)
    texts = []
    for at, row in enumerate(panel.areas.itertuples()):
        count = french.number(row.respondents)
        name = "" if row.place == panel.title else f"{row.place} "
        width, gap = len(name + count) * LETTER, radii[at] + 3
        # a label begins ``gap`` from the middle of its circle, on one of its sides
        ends = {side: (dx * gap, dy * (gap + LINE / 2)) for side, (dx, dy) in SIDES.items()}
        places = [
            Place(
                Box.around(pixels[at][0] + dx + np.sign(dx) * width / 2, pixels[at][1] + dy, width, LINE),
                (dx, dy),
            )
            for dx, dy in ends.values()
        ]
        place = best_place(places, [other for rank, other in enumerate(taken) if rank != at], panel_box)
        if not panel.named[row.Index] or place.covered:
            continue
        taken.append(place.box)
        side = next(side for side, shift in ends.items() if shift == place.shift)
        texts.append(
            {
                "text": f"{style.escape(name)}<b>{count}</b>",
                **_at(row.x, row.y, number),
                "xshift": round(place.shift[0], 1),
                "yshift": round(place.shift[1], 1),
                "xanchor": side.split("-")[-1],
                "yanchor": "middle",
                "font": {"color": INK, "size": 12},
            }
        )
    return texts


def _at(x: float, y: float, number: int) -> dict[str, Any]:
    axes = {"xref": map_axis("x", number), "yref": map_axis("y", number)}
    return {"x": round(float(x), 2), "y": round(float(y), 2), "showarrow": False, "borderpad": 0, **axes}


def _scale_bar(panel: Panel, box: _Box, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A bar of a round number of kilometres, a sixth of the map at most, at its lower left."""
    scale = _scale(panel, box)
    length = round_length(max(float(panel.extent[0]) / 6, 30 / scale))
    x, y = panel.low + np.array([6, 8]) / scale
    place = _at(x, y, number)
    line = {
        "type": "line", "xref": place["xref"], "yref": place["yref"], "x0": place["x"], "x1": round(float(x) + length, 2),
        "y0": place["y"], "y1": place["y"], "line": {"color": MUTED, "width": 1.5},
    }  # fmt: skip
    text = f"{french.number(length)}{french.NO_BREAK}km"
    beside = {"xanchor": "left", "yanchor": "bottom", "yshift": 1}
    return line, {"text": text, **place, **beside, "font": {"color": MUTED, "size": 11}}


def round_length(wanted: float) -> int:
    """Return the round number of kilometres nearest below.

    >>> round_length(37.0), round_length(8.0), round_length(140.0)
    (20, 5, 100)
    """
    power = 10 ** max(math.floor(math.log10(wanted)), 0)
    return max(int(step * power) for step in SCALE_STEPS if step * power <= max(wanted, 1))


def _frame(across: list[float], up: list[float]) -> dict[str, Any]:
    corners = {"x0": across[0], "x1": across[1], "y0": up[0], "y1": up[1]}
    line = {"color": OUTLINE, "width": 1}
    return {"type": "rect", "xref": "paper", "yref": "paper", **corners, "line": line, "layer": "below"}


def _frame_title(title: str, across: list[float], up: list[float]) -> dict[str, Any]:
    corner = {
        "xref": "paper",
        "yref": "paper",
        "x": across[0],
        "y": up[1],
        "xanchor": "left",
        "yanchor": "top",
    }
    inside = {"xshift": 3, "yshift": -1, "showarrow": False, "font": {"color": MUTED, "size": 12}}
    return {"text": style.escape(title), **corner, **inside}
