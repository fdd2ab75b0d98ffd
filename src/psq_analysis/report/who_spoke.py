"""Who took part, and who was counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.disclosure.voices import (
    FAMILIES,
    OTHER_TERRITORIES,
    OTHER_VOICES,
    TOTAL,
    UNKNOWN_VOICE,
    VOICES,
)
from psq_analysis.french.labels import column, department_name, label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences.campaigns import brought

MOST_NAMED = 4  # départements named in a sentence


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
    by_voice = voices.loc[voices["level"] == VOICES, ["voice", "respondents"]]
    if len(by_voice):
        named = by_voice.assign(voice=[french.capitalised(_voice(voice)) for voice in by_voice["voice"]])
        parts.append(table(named, caption=say("caption_voices")))
    crossed = voices[voices["level"] == FAMILIES]
    if len(crossed):
        families, territories = (crossed[name].drop_duplicates() for name in ("voice", "territory"))
        cells = crossed.set_index(["voice", "territory"])["respondents"].unstack("territory")
        parts.append(_grid(cells.loc[families, territories].rename_axis("voice").reset_index(), min_cell))
    return Fragment("").join(parts)


def _voice(name: str) -> str:
    return label("words", name) if name in (UNKNOWN_VOICE, OTHER_VOICES, TOTAL) else name


def _grid(cells: pd.DataFrame, min_cell: int) -> Fragment:
    """The table of voices by territory; the territories alone where no cell of the crossing may be shown."""
    withheld = label("words", "fewer_than").format(min_cell=min_cell)
    is_total = cells["voice"] == TOTAL
    if cells.loc[~is_total].drop(columns="voice").fillna(0).eq(0).all(axis=None):
        cells = cells[is_total]
    rows = [
        (
            _voice(row[0]),
            [withheld if pd.isna(value) else french.number(value) for value in row[1:]],
            row[0] == TOTAL,
        )
        for row in cells.itertuples(index=False)
    ]
    names = [
        label("words" if name in (TOTAL, OTHER_TERRITORIES) else "groups", name) for name in cells.columns[1:]
    ]
    note = say("grid_note")
    return render(
        "grid.html.j2", caption=say("caption_grid"), corner=column("voice"),
        columns=names, rows=rows, withheld=withheld, note=note,
    )  # fmt: skip


def margins(trace: Mapping[str, Any], *, min_cell: int) -> Fragment:
    """Respondents beside the known population, by type of territory; nothing where that is not known.

    ``trace``: what the run noted, with ``margins`` of :func:`psq_analysis.comparison.weights.margins_of_run`.
    """
    noted = trace.get("margins", {})
    if not noted.get("groups"):
        return Fragment("")
    rows = pd.DataFrame(noted["groups"])
    people, population = rows["respondents"].sum(), rows["inhabitants"].sum()
    few = label("words", "fewer_than").format(min_cell=min_cell)
    shown = pd.DataFrame(
        {
            "group_label": [french.capitalised(label("groups", group)) for group in rows["group"]],
            "respondents": [few if pd.isna(n) else french.number(n) for n in rows["respondents"]],
            "share_of_respondents": [
                label("words", "none") if pd.isna(n) else french.percent(n / people)
                for n in rows["respondents"]
            ],
            "inhabitants": [french.number(n) for n in rows["inhabitants"]],
            "share_of_inhabitants": [french.percent(n / population) for n in rows["inhabitants"]],
        }
    )
    departments = noted["departments"]
    where = (
        french.enumeration([department_name(one) for one in departments])
        if len(departments) <= MOST_NAMED
        else say("margins_departments", count=french.number(len(departments)))
    )
    note = sentence(say("margins_note", departments=where, n=french.number(people)), kind="small")
    return Fragment(table(shown, caption=say("caption_margins")) + note)
