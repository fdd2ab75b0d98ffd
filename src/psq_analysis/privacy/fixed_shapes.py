"""Find what has a shape of its own: telephones, social security numbers, bank accounts, positions, births.

A recogniser is a function of one canonical text (``canonical.py``) that yields spans. Shapes that carry a key
(NIR, IBAN) are checked by ``python-stdnum``, telephone numbers by ``phonenumbers``; a shape that has none, or
whose key is wrong, is believed next to a word that announces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import iban
from stdnum.fr import nir

from psq_analysis.privacy.spans import Recogniser, Span, announced, words_just_before, words_of

# Who writes, or is written about, was born before; later, a project or an office was « née le… », or else a child.
YOUNGEST_BORN = 2012

_GAP = r"(?: ?[.\-–/_]{1,2} ?|[ \n]{1,3})?"
_COUNTRY = r"(?:33|262|590|594|596|508|687|689|681)"
_PHONE_START = r"(?<![\d,+/])(?<!\d[.\-/])"
_FRENCH_PHONE = re.compile(
    rf"{_PHONE_START}(?:(?:\+ ?|(?<![\d])00{_GAP})\(?{_COUNTRY}\)?{_GAP}(?:\(0\){_GAP}|0{_GAP})?[1-9]"
    rf"|33{_GAP}[67]|\(0\){_GAP}[1-79]|\(0[1-79]\)|\(?0{_GAP}[1-79])(?:{_GAP}\)?\d){{8}}(?![\d])"
)
_GROUPS_BEFORE = re.compile(r"(?<![\w,./-])(?:\d{1,3} ){1,3}$")
# « 04127/00862/2024 »: the number of a procedure
_YEAR_OF_A_FILE = re.compile(r"[/-](?:19|20)\d\d(?!\d)")
_COMMA_PHONE = re.compile(r"(?<![\d,])0 ?,? ?[1-79](?: ?, ?\d\d){4}(?! ?[,\d])")
_OVERSEAS_PHONE = re.compile(rf"(?:\+|\b00){_GAP}(?:687|689|681|508){_GAP}\d(?:{_GAP}\d){{5,7}}(?!\d)")
_FOREIGN_PHONE = re.compile(
    r"(?:\+ ?|(?<![\d])00)\(?(?!33)[1-9]\d{0,2}\)?[ .\-/(]{0,2}\d[\d .\-/()]{5,14}\d(?!\d)"
)
_NIR = re.compile(
    rf"(?<!\d)[1-478]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[AB]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}(?:\(?cl[ée] ?:? ?)?\d\d\)?)?(?!\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[ -]?\d\d(?:[ \-.]{0,2}[A-Z0-9]){11,30}(?![A-Za-z0-9])", re.IGNORECASE
)
# Length of the account numbers met here: one of that length needs no right key to be one.
_IBAN_LENGTHS = {
    "FR": 27, "MC": 27, "BE": 16, "DE": 22, "ES": 24, "IT": 27, "PT": 25, "LU": 20, "CH": 21, "GB": 22,
    "NL": 18, "RO": 24, "PL": 28, "MA": 28, "TN": 24, "IE": 22, "AT": 20, "LT": 20,
}  # fmt: skip

MONTHS = (
    r"(?:janv(?:ier|\.)?|f[ée]v(?:rier|r?\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[ûu]t|sept(?:embre|\.)?|"
    r"oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
DATE = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:er)? ?(?:[/.\-–] ?(?:0?[1-9]|1[0-2]) ?[/.\-–] ?| (?:0?[1-9]|1[0-2]) | ?{MONTHS} ?)(?:\d{{4}}|\d\d)(?!\d)"
    rf"|\d{{4}}[-/]\d\d[-/]\d\d(?!\d)|{MONTHS} \d{{4}}(?!\d)|(?:0?[1-9]|1[0-2])[/.\-](?:19|20)\d\d(?!\d)|\d{{2}}(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d))"
)
_BORN = (
    r"(?:\bnée?s?\b(?: ?\(?e\)?)?[^.;!?\n\ue000\ue001]{0,40}?|\bnee?s? (?:le|en|vers|à|a) [^.;!?\n\ue000\ue001]{0,25}?"
    r"|\bnaiss(?:ance\b|\.)[^.;!?\n\ue000\ue001]{0,25}?|\b(?:ddn|dn|d\.n\.?)(?!\w) ?:? ?|\bn[ée]e?\(e\) |(?<!\w)[°*] ?(?:le )?|\bborn (?:on )?(?:the )?|\banniversaire\b[^.;!?\n]{0,15}?)"
)
_BIRTHDATE = re.compile(rf"{_BORN}(?P<value>{DATE})", re.IGNORECASE)
_CHILD = re.compile(
    r"\b(?:fils|fille|enfant|b[ée]b[ée]|petit|petite|gar[çc]on|ni[èe]ce|neveu|élève|eleve)", re.IGNORECASE
)

_HEMISPHERE_NS, _HEMISPHERE_EW = r"(?:N(?:ord)?|S(?:ud)?)", r"(?:E(?:st)?|O(?:uest)?|W(?:est)?)"
_DECIMAL_GPS = re.compile(
    rf"(?<![\d.,\w])(?:lat(?:itude)?\.? ?[:=]? ?)?(?:{_HEMISPHERE_NS} ?)?[-+]?\d{{1,2}}[.,]\d{{3,}} ?°? ?(?:{_HEMISPHERE_NS}\b)?"
    rf"(?: ?[,;/|] ?| et | - | )(?:lon(?:g(?:itude)?)?\.? ?[:=]? ?)?(?:{_HEMISPHERE_EW} ?)?[-+]?\d{{1,3}}[.,]\d{{3,}}(?: ?°)?(?: ?{_HEMISPHERE_EW}\b)?",
    re.IGNORECASE,
)
_LATITUDE = re.compile(
    r"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?)\.? ?[:=]? ?(?:de )?(?P<value>[-+]?\d{1,3}[.,]\d{2,})",
    re.IGNORECASE,
)
_PRIME, _SECOND = r"['’′‘]", r"(?:[\"”″“]|''|’’|′′)"
_DMS = rf"\d{{1,3}} ?° ?\d{{1,2}}(?:[.,]\d+)? ?{_PRIME}? ?(?:\d{{1,2}}(?:[.,]\d+)? ?{_SECOND}?)? ?"
_DMS_GPS = re.compile(
    rf"{_DMS}{_HEMISPHERE_NS}\b[ ,;/-]*(?:et )?{_DMS}{_HEMISPHERE_EW}\b|{_HEMISPHERE_NS} ?{_DMS}[ ,;/-]*{_HEMISPHERE_EW} ?{_DMS}",
    re.IGNORECASE,
)
_THREE_WORDS = re.compile(r"///[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+")


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers of persons; emergency, short and special-rate (08) numbers stay readable.

    >>> text = "le 0 805 20 05 05 renvoie sur le 06 39-98 41.52"
    >>> [text[span.start : span.end] for span in phones(text)]
    ['06 39-98 41.52']
    """
    for pattern, region in (
        (_FRENCH_PHONE, "FR"),
        (_COMMA_PHONE, "FR"),
        (_OVERSEAS_PHONE, None),
        (_FOREIGN_PHONE, None),
    ):
        for match in pattern.finditer(text):
            if announced(text, match.start(), words_just_before("not_a_phone"), within=30):
                continue
            if _YEAR_OF_A_FILE.match(text, match.end()):
                continue
            digits = re.sub(r"[^\d+]", "", match[0].replace("(0)", "") if "+" in match[0] else match[0])
            digits = re.sub(r"^00", "+", digits)
            digits = re.sub(r"^33(?=[67]\d{8}$)|^\+330", "+33", digits)
            try:
                number = phonenumbers.parse(digits, region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_possible_number(number):
                yield Span(_run_start(text, match.start()), match.end(), "PHONE", "phone")


def _run_start(text: str, start: int) -> int:
    """A telephone inside a longer run of groups of digits is a piece of it: the run is hidden whole."""
    before = _GROUPS_BEFORE.search(text, max(0, start - 12), start)
    return before.start() if before else start


def social_security_numbers(text: str) -> Iterator[Span]:
    """Yield NIR whose key is right, and numbers of that shape announced as one."""
    for match in _NIR.finditer(text):
        digits = re.sub(r"[^\dAB]", "", re.sub(r"cl[ée]", "", match[0], flags=re.IGNORECASE).upper())
        if nir.is_valid(digits):
            yield Span(*match.span(), "NIR", "nir_key")
        elif announced(text, match.start(), words_of("nir_words")):
            yield Span(*match.span(), "NIR", "nir_announced")


def bank_accounts(text: str) -> Iterator[Span]:
    """Yield IBAN whose key or length is right, and account numbers announced as one."""
    for match in _IBAN.finditer(text):
        start, end = match.span()
        while end - start >= len("NO9386011117947"):
            compact = re.sub(r"\W", "", text[start:end]).upper()
            if iban.is_valid(compact, check_country=False):
                yield Span(start, end, "IBAN", "iban_key")
                break
            if (
                len(compact) == _IBAN_LENGTHS.get(compact[:2])
                and sum(map(str.isdigit, compact)) > len(compact) / 2
            ):
                yield Span(start, end, "IBAN", "iban_shape")
                break
            cut = re.search(r"[^\s\-]+$", text[start:end])
            end = start + len(text[start : start + cut.start()].rstrip(" -.")) if cut else start
        else:
            compact = re.sub(r"\W", "", match[0]).upper()
            if compact[:2] in _IBAN_LENGTHS and announced(text, match.start(), words_of("bank_words")):
                yield Span(*match.span(), "IBAN", "iban_announced")


def birth_dates(text: str) -> Iterator[Span]:
    """Yield dates (or month and year) announced as a birth; a bare year of birth stays readable."""
    for match in _BIRTHDATE.finditer(text):
        numbers = re.findall(r"\d+", match["value"])
        year = int(numbers[0] if len(numbers[0]) == 4 and len(numbers) == 3 else numbers[-1][-4:])
        is_child = _CHILD.search(text, max(0, match.start() - 40), match.start())
        if year < YOUNGEST_BORN or is_child:
            yield Span(*match.span("value"), "BIRTHDATE", "birth")


def positions(text: str) -> Iterator[Span]:
    """Yield GPS positions, decimal or in degrees, minutes and seconds."""
    for match in _DECIMAL_GPS.finditer(text):
        latitude, longitude = (
            float(part.replace(",", ".")) for part in re.findall(r"[-+]?\d+[.,]\d+", match[0])[:2]
        )
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            yield Span(*match.span(), "GPS", "gps")
    for pattern, group in ((_DMS_GPS, 0), (_LATITUDE, "value"), (_THREE_WORDS, 0)):
        yield from (Span(*match.span(group), "GPS", "gps") for match in pattern.finditer(text))


# In the order in which they are believed when two claim the same characters.
LONG_NUMBERS: tuple[Recogniser, ...] = (bank_accounts, social_security_numbers, positions, phones)
SHORT_NUMBERS: tuple[Recogniser, ...] = (birth_dates,)
