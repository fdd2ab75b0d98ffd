"""Look for personal data in what is about to be published: HTML, embedded JSON, tables, notebooks.

What masking finds in a remark is too much for a report full of numbers, codes and program text. The scan
keeps the kinds with a key or an unmistakable shape, and persons only after a title or with a first name
and an unknown surname.
"""

from __future__ import annotations

import html
import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from psq_analysis.privacy import announced_numbers, fixed_shapes
from psq_analysis.privacy.addresses import addresses
from psq_analysis.privacy.name_lexicon import is_borrowed_word, is_word, lexicon, plain
from psq_analysis.privacy.names.public import without_public_names
from psq_analysis.privacy.persons import persons
from psq_analysis.privacy.plates import plates
from psq_analysis.privacy.spans import Span, vocabulary

# Characters around a candidate that its recogniser needs to see: an announcing word before, a postcode
# after.
WINDOW = 80

_NO_BREAK_SPACES = str.maketrans("\u00a0\u202f", "  ")  # French numbers are grouped with them
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
# What is unmistakable in print: narrower than the shapes of masking, which asks them again of each candidate (a key, a length).
_PRINTED_EMAIL = re.compile(r"(?<![\w.+%/@-])[A-Za-z0-9_][\w.+-]*@(?:[A-Za-z0-9-]+\.)+[a-z]{2,10}(?![\w/@-])")
_NOT_A_DOMAIN = re.compile(
    r"\.(?:png|svg|jpe?g|gif|js|mjs|css|map|json|html?|py|ipynb|woff2?)$", re.IGNORECASE
)
_PRINTED_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:(?:\+|00)33[ .  -]?(?:\(0\)[ .]?)?[1-79]|0[1-79])(?P<gap>[ .  -]?)\d{2}(?:(?P=gap)\d{2}){3}(?!\w|[.,-]\d)"
)
_ALL_DIGITS_IN_ORDER = "0123456789"
_PRINTED_NIR = re.compile(
    r"(?<![\w.,-])[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2])[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?!\w|[.-]\w)"
)
_PRINTED_IBAN = re.compile(r"(?<![\w+/=.-])[A-Z]{2}\d{2}(?:[  ]?[A-Z0-9]){11,30}(?![\w+/=])")
_PRINTED_PLATE = re.compile(
    r"(?<![\w#.+/-])(?:[A-HJ-NP-TV-Z]{2}([- ])\d{3}\1[A-HJ-NP-TV-Z]{2}|\d{3,4} [A-HJ-NP-TV-Z]{2,3} (?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6]))(?![\w+/=-])"
)
# « HeadlessChrome/156.0.0.0 » is a version, not an address
_PRINTED_IP = re.compile(r"(?<![\w.,-])(?<![A-Za-z]/)(?:\d{1,3}\.){3}\d{1,3}(?!\w|[.-]\w)")
_DMS = re.compile(r"\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?\d{1,2}(?:[.,]\d+)?\s?[\"″”]\s?[NS]")
_GPS = re.compile(
    r"(?:\bGPS\b|[Cc]oordonnées)[^.;\n\]\[{}]{0,20}-?\d{1,2}[.,]\d{3,}\s?[,;/ ]\s?-?\d{1,3}[.,]\d{3,}"
)
_PRINTED_HANDLE = re.compile(r"(?<![\w.@/\"'`{(-])@(?=[A-Za-z_]*[\d_])[A-Za-z_][\w.]{3,}(?![\w(/-])")
_ANNOUNCED = re.compile(
    r"\bR\.?I\.?O\.?\b|\bmatricule|\bnigend|\bn(?:ée?|ee)s?\b|\bnaissance\b", re.IGNORECASE
)
_STREET = re.compile(
    r"(?<![\w.,-])\d{1,4}(?:\s?(?:bis|ter|quater))?,?\s(?:rue|avenue|av\.|boulevard|bd|impasse|allées?|chemin|route|faubourg|quai|square|RUE|AVENUE)"
    r"\s(?:(?:de|du|des|la|le|les|DU|DES|DE|LA)\s|[dl]['’])*[A-ZÀ-Ý]"
)
# Authors of a program library sign their licence, in English; they are no respondents. A café has a « licence IV ».
_LICENCE = re.compile(r"licensed?\b|copyright|\(c\)|@?author\b", re.IGNORECASE)
_TITLED = re.compile(
    r"(?<![\w.])(?:M\.|MM\.|Mr|Mme|Mlle|Me|Dr|Monsieur|Madame|Mademoiselle|Maître)\s(?:(?:de|du|la|le|[dD]['’])\s?)*[A-ZÀ-Ý][\w'’-]+"
)
_FULL_NAME = re.compile(  # looks ahead only, so that « Signé Paul Untel » is tried from « Paul » too
    r"(?<![\w.\"'/-])(?=([A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?)\s(?:(?:de|du|le|la|van|von|[dD]['’])\s?)*"
    r"([A-ZÀ-Ý][\w’-]+)(?![\w(]))"
)


class Finding(NamedTuple):
    """Personal data in a text to be published: its type and the line it stands on, never its content."""

    type: str
    line: int


