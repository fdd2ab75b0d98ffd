"""The colours, sizes and finish that every chart shares."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.french.labels import column, label
from psq_analysis.sentences.words import mentions_text, share_text

INK = "#1b1f24"
MUTED = "#5c6570"
GRID = "#d9dde2"
ACCENT = "#1f73b7"
QUIET = "#6b7280"
GROUP_COLOURS = {
    "urbain": "#0072b2",
    "periurbain": "#00875f",
    "rural": "#b35900",
    "outre_mer": "#a8457e",
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
WITHHELD = label("words", "withheld")
# pixels: a row beside its label, a row under its label, the title in JupyterLab, the axis
ROW, FOLDED_ROW, TITLE, AXIS = 30, 44, 62, 34
TITLE_DROP = 20  # pixels from the top of the figure to the foot of the title's first line: less cuts it
FOLDED_SHIFT = 15  # pixels a label rises to stand over its mark
LABEL_SIDE, NUMBER_SIDE = 0.33, 0.84  # of the width: labels end, numbers start


NOTE_LENGTH = 46  # characters of a note that fit in one line of the narrowest phone, 320 pixels


def shortened(text: str) -> str:
    """Cut a note to the width of a phone; the table holds the whole.

    >>> shortened("Non publié : " + "commerçants, " * 8)
    'Non publié : commerçants, commerçants…'
    """
    return text if len(text) <= NOTE_LENGTH else text[: NOTE_LENGTH + 1].rsplit(",", 1)[0] + "…"


def row_text(text: str, height: float, *, is_number: bool = False, is_note: bool = False) -> dict[str, Any]:
    """The annotation of a row: its name on the left, its number on the right, a note in small and quiet."""
    return {
        "text": text,
        "x": 1 if is_number else 0,
        "y": height,
        "xref": "paper",
        "yref": "y",
        "xanchor": "right" if is_number else "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": MUTED if is_number or is_note else INK, "size": 12 if is_note else 13},
    }


def finish(figure: go.Figure, *, height: float, meta: dict[str, Any]) -> go.Figure:
    """Give a figure the look they all have; ``height`` in pixels without the title, ``meta`` as the head of this module says."""
    title = (
        f"<b>{escape(meta['title'])}</b><br><span style='font-size:12px'>{escape(meta['subtitle'])}</span>"
    )
    return figure.update_layout(
        template="none",
        title={"text": title, "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yanchor": "top",
               "yref": "container", "pad": {"l": 8, "t": TITLE_DROP}, "font": {"size": 15}},
        height=height + TITLE,
        margin={"l": 8, "r": 8, "t": TITLE, "b": AXIS},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": INK},
        separators=f",{french.NARROW}",
        showlegend=False,
        hovermode="closest",
        hoverlabel={"bgcolor": "#ffffff", "bordercolor": MUTED, "align": "left", "font": {"color": INK, "family": FONT}},
        dragmode=False,
        meta=meta,
    )  # fmt: skip


def numbers(rows: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    """The numbers of a chart as its reader sees them: ``keys`` (column → heading), n, mentions, share, interval."""
    shown = pd.DataFrame({heading: rows[key] for key, heading in keys.items()})
    shown[column("respondents")] = [
        french.number(n) if pd.notna(n) else WITHHELD for n in rows["respondents"]
    ]
    shown[column("mentions")] = [
        WITHHELD
        if pd.isna(row.share)
        else label("words", "none")
        if pd.isna(row.mentions)
        else mentions_text(row)
        for row in rows.itertuples()
    ]
    shown[column("share")] = [
        share_text(row) if pd.notna(row.share) else WITHHELD for row in rows.itertuples()
    ]
    shown[column("interval")] = [
        french.interval(low, high) if pd.notna(low) else label("words", "none")
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    return shown.astype(str)


def escape(text: object) -> str:
    """Neutralise what plotly would read as markup in a label: it keeps a few tags and entities, and TeX between dollars.

    >>> escape("<b>Auch</b> & environs, 5 $")
    '&lt;b&gt;Auch&lt;/b&gt; &amp; environs, 5 &#36;'
    """
    neutral = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
    return "".join(neutral.get(character, character) for character in str(text))
