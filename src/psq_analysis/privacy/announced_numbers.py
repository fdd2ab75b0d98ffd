"""Find numbers that a word announces (service number, file, identity paper), and long ones of unknown meaning.

Seven digits or more are a telephone, a file, an account, a person, unless something tells what they count:
money, people, passages, a law, a year, a reference of the administration. What is not known is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from psq_analysis.privacy.fixed_shapes import DATE
from psq_analysis.privacy.name_lexicon import is_word, plain
from psq_analysis.privacy.spans import Span, announced, any_word, vocabulary, words_of

# The shortest telephone without its prefix, the service number of an officer: seven digits.
MIN_UNKNOWN_DIGITS = 7
# A number that is announced has at least these many digits; « badge 12 » tells nobody apart.
MIN_ANNOUNCED_DIGITS = 3

_SIGN = r"(?:n° ?|n[ou]?\. ?|num(?:[ée]ro)?\.? ?|no (?=\d)|r[ée]f(?:[ée]rences?|\.)? ?|[:=#] ?|id\.? ?)"
_LINK = r"(?: |,|\(|«|est|[ée]tait|c'est|cest|le|la|du|de|des|l'agent|enregistr[ée]e?|sous|porte|portait|portant|suivante?|visible|professionnelle|pro|d'[a-zé]+)"
_VALUE = r"(?P<value>(?:[A-Z]{1,4}[ \-/.]?)?\d(?:[ .\-/_]?(?:[A-Z]{1,4}[\-/.]?)?\d)*(?:[\-/]?[A-Z]{1,2}(?![\w'’])|(?-i: [A-Z](?![\w'’])))?)"
_NEXT = re.compile(rf" ?(?:,|et|ou|/|puis) ?(?:{_SIGN})?{_VALUE}(?!\w)", re.IGNORECASE)
_RUN = re.compile(
    r"(?<![\w])(?:[A-Z]{1,4}[-_./]?)?\(?\d(?:[ .\-–/_()]{0,2}\d)+(?:[-/_]?[A-Z]{1,2}(?![\w'’])| [A-Z](?![\w'’]))?"
)
# unit/number/year, as the police and the gendarmerie number a procedure
_PROCEDURE = re.compile(r"(?<![\w/])(?:PV[- ]?)?\d{4,6}(?P<sign>[/-])\d{3,6}(?P=sign)(?:19|20)\d\d(?![\w/-])")
_DATE = re.compile(rf"(?<!\d){DATE}|(?<!\d)(?:19|20)\d\d(?!\d)", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3})+$")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d[/-]")
_SPECIAL_RATE = re.compile(r"0 ?8[ .]?\d(?:[ .\-]?\d){7}$")
# « 1 284 531 m » is a length, « 1 284 531 m'a parlé » is not
_NEXT_WORD = re.compile(r"[ ]?(?:de |d'|d’)?([^\W\d_]+(?![\w'’])|[€%$])")


def service_numbers(text: str) -> Iterator[Span]:
    """Yield the numbers of officers (RIO, matricule, NIGEND, « brigadier n° … ») where they are announced.

    >>> text = "deux agents, RIO 3658017 et 3720944, et le brigadier n° 028-773"
    >>> [text[span.start : span.end] for span in service_numbers(text)]
    ['3658017', '3720944', '028-773']
    """
    yield from _announced(text, _pattern("service_words"), "MATRICULE", "service_number")
    yield from _announced(text, _pattern("officer_words", sign=_SIGN), "MATRICULE", "service_number")


def file_numbers(text: str) -> Iterator[Span]:
    """Yield the numbers of a complaint, an identity paper, a contract…, and the SIRET of a sole trader."""
    yield from _announced(text, _pattern("file_words", sign=rf"{_SIGN}"), "NUMBER", "file_number")
    yield from _announced(text, _pattern("file_words_alone"), "NUMBER", "file_number")
    yield from (Span(*match.span(), "NUMBER", "file_number") for match in _PROCEDURE.finditer(text))
    if words_of("sole_trader").search(text):
        yield from _announced(text, _pattern("company_words"), "NUMBER", "sole_trader")


def unknown_numbers(text: str) -> Iterator[Span]:
    """Yield runs of seven digits or more that nothing explains.

    >>> text = "le 6033391 et 1 203 454 passages, 12500000 euros, loi 2010-0007693"
    >>> [text[span.start : span.end] for span in unknown_numbers(text)]
    ['6033391']
    """
    for match in _RUN.finditer(text):
        if sum(map(str.isdigit, match[0])) >= MIN_UNKNOWN_DIGITS and not _is_explained(text, match):
            yield Span(*match.span(), "NUMBER", "unknown_number")


def _is_explained(text: str, match: re.Match[str]) -> bool:
    run = match[0].strip("( ")
    rest = _DATE.sub("", run)
    if sum(map(str.isdigit, rest)) < MIN_UNKNOWN_DIGITS and (rest != run) and not re.search(r"\d{3}", rest):
        return True
    if _SPECIAL_RATE.match(run) or announced(text, match.start(), words_of("counted_words"), within=30):
        return True
    followed = _NEXT_WORD.match(text, match.end())
    unit = followed[1].lower() if followed else ""
    if unit in vocabulary()["units"]:
        return True
    if re.search(r"\d{7}", run):
        return bool(unit) and unit.endswith("s") and len(unit) > 3 and is_word(plain(unit)) and "-" not in run
    return bool(_GROUPED.match(run) or _YEAR_FIRST.match(run)) and not announced(
        text, match.start(), words_of("file_words", "file_words_alone", "service_words"), within=30
    )


def _announced(text: str, pattern: re.Pattern[str], kind: str, why: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        value: re.Match[str] | None = match
        while value and _is_number(text, value):
            yield Span(*value.span("value"), kind, why)
            value = _NEXT.match(text, value.end("value"))


def _is_number(text: str, match: re.Match[str]) -> bool:
    value = match["value"]
    if sum(map(str.isdigit, value)) < MIN_ANNOUNCED_DIGITS or _DATE.fullmatch(value):
        return False
    followed = _NEXT_WORD.match(text, match.end("value"))
    return not (followed and followed[1].lower() in vocabulary()["units"])


_PATTERNS: dict[tuple[str, str], re.Pattern[str]] = {}


def _pattern(words: str, sign: str = "") -> re.Pattern[str]:
    """A word of a list, a few small words, the number; with ``sign``, « n° » must stand between them."""
    if (words, sign) not in _PATTERNS:
        small = rf"(?:{_LINK}|{_SIGN}){{0,8}}"
        near = rf"[^\d\n.!?;]{{0,25}}?{sign}{small}"
        far = rf"{small}|[^\d\n.!?;]{{1,40}}?{_SIGN}{small}|[^\d\n.!?]{{1,40}}?(?=\d{{5}})"
        between = near if sign else far
        _PATTERNS[words, sign] = re.compile(
            rf"(?<!\w){any_word(vocabulary()[words])}(?!\w)(?:{between}){_VALUE}(?!\w)", re.IGNORECASE
        )
    return _PATTERNS[words, sign]
