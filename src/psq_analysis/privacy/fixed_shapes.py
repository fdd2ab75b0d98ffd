"""Find personal data with a fixed shape: numbers, addresses on the web, plates, dates of birth, positions.

A recogniser is a function of one text that yields spans. Shapes that carry a key (NIR, IBAN) are checked by
``python-stdnum``, telephone numbers by ``phonenumbers``; shapes that do not are believed only next to a
word that announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from stdnum import iban
from stdnum.fr import nir

from psq_analysis.privacy.spans import (
    ANNOUNCED_WITHIN,
    Recogniser,
    Span,
    announced_before,
    any_word,
    vocabulary,
)
from psq_analysis.privacy.web_shapes import positions

# Who writes, or is written about, was born before; later, a project or an office was « née le… », or else
# a child.
YOUNGEST_BORN = 2012

_SEP = r"[\s.\-/  ]"
_PAIR = r"(?:\s?[.\-/–]\s?|\s)"
_FRENCH_PHONE = re.compile(
    rf"(?<![\d/.,+-])(?:(?:\+|\b00){_SEP}?(?:33|262|590|594|596|508|687|689|681){_SEP}?(?:\(0\){_SEP}?)?[1-9]"
    rf"|\(0[1-79]\)|0{_SEP}?[1-79])(?:{_PAIR}?\d){{8}}(?!\d)"
)
_OVERSEAS_PHONE = re.compile(rf"(?:\+|\b00){_SEP}?(?:687|689|681|508){_SEP}?\d(?:{_SEP}?\d){{5,7}}(?!\d)")
_FOREIGN_PHONE = re.compile(r"(?:\+|(?<![\d])00)(?!33)[1-9]\d{0,2}[\s.\-(]{0,2}\d[\d\s.\-()]{5,14}\d(?!\d)")
_NIR = re.compile(
    rf"(?<![\d])[1-478]{_SEP}?\d{{2}}{_SEP}?(?:0[1-9]|1[0-2]|[2-9]\d){_SEP}?(?:\d{{2}}|2[AB]){_SEP}?\d{{3}}{_SEP}?\d{{3}}"
    rf"(?:{_SEP}*(?:cl[ée]\s?)?\d{{2}})?(?!\d)",
    re.IGNORECASE,
)
_NIR_WORDS = re.compile(r"s[ée]cu|\bnir\b|n° ?ss\b|\bss\b|assur|vitale|insee", re.IGNORECASE)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \-  ]?[A-Z0-9]){11,30}(?![A-Za-z0-9])", re.IGNORECASE)
_IBAN_WORDS = re.compile(r"\biban\b|\brib\b|compte|virement|bancaire", re.IGNORECASE)
_NEW_PLATE = re.compile(
    r"(?<![\w-])([A-HJ-NP-TV-Z]{2})([\s.\-–·]?)(\d{3})([\s.\-–·]?)([A-HJ-NP-TV-Z]{2})(?![\w-])", re.IGNORECASE
)
_OLD_PLATE = re.compile(
    r"(?<![\w,.-])(\d{1,4})([\s\-–.]?)([A-HJ-NP-TV-Z]{2,3})([\s\-–.]?)(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])(?![\w°%€]|[.,]\d|-\d)",
    re.IGNORECASE,
)
_NO_DEPARTMENT_PLATE = re.compile(
    r"(?<![\w,.-])(\d{2,4})([\s\-]?)([A-HJ-NP-TV-Z]{2,3})(?![\w°%€])", re.IGNORECASE
)
_MATRICULE = re.compile(
    r"(?:\bR\.?I\.?O\.?|\bmatricules?|\bnigend|\bnum[ée]ro d'agent|\bn° d'agent|\bbadge)"
    r"(?:\s?(?:n°|nº|no|num[ée]ro|:|=|est|é?tait|le|c'est|du|de|l'agent)\s?)*\s?"
    r"(?P<value>(?:[A-Z]{1,4}[- ]?)?\d{3,8}(?:[ .]\d{3})*(?:[ -]?[A-Z])?)\b",
    re.IGNORECASE,
)
_MATRICULE_FAR = re.compile(
    r"(?:\bR\.?I\.?O\.?|\bmatricule|\bnigend)\b[^\d\n.!?]{1,40}(?P<value>\d{5,8})\b", re.IGNORECASE
)
_MATRICULE_NEXT = re.compile(r"\s?(?:,|et|ou|/|puis)\s?(?P<value>(?:[A-Z]{1,4}-)?\d{5,8})\b")
_MONTHS = r"janv(?:ier|\.)?|f[ée]v(?:rier|\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[ûu]t|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?"
_DATE = rf"(?:\d{{1,2}}(?:er)?\s?(?:[/.\- ]\s?\d{{1,2}}\s?[/.\- ]|\s?(?:{_MONTHS})\s?)\s?(?:\d{{4}}|\d{{2}})(?!\d)|\d{{4}}-\d{{2}}-\d{{2}}|(?:{_MONTHS})\s\d{{4}})"
_BIRTHDATE = re.compile(
    rf"(?:\bnée?s?\b(?:\s?\(?e\)?)?[^.;!?\n\ue000\ue001]{{0,40}}?|\bnee?s?\s(?:le|en|vers)\s|\bnaissance\b[^.;!?\n\ue000\ue001]{{0,25}}?|\bddn\b\s?:?\s?|\bn[ée]e?\(e\)\s)(?P<value>{_DATE})",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\b(?:fils|fille|enfant|b[ée]b[ée]|petit|petite|gar[çc]on|ni[èe]ce|neveu)", re.IGNORECASE
)


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers of persons; emergency, short and special-rate (08) numbers stay readable."""
    for pattern, region in ((_FRENCH_PHONE, "FR"), (_OVERSEAS_PHONE, None), (_FOREIGN_PHONE, None)):
        for match in pattern.finditer(text):
            if announced_before(text, match.start(), _not_a_phone(), within=18):
                continue
            digits = re.sub(r"[^\d+]", "", match[0].replace("(0)", ""))
            if digits.startswith("00"):
                digits = "+" + digits[2:]
            try:
                number = phonenumbers.parse(digits, region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_possible_number(number):
                yield Span(*match.span(), "PHONE")


def social_security_numbers(text: str) -> Iterator[Span]:
    """Yield NIR whose key is right, and numbers of that shape announced as one."""
    for match in _NIR.finditer(text):
        digits = re.sub(r"[^\dAB]", "", match[0].upper())
        is_announced = bool(_NIR_WORDS.search(text, max(0, match.start() - ANNOUNCED_WITHIN), match.start()))
        if nir.is_valid(digits) or is_announced:
            yield Span(*match.span(), "NIR")


def bank_accounts(text: str) -> Iterator[Span]:
    """Yield IBAN whose key is right, and French account numbers announced as one."""
    for match in _IBAN.finditer(text):
        start, end = match.span()
        while end - start >= len("NO9386011117947"):
            if iban.is_valid(text[start:end], check_country=False):
                break
            cut = re.search(r"[^\s\-]+$", text[start:end])
            shorter = start + cut.start() if cut else start
            end = start + len(text[start:shorter].rstrip())
        else:
            compact = re.sub(r"\W", "", match[0]).upper()
            announced = _IBAN_WORDS.search(text, max(0, match.start() - ANNOUNCED_WITHIN), match.start())
            if not (announced and compact.startswith("FR")):
                continue
            end = match.end()
        yield Span(start, end, "IBAN")


def plates(text: str) -> Iterator[Span]:
    """Yield number plates, of 2009 (AB-123-CD) and before (1234 AB 32).

    Written in lower case with blanks, a plate needs a vehicle before it: « de 300 en moyenne » has the
    same shape.
    """
    for match in _NEW_PLATE.finditer(text):
        first, one, _, two, last = match.groups()
        joined = not one.strip(" ") and not two.strip(" ") and (one or two)
        if _is_plate(text, match, (first, last), spaced=bool(joined), of_kind="new"):
            yield Span(*match.span(), "PLATE")
    for match in _OLD_PLATE.finditer(text):
        if _is_plate(text, match, (match[3],), spaced=True, of_kind="old"):
            yield Span(*match.span(), "PLATE")
    for match in _NO_DEPARTMENT_PLATE.finditer(text):
        near = re.compile(r"plaque|immatr", re.IGNORECASE).search(
            text, max(0, match.start() - 25), match.start()
        )
        if near and match[3].lower() not in _not_plate_letters():
            yield Span(*match.span(), "PLATE")


def _is_plate(
    text: str, match: re.Match[str], letters: tuple[str, ...], *, spaced: bool, of_kind: str
) -> bool:
    if any(group.lower() in _not_plate_letters() for group in letters) and spaced:
        return False
    if not spaced or (all(group.isupper() for group in letters) and not _shouted_around(text, match)):
        return True
    return announced_before(text, match.start(), _vehicle(), within=ANNOUNCED_WITHIN) or (
        of_kind == "new" and not spaced
    )


def _shouted_around(text: str, match: re.Match[str]) -> bool:
    """True in a text all in capitals, where capitals prove nothing."""
    around = text[max(0, match.start() - 30) : match.start()] + text[match.end() : match.end() + 30]
    return not any(char.islower() for char in around) and sum(char.isalpha() for char in around) > 8


def service_numbers(text: str) -> Iterator[Span]:
    """Yield the numbers of officers (RIO, matricule, NIGEND) where they are announced."""
    for pattern in (_MATRICULE, _MATRICULE_FAR):
        for match in pattern.finditer(text):
            yield Span(*match.span("value"), "MATRICULE")
            end = match.end("value")
            while following := _MATRICULE_NEXT.match(text, end):
                yield Span(*following.span("value"), "MATRICULE")
                end = following.end("value")


def birth_dates(text: str) -> Iterator[Span]:
    """Yield dates (or month and year) announced as a birth; a bare year of birth stays readable."""
    for match in _BIRTHDATE.finditer(text):
        year = (
            int(re.findall(r"\d+", match["value"])[-1])
            if "-" not in match["value"][4:5]
            else int(match["value"][:4])
        )
        if year < YOUNGEST_BORN or _CHILD.search(
            text, max(0, match.start() - ANNOUNCED_WITHIN), match.start()
        ):
            yield Span(*match.span("value"), "BIRTHDATE")


LONG_NUMBERS: tuple[Recogniser, ...] = (bank_accounts, social_security_numbers, positions, phones)
SHORT_NUMBERS: tuple[Recogniser, ...] = (birth_dates, service_numbers, plates)


@lru_cache(maxsize=1)
def _not_plate_letters() -> frozenset[str]:
    return frozenset(vocabulary()["not_plate_letters"])


@lru_cache(maxsize=1)
def _vehicle() -> re.Pattern[str]:
    return any_word(vocabulary()["vehicle"])


@lru_cache(maxsize=1)
def _not_a_phone() -> re.Pattern[str]:
    return re.compile(any_word(vocabulary()["not_a_phone"]).pattern + r"\s?[:\w°]*\s?$", re.IGNORECASE)
