"""Three ways to learn to code, one interface, each resting on the one before.

* :class:`SeedCoder`: the codebook alone;
* :class:`CorpusCoder`: the codebook and the remarks themselves (weak supervision over word vectors of the corpus);
* :class:`HumanCoder`: and the codes people gave to some remarks; it may rest on another of its kind, that learnt from other people.

Each is a scikit-learn estimator: ``fit(reading, codes)``, ``predict_proba(reading)`` (remarks × codes, 0 to 1) and
``set_params``. Where the reading has the vectors of a sentence model, the last two learn from them too. The inner ``estimator``
is any scikit-learn binary classifier with probabilities.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from psq_analysis.coding.codebook_matches import CLAIMED, Reading
from psq_analysis.tables.schema import OUT_OF_SCOPE
from psq_analysis.text.word_vectors import WordVectors

# A code is learnt when people gave it, and withheld it, at least this often.
MIN_EXAMPLES = 3
CORPUS_SCALE = 2.0

# Scores at 0 or 1 would be beyond what any evidence could move; 3 % is what a reader gets wrong on an obvious remark.
SURE = 0.97
# Remarks a weakly supervised model is fitted on; beyond, the figures no longer move (docs/coding.md) and time grows.
CORPUS_SAMPLE = 8_000
# Word vectors ask for more text than a model does: 20,000 remarks are read in a few seconds.
VECTOR_SAMPLE = 20_000
# Below this many remarks, words seen once or twice are all there is to learn from: the codebook alone is kept.
MIN_CORPUS = 1_000
# Weak labels are uncertain to a few hundredths: a finer optimum costs time and changes no code.
FIT_TOLERANCE = 1e-2
# Remarks the expressions of a code are taken to miss for each one they find, where a codebook writes next to nothing; a
# quarter of it is left at 10 expressions. Measured on grids with 1, 2, 4, 8 and all expressions of two questionnaires
# (docs/coding.md): twice as many loses 0.01 to 0.06, a third gains half as much.
MISSED, EXPRESSIONS = 0.5, 10
# A remark no expression finds is never surer than one that a seed finds.
MOST_SURE = 0.9
# A likelihood stays this far from 0 and 1, and a shift within what that allows (log-odds): numbers, not evidence.
TINY, FAR = 1e-9, 50.0


def log_odds(scores: np.ndarray | pd.DataFrame) -> np.ndarray:
    """Return scores on the log-odds scale, kept away from certainty.

    >>> log_odds(np.array([0.5, 1.0])).round(2).tolist()
    [0.0, 3.48]
    """
    kept = np.clip(np.asarray(scores, dtype=float), 1 - SURE, SURE)
    return np.log(kept / (1 - kept))


def corpus_vectors(reading: Reading, *, seed: int) -> FrozenEstimator:
    """Return word vectors learned from (a sample of) the reading, frozen so that the learners of every scheme share them."""
    rows = np.random.default_rng(seed).permutation(len(reading))[:VECTOR_SAMPLE]
    return FrozenEstimator(WordVectors(seed=seed).fit(reading.corpus.take(np.sort(rows))))


class SeedCoder(ClassifierMixin, BaseEstimator):
    """The codebook alone: what its expressions claim (:meth:`Reading.scores`)."""

    def __init__(self, scheme: str = "theme") -> None:
        self.scheme = scheme

    def fit(self, reading: Reading, codes: pd.DataFrame | None = None) -> SeedCoder:
        """Nothing is learnt; the codes of the scheme are noted."""
        self.classes_ = np.array(reading.codebook.codes(self.scheme))
        return self

    def predict_proba(self, reading: Reading) -> pd.DataFrame:
        """Return remarks × codes."""
        return reading.scores(self.scheme)


class CorpusCoder(ClassifierMixin, BaseEstimator):
    """The codebook and the remarks themselves.

    Per code, a model over word vectors learned from the corpus is fitted to what the expressions claim, and asked which of the
    other remarks resemble the claimed ones: what is claimed is a sample of what is meant (learning from positive and
    unlabelled examples; Elkan and Noto, 2008). How many are missed cannot be known without people; the fewer expressions a code
    has, the more are assumed (``missed`` for each one found, shrinking with the expressions), and the model only says which.
    ``vectors``: fitted word vectors; by default they are fitted here.
    """

    def __init__(
        self,
        scheme: str = "theme",
        *,
        vectors: BaseEstimator | None = None,
        estimator: BaseEstimator | None = None,
        missed: float = MISSED,
        seed: int = 0,
    ) -> None:
        self.scheme = scheme
        self.vectors = vectors
        self.estimator = estimator
        self.missed = missed
        self.seed = seed

    def fit(self, reading: Reading, codes: pd.DataFrame | None = None) -> CorpusCoder:
        """Learn from unlabelled remarks (``codes`` is not used)."""
        self.classes_ = np.array(reading.codebook.codes(self.scheme))
        self.models_: dict[str, BaseEstimator] = {}
        self.shifts_: dict[str, float] = {}
        if len(reading) < MIN_CORPUS:
            return self
        self.vectors_ = self.vectors or corpus_vectors(reading, seed=self.seed)
        sample = np.sort(np.random.default_rng(self.seed).permutation(len(reading))[:CORPUS_SAMPLE])
        features = self._features(reading, sample)
        claimed = reading.claims(self.scheme).iloc[sample] >= CLAIMED
        for code in self.classes_:
            found = claimed[code].to_numpy()
            if code == OUT_OF_SCOPE or not MIN_EXAMPLES <= found.sum() <= len(found) - MIN_EXAMPLES:
                continue
            model = clone(self.estimator or LogisticRegression(solver="liblinear", tol=FIT_TOLERANCE))
            self.models_[code] = model.fit(features, found)
            expressions = sum((e.scheme, e.code) == (self.scheme, code) for e in reading.codebook.expressions)
            expected = self.missed * (EXPRESSIONS / (EXPRESSIONS + expressions)) ** 2 * found.sum()
            self.shifts_[code] = _shift(_odds(model, features[~found]), expected)
        return self

    def _features(self, reading: Reading, rows: np.ndarray) -> np.ndarray:
        families = np.eye(len(reading.codebook.questions) + 1, dtype=np.float32)[reading.family[rows]]
        words = self.vectors_.transform(reading.words[rows], reading.lemmas)
        meaning = [] if reading.meaning is None else [reading.meaning[rows] * CORPUS_SCALE]
        return np.hstack([words * CORPUS_SCALE, families, *meaning])

    def predict_proba(self, reading: Reading) -> pd.DataFrame:
        """Return remarks × codes."""
        if not self.models_:
            return reading.scores(self.scheme)
        claims = reading.claims(self.scheme)
        settled = claims >= CLAIMED
        if not reading.codebook.schemes[self.scheme].multiple:
            settled[settled.any(axis=1)] = True
        features = self._features(reading, np.arange(len(reading)))
        for code, model in self.models_.items():
            resembling = np.minimum(expit(_odds(model, features) + self.shifts_[code]), MOST_SURE)
            claims[code] = 1 - (1 - claims[code]) * (1 - resembling * ~settled[code].to_numpy())
        return reading.scores(self.scheme, claims=claims)


def _odds(model: BaseEstimator, features: np.ndarray) -> np.ndarray:
    likelihood = np.clip(model.predict_proba(features)[:, 1], TINY, 1 - TINY)
    return np.log(likelihood / (1 - likelihood))


def _shift(odds: np.ndarray, expected: float) -> float:
    """Return what to add to the log-odds so that ``expected`` of the remarks are positive (at most half of them)."""
    share = min(expected / len(odds), 0.5)
    return float(brentq(lambda shift: expit(odds + shift).mean() - share, -FAR, FAR))
