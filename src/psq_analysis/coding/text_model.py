"""What the words of remarks say of their codes, learnt from remarks that people coded: a kernel ridge regression.

A remark is compared with the coded ones by the direction of its words (:mod:`psq_analysis.text.word_vectors`), the words and pairs
of words it shares with them, the question it answers and, where one is asked for, a sentence model. Answers to questions on
policing and answers to other questions are each more alike among themselves (Daumé, 2007). The regression of every code is solved
at once, and what it would say of each coded remark had it not seen it comes in closed form: no fold, nothing drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from sklearn.preprocessing import normalize

from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.word_vectors import word_vectors

# What the direction of the words, shared words and pairs of words, and the question weigh in the likeness of two remarks. Between half and
# twice these the codes of remarks kept back stay within 0.01 to 0.02.
DIRECTION, WORDS, QUESTION, MEANING, ANY = 1.6, 1.0, 0.5, 1.0, 0.3
# Two answers to questions of one sort (on policing, or not) are this much more alike.
SAME_SORT = 0.5
# How far a code given to one remark is taken to be an accident of that remark (ridge).
DOUBT = 2.0
# Words and pairs are spread over this many columns by a fixed hash: collisions are too few to be felt, and no vocabulary is kept.
COLUMNS = 1 << 16
PAIR = 0.7


@dataclass(frozen=True)
class TextModel:
    """``weights`` (features × codes), for the features of :func:`features`."""

    weights: np.ndarray

    def predict(self, read: sparse.csr_matrix) -> np.ndarray:
        """Return remarks × codes, near 1 where a code is meant and near 0 where it is not."""
        return np.asarray(read @ self.weights)


def fit(
    read: sparse.csr_matrix, given: np.ndarray, trust: np.ndarray, inverse: np.ndarray | None = None
) -> tuple[TextModel, np.ndarray]:
    """Return what codes (remarks × codes, 0 or 1) teach, and what it says of each remark without having seen that one.

    ``trust``: what each remark counts for, 1 for a usual one. ``inverse``: what :func:`inverted` returns, where it is known already.

    >>> read = sparse.csr_matrix(np.repeat([[1.0, 0.0], [0.0, 1.0]], 5, axis=0))
    >>> _, unseen = fit(read, np.repeat([[1.0], [0.0]], 5, axis=0), np.ones(10))
    >>> unseen.ravel().round(1)[[0, 9]].tolist()
    [0.7, 0.0]
    """
    if inverse is None:
        inverse = inverted(likeness(read), trust)
    shares = inverse @ given
    unseen = given - shares / np.diag(inverse)[:, None]
    return TextModel(np.asarray(read.T @ shares).astype(np.float32)), unseen


def likeness(read: sparse.csr_matrix) -> np.ndarray:
    """Return remarks × remarks: how alike they are."""
    return np.asarray((read @ read.T).toarray())


def inverted(alike: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Return the inverse of likenesses and doubt: the dear part of a regression, the same for every code of the same remarks."""
    return np.asarray(linalg.inv(alike + np.diag(DOUBT / trust), overwrite_a=True, check_finite=False))


def features(reading: Reading) -> sparse.csr_matrix:
    """Return remarks × features; their products are how alike two remarks are."""
    blocks = [
        sparse.csr_matrix(word_vectors().of(reading.corpus) * DIRECTION),
        words_and_pairs(reading.corpus) * WORDS,
        sparse.csr_matrix((word_vectors().of(Corpus.read(reading.asked)) * QUESTION)[reading.question]),
        sparse.csr_matrix(np.full((len(reading), 1), ANY)),
    ]
    if reading.meaning is not None:
        blocks.append(sparse.csr_matrix(reading.meaning * MEANING))
    shared = sparse.hstack(blocks, format="csr").astype(np.float32)
    sorts = (reading.on_topic, ~reading.on_topic)
    own = [sparse.diags(sort.astype(np.float32) * SAME_SORT) @ shared for sort in sorts]
    return sparse.hstack([shared, *own], format="csr")


def words_and_pairs(corpus: Corpus) -> sparse.csr_matrix:
    """Return texts × columns: their lemmas, and pairs of lemmas that follow each other, common words light; rows of length 1."""
    lemmas = corpus.lemmas
    hashed = np.array([_hash(lemma) for lemma in lemmas], dtype=np.int64)
    weight = word_vectors().weights(lemmas)
    word, text = corpus.token_form, corpus.token_text
    follows = (text[:-1] == text[1:]) & (corpus.token_sentence[:-1] == corpus.token_sentence[1:])
    first, second = word[:-1][follows], word[1:][follows]
    columns = np.r_[hashed[word], hashed[first] * 31 + hashed[second] * 17 + 7] % COLUMNS
    values = np.r_[weight[word], PAIR * np.sqrt(weight[first] * weight[second])]
    cells = (values, (np.r_[text, text[:-1][follows]], columns))
    counts = sparse.csr_matrix(cells, shape=(corpus.n_texts, COLUMNS))
    return normalize(counts) if corpus.n_texts else counts


def _hash(word: str) -> int:
    """FNV-1a: the same on every machine and in every process, which Python's own hash is not."""
    number = 2166136261
    for byte in word.encode():
        number = ((number ^ byte) * 16777619) & 0xFFFFFFFF
    return number
