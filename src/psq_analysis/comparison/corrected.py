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

# Respondents read by default, hence about 200 remarks: a share of one half is then known to about ± 10 points by the readings alone.
READ_BY_DEFAULT = 85
# A stratum of fewer readings tells nothing of its own spread.
LEAST_IN_STRATUM = 10
# What part of the readings a second person reads too, so that agreement between readers can be told.
READ_TWICE = 0.2
# A respondent the machine and people were never seen to disagree on might still be one: as much spread as one in four times this many readings
# is always allowed for, without which shares of rare codes are covered 90 times in 100 instead of 95.
UNSEEN = 0.25


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
) -> Corrected:
    """Return the share of respondents who mention a code, by people's reading, from the machine's mentions of everyone.

    ``machine``: whether the machine finds the code, per respondent; ``stratum``: the stratum of each; ``read``: the rows that people read;
    ``people``: whether they found the code there. ``design_effect``: by how much clusters of respondents widen the variance.

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
    share = float(lam * f.mean() + weights @ left / everyone)
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
