"""Differences between groups, with intervals, corrected for the number of comparisons."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from psq_analysis import proportions
from psq_analysis.comparison.shares import in_order
from psq_analysis.respondents.groups import AGAINST_OTHERS, PAIRED
from psq_analysis.settings import CROSSING
from psq_analysis.tables.schema import UNDETERMINED, conform, empty

FALSE_DISCOVERIES = 0.05  # of the differences a run announces, at most 5 % may be due to chance
MIN_GROUP = 11  # a group smaller than a publishable cell says nothing that may be printed


def contrasts(prevalence: pd.DataFrame, *, min_group: int = MIN_GROUP) -> pd.DataFrame:
    """Return ``contrasts``: every pair of territories and of waves, and every voice against all other respondents (``others``).

    So with the groupings that were asked for besides: types of territory and mainland or overseas by pairs, density levels and
    crossings each against all others.

    ``prevalence`` as published: what it withholds, or a group under ``min_group`` respondents, gives ``too_few`` and no number.
    p-values: :func:`psq_analysis.proportions.two_sided_p`; q-values: Benjamini and Hochberg (1995) over all contrasts of the
    table; a difference is announced when q ≤ 5 %. ``indetermine`` is no territory and is compared with nothing.
    """
    cells = prevalence[["scheme", "code", "grouping", "group", "respondents", "mentions", "is_suppressed"]]
    against_others = [one for one in cells["grouping"].unique() if one in AGAINST_OTHERS or CROSSING in one]
    pairs = [_paired(cells, grouping) for grouping in PAIRED]
    pairs += [_against_others(cells, grouping) for grouping in against_others]
    compared = pd.concat(pairs, ignore_index=True)
    if compared.empty:
        return empty("contrasts")
    counts = compared[["mentions_a", "respondents_a", "mentions_b", "respondents_b"]].astype("Float64")
    known = counts.notna().all(axis=1) & ~compared["is_suppressed_a"] & ~compared["is_suppressed_b"]
    enough = (
        known
        & (counts["respondents_a"].fillna(0) >= min_group)
        & (counts["respondents_b"].fillna(0) >= min_group)
    )
    columns = [counts[name].where(enough).to_numpy(float, na_value=np.nan) for name in counts]
    low, high = proportions.newcombe(*columns)
    p_value = np.full(len(compared), np.nan)
    p_value[enough] = proportions.two_sided_p(*(column[enough] for column in columns))
    q_value = np.full(len(compared), np.nan)
    q_value[enough] = stats.false_discovery_control(p_value[enough]) if enough.any() else []
    difference = columns[0] / columns[1] - columns[2] / columns[3]
    verdict = np.select(
        [
            ~enough,
            (q_value <= FALSE_DISCOVERIES) & (difference > 0),
            (q_value <= FALSE_DISCOVERIES) & (difference < 0),
        ],
        ["too_few", "more_often", "less_often"],
        default="no_detectable_difference",
    )
    return conform(
        compared.assign(
            difference=difference,
            low=low,
            high=high,
            risk_ratio=proportions.risk_ratio(*columns),
            p_value=p_value,
            q_value=q_value,
            cramers_v=proportions.cramers_v(*columns),
            verdict=verdict,
        ),
        "contrasts",
    )


def unnoticed(prevalence: pd.DataFrame, contrasts: pd.DataFrame) -> pd.Series:
    """Return, for each contrast, the difference below which the run would likely have noticed nothing (80 % power).

    The level is the one the correction asks of the next contrast: 5 % × (announced + 1) / contrasts tested. A fraction, indexed
    like ``contrasts``; missing where the contrast is ``too_few``.
    """
    tested = contrasts["verdict"] != "too_few"
    announced = contrasts["verdict"].isin(["more_often", "less_often"]).sum()
    smallest = pd.Series(np.nan, index=contrasts.index, name="unnoticed")
    if not tested.any():
        return smallest
    cells = prevalence.set_index(["scheme", "code", "grouping", "group"])[["mentions", "respondents"]]
    rows = contrasts[tested]
    a = (
        cells.reindex(pd.MultiIndex.from_frame(rows[["scheme", "code", "grouping", "group_a"]]))
        .astype(float)
        .to_numpy()
    )
    b = (
        cells.reindex(pd.MultiIndex.from_frame(rows[["scheme", "code", "grouping", "group_b"]]))
        .astype(float)
        .to_numpy()
    )
    total = cells.reindex(
        pd.MultiIndex.from_frame(rows[["scheme", "code"]].assign(grouping="all", group="all"))
    ).astype(float)
    b = np.where((rows["group_b"] == "others").to_numpy()[:, None], total.to_numpy() - a, b)
    level = FALSE_DISCOVERIES * min(announced + 1, tested.sum()) / tested.sum()
    smallest[tested] = proportions.detectable_difference(a[:, 0], a[:, 1], b[:, 0], b[:, 1], level=level)
    return smallest


def _paired(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & (cells["group"] != UNDETERMINED)]
    names = in_order(grouping, pd.Index(inside["group"].unique()))
    pairs = pd.DataFrame(list(combinations(names, 2)), columns=["group_a", "group_b"])
    keys = ["scheme", "code", "grouping"]
    first = inside.rename(
        columns={name: f"{name}_a" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    second = inside.rename(
        columns={name: f"{name}_b" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    return first.merge(pairs, on="group_a").merge(second, on=[*keys, "group_b"])


def _against_others(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & ~cells["group"].str.contains(UNDETERMINED)]
    total = cells[cells["grouping"] == "all"].set_index(["scheme", "code"])[
        ["respondents", "mentions", "is_suppressed"]
    ]
    both = inside.rename(
        columns={name: f"{name}_a" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    both = both.join(total, on=["scheme", "code"], how="inner")
    return both.assign(
        group_b="others",
        respondents_b=both["respondents"] - both["respondents_a"],
        mentions_b=both["mentions"] - both["mentions_a"],
        is_suppressed_b=both["is_suppressed"],
    ).drop(columns=["respondents", "mentions", "is_suppressed"])
