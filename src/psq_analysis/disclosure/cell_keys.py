"""Counts of groups as they are published: each moved at random by three people at most, always alike for the same people.

Every respondent carries a secret record key (a keyed hash of the raw row). The keys of those who mention a code in a group, and of all
the group, make the cell's key, which draws the shift from a law of mean 0 and variance 1.5 on −3…3: the cell-key method of the ABS
(Fraser & Wooton 2005) and of the ONS for the 2021 census. So nobody can tell by subtraction what one person answered, and asking twice
does not wear the shift away. Nothing else is withheld; counts over everyone and the sizes of groups stay exact. Because they do, no group is
shown with more mentions than there are in all, and where the counts of all groups would add up to the total in one way only, they are drawn again.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

MOST = 3  # people by whom a count may be moved
VARIANCE = 1.5  # of the shift: large enough that a difference of one person cannot be told, small beside the sampling of 30 answers
# How far, between 0 and 1, the draws of two runs of a group may be apart when a few people have joined it. From 1 on, reruns would average the
# shift away, or meet both its ends, which leaves one count; near 0, the answer of the one who joined would show. See benchmarks/disclosure.py.
STRAY = 0.4
FEW = 2  # published counts of 0, 1 and 2 are told together, for a 1 apart from 0 would say that somebody is there
LOW_EDGE, HIGH_EDGE, NO_EDGE = "few", "nearly_all", ""
DRAWN_AGAIN = 50  # times at most; each leaves fewer than one item in a hundred
_MIDDLE = 1  # what stands for « 2 au plus » in a table
_COUNTED = ("size", "sum", "min", "overall")  # nothing counted is 0
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]


@cache
def shift_law(count: int) -> tuple[Integers, Reals]:
    """Return the possible shifts of a count and their probabilities: the most even law with mean 0, variance 1.5, and no count below 0.

    That law has the largest entropy under these constraints (Giessing 2016). Counts from 3 on share one law.

    >>> shifts, probabilities = shift_law(10)
    >>> shifts.tolist(), probabilities.round(3).tolist()
    ([-3, -2, -1, 0, 1, 2, 3], [0.018, 0.089, 0.233, 0.321, 0.233, 0.089, 0.018])
    """
    shifts = np.arange(-min(count, MOST), MOST + 1)

    def law(slopes: Reals) -> Reals:
        weights = np.exp(slopes[0] * shifts - slopes[1] * shifts**2)
        return weights / weights.sum()

    def misses(slopes: Reals) -> list[float]:
        return [float(law(slopes) @ shifts), float(law(slopes) @ shifts**2) - VARIANCE]

    return shifts, law(optimize.fsolve(misses, [0.1, 0.3], xtol=1e-12))


def moved(counts: Integers, sizes: Integers, draws: Reals) -> Integers:
    """Return counts moved by draws between 0 and 1; those who are silent are moved as those who speak, and nobody or everybody stays.

    >>> moved(np.array([0, 1, 20, 40]), np.array([40] * 4), np.array([0.999] * 4)).tolist()
    [0, 4, 23, 40]
    """
    rarer = np.minimum(counts, sizes - counts)
    # a higher draw always gives a higher count, also where those who are silent are the few: a group that passes one half, or nears its end, jumps nowhere
    is_mirrored = (counts > sizes - counts) & (rarer < MOST)
    draws = np.where(is_mirrored, 1 - draws, draws)
    shift = np.zeros_like(counts)
    for least in range(1, MOST + 1):
        here = rarer == least if least < MOST else rarer >= MOST
        shifts, probabilities = shift_law(least)
        at = np.searchsorted(np.cumsum(probabilities)[:-1], draws[here], side="right")
        shift[here] = shifts[at]
    # in groups too small for any table the law reaches past everybody
    return (counts + np.where(is_mirrored, -shift, shift)).clip(0, sizes)


def moved_counts(
    mentions: pd.DataFrame,
    groups: pd.Series,
    keys: pd.Series,
    items: pd.DataFrame,
    *,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return how many of each group mention each item, moved: for what is computed further, never to be shown as it is.

    ``mentions``: one row per respondent (``contribution_id``) and item they mention, once each; ``groups``, ``keys``: group (missing: in
    none) and record key by ``contribution_id``; ``items``: the items to count, one row each, in columns that ``mentions`` has too.
    ``is_part``: the respondents of ``keys`` are some of a run's only, so that no count over them is published as it is: none bounds
    the counts of groups, and a group of all of them is moved too.

    One row per group and item: ``group``, the columns of ``items``, ``respondents`` (exact), ``mentions`` (moved), ``is_told`` (nobody at all mentions
    the item, or everybody: then nothing is hidden).
    """
    by = list(items.columns)
    known = groups.dropna().astype("string")
    if known.empty or items.empty:
        nothing = {"group": "string", "respondents": "int64", "mentions": "int64", "is_told": "bool"}
        return pd.DataFrame(columns=["group", *by, "respondents", "mentions", "is_told"]).astype(nothing)
    of_group = keys.reindex(known.index).groupby(known).agg(["size", "sum", "min"]).rename_axis("group")
    of_group.columns = ["respondents", "keys", "least"]
    said = mentions.assign(
        group=mentions["contribution_id"].map(known).astype("string"),
        key=keys.reindex(mentions["contribution_id"]).to_numpy(),
    )
    of_cell = said.dropna(subset=["group"]).groupby([*by, "group"])["key"].agg(["size", "sum", "min"])
    cells = (
        of_group.reset_index()
        .merge(items, how="cross")
        .join(of_cell, on=[*by, "group"])
        .join(mentions.groupby(by).size().rename("overall"), on=by)
        .fillna(dict.fromkeys(_COUNTED, 0))
        .astype(dict.fromkeys(_COUNTED, "int64"))
    )
    if is_part:
        shown = moved(
            cells["size"].to_numpy(),
            cells["respondents"].to_numpy(),
            _draws((cells["sum"], cells["keys"]), (cells["min"], cells["least"])),
        )
        return cells[["group", *by, "respondents"]].assign(mentions=shown, is_told=False)
    cells["item"] = cells.groupby(by, sort=False).ngroup()
    shown = _moved_cells(cells, keys.size, again=0)
    for again in range(1, DRAWN_AGAIN):
        follows = _follows_from_total(cells, shown, keys.size)
        if not follows.any():
            break
        shown[follows] = _moved_cells(cells[follows], keys.size, again=again)
    return cells[["group", *by, "respondents"]].assign(
        mentions=shown, is_told=cells["overall"].isin((0, keys.size))
    )


