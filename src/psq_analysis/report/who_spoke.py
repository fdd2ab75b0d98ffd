"""Who took part, and who was counted."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.disclosure import voices_shown
from psq_analysis.french.labels import column, label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.respondents.flow import Flow
from psq_analysis.tables.schema import UNDETERMINED


def flow(counts: Flow) -> Fragment:
    """From the contributions received to the respondents counted, in four numbers that add up."""
    return render("flow.html.j2", flow=counts)


def not_a_poll(remarks: pd.DataFrame, *, organised: str = "") -> Fragment:
    """Say what was set aside among the remarks, what campaigns brought (``organised``), and that a consultation is no poll."""
    texts = [_usable(remarks), organised, say("counted_unit")]
    return Fragment(
        sentence(say("not_a_poll"), kind="lead")
        + sentence(" ".join(text for text in texts if text), kind="small")
    )


def _usable(remarks: pd.DataFrame) -> str:
    """Say how many of the remarks received say nothing."""
    noise = int(remarks["is_noise"].sum())
    if len(remarks) == 1:
        return say("noise_alone" if noise else "noise_alone_not")
    quiet = say("noise_some", count=french.number(noise), say="disent" if noise > 1 else "dit")
    received = french.count(len(remarks), "remarque")
    return say("noise", remarks=received, noise=quiet if noise else say("noise_none"))


def who_spoke(counted: pd.DataFrame, prevalence: pd.DataFrame, *, min_cell: int) -> Fragment:
    """Respondents by voice, then by family of voices and territory; nothing where no file says who or where."""
    parts = []
    if counted["stakeholder"].notna().any():
        caption = say("caption_voices")
        parts.append(table(voices_shown.voices(counted, min_cell=min_cell), caption=caption))
    if (counted["territory"] != UNDETERMINED).any():
        crossed = voices_shown.families_by_territory(counted, prevalence, min_cell=min_cell)
        parts.append(_grid(crossed, min_cell))
    return Fragment("").join(parts)


def _grid(cells: pd.DataFrame, min_cell: int) -> Fragment:
    """The table of voices by territory; the territories alone where no cell of the crossing may be shown."""
    withheld = label("words", "withheld_short")
    is_total = cells["voice"] == "total"
    if cells.loc[~is_total].drop(columns="voice").fillna(0).eq(0).all(axis=None):
        cells = cells[is_total]
    rows = [
        (
            label("words", "total") if row[0] == "total" else row[0],
            [withheld if pd.isna(value) else french.number(value) for value in row[1:]],
            row[0] == "total",
        )
        for row in cells.itertuples(index=False)
    ]
    names = [
        label("words", "total") if name == "total" else label("groups", name) for name in cells.columns[1:]
    ]
    note = say("grid_note", min_cell=min_cell) if cells.isna().any(axis=None) else ""
    return render(
        "grid.html.j2", caption=say("caption_grid"), corner=column("voice"),
        columns=names, rows=rows, withheld=withheld, note=note,
    )  # fmt: skip
