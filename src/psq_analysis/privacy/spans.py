"""A piece of personal data in a text, and the words that announce or rule one out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from psq_analysis.packaged import read_yaml

# How far before a value a word still announces it: « immatriculé … », « mon numéro de sécurité sociale est … ».
ANNOUNCED_WITHIN = 40


class Span(NamedTuple):
    """Personal data in a text: first character, character after the last, type, and what gave it away.

    ``why`` is a key of ``reasons`` in ``personal_data.yml``; two spans that differ by it alone are equal in
    a set of results, so it is never compared with anything.
    """

    start: int
    end: int
    type: str
    why: str = ""


Recogniser = Callable[[str], Iterator[Span]]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return the words that announce or rule out personal data."""
    return read_yaml(__package__, "personal_data.yml")


class Kind(NamedTuple):
    """A kind of personal data: what replaces it, its French name, whether it leads to someone."""

    placeholder: str
    name: str
    is_contact: bool


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the kinds of personal data by the type of their spans: the one list of them in the project.

    >>> kinds()["PHONE"]
    Kind(placeholder='TÉLÉPHONE', name='numéro de téléphone', is_contact=True)
    """
    return {kind: Kind(**told) for kind, told in vocabulary()["kinds"].items()}


def any_word(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first.

    >>> any_word(["n°", "numéro de dossier", "numéro"])
    '(?:numéro\\\\ de\\\\ dossier|numéro|n°)'
    """
    return (
        "(?:"
        + "|".join(re.escape(str(word)) for word in sorted(map(str, words), key=len, reverse=True))
        + ")"
    )


@lru_cache(maxsize=64)
def words_of(*lists: str) -> re.Pattern[str]:
    """Return a pattern of the words of some lists of the vocabulary, as beginnings of words, in any case."""
    words = [word for name in lists for word in vocabulary()[name]]
    return re.compile(rf"(?<!\w){any_word(words)}", re.IGNORECASE)


def announced(text: str, start: int, words: re.Pattern[str], *, within: int = ANNOUNCED_WITHIN) -> bool:
    """True when one of the words stands shortly before a place, in the same sentence or line."""
    return bool(words.search(text, max(0, start - within), start))


@lru_cache(maxsize=16)
def words_just_before(*lists: str) -> re.Pattern[str]:
    """Return a pattern of the words of some lists that end where it stops looking, but for one more word."""
    words = any_word(word for name in lists for word in vocabulary()[name])
    return re.compile(rf"(?<!\w){words}(?:\s\w+)?\s?[:°]?\s?$", re.IGNORECASE)
