"""How evidence of two kinds, the codebook's expressions and the words people coded, becomes a probability.

Stacking (Wolpert, 1992): per scheme, one logistic regression over remarks and codes reads what the expressions claim of a code, what the
text model says of it without having seen the remark, and how strongly other codes are spoken for. It starts from the codebook alone and
moves away as far as coded remarks bear it out (a ridge towards the codebook): few codes move nothing. Each code has its own departure from
what holds for all, so that a code is trusted by its own number of readings. A remark the codebook was written from cannot say how right the
codebook is: it teaches words, never trust.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit

from psq_analysis.coding import text_model
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.tables.schema import OUT_OF_SCOPE

# Scores at 0 or 1 would be beyond what any evidence could move; 3 % is what a reader gets wrong on an obvious remark.
SURE = 0.97
# Below this many remarks free of the codebook there is nothing to settle trust by: the codebook alone is kept.
MIN_TRUSTED = 25
# Penalties: of what holds for every code of a scheme, and of each code's own departure from it.
COMMON_PENALTY, OWN_PENALTY = 1.0, 8.0
# Past this many coded remarks the closed form grows dear (a cube) and brings no more.
MOST_TAUGHT = 4_000
# Newton's steps are halved where they overshoot, and end when nothing is gained any more.
ROUNDS, SMALL_STEP, SMALL_GAIN = 50, 1e-6, 1e-6


def log_odds(scores: np.ndarray | pd.DataFrame, *, sure: float = SURE) -> np.ndarray:
    """Return scores on the log-odds scale, kept away from certainty.

    >>> log_odds(np.array([0.5, 1.0])).round(2).tolist()
    [0.0, 3.48]
    """
    kept = np.clip(np.asarray(scores, dtype=float), 1 - sure, sure)
    return np.log(kept / (1 - kept))


@dataclass(frozen=True)
class Taught:
    """Remarks coded under a scheme: as read, their features, their codes (remarks × codes), what each counts for, and which may teach trust.

    ``inverse``: what :func:`psq_analysis.coding.text_model.inverted` says of them, shared by the schemes that code the same remarks.
    """

    reading: Reading
    features: sparse.csr_matrix
    codes: pd.DataFrame
    weight: np.ndarray
    free: np.ndarray
    inverse: Callable[[], np.ndarray] | None = None

    def take(self, kept: np.ndarray) -> Taught:
        """Return some of the remarks (boolean, per remark)."""
        rows = np.flatnonzero(kept)
        return Taught(
            self.reading.take(rows),
            self.features[rows],
            self.codes.iloc[rows],
            self.weight[rows],
            self.free[rows],
        )


@dataclass(frozen=True)
class Coder:
    """A fitted learner; ``trust`` is codes × pieces of evidence, None where the codebook alone decides."""

    scheme: str
    words: text_model.TextModel | None = None
    trust: np.ndarray | None = None

    def predict_proba(self, reading: Reading, read: sparse.csr_matrix | None = None) -> pd.DataFrame:
        """Return remarks × codes, 0 to 1; ``read``: the features of the remarks where they are known already."""
        scores = reading.scores(self.scheme)
        if self.words is None or self.trust is None or not len(reading):
            return scores
        said = self.words.predict(text_model.features(reading) if read is None else read)
        claimed = log_odds(scores)
        odds = claimed + np.einsum("rce,ce->rc", _evidence(said, claimed), self.trust)
        learnt = pd.DataFrame(expit(odds), columns=scores.columns, index=scores.index)
        if (
            OUT_OF_SCOPE in learnt
        ):  # what answers a question on policing is not out of scope for its words alone
            outside = np.minimum(learnt[OUT_OF_SCOPE], scores[OUT_OF_SCOPE])
            learnt[OUT_OF_SCOPE] = learnt[OUT_OF_SCOPE].where(~reading.on_topic, outside)
        return learnt


def learn(scheme: str, taught: Taught | None, *, seed: int) -> Coder:
    """Return the learner of a scheme, from remarks coded under it; without enough of them, the codebook alone."""
    if taught is None or taught.free.sum() < MIN_TRUSTED:
        return Coder(scheme)
    if len(taught.codes) > MOST_TAUGHT:
        drawn = np.random.default_rng(seed).permutation(len(taught.codes))[:MOST_TAUGHT]
        taught = taught.take(np.isin(np.arange(len(taught.codes)), drawn))
    given = taught.codes.to_numpy(dtype=float)
    inverse = None if taught.inverse is None else taught.inverse()
    words, unseen = text_model.fit(taught.features, given, taught.weight, inverse)
    claimed = log_odds(taught.reading.scores(scheme))
    evidence = _evidence(unseen, claimed)[taught.free]
    trust = _settle(evidence, given[taught.free], claimed[taught.free], taught.weight[taught.free])
    return Coder(scheme, words, trust)


def _evidence(said: np.ndarray, claimed: np.ndarray) -> np.ndarray:
    """Return remarks × codes × pieces of evidence for a code."""
    learnt = log_odds(said, sure=0.98)
    pieces = [
        np.ones_like(claimed),
        learnt,
        claimed,
        np.maximum(claimed, 0),
        _best_other(learnt),
        _best_other(claimed),
        said,
    ]
    return np.stack(pieces, axis=2)


def _best_other(odds: np.ndarray) -> np.ndarray:
    """Return, per remark and code, the strongest of the other codes."""
    if odds.shape[1] < 2:
        return np.zeros_like(odds)
    best = odds.argmax(axis=1)
    second = np.partition(odds, -2, axis=1)[:, -2]
    other = np.repeat(odds.max(axis=1)[:, None], odds.shape[1], axis=1)
    other[np.arange(len(odds)), best] = second
    return other


def _settle(evidence: np.ndarray, given: np.ndarray, claimed: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return codes × pieces of evidence: common and own trust together, by penalised maximum likelihood (Newton)."""
    remarks, codes, pieces = evidence.shape
    scale = np.sqrt((evidence**2).mean(axis=(0, 1))) + 1e-9
    scaled = evidence / scale
    design = np.zeros((codes, remarks, pieces * (codes + 1)))
    design[:, :, :pieces] = scaled.transpose(1, 0, 2)
    for code in range(codes):
        design[code, :, pieces * (code + 1) : pieces * (code + 2)] = scaled[:, code]
    flat = design.reshape(codes * remarks, -1)
    truth, offset, counts = given.T.ravel(), claimed.T.ravel(), np.tile(weight, codes)
    penalty = np.r_[np.full(pieces, COMMON_PENALTY), np.full(pieces * codes, OWN_PENALTY)]

    def loss(trust: np.ndarray) -> float:
        odds = offset + flat @ trust
        return float(counts @ np.logaddexp(0, np.where(truth > 0, -odds, odds)) + penalty @ trust**2 / 2)

    found = np.zeros(flat.shape[1])
    lost = loss(found)
    for _ in range(ROUNDS):
        likely = expit(offset + flat @ found)
        slope = flat.T @ (counts * (truth - likely)) - penalty * found
        bend = (flat.T * (counts * likely * (1 - likely))) @ flat + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        while (after := loss(found + step)) > lost and np.abs(step).max() > SMALL_STEP:
            step = step / 2
        found, before, lost = found + step, lost, after
        if before - lost < SMALL_GAIN:
            break
    common, own = found[:pieces], found[pieces:].reshape(codes, pieces)
    return (common + own) / scale
