"""Three ways to learn to code, one interface, each resting on the one before.

* :class:`SeedCoder`: the codebook alone;
* :class:`CorpusCoder`: the codebook and the remarks themselves (weak supervision over word vectors of the corpus);
* :class:`HumanCoder`: and the codes people gave to some remarks.

Each is a scikit-learn estimator: ``fit(reading, codes)``, ``predict_proba(reading)`` (remarks × codes, 0 to 1) and
``set_params``. Where the reading has the vectors of a sentence model, the last two learn from them too. The inner ``estimator`` is any scikit-learn binary classifier with sample weights and probabilities.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import copy

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold

from psq_analysis.features import WordVectors
from psq_analysis.reading import CLAIMED, ON_TOPIC, Reading
from psq_analysis.schema import OUT_OF_SCOPE

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
# Below this many human-coded remarks, a code's own examples are too few to correct the codebook.
MIN_HUMAN = 30
# A code is learnt when people gave it, and withheld it, at least this often.
MIN_EXAMPLES = 3
# The trust put in the codebook against what people's codes add; chosen per scheme by log loss within the human codes.
STRENGTHS = (0.3, 1.0)
# People's codes weigh as much as the codebook when they coded this many answers to the same kind of question.
KIN = 30
# Scales of the features before the common penalty: the codebook's own verdict is nearly free, the rest must earn its place.
CORPUS_SCALE = 2.0
OWN_SCALE, OTHER_SCALE, SAID_SCALE, WORD_SCALE, VECTOR_SCALE = 1.0, 0.3, 0.5, 3.0, 3.0


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


class HumanCoder(ClassifierMixin, BaseEstimator):
    """The codebook, the remarks, and the codes people gave to some of them.

    Whether a remark is in scope stays with ``base``; people teach which codes a remark in scope has. Per code, a penalised
    regression starts from what the expressions claim and is moved by the other claims, the expressions said and the words as far
    as people's codes bear it out: the strength is chosen by log loss on codes held back. It is heard as far as people coded
    answers to the same kind of question (:data:`KIN`): what is learnt from one questionnaire says little of another.
    """

    def __init__(
        self,
        scheme: str = "theme",
        *,
        base: BaseEstimator | None = None,
        vectors: BaseEstimator | None = None,
        estimator: BaseEstimator | None = None,
        strengths: Sequence[float] = STRENGTHS,
        seed: int = 0,
    ) -> None:
        self.scheme = scheme
        self.base = base
        self.vectors = vectors
        self.estimator = estimator
        self.strengths = strengths
        self.seed = seed

    def fit(self, reading: Reading, codes: pd.DataFrame, *, corpus: Reading | None = None) -> HumanCoder:
        """Learn from ``codes`` (remarks × codes, boolean) given to the remarks of ``reading``.

        ``corpus``: unlabelled remarks for ``base`` and the word vectors; by default those of ``reading``.
        """
        known = reading if corpus is None else corpus
        self.classes_ = np.array(reading.codebook.codes(self.scheme))
        self.base_ = clone(self.base or SeedCoder()).set_params(scheme=self.scheme).fit(known)
        self.models_: dict[str, BaseEstimator] = {}
        if len(reading) < MIN_HUMAN:
            return self
        self.vectors_ = self.vectors or WordVectors(seed=self.seed).fit(known.corpus)
        coded = np.bincount(_kinds(reading), minlength=len(reading.codebook.questions) + 2)
        self.trust_ = coded / (coded + KIN)
        inside = np.ones(len(codes), dtype=bool)
        if OUT_OF_SCOPE in self.classes_ and OUT_OF_SCOPE in codes:
            inside = ~codes[OUT_OF_SCOPE].to_numpy(dtype=bool)
        taught = codes[inside]
        shared, own = self._features(reading.take(np.flatnonzero(inside)))
        learnable = [
            (column, code)
            for column, code in enumerate(self.classes_)
            if code != OUT_OF_SCOPE
            and code in taught
            and MIN_EXAMPLES <= taught[code].sum() <= len(taught) - MIN_EXAMPLES
        ]
        labels = {code: taught[code].to_numpy(dtype=bool) for _, code in learnable}
        designs = {code: self._design(shared, own, column) for column, code in learnable}
        self.strength_ = self._best_strength(designs, labels)
        self.models_ = {code: self._fit_one(designs[code], labels[code], self.strength_) for code in designs}
        return self

    def resting_on(self, base: BaseEstimator) -> HumanCoder:
        """Return the same, fitted, with another fitted ``base``: what was learnt of people's codes serves many corpora."""
        other = copy(self)
        other.base_ = base
        return other

    def _best_strength(self, designs: dict[str, sparse.csr_matrix], labels: dict[str, np.ndarray]) -> float:
        if len(self.strengths) == 1 or not designs:
            return self.strengths[0]
        folds = list(KFold(3, shuffle=True, random_state=self.seed).split(next(iter(labels.values()))))
        losses = dict.fromkeys(self.strengths, 0.0)
        for strength in self.strengths:
            for code, design in designs.items():
                for learnt, held in folds:
                    if len(set(labels[code][learnt])) == 2:
                        model = self._fit_one(design[learnt], labels[code][learnt], strength)
                        likelihood = model.predict_proba(design[held])[:, 1]
                        losses[strength] += log_loss(
                            labels[code][held], likelihood, labels=[False, True], normalize=False
                        )
        return min(losses, key=losses.__getitem__)

    def _fit_one(self, design: sparse.csr_matrix, labels: np.ndarray, strength: float) -> BaseEstimator:
        model = (
            clone(self.estimator)
            if self.estimator
            else LogisticRegression(solver="liblinear", intercept_scaling=5, tol=FIT_TOLERANCE)
        )
        if "C" in model.get_params():
            model.set_params(C=strength)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return model.fit(design, labels)

    def _features(self, reading: Reading) -> tuple[sparse.csr_matrix, np.ndarray]:
        claims = [log_odds(reading.claims(scheme)) for scheme in reading.codebook.schemes]
        words = self.vectors_.weighted(reading.words, reading.lemmas)
        meaning = [] if reading.meaning is None else [sparse.csr_matrix(reading.meaning * VECTOR_SCALE)]
        shared = sparse.hstack(
            [
                sparse.csr_matrix(np.hstack(claims) * OTHER_SCALE),
                reading.said * SAID_SCALE,
                words * WORD_SCALE,
                sparse.csr_matrix(self.vectors_.transform(reading.words, reading.lemmas) * VECTOR_SCALE),
                *meaning,
            ]
        ).tocsr()
        return shared, log_odds(reading.claims(self.scheme))

    @staticmethod
    def _design(shared: sparse.csr_matrix, own: np.ndarray, column: int) -> sparse.csr_matrix:
        return sparse.hstack([sparse.csr_matrix(own[:, [column]] * OWN_SCALE), shared]).tocsr()

    def predict_proba(self, reading: Reading) -> pd.DataFrame:
        """Return remarks × codes; codes people gave too rarely keep the score of ``base``."""
        scores = self.base_.predict_proba(reading)
        if not self.models_:
            return scores
        shared, own = self._features(reading)
        trust = self.trust_[_kinds(reading)]
        inside = 1 - scores[OUT_OF_SCOPE].to_numpy() if OUT_OF_SCOPE in scores else 1.0
        columns = list(self.classes_)
        moved = {}
        for code, model in self.models_.items():
            learned = inside * model.predict_proba(self._design(shared, own, columns.index(code)))[:, 1]
            moved[code] = expit((1 - trust) * log_odds(scores[code]) + trust * log_odds(learned))
        return scores.assign(**moved)


def _kinds(reading: Reading) -> np.ndarray:
    """Return the kind of question of each remark: its family, or what the answers make of a question nobody foresaw."""
    unforeseen = len(reading.codebook.questions) + (reading.scope >= ON_TOPIC)
    return np.where(reading.family >= 0, reading.family, unforeseen)
