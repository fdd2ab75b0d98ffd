"""Contrasts between groups: computed from the published shares alone, clusters and noise included, one verdict of three each."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from psq_analysis import proportions
from psq_analysis.comparison.stratified import OTHERS, holds, stratified_differences
from psq_analysis.disclosure.cell_keys import VARIANCE
from psq_analysis.respondents.design import EVERYONE, Design
from psq_analysis.respondents.groups import NOT_COMPARED, PAIRED, group_of, in_order
from psq_analysis.tables.schema import UNDETERMINED, conform, empty

FALSE_DISCOVERIES = 0.05  # of the differences a run announces, 5 % on average are due to chance
MIN_COMPARED = 30  # respondents a side: below, only differences beyond 35 points or so would be seen (docs/methods.md#differences)
EQUIVALENT = 0.10  # points of share under which a préfet would not act differently; docs/assumptions.md
ONE_SIDED = float(stats.norm.isf(0.05))  # of each of the two one-sided tests
DIFFERENT, SAME, UNKNOWN = "different", "equivalent", "unknown"
_CODE = ["scheme", "code"]


def contrasts(
    prevalence: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    design: Design,
    min_group: int = MIN_COMPARED,
    paired: Collection[str] = PAIRED,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return ``contrasts``: every pair of territories and of waves, and every voice against all other respondents (``others``).

    ``is_part``: the respondents are some of a run's, so that counts over all of them are moved too. So with the groupings that were asked for besides: those of ``paired`` by pairs, any other each against all others. ``prevalence``: as published; a contrast with a side of fewer than ``min_group`` respondents has no number.
    p-values: :func:`psq_analysis.proportions.two_sided_p`; q-values: Benjamini and Hochberg (1995) over all contrasts of the table.

    ``verdict``: ``different`` when q ≤ 5 %; else ``equivalent`` when two one-sided tests at 5 % exclude differences of ± 10 points (Schuirmann
    1987); else ``unknown``. ``within_source``: whether the difference holds among people asked the same questions. ``indetermine`` is no territory and is compared with nothing.
    """
    cells = prevalence.loc[prevalence["is_shown"], [*_CODE, "grouping", "group", "respondents", "mentions"]]
    tables = []
    for grouping in cells["grouping"].unique():
        if grouping in NOT_COMPARED:
            continue
        pairs = (_paired if grouping in paired else _against_others)(cells, grouping)
        tables.append(
            _with_clusters(pairs, group_of(respondents.set_index("contribution_id"), grouping), design)
        )
    compared = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if compared.empty:
        return empty("contrasts")
    enough = compared[["respondents_a", "respondents_b"]].min(axis=1) >= min_group
    made = compared[enough].reset_index(drop=True)
    made = _tested(made, respondent_codes, respondents, design, is_part=is_part) if len(made) else made
    return conform(
        pd.concat([made, compared[~enough].assign(verdict=UNKNOWN)]).reindex(
            columns=list(empty("contrasts").columns)
        ),
        "contrasts",
    )


def _paired(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & (cells["group"] != UNDETERMINED)]
    pairs = pd.DataFrame(
        list(combinations(in_order(grouping, inside["group"].unique()), 2)), columns=["group_a", "group_b"]
    )
    numbers = ["group", "respondents", "mentions"]
    first, second = (inside.rename(columns={name: f"{name}_{side}" for name in numbers}) for side in "ab")
    return first.merge(pairs, on="group_a").merge(second, on=[*_CODE, "grouping", "group_b"])


def _against_others(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & ~cells["group"].str.contains(UNDETERMINED)]
    total = cells[cells["grouping"] == EVERYONE].set_index(_CODE)[["respondents", "mentions"]]
    both = inside.join(total, on=_CODE, how="inner", suffixes=("_a", "_all"))
    respondents = both["respondents_all"] - both["respondents_a"]
    mentions = (both["mentions_all"] - both["mentions_a"]).clip(lower=0)
    return both.rename(columns={"group": "group_a"}).assign(
        group_b=OTHERS,
        respondents_b=respondents,
        mentions_b=mentions.where(mentions < respondents, respondents),
    )


