"""French text → words → lemmas → vectors; the one place that knows an embedding model.

Text is never altered: a :class:`Corpus` keeps, beside the remarks, every word as typed, its *robust form*
(lower case, no accent, short forms spelt out) and its lemma. Whatever reads words (seed expressions,
vectors, cluster names) reads them here, so that « Sécurité », « securite » and « SECURITE » are the same
word everywhere.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import simplemma
import yaml
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from psq_analysis.errors import BadInput

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
# Where the library looks for a model named without its owner.
SENTENCE_MODELS_OWNER = "sentence-transformers"

# A word keeps its apostrophe when one follows (elision); sentence marks come out as tokens of their own.
_TOKEN = re.compile(r"[^\W\d_]+['’]?|\d+|[.!?;\n…•]+")
_SENTENCE_MARK = re.compile(r"[.!?;\n…•]")
# Letters that elision leaves alone, with or without their apostrophe (« l ordre » is as frequent as «
# l'ordre »).
_ELIDED = {
    "l": None,
    "d": None,
    "j": None,
    "m": None,
    "t": None,
    "s": None,
    "c": None,
    "n": "ne",
    "qu": "que",
}


class Token(NamedTuple):
    """One word of a text: its lemma, the word as typed, and where it stands (characters)."""

    lemma: str
    surface: str
    start: int
    end: int


@cache
def _vocabulary() -> dict[str, dict[str, str]]:
    return yaml.safe_load((files("psq_analysis") / "data" / "lemmas.yml").read_text(encoding="utf-8"))


def unaccent(text: str) -> str:
    """Return ``text`` in lower case without accents or ligatures.

    >>> unaccent("Îlotage à CŒUR de ville")
    'ilotage a coeur de ville'
    """
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))


@cache
def lemma(word: str) -> str:
    """Return the dictionary form of a French word: the project's table first, then simplemma.

    >>> [lemma(word) for word in ["gendarmes", "incivilités", "patrouillent", "VOLS"]]
    ['gendarme', 'incivilité', 'patrouiller', 'vol']
    """
    lowered = word.lower()
    override = _vocabulary()["overrides"].get(lowered)
    return override if override is not None else simplemma.lemmatize(lowered, lang="fr").lower()


def _words(text: str) -> Iterable[tuple[str | None, int, int]]:
    """Yield each word in lower case with its place; ``None`` stands for the end of a sentence."""
    short_forms = _vocabulary()["short_forms"]
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if _SENTENCE_MARK.match(word):
            yield None, match.start(), match.end()
            continue
        word = word.rstrip("'’")
        if word in _ELIDED:
            if _ELIDED[word]:
                yield _ELIDED[word], match.start(), match.end()
            continue
        yield short_forms.get(word, word), match.start(), match.end()


def lemmatise(texts: Sequence[str]) -> list[list[Token]]:
    """Return, for each text, its words with their lemmas, in order; elided articles and punctuation are
    left out.

    >>> [(token.lemma, token.surface) for token in lemmatise(["Les gendarmes n’ont plus d'effectifs"])[0]]
    [('le', 'Les'), ('gendarme', 'gendarmes'), ('ne', 'n'), ('avoir', 'ont'), ('plus', 'plus'), ('effectif', 'effectifs')]
    """
    return [
        [
            Token(lemma(word), text[start:end].rstrip("'’"), start, end)
            for word, start, end in _words(text)
            if word is not None
        ]
        for text in texts
    ]


@dataclass(frozen=True)
class Corpus:
    """The words of many texts as arrays: what lets 100,000 remarks be searched and counted in seconds.

    ``forms`` are the distinct words (lower case, as typed). Position ``i`` of the corpus holds the word
    ``forms[token_form[i]]``, in text ``token_text[i]`` and sentence ``token_sentence[i]`` (numbered over
    the corpus).
    """

    forms: list[str]
    token_form: np.ndarray
    token_text: np.ndarray
    token_sentence: np.ndarray
    n_texts: int

    @classmethod
    def read(cls, texts: Sequence[str]) -> Corpus:
        """Return the corpus of ``texts``; equal texts are read once each.

        >>> corpus = Corpus.read(["Plus de police. Plus de justice."])
        >>> [corpus.forms[form] for form in corpus.token_form], corpus.token_sentence.tolist()
        (['plus', 'de', 'police', 'plus', 'de', 'justice'], [0, 0, 0, 1, 1, 1])
        """
        form_number: dict[str, int] = {}
        token_form: list[int] = []
        token_sentence: list[int] = []
        words_by_text = np.zeros(len(texts), dtype=np.int64)
        sentence = 0
        for number, text in enumerate(texts):
            before = len(token_form)
            for word, _, _ in _words(text):
                if word is None:
                    sentence += 1
                else:
                    token_form.append(form_number.setdefault(word, len(form_number)))
                    token_sentence.append(sentence)
            sentence += 1
            words_by_text[number] = len(token_form) - before
        return cls(
            forms=list(form_number),
            token_form=np.array(token_form, dtype=np.int32),
            token_text=np.repeat(np.arange(len(texts)), words_by_text),
            token_sentence=np.array(token_sentence, dtype=np.int64),
            n_texts=len(texts),
        )

    def take(self, texts: np.ndarray) -> Corpus:
        """Return the corpus of some of the texts (their numbers, increasing)."""
        kept = np.isin(self.token_text, texts)
        return Corpus(
            forms=self.forms,
            token_form=self.token_form[kept],
            token_text=np.searchsorted(texts, self.token_text[kept]),
            token_sentence=self.token_sentence[kept],
            n_texts=len(texts),
        )

    @cached_property
    def robust_forms(self) -> list[str]:
        """Each distinct word without accents."""
        return [unaccent(form) for form in self.forms]

    @cached_property
    def lemmas(self) -> list[str]:
        """The lemma of each distinct word, without accents."""
        return [unaccent(lemma(form)) for form in self.forms]

    @cached_property
    def lemma_counts(self) -> tuple[sparse.csr_matrix, list[str]]:
        """How often each lemma stands in each text (texts × lemmas), and the lemmas in column order."""
        names, column = np.unique(np.array(self.lemmas, dtype=object), return_inverse=True)
        cells = (np.ones(len(self.token_form), dtype=np.float32), (self.token_text, column[self.token_form]))
        return sparse.csr_matrix(cells, shape=(self.n_texts, len(names))), names.tolist()


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


def sentence_vectors(texts: Sequence[str], model: str) -> np.ndarray:
    """Return texts × dimensions, rows of length 1, from a ``sentence-transformers`` model given by path or name.

    A name is that of a model already on this machine: nothing is ever asked of the network. A text in which the model knows no
    word has a row of zeros. Raises :class:`BadInput` when the library is not installed or the model cannot be loaded.
    """
    encoder = sentence_encoder(model)
    # the order of additions, hence the last digits, would follow the number of threads
    with threadpool_limits(limits=1):
        vectors = encoder.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


@cache
def sentence_encoder(model: str) -> Any:
    """Load a ``sentence-transformers`` model, once per process; errors as :func:`sentence_vectors`."""
    # the bars and warnings of the libraries beneath would stand in the executed notebook, with paths of the machine
    with warnings.catch_warnings(), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")
        try:
            sentence_transformers = import_module("sentence_transformers")
        except ImportError:
            raise BadInput(
                f"Paramètre « sentence_model » : le modèle de phrases « {model} » demande la bibliothèque sentence-transformers ; "
                "installez-la (pip install sentence-transformers) ou retirez ce paramètre."
            ) from None
        folder = _folder_of_model(model)
        try:
            return sentence_transformers.SentenceTransformer(folder, local_files_only=True)
        except Exception as error:  # whatever the libraries beneath raise on a damaged model
            raise BadInput(
                f"Paramètre « sentence_model » : le modèle de phrases « {model} » ne se charge pas ({type(error).__name__}) ; "
                "donnez le chemin d'un dossier sentence-transformers complet, ou retirez ce paramètre."
            ) from None


def _folder_of_model(model: str) -> str:
    """Return the folder of a model: the one given, or where a model of that name was downloaded before."""
    if Path(model).is_dir():
        return model
    name = model if "/" in model else f"{SENTENCE_MODELS_OWNER}/{model}"
    try:
        return import_module("huggingface_hub").snapshot_download(name, local_files_only=True)
    except (OSError, ValueError):
        raise BadInput(
            f"Paramètre « sentence_model » : « {model} » n'est ni un dossier, ni un modèle de phrases déjà sur cette machine ; "
            "vérifiez le chemin, ou téléchargez d'abord le modèle par son nom (hf download organisation/modèle)."
        ) from None
