"""The words of the publication gate, read from YAML: how it names kinds and places, which headings it must not see together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from psq_analysis.packaged import read_yaml
from psq_analysis.privacy.spans import kinds


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return read_yaml(__package__, "gate.yml")


def kind(name: str) -> str:
    """Return what the gate says of a kind of finding.

    >>> kind("PHONE")
    'numéro de téléphone'
    """
    return kinds()[name].name if name in kinds() else _words()["kinds"][name]


def place(name: str, **values: object) -> str:
    """Return the name of a place in a file.

    >>> place("line", number=12)
    'ligne 12'
    """
    return _words()["places"][name].format(**values)


def is_crossing(headings: Sequence[str]) -> bool:
    """Tell whether a table would cross the commune with who the person is.

    >>> is_crossing(["Commune", "Âge", "Répondants (n)"]), is_crossing(["Commune", "Répondants (n)"])
    (True, False)
    """
    known = {heading.strip().casefold() for heading in headings}
    return bool(known & set(_words()["place_columns"])) and bool(known & set(_words()["person_columns"]))


def fetched_keys() -> frozenset[str]:
    """Keys of a drawing under which a library fetches what stands there."""
    return frozenset(_words()["fetched_keys"])
