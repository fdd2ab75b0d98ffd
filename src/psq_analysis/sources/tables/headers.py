"""Where the headings of a table are, on one row or two, under titles or not; a file without headings is said to have none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

LOOKED_AT = 40  # rows in which headings are looked for; cover sheets of hand-typed workbooks stay below 20
DATA_SHARE = 0.25  # a row with a quarter of numbers, dates or addresses holds data, not headings
MIN_FILL = 0.5  # headings fill at least half of the columns the table uses
LONG_HEADING = 80  # beyond, a cell without question mark or colon reads as an answer

_KEYS = (
    "forbidden", "identifier", "insee", "postcode", "commune", "epci", "department", "stakeholder", "date", "technical",
    "wave", "not_a_remark", "free_text", "question", "question_id", "respondent", "title", "timing", "open_question",
)  # fmt: skip
_DATA_LIKE = re.compile(
    r"^[-+]?[\d\s\u00a0\u202f]+([.,]\d+)?\s*%?$|^\S+@\S+\.\S+$|^https?://|^\d{1,3}(\.\d{1,3}){3}$"
)


@dataclass(frozen=True, kw_only=True)
class Header:
    """Rows are counted from 0. ``headings`` are the lowest level, ``groups`` the level above (empty without one)."""

    top: int
    bottom: int
    headings: tuple[str, ...]
    groups: tuple[str, ...]
    certainty: float


def find_header(rows: list[list[str]], filled: dict[tuple[int, int], str] | None = None) -> Header | None:
    """Return where the headings are, or None when the first rows look like data.

    >>> find_header([["Réunion du 14", ""], ["", ""], ["Qualité", "Remarque"], ["maire", "Plus de rondes."]]).top
    2
    >>> find_header([["Habitant", "Plus de rondes le soir."], ["Habitant", "Un accueil."]]) is None
    True
    """
    width = max((_filled(row) for row in rows[:200]), default=0)
    if width == 0:
        return None
    candidates = [
        (_vocabulary_hits(row), -index)
        for index, row in enumerate(rows[:LOOKED_AT])
        if _could_be_headings(row, rows[index + 1 :])
        and (_filled(row) >= MIN_FILL * width or _filled(row) >= 3)
    ]
    best = max(candidates, default=(0, 0))
    if best[0] >= 1:
        index = -best[1]
        return _with_second_level(rows, index, filled or {}, min(1.0, 0.7 + 0.1 * best[0]))
    for index, row in enumerate(rows[:LOOKED_AT]):
        if _filled(row) >= max(0.8 * width, 1) and _could_be_headings(row, rows[index + 1 :]):
            return _with_second_level(rows, index, filled or {}, 0.5) if len(rows) > index + 1 else None
        if _filled(row) >= 0.8 * width:
            return None
    return None


def header_at(rows: list[list[str]], index: int, filled: dict[tuple[int, int], str] | None = None) -> Header:
    """Return the headings of a row the analyst named in a mapping."""
    return _with_second_level(rows, index, filled or {}, 1.0)


def widened(header: Header, width: int) -> Header:
    """Return the headings padded with blank ones, for rows that are all wider."""
    missing = max(0, width - len(header.headings))
    blank = ("",) * missing
    return replace(header, headings=header.headings + blank, groups=header.groups + blank)


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _could_be_headings(row: list[str], below: list[list[str]]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells or _is_data(cells):
        return False
    if len(cells) > 2 and len({plain(cell) for cell in cells}) < len(cells) * 0.5:
        return False
    if _vocabulary_hits(row) >= max(2, len(cells) // 2):
        return True
    return not any(_reads_as_answer(cell, index, below) for index, cell in enumerate(row) if cell.strip())


def _is_data(cells: list[str]) -> bool:
    data = sum(1 for cell in cells if _DATA_LIKE.match(cell) or parse_date(cell))
    return data > DATA_SHARE * len(cells)


def _reads_as_answer(cell: str, index: int, below: list[list[str]]) -> bool:
    cell = cell.strip()
    if len(cell) > LONG_HEADING and not re.search(r"[?:\]…)]\s*$", cell):
        return True
    if _is_voice_among_voices(cell, index, below):
        return True
    if re.search(r"\w[.!]$", cell) and len(cell.split()) > 2:
        return True
    return any(
        index < len(row) and row[index].strip() == cell for row in below[:500]
    ) and not _is_heading_word(cell)


def _is_voice_among_voices(cell: str, index: int, below: list[list[str]]) -> bool:
    """« Habitant » above other qualities is an answer; « bar » above numbers is a heading."""
    if not normalise_stakeholder(cell) or _is_heading_word(cell):
        return False
    others = [row[index] for row in below[:200] if index < len(row) and row[index].strip()]
    return sum(normalise_stakeholder(other) is not None for other in others) > len(others) / 2


def _is_heading_word(cell: str) -> bool:
    asked = heading_of(cell)
    return any(matches("columns", key, words) for key in _KEYS for words in {asked.words, asked.bare})


def _vocabulary_hits(row: list[str]) -> int:
    return sum(
        1
        for cell in row
        if cell.strip() and (len(cell) <= LONG_HEADING or "?" in cell) and _is_heading_word(cell)
    )


def _with_second_level(
    rows: list[list[str]], index: int, filled: dict[tuple[int, int], str], certainty: float
) -> Header:
    top, bottom = index, index
    if (
        index > 0
        and not _is_title(rows[index - 1])
        and (_completes(rows[index - 1], rows[index]) or _spans(rows, index - 1, filled))
    ):
        top = index - 1
    elif (index + 1 < len(rows) and _completes(rows[index], rows[index + 1])) or _has_names_under_spans(
        rows, index, filled
    ):
        bottom = index + 1
    width = max(len(rows[top]), len(rows[bottom]))
    upper, lower = _padded(rows[top], width), _padded(rows[bottom], width)
    if top == bottom:
        return Header(
            top=top,
            bottom=bottom,
            headings=tuple(cell.strip() for cell in lower),
            groups=("",) * width,
            certainty=certainty,
        )
    groups: list[str] = []
    for column in range(width):
        above = upper[column].strip() or filled.get((top, column), "").strip()
        if not above and not filled and groups and lower[column].strip():
            above = groups[-1]
        groups.append(above)
    headings = [lower[column].strip() or groups[column] for column in range(width)]
    groups = [group if lower[column].strip() else "" for column, group in enumerate(groups)]
    return Header(top=top, bottom=bottom, headings=tuple(headings), groups=tuple(groups), certainty=certainty)


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _is_title(row: list[str]) -> bool:
    return _filled(row) < 2


def _spans(rows: list[list[str]], index: int, filled: dict[tuple[int, int], str]) -> bool:
    """A row of merged cells, each over several columns, names the groups of the headings under it."""
    spanning = {value for (row, _), value in filled.items() if row == index}
    return (
        len(spanning) > 0
        and _filled(rows[index]) < _filled(rows[index + 1])
        and not _is_data([cell for cell in rows[index] if cell.strip()])
    )


def _has_names_under_spans(rows: list[list[str]], index: int, filled: dict[tuple[int, int], str]) -> bool:
    """The row below names the columns that merged headings span, and says nothing under the others."""
    spanned = {column for row, column in filled if row == index}
    spanned |= {column - 1 for column in spanned}
    if not spanned or index + 1 >= len(rows):
        return False
    below = {column for column, cell in enumerate(rows[index + 1]) if cell.strip()}
    cells = [cell for cell in rows[index + 1] if cell.strip()]
    return below == spanned and not _is_data(cells) and all(len(cell) <= LONG_HEADING for cell in cells)


def _completes(upper: list[str], lower: list[str]) -> bool:
    """The two rows make one heading when each fills columns the other leaves blank, and the lower one holds headings."""
    width = max(len(upper), len(lower))
    upper, lower = _padded(upper, width), _padded(lower, width)
    only_upper = sum(1 for a, b in zip(upper, lower, strict=True) if a.strip() and not b.strip())
    only_lower = sum(1 for a, b in zip(upper, lower, strict=True) if b.strip() and not a.strip())
    cells = [cell for cell in lower if cell.strip()]
    if (
        len(cells) < 2  # a lone cell under the headings is a banner
        or not (only_upper and only_lower)
        or _is_data(cells)
        or _is_data([cell for cell in upper if cell.strip()])
    ):
        return False
    if any(
        matches("columns", "example_row", plain(cell)) or matches("columns", "instruction_cell", plain(cell))
        for cell in cells
    ):
        return False
    return _vocabulary_hits(lower) >= 1 and not any(len(cell) > LONG_HEADING for cell in cells)
