"""Shares corrected for the errors of the coding, from respondents read by people: two-phase regression.

People read every remark of some respondents, drawn by stratum; the machine codes everyone. A share is what the machine finds everywhere, put
right by what people found where they read: the difference estimator with a coefficient that never makes it less precise than the readings
alone (Särndal, Swensson and Wretman, 1992, ch. 9; prediction-powered inference, Angelopoulos, Duchi and Zrnic, 2023; Egami et al., 2023).
Everything takes arrays of respondents; no file, no word of French.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from psq_analysis import proportions
from psq_analysis.respondents.design import EVERYONE, Design
from psq_analysis.respondents.groups import group_of

# Respondents read by default, hence about 200 remarks: a share of one half is then known to about ± 10 points by the readings alone.
READ_BY_DEFAULT = 85
# A stratum of fewer readings tells nothing of its own spread.
LEAST_IN_STRATUM = 10
# Under this many readings of its own a group's corrected share would be known to about ± 18 points: it keeps the raw one.
LEAST_IN_GROUP = 30
# What part of the readings a second person reads too, so that agreement between readers can be told.
READ_TWICE = 0.2
# A respondent the machine and people were never seen to disagree on might still be one: as much spread as one in four times this many readings
# is always allowed for, without which shares of rare codes are covered 90 times in 100 instead of 95.
UNSEEN = 0.25

_CODE = ["scheme", "code"]


class Corrected(NamedTuple):
    """A share of all respondents, the ends of its 95 % interval, the weight given to the machine (0 to 1), and the readings it rests on."""

    share: float
    low: float
    high: float
    machine: float
    readings: int


def sample_respondents(
    respondents: pd.DataFrame, *, size: int = READ_BY_DEFAULT, stratum: str = "stakeholder", seed: int
) -> pd.DataFrame:
    """Return the respondents to read: ``contribution_id``, ``stratum``, ``in_stratum`` (all there are), ``read_twice``.

    Strata get readings in proportion to the square root of their size, at least :data:`LEAST_IN_STRATUM` or all they have. The draw depends
    on ``seed`` and on who the respondents are, not on their order.

    >>> people = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(120)], "stakeholder": ["habitants"] * 100 + ["élus"] * 20})
    >>> sample_respondents(people, size=30, seed=1)["stratum"].value_counts().to_dict()
    {'habitants': 20, 'élus': 10}
    """
    named = respondents.sort_values("contribution_id", ignore_index=True)
    strata = named[stratum].fillna("").astype(str) if stratum in named else pd.Series("", index=named.index)
    sizes = strata.value_counts().sort_index()
    rows = _allocated(sizes, size)
    draw = np.random.default_rng(seed)
    chosen = []
    for name, number in rows.items():
        members = draw.permutation(np.flatnonzero(strata.to_numpy() == name))[:number]
        twice = np.arange(number) < np.ceil(READ_TWICE * number)
        chosen.append(
            pd.DataFrame(
                {
                    "contribution_id": named["contribution_id"].to_numpy()[members],
                    "stratum": name,
                    "in_stratum": int(sizes[name]),
                    "read_twice": twice,
                }
            )
        )
    columns = ["contribution_id", "stratum", "in_stratum", "read_twice"]
    return pd.concat(chosen, ignore_index=True) if chosen else pd.DataFrame(columns=columns)


def _allocated(sizes: pd.Series, size: int) -> pd.Series:
    least = np.minimum(sizes, LEAST_IN_STRATUM)
    wished = np.sqrt(sizes) / np.sqrt(sizes).sum() * size if len(sizes) else sizes
    given = np.minimum(sizes, np.maximum(least, np.floor(wished))).astype(int)
    while given.sum() < min(size, sizes.sum()):
        room = (wished - given).where(given < sizes, -np.inf)
        given[room.idxmax()] += 1
    return given


def readings_for(margin: float, *, share: float = 0.5, agreement: float = 0.7, respondents: int) -> int:
    """Return how many respondents to read for an interval of ± ``margin``, the machine agreeing with people at ``agreement`` (correlation).

    >>> readings_for(0.05, respondents=70_000), readings_for(0.05, respondents=399)
    (196, 132)
    """
    spread = share * (1 - share) * (1 - agreement**2)
    wanted = (margin / 1.96) ** 2
    return int(np.ceil(min(respondents, spread / (wanted + spread / respondents))))


def corrected_share(
    machine: np.ndarray,
    stratum: np.ndarray,
    read: np.ndarray,
    people: np.ndarray,
    *,
    design_effect: float = 1.0,
    found: float | None = None,
) -> Corrected:
    """Return the share of respondents who mention a code, by people's reading, from the machine's mentions of everyone.

    ``machine``: whether the machine finds the code, per respondent; ``stratum``: the stratum of each; ``read``: the rows that people read;
    ``people``: whether they found the code there (0 to 1 where readers differ). ``design_effect``: by how much clusters of respondents widen the variance. ``found``: the machine's share, where another than its mean is
    published.

    Everyone read, it is their share with its Wilson interval:

    >>> found = np.array([True, False, True, False, False])
    >>> corrected_share(np.ones(5, bool), np.zeros(5, int), np.arange(5), found).share
    0.4
    """
    everyone, n = len(machine), len(read)
    if n == 0:
        return Corrected(np.nan, np.nan, np.nan, np.nan, 0)
    f, y = machine.astype(float), people.astype(float)
    names, number = np.unique(stratum, return_inverse=True)
    sizes, drawn = np.bincount(number), number[read]
    in_sample = np.bincount(drawn, minlength=len(names))
    weights = sizes[drawn] / in_sample[drawn]
    weights = weights * everyone / weights.sum()  # strata nobody was read in are taken to be like the others
    lam = _machine_weight(y, f[read], weights)
    left = y - lam * f[read]
    share = float(lam * (f.mean() if found is None else found) + weights @ left / everyone)
    variance = np.clip(share, 0, 1) * (1 - np.clip(share, 0, 1)) / everyone
    for name in np.flatnonzero(in_sample):
        here = drawn == name
        spread = _spread(left[here] if in_sample[name] >= LEAST_IN_STRATUM else left)
        part = weights[here].sum() / everyone
        variance += part**2 * (1 - in_sample[name] / sizes[name]) * spread / in_sample[name]
    variance *= design_effect
    share = min(1.0, max(0.0, share))
    low, high = _wilson(share, variance, everyone, n)
    return Corrected(share, low, high, lam, n)


def correct_by_readings(
    prevalence: pd.DataFrame,
    readings: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    design: Design,
    by_machine: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return ``prevalence`` with ``share_corrected`` and the ends of its interval, where people read enough.

    ``readings``: ``contribution_id``, ``scheme``, ``code``, ``mentioned`` (0 to 1: readers may differ), one row a respondent read and code, over all
    its remarks. A group is corrected by readings of its own alone, :data:`LEAST_IN_GROUP` at least; everyone by all of them. Strata are voices.
    ``by_machine``: who mentions what by the machine alone, where ``respondent_codes`` already follow what people read: what the machine is worth
    shows only there.
    """
    known = readings[readings["contribution_id"].isin(respondents["contribution_id"])]
    if known.empty or prevalence.empty:
        return prevalence
    by_id = respondents.set_index("contribution_id")
    voices = by_id["stakeholder"] if "stakeholder" in by_id else pd.Series("", index=by_id.index)
    stratum = voices.astype("string").fillna("")
    counted = respondent_codes.groupby(_CODE)["contribution_id"].agg(set)
    found_by_machine = (
        counted if by_machine is None else by_machine.groupby(_CODE)["contribution_id"].agg(set)
    )
    found_by_people = {
        code: rows.set_index("contribution_id")["mentioned"] for code, rows in known.groupby(_CODE)
    }
    filled = prevalence.copy()
    for grouping, rows in prevalence[prevalence["is_shown"]].groupby("grouping"):
        groups = group_of(by_id, grouping)
        effects = design.effects(rows, groups)
        for (index, row), effect in zip(rows.iterrows(), effects, strict=True):
            people = found_by_people.get((row["scheme"], row["code"]))
            if people is None:
                continue
            members = by_id.index[(groups == row["group"]).fillna(False)]
            read = np.flatnonzero(members.isin(people.index))
            if len(read) < (1 if grouping == EVERYONE else LEAST_IN_GROUP):
                continue
            code = (row["scheme"], row["code"])
            machine = members.isin(found_by_machine.get(code, set()))
            # the published share may be moved by keys, and follows what people read: only the latter is taken out
            by_people_too = members.isin(counted.get(code, set()))
            share = corrected_share(
                machine,
                stratum.reindex(members).to_numpy(str),
                read,
                people.reindex(members[read]).to_numpy(float),
                design_effect=max(1.0, float(effect)),
                found=float(row["share"]) + float(machine.mean() - by_people_too.mean()),
            )
            filled.loc[index, ["share_corrected", "low_corrected", "high_corrected"]] = share[:3]
    return filled


