"""Who speaks: a quality as written, normalised to one of the eleven voices, or to none when it does not decide."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from psq_analysis.schema import STAKEHOLDERS
from psq_analysis.sources.vocabulary import load, plain

HABITANTS = "habitants"


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], str], ...]:
    voices = load("stakeholders")["voices"]
    unknown = set(voices) - set(STAKEHOLDERS)
    if unknown:
        raise ValueError(f"stakeholders.yml: unknown voices {sorted(unknown)}")
    return tuple((re.compile(rf"\b(?:{text})\b"), voice) for voice, texts in voices.items() for text in texts)


@lru_cache(maxsize=20_000)
def normalise_stakeholder(text: str | None) -> str | None:
    """Return one of the eleven voices, or None when the words name none or several.

    The longest expression wins over those inside it; « habitants » yields to any other voice; a retired
    or former officer is not counted among officers.

    >>> normalise_stakeholder("asso. parents d'élèves"), normalise_stakeholder("PM"), normalise_stakeholder("HAB")
    ('associations', 'polices municipales', 'habitants')
    >>> normalise_stakeholder("Autre / Procureur adjoint")
    'autorités judiciaires et administratives'
    >>> normalise_stakeholder("garde champêtre retraité") is None
    True
    """
    if not text:
        return None
    words = plain(text)
    for prefix in load("stakeholders")["prefixes"]:
        words = re.sub(rf"^{prefix}\b\s*", "", words) or words
    found = _matches(words)
    voices = {voice for _, _, voice in found}
    if voices - {HABITANTS}:
        if re.search(load("stakeholders")["former"], words):
            return None
        voices -= {HABITANTS}
    return voices.pop() if len(voices) == 1 else None


def _matches(words: str) -> list[tuple[int, int, str]]:
    spans = [
        (match.start(), match.end(), voice)
        for pattern, voice in _expressions()
        for match in pattern.finditer(words)
    ]
    return [
        (start, end, voice)
        for start, end, voice in spans
        if not any(
            other_start <= start and end <= other_end and other_end - other_start > end - start
            for other_start, other_end, _ in spans
        )
    ]
