"""Agreement of two codings of the same remarks."""

from __future__ import annotations

from collections.abc import Sequence

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
