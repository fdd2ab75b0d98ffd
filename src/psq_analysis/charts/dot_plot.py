"""Table → plotly figure. Nothing is computed here beyond where a mark goes.

Every figure carries, in ``layout.meta``, its title (the finding), its subtitle (the measure), the sentence that replaces it for
who cannot see it (``alt``), the table of the same numbers (``table``) and how it folds on a phone (``narrow``); the HTML report
shows them in text. Colours are those of Okabe and Ito (2008), darkened to keep 3 to 1 on white and on black; no figure relies on
colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts.style import (
    ACCENT,
    AXIS,
    FOLDED_ROW,
    FOLDED_SHIFT,
    GRID,
    GROUP_COLOURS,
    INK,
    LABEL_SIDE,
    MUTED,
    NOTE_LENGTH,
    NUMBER_SIDE,
    QUIET,
    ROW,
    WITHHELD,
    escape,
    finish,
    numbers,
    row_text,
    shortened,
)
from psq_analysis.french.labels import column, label, say
from psq_analysis.sentences.words import mentions_text, share_text


class Row(NamedTuple):
    """One line of a dot plot: what it is called, its mark, and how strongly it is drawn."""

    name: str
    colour: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    hover: str = ""
    number: str = ""
    is_heading: bool = False
    is_note: bool = False


def shares(prevalence: pd.DataFrame, *, title: str, caption: str) -> go.Figure:
    """Dot plot of the share of each code with its interval, in the order of the rows.

    ``prevalence``: rows of one group as of :func:`psq_analysis.sentences.rows.shown_overall`. Rows whose share is withheld say so.

    >>> row = {"label": "Présence sur la voie publique", "short": "Présence", "share": 0.4, "low": 0.3, "high": 0.5, "mentions": 40,
    ...        "respondents": 100, "is_subject": True}
    >>> shares(pd.DataFrame([row]), title="« Présence » arrive en tête", caption="Thèmes").layout.meta["table"]["rows"]
    [['Présence sur la voie publique', '100', '40', '40\u202f%', '[30\u202f; 50]']]
    """
    rows = [
        _row(row, row.short, ACCENT if row.is_subject else QUIET, hover_name=row.label)
        for row in prevalence.itertuples()
    ]
    published = prevalence.dropna(subset=["share"])
    n = published["respondents"].iloc[0] if len(published) else 0
    return _dot_plot(
        rows,
        title=title,
        subtitle=say("measure", n=f"n = {french.number(n)}"),
        alt=_alt(title, caption, (f"{row.label} {_number(row)}" for row in published.itertuples())),
        table=_share_table(prevalence, caption, {"label": column("label")}),
    )


def shares_by_group(prevalence: pd.DataFrame, *, title: str, caption: str) -> go.Figure:
    """For each code one block, in it one dot with its interval per group, all on one scale.

    ``prevalence``: rows as of :func:`psq_analysis.sentences.rows.shown_by_group`, in the order they are to be shown. The groups
    whose share is withheld are named on one line at the foot of the block.
    """
    rows: list[Row] = []
    for _, block in prevalence.groupby("label", sort=False):
        rows.append(Row(block["short"].iloc[0], INK, is_heading=True))
        published = block.dropna(subset=["share"])
        rows += [
            _row(row, row.group_label, GROUP_COLOURS.get(str(row.group), ACCENT), hover_name=row.group_label)
            for row in published.itertuples()
        ]
        withheld = [label("groups_short", group) for group in block.loc[block["share"].isna(), "group"]]
        if withheld:
            rows.append(
                Row(
                    shortened(say("withheld_groups", groups=", ".join(map(_short_group, withheld)))),
                    MUTED,
                    is_note=True,
                )
            )
    drawn = prevalence.dropna(subset=["share"])
    parts = (f"{row.label}, {row.group_label} {_number(row)}" for row in drawn.itertuples())
    return _dot_plot(
        rows,
        title=title,
        subtitle=say("measure_by_group"),
        alt=_alt(title, caption, parts),
        table=_share_table(
            prevalence, caption, {"label": column("label"), "group_label": column("group_label")}
        ),
    )


def _short_group(name: str) -> str:
    return name if len(name) <= NOTE_LENGTH // 2 else f"{name[: NOTE_LENGTH // 2]}…"


def _row(row: Any, name: str, colour: str, *, hover_name: str) -> Row:
    if pd.isna(row.share):
        return Row(name, MUTED, number=WITHHELD)
    said = f"n = {french.number(row.respondents)}"
    if not pd.isna(row.mentions):
        said = f"{mentions_text(row)} sur {french.number(row.respondents)}"
    return Row(
        name,
        colour,
        float(row.share),
        float(row.low),
        float(row.high),
        hover=f"{escape(hover_name)}<br>{_number(row)} : {said}",
        number=_number(row),
    )


def _number(row: Any) -> str:
    return f"{share_text(row)} {french.interval(row.low, row.high)}"


def _alt(title: str, caption: str, parts: Iterable[str]) -> str:
    listed = " ; ".join(parts)
    return say("alt_more", title=title, caption=caption, parts=listed) if listed else title


def _dot_plot(rows: list[Row], *, title: str, subtitle: str, alt: str, table: dict[str, Any]) -> go.Figure:
    """Lines of a dot plot from top to bottom: label at the left, mark on the common scale, number at the right."""
    heights = [-float(position) for position in range(len(rows))]
    marks = [(row, height) for row, height in zip(rows, heights, strict=True) if row.share is not None]
    upper = _upper([row.high or 0.0 for row, _ in marks])
    plot = go.Figure()
    for colour in dict.fromkeys(row.colour for row, _ in marks):
        plot.add_traces(_marks([(row, height) for row, height in marks if row.colour == colour], colour))
    texts = [
        row_text(
            f"<b>{escape(row.name)}</b>" if row.is_heading else escape(row.name),
            height,
            is_note=row.is_note,
        )
        for row, height in zip(rows, heights, strict=True)
    ]
    numbers = [
        row_text(row.number, height, is_number=True)
        for row, height in zip(rows, heights, strict=True)
        if row.number
    ]
    plot.update_layout(
        annotations=texts + numbers,
        xaxis=_percent_axis(upper) | {"domain": [LABEL_SIDE, NUMBER_SIDE], "side": "bottom"},
        yaxis={"visible": False, "range": [-len(rows) + 0.4, 0.6], "fixedrange": True},
    )
    narrow = {"height": FOLDED_ROW * len(rows) + AXIS, "shift": FOLDED_SHIFT}
    return finish(
        plot,
        height=ROW * len(rows) + AXIS,
        meta={"title": title, "subtitle": subtitle, "alt": alt, "table": table, "narrow": narrow},
    )


def _marks(rows: list[tuple[Row, float]], colour: str) -> list[go.Scatter]:
    """One line per interval, one dot per share; both opaque, so that they are seen on any ground."""
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for row, height in rows:
        lines_x += [row.low, row.high, None]
        lines_y += [height, height, None]
    dots = {
        "x": [row.share for row, _ in rows],
        "y": [height for _, height in rows],
        "mode": "markers",
        "marker": {"color": colour, "size": 13, "line": {"color": "#ffffff", "width": 1.5}},
        "hovertext": [row.hover for row, _ in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return [
        go.Scatter(
            x=lines_x,
            y=lines_y,
            mode="lines",
            line={"color": colour, "width": 2.5},
            hoverinfo="skip",
            cliponaxis=False,
        ),
        go.Scatter(**dots),
    ]


def _percent_axis(upper: float) -> dict[str, Any]:
    step = 0.1 if upper <= 0.5 else 0.2
    ticks = [step * tick for tick in range(int(upper / step) + 2) if step * tick <= upper + 1e-9]
    return {
        "range": [0, upper],
        "tickvals": ticks,
        "ticktext": [french.percent(tick) for tick in ticks],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": MUTED, "size": 12},
        "ticks": "",
    }


def _upper(highs: list[float]) -> float:
    """Upper end of the axis: the next ten points above the highest interval."""
    return min(1.0, (int(max(highs) * 10) + 1) / 10) if highs else 1.0


def _share_table(rows: pd.DataFrame, caption: str, keys: dict[str, str]) -> dict[str, Any]:
    shown = numbers(rows, keys)
    return {
        "caption": caption,
        "columns": list(shown.columns),
        "rows": shown.to_numpy().tolist(),
    }
