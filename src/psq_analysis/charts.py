"""Table → plotly figure. Nothing is computed here beyond where a mark goes.

Every figure carries, in ``layout.meta``, the sentence that replaces it for who cannot see it (``alt``) and the table of
the same numbers (``table``); the HTML report shows both. Colours are those of Okabe and Ito (2008), told apart by
readers with any colour vision; no figure relies on colour alone.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.labels import column, label

INK = "#1b1f24"
MUTED = "#5c6570"
GRID = "#d9dde2"
ACCENT = "#0b5394"
GROUP_COLOURS = {
    "urbain": "#0072b2",
    "periurbain": "#009e73",
    "rural": "#b35900",
    "outre_mer": "#a8457e",
    "indetermine": "#6b7280",
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
ROW = 46  # pixels of a labelled row: two lines of 13 px text and their air
WITHHELD = label("words", "withheld")
THIN_ROW = 24  # pixels of a row that shares its label with its neighbours


def _layout(figure: go.Figure, *, height: float, alt: str, table: dict[str, Any], top: int = 8) -> go.Figure:
    return figure.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 8, "t": top, "b": 34},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": INK},
        separators=f",{french.NARROW}",
        showlegend=False,
        hoverlabel={"bgcolor": "#ffffff", "bordercolor": MUTED, "font": {"color": INK, "family": FONT}},
        dragmode=False,
        meta={"alt": alt, "table": table},
    )


def _table(caption: str, rows: pd.DataFrame) -> dict[str, Any]:
    return {"caption": caption, "columns": list(rows.columns), "rows": rows.astype(str).to_numpy().tolist()}


def _percent_axis(upper: float) -> dict[str, Any]:
    step = 0.1 if upper <= 0.6 else 0.2
    ticks = [step * tick for tick in range(int(upper / step) + 2) if step * tick <= 1.0001]
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


def _intervals(rows: pd.DataFrame, y: list[float], colour: str, hover: list[str]) -> list[go.Scatter]:
    """One thick line per interval, one dot per share; the dot is hidden from nobody: it has a dark edge."""
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for low, high, height in zip(rows["low"], rows["high"], y, strict=True):
        lines_x += [low, high, None]
        lines_y += [height, height, None]
    return [
        go.Scatter(
            x=lines_x,
            y=lines_y,
            mode="lines",
            line={"color": colour, "width": 5},
            opacity=0.45,
            hoverinfo="skip",
        ),
        go.Scatter(
            x=rows["share"].tolist(),
            y=y,
            mode="markers",
            marker={"color": colour, "size": 12, "line": {"color": "#ffffff", "width": 1.5}},
            hovertext=hover,
            hoverinfo="text",
        ),
    ]


def _hover(rows: pd.DataFrame) -> list[str]:
    return [
        f"{french.percent(share)} {french.interval(low, high)} — {french.number(mentions)} sur {french.number(n)}"
        for share, low, high, mentions, n in zip(
            rows["share"], rows["low"], rows["high"], rows["mentions"], rows["respondents"], strict=True
        )
    ]


def _share_table(rows: pd.DataFrame, caption: str, keys: dict[str, str]) -> dict[str, Any]:
    published = rows["share"].notna()
    shown = pd.DataFrame({heading: rows[column] for column, heading in keys.items()})
    shown[column("respondents")] = [
        french.number(n) if pd.notna(n) else WITHHELD for n in rows["respondents"]
    ]
    shown[column("mentions")] = [
        french.number(mentions) if ok and pd.notna(mentions) else WITHHELD
        for ok, mentions in zip(published, rows["mentions"], strict=True)
    ]
    shown[column("share")] = [
        french.percent(share) if pd.notna(share) else WITHHELD for share in rows["share"]
    ]
    shown[column("interval")] = [
        french.interval(low, high) if pd.notna(low) else label("words", "none")
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    return _table(caption, shown)


def _row_label(
    text: str, y: float, *, colour: str = INK, size: int = 13, x: float = 0, anchor: str = "left"
) -> dict:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "y",
        "xanchor": anchor,
        "yanchor": "bottom",
        "showarrow": False,
        "align": anchor,
        "font": {"color": colour, "size": size},
    }


def shares(prevalence: pd.DataFrame, *, caption: str) -> go.Figure:
    """Dot plot of the share of each code with its interval, the largest on top.

    ``prevalence``: rows of one group, with ``label`` and, by row, the columns of the table ``prevalence``. Rows whose
    share is withheld are listed in the data table and drawn without a mark.

    >>> row = {"label": "Présence", "share": 0.4, "low": 0.3, "high": 0.5, "mentions": 40, "respondents": 100}
    >>> shares(pd.DataFrame([row]), caption="Thèmes").layout.meta["table"]["rows"]
    [['Présence', '100', '40', '40\u202f%', '[30\u202f; 50]']]
    """
    rows = prevalence.sort_values("share", ascending=False, na_position="last").reset_index(drop=True)
    drawn = rows[rows["share"].notna()]
    heights = [float(len(rows) - position - 1) for position in drawn.index]
    figure = go.Figure(_intervals(drawn, heights, ACCENT, _hover(drawn)))
    labels = [
        _row_label(escape(name), len(rows) - position - 0.78) for position, name in enumerate(rows["label"])
    ]
    values = [
        _row_label(
            f"{french.percent(row.share)} {french.interval(row.low, row.high)}"
            if pd.notna(row.share)
            else WITHHELD,
            len(rows) - position - 0.78,
            x=1,
            anchor="right",
            colour=MUTED,
        )
        for position, row in enumerate(rows.itertuples())
    ]
    upper = _upper(drawn)
    figure.update_layout(
        annotations=labels + values,
        xaxis=_percent_axis(upper),
        yaxis={"visible": False, "range": [-0.5, len(rows) - 0.2], "fixedrange": True},
    )
    alt = f"{caption} : " + " ; ".join(
        f"{row.label} {french.percent(row.share)} {french.interval(row.low, row.high)}"
        for row in drawn.itertuples()
    )
    return _layout(
        figure,
        height=ROW * len(rows) + 50,
        alt=alt,
        table=_share_table(rows, caption, {"label": column("label")}),
    )


def shares_by_group(prevalence: pd.DataFrame, *, caption: str) -> go.Figure:
    """For each code one block, in it one dot with its interval per group, all on one scale.

    ``prevalence``: rows with ``label`` (code), ``group`` and ``group_label``, in the order they are to be shown.
    """
    rows = prevalence.reset_index(drop=True)
    blocks = rows["label"].drop_duplicates().tolist()
    heights: list[float] = []
    headings = []
    height = 0.0
    for block in blocks:
        headings.append((block, -height - 0.35))
        height += 1.0
        for _ in range(int((rows["label"] == block).sum())):
            heights.append(-height)
            height += 1.0
        height += 0.45
    figure = go.Figure()
    placed = rows.assign(height=heights)
    for group, of_group in placed.groupby("group", sort=False):
        drawn = of_group[of_group["share"].notna()]
        colour = GROUP_COLOURS.get(str(group), ACCENT)
        figure.add_traces(_intervals(drawn, drawn["height"].tolist(), colour, _hover(drawn)))
    names = [
        _row_label(
            escape(row.group_label), row.height - 0.5, size=12, colour=GROUP_COLOURS.get(row.group, MUTED)
        )
        for row in placed.itertuples()
    ]
    values = [
        _row_label(
            f"{french.percent(row.share)} {french.interval(row.low, row.high)}"
            if pd.notna(row.share)
            else WITHHELD,
            row.height - 0.5,
            x=1,
            anchor="right",
            size=12,
            colour=MUTED,
        )
        for row in placed.itertuples()
    ]
    titles = [_row_label(f"<b>{escape(block)}</b>", position) for block, position in headings]
    upper = _upper(rows[rows["share"].notna()])
    figure.update_layout(
        annotations=titles + names + values,
        xaxis=_percent_axis(upper) | {"domain": [0.3, 0.72]},
        yaxis={"visible": False, "range": [-height, 0.8], "fixedrange": True},
    )
    alt = f"{caption} : " + " ; ".join(
        f"{row.label}, {row.group_label} {french.percent(row.share)}"
        for row in rows.itertuples()
        if pd.notna(row.share)
    )
    table = _share_table(rows, caption, {"label": column("label"), "group_label": column("group_label")})
    return _layout(figure, height=THIN_ROW * height + 60, alt=alt, table=table)


def heat_map(prevalence: pd.DataFrame, *, caption: str) -> go.Figure:
    """Groups × codes, each cell with its share written in it; a withheld cell says so.

    ``prevalence``: rows with ``label`` (code, short), ``group_label`` and the columns of the table ``prevalence``.
    """
    columns = prevalence["label"].drop_duplicates().tolist()
    groups = prevalence["group_label"].drop_duplicates().tolist()
    grid = prevalence.pivot(index="group_label", columns="label", values="share").reindex(
        index=groups, columns=columns
    )
    hover = prevalence.assign(
        hover=[
            f"{escape(row.group_label)} — {escape(row.label)}<br>{text}"
            for row, text in zip(prevalence.itertuples(), _hover_or_withheld(prevalence), strict=True)
        ]
    ).pivot(index="group_label", columns="label", values="hover")
    values = grid.astype(float).to_numpy()
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[escape(column) for column in columns],
            y=[escape(group) for group in groups],
            text=[
                [
                    french.percent(cell) if pd.notna(cell) else label("words", "withheld_short")
                    for cell in line
                ]
                for line in values
            ],
            texttemplate="%{text}",
            hovertext=hover.reindex(index=groups, columns=columns).to_numpy(),
            hoverinfo="text",
            colorscale=[[0, "#f3f6fa"], [1, "#7fb0dc"]],
            zmin=0,
            zmax=1 if pd.isna(grid.max().max()) else max(0.01, float(grid.max().max())),
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(
        xaxis={
            "side": "top",
            "fixedrange": True,
            "tickangle": -35,
            "automargin": True,
            "ticks": "",
            "showgrid": False,
        },
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "showgrid": False,
        },
    )
    alt = f"{caption}. Les mêmes nombres sont dans le tableau qui suit."
    table = _share_table(
        prevalence, caption, {"group_label": column("group_label"), "label": column("label")}
    )
    return _layout(figure, height=34 * len(groups) + 130, alt=alt, table=table, top=90)


def _hover_or_withheld(rows: pd.DataFrame) -> list[str]:
    return [
        text[0] if len(text) else WITHHELD
        for text in (_hover(rows.iloc[[position]].dropna(subset=["share"])) for position in range(len(rows)))
    ]


def _upper(drawn: pd.DataFrame) -> float:
    """Upper end of the axis: the next ten points above the highest interval."""
    return 1.0 if drawn.empty else min(1.0, (int(float(drawn["high"].max()) * 10) + 1) / 10)


def escape(text: object) -> str:
    """Neutralise what plotly would read as markup in a label: it keeps a few tags and entities.

    >>> escape("<b>Auch</b> & environs")
    '&lt;b&gt;Auch&lt;/b&gt; &amp; environs'
    """
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
