"""Letters typed or copied: the writer, the day and the addressee above « Monsieur le Préfet, », the formula and the signature below."""

from __future__ import annotations

import re

from psq_analysis.sources.files.mail import Mail
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

LINES_ABOVE = 20  # between the top of a letter and its greeting
LONGEST_GREETING = 70  # characters of « Monsieur le Préfet, Madame la Procureure, »
_DATED = re.compile(
    r"^(?:fait\s+)?(?:(?P<place>[A-ZÀ-Ý][^,\d]{1,40}),?\s+)?(?:le\s+)?(?P<day>\d{1,2}(?:er)?\s+[a-zéû]+\s+\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})\s*\.?$",
    re.IGNORECASE,
)


def letters_of(lines: list[str]) -> list[Mail]:
    """Return the letters of a text, each with what its head says of the writer put below its signature; none when it holds no letter.

    >>> text = "Suzanne Lacoste\\n32700 Lectoure\\n\\nLectoure, le 9 janvier 2018\\n\\nMonsieur le Préfet,\\n\\nTrop de vitesse.\\n\\nVeuillez agréer, Monsieur le Préfet, mes salutations.\\n\\nS. Lacoste"
    >>> letters_of(text.split("\\n"))[0].day
    '2018-01-09'
    """
    greetings = [at for at, line in enumerate(lines) if _is_greeting(line)]
    closings = [at for at, line in enumerate(lines) if matches("emails", "letter_closing", plain(line))]
    letters: list[Mail] = []
    start = 0
    for greeting in greetings:
        closing = next((at for at in closings if at > greeting), None)
        if greeting < start or closing is None or greeting - start > LINES_ABOVE:
            continue
        following = next((at for at in greetings if at > closing), len(lines))
        end = _end(lines, closing, following)
        letters.append(
            _letter(start, lines[start:greeting], lines[greeting + 1 : closing], lines[closing + 1 : end])
        )
        start = end
    return letters


def _is_greeting(line: str) -> bool:
    return len(line) <= LONGEST_GREETING and matches("emails", "letter_greeting", plain(line)) and line.strip().endswith((",", "!"))  # fmt: skip


def _end(lines: list[str], closing: int, following: int) -> int:
    """The signature: the short lines below the formula; where another letter follows, its head is not taken."""
    if following == len(lines):
        return following
    at = closing + 1
    blanks = 0
    while at < following and blanks < 2:
        blanks = blanks + 1 if not lines[at].strip() else 0
        if re.match(r"^\s*[-_=*~]{4,}", lines[at]):
            break
        at += 1
    return at


def _letter(number: int, head: list[str], said: list[str], signature: list[str]) -> Mail:
    day, place = None, ""
    writer: list[str] = []
    for line in head:
        dated = _DATED.match(line.strip())
        if dated and parse_date(dated["day"]):
            day, place = parse_date(dated["day"]), dated["place"] or ""
        elif matches("emails", "letter_addressee", plain(line)):
            break
        elif line.strip():
            writer.append(line.strip())
    for line in head + signature:
        dated = _DATED.match(line.strip())
        if dated and day is None:
            day, place = parse_date(dated["day"]), place or dated["place"] or ""
    signed = [line.strip() for line in signature if line.strip() and not _DATED.match(line.strip())]
    name = next(
        (line for line in [*signed, *writer] if re.match(r"^(?:M\.|Mme|Mlle|Dr)?\s*[A-ZÀ-Ý]", line)), ""
    )
    below = [*signed, *writer, *([f"{place.strip()}"] if place else [])]
    return Mail(
        line=number + 1,
        sender=re.sub(r"^(?:M\.|Mme|Mlle|Monsieur|Madame)\s+", "", name),
        address="",
        recipients=(),
        subject="",
        day=day.isoformat() if day else None,
        body="\n".join([*said, "", "Cordialement,", *below]),
    )
