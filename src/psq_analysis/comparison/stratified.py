"""Does a difference hold between people of the same kind? Differences within strata, put together (Mantel & Haenszel 1959).

Within one questionnaire, so that a difference of questions is not taken for one of people; within one family of voices, so that who
answers is not taken for where. Counted on cells moved by random keys, like all counts of groups (:mod:`psq_analysis.disclosure.cell_keys`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from psq_analysis.disclosure.cell_keys import VARIANCE, moved_counts
from psq_analysis.proportions import LEVEL, Z
from psq_analysis.respondents.design import EVERYONE, KINDS, Design
from psq_analysis.respondents.groups import group_of

OTHERS = "others"
NO_GROUP = ""  # in a stratum, but of unknown group: counted among the others
SHRUNK = 0.5  # a difference that keeps less than half its size within strata, and is not established there, belongs to them
_SEPARATOR = "\x1f"
_CODE = ["scheme", "code"]
Reals = NDArray[np.float64]


def stratified_differences(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    compared: pd.DataFrame,
    *,
    design: Design,
    strata: pd.Series,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the differences of ``compared`` within strata, each stratum weighted as it informs (n_a n_b / (n_a + n_b)).

    ``compared``: ``scheme``, ``code``, ``grouping``, ``group_a``, ``group_b`` (``others``: all other respondents); ``strata``: indexed like ``respondents``,
    missing where unknown; ``is_part``: the respondents are some of a run's. Returns, indexed like ``compared``: ``difference``, ``low``, ``high`` (95 %, clusters and noise included), ``p_value``, and
    ``respondents_a``, ``respondents_b``: those in strata that hold both groups. Missing where no stratum holds both.
    """
    columns = ["difference", "low", "high", "p_value", "respondents_a", "respondents_b"]
    results = pd.DataFrame(np.nan, index=compared.index, columns=columns)
    for grouping, rows in compared.groupby("grouping"):
        cells = _cells(
            respondent_codes,
            respondents,
            str(grouping),
            rows,
            design=design,
            strata=strata,
            is_part=is_part,
        )
        if not cells.empty:
            results.loc[rows.index] = _put_together(cells, rows, design)[columns]
    return results


def _cells(
    said: pd.DataFrame,
    respondents: pd.DataFrame,
    grouping: str,
    rows: pd.DataFrame,
    *,
    design: Design,
    strata: pd.Series,
    is_part: bool,
) -> pd.DataFrame:
    """Return, per compared row and stratum that holds both groups, their counts and the pairs of people who share a cluster."""
    people = pd.DataFrame(
        {"group": group_of(respondents, grouping).fillna(NO_GROUP), "stratum": strata.astype("string")}
    ).set_index(pd.Index(respondents["contribution_id"]))
    people = people.dropna(subset=["stratum"])
    cell = people["group"] + _SEPARATOR + people["stratum"]
    keys = respondents.set_index("contribution_id")["record_key"]
    items = rows[_CODE].drop_duplicates()
    said = said.merge(items, on=_CODE)[["contribution_id", *_CODE]]
    counts = moved_counts(said, cell, keys, items, is_part=is_part)
    counts[["group", "stratum"]] = counts["group"].str.split(_SEPARATOR, expand=True)
    whole = moved_counts(said, people["stratum"], keys, items, is_part=is_part).rename(
        columns={"group": "stratum"}
    )
    pairs = {
        kind: _in_strata(table.drop(index=EVERYONE, columns=EVERYONE))
        for kind, table in design.pairs(cell).items()
    }
    pieces = []
    for (a, b), of_pair in rows.groupby(["group_a", "group_b"]):
        keyed = of_pair[_CODE].reset_index(names="row")
        own = keyed.merge(counts[counts["group"] == a], on=_CODE)
        other = whole if b == OTHERS else counts[counts["group"] == b]
        both = own.merge(
            other[[*_CODE, "stratum", "respondents", "mentions"]],
            on=[*_CODE, "stratum"],
            suffixes=("_a", "_b"),
        )
        if b == OTHERS:
            both["respondents_b"] -= both["respondents_a"]
            both["mentions_b"] = (both["mentions_b"] - both["mentions_a"]).clip(0, both["respondents_b"])
        both = both[(both["respondents_a"] > 0) & (both["respondents_b"] > 0)]
        for kind in KINDS:
            between = [_between(pairs[kind], str(a), str(b), stratum) for stratum in both["stratum"]]
            both[[f"{kind}_aa", f"{kind}_bb", f"{kind}_ab"]] = np.array(between).reshape(-1, 3)
        pieces.append(both.assign(is_others=b == OTHERS))
    return pd.concat(pieces, ignore_index=True)


