"""The French words of the room, from ``review.yml``."""

from __future__ import annotations

from typing import Any

from psq_analysis.packaged import read_yaml


def words() -> dict[str, Any]:
    """Return every word of the room, by key."""
    return read_yaml(__package__, "review.yml")  # type: ignore[no-any-return]


def say(key: str, **values: object) -> str:
    """Return a sentence with its values in place; ``a.b`` is the sentence ``b`` of the part ``a``.

    >>> say("reader", number=1)
    'lecteur 1'
    """
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)
