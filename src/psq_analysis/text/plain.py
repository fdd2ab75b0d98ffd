"""Text as it is compared: without case, accents or punctuation. One function a need; nothing here is shown to a reader."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def without_accents(text: str) -> str:
    """Return ``text`` without accents or ligatures; capitals and punctuation stay.

    >>> without_accents("Élu à Œuilly")
    'Elu a OEuilly'
    """
    if text.isascii():
        return text
    return _BEYOND_ASCII.sub(lambda run: _plain_run(run[0]), text)


@lru_cache(maxsize=4096)
def _plain_run(run: str) -> str:
    """Return characters beyond ASCII, four in a hundred of a French text and nearly always the same, without their marks."""
    decomposed = unicodedata.normalize("NFD", run.translate(_LIGATURES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def unaccent(text: str) -> str:
    """Return ``text`` in lower case without accents or ligatures.

    >>> unaccent("Îlotage à CŒUR de ville")
    'ilotage a coeur de ville'
    """
    return without_accents(text.lower())


def folded(text: str) -> str:
    """Return ``text`` as :func:`unaccent` does, letters and digits of other widths and shapes made plain first.

    >>> folded("ＲＡＳ, 2ème n² 1")
    'ras, 2eme n2 1'
    """
    return text.lower() if text.isascii() else unaccent(unicodedata.normalize("NFKC", text))


def plain_words(text: str) -> str:
    """Return the text as lower-case words without accents or punctuation, one space between two words.

    >>> plain_words("L'œil du préfet : R.A.S. !")
    'l oeil du prefet r a s'
    """
    return _NOT_WORD.sub(" ", folded(text)).strip()
