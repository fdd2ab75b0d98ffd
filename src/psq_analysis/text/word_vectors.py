"""Vectors of French civic words, shipped with the package: words that keep the same company are near each other.

They are statistics of a public corpus, the answers to the Grand Débat national of 2019 (data.gouv.fr, Licence Ouverte 2.0): for each
lemma met five times or more, its vector and its share of all words. No text can be read back from them. The file is built by::

    python -m psq_analysis.text.word_vectors ANSWERS

``ANSWERS``: Parquet or CSV with a column ``comment``, one answer a row. Positive pointwise mutual information with the words around,
reduced by singular value decomposition (Levy, Goldberg and Dagan, 2015).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from psq_analysis.text.corpus import Corpus

FILE = "word_vectors.npz"
# Between 100 and 200 the codes stay within 0.01 (docs/coding.md); 150 make a file of 4 MB.
DIMENSIONS = 150
# Words up to so many places apart keep company, the nearer the more.
WINDOW = 5
# A word met less often has too few neighbours for its company to mean anything.
MIN_OCCURRENCES = 5
# Frequent words are neighbours of everything: their share is raised to this power (Levy, Goldberg and Dagan, 2015).
CONTEXT_SMOOTHING = 0.75
# A word weighs a / (a + its share) in a text, so that « le » does not hide « patrouille » (Arora, Liang and Ma, 2017); the same
# share is where words begin to be thinned out when vectors are learnt.
COMMON, THINNED = 1e-3, 1e-4


@dataclass(frozen=True)
class WordVectors:
    """``words`` (lemmas without accents), their ``vectors`` (words × dimensions, rows of length 1) and ``shares`` of all words."""

    words: list[str]
    vectors: np.ndarray
    shares: np.ndarray

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    def rows(self, lemmas: list[str]) -> np.ndarray:
        """Return the row of each lemma, −1 for words the vectors do not know."""
        return np.array([self.row_of.get(lemma, -1) for lemma in lemmas], dtype=np.int64)

    def weights(self, lemmas: list[str]) -> np.ndarray:
        """Return what each lemma weighs in a text, 0 to 1: rarer words more, unknown words as the rarest."""
        rows = self.rows(lemmas)
        shares = np.where(rows < 0, 0.0, self.shares[np.maximum(rows, 0)])
        return COMMON / (COMMON + shares)

    def of(self, corpus: Corpus) -> np.ndarray:
        """Return texts × dimensions: the direction of the words of each text, rows of length 1 (0 for a text of unknown words).

        >>> near = word_vectors().of(Corpus.read(["une patrouille", "des rondes de gendarmes", "la taxe foncière"]))
        >>> bool(near[0] @ near[1] > 0.4 > 0.1 > near[0] @ near[2])
        True
        """
        if not corpus.n_texts:
            return np.zeros((0, self.vectors.shape[1]), dtype=np.float32)
        counts, lemmas = corpus.lemma_counts
        rows = self.rows(lemmas)
        known = np.flatnonzero(rows >= 0)
        weighted = counts[:, known] @ sparse.diags(self.weights(lemmas)[known])
        return normalize(weighted @ self.vectors[rows[known]]).astype(np.float32)


@cache
def word_vectors() -> WordVectors:
    """Return the vectors shipped with the package, read once a process.

    >>> bool(word_vectors().row_of["gendarme"] >= 0)
    True
    """
    with files("psq_analysis.text").joinpath(FILE).open("rb") as stored, np.load(stored) as content:
        words = content["words"].tobytes().decode().split("\n")
        return WordVectors(words, normalize(content["vectors"].astype(np.float32)), content["shares"])


def learn(
    corpus: Corpus, *, dimensions: int = DIMENSIONS, window: int = WINDOW, seed: int = 0
) -> WordVectors:
    """Return the vectors of the words of a corpus that are met :data:`MIN_OCCURRENCES` times or more."""
    names, number = np.unique(np.array(corpus.lemmas, dtype=object), return_inverse=True)
    word, text = number[corpus.token_form], corpus.token_text
    occurrences = np.bincount(word, minlength=len(names))
    kept = np.flatnonzero(occurrences >= MIN_OCCURRENCES)
    shares = occurrences[kept] / max(1, len(word))
    place = np.full(len(names), -1)
    place[kept] = np.arange(len(kept))
    known = place[word] >= 0
    information = _mutual_information(place[word[known]], text[known], len(kept), window)
    size = min(dimensions, len(kept) - 1)
    vectors = np.zeros((len(kept), max(size, 0)), dtype=np.float32)
    if size > 0:
        # the order of additions, hence the last digits, would follow the number of threads
        with threadpool_limits(limits=1):
            left, strength, _ = randomized_svd(information, size, random_state=seed)
        vectors = (left * np.sqrt(strength)).astype(np.float32)
        vectors -= vectors.mean(axis=0)
    return WordVectors(names[kept].tolist(), normalize(vectors), shares)


def _mutual_information(word: np.ndarray, text: np.ndarray, size: int, window: int) -> sparse.csr_matrix:
    """Return words × words: how much more often than by chance two words stand near each other (log, 0 when not more)."""
    shares = np.bincount(word, minlength=size) / max(1, len(word))
    thinned = np.minimum(1, np.sqrt(THINNED / np.maximum(shares, THINNED * 1e-9)))
    near = sparse.csr_matrix((size, size))
    for distance in range(1, window + 1):
        together = text[:-distance] == text[distance:]
        first, second = word[:-distance][together], word[distance:][together]
        company = (window + 1 - distance) / window * thinned[first] * thinned[second]
        near = near + sparse.csr_matrix((company, (first, second)), shape=near.shape)
    pairs = (near + near.T).tocoo()
    of_word = np.bincount(pairs.row, pairs.data, size)
    as_context = np.bincount(pairs.col, pairs.data, size) ** CONTEXT_SMOOTHING
    information = np.log(pairs.data * as_context.sum() / (of_word[pairs.row] * as_context[pairs.col]))
    positive = information > 0
    cells = (information[positive], (pairs.row[positive], pairs.col[positive]))
    return sparse.csr_matrix(cells, shape=near.shape)


def save(vectors: WordVectors, path: Path) -> None:
    """Write vectors in half precision."""
    words = np.frombuffer("\n".join(vectors.words).encode(), dtype=np.uint8)
    np.savez_compressed(
        path,
        words=words,
        vectors=vectors.vectors.astype(np.float16),
        shares=vectors.shares.astype(np.float32),
    )


def main() -> None:
    """Build the file that ships from the answers given on the command line."""
    source = Path(sys.argv[1])
    answers = pd.read_parquet(source) if source.suffix == ".parquet" else pd.read_csv(source)
    corpus = Corpus.read(answers["comment"].dropna().drop_duplicates().tolist())
    vectors = learn(corpus)
    target = Path(str(files("psq_analysis.text").joinpath(FILE)))
    save(vectors, target)
    print(f"{len(vectors.words)} words x {vectors.vectors.shape[1]}, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
