"""The map of where answers come from: circles on the published areas, over outlines or the communes themselves.

Nothing is fetched and nothing computed but where a mark goes. Overseas départements stand in frames beside the mainland, each at
its own scale, with its own scale bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import style
from psq_analysis.charts.map_layout import GROUND, OUTLINE, apart, arranged, diameters, map_axis, rounded
from psq_analysis.charts.map_panels import Panel, panels
from psq_analysis.charts.style import ACCENT
from psq_analysis.coding.code_names import Names
from psq_analysis.disclosure.area_tables import areas_of
from psq_analysis.disclosure.areas import Areas
from psq_analysis.french.labels import column, department_name, label, say, short
from psq_analysis.html.fragments import Fragment, sentence
from psq_analysis.places.outlines import Ring
from psq_analysis.sentences.words import mentions_text, share_text

COMMUNE, MERGED, PALE = ACCENT, "#9cc3e4", "#ffffff"


def map_of_tables(
    areas: pd.DataFrame, communes: pd.DataFrame, contours: Sequence[Ring], names: Names, *, caption: str
) -> go.Figure | Fragment:
    """Draw the tables ``areas`` and ``area_communes`` of a run, as :func:`answers_map` does."""
    return answers_map(areas_of(areas, communes), contours, names, caption=caption)


def answers_map(
    found: Areas, contours: Sequence[Ring], names: Names, *, caption: str
) -> go.Figure | Fragment:
    """Draw the published areas, or say why there is no map.

    ``found``: as of :func:`psq_analysis.disclosure.areas.publishable`; ``contours``: rings in degrees, none for a map of points. Areas without
    coordinates are in the table only.
    """
    if found.areas.empty:
        return sentence(say("map_none"), kind="note")
    shown = found.areas.assign(
        place=[
            say("area_rest", name=area_name(row)) if row.is_rest else area_name(row)
            for row in found.areas.itertuples()
        ]
    )
    located = shown[shown[["lat", "lng"]].notna().all(axis=1)]
    if located.empty:
        return sentence(say("map_no_coordinates"), kind="note")
    maps = apart(panels(located, found.communes, contours), located["respondents"].max())
    figure = go.Figure()
    for number, panel in enumerate(maps, start=1):
        figure.add_traces(_traces(panel, found, names, number=number, largest=located["respondents"].max()))
    wide, narrow = (
        arranged(maps, located["respondents"].max(), is_phone=is_phone) for is_phone in (False, True)
    )
    listed = [f"{row.place} : {french.number(row.respondents)}" for row in shown.itertuples()]
    title = _title(shown, found.elsewhere)
    return style.finish(
        figure.update_layout(wide.layout),
        height=wide.height,
        meta={
            "title": title,
            "subtitle": _subtitle(shown, located, found.elsewhere),
            "alt": say("alt_more", title=title, caption=caption, parts=" ; ".join(listed)),
            "table": _table(shown, found, names, caption),
            "narrow": {"height": narrow.height, "layout": narrow.layout},
        },
    ).update_layout(margin={"l": 0, "r": 0, "b": 0})


def _title(shown: pd.DataFrame, elsewhere: int) -> str:
    whole = shown[~shown["is_rest"]]
    if whole.empty:
        return say("map_title_none")
    first = whole.iloc[0]
    total = int(shown["respondents"].sum()) + elsewhere
    return say("map_title", name=first["place"], share=french.percent(first["respondents"] / total))


def _subtitle(shown: pd.DataFrame, located: pd.DataFrame, elsewhere: int) -> str:
    total = int(shown["respondents"].sum()) + elsewhere
    unseen = total - int(located["respondents"].sum())
    return say(
        "map_measure",
        n=f"n = {french.number(total)}",
        unseen=say("map_unseen", count=french.number(unseen)) if unseen else "",
    )


def _table(shown: pd.DataFrame, found: Areas, names: Names, caption: str) -> dict[str, Any]:
    headings = [column("place"), column("area_level"), column("respondents")]
    rows = [
        [row.place, label("area_levels", row.level), french.number(row.respondents), *_estimate(row)]
        for row in shown.itertuples()
    ]
    if found.elsewhere:
        count = french.number(found.elsewhere)
        rows.append([label("words", "elsewhere"), label("words", "none"), count, *_withheld()])
    if found.code is None:
        rows = [row[: len(headings)] for row in rows]
    else:
        headings += [column("mentions"), column("share"), column("interval")]
        caption = say(
            "map_caption_share", caption=caption, name=french.inside_quotes(short(names[found.code]))
        )
    return {
        "caption": caption,
        "columns": headings,
        "rows": rows,
    }


def _estimate(row: Any) -> list[str]:
    if pd.isna(row.share):
        return _withheld()
    return [
        mentions_text(row),
        share_text(row),
        french.interval(row.low, row.high),
    ]


def area_name(row: Any) -> str:
    """Return the French name of an area: that of the commune, the EPCI or the region, or of the département of this code."""
    return department_name(row.name) if row.level == "department" else row.name


def _withheld() -> list[str]:
    return [label("words", "withheld"), label("words", "withheld"), label("words", "none")]


def _traces(panel: Panel, found: Areas, names: Names, *, number: int, largest: int) -> list[go.Scatter]:
    axes = {"xaxis": map_axis("x", number), "yaxis": map_axis("y", number)}
    traces = []
    if panel.outlines:
        x: list[float | None] = []
        y: list[float | None] = []
        for ring in panel.outlines:
            x += [*rounded(ring[:, 0]), None]
            y += [*rounded(ring[:, 1]), None]
        line = {"color": OUTLINE, "width": 0.8}
        traces.append(go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", **axes))
    if len(panel.ground):
        x_and_y = {"x": rounded(panel.ground[:, 0]), "y": rounded(panel.ground[:, 1])}
        dots = {"color": GROUND, "size": 3, "line": {"width": 0}}
        traces.append(go.Scatter(mode="markers", marker=dots, hoverinfo="skip", **x_and_y, **axes))
    # the largest are drawn first, so that none hides a smaller one
    is_commune = panel.areas["level"] == "commune"
    marker = {
        "size": rounded(diameters(panel.areas["respondents"], largest)),
        "color": [COMMUNE if one else MERGED for one in is_commune],
        "opacity": 0.9,
        "line": {"color": [PALE if one else COMMUNE for one in is_commune], "width": 1.2},
    }
    hover = [_hover(row, found, names) for row in panel.areas.itertuples()]
    circles = {
        "mode": "markers",
        "marker": marker,
        "hovertext": hover,
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    traces.append(go.Scatter(x=rounded(panel.areas["x"]), y=rounded(panel.areas["y"]), **circles, **axes))
    return traces


def _hover(row: Any, found: Areas, names: Names) -> str:
    lines = [
        f"<b>{style.escape(row.place)}</b> ({label('area_levels', row.level).lower()})",
        french.count(row.respondents, "répondant"),
    ]
    if found.code is not None:
        said = label("words", "withheld") if pd.isna(row.share) else _said(row)
        lines.append(f"{style.escape(names[found.code])} : {said}")
    return "<br>".join(lines)


def _said(row: Any) -> str:
    mentions, share, interval = _estimate(row)
    return f"{share} {interval} : {mentions} sur {french.number(row.respondents)}"
