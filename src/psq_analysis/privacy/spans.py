"""A span of personal data, and the words that announce one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from psq_analysis.packaged import read_yaml

# How far before a value a word still announces it: « immatriculé … », « mon numéro de sécurité sociale est
# … ».
ANNOUNCED_WITHIN = 40


class Span(NamedTuple):
    """Personal data in a text: first character, character after the last, type."""

    start: int
    end: int
    type: str


Recogniser = Callable[[str], Iterator[Span]]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return the words that announce or rule out personal data."""
    return read_yaml(__package__, "personal_data.yml")


def announced_before(text: str, start: int, words: re.Pattern[str], *, within: int) -> bool:
    return bool(words.search(text, max(0, start - within), start))


def is_public(address: str) -> bool:
    return any(host in address for host in vocabulary()["public_web"])


def any_word(words: list[str]) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})", re.IGNORECASE)
