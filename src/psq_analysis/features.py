"""French text → words → lemmas → vectors; the one place that knows an embedding model.

Text is never altered: a :class:`Corpus` keeps, beside the remarks, every word as typed, its *robust form*
(lower case, no accent, short forms spelt out) and its lemma. Whatever reads words (seed expressions,
vectors, cluster names) reads them here, so that « Sécurité », « securite » and « SECURITE » are the same
word everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import simplemma
import yaml
from scipy import sparse

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
