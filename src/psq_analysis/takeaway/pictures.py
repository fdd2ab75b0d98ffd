"""The figures as SVG and PNG where no browser is at hand, drawn by matplotlib from what plotly would have drawn.

Lines, dots and labels on one pair of axes: the shares, the differences, the trees. Maps of several panels need Chromium.
"""

from __future__ import annotations

import base64
import html
import io
import re
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 900  # pixels, the width of a figure in the page
DOTS = 96  # pixels an inch, those of a browser
SHARP = 2  # times the pixels of the screen, for paper
FITTING = (
    100,
    138,
)  # characters of a title, and of what is under it, that fit in the width; a longer one is drawn smaller
INK = "#1b1f24"
# DejaVu comes with matplotlib
FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans")
_TAG = re.compile(r"<[^>]*>")


def can_draw(figure: Mapping[str, Any]) -> bool:
    """Tell whether a plotly figure holds nothing but lines, dots and labels on one pair of axes.

    >>> can_draw({"data": [{"type": "scatter", "mode": "markers"}], "layout": {"height": 90}})
    True
    >>> can_draw({"data": [], "layout": {"height": 90, "xaxis2": {}}}), can_draw({"data": [{"type": "bar"}], "layout": {"height": 90}})
    (False, False)
    """
    layout = figure["layout"]
    return "xaxis2" not in layout and all(
        one.get("type", "scatter") == "scatter" and one.get("mode") in ("lines", "markers")
        for one in figure["data"]
    )


def draw(figures: Mapping[str, Mapping[str, Any]], folder: Path) -> list[str]:
    """Write ``NAME.svg`` and ``NAME.png`` of each figure that can be drawn without a browser; return the names written."""
    written = []
    for name, figure in figures.items():
        if can_draw(figure):
            folder.mkdir(parents=True, exist_ok=True)
            for kind in ("svg", "png"):
                (folder / f"{name}.{kind}").write_bytes(picture(figure, kind))
                written.append(f"{name}.{kind}")
    return written


def picture(figure: Mapping[str, Any], kind: str) -> bytes:
    """Return a figure as ``svg`` or ``png``."""
    layout = figure["layout"]
    height = float(layout["height"])
    margin = {"l": 8, "r": 8, "t": 62, "b": 34} | layout.get("margin", {})
    inside, tall = WIDTH - margin["l"] - margin["r"], height - margin["t"] - margin["b"]
    xaxis, yaxis = layout.get("xaxis", {}), layout.get("yaxis", {})
    left, right = xaxis.get("domain", [0, 1])
    with rc_context(_look()), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # an emoji no font at hand can draw stays a box
        drawing = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS)
        axes = drawing.add_axes(
            (
                (margin["l"] + left * inside) / WIDTH,
                margin["b"] / height,
                (right - left) * inside / WIDTH,
                tall / height,
            )
        )
        _axes(axes, xaxis, yaxis)
        for one in figure["data"]:
            _trace(axes, one)
        for shape in layout.get("shapes", []):
            _line(axes, shape)
        for note in layout.get("annotations", []):
            _label(drawing, axes, note, margin_left=margin["l"] / WIDTH, inside=inside / WIDTH)
        title = layout.get("title", {}).get("text", "")
        for rank, text in enumerate(map(_plain, title.split("<br>"))):
            size = (15 - 3 * rank) * min(1, FITTING[min(rank, 1)] / max(len(text), 1))
            drawing.text(
                8 / WIDTH, 1 - (20 + 20 * rank) / height, text, fontsize=_points(size), color=INK,
                weight="normal" if rank else "bold", va="center", parse_math=False,
            )  # fmt: skip
        target = io.BytesIO()
        dots = DOTS * (SHARP if kind == "png" else 1)
        drawing.savefig(
            target,
            format=kind,
            dpi=dots,
            facecolor="white",
            metadata={"Date": None} if kind == "svg" else None,
        )
    return target.getvalue()


@cache
def _look() -> Any:
    at_hand = set(font_manager.get_font_names())
    fonts = [font for font in FONTS if font in at_hand]
    return {"font.family": fonts[:1] or [FONTS[-1]], "svg.fonttype": "none", "svg.hashsalt": "psq"}


