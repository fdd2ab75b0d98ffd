"""Who took part, and who was counted."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.comparison.weights import populations
from psq_analysis.disclosure.voices import (
    OTHER_TERRITORIES,
    OTHER_VOICES,
    TOTAL,
    UNKNOWN_VOICE,
    families_by_territory,
    voices,
)
from psq_analysis.french.labels import column, department_name, label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.places.typology import Typology
from psq_analysis.respondents.flow import Flow
from psq_analysis.tables.schema import UNDETERMINED

MOST_NAMED = 4  # départements named in a sentence


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


def who_spoke(counted: pd.DataFrame, *, min_cell: int) -> Fragment:
    """Respondents by voice, then by family of voices and territory; nothing where no file says who or where."""
    parts = []
    if counted["stakeholder"].notna().any():
        shown = voices(counted, min_cell=min_cell)
        named = shown.assign(voice=[french.capitalised(_voice(voice)) for voice in shown["voice"]])
        parts.append(table(named, caption=say("caption_voices")))
    if (counted["territory"] != UNDETERMINED).any():
        parts.append(_grid(families_by_territory(counted, min_cell=min_cell), min_cell))
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


def margins(counted: pd.DataFrame, communes: pd.DataFrame, typology: Typology, *, min_cell: int) -> Fragment:
    """Respondents beside the known population, by type of territory, in the départements most of them come from; nothing where that is not known.

    ``communes``: of :func:`psq_analysis.places.communes.load_communes`.
    """
    located = counted[counted["territory_type"] != UNDETERMINED].dropna(subset=["department_code"])
    sizes = located["department_code"].value_counts()
    departments = list(sizes[sizes >= min_cell].index)
    inside = located[located["department_code"].isin(departments)]
    if inside.empty:
        return Fragment("")
    people = populations(communes, typology, departments=departments)
    answered = inside["territory_type"].value_counts().reindex(people.index, fill_value=0)
    if not people.sum():
        return Fragment("")
    shown = pd.DataFrame(
        {
            "group_label": [french.capitalised(label("groups", group)) for group in people.index],
            "respondents": [
                french.number(n)
                if n >= min_cell or not n
                else label("words", "fewer_than").format(min_cell=min_cell)
                for n in answered
            ],
            "share_of_respondents": [
                french.percent(n / len(inside)) if n >= min_cell or not n else label("words", "none")
                for n in answered
            ],
            "inhabitants": [french.number(n) for n in people],
            "share_of_inhabitants": [french.percent(n / people.sum()) for n in people],
        }
    )
    where = (
        french.enumeration([department_name(one) for one in departments])
        if len(departments) <= MOST_NAMED
        else say("margins_departments", count=french.number(len(departments)))
    )
    note = sentence(say("margins_note", departments=where, n=french.number(len(inside))), kind="small")
    return Fragment(table(shown, caption=say("caption_margins")) + note)
