"""Is it the territory, or who answers there? Differences and shares were every territory composed of the same families of voices."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from scipy import stats

from psq_analysis.comparison.contrasts import MIN_COMPARED
from psq_analysis.comparison.stratified import stratified_differences
from psq_analysis.comparison.weights import standard_weights, weighted_shares
from psq_analysis.respondents.design import Design
from psq_analysis.respondents.groups import group_of
from psq_analysis.tables import selections
from psq_analysis.tables.schema import UNDETERMINED, VOICE_FAMILIES

GROUPING, FAMILY = "territory", "voice_family"
_CODE = ["scheme", "code"]
_PAIR = [*_CODE, "group", "reference"]


class Composed(NamedTuple):
    """Plain and adjusted differences with the reference territory, the most numerous; shares at equal composition.

    ``differences``: ``scheme``, ``code``, ``group``, ``reference``, the plain ``difference`` with ``low``, ``high`` and ``verdict`` as published, and
    ``difference_adjusted`` with ``low_adjusted``, ``high_adjusted``, ``q_adjusted``. ``shares``: ``scheme``, ``code``, ``group``, the plain ``share``,
    the ``share_equal`` with ``low_equal``, ``high_equal``, ``respondents``, ``covered``. ``reason``: the key of the sentence that says why there is nothing,
    else empty.
    """

    differences: pd.DataFrame
    shares: pd.DataFrame
    reason: str = ""


def compose(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    *,
    design: Design,
) -> Composed:
    """Compare the territories within families of voices (:func:`psq_analysis.comparison.stratified.stratified_differences`).

    ``said``, ``counted``: who mentions what, and who counts; ``prevalence`` and ``contrasts`` as published. Territories of fewer than 30 respondents are left
    out. Adjusted differences are corrected among themselves (Benjamini–Hochberg).
    """
    people = _placed(counted)
    reason = _why_not(people)
    if reason:
        return Composed(pd.DataFrame(), pd.DataFrame(), reason)
    plain = _from_reference(contrasts, group_of(people, GROUPING).value_counts().index[0])
    pairs = plain.rename(columns={"group": "group_a", "reference": "group_b"}).assign(grouping=GROUPING)
    inside = stratified_differences(said, people, pairs, design=design, strata=people[FAMILY], is_part=True)
    adjusted = inside[["difference", "low", "high", "p_value"]].add_suffix("_adjusted")
    differences = plain.join(adjusted).dropna(subset=["p_value_adjusted"]).reset_index(drop=True)
    if differences.empty:
        return Composed(pd.DataFrame(), pd.DataFrame(), "equal_inseparable")
    differences["q_adjusted"] = stats.false_discovery_control(differences["p_value_adjusted"])
    return Composed(
        differences.drop(columns="p_value_adjusted"),
        _equal_shares(said, people, prevalence, differences, design),
    )


def _placed(counted: pd.DataFrame) -> pd.DataFrame:
    """The respondents of territories with enough of them, a part of a run, with the family of their voice."""
    groups = group_of(counted, GROUPING)
    sizes = groups[groups != UNDETERMINED].value_counts()
    inside = counted[groups.isin(sizes[sizes >= MIN_COMPARED].index)]
    return inside.assign(**{FAMILY: inside["stakeholder"].map(VOICE_FAMILIES).astype("string")})


def _why_not(people: pd.DataFrame) -> str:
    if people[GROUPING].nunique() < 2:
        return "equal_one_territory"
    return "" if (people[FAMILY].value_counts() >= MIN_COMPARED).sum() > 1 else "equal_one_voice"


def _from_reference(contrasts: pd.DataFrame, reference: str) -> pd.DataFrame:
    """The published contrasts of themes and objectives with the reference territory, seen from the other one."""
    made = selections.on_subjects(
        contrasts[contrasts["p_value"].notna() & (contrasts["grouping"] == GROUPING)]
    )
    there = made[made["group_b"] == reference].rename(columns={"group_a": "group", "group_b": "reference"})
    here = made[made["group_a"] == reference].rename(columns={"group_b": "group", "group_a": "reference"})
    turned = here.assign(difference=-here["difference"], low=-here["high"], high=-here["low"])
    return pd.concat([there, turned], ignore_index=True)[[*_PAIR, "difference", "low", "high", "verdict"]]


def _equal_shares(
    said: pd.DataFrame,
    people: pd.DataFrame,
    prevalence: pd.DataFrame,
    differences: pd.DataFrame,
    design: Design,
) -> pd.DataFrame:
    wanted = {
        str(scheme): list(rows["code"].unique()) for scheme, rows in differences.groupby("scheme", sort=False)
    }
    weights = standard_weights(people, grouping=GROUPING, by=FAMILY)
    if weights.empty:
        return pd.DataFrame()
    shares = weighted_shares(
        said, people, weights, codes=wanted, design=design, grouping=GROUPING, is_part=True
    )
    equal = shares.rename(columns={"share": "share_equal", "low": "low_equal", "high": "high_equal"})
    covered = (
        group_of(people.loc[weights.index], GROUPING).value_counts()
        / group_of(people, GROUPING).value_counts()
    )
    plain = prevalence.loc[prevalence["grouping"] == GROUPING, [*_CODE, "group", "share", "low", "high"]]
    return equal.merge(plain, on=[*_CODE, "group"]).assign(covered=lambda rows: rows["group"].map(covered))
