"""Word vectors learnt from the words that stand together in a corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from psq_analysis.text.corpus import Corpus

# Axes of meaning kept from a corpus; 50 to 200 give the same codes within 0.01 (docs/coding.md).
DIMENSIONS = 100
# A lemma met in one remark has no company to learn from.
MIN_TEXTS = 2
# Words up to so many places apart keep company; windows of 2 to 10 give the same codes within 0.01.
WINDOW = 5
# A word met less often has too few neighbours for its company to mean anything.
MIN_OCCURRENCES = 5
# Frequent words are neighbours of everything: their share is raised to this power (Levy, Goldberg and Dagan, 2015).
CONTEXT_SMOOTHING = 0.75


class WordVectors(BaseEstimator, TransformerMixin):
    """Vectors learned from the corpus at hand: nothing to download.

    Words that keep the same company come close: positive pointwise mutual information with the words around, reduced by singular
    value decomposition (Levy, Goldberg and Dagan, 2015). A remark is the direction of its words, rarer words heavier.
    """

    def __init__(self, dimensions: int = DIMENSIONS, window: int = WINDOW, seed: int = 0) -> None:
        self.dimensions = dimensions
        self.window = window
        self.seed = seed

    def fit(self, corpus: Corpus) -> WordVectors:
        """Learn from the words of ``corpus`` and their places."""
        counts, lemmas = corpus.lemma_counts
        texts_with = np.asarray((counts > 0).sum(axis=0)).ravel()
        kept = np.flatnonzero(texts_with >= MIN_TEXTS)
        self.column_of_ = {lemmas[int(old)]: new for new, old in enumerate(kept)}
        self.weights_ = np.log((1 + counts.shape[0]) / (1 + texts_with[kept])) + 1
        information = _mutual_information(corpus, window=self.window)[kept][:, kept]
        met = np.flatnonzero(np.diff(information.indptr))
        size = min(self.dimensions, len(met) - 1)
        self.axes_ = np.zeros((len(kept), max(size, 0)), dtype=np.float32)
        if size > 0:
            left, strength, _ = randomized_svd(information[met][:, met], size, random_state=self.seed)
            self.axes_[met] = normalize(left * np.sqrt(strength))
        return self

    def weighted(self, counts: sparse.csr_matrix, lemmas: Sequence[str]) -> sparse.csr_matrix:
        """Return remarks × known lemmas, rarer lemmas heavier (tf–idf), each row of length 1."""
        known = [(old, self.column_of_[name]) for old, name in enumerate(lemmas) if name in self.column_of_]
        if not known:
            return sparse.csr_matrix((counts.shape[0], len(self.column_of_)), dtype=np.float32)
        old, new = (np.array(side) for side in zip(*known, strict=True))
        places = sparse.csr_matrix(
            (self.weights_[new].astype(np.float32), (old, new)), shape=(len(lemmas), len(self.column_of_))
        )
        damped = counts.copy()
        damped.data = 1 + np.log(damped.data)
        return normalize(damped @ places)

    def transform(self, counts: sparse.csr_matrix, lemmas: Sequence[str]) -> np.ndarray:
        """Return remarks × dimensions, each row of length 1 (0 for a remark of unknown words)."""
        return normalize(self.weighted(counts, lemmas) @ self.axes_)


def _mutual_information(corpus: Corpus, *, window: int) -> sparse.csr_matrix:
    """Return lemmas × lemmas: how much more often than by chance two words stand near each other (log, 0 when not more).

    A neighbour counts by the inverse of its distance.
    """
    names, number = np.unique(np.array(corpus.lemmas, dtype=object), return_inverse=True)
    word = number[corpus.token_form]
    frequent = np.bincount(word, minlength=len(names)) >= MIN_OCCURRENCES
    near = sparse.csr_matrix((len(names), len(names)), dtype=np.float64)
    for distance in range(1, window + 1):
        first, second = word[:-distance], word[distance:]
        together = corpus.token_text[:-distance] == corpus.token_text[distance:]
        kept = together & frequent[first] & frequent[second]
        cells = (np.full(int(kept.sum()), 1 / distance), (first[kept], second[kept]))
        near = near + sparse.csr_matrix(cells, shape=near.shape)
    pairs = (near + near.T).tocoo()
    of_word = np.bincount(pairs.row, pairs.data, len(names))
    as_context = np.bincount(pairs.col, pairs.data, len(names)) ** CONTEXT_SMOOTHING
    information = np.log(pairs.data * as_context.sum() / (of_word[pairs.row] * as_context[pairs.col]))
    positive = information > 0
    cells = (information[positive], (pairs.row[positive], pairs.col[positive]))
    return sparse.csr_matrix(cells, shape=near.shape)