def _in_strata(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the table of pairs of each stratum, its groups as rows and columns."""
    parts = pairs.index.str.split(_SEPARATOR, expand=True)
    tables = {}
    for stratum in parts.get_level_values(1).unique():
        inside = parts.get_level_values(1) == stratum
        names = parts.get_level_values(0)[inside]
        tables[stratum] = pd.DataFrame(pairs.to_numpy()[np.ix_(inside, inside)], index=names, columns=names)
    return tables


def _between(pairs: dict[str, pd.DataFrame], a: str, b: str, stratum: str) -> tuple[float, float, float]:
    table = pairs[stratum]
    own = float(table.at[a, a])
    if b != OTHERS:
        return own, float(table.at[b, b]), float(table.at[a, b])
    of_a, everyone = float(table.loc[a].sum()), float(table.to_numpy().sum())
    return own, everyone - 2 * of_a + own, of_a - own


def _put_together(cells: pd.DataFrame, rows: pd.DataFrame, design: Design) -> pd.DataFrame:
    na, nb, ma, mb = (
        cells[name].to_numpy(float) for name in ("respondents_a", "respondents_b", "mentions_a", "mentions_b")
    )
    shared = {
        kind: cells[f"{kind}_aa"].to_numpy() / na**2
        + cells[f"{kind}_bb"].to_numpy() / nb**2
        - 2 * cells[f"{kind}_ab"].to_numpy() / (na * nb)
        for kind in KINDS
    }
    spread = 1 / na + 1 / nb + design.likeness(cells, shared)
    pooled = (ma + mb + 0.5) / (
        na + nb + 1
    )  # half a respondent more on each side: a small stratum without mentions is not certain
    moved = np.where(cells["is_others"], (1 / na + 1 / nb) ** 2 + 1 / nb**2, 1 / na**2 + 1 / nb**2)
    weight = na * nb / (na + nb)
    sums = (
        pd.DataFrame(
            {
                "weight": weight,
                "weighted": weight * (ma / na - mb / nb),
                "variance": weight**2 * (pooled * (1 - pooled) * np.maximum(spread, 0) + VARIANCE * moved),
                "respondents_a": na,
                "respondents_b": nb,
            }
        )
        .groupby(cells["row"])
        .sum()
        .reindex(rows.index)
    )
    error = np.sqrt(sums["variance"]) / sums["weight"]
    difference = sums["weighted"] / sums["weight"]
    return sums.assign(
        difference=difference,
        low=(difference - Z * error).clip(-1, 1),
        high=(difference + Z * error).clip(-1, 1),
        p_value=2 * stats.norm.sf((difference / error).abs()),
    )


def holds(overall: pd.Series, within: pd.DataFrame, *, min_group: int) -> pd.Series:
    """Tell whether differences hold within strata: True, False, or missing where that cannot be told.

    ``overall``: the differences themselves; ``within``: of :func:`stratified_differences`. One holds when its sign is the same and it is established
    within strata too (5 %). It does not when it changes sign there, or is not established and keeps less than half its size. Else, or with fewer than
    ``min_group`` respondents of either group in common strata, nobody can tell.

    >>> within = pd.DataFrame({"difference": [0.2, 0.05, 0.18], "p_value": [0.01, 0.6, 0.09], "respondents_a": 40, "respondents_b": 50})
    >>> holds(pd.Series([0.25, 0.2, 0.2]), within, min_group=30).tolist()
    [True, False, <NA>]
    """
    enough = within[["respondents_a", "respondents_b"]].min(axis=1) >= min_group
    same_way = overall * within["difference"] > 0
    established = within["p_value"] <= LEVEL
    shrunk = within["difference"].abs() < SHRUNK * overall.abs()
    verdict = pd.Series(pd.NA, index=overall.index, dtype="boolean")
    verdict[enough & same_way & established] = True
    verdict[enough & (~same_way | (shrunk & ~established))] = False
    return verdict
