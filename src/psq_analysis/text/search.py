"""Find texts by words and phrases, whatever their inflection, accents and case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import Token, lemmatise

_TERM = re.compile(r'"([^"]+)"|«\s*([^»]+?)\s*»|(\S+)')


def matches(texts: Sequence[str], words: str) -> list[bool]:
    """Tell which texts hold every term of ``words``: a word, the start of a word, or a phrase between quotation marks.

    >>> matches(["Des PATROUILLES la nuit", "Patrouillez la journée", "La nuit, rien"], "patrouille nuit")
    [True, False, False]
    >>> matches(["Une présence de nuit, à pied", "La nuit, une présence"], '"présence de nuit"')
    [True, False]
    """
    terms = ["".join(found) for found in _TERM.findall(words)]
    matcher = Matcher(_french().vocab)
    for term in terms:
        tokens = lemmatise([term])[0]
        if tokens:
            matcher.add(term, [_same_lemmas(tokens), _same_beginnings(tokens)])
    return [len({match[0] for match in matcher(doc)}) == len(matcher) for doc in _read(texts)]


@cache
def _french() -> Language:
    return spacy.blank("fr")


def _same_lemmas(tokens: Sequence[Token]) -> list[dict[str, object]]:
    return [{"LEMMA": unaccent(token.lemma)} for token in tokens]


def _same_beginnings(tokens: Sequence[Token]) -> list[dict[str, object]]:
    return [{"LOWER": {"REGEX": f"^{re.escape(unaccent(token.surface))}"}} for token in tokens]


def _read(texts: Sequence[str]) -> Iterable[Doc]:
    for tokens in lemmatise(texts):
        yield Doc(
            _french().vocab,
            words=[unaccent(token.surface) for token in tokens],
            lemmas=[unaccent(token.lemma) for token in tokens],
        )
