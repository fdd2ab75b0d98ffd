"""Who spoke, what was set aside and why: counts that add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from psq_analysis.labels import column, label
from psq_analysis.schema import STAKEHOLDERS, TERRITORIES


@dataclass(frozen=True)
class Flow:
    """Four numbers: received = incomplete + silent + counted."""

    received: int
    incomplete: int
    silent: int
    counted: int


def respondent_flow(contributions: pd.DataFrame, counted: pd.Index) -> Flow:
    """Follow the contributions from reception to the denominator of every share.

    ``counted``: identifiers of the respondents the shares rest on. A contribution that is not counted is either
    incomplete (questionnaire not submitted) or silent (no usable remark).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, False, True]})
    >>> respondent_flow(contributions, pd.Index(["a"]))
    Flow(received=3, incomplete=1, silent=1, counted=1)
    """
    out = contributions[~contributions["contribution_id"].isin(counted)]
    incomplete = int((~out["is_complete"]).sum())
    return Flow(
        received=len(contributions),
        incomplete=incomplete,
        silent=len(out) - incomplete,
        counted=int(contributions["contribution_id"].isin(counted).sum()),
    )


def voices_by_territory(contributions: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Cross the voices and the territories of the counted respondents, small cells withheld.

    One row per voice present, one column per territory present and a total. A cell of 1 to ``min_cell`` − 1 respondents
    is withheld, and so is the next smallest of its row and column where it could be found again by subtraction: voices
    or territories with few respondents are merged into one row or column first.
    """
    voices = contributions["stakeholder"].fillna(label("words", "unknown_voice"))
    order = [*STAKEHOLDERS, label("words", "unknown_voice")]
    kept = voices.value_counts()
    rare = kept[kept < min_cell].index
    merged = voices.where(~voices.isin(rare), label("words", "other_voices"))
    order = [voice for voice in [*order, label("words", "other_voices")] if voice in set(merged)]
    table = pd.crosstab(merged, contributions["territory"]).reindex(index=order, fill_value=0)
    table = table[[name for name in TERRITORIES if name in table.columns]]
    shown = pd.DataFrame(
        {
            column("voice"): list(table.index),
            **{
                label("groups", name): [_count_or_band(value, min_cell) for value in table[name]]
                for name in table.columns
            },
        }
    )
    totals = table.sum(axis=1)
    shown[column("total")] = [_count_or_band(value, min_cell) for value in totals]
    return shown


def _count_or_band(value: int, min_cell: int) -> str:
    return (
        str(value)
        if value == 0 or value >= min_cell
        else label("words", "fewer_than").format(min_cell=min_cell)
    )


def period(contributions: pd.DataFrame) -> tuple[dt.date, dt.date] | None:
    """First and last day of submission, None when no file says."""
    days = contributions["submitted_on"].dropna()
    return None if days.empty else (days.min().date(), days.max().date())
