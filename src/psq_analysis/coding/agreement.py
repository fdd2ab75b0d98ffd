"""Agreement of two codings of the same remarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.human_codes import HUMAN_COLUMN, code_table

SCORED_SCHEMES = ("theme", "objective", "tone")
# Of a remark whose code was missed when nothing was given in its place.
NOTHING = "nothing"
# Codes given to a remark beside all those people gave it.
ADDED = "added"


def f1_score(right: np.ndarray, missed: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return F1 from counts of right, missed and wrongly given codes; 0 where there is nothing to find nor given."""
    total = 2 * right + missed + wrong
    return np.divide(2 * right, total, out=np.zeros_like(total, dtype=float), where=total > 0)


def confusion_counts(
    truth: np.ndarray, given: np.ndarray, draws: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return draws × codes: right, missed, wrong."""
    right, missed, wrong = truth & given, truth & ~given, ~truth & given
    return draws @ right, draws @ missed, draws @ wrong


def confusion(truth: np.ndarray, given: np.ndarray, scores: np.ndarray, codes: Sequence[str]) -> pd.DataFrame:
    """Return which codes were given in place of which: ``code``, ``given``, ``remarks``.

    Each missed code of a remark is paired with one code given too many, the surest first, else with :data:`NOTHING`; codes
    given too many that replace none are :data:`ADDED`. So the row of a code sums to the remarks people gave it.

    >>> truth, given = np.array([[True, False], [True, False]]), np.array([[True, True], [False, True]])
    >>> confusion(truth, given, given.astype(float), ["presence", "acces"]).query("remarks > 0").values.tolist()
    [['presence', 'presence', 1], ['presence', 'acces', 1], ['added', 'acces', 1]]
    """
    names = np.array([*codes, NOTHING])
    pairs: list[tuple[str, str]] = []
    for true, said, score in zip(truth, given, scores, strict=True):
        missed, extra = np.flatnonzero(true & ~said), np.flatnonzero(said & ~true)
        extra = extra[np.argsort(-score[extra], kind="stable")]
        replacing = np.pad(extra, (0, len(missed)), constant_values=len(codes))[: len(missed)]
        kept = np.flatnonzero(true & said)
        pairs += list(zip(names[kept], names[kept], strict=True))
        pairs += list(zip(names[missed], names[replacing], strict=True))
        pairs += [(ADDED, code) for code in names[extra[len(missed) :]]]
    counts = pd.DataFrame(pairs, columns=["code", "given"]).value_counts()
    every = pd.MultiIndex.from_product([[*codes, ADDED], names], names=["code", "given"])
    return counts.reindex(every, fill_value=0).rename("remarks").reset_index()


def agreement(gold: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return how far two readers (columns ``reader_a`` and ``reader_b``) agree: micro F1 of one against the other, Cohen's κ."""
    rows = []
    if {"reader_a", "reader_b"} <= set(gold):
        readers = [pd.DataFrame(gold[reader].tolist()) for reader in ("reader_a", "reader_b")]
        for scheme in SCORED_SCHEMES:
            column = HUMAN_COLUMN[scheme]
            if all(column in reader for reader in readers):
                first, second = (
                    code_table(r, column, list(codebook.codes(scheme))).to_numpy() for r in readers
                )
                counts = confusion_counts(first, second, np.ones((1, len(gold))))
                rows.append((scheme, "micro_f1", f1_score(*[part.sum(axis=1) for part in counts])[0]))
                rows.append((scheme, "kappa", cohen_kappa_score(first.ravel(), second.ravel())))
    return pd.DataFrame(rows, columns=["scheme", "figure", "value"])


def reader_agreement(
    first: np.ndarray, second: np.ndarray, *, resamples: int = 1_000, seed: int
) -> pd.DataFrame:
    """Return how far two readers agree on one code: ``figure``, ``value``, ``low``, ``high``.

    ``first``, ``second``: whether each gave the code, per remark. Figures: ``percent`` (share of remarks they agree on), ``alpha`` (Krippendorff,
    nominal), ``ac1`` (Gwet, 2008), which does not fall to nothing where a code is rare. Intervals at 95 % by resampling remarks.

    >>> yes, no = np.repeat([True], 10), np.repeat([False], 90)
    >>> found = reader_agreement(np.r_[yes, no], np.r_[yes[:8], no, ~yes[:2]], seed=0).set_index("figure")["value"]
    >>> found.round(3).to_dict()
    {'percent': 0.98, 'alpha': 0.879, 'ac1': 0.976}
    """
    draws = np.random.default_rng(seed).integers(0, len(first), (resamples, len(first)))
    cells = np.stack([first & second, first ^ second, ~first & ~second], axis=1).astype(float)
    whole, resampled = cells.mean(axis=0)[None], cells[draws].mean(axis=1)
    figures = {"percent": _percent, "alpha": _alpha(2 * len(first)), "ac1": _ac1}
    rows = []
    for name, figure in figures.items():
        low, high = np.nanquantile(figure(resampled), [0.025, 0.975])
        rows.append((name, float(figure(whole)[0]), float(low), float(high)))
    return pd.DataFrame(rows, columns=["figure", "value", "low", "high"])


def _percent(cells: np.ndarray) -> np.ndarray:
    return 1 - cells[:, 1]


def _alpha(codes_given: int) -> Callable[[np.ndarray], np.ndarray]:
    """Krippendorff's alpha for two readers, two values and nothing missing; 1 where they never differ."""

    def figure(cells: np.ndarray) -> np.ndarray:
        given = cells[:, 0] + cells[:, 1] / 2
        expected = 2 * given * (1 - given) * codes_given / (codes_given - 1)
        return 1 - np.divide(cells[:, 1], expected, out=np.zeros_like(expected), where=expected > 0)

    return figure


def _ac1(cells: np.ndarray) -> np.ndarray:
    given = cells[:, 0] + cells[:, 1] / 2
    expected = 2 * given * (1 - given)
    return (1 - cells[:, 1] - expected) / (1 - expected)
