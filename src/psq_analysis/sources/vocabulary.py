"""Load the vocabularies of this package (``*.yml``) and compare words without case, accents or punctuation."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import folded


def load(name: str) -> Any:
    """Return ``<name>.yml``, the file of this package."""
    return read_yaml(__package__, f"{name}.yml")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Lower case, no accents, words separated by one space.

    >>> plain("L’Élu(e) – Qualité : n°2")
    'l elu e qualite n 2'
    """
    return re.sub(r"[^a-z0-9@#]+", " ", folded(text.replace("°", " "))).strip()


@cache
def patterns(name: str, key: str) -> tuple[re.Pattern[str], ...]:
    """Return the expressions listed under ``key`` of a vocabulary, to be matched on :func:`plain` text."""
    return tuple(re.compile(expression) for expression in load(name)[key])


@lru_cache(maxsize=50_000)  # headings and short answers come again and again
def matches(name: str, key: str, text: str) -> bool:
    """Tell whether plain ``text`` holds one of the expressions listed under ``key``."""
    return any(pattern.search(text) for pattern in patterns(name, key))
