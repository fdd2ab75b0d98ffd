"""Who attended: lists and tables of participants give the quality and the place of people whom the minutes only name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from psq_analysis.sources.formats.minutes.speech import Roster, Speaker, name_in
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.model import Sheet
from psq_analysis.sources.places_written import split_place
from psq_analysis.sources.vocabulary import matches, plain

SHORT_CELL_WORDS = 8  # on average; a table of remarks has a column of sentences
_BETWEEN = re.compile(
    r"\s*(?:[;•\n\t]|(?<=[)a-zà-ÿ]),(?![^()]*\))(?=\s*(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame|[Ll]e |[Ll]a |[Ll]['’]|[A-ZÀ-Ý]))|\s+et\s+(?=M\.|Mme))\s*"
)


def of_list(text: str, *, is_one: bool = False) -> Roster:
    """The people of a line « Présents : Mme Lafitte (maire), M. Péré, président des commerçants ; … », one of them only on a bullet.

    >>> of_list("Présents : Mme Lafitte (maire), M. Péré (boulanger à Jegun).")["pere"].voice
    'commerçants'
    """
    text = re.sub(r"^[^:]{0,60}:\s*", "", text.strip()).rstrip(" .")
    lone = is_one and len(re.findall(r"\b(?:M\.|Mme|Mlle|Monsieur|Madame)", text)) < 2
    between = re.compile(r"\s*[;•\n]\s*") if lone or ";" in text else _BETWEEN
    return _roster((part, "") for part in between.split(text))


def of_table(sheet: Sheet) -> Roster:
    """The people of a table of participants: columns of names, qualities and communes, told by their headings."""
    rows = [row for row in sheet.rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        return {}
    headings = [plain(cell) for cell in rows[0]]
    places = {at for at, words in enumerate(headings) if matches("minutes", "place_column", words)}
    qualities = {at for at, words in enumerate(headings) if matches("minutes", "quality_column", words)}
    names = [
        at
        for at, words in enumerate(headings)
        if matches("minutes", "name_column", words) and at not in qualities
    ]
    if not names:
        return {}
    return _roster(
        (
            " ".join(row[at].strip() for at in names) + ", " + ", ".join(row[at] for at in sorted(qualities)),
            ", ".join(row[at] for at in sorted(places)),
        )
        for row in rows[1:]
    )


def is_attendance(sheet: Sheet) -> bool:
    """A table of short cells, one column of which holds names: nobody says anything in it."""
    cells = [cell for row in sheet.rows[1:] for cell in row if cell.strip()]
    longest = max((_words_of(sheet, at) for at in range(len(sheet.rows[0]) if sheet.rows else 0)), default=0)
    return not cells or (longest < SHORT_CELL_WORDS and bool(of_table(sheet)) and not _has_column_said(sheet))


def _has_column_said(sheet: Sheet) -> bool:
    return any(matches("minutes", "said_column", plain(cell)) for cell in sheet.rows[0])


def _words_of(sheet: Sheet, at: int) -> float:
    cells = [row[at] for row in sheet.rows[1:] if at < len(row) and row[at].strip()]
    return sum(len(cell.split()) for cell in cells) / max(len(cells), 1)


def _roster(people: Iterable[tuple[str, str]]) -> Roster:
    roster: Roster = {}
    for written, place in people:
        person = re.sub(r"\(([^()]*)\)", r", \1", written).strip(" ,")
        surname, quality = name_in(person)
        if not surname:
            head, _, tail = person.partition(",")
            words = head.split()
            if (
                not words
                or not tail.strip()
                or len(words) > 3
                or not words[0][:1].isupper()
                or read_line(head).voice
            ):
                continue
            surname = plain(
                next((word for word in words if len(word) > 2 and word == word.upper()), words[-1])
            )
            quality = tail.strip()
        line = read_line(quality)
        speaker = Speaker(f"nom {surname}", line.voice, split_place(place) or line.place)
        roster[surname] = speaker
        function = re.sub(r"^(?:le|la|l) ", "", plain(quality))
        if function and len(function.split()) <= 4 and matches("minutes", "unique_function", function):
            roster.setdefault(function, speaker)
    return roster