def _with_clusters(pairs: pd.DataFrame, groups: pd.Series, design: Design) -> pd.DataFrame:
    """Add the design effect of either share (``effect_a``, ``effect_b``) and how far the two shares go together (``correlation``)."""
    na, nb = pairs["respondents_a"].to_numpy(float), pairs["respondents_b"].to_numpy(float)
    is_others = (pairs["group_b"] == OTHERS).to_numpy()
    shared: dict[str, dict[str, np.ndarray]] = {"a": {}, "b": {}, "ab": {}}
    for kind, table in design.pairs(groups).items():
        counts = table.to_numpy()
        a = table.index.get_indexer(pairs["group_a"])
        b = table.index.get_indexer(pairs["group_b"].where(~is_others, EVERYONE))
        own, other, across = counts[a, a], counts[b, b], counts[a, b]
        shared["a"][kind] = own
        shared["b"][kind] = np.where(is_others, other - 2 * across + own, other)
        shared["ab"][kind] = np.where(is_others, across - own, across)
    effect_a, effect_b = (
        1 + design.likeness(pairs, shared["a"]) / na,
        1 + design.likeness(pairs, shared["b"]) / nb,
    )
    covariance = design.likeness(pairs, shared["ab"]) / (na * nb)
    return pairs.assign(
        effect_a=effect_a, effect_b=effect_b, correlation=covariance / np.sqrt(effect_a / na * effect_b / nb)
    )


def _tested(
    compared: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    design: Design,
    *,
    is_part: bool,
) -> pd.DataFrame:
    columns = [
        compared[name].to_numpy(float)
        for name in ("mentions_a", "respondents_a", "mentions_b", "respondents_b")
    ]
    na, nb = columns[1], columns[3]
    # a shift of the group moves all others the other way, for the count over everyone is exact, or has a shift of its own
    of_all = is_part / nb**2
    moved = np.where(compared["group_b"] == OTHERS, (1 / na + 1 / nb) ** 2 + of_all, 1 / na**2 + 1 / nb**2)
    doubt = {name: compared[name].to_numpy(float) for name in ("effect_a", "effect_b", "correlation")}
    doubt["noise"] = np.sqrt(VARIANCE * moved)
    difference = columns[0] / na - columns[2] / nb
    low, high = proportions.newcombe(*columns, **doubt)
    p_value = proportions.two_sided_p(*columns, **doubt)
    q_value = stats.false_discovery_control(p_value)
    error = (high - low) / (2 * proportions.Z)
    verdict = np.select(
        [q_value <= FALSE_DISCOVERIES, np.abs(difference) + ONE_SIDED * error < EQUIVALENT],
        [DIFFERENT, SAME],
        UNKNOWN,
    )
    return compared.assign(
        difference=difference,
        low=low,
        high=high,
        risk_ratio=proportions.risk_ratio(*columns),
        p_value=p_value,
        q_value=q_value,
        cramers_v=proportions.cramers_v(*columns),
        within_source=_within_source(
            compared.assign(difference=difference), respondent_codes, respondents, design, is_part=is_part
        ),
        verdict=verdict,
    )


def _within_source(
    compared: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    design: Design,
    *,
    is_part: bool,
) -> pd.Series:
    """Tell whether differences hold among people asked the same questions; all do where everyone was."""
    questionnaires = respondents.get("questionnaire", pd.Series(dtype="string"))
    if questionnaires.nunique() < 2:
        return pd.Series(True, index=compared.index, dtype="boolean")
    within = stratified_differences(
        respondent_codes, respondents, compared, design=design, strata=questionnaires, is_part=is_part
    )
    return holds(compared["difference"], within, min_group=MIN_COMPARED)


def unnoticed(contrasts: pd.DataFrame) -> pd.Series:
    """Return, for each contrast, the difference below which the run would likely have noticed nothing (80 % power).

    The level is the one the correction asks of the next contrast: 5 % × (announced + 1) / contrasts tested. A fraction, indexed
    like ``contrasts``; missing where nothing was compared.
    """
    tested = int(contrasts["p_value"].notna().sum())
    announced = int((contrasts["verdict"] == DIFFERENT).sum())
    level = FALSE_DISCOVERIES * min(announced + 1, tested) / max(1, tested)
    ends = [contrasts[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in ("low", "high")]
    smallest = proportions.unnoticed(*ends, level=level or FALSE_DISCOVERIES)
    return pd.Series(smallest, index=contrasts.index, name="unnoticed")