def scan_text(text: str) -> list[Finding]:
    """Return what looks like personal data, in order of lines; HTML entities and JSON escapes are read
    through.

    Placeholders (« [PERSONNE 1] ») are no findings.

    >>> scan_text('<p>Appelez [PERSONNE 1]</p>\\n<p title="06 39 98 41 52">41 % [36 ; 46]</p>')
    [Finding(type='PHONE', line=2)]
    """
    readable = _decoded(text)
    found = sorted(set(_shapes(readable)) | set(_announced(readable)) | set(_names(readable)))
    spans = [
        span
        for span in found
        if not _LICENCE.search(readable, max(0, span.start - WINDOW), span.end + WINDOW)
    ]
    return [Finding(span.type, readable.count("\n", 0, span.start) + 1) for span in spans]


def _decoded(text: str) -> str:
    """Read HTML entities and JSON escapes, without moving a line."""
    unescaped = _UNICODE_ESCAPE.sub(lambda escape: _one_line(chr(int(escape[1], 16))), text)
    readable = _ENTITY.sub(lambda entity: _one_line(html.unescape(entity[0])), unescaped)
    return readable.translate(_NO_BREAK_SPACES)


def _one_line(text: str) -> str:
    return " " if text in {"\n", "\r", "\u2028"} or "\ud800" <= text[:1] <= "\udfff" else text


def _shapes(text: str) -> Iterator[Span]:
    for match in _PRINTED_EMAIL.finditer(text):
        if not _NOT_A_DOMAIN.search(match[0]):
            yield Span(*match.span(), "EMAIL")
    for match in _PRINTED_PHONE.finditer(text):
        if match[0] != _ALL_DIGITS_IN_ORDER:
            yield Span(*match.span(), "PHONE")
    for pattern, recogniser in (
        (_PRINTED_NIR, fixed_shapes.social_security_numbers),
        (_PRINTED_IBAN, fixed_shapes.bank_accounts),
        (_PRINTED_PLATE, plates),
    ):
        for match in pattern.finditer(text):
            yield from (Span(*match.span(), span.type) for span in recogniser(match[0]))
    for match in _PRINTED_IP.finditer(text):
        if _is_someones(match[0]):
            yield Span(*match.span(), "IP")
    for pattern, kind in (
        (_DMS, "GPS"),
        (_GPS, "GPS"),
        (_PRINTED_HANDLE, "HANDLE"),
        (_social_account(), "HANDLE"),
    ):
        yield from (Span(*match.span(), kind) for match in pattern.finditer(text))


def _is_someones(address: str) -> bool:
    """True for an address on the public internet; 127.0.0.1 or 1.2.0.4 stand in programs."""
    try:
        ip = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    is_documentation = any(ip in network for network in _DOCUMENTATION)
    return is_documentation or (
        ip.is_global and min(map(len, address.split("."))) + len(address) > LONG_ENOUGH_IP
    )


# « 4.1.1.0 » is a version; an address people quote has at least nine characters (« 81.2.69.4 »).
LONG_ENOUGH_IP = 9
_DOCUMENTATION = tuple(map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))


def _announced(text: str) -> Iterator[Span]:
    for match in _ANNOUNCED.finditer(text):
        window = text[match.start() : match.end() + WINDOW].split("\n", 1)[0]
        for recogniser in (announced_numbers.service_numbers, fixed_shapes.birth_dates):
            yield from (
                Span(match.start() + span.start, match.start() + span.end, span.type)
                for span in recogniser(window)
            )
    for match in _STREET.finditer(text):
        window = text[match.start() : match.end() + WINDOW]
        yield from (
            Span(match.start(), match.end(), span.type) for span in addresses(window) if span.start == 0
        )


def _names(text: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        if _holds_a_person(text, *match.span()):
            yield Span(*match.span(), "PERSON")
    known = lexicon()
    for match in _FULL_NAME.finditer(text):
        first, surname = plain(match[1]), plain(match[2])
        is_name = first in known.certain and not is_borrowed_word(first)
        is_unknown = (
            not is_word(surname) and not is_borrowed_word(surname) and surname not in known.never_names
        )
        if is_name and is_unknown and _holds_a_person(text, match.start(1), match.end(2)):
            yield Span(match.start(1), match.end(2), "PERSON")


def _holds_a_person(text: str, start: int, end: int) -> bool:
    """Ask the recogniser, which sees that « rue Jean Moulin » and « M. le préfet » are no persons."""
    first = max(0, start - WINDOW)
    found = persons(without_public_names(text[first : end + WINDOW]))
    return any(first + span.start < end and start < first + span.end for span in found)


@lru_cache(maxsize=1)
def _social_account() -> re.Pattern[str]:
    networks = "|".join(
        re.escape(network) for network in vocabulary()["social_networks"] if "/" not in network
    )
    public = "|".join(re.escape(word) for word in vocabulary()["public_web"])
    return re.compile(
        rf"(?<![\w.])(?:www\.)?(?:{networks})/(?!(?:intent|share|sharer|home|search|plotly)\b)(?![^\s\"'<>]*(?:{public}))[A-Za-z][\w.\-]{{2,}}"
    )
