"""The list of the reports of an analysis taken apart: what each part asks first, and its shares beside those of the others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import column, label, say, short
from psq_analysis.html.fragments import Fragment, render, sentence, table_of_texts
from psq_analysis.sentences.words import share_text
from psq_analysis.tables.selections import NOT_SUBJECTS


def lead(parts: pd.DataFrame, left_out: Sequence[str], *, by: str, min_cell: int) -> Fragment:
    """Say how many reports there are, what was put together, and which groups have none."""
    made = parts[parts["link"].ne("")]
    told = say(
        "parts_lead", reports=french.count(len(made), "rapport"), by=label("groupings", by).lower(), min_cell=min_cell
    )  # fmt: skip
    if left_out:
        told += " " + say("parts_left_out", names=french.enumeration(list(left_out)), min_cell=min_cell)
    return sentence(told)


def listed(parts: pd.DataFrame, *, by: str) -> Fragment:
    """List the reports: columns ``part``, ``respondents``, ``demand``, ``irritant``, ``state`` and ``link``."""
    return render(
        "parts.html.j2",
        caption=say("parts_caption"),
        columns=[label("groupings", by), column("respondents"), say("part_demand"), say("part_irritant"), say("part_state")],
        rows=parts.assign(state=[label("part_states", state) for state in parts["state"]]).to_dict("records"),
    )  # fmt: skip


def shares(told: pd.DataFrame, names: Names, *, scheme: str, by: str) -> Fragment:
    """Show the share of each code of a scheme in each part, with its interval; a part is a row.

    ``told``: the published shares over all respondents of each part, with the column ``part`` before.
    """
    rows = told[told["scheme"].eq(scheme) & ~told["code"].isin(NOT_SUBJECTS)]
    codes = [code for of, code in names if of == scheme and code in set(rows["code"])]
    by_part = {
        part: {row.code: row for row in of_part.itertuples()}
        for part, of_part in rows.groupby("part", sort=False)
    }
    return table_of_texts(
        [[part, *(_share(found.get(code)) for code in codes)] for part, found in by_part.items()],
        columns=[label("groupings", by), *(short(names[scheme, code]) for code in codes)],
        caption=say("parts_shares", scheme=label("schemes", scheme).lower()),
    )


def _share(row: object) -> str:
    if row is None or not row.is_shown:  # type: ignore[attr-defined]
        return label("words", "withheld")
    return f"{share_text(row)} {french.interval(row.low, row.high)}"  # type: ignore[attr-defined]
