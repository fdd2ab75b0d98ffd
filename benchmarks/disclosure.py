"""What can be learnt of one person, or of an exact count, from all that is published? Answers by attack.

``python benchmarks/disclosure.py [RUN]`` prints the tables of ``docs/privacy.md`` (some three minutes on one core); ``RUN``: a folder of ``data/processed``, whose
cells shown and width of intervals are printed too. The attacker knows the rule, its law, every published table, who is in which group and
what k of the others answered; not the record keys.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from comparison_simulations import THEMES, consultation
from scipy import stats

from psq_analysis import proportions
from psq_analysis.comparison import shares as comparison_shares
from psq_analysis.disclosure.cell_keys import FEW, MOST, STRAY, VARIANCE, shift_law
from psq_analysis.respondents.design import design

SEED = 20171120
CERTAIN = 0.99
# Frequent subjects and rare ones: of few mentions, the exact total tells most
SUBJECTS = np.array([*THEMES, 0.02, 0.01, 0.005])
CODES = {"theme": [f"t{number}" for number in range(len(SUBJECTS))]}
GROUPINGS = ("all", "territory", "stakeholder")
LASTING = (np.arange(40) + 0.5) / 40  # where the part of a draw that stays may lie


@cache
def law_of_moved(size: int, lasting: float | None = None) -> np.ndarray:
    """Return P(moved | count) of a group of ``size``: a row per count, a column per moved count.

    ``lasting``: the part of the shift that stays, where the attacker supposes it; without, the law on average.
    """
    table = np.zeros((size + 1, size + 1))
    for count in range(size + 1):
        rarer = min(count, size - count)
        if rarer == 0:
            table[count, count] = 1.0
            continue
        shifts, probabilities = shift_law(min(rarer, MOST))
        is_mirrored = count > size - count and rarer < MOST
        if lasting is not None:
            ends = np.r_[0.0, np.cumsum(probabilities)[:-1].clip(0, 1), 1.0]
            probabilities = np.diff(_strayed_below(ends, 1 - lasting if is_mirrored else lasting))
        side = -1 if is_mirrored else 1
        np.add.at(table[count], np.clip(count + side * shifts, 0, size), probabilities)
    return table


def _strayed_below(ends: np.ndarray, lasting: float) -> np.ndarray:
    """Return the chance that a draw that strays evenly around ``lasting``, folded back at 0 and 1, is below each of ``ends``."""
    least, most = lasting - STRAY / 2, lasting + STRAY / 2

    def between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return (np.minimum(high, most) - np.maximum(low, least)).clip(min=0)

    inside = between(np.zeros_like(ends), ends)
    return (inside + between(-ends, np.zeros_like(ends)) + between(2 - ends, np.full_like(ends, 2.0))) / STRAY


def chance_of_published(
    size: int, shown: int, *, total: int, everyone: int, lasting: float | None = None
) -> np.ndarray:
    """Return P(published as ``shown`` | count) for each count of a group: no more mentions, nor silences, than over everyone; edges put together."""
    published = np.arange(size + 1).clip(max(0, size - (everyone - total)), min(size, total))
    if size > 2 * FEW:
        published[published <= FEW] = 1
        published[size - published <= FEW] = size - 1
    return law_of_moved(size, lasting)[:, published == shown].sum(axis=1)


def presence_learnt(times: int, *, size: int = 350) -> pd.DataFrame:
    """Return how often it is learnt, to 99 % or more, that a person mentions a code, and that they do not, by how many others are known."""
    generator = np.random.default_rng(SEED)
    rows = []
    for _ in range(times):
        said, people = consultation(generator, size, {}, likeness=0.0, themes=SUBJECTS)
        prevalence = _published(said, people)
        totals = prevalence[prevalence["grouping"] == "all"].set_index("code")["mentions"].astype(int)
        overall = totals / size
        prevalence = prevalence[prevalence["code"].map(totals) > 0]
        for cell in prevalence[(prevalence["grouping"] != "all") & prevalence["is_shown"]].itertuples():
            inside = people.loc[people[cell.grouping] == cell.group, "contribution_id"]
            speaks = inside.isin(said.loc[said["code"] == cell.code, "contribution_id"]).to_numpy()
            law = chance_of_published(
                len(inside), int(cell.mentions), total=int(totals[cell.code]), everyone=size
            )
            for known, told in (("0", 0), ("3", 3), ("n/2", len(inside) // 2), ("n − 1", len(inside) - 1)):
                target = generator.integers(len(inside))
                others = generator.permutation(np.delete(speaks, target))
                unknown = stats.binom.pmf(
                    np.arange(len(others) - told + 1), len(others) - told, overall[cell.code]
                )
                base = int(others[:told].sum())
                chances = [
                    float(unknown @ law[base + answer : base + answer + len(unknown)]) for answer in (0, 1)
                ]
                odds = np.array([1 - overall[cell.code], overall[cell.code]]) * chances
                believed = odds[1] / odds.sum()
                # what is certain before anything is published of groups is not learnt
                is_open = 1 - CERTAIN < overall[cell.code] < CERTAIN
                rows.append((known, believed >= CERTAIN, is_open and believed <= 1 - CERTAIN, speaks[target]))
    table = pd.DataFrame(rows, columns=["known", "presence learnt", "absence learnt", "speaks"])
    found = table.groupby("known", sort=False)[["presence learnt", "absence learnt"]].mean()
    return found.assign(pairs=table.groupby("known").size().astype(str))


def _published(said: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    return comparison_shares.shares(
        said, people, design=design(said, people), codes=CODES, groupings=GROUPINGS
    )


def counts_recovered(times: int, *, size: int = 350, reruns: int = 3, joining: int = 3) -> pd.Series:
    """Return how many exact counts of groups follow from a run and some reruns with a few new answers, which the attacker knows.

    Per cell the attacker multiplies what each run tells, supposing any lasting part of the shift; per code and grouping, the exact count over everyone
    bounds the sum of all cells. Recovered: one value left, or one to 99 %; ``wrong`` among those.
    """
    generator = np.random.default_rng([SEED, 2])
    cells = recovered = wrong = 0
    for _ in range(times):
        said, people = consultation(generator, size + reruns * joining, {}, likeness=0.0, themes=SUBJECTS)
        runs = []
        for run in range(reruns + 1):
            inside = people.head(size + run * joining)
            runs.append((inside, said[said["contribution_id"].isin(inside["contribution_id"])]))
        tables = [_published(one, inside).set_index(["code", "grouping", "group"]) for inside, one in runs]
        first = tables[0]
        for code in CODES["theme"]:
            total = int(first.loc[(code, "all", "all"), "mentions"])
            if not total:
                continue
            for grouping in GROUPINGS[1:]:
                groups = list(runs[0][0][grouping].unique())
                beliefs, truths = [], []
                for group in groups:
                    beliefs.append(_belief(runs, tables, (code, grouping, group)))
                    truths.append(_count(*runs[0], code, grouping, group))
                for at, truth in enumerate(truths):
                    if not first.loc[(code, grouping, groups[at]), "is_shown"]:
                        continue
                    belief = _within_total(beliefs, at, total)
                    cells += 1
                    recovered += belief.max() >= CERTAIN
                    wrong += belief.max() >= CERTAIN and int(belief.argmax()) != truth
    return pd.Series({"cells": cells, "recovered": int(recovered), "wrong": int(wrong)})


def _count(people: pd.DataFrame, said: pd.DataFrame, code: str, grouping: str, group: str) -> int:
    inside = people.loc[people[grouping] == group, "contribution_id"]
    return int(inside.isin(said.loc[said["code"] == code, "contribution_id"]).sum())


def _belief(runs: list, tables: list[pd.DataFrame], cell: tuple[str, str, str]) -> np.ndarray:
    """Return how likely each count of the first run is, from what all runs show of the cell."""
    code, grouping, group = cell
    size = int((runs[0][0][grouping] == group).sum())
    believed = np.zeros(size + 1)
    first = _count(*runs[0], code, grouping, group)
    seen = []
    for (people, said), table in zip(runs, tables, strict=True):
        row, everyone = table.loc[cell], table.loc[(code, "all", "all")]
        if row["is_shown"]:
            now = int((people[grouping] == group).sum())
            joined = (
                _count(people, said, code, grouping, group) - first
            )  # what the newcomers said, which is known
            overall = int(everyone["mentions"]), int(everyone["respondents"])
            seen.append((now, joined, int(row["mentions"]), *overall))
    fresh = list({one[:3]: one for one in seen}.values())  # a group nobody joined is shown as before
    for lasting in LASTING:
        chance = np.ones(size + 1)
        for now, joined, shown, total, everyone in fresh:
            law = chance_of_published(now, shown, total=total, everyone=everyone, lasting=float(lasting))
            chance *= law[joined : joined + size + 1]
        believed += chance
    return believed / believed.sum() if believed.sum() else np.full(size + 1, 1 / (size + 1))


def _within_total(beliefs: list[np.ndarray], at: int, total: int) -> np.ndarray:
    """Return how likely each count of a cell is, once all cells must add up to the exact count over everyone."""
    others = np.ones(1)
    for place, belief in enumerate(beliefs):
        if place != at:
            others = np.convolve(others, belief)
    left = total - np.arange(len(beliefs[at]))
    possible = np.where((left >= 0) & (left < len(others)), others[left.clip(0, len(others) - 1)], 0.0)
    joint = beliefs[at] * possible
    return joint / joint.sum()


def of_run(processed: Path) -> pd.Series:
    """Return which part of the cells with a base of 11 or more a run shows, and by how much the keys widen its intervals on average."""
    prevalence = pd.read_parquet(processed / "prevalence.parquet")
    by_group = prevalence[prevalence["grouping"] != "all"]
    contributions = pd.read_parquet(processed / "contributions.parquet")
    shown = by_group[by_group["is_shown"]]
    told = shown[shown["edge"] == ""]
    width = (told["high"] - told["low"]).astype(float)
    noise = 2 * proportions.Z * np.sqrt(VARIANCE) / told["respondents"].astype(float)
    widened = width / np.sqrt((width**2 - noise**2).clip(lower=1e-9)) - 1
    return pd.Series(
        {
            "respondents": len(contributions),
            "cells by group": len(by_group),
            "shown": len(shown),
            "shown in words": int((shown["edge"] != "").sum()),
            "of groups under 11": len(by_group) - len(shown),
            "intervals wider by": f"{100 * widened.mean():.1f} %",
        }
    )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", type=Path, help="folder of data/processed")
    parser.add_argument("--times", type=int, default=20, help="simulated consultations")
    given = parser.parse_args()
    print("Learnt of one person and one code to 99 %, in % of pairs, by how many others are known\n")
    print((100 * presence_learnt(given.times)[["presence learnt", "absence learnt"]]).round(2).to_string())
    print("\nExact counts recovered from a run and three reruns with three new answers each\n")
    print(counts_recovered(max(1, given.times // 4)).to_string())
    if given.run:
        print(f"\n{given.run.name}\n\n{of_run(given.run).to_string()}")


if __name__ == "__main__":
    main()
