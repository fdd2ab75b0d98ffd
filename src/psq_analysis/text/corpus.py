"""Many texts as columns of words, lemmas and unaccented forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma, raw_words


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
            for word, _, _ in raw_words(text):
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
