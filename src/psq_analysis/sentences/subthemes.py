"""Sub-themes in French sentences."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.codebook import Codebook
from psq_analysis.french.labels import say


def share_left(ideas: int, left: int, min_cell: int) -> str:
    """Write the share of ideas left out; of a small number of them, only that it is small.

    >>> share_left(200, 50, 11), share_left(200, 3, 11), share_left(200, 0, 11)
    ('25\\u202f%', 'moins de 6\\u202f%', '0\\u202f%')
    """
    if 0 < left < min_cell:
        return say("less_than", share=french.percent(min_cell / ideas))
    return french.percent(left / ideas)


def clustered_sentences(themes: pd.DataFrame, grid: Codebook, *, min_cell: int, is_part: bool = False) -> str:
    """Say how many ideas found a sub-theme, which theme leaves out most, and how much the groups depend on who answered; of a part of a run, only that they are not counted."""
    if is_part:
        return say("ideas_of_part")
    ideas, clustered = int(themes["ideas"].sum()), int(themes["clustered"].sum())
    if not ideas:
        return say("no_subthemes")
    rows = themes[themes["ideas"] >= min_cell]
    left = ((rows["ideas"] - rows["clustered"]) / rows["ideas"]).sort_values()
    worst = ""
    if len(left) > 1:
        theme = rows.loc[left.index[-1]]
        worst = say(
            "clustered_worst",
            theme=french.inside_quotes(grid.label("theme", theme["theme"])),
            share=share_left(theme["ideas"], theme["ideas"] - theme["clustered"], min_cell),
        )
    text = say(
        "clustered",
        share=french.percent(clustered / ideas),
        clustered=french.number(clustered),
        ideas=french.number(ideas),
        worst=worst,
    )
    rand = themes["rand_bootstrap"].mean()
    stability = say("clustered_stability", rand=french.number(rand, digits=2)) if pd.notna(rand) else ""
    return f"{french.capitalised(text)} {stability}".strip()