def badges(readings: pd.DataFrame, respondent_codes: pd.DataFrame) -> pd.DataFrame:
    """Return, per code read, how right the machine is: ``scheme``, ``code``, ``readings``, ``people`` and ``machine`` (who found it), ``precision`` and ``recall`` with their 95 % intervals.

    Respondents of whom readers differ about the code say nothing of it.

    >>> read = pd.DataFrame({"contribution_id": list("abcd"), "scheme": "theme", "code": "acces", "mentioned": [True, True, False, False]})
    >>> found = pd.DataFrame({"contribution_id": ["a", "c"], "scheme": "theme", "code": "acces"})
    >>> badges(read, found)[["readings", "people", "machine", "precision", "recall"]].values.tolist()
    [[4.0, 2.0, 2.0, 0.5, 0.5]]
    """
    keys = ["contribution_id", *_CODE]
    sure = readings[readings["mentioned"].isin([0, 1])].astype({"mentioned": bool})
    both = sure.merge(respondent_codes[keys].drop_duplicates().assign(machine=True), on=keys, how="left")
    both["machine"] = both["machine"].fillna(False).astype(bool)
    both["agreed"] = both["machine"] & both["mentioned"]
    counts = both.groupby(_CODE, sort=False).agg(
        readings=("mentioned", "size"),
        people=("mentioned", "sum"),
        machine=("machine", "sum"),
        agreed=("agreed", "sum"),
    )
    for figure, base in (("precision", "machine"), ("recall", "people")):
        n = counts[base].to_numpy(float)
        low, high = proportions.wilson(counts["agreed"].to_numpy(float), np.maximum(n, 1))
        counts[figure] = np.where(n > 0, counts["agreed"] / np.maximum(n, 1), np.nan)
        counts[f"{figure}_low"], counts[f"{figure}_high"] = (
            np.where(n > 0, low, np.nan),
            np.where(n > 0, high, np.nan),
        )
    return counts.drop(columns="agreed").reset_index()


def _machine_weight(y: np.ndarray, f: np.ndarray, weights: np.ndarray) -> float:
    """How far the machine is followed: the weighted regression of people on the machine, kept between 0 and 1."""
    part = weights / weights.sum()
    around_f = f - part @ f
    spread = part @ around_f**2
    return float(np.clip(part @ (around_f * (y - part @ y)) / spread, 0, 1)) if spread > 0 else 0.0


def _spread(left: np.ndarray) -> float:
    """The variance of what is left to people, with a little for what so few readings may not have met."""
    if len(left) < 2:
        return 0.25
    return float(left.var(ddof=1) + UNSEEN / len(left))


def _wilson(share: float, variance: float, everyone: int, readings: int) -> tuple[float, float]:
    """Wilson's interval at the size that would give this variance."""
    if variance <= 0:
        low, high = proportions.wilson(share * everyone, everyone)
        return float(low), float(high)
    size = max(share * (1 - share), 1 / (4 * readings)) / variance
    low, high = proportions.wilson(share * size, size)
    return float(low), float(high)
