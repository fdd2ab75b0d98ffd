"""Find postal addresses: a number and a street, a place of residence, a flat in a building."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from psq_analysis.privacy.spans import Span, vocabulary

# A street's name in lower case has no visible end; of real ones, all but a few stop after three words.
MAX_LOWER_WORDS = 3

_MONTHS = (
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
)
_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_LINKS = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "au",
        "aux",
        "à",
        "a",
        "en",
        "sur",
        "sous",
        "lès",
        "lez",
        "d",
        "l",
        "d'",
        "l'",
        "d’",
        "l’",
    ]
)
_ELIDED = re.compile(r"^[dlDL]['’]")
_STEP = re.compile(rf"[ \t  ]*(?P<word>{_WORD}|\d{{1,2}}(?=\s(?:{'|'.join(_MONTHS)}|[A-Z])))", re.IGNORECASE)
_NUMBER = r"(?<![\w.,/°€%-])\d{1,4}(?:\s?(?:bis|ter|quater|[A-Da-d])\b)?(?:\s?[-/à]\s?\d{1,4}\b)?"
_TOWN = rf"(?:[A-ZÀ-Ý]{_WORD}|[A-ZÀ-Ý])(?:(?:\s|-)(?:(?:sur|sous|de|du|des|la|le|les|en|lès|d'|l')\s)?[A-ZÀ-Ý]{_WORD})*"
_POSTCODE_TOWN = re.compile(
    rf"\s?[,\-–]?\s?(?:F-)?\d{{5}}\s(?P<town>{_WORD}(?:[ -](?:(?:sur|sous|de|du|des|la|le|les|en|lès)[ -])*[A-ZÀ-Ý0-9]{_WORD})*)"
)
_COMMA_TOWN = re.compile(rf"\s?,\s?(?:à\s)?(?P<town>{_TOWN})(?=\s?(?:[,.;:!?)\n–—]|$))")
_IN_TOWN = re.compile(rf"\s(?:à|a)\s(?P<town>{_TOWN})")
_PLACE_AND_POSTCODE = re.compile(
    rf"(?:^|[\n:])\s?(?P<address>(?:(?:Au|À|Aux|Le|La|Les|Lieu-dit)\s|[ÀA] la\s|L['’])?[A-ZÀ-Ý]{_WORD}(?:[ -][A-ZÀ-Ý]{_WORD}){{0,2}}"
    rf"\s?[,–-]\s?\d{{5}}\s{_TOWN})"
)
_BUILDING = re.compile(
    r"\s?[,\-–]?\s?(?:b[âa]t(?:iment)?|esc(?:alier)?|app(?:artemen)?t|apt|entr[ée]e|[ée]tage|porte|hall|rés(?:idence)?)\.?\s?(?:n°\s?)?(?:[A-Z0-9]{1,4}\b|[A-Z]\w+(?:\s[A-Z]\w+)*)",
    re.IGNORECASE,
)
_HAMLET = re.compile(
    rf"\b(?:lieu-?\s?dit|hameau(?:\sd[eu]s?)?)\s?:?\s?[«\"]?\s?(?:(?:le|la|les|l['’]|au|en|à)\s?)*{_WORD}(?:\s(?:de|du|des|la|le)\s{_WORD}|\s[A-ZÀ-Ý]{_WORD})*\s?[»\"]?",
    re.IGNORECASE,
)
_IN_A_DATE = re.compile(rf"(?:{'|'.join(_MONTHS)}|\ben|\bdepuis|ann[ée]es?)\s$", re.IGNORECASE)
_LIVES = re.compile(
    r"(?:habit\w*|demeur\w*|domicili\w*|r[ée]sid\w*|log[ée]\w*|vi[ts]|adresse)\b[^.!?;\n]{0,20}$",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"\b(?:r[ée]sidence|r[ée]s\.|immeuble|tour|b[âa]t(?:iment|\.)?|cit[ée])\s(?:[^,;.!?\n]{1,40}?),?\s"
    r"(?:(?:b[âa]t(?:iment|\.)?|escalier|esc\.|entr[ée]e|hall)\s?\w{1,3},?\s)*"
    r"(?:\d{1,2}(?:er|e|[èe]me)\s[ée]tage,?\s)?(?:app(?:artemen)?t\.?|apt\.?|porte|logement)\s?(?:n°\s?)?[A-Z]?\d+[A-Z]?\b",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses; a street, a square or a hamlet without a number stays readable.

    >>> text = "Un deal au 14 rue des Acacias, 32000 Auch, et un autre rue Pasteur."
    >>> [text[span.start : span.end] for span in addresses(text)]
    ['14 rue des Acacias, 32000 Auch']
    """
    for match in _street().finditer(text):
        end = _name_end(text, match)
        if end is None or _IN_A_DATE.search(text, max(0, match.start() - 15), match.start()):
            continue
        if match["number"] or _POSTCODE_TOWN.match(text, end):
            yield Span(match.start(), _town_end(text, end), "ADDRESS")
    for match in _PLACE_AND_POSTCODE.finditer(text):
        yield Span(*match.span("address"), "ADDRESS")
    for match in _HAMLET.finditer(text):
        end = _town_end(text, match.end())
        if end > match.end() or _LIVES.search(text, max(0, match.start() - 60), match.start()):
            yield Span(match.start(), end, "ADDRESS")
    yield from (Span(*match.span(), "ADDRESS") for match in _FLAT.finditer(text))


