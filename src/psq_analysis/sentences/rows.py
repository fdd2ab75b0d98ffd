"""Rows of the published tables with the French names a chart shows."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import say, short
from psq_analysis.sentences.words import Code, group_name, quoted, share_text, tie_text
from psq_analysis.tables.schema import UNDETERMINED
from psq_analysis.tables.selections import NOT_SUBJECTS, clearest, compared, subjects


def shown_overall(prevalence: pd.DataFrame, scheme: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme over all respondents, ready for a chart: the largest share first, what is no subject last.

    Adds ``label``, ``short`` and ``is_subject``.
    """
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    shown = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        is_subject=~rows["code"].isin(NOT_SUBJECTS),
    )
    return shown.sort_values(["is_subject", "share"], ascending=False, na_position="last", kind="stable")


def shown_by_group(prevalence: pd.DataFrame, scheme: str, grouping: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme by group with ``label`` and ``group_label``: subjects by overall share, groups in their order.

    Undetermined places and groups of which nothing may be published are left out.
    """
    rows = prevalence[
        (prevalence["scheme"] == scheme)
        & (prevalence["grouping"] == grouping)
        & ~prevalence["code"].isin(NOT_SUBJECTS)
        & ~prevalence["group"].str.contains(UNDETERMINED)
    ]
    publishable = rows.groupby("group")["share"].transform("count") > 0
    rows = rows[publishable]
    order = {code: rank for rank, code in enumerate(subjects(prevalence, scheme)["code"])}
    rank = rows["code"].map(order).fillna(len(order))
    rows = rows.loc[rank.sort_values(kind="stable").index]
    return rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[french.capitalised(group_name(grouping, group)) for group in rows["group"]],
    )


def shares_title(prevalence: pd.DataFrame, scheme: str, names: Names, tied: Collection[Code]) -> str:
    """The finding a chart of shares shows: what comes first, or the two whose order is not established."""
    rows = subjects(prevalence, scheme)
    if rows.empty or rows["mentions"].iloc[0] == 0:
        return say("title_all_withheld")
    first, name = rows.iloc[0], quoted(names, rows.iloc[0])
    if tie_text(rows, 0, names, tied):
        second = rows.iloc[1]
        return say(
            "title_first_tie",
            name=french.inside_quotes(short(names[scheme, first["code"]])),
            second=french.inside_quotes(short(names[scheme, second["code"]])),
            share=share_text(first),
            share_second=share_text(second),
        )
    return say("title_first", name=name, share=share_text(first))


def group_title(contrasts: pd.DataFrame, grouping: str, scheme: str, names: Names) -> str:
    """The finding a chart by group shows: the clearest difference of its scheme, or that none is seen."""
    rows = contrasts[contrasts["scheme"] == scheme]
    announced = clearest(rows, grouping)
    if announced.empty:
        return say("title_no_difference" if compared(rows, grouping) else "title_not_compared")
    row = announced.iloc[0]
    return say(
        "title_difference",
        name=quoted(names, row),
        points=french.points(row["difference"]),
        a=group_name(grouping, row["group_a"]),
        b=group_name(grouping, row["group_b"]),
    )