def _moved_cells(cells: pd.DataFrame, everyone: int, *, again: int) -> Integers:
    """Move the counts of cells; none is left with more mentions, or more silences, than there are over everyone."""
    draws = _draws((cells["sum"], cells["keys"] + again), (cells["min"], cells["least"] + again))
    sizes, overall = cells["respondents"].to_numpy(), cells["overall"].to_numpy()
    shown = moved(cells["size"].to_numpy(), sizes, draws)
    return shown.clip(np.maximum(0, sizes - (everyone - overall)), np.minimum(sizes, overall))


def _follows_from_total(cells: pd.DataFrame, shown: Integers, everyone: int) -> NDArray[np.bool_]:
    """Tell for which cells somebody who knows the rule could work out the counts: those of an item that add up to its exact total in one way only."""
    sizes, overall = cells["respondents"].to_numpy(), cells["overall"].to_numpy()
    least = np.where(shown <= FEW, 0, np.maximum(1, shown - MOST))
    most = np.where(sizes - shown <= FEW, sizes, np.minimum(sizes - 1, shown + MOST))
    bounds = pd.DataFrame(
        {
            "least": np.maximum(least, sizes - (everyone - overall)),
            "most": np.minimum(most, overall),
            "known": sizes,
        }
    )
    sums = bounds.groupby(cells["item"].to_numpy()).transform("sum")
    unknown = everyone - sums["known"]
    is_alone = bounds["known"] == everyone  # one group of everyone hides nothing
    is_tight = (sums["least"] >= overall) | (sums["most"] + unknown <= overall)
    return (is_tight & ~is_alone & (overall > 0) & (overall < everyone)).to_numpy(bool)


def published_counts(
    mentions: pd.DataFrame,
    groups: pd.Series,
    keys: pd.Series,
    items: pd.DataFrame,
    *,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return how many of each group mention each item, as it may be shown; the arguments are those of :func:`moved_counts`.

    One row per group and item: ``group``, the columns of ``items``, ``respondents`` (exact), ``mentions`` (moved) and ``edge``: ``few`` where
    two at most mention it, ``nearly_all`` where all do but two at most; ``mentions`` then stands for any of the three, and is 1, or all but 1.

    >>> keys = pd.Series(range(1, 61), index=[f"r{n}" for n in range(60)])
    >>> groups = pd.Series(["rural"] * 40 + ["urbain"] * 20, index=keys.index)
    >>> said = pd.DataFrame({"contribution_id": keys.index[:41], "code": "presence"})
    >>> published_counts(said, groups, keys, pd.DataFrame({"code": ["presence", "acces"]})).values.tolist()
    [['rural', 'presence', 40, 39, 'nearly_all'], ['rural', 'acces', 40, 0, ''], ['urbain', 'presence', 20, 3, ''], ['urbain', 'acces', 20, 0, '']]
    """
    cells = moved_counts(mentions, groups, keys, items, is_part=is_part)
    is_told, silent = cells["is_told"], cells["respondents"] - cells["mentions"]
    edge = np.select(
        [is_told, cells["mentions"] <= FEW, silent <= FEW], [NO_EDGE, LOW_EDGE, HIGH_EDGE], NO_EDGE
    )
    shown = cells["mentions"].mask(edge == LOW_EDGE, _MIDDLE)
    shown = shown.mask(edge == HIGH_EDGE, cells["respondents"] - _MIDDLE)
    return cells.drop(columns="is_told").assign(mentions=shown, edge=edge)


def _draws(whole: tuple[pd.Series, pd.Series], lasting: tuple[pd.Series, pd.Series]) -> Reals:
    """Return a number between 0 and 1 for each cell: one drawn from the smallest keys, which last, moved by one drawn from the sums of the keys.

    Folded back at 0 and at 1, it is as evenly drawn as its parts.
    """
    strayed = _uniform(*lasting) + STRAY * (_uniform(*whole) - 0.5)
    return 1 - np.abs(1 - np.abs(strayed))


def _uniform(of_mentions: pd.Series, of_group: pd.Series) -> Reals:
    mixed = pd.util.hash_array(of_mentions.to_numpy(np.uint64)) ^ of_group.to_numpy(np.uint64)
    return ((pd.util.hash_array(mixed) >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
