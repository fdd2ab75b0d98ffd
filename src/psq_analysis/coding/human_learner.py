"""Learn from the remarks that people coded."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from copy import copy
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from psq_analysis.coding.codebook_matches import ON_TOPIC, Reading
from psq_analysis.coding.learners import FIT_TOLERANCE, MIN_EXAMPLES, SeedCoder, log_odds
from psq_analysis.text.word_vectors import WordVectors

# How loudly the words of a remark are heard beside the claims of the codebook, from not at all; and by how many codes given to
# answers to the same kind of question people's codes come to weigh as much as what they rest on. Both are chosen per scheme by
# log loss within the human codes.
WORDS_HEARD = (0.0, 1.0, 2.0, 4.0, 8.0)
KINS = (100.0, 30.0, 10.0, 3.0)
# The codebook keeps the benefit of the doubt: more is learnt only where the loss falls by this many of its standard errors.
DOUBT = 3.0
# Penalty of the regressions, as scikit-learn counts it (smaller is stronger), and the scales of what they read: what a code's
# own expressions claim is nearly free, the rest must earn its place. Between 0.3 and 1 the figures stay within 0.02.
PENALTY = 0.3
OWN_SCALE, CLAIM_SCALE, SAID_SCALE, KIND_SCALE, VECTOR_SCALE = 5.0, 0.6, 0.5, 2.0, 0.5


class HumanCoder(ClassifierMixin, BaseEstimator):
    """The codebook, the remarks, and the codes people gave to some of them.

    Per code, a penalised regression reads what the expressions claim, which are said, the kind of question, the scores of
    ``base`` and the words. How loudly the words are heard, and how many codes people must have given to answers to the same kind
    of question before they are believed, is settled by log loss on codes held back; the codebook keeps the benefit of the doubt
    (the one-standard-error rule of Breiman, Friedman, Olshen and Stone, 1984, with :data:`DOUBT` of them). The scores are then
    calibrated on the same codes (Platt, 1999). What is learnt from one questionnaire says nothing of questions nobody coded: there
    ``base`` decides alone.

    ``base``: what it starts from, fitted and frozen; by default the codebook alone.
    """

    def __init__(
        self,
        scheme: str = "theme",
        *,
        base: BaseEstimator | None = None,
        vectors: BaseEstimator | None = None,
        estimator: BaseEstimator | None = None,
        seed: int = 0,
    ) -> None:
        self.scheme = scheme
        self.base = base
        self.vectors = vectors
        self.estimator = estimator
        self.seed = seed

    def fit(self, reading: Reading, codes: pd.DataFrame) -> HumanCoder:
        """Learn from ``codes`` (remarks × codes, boolean) given to the remarks of ``reading``."""
        self.classes_ = np.array(reading.codebook.codes(self.scheme))
        self.base_ = self.base or SeedCoder(self.scheme).fit(reading)
        self.rest_ = self.base_
        self.models_: dict[str, BaseEstimator] = {}
        labels = {
            code: codes[code].to_numpy(dtype=bool)
            for code in self.classes_
            if code in codes and MIN_EXAMPLES <= codes[code].sum() <= len(codes) - MIN_EXAMPLES
        }
        if not labels:
            return self
        self.vectors_ = self.vectors or WordVectors(seed=self.seed).fit(reading.corpus)
        kinds = _kinds(reading)
        self.coded_ = np.bincount(kinds, minlength=_number_of_kinds(reading))
        designs = self._designs(reading, list(labels))
        before = log_odds(self.base_.predict_proba(reading)[list(labels)])
        self.words_heard_, self.kin_, *self.calibration_ = self._settle(designs, labels, kinds, before)
        self.models_ = {
            code: self._fit_one(designs[code].at(self.words_heard_), labels[code]) for code in labels
        }
        return self

    def resting_on(self, base: BaseEstimator) -> HumanCoder:
        """Return the same, fitted, with another fitted learner at its bottom: what people's codes taught serves many corpora."""
        other = copy(self)
        other.rest_ = self.base_.resting_on(base) if hasattr(self.base_, "resting_on") else base
        return other

    def _settle(
        self,
        designs: Mapping[str, _Design],
        labels: Mapping[str, np.ndarray],
        kinds: np.ndarray,
        before: np.ndarray,
    ) -> tuple[float, float, float, float]:
        """Return how loudly words are heard, how many codes make kin, and the slope and shift of what is then believed.

        The most cautious pair is taken that is not clearly worse than the best.
        """
        given = np.column_stack(list(labels.values()))
        learned = {heard: before.copy() for heard in WORDS_HEARD}
        coded = np.zeros((len(kinds), 1))
        for learnt, held in KFold(3, shuffle=True, random_state=self.seed).split(kinds):
            coded[held, 0] = np.bincount(kinds[learnt], minlength=kinds.max() + 1)[kinds[held]]
            for column, code in enumerate(labels):
                if len(set(given[learnt, column])) == 2:
                    for heard in WORDS_HEARD:
                        read = designs[code].at(heard)
                        model = self._fit_one(read[learnt], given[learnt, column])
                        learned[heard][held, column] = log_odds(model.predict_proba(read[held])[:, 1])
        pairs = [(heard, kin) for kin in KINS for heard in WORDS_HEARD]
        believed = [_believed(before, learned[heard], coded, kin) for heard, kin in pairs]
        losses = np.array([np.logaddexp(0, np.where(given, -odds, odds)).sum(axis=1) for odds in believed])
        worse = losses - losses[losses.mean(axis=1).argmin()]
        doubt = DOUBT * worse.std(axis=1) / np.sqrt(len(kinds))
        chosen = int(np.argmax(worse.mean(axis=1) <= doubt))
        told = coded[:, 0] > 0
        return *pairs[chosen], *calibration(believed[chosen][told].ravel(), given[told].ravel())

    def _fit_one(self, design: sparse.csr_matrix, labels: np.ndarray) -> BaseEstimator:
        usual = LogisticRegression(solver="liblinear", C=PENALTY, intercept_scaling=5, tol=FIT_TOLERANCE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return clone(self.estimator or usual).fit(design, labels)

    def _designs(self, reading: Reading, codes: list[str]) -> dict[str, _Design]:
        claims = [log_odds(reading.claims(scheme)) for scheme in reading.codebook.schemes]
        scores = log_odds(self.base_.predict_proba(reading))
        shared = sparse.hstack(
            [
                sparse.csr_matrix(np.hstack([*claims, scores]) * CLAIM_SCALE),
                reading.said * SAID_SCALE,
                sparse.csr_matrix(np.eye(_number_of_kinds(reading))[_kinds(reading)] * KIND_SCALE),
            ]
        )
        vectors = self.vectors_.transform(reading.words, reading.lemmas) * VECTOR_SCALE
        meaning = [] if reading.meaning is None else [sparse.csr_matrix(reading.meaning)]
        weighted = self.vectors_.weighted(reading.words, reading.lemmas)
        words = sparse.hstack([weighted, sparse.csr_matrix(vectors), *meaning])
        own = log_odds(reading.claims(self.scheme)) * OWN_SCALE
        columns = list(self.classes_)
        return {
            code: _Design(sparse.csr_matrix(own[:, [columns.index(code)]]), shared, words) for code in codes
        }

    def predict_proba(self, reading: Reading) -> pd.DataFrame:
        """Return remarks × codes; codes people gave too rarely keep the score of what it rests on."""
        scores = self.rest_.predict_proba(reading)
        if not self.models_ or not len(reading):
            return scores
        coded = self.coded_[_kinds(reading)]
        moved = {}
        for code, design in self._designs(reading, list(self.models_)).items():
            learned = self.models_[code].predict_proba(design.at(self.words_heard_))[:, 1]
            believed = _believed(log_odds(scores[code]), log_odds(learned), coded, self.kin_)
            slope, shift = self.calibration_
            moved[code] = np.where(coded > 0, expit(slope * believed + shift), scores[code])
        return scores.assign(**moved)


class _Design(NamedTuple):
    """What the regression of a code reads: what its own expressions claim, what else the codebook makes of the remarks, their words."""

    own: sparse.spmatrix
    shared: sparse.spmatrix
    words: sparse.spmatrix

    def at(self, heard: float) -> sparse.csr_matrix:
        """Return remarks × features, with the words so loud."""
        words = self.words * heard if heard else sparse.csr_matrix(self.words.shape)
        return sparse.hstack([self.own, self.shared, words]).tocsr()


def _believed(before: np.ndarray, learned: np.ndarray, coded: np.ndarray, kin: float) -> np.ndarray:
    """Return log-odds between what was there before and what was learned, by the codes given to answers to the same kind of question."""
    trust = coded / (coded + kin)
    return (1 - trust) * before + trust * learned


def calibration(odds: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    """Return the slope and the shift that make log-odds as sure as the codes given bear out (Platt, 1999).

    Where there is nothing to tell by, they stay as they are; where what is believed says nothing of the codes, only their share is left.

    >>> odds = log_odds(np.array([0.9] * 100))
    >>> slope, shift = calibration(np.r_[odds, -odds], np.arange(200) % 100 < np.r_[[70] * 100, [30] * 100])
    >>> expit(slope * odds[0] + shift).round(2)
    np.float64(0.7)
    >>> calibration(odds, np.ones(100, dtype=bool))
    (1.0, 0.0)
    """
    if given.all() or not given.any():
        return 1.0, 0.0
    fitted = LogisticRegression(C=np.inf).fit(odds.reshape(-1, 1), given)
    slope, shift = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return (slope, shift) if slope > 0 else (0.0, float(log_odds(given.mean())))


def _kinds(reading: Reading) -> np.ndarray:
    """Return the kind of question of each remark: its family, or what the answers make of a question that tells nothing of itself."""
    judged = np.array([question.scope is None for question in reading.codebook.questions.values()] + [True])
    on_topic = reading.scope >= ON_TOPIC
    unforeseen = len(reading.codebook.questions) + on_topic
    return np.where((reading.family >= 0) & (on_topic | ~judged[reading.family]), reading.family, unforeseen)


def _number_of_kinds(reading: Reading) -> int:
    return len(reading.codebook.questions) + 2
