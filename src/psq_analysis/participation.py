"""Who spoke, what was set aside and why: counts that add up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from psq_analysis import french
from psq_analysis.labels import department_name, label
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


def voices(counted: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Counted respondents by voice, small voices merged into « autres voix » until none is under ``min_cell``."""
    named = counted["stakeholder"].astype("string").fillna(label("words", "unknown_voice"))
    order = [*STAKEHOLDERS, label("words", "unknown_voice")]
    counts = named.value_counts().reindex(order).dropna().astype(int)
    return _merged(counts, min_cell, label("words", "other_voices")).rename(columns={"group": "voice"})


def territories(counted: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Counted respondents by territory, small ones merged."""
    counts = counted["territory"].value_counts().reindex(TERRITORIES).dropna().astype(int)
    named = counts.rename(index=lambda territory: label("groups", territory))
    return _merged(named, min_cell, label("words", "other_territories")).rename(
        columns={"group": "group_label"}
    )


def _merged(counts: pd.Series, min_cell: int, other: str) -> pd.DataFrame:
    """Merge the smallest groups until the merged one is no small cell either.

    >>> _merged(pd.Series({"élus": 40, "habitants": 30, "transports": 12, "gendarmes": 4}), 11, "autres").values.tolist()
    [['élus', 40], ['habitants', 30], ['autres', 16]]
    """
    ascending = counts.sort_values(kind="stable")
    merged: list[str] = []
    for group, size in ascending.items():
        if size >= min_cell and (not merged or ascending[merged].sum() >= min_cell):
            break
        merged.append(str(group))
    kept = counts[~counts.index.isin(merged)]
    rows = [(group, int(size)) for group, size in kept.items()]
    if merged:
        rows.append((other, int(counts[merged].sum())))
    return pd.DataFrame(rows, columns=["group", "respondents"])


def places(contributions: pd.DataFrame, *, min_cell: int) -> list[str]:
    """Départements from which enough contributions come, the most frequent first; at most three."""
    counts = contributions["department_code"].value_counts()
    return [department_name(code) for code in counts[counts >= min_cell].index[:3]]


def period(contributions: pd.DataFrame) -> str:
    """First and last day of submission in French, empty when no file says."""
    days = contributions["submitted_on"].dropna()
    return "" if days.empty else french.period(days.min().date(), days.max().date())
