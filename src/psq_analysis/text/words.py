"""French text → words → lemmas → vectors; the one place that knows an embedding model.

Text is never altered: a :class:`Corpus` keeps, beside the remarks, every word as typed, its *robust form*
(lower case, no accent, short forms spelt out) and its lemma. Whatever reads words (seed expressions,
vectors, cluster names) reads them here, so that « Sécurité », « securite » and « SECURITE » are the same
word everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import simplemma

from psq_analysis.packaged import read_yaml

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
    return read_yaml(__package__, "lemmas.yml")


@cache
def lemma(word: str) -> str:
    """Return the dictionary form of a French word: the project's table first, then simplemma.

    >>> [lemma(word) for word in ["gendarmes", "incivilités", "patrouillent", "VOLS"]]
    ['gendarme', 'incivilité', 'patrouiller', 'vol']
    """
    lowered = word.lower()
    override = _vocabulary()["overrides"].get(lowered)
    return override if override is not None else simplemma.lemmatize(lowered, lang="fr").lower()


def raw_words(text: str) -> Iterable[tuple[str | None, int, int]]:
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
            for word, start, end in raw_words(text)
            if word is not None
        ]
        for text in texts
    ]
