"""Who took part, and who was counted."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.disclosure import voices_shown
from psq_analysis.french.labels import column, label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences.campaigns import brought


def flow(counts: pd.DataFrame) -> Fragment:
    """From the contributions received to the respondents counted, in four numbers that add up; ``counts``: the table ``flow``."""
    return render("flow.html.j2", flow=Flow.of(counts))


def not_a_poll(counts: pd.DataFrame, *, include_campaigns: bool, min_cell: int) -> Fragment:
    """Say what was set aside among the remarks, what campaigns brought, and that a consultation is no poll; ``counts``: the table ``flow``."""
    steps = Flow.of(counts)
    organised = brought(steps, include_campaigns=include_campaigns, min_cell=min_cell)
    texts = [_usable(steps), organised, say("counted_unit")]
    return Fragment(
        sentence(say("not_a_poll"), kind="lead")
        + sentence(" ".join(text for text in texts if text), kind="small")
    )


def _usable(steps: Flow) -> str:
    """Say how many of the remarks received say nothing."""
    if steps.remarks == 1:
        return say("noise_alone" if steps.noise else "noise_alone_not")
    quiet = say("noise_some", count=french.number(steps.noise), say="disent" if steps.noise > 1 else "dit")
    received = french.count(steps.remarks, "remarque")
    return say("noise", remarks=received, noise=quiet if steps.noise else say("noise_none"))


def who_spoke(voices: pd.DataFrame, *, min_cell: int) -> Fragment:
    """Respondents by voice, then by family of voices and territory; nothing where no file says who or where. ``voices``: the table."""
    parts = []
    by_voice = voices.loc[voices["level"] == voices_shown.VOICES, ["voice", "respondents"]]
    if len(by_voice):
        parts.append(table(by_voice, caption=say("caption_voices")))
    crossed = voices[voices["level"] == voices_shown.FAMILIES]
    if len(crossed):
        families, territories = (crossed[name].drop_duplicates() for name in ("voice", "territory"))
        cells = crossed.set_index(["voice", "territory"])["respondents"].unstack("territory")
        parts.append(_grid(cells.loc[families, territories].rename_axis("voice").reset_index(), min_cell))
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
