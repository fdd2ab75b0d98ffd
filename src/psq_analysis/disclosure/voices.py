"""How many respondents of each voice, and of each family of voices in each territory, as they are shown."""

from __future__ import annotations

import pandas as pd

from psq_analysis.disclosure.cell_keys import moved_counts
from psq_analysis.settings import CROSSING
from psq_analysis.tables.schema import STAKEHOLDERS, TERRITORIES, UNDETERMINED, VOICE_FAMILIES

VOICES, FAMILIES, EVERYWHERE = "voice", "family", "all"
OTHERS_OF = "others"  # small voices of a family of which some are large
UNKNOWN_VOICE, OTHER_VOICES, OTHER_TERRITORIES, TOTAL = (
    "unknown_voice",
    "other_voices",
    "other_territories",
    "total",
)


def voices_table(respondents: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the table ``voices`` of a run: respondents by voice, then by family of voices and territory, as they are shown.

    One row a cell: ``level`` (``voice``: everywhere, ``family``: in one territory or in ``total``), ``voice``, ``territory``,
    ``respondents`` (empty under ``min_cell``). No row of a level that no file tells, none of fewer than ``min_cell`` respondents.
    """
    rows = []
    if len(respondents) < min_cell:
        return pd.DataFrame(columns=["level", "voice", "territory", "respondents"])
    if respondents["stakeholder"].notna().any():
        rows.append(voices(respondents, min_cell=min_cell).assign(level=VOICES, territory=EVERYWHERE))
    if (respondents["territory"] != UNDETERMINED).any():
        crossed = families_by_territory(respondents, min_cell=min_cell)
        melted = crossed.melt(id_vars="voice", var_name="territory", value_name="respondents")
        rows.append(melted.assign(level=FAMILIES))
    columns = ["level", "voice", "territory", "respondents"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def voices(counted: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the respondents of each voice (``voice``, ``respondents``), small voices put together until none is under ``min_cell``."""
    named = counted["stakeholder"].astype("string").fillna(UNKNOWN_VOICE)
    kept = _together(named, [*STAKEHOLDERS, UNKNOWN_VOICE], min_cell, OTHER_VOICES)
    return kept.value_counts(sort=False).rename_axis("voice").rename("respondents").reset_index()


def families_by_territory(counted: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the respondents of each family of voices in each territory, small families and territories put together.

    One row per family, the last being the total; columns: ``voice``, one per territory, ``total``. Totals are exact; inner counts are moved
    by random keys, and missing under ``min_cell``, so that they do not add up exactly.

    >>> people = pd.DataFrame({"contribution_id": range(100), "stakeholder": ["élus"] * 40 + ["habitants"] * 60, "record_key": range(100),
    ...                        "territory": ["rural"] * 37 + ["urbain"] * 63})
    >>> families_by_territory(people, min_cell=11).fillna(0).values.tolist()
    [['élus, autorités et partenaires', 0, 37, 40], ['habitants', 60, 0, 60], ['total', 63, 37, 100]]
    """
    family = counted["stakeholder"].map(VOICE_FAMILIES).astype("string").fillna(UNKNOWN_VOICE)
    order = [*dict.fromkeys(VOICE_FAMILIES[voice] for voice in STAKEHOLDERS), UNKNOWN_VOICE]
    families = _together(family, order, min_cell, OTHER_VOICES)
    places = _together(counted["territory"].astype("string"), list(TERRITORIES), min_cell, OTHER_TERRITORIES)
    who = pd.Index(counted["contribution_id"])
    cells = moved_counts(
        pd.DataFrame({"contribution_id": who, "voice": families.astype("string").to_numpy()}),
        places.astype("string").set_axis(who),
        counted["record_key"].set_axis(who),
        pd.DataFrame({"voice": families.cat.categories.astype("string")}),
    )
    inside = cells.pivot(index="voice", columns="group", values="mentions").reindex(
        index=families.cat.categories, columns=places.cat.categories
    )
    grid = inside.where(inside >= min_cell).astype("Int64")
    grid[TOTAL] = families.value_counts()
    grid.loc[TOTAL] = [*places.value_counts().reindex(places.cat.categories), len(counted)]
    return grid.rename_axis(index="voice", columns=None).reset_index()


def _together(groups: pd.Series, order: list[str], min_cell: int, other: str) -> pd.Series:
    """Name each respondent's group as a categorical in the given order, the smallest being put together until that one is no small group either."""
    counts = groups.value_counts().reindex(order).dropna()
    ascending = counts.sort_values(kind="stable")
    merged: list[str] = []
    for group, size in ascending.items():
        if size >= min_cell and (not merged or ascending[merged].sum() >= min_cell):
            break
        merged.append(str(group))
    kept = [*counts.index[~counts.index.isin(merged)], *([other] if merged else [])]
    return pd.Series(
        pd.Categorical(groups.where(groups.isin(kept), other), categories=kept), index=groups.index
    )


def voices_or_families(stakeholders: pd.Series, *, min_cell: int) -> pd.Series:
    """Return each respondent's voice, or the others of its family where the voice has fewer than ``min_cell``, missing where unknown.

    The small voices of a family are one group, ``others × FAMILY``, or the family itself when all of its voices are small; those of families that are small
    still are put together. Nothing is hidden that a wider group can show.

    >>> voices = pd.Series(["élus"] * 12 + ["transports"] * 6 + ["sécurité privée"] * 6 + ["policiers"] * 6 + ["gendarmes"] * 6)
    >>> voices_or_families(voices, min_cell=11).value_counts().to_dict()
    {'élus': 12, 'others × élus, autorités et partenaires': 12, "forces de l'ordre": 12}
    """
    voices_known = stakeholders.astype("string")
    small = voices_known.map(voices_known.value_counts()) < min_cell
    family = voices_known.map(VOICE_FAMILIES).astype("string")
    has_large = family.isin(family[~small.fillna(False)].dropna())
    named = family.where(~has_large, f"{OTHERS_OF} {CROSSING} " + family)
    merged = voices_known.mask(small.fillna(False), named)
    is_few = merged.map(merged.value_counts()) < min_cell
    return merged.mask(is_few.fillna(False), OTHER_VOICES)