def _name_end(text: str, match: re.Match[str]) -> int | None:
    """Return where the street's name ends, or None when this is no street (« 3 places de parking »)."""
    rest = text[match.end() : match.end() + 40].lower()
    if any(
        rest.startswith(word) and not rest[len(word) : len(word) + 1].isalpha() for word in _after_no_street()
    ):
        return None
    place, end = match.end(), None
    lower_words = 0
    has_capital = False
    while step := _STEP.match(text, place):
        word = step["word"]
        place = step.end()
        if word.lower() in _LINKS:
            continue
        core = _ELIDED.sub("", word)
        if core.lower() in _street_stops():
            break
        if core[0].islower() and core.lower() not in _MONTHS:
            lower_words += 1
            if has_capital or lower_words > MAX_LOWER_WORDS:
                break
        has_capital = has_capital or core[0].isupper()
        end = place
    if end is None or has_capital or match["street"].lower() not in _streets_or_nouns():
        return end
    is_certain = _POSTCODE_TOWN.match(text, end) or _LIVES.search(
        text, max(0, match.start() - 60), match.start()
    )
    return end if is_certain else None


def _town_end(text: str, end: int) -> int:
    for _ in range(2):
        building = _BUILDING.match(text, end)
        if building:
            end = building.end()
    for pattern in (_POSTCODE_TOWN, _COMMA_TOWN, _IN_TOWN):
        town = pattern.match(text, end)
        if town:
            return town.end()
    return end


@lru_cache(maxsize=1)
def _street() -> re.Pattern[str]:
    streets = sorted(map(str, vocabulary()["streets"]), key=len, reverse=True)
    choices = "|".join([*map(re.escape, streets), r"r(?=\.)"])
    return re.compile(
        rf"(?P<number>{_NUMBER}\s?,?\s?)?(?<![^\W\d_])(?P<street>{choices})\b\.?(?=[\s'’])\s?", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _streets_or_nouns() -> frozenset[str]:
    return frozenset(vocabulary()["streets_or_nouns"])


@lru_cache(maxsize=1)
def _street_stops() -> frozenset[str]:
    return frozenset(vocabulary()["street_stops"])


@lru_cache(maxsize=1)
def _after_no_street() -> tuple[str, ...]:
    return tuple(vocabulary()["after_no_street"])
