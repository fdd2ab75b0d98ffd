"""Who speaks: a quality as written, normalised to one of the eleven voices, or to none when it does not decide."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from psq_analysis.sources.vocabulary import load, plain
from psq_analysis.tables.schema import STAKEHOLDERS

HABITANTS, ASSOCIATIONS = "habitants", "associations"
# « agent de prévention et de sécurité » holds one function, « maire et agriculteur » two
_PARTS = re.compile(r"[,/;&+()|]|\bet\b(?!\s+(?:de|du|des|d['’]|à|au|aux|en)\b)|\bou\b", re.IGNORECASE)
# « habitant·e·s », « policier(ère) », « élu.e », « directeur-rice », « agriculteur/trice »: the word, then its feminine ending
_INCLUSIVE = re.compile(
    r"(?<=[^\W\d_]{2})\s?[·•∙⋅‧.(/–-]\s?(?:i?[èe]re|t?rice|ice|eu?se|eresse|esse|enne|elle|ale|ive|aine|ienne|nne|ne|le|te|ve|se|e)(?:s|[·•∙⋅‧.)/-]+s?)?(?![^\W\d_])\)?s?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")  # « Agent de sécurité (supermarché) »: where, or for whom
_CUT_SHORT = re.compile(r"\b([^\W\d_]{3,})\.(?=\s|$|,)")


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

    The longest expression wins over those inside it, then the first, the head noun; « habitants » yields to any other
    voice; qualities joined by « et », « ou » or a comma must agree; a retired or former officer is not counted among officers.

    >>> normalise_stakeholder("asso. parents d'élèves"), normalise_stakeholder("PM"), normalise_stakeholder("HAB")
    ('associations', 'polices municipales', 'habitants')
    >>> normalise_stakeholder("Autre / Procureur adjoint")
    'autorités judiciaires et administratives'
    >>> normalise_stakeholder("garde champêtre retraité") is None
    True
    >>> normalise_stakeholder("Agent de sécurité (supermarché)"), normalise_stakeholder("Autre (notaire, maire)")
    ('sécurité privée', 'élus')
    >>> normalise_stakeholder("présidente du foot"), normalise_stakeholder("président de la société Dupuy")
    ('associations', None)
    """
    outside = _BRACKETS.sub(" ", told := _INCLUSIVE.sub("", text or ""))
    if outside != told and (voice := normalise_stakeholder(outside)) not in (None, HABITANTS):
        return voice
    voices: set[str] = set()
    for part in _PARTS.split(_expanded(_INCLUSIVE.sub("", text or ""))):
        words = _in_full(plain(part))
        found = _matches(words)
        if not found:
            if re.search(load("stakeholders")["presides"], words):
                voices.add(ASSOCIATIONS)
            continue
        first = _head(found, words)
        if first != HABITANTS and re.search(load("stakeholders")["former"], words):
            return None
        voices.add(first)
    if voices - {HABITANTS}:
        voices -= {HABITANTS}
    return voices.pop() if len(voices) == 1 else None


def _in_full(words: str) -> str:
    """« pdte asso » → « presidente asso »."""
    known = load("stakeholders")["abbreviations"]
    return " ".join(known.get(word, word) for word in words.split())


def _head(found: list[tuple[int, int, str]], words: str) -> str:
    """In French the head noun comes first: « agent de sécurité de la zone commerciale » is a security agent.

    A function that may be held anywhere (« gérant », « responsable ») leaves it to the organisation named after it.
    """
    professional = [span for span in found if span[2] != HABITANTS] or found
    held = [span for span in professional if not _is_function(words[span[0] : span[1]])]
    return min(held or professional)[2]


def _is_function(words: str) -> bool:
    return re.fullmatch(load("stakeholders")["function"], words.strip()) is not None


def _expanded(text: str) -> str:
    """Words cut short by a full stop are completed: « commerç. » → « commercant »."""

    def complete(match: re.Match[str]) -> str:
        start = plain(match[1])
        return (
            next((word for word in load("stakeholders")["cut_short"] if word.startswith(start)), match[1])
            + " "
        )

    return _CUT_SHORT.sub(complete, text)


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
