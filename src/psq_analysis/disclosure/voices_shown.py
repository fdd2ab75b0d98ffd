"""Respondents by voice and territory, as they may be shown."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.disclosure import voices_by_territory
from psq_analysis.french.labels import label
from psq_analysis.tables.schema import STAKEHOLDERS, TERRITORIES, UNDETERMINED, VOICE_FAMILIES

VOICES, FAMILIES, EVERYWHERE = "voice", "family", "all"


def voices_table(respondents: pd.DataFrame, prevalence: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the table ``voices`` of a run: respondents by voice, then by family of voices and territory, as they may be shown.

    One row a cell: ``level`` (``voice``: everywhere, ``family``: in one territory or in ``total``), ``voice``, ``territory``,
    ``respondents`` (empty where withheld). No row of a level that no file tells.
    """
    rows = []
    if respondents["stakeholder"].notna().any():
        by_voice = voices(respondents, min_cell=min_cell)
        rows.append(by_voice.assign(level=VOICES, territory=EVERYWHERE))
    if (respondents["territory"] != UNDETERMINED).any():
        crossed = families_by_territory(respondents, prevalence, min_cell=min_cell)
        melted = crossed.melt(id_vars="voice", var_name="territory", value_name="respondents")
        rows.append(melted.assign(level=FAMILIES))
    columns = ["level", "voice", "territory", "respondents"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


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
    family = counted["stakeholder"].map(VOICE_FAMILIES)
    family = family.astype("string").fillna(unknown)
    order = [*dict.fromkeys(VOICE_FAMILIES[voice] for voice in STAKEHOLDERS), unknown]
    people = counted[["stakeholder", "territory"]].assign(
        voice=_merge(named, [*STAKEHOLDERS, unknown], min_cell, "other_voices"),
        family=_merge(family, order, min_cell, "other_voices"),
        place=_merge(counted["territory"].astype("string"), list(TERRITORIES), min_cell, "other_territories"),
    )
    cells = voices_by_territory.protected(people, prevalence, min_cell=min_cell)
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
