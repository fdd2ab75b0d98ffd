"""Counts of people in what is published: which columns and sentences hold them, and which of them are too small.

A count is recognised by the heading above it or the sentence around it, as the label tables write them; a number that only
looks like a count is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from psq_analysis.french.labels import column, say, sentence_templates

# Columns that count people, or bound their number from above: three ideas come from three people at most.
PEOPLE = ("respondents", "ideas")
MENTIONS, EDGE = "mentions", "edge"
CHOSE = "chose"  # what the tables of closed questions call them
GROUPS = ("group_label", "voice", "group")
FEW = 2  # of a group: one or two who mention a code, or who do not, are told in words, never as a number
_NUMBER = re.compile(r"\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d+")
_COUNT_FIELDS = {"mentions", "respondents"}
# any blank between thousands: a page's text is searched with its blanks made plain
_SIZES = re.compile(r"\bn\s=\s(\d{1,3}(?:\s\d{3})+|\d+)(?:\set\s(\d{1,3}(?:\s\d{3})+|\d+))?")
# « Présence : 41 % [36 ; 46] : 12 sur 30 », what a mark says when it is pointed at
_HOVER = re.compile(r"\]\s:\s(\d[\d\s\u00a0\u202f]*?) sur (\d[\d\s\u00a0\u202f]*?)\Z")


class Cell(NamedTuple):
    """A place in a table: row and column, from 0, headings apart."""

    row: int
    column: int


def small_cells(
    headings: Sequence[str], rows: Sequence[Sequence[object]], *, caption: str = "", min_cell: int
) -> Iterator[Cell]:
    """Yield the cells that publish a group of 1 to ``min_cell`` − 1 people, or that one or two of a group mention a code, or do not.

    >>> rows = [["Élus", "40", "12"], ["Transports", "9", "5"], ["Associations", "40", "39"], ["Bailleurs", "40", "2 au plus"]]
    >>> list(small_cells(["Voix", "Répondants (n)", "En parlent"], rows, min_cell=11))
    [Cell(row=1, column=1), Cell(row=2, column=2)]
    """
    named = [_key(heading) for heading in headings]
    people = {at for at, key in enumerate(named) if key in PEOPLE}
    mentions = {at for at, key in enumerate(named) if key in (MENTIONS, CHOSE) and set(named) & set(GROUPS)}
    if "contributions" in named and set(named) & set(GROUPS):
        people.add(named.index("contributions"))
    if not people and caption.startswith(column("respondents").split(" (")[0]):
        people = set(range(1, len(headings)))
    for at, row in enumerate(rows):
        cells = dict(zip(named, row, strict=False))
        counts = {place: number(cell) for place, cell in enumerate(row) if place in people | mentions}
        whole = number(cells.get("respondents"))
        # in a download the edge says that the number stands for two at most; the rows of everyone are exact, there and in a page
        is_everyone = cells.get("group") == "all" or cells.get("group_label") == say("campaign_with_all")
        is_worded = bool(cells.get(EDGE)) or is_everyone
        for place, count in counts.items():
            silent = whole - count if whole is not None and count is not None else None
            if place in people and count is not None and 0 < count < min_cell:
                yield Cell(at, place)
            if (
                place in mentions
                and not is_worded
                and any(one is not None and 0 < one <= FEW for one in (count, silent))
            ):
                yield Cell(at, place)


def has_small_count(text: str, *, min_cell: int) -> bool:
    """Tell whether a sentence of the report speaks of a group of 1 to ``min_cell`` − 1 people.

    >>> has_small_count("44 % des répondants [19 ; 73], soit 4 sur 9.", min_cell=11)
    True
    >>> has_small_count("Il passe 3 patrouilles sur 10.", min_cell=11)
    False
    >>> has_small_count("Un seul territoire (n = 1 066).", min_cell=11), has_small_count("(n = 107 et 9)", min_cell=11)
    (False, True)
    """
    for match in _SIZES.finditer(text):
        if any(0 < _as_int(size) < min_cell for size in match.groups() if size):
            return True
    for pattern in (_HOVER, *_sentences()):
        for match in pattern.finditer(text):
            if 0 < _as_int(match.group(2)) < min_cell:
                return True
    return False


def number(value: object) -> int | None:
    """Read a whole number as the report or a download writes it; None for anything else.

    >>> number("1\u202f204"), number(12.0), number("12,5"), number("non publié")
    (1204, 12, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else None
    text = str(value).strip()
    return _as_int(text) if _NUMBER.fullmatch(text) else None


def _as_int(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _key(heading: str) -> str:
    plain = heading.strip().casefold()
    known = (*PEOPLE, MENTIONS, CHOSE, EDGE, *GROUPS, "contributions")
    return next((key for key in known if plain in (key, column(key).casefold())), "")


@lru_cache(maxsize=1)
def _sentences() -> tuple[re.Pattern[str], ...]:
    """The sentences that say how many of how many, as patterns whose groups are the two counts."""
    patterns = []
    for template in sentence_templates():
        fields = [field for _, field, _, _ in Formatter().parse(template) if field]
        if _COUNT_FIELDS.issubset(fields) and fields.index("mentions") < fields.index("respondents"):
            patterns.append(re.compile(_pattern(template)))
    return tuple(patterns)


def _pattern(template: str) -> str:
    """Turn a sentence template into a pattern: a count is captured, any other value is anything short.

    >>> re.search(_pattern("{share} : {mentions} sur {respondents}"), "8 % : 3 sur 40").groups()
    ('3', '40')
    """
    pieces = []
    for literal, field, _, _ in Formatter().parse(template):
        pieces.append(r"\s".join(map(re.escape, re.split(r"\s", literal))))
        if field in _COUNT_FIELDS:
            pieces.append(r"(\d{1,3}(?:[\s\u00a0\u202f]\d{3})*)(?!\d)")
        elif field:
            pieces.append(r".{0,60}?")
    return "".join(pieces)
