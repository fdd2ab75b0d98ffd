"""Proportions and their differences: intervals, tests and effect sizes, for whole columns at once.

Everything takes arrays of counts and returns arrays; a quantity that does not exist (no respondent, an empty margin) is NaN. ``effect`` is a design effect (1:
independent answers): a share then counts as one of respondents / effect independent answers. ``noise`` is the standard error that random keys add to a share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

CONFIDENCE = 0.95  # the convention of the field; every interval of a report says so
LEVEL = 1 - CONFIDENCE
POWER = 0.80  # Cohen's convention for « would have been noticed »: four times out of five
# Cochran (1954). One would do at 5 % (Campbell 2007), but corrected for dozens of contrasts it is the far tail that decides, and with
# fewer than five expected the chi-square finds differences there up to 2.6 times too often (docs/methods.md#differences).
EXPECTED = 5.0
Z = float(stats.norm.isf(LEVEL / 2))
Floats = NDArray[np.float64]


def _floats(*columns: ArrayLike) -> list[Floats]:
    return list(np.broadcast_arrays(*(np.asarray(column, dtype=float) for column in columns)))


def wilson(
    mentions: ArrayLike, respondents: ArrayLike, *, effect: ArrayLike = 1.0, noise: ArrayLike = 0.0
) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % Wilson score interval of a share (Wilson 1927; Brown, Cai & DasGupta 2001).

    With a design effect, on the effective number of respondents (Kish 1965); noise is added in squares to either half (Zou & Donner 2008).

    >>> low, high = wilson([0, 5, 10], [10, 10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237, 0.722], [0.278, 0.763, 1.0])
    """
    m, whole, deff, error = _floats(mentions, respondents, effect, noise)
    with np.errstate(divide="ignore", invalid="ignore"):
        n, share = whole / deff, m / whole
        centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        low = share - np.hypot(share - np.where(m == 0, 0.0, centre - half), Z * error)
        high = share + np.hypot(np.where(m == whole, 1.0, centre + half) - share, Z * error)
    nobody = whole == 0
    return np.where(nobody, np.nan, np.clip(low, 0, 1)), np.where(nobody, np.nan, np.clip(high, 0, 1))


def newcombe(
    mentions_a: ArrayLike,
    respondents_a: ArrayLike,
    mentions_b: ArrayLike,
    respondents_b: ArrayLike,
    *,
    effect_a: ArrayLike = 1.0,
    effect_b: ArrayLike = 1.0,
    correlation: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> tuple[Floats, Floats]:
    """Return the ends of Newcombe's 95 % hybrid score interval of a difference of shares (Newcombe 1998, method 10).

    ``correlation``: of the two shares, where people of both groups share clusters (Zou & Donner 2008). His example (a): 56 of 70 against 48 of 80.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    ma, na, mb, nb, r = _floats(mentions_a, respondents_a, mentions_b, respondents_b, correlation)
    (low_a, high_a), (low_b, high_b) = wilson(ma, na, effect=effect_a), wilson(mb, nb, effect=effect_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = ma / na, mb / nb

    def reach(of_a: Floats, of_b: Floats) -> Floats:
        return np.sqrt(of_a**2 + of_b**2 - 2 * r * of_a * of_b + (Z * np.asarray(noise)) ** 2)

    low = a - b - reach(a - low_a, high_b - b)
    high = a - b + reach(high_a - a, b - low_b)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def two_sided_p(
    mentions_a: ArrayLike,
    respondents_a: ArrayLike,
    mentions_b: ArrayLike,
    respondents_b: ArrayLike,
    *,
    effect_a: ArrayLike = 1.0,
    effect_b: ArrayLike = 1.0,
    correlation: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Floats:
    """Return the p-value of the score test of a difference (the N − 1 chi-square test without clusters nor noise).

    N − 1 rather than N, after Campbell (2007, Statistics in Medicine 26: 3661-3675). Where fewer than five are expected in a cell, it is no
    smaller than that of Fisher's exact test on the effective counts. A code nobody or everybody mentions tells nothing: p = 1.

    >>> two_sided_p([10, 0], [30, 30], [35, 0], [50, 40]).round(4).tolist()
    [0.0015, 1.0]
    """
    ma, na, mb, nb, da, db, r, error = _floats(
        mentions_a, respondents_a, mentions_b, respondents_b, effect_a, effect_b, correlation, noise
    )
    total, mentioned = na + nb, ma + mb
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = mentioned / total
        spread = da / na + db / nb - 2 * r * np.sqrt(da / na * db / nb)
        variance = pooled * (1 - pooled) * spread * total / (total - 1) + error**2
        statistic = (ma / na - mb / nb) ** 2 / variance
        least = np.minimum(na / da, nb / db) * np.minimum(mentioned, total - mentioned) / total
    nothing = (mentioned == 0) | (mentioned == total)
    p = np.where(nothing, 1.0, stats.chi2.sf(statistic, 1))
    for at in np.argwhere(~nothing & (least < EXPECTED)):
        here = tuple(at)
        effective = [
            [ma[here] / da[here], (na - ma)[here] / da[here]],
            [mb[here] / db[here], (nb - mb)[here] / db[here]],
        ]
        p[here] = max(p[here], stats.fisher_exact(np.rint(effective).astype(int))[1])
    return np.where((na == 0) | (nb == 0), np.nan, np.minimum(p, 1.0))


def cramers_v(
    mentions_a: ArrayLike, respondents_a: ArrayLike, mentions_b: ArrayLike, respondents_b: ArrayLike
) -> Floats:
    """Return Cramér's V of the 2 × 2 table, 0 (no association) to 1; NaN where a margin is empty.

    >>> cramers_v([10, 0], [10, 5], [0, 0], [10, 5]).tolist()
    [1.0, nan]
    """
    ma, na, mb, nb = _floats(mentions_a, respondents_a, mentions_b, respondents_b)
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
    ma, na, mb, nb = _floats(mentions_a, respondents_a, mentions_b, respondents_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((mb == 0) | (na == 0) | (nb == 0), np.nan, (ma / na) / (mb / nb))


def unnoticed(low: ArrayLike, high: ArrayLike, *, level: float = LEVEL) -> Floats:
    """Return the difference of shares that a test at ``level`` would notice four times out of five, from the 95 % interval of the difference.

    The interval holds the standard error, clusters and noise included (Fleiss, Levin & Paik 2003, § 4.3). A fraction, 1 at most.

    >>> float(unnoticed(-0.1, 0.1).round(3))
    0.143
    """
    bottom, top = _floats(low, high)
    error = (top - bottom) / (2 * Z)
    return np.minimum((stats.norm.isf(level / 2) + stats.norm.isf(1 - POWER)) * error, 1.0)
