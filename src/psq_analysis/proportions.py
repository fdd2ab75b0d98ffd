"""Proportions and their differences: intervals, tests and effect sizes, for whole columns at once.

Everything takes arrays of counts and returns arrays; a quantity that does not exist (no respondent, an empty margin) is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

CONFIDENCE = 0.95  # the convention of the field; every interval of a report says so
LEVEL = 1 - CONFIDENCE
POWER = 0.80  # Cohen's convention for « would have been noticed »: four times out of five
# Cochran (1954). One would do at 5 % (Campbell 2007), but corrected for dozens of contrasts it is the far tail that decides, and with
# fewer than five expected the chi-square finds differences there up to 2.6 times too often (docs/methods.md#differences).
EXPECTED = 5.0
Floats = NDArray[np.float64]


def _counts(*columns: ArrayLike) -> list[Floats]:
    return [np.asarray(column, dtype=float) for column in columns]


def wilson(
    mentions: ArrayLike, respondents: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Return the ends of the Wilson score interval of a share (Wilson 1927; Brown, Cai & DasGupta 2001).

    >>> low, high = wilson([0, 5, 10], [10, 10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237, 0.722], [0.278, 0.763, 1.0])
    """
    m, n = _counts(mentions, respondents)
    z = stats.norm.isf((1 - confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = m / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        low = np.where(m == 0, 0.0, centre - half)
        high = np.where(m == n, 1.0, centre + half)
    nobody = n == 0
    return np.where(nobody, np.nan, low), np.where(nobody, np.nan, high)


def newcombe(
    mentions_a: ArrayLike, respondents_a: ArrayLike, mentions_b: ArrayLike, respondents_b: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the ends of Newcombe's 95 % hybrid score interval of a difference of shares (Newcombe 1998, method 10).

    His example (a): 56 of 70 against 48 of 80.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    ma, na, mb, nb = _counts(mentions_a, respondents_a, mentions_b, respondents_b)
    low_a, high_a = wilson(ma, na)
    low_b, high_b = wilson(mb, nb)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = ma / na, mb / nb
    difference = a - b
    low = difference - np.sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    high = difference + np.sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def two_sided_p(
    mentions_a: ArrayLike, respondents_a: ArrayLike, mentions_b: ArrayLike, respondents_b: ArrayLike
) -> Floats:
    """Return the p-value of the N − 1 chi-square test, or of Fisher's exact test where a cell expects less than five.

    N − 1 rather than N, after Campbell (2007, Statistics in Medicine 26: 3661-3675). A code nobody or everybody mentions tells
    nothing: p = 1.

    >>> two_sided_p([10, 0], [30, 30], [35, 0], [50, 40]).round(4).tolist()
    [0.0015, 1.0]
    """
    ma, na, mb, nb = np.broadcast_arrays(*_counts(mentions_a, respondents_a, mentions_b, respondents_b))
    total, mentioned = na + nb, ma + mb
    margins = na * nb * mentioned * (total - mentioned)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = (ma * nb - mb * na) ** 2 * (total - 1) / margins
        least = np.minimum(na, nb) * np.minimum(mentioned, total - mentioned) / total
    p = np.where(margins == 0, 1.0, stats.chi2.sf(statistic, 1))
    for at in np.argwhere((margins > 0) & (least < EXPECTED)):
        here = tuple(at)
        table = [[ma[here], na[here] - ma[here]], [mb[here], nb[here] - mb[here]]]
        p[here] = stats.fisher_exact(np.array(table, dtype=int))[1]
    return np.where((na == 0) | (nb == 0), np.nan, np.minimum(p, 1.0))


def cramers_v(
    mentions_a: ArrayLike, respondents_a: ArrayLike, mentions_b: ArrayLike, respondents_b: ArrayLike
) -> Floats:
    """Return Cramér's V of the 2 × 2 table, 0 (no association) to 1; NaN where a margin is empty.

    >>> cramers_v([10, 0], [10, 5], [0, 0], [10, 5]).tolist()
    [1.0, nan]
    """
    ma, na, mb, nb = _counts(mentions_a, respondents_a, mentions_b, respondents_b)
    mentioned, silent = ma + mb, na + nb - ma - mb
    margins = na * nb * mentioned * silent
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(margins == 0, np.nan, np.abs(ma * nb - mb * na) / np.sqrt(margins))


def risk_ratio(
    mentions_a: ArrayLike, respondents_a: ArrayLike, mentions_b: ArrayLike, respondents_b: ArrayLike
) -> Floats:
    """Return share in A / share in B; NaN where nobody mentions the code in B, for no finite number says it.

    >>> risk_ratio([6, 6], [10, 10], [2, 0], [10, 10]).round(6).tolist()
    [3.0, nan]
    """
    ma, na, mb, nb = _counts(mentions_a, respondents_a, mentions_b, respondents_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((mb == 0) | (na == 0) | (nb == 0), np.nan, (ma / na) / (mb / nb))


def detectable_difference(
    mentions_a: ArrayLike,
    respondents_a: ArrayLike,
    mentions_b: ArrayLike,
    respondents_b: ArrayLike,
    *,
    level: float = LEVEL,
) -> Floats:
    """Return the smallest difference of shares that would have been noticed four times out of five.

    The two-sided score test at ``level`` has this power when the share in one group is the pooled one and that in the other departs
    from it towards 1/2, where differences are hardest to see (Fleiss, Levin & Paik 2003, § 4.3, without continuity
    correction). A fraction; NaN without respondents; 1 where even the largest difference would not have been noticed.

    >>> detectable_difference(70, 210, 47, 140).round(2).tolist()
    0.15
    """
    ma, na, mb, nb = np.broadcast_arrays(*_counts(mentions_a, respondents_a, mentions_b, respondents_b))
    noticed = np.full(na.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (ma + mb) / (na + nb)
    for at in np.ndindex(na.shape):
        if na[at] and nb[at]:
            noticed[at] = _noticed(
                float(min(pooled[at], 1 - pooled[at])), float(na[at]), float(nb[at]), level
            )
    return noticed


def _noticed(share: float, na: float, nb: float, level: float) -> float:
    def missing_power(difference: float) -> float:
        other = share + difference
        pooled = (na * other + nb * share) / (na + nb)
        under_null = np.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb))
        under_difference = np.sqrt(other * (1 - other) / na + share * (1 - share) / nb)
        return (
            stats.norm.isf(level / 2) * under_null + stats.norm.isf(1 - POWER) * under_difference - difference
        )

    most = 1 - share
    return most and float(optimize.brentq(missing_power, 1e-9, most)) if missing_power(most) < 0 else 1.0
