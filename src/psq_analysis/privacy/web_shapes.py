"""Addresses on the net and positions on the globe."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from psq_analysis.privacy.spans import Recogniser, Span, announced_before, any_word, is_public, vocabulary

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+%'-]*\w@(?:[\w-]+\.)+[a-zA-Z]{2,}"
    r"|(?<![\w.+-])[\w.+%-]+\s?(?:\(at\)|\[at\]|\((?:a|@)\)|\(arobase\)|\[arobase\]|\sarobase\s|\sat\s)\s?"
    r"[\w-]+\s?(?:\.|\(point\)|\[point\]|\spoint\s|\sdot\s)\s?(?:[\w-]+\.)?[a-z]{2,}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/-])@[A-Za-zÀ-ÿ0-9_](?:[\w.\-]*[\w])+")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»()\[\]]+[^\s<>\"«»()\[\].,;:!?'…]"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:fr|com|org|net|eu|info|io|me|blog|site|gg|tv|re|gp)(?:/[^\s<>\"«»()\[\],;]*[^\s<>\"«»()\[\].,;:!?'…])?",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\d.,])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_DECIMAL_GPS = re.compile(
    r"(?<![\d.,])(?:lat(?:itude)?\s?[:=]?\s?)?[-+]?\d{1,2}[.,]\d{3,}\s?°?\s?[NS]?\s?(?:[,;/|]|\s|et|\s-\s)\s?"
    r"(?:lon(?:g(?:itude)?)?\s?[:=]?\s?)?[-+]?\d{1,3}[.,]\d{3,}(?:\s?°)?(?:\s?[EWO]\b)?",
    re.IGNORECASE,
)
_PRIME, _SECOND = r"['’′‘]", r"(?:[\"”″“]|''|’’|′′)"
_DMS = rf"\d{{1,3}}\s?[°º]\s?\d{{1,2}}(?:[.,]\d+)?\s?{_PRIME}?\s?(?:\d{{1,2}}(?:[.,]\d+)?\s?{_SECOND}?)?\s?"
_DMS_GPS = re.compile(rf"{_DMS}[NS]\b[\s,;/]*{_DMS}[EWO]\b", re.IGNORECASE)


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, also those spelt out.

    >>> [text[s.start:s.end] for text in ["Écrivez à jo.roy@example.org."] for s in emails(text)]
    ['jo.roy@example.org']
    """
    if "@" in text or "arobase" in text or "at" in text:
        yield from (Span(*match.span(), "EMAIL") for match in _EMAIL.finditer(text))


def web_addresses(text: str) -> Iterator[Span]:
    """Yield accounts on networks and personal pages; sites of public bodies and of the press stay readable."""
    for match in _URL.finditer(text):
        address = match[0].lower()
        if is_public(address):
            continue
        is_bare = not address.startswith(("http", "www.")) and "/" not in address
        if any(network in address for network in vocabulary()["social_networks"]):
            if "/" in address.removeprefix("https://").removeprefix("http://").rstrip("/"):
                yield Span(*match.span(), "HANDLE")
        elif not is_bare or address.count(".") > 1:
            yield Span(*match.span(), "URL_PERSONAL")
    for match in _HANDLE.finditer(text):
        if not is_public(match[0].lower()):
            yield Span(*match.span(), "HANDLE")
    for match in _named_account().finditer(text):
        value = match["value"]
        has_sign = any(char.isdigit() or char in "._" for char in value)
        if has_sign and not value.isdigit() and not is_public(value.lower()):
            yield Span(*match.span("value"), "HANDLE")


def network_addresses(text: str) -> Iterator[Span]:
    """Yield IP addresses; version numbers and paragraphs of a law have the same shape and stay readable."""
    for match in _IPV4.finditer(text):
        try:
            ipaddress.ip_address(match[0])
        except ValueError:
            continue
        if not announced_before(text, match.start(), _not_an_ip(), within=20):
            yield Span(*match.span(), "IP")
    for match in _IPV6.finditer(text):
        try:
            ipaddress.ip_address(match[0])
        except ValueError:
            continue
        yield Span(*match.span(), "IP")


def positions(text: str) -> Iterator[Span]:
    """Yield GPS positions, decimal or in degrees, minutes and seconds."""
    for match in _DECIMAL_GPS.finditer(text):
        latitude, longitude = (
            float(part.replace(",", ".")) for part in re.findall(r"[-+]?\d+[.,]\d+", match[0])[:2]
        )
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            yield Span(*match.span(), "GPS")
    yield from (Span(*match.span(), "GPS") for match in _DMS_GPS.finditer(text))


# In the order in which they are believed when two claim the same characters.
ON_THE_NET: tuple[Recogniser, ...] = (emails, web_addresses, network_addresses)


@lru_cache(maxsize=1)
def _not_an_ip() -> re.Pattern[str]:
    return re.compile(any_word(vocabulary()["not_an_ip"]).pattern + r"(?:\s\w+)?\s?[:°]?\s?$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _named_account() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(vocabulary()["network_names"], key=len, reverse=True))
    return re.compile(
        rf"\b(?:{names})\b\s?(?::|=|c'est|est|sous|nom|le compte|au nom de)?\s?(?:@\s?)?(?P<value>[A-Za-z0-9][\w.\-]{{2,}}\w)",
        re.IGNORECASE,
    )