def _axes(axes: Axes, xaxis: Mapping[str, Any], yaxis: Mapping[str, Any]) -> None:
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)
    if xaxis.get("range"):
        axes.set_xlim(*xaxis["range"])
    if yaxis.get("range"):
        axes.set_ylim(*yaxis["range"])
    axes.set_yticks([])
    ticks = xaxis.get("tickvals", []) if xaxis.get("visible", True) else []
    axes.set_xticks(
        ticks, [_plain(text) for text in xaxis.get("ticktext", ticks)] if ticks else [], parse_math=False
    )
    axes.tick_params(length=0, labelsize=_points(12), labelcolor=xaxis.get("tickfont", {}).get("color", INK))
    if ticks:
        axes.grid(axis="x", color=_colour(xaxis.get("gridcolor", "#d9dde2")), linewidth=0.8)
    axes.set_axisbelow(True)


def _trace(axes: Axes, one: Mapping[str, Any]) -> None:
    x, y = _numbers(one["x"]), _numbers(one["y"])
    if one["mode"] == "lines":
        line = one.get("line", {})
        axes.plot(
            x,
            y,
            color=_colour(line.get("color", INK)),
            linewidth=line.get("width", 2) * 72 / DOTS,
            clip_on=False,
        )
        return
    marker = one.get("marker", {})
    sizes = marker.get("size", 8)
    area = [
        _points(size) ** 2
        for size in ([sizes] * len(x) if isinstance(sizes, int | float) else _numbers(sizes))
    ]
    axes.scatter(
        x, y, s=area, color=_colour(marker.get("color", INK)), edgecolors=_colour(marker.get("line", {}).get("color", "none")), clip_on=False, zorder=3
    )  # fmt: skip


def _numbers(given: Any) -> list[float]:
    """Return the values of a list, or of an array as plotly writes it: a type of numpy and its bytes in base64.

    >>> _numbers([1, None]), _numbers({"dtype": "i1", "bdata": "AQI="})
    ([1, nan], [1, 2])
    """
    if isinstance(given, Mapping):
        return list(np.frombuffer(base64.b64decode(given["bdata"]), dtype=given["dtype"]).tolist())
    return [float("nan") if value is None else value for value in given]


def _line(axes: Axes, shape: Mapping[str, Any]) -> None:
    if shape.get("type") == "line" and shape.get("xref", "x") == "x" and shape.get("x0") == shape.get("x1"):
        axes.axvline(shape["x0"], color=_colour(shape.get("line", {}).get("color", INK)), linewidth=1)


def _label(
    drawing: Figure, axes: Axes, note: Mapping[str, Any], *, margin_left: float, inside: float
) -> None:
    is_paper = note.get("xref") == "paper"
    across = margin_left + note["x"] * inside if is_paper else note["x"]
    font = note.get("font", {})
    axes.text(
        across, note["y"], _plain(note["text"]), fontsize=_points(font.get("size", 13)), color=_colour(font.get("color", INK)),
        transform=_beside(drawing, axes) if is_paper else axes.transData,
        ha={"left": "left", "right": "right"}.get(note.get("xanchor", "center"), "center"),
        va={"top": "top", "bottom": "bottom"}.get(note.get("yanchor", "middle"), "center"),
        weight="bold" if note["text"].startswith("<b>") else "normal", clip_on=False, parse_math=False,
    )  # fmt: skip


def _beside(drawing: Figure, axes: Axes) -> Any:
    """Across, a fraction of the figure; up, the values of the axis."""
    from matplotlib.transforms import blended_transform_factory  # noqa: PLC0415

    return blended_transform_factory(drawing.transFigure, axes.transData)


def _plain(text: object) -> str:
    return html.unescape(_TAG.sub("", str(text)))


def _points(pixels: float) -> float:
    return pixels * 72 / DOTS


def _colour(given: Any) -> Any:
    """Return a colour, or a list of colours, of plotly as matplotlib takes it.

    >>> _colour("rgba(255,0,51,0.5)")
    (1.0, 0.0, 0.2, 0.5)
    """
    if not isinstance(given, str):
        return [_colour(one) for one in given]
    if not given.startswith("rgb"):
        return given
    red, green, blue, *opacity = (float(part) for part in given.partition("(")[2].rstrip(")").split(","))
    return (red / 255, green / 255, blue / 255, *opacity)
