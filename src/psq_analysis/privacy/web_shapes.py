"""Find what leads to a person on the net: e-mails, accounts, personal pages, network addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from psq_analysis.privacy.name_lexicon import is_word, plain
from psq_analysis.privacy.spans import Recogniser, Span, announced, any_word, vocabulary, words_just_before

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]*\w(?:@| @ )(?:[\w-]+\.)+[a-zA-Z]{2,}(?![\w-])", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@/-])@[A-Za-zÀ-ÿ0-9_](?:[\w.\-]*[\w])+")
_HASH_TAG = re.compile(r"(?<![\w#])[A-Za-z][\w.]{2,}#\d{4}\b")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»()\[\]]+[^\s<>\"«»()\[\].,;:!?'…]"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:fr|com|org|net|eu|info|io|me|blog|site|gg|tv|re|gp)(?:/[^\s<>\"«»()\[\],;]*[^\s<>\"«»()\[\].,;:!?'…])?(?![\w@-])",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\w.,])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?=[0-9a-f:]*[a-f\d]{1,4}:)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE
)


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses.

    >>> [text[s.start:s.end] for text in ["Écrivez à jo.roy@example.org."] for s in emails(text)]
    ['jo.roy@example.org']
    """
    yield from (Span(*match.span(), "EMAIL", "email") for match in _EMAIL.finditer(text))


def web_addresses(text: str) -> Iterator[Span]:
    """Yield accounts on networks and personal pages; sites of public bodies and of the press stay readable."""
    for match in _URL.finditer(text):
        address = match[0].lower()
        if _is_public(address):
            continue
        is_bare = not address.startswith(("http", "www.")) and "/" not in address
        if any(network in address for network in vocabulary()["social_networks"]):
            if "/" in address.removeprefix("https://").removeprefix("http://").rstrip("/"):
                yield Span(*match.span(), "HANDLE", "account_page")
        elif not is_bare or address.count(".") > 1:
            yield Span(*match.span(), "URL_PERSONAL", "personal_page")


def accounts(text: str) -> Iterator[Span]:
    """Yield names of accounts: with « @ », or after the name of a network.

    >>> text = "son tiktok c'est drift-king-32, celui de la mairie @ville_auch"
    >>> [text[span.start : span.end] for span in accounts(text)]
    ['drift-king-32']
    """
    for pattern in (_HANDLE, _HASH_TAG):
        for match in pattern.finditer(text):
            if not _is_public(match[0].lower()):
                yield Span(*match.span(), "HANDLE", "account")
    for pattern in (_account_on(), _account_after_sign()):
        for match in pattern.finditer(text):
            if not _is_public(match["value"].lower()) and not _is_word_or_number(match["value"]):
                yield Span(*match.span("value"), "HANDLE", "account_named")
    for match in _named_account().finditer(text):
        value = match["value"]
        has_sign = any(char.isdigit() or char in "._-" for char in value[1:])
        is_set = (
            ":" in match["link"]
            or "→" in match["link"]
            or "=" in match["link"]
            or "@" in match["link"]
            or "«" in match["link"]
        )
        words = re.split(r"[-._]", plain(value))
        is_phrase = "_" not in value and not any(map(str.isdigit, value)) and all(map(is_word, words))
        if (
            _is_public(value.lower())
            or value.isdigit()
            or (is_phrase and not (has_sign and "." in value and is_set))
        ):
            continue
        if has_sign or (is_set and not value.istitle() and len(value) > 3):
            yield Span(*match.span("value"), "HANDLE", "account_named")


def network_addresses(text: str) -> Iterator[Span]:
    """Yield IP addresses; version numbers and paragraphs of a law have the same shape and stay readable."""
    for match in _IPV4.finditer(text):
        if _is_ip(match[0]) and not announced(text, match.start(), words_just_before("not_an_ip"), within=20):
            yield Span(*match.span(), "IP", "ip")
    for match in _IPV6.finditer(text):
        if _is_ip(match[0]):
            yield Span(*match.span(), "IP", "ip")


# In the order in which they are believed when two claim the same characters.
ON_THE_NET: tuple[Recogniser, ...] = (emails, web_addresses, accounts, network_addresses)


def _is_ip(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    return any(host in address for host in vocabulary()["public_web"])


def _is_word_or_number(value: str) -> bool:
    return not re.search(r"[^\W\d_]", value) or all(map(is_word, re.split(r"[-.]", plain(value))))


@lru_cache(maxsize=1)
def _account_on() -> re.Pattern[str]:
    """« marco.du.garros sur Insta »: signs inside a word, then the name of a network."""
    names = any_word(vocabulary()["network_names"])
    return re.compile(
        rf"(?<![\w.@-])(?P<value>(?=\w*[._\d-])[^\W_][\w.\-]{{2,}}\w)[»\"]?,? ?\(?(?:sur|de|via|compte) (?:le |son |mon )?{names}(?!\w)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _account_after_sign() -> re.Pattern[str]:
    """« Insta du type qui menace ma fille => zak.off_974 »: the network, words, a sign, then signs inside a word."""
    names = any_word(vocabulary()["network_names"])
    return re.compile(
        rf"(?<![\w-]){names}(?!\w)[^.!?\n:=→]{{1,60}}?(?:=>|->|→|:|=) ?[«\"@]? ?(?P<value>(?=\w*[._\d-])[^\W_][\w.\-]{{2,}}\w)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _named_account() -> re.Pattern[str]:
    names = any_word(vocabulary()["network_names"])
    link = r"(?:,(?= \S*[\d_])| ?[:=→(«\"@-]| c'est| cest| est| sous| le pseudo(?:nyme)?| pseudo| nom| ?\(?(?:le |un )?compte| au nom de| mon| mon compte| l'identifiant| de| ou| canal| groupe){0,4}"
    return re.compile(
        rf"(?<![\w-]){names}(?:\s{names})?(?![\w-])(?P<link>{link} ?[@«\"]? ?)(?P<value>[A-Za-zÀ-ÿ0-9_][\w.\-]{{1,}}\w)",
        re.IGNORECASE,
    )
