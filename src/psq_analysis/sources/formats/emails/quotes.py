"""What a person wrote in a message, without what mail programs quote, forward and add.

The marks are those that mail programs write in French and in English; the libraries that look for them (quotequail, mail-parser-reply)
miss Outlook's, Zimbra's and the French webmails', and take « mon voisin a écrit : » for a quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import load, matches, plain

HEADER_LINES = 12  # a header block is shorter, even with long lists of recipients
INTRODUCTION_LINES = 3  # « Le mar. 14 nov. 2023 à 10:12, X / <x@…> / a écrit : »
_FIELD_LINE = re.compile(
    r"^[\s>]*\*?(?P<name>[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ \-]{0,20}?)\s*\*?\s*:\*?\s*(?P<value>.*)$"
)
_WROTE = re.compile(
    r"^[\s>]*(?:le|on|el|em|am|il|the)\b[^\n]{0,300}?\b(?:a écrit|wrote|escribió|escreveu|schrieb|ha scritto)\s*:[ \t]*",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{1,2}\s?[:hH]\s?\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}/\d{1,2}/\d{2}|@")
_RULE = re.compile(r"^\s*[_=*\-]{8,}\s*$")


@dataclass(frozen=True)
class HeaderBlock:
    """The header lines of a message inside a text: fields by their meaning, and how many lines they take."""

    fields: dict[str, str]
    length: int


@dataclass
class Body:
    """``own``: the lines the person wrote; ``forwarded``: the message passed on, with its header, when there is one."""

    own: list[str] = field(default_factory=list)
    header: HeaderBlock | None = None
    quoted: list[str] = field(default_factory=list)
    is_forward: bool = False


def header_at(lines: list[str], at: int) -> HeaderBlock | None:
    """The header block that starts at a line: who, and at least what proves that it is one.

    >>> header_at(["De : Concertation <c@p.example>", "Envoyé : mardi", "Objet : avis"], 0).length
    3
    >>> header_at(["De : 18 h à 20 h, il n'y a personne.", "Date : depuis la rentrée."], 0) is None
    True
    """
    names = {name: meaning for meaning, listed in load("emails")["fields"].items() for name in listed}
    found: dict[str, str] = {}
    length = 0
    last = ""
    for line in lines[at : at + HEADER_LINES]:
        match = _FIELD_LINE.match(line)
        meaning = names.get(plain(match["name"])) if match else None
        if meaning is None or match is None:
            if last in ("to", "copy") and re.match(
                r"^\s+\S+@|^\s*[\"<]?[^\s:]+@", line
            ):  # a long list of recipients goes on
                length += 1
                continue
            break
        found.setdefault(meaning, match["value"].strip(" *"))
        last = meaning
        length += 1
    if "from" not in found or not ("subject" in found or "date" in found):
        return None
    proof = len(found) >= 3 or "@" in found["from"] or parse_date(found.get("date", "")) is not None
    return HeaderBlock(found, length) if proof and found["from"] else None


def is_marker(line: str) -> bool:
    """« -----Message d'origine----- », « Début du message transféré : »."""
    return matches("emails", "original", plain(line)) or matches("emails", "forward", plain(line))


def split_body(lines: list[str]) -> Body:
    """Cut a body where the first quoted or forwarded message starts; lines quoted with ``>`` are left out above it as well."""
    body = Body()
    listed = False
    for at, line in enumerate(lines):
        cut = _quotation_at(lines, at)
        if cut is not None:
            start, body.is_forward = cut
            _add_rest(body, lines[start:])
            break
        listed = line.lstrip().startswith(">") and (listed or _is_list(body.own))
        if line.lstrip().startswith(">") and not listed:
            continue
        if _RULE.match(line) or matches("emails", "added_by_program", plain(line)):
            continue
        body.own.append(re.sub(r"^\s*>(?:\s+(?=\S)|(?=From ))", "", line).rstrip())
    return body


def _is_list(own: list[str]) -> bool:
    """Lines with ``>`` below « Voici mes demandes : » are a list, and no quotation."""
    above = next((line for line in reversed(own) if line.strip()), "")
    return above.rstrip().endswith(":") and not _WROTE.match(above)


def _quotation_at(lines: list[str], at: int) -> tuple[int, bool] | None:
    """Where the quoted message starts when this line announces one, and whether it is passed on."""
    line = lines[at]
    words = plain(line)
    if matches("emails", "forward", words):
        return at + 1, True
    if matches("emails", "original", words):
        return at + 1, False
    if header_at(lines, at) is not None and not line.lstrip().startswith(">"):
        return at, False
    for length in range(1, INTRODUCTION_LINES + 1):
        joined = " ".join(part.strip(" >") for part in lines[at : at + length])
        wrote = _WROTE.match(joined)
        if wrote and _DATED.search(wrote[0]):
            return at + length, False
        if not re.match(r"\s*>?\s*(?:le|on|el|em|am|il)\b", line, re.IGNORECASE):
            break
    return None


def _add_rest(body: Body, rest: list[str]) -> None:
    """Below the announcement: the header of the quoted message, its words, and answers written below or inside it."""
    at = next((at for at, line in enumerate(rest) if line.strip()), len(rest))
    body.header = header_at(rest, at)
    rest = rest[at + (body.header.length if body.header else 0) :]
    marked = any(line.lstrip().startswith(">") for line in rest)
    answering = False
    for line in rest:
        answering = answering or matches("emails", "inline_answer", plain(line))
        is_quoted = line.lstrip().startswith(">") if marked and body.header is None else not answering
        if is_quoted:
            body.quoted.append(re.sub(r"^\s*>\s?", "", line))
        elif not (_RULE.match(line) or matches("emails", "added_by_program", plain(line))):
            body.own.append(line.rstrip())
