"""Who spoke, what was set aside and why: counts that add up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from psq_analysis import crossed_counts, disclosure, french
from psq_analysis.labels import department_name, label
from psq_analysis.schema import STAKEHOLDERS, TERRITORIES
from psq_analysis.settings import MIN_CELL


@dataclass(frozen=True)
class Flow:
    """Numbers that add up: received = incomplete + silent + organised + counted.

    ``organised`` is None where these are too few to be told apart: ``silent`` then counts them.
    """

    received: int
    incomplete: int
    silent: int
    counted: int
    organised: int | None = 0


def respondent_flow(
    contributions: pd.DataFrame,
    counted: pd.Index,
    *,
    organised: Collection[str] = (),
    min_cell: int = MIN_CELL,
) -> Flow:
    """Follow the contributions from reception to the denominator of every share.

    ``counted``: identifiers of the respondents the shares rest on; ``organised``: of those whose only usable remarks are organised
    answers that the run leaves out. A contribution that is not counted is incomplete (questionnaire not submitted), organised, or
    silent (no usable remark).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, False, True]})
    >>> respondent_flow(contributions, pd.Index(["a"]))
    Flow(received=3, incomplete=1, silent=1, counted=1, organised=0)
    """
    out = contributions[~contributions["contribution_id"].isin(counted)]
    submitted = out[out["is_complete"]]
    of_campaign = int(submitted["contribution_id"].isin(organised).sum())
    is_few = disclosure.is_small(of_campaign, min_cell=min_cell)
    return Flow(
        received=len(contributions),
        incomplete=len(out) - len(submitted),
        silent=len(submitted) - (0 if is_few else of_campaign),
        counted=int(contributions["contribution_id"].isin(counted).sum()),
        organised=None if is_few else of_campaign,
    )


def voices(counted: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Counted respondents by voice, small voices merged into « autres voix » until none is under ``min_cell``."""
    named = counted["stakeholder"].astype("string").fillna(label("words", "unknown_voice"))
    order = [*STAKEHOLDERS, label("words", "unknown_voice")]
    counts = named.value_counts().reindex(order).dropna().astype(int)
    merged = _merged(counts, min_cell, label("words", "other_voices"))
    return merged.rename(columns={"group": "voice"}).assign(voice=merged["group"].map(french.capitalised))


def families_by_territory(counted: pd.DataFrame, prevalence: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Counted respondents by family of voices and territory, with totals; small groups merged, small cells emptied.

    One row per family, the last being the total; columns: ``voice``, one per territory, ``total``. A cell is missing where it counts
    1 to ``min_cell`` − 1 respondents, or would let a reader compute such a number from this table, ``prevalence`` and :func:`voices`.
    """
    unknown = label("words", "unknown_voice")
    named = counted["stakeholder"].astype("string").fillna(unknown)
    family = counted["stakeholder"].map(lambda voice: label("voice_families", voice), na_action="ignore")
    family = family.astype("string").fillna(unknown)
    order = [*dict.fromkeys(label("voice_families", voice) for voice in STAKEHOLDERS), unknown]
    people = counted[["stakeholder", "territory"]].assign(
        voice=_merge(named, [*STAKEHOLDERS, unknown], min_cell, "other_voices"),
        family=_merge(family, order, min_cell, "other_voices"),
        place=_merge(counted["territory"].astype("string"), list(TERRITORIES), min_cell, "other_territories"),
    )
    cells = crossed_counts.protected(people, prevalence, min_cell=min_cell)
    return cells.rename_axis(index="voice").reset_index()


def _merge(groups: pd.Series, order: list[str], min_cell: int, other: str) -> pd.Series:
    """Name each respondent's group, the small ones being merged, as a categorical in the given order."""
    counts = groups.value_counts().reindex(order).dropna().astype(int)
    kept = list(_merged(counts, min_cell, label("words", other))["group"])
    named = groups.where(groups.isin(kept), label("words", other))
    return pd.Series(pd.Categorical(named, categories=kept), index=groups.index)


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
