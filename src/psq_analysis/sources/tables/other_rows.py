"""Rows that are not a respondent: blank, of the wrong width, totals, examples, instructions, notes, repeated headings."""

from __future__ import annotations

import re

from psq_analysis.sources.model import Column, Role
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

FIRST_ROWS = 3  # instructions and examples stand in the first rows under the headings

_SINGLE_CELL_NOTES = (Role.IDENTIFIER, Role.DATE, Role.FORBIDDEN, Role.CLOSED_ANSWER, Role.IGNORED)


def trouble_of_row(
    row: list[str], columns: list[Column], header: Header, *, position: int, typed_by_hand: bool
) -> str | None:
    """Return why a row is not a respondent, in French, or None; ``position`` counts from 0 under the headings."""
    if not any(cell.strip() for cell in row):
        return "ligne vide"
    width = len(header.headings)
    if len(row) > width and any(cell.strip() for cell in row[width:]):
        return f"{len(row)} champs au lieu de {width} : une séparation de trop, la ligne n'est pas découpée au hasard"
    missing = [column for column in columns if column.index >= len(row)]
    if missing and any(not column.heading.startswith("colonne ") for column in missing):
        return f"{len(row)} champs au lieu de {width} : la ligne est incomplète"
    filled = [(index, cell.strip()) for index, cell in enumerate(row[:width]) if cell.strip()]
    if len(filled) > 1 and all(plain(cell) == plain(header.headings[index]) for index, cell in filled):
        return "en-têtes répétés"
    return (
        _typed_by_hand(filled, {column.index: column for column in columns}, position)
        if typed_by_hand
        else None
    )


def _typed_by_hand(filled: list[tuple[int, str]], columns: dict[int, Column], position: int) -> str | None:
    free = {index for index, column in columns.items() if column.role is Role.FREE_TEXT}
    first_index, first = filled[0]
    words = plain(first)
    if matches("columns", "total_row", words) and (first_index not in free or len(words.split()) <= 3):
        return "ligne de total"
    if position < FIRST_ROWS and _is_example(filled, free):
        return "ligne d'exemple"
    if position < FIRST_ROWS and _is_instruction(filled):
        return "ligne de consigne"
    if len(filled) == 1 and len(columns) > 2 and _is_note(first, words, columns.get(first_index)):
        return "note ou intertitre, sans répondant"
    if len(filled) == 1 and len(columns) > 3 and _is_number_only(first, columns.get(first_index)):
        return "ligne numérotée mais vide"
    return None


def _is_example(filled: list[tuple[int, str]], free: set[int]) -> bool:
    return any(
        matches("columns", "example_row", plain(cell)) and (index not in free or len(cell.split()) < 12)
        for index, cell in filled
    )


def _is_instruction(filled: list[tuple[int, str]]) -> bool:
    told = sum(
        1
        for _, cell in filled
        if re.fullmatch(r"\(.*\)", cell) or matches("columns", "instruction_cell", plain(cell))
    )
    return told >= 2 or (told == 1 and len(filled) == 1) or told >= len(filled) / 2


def _is_note(cell: str, words: str, column: Column | None) -> bool:
    if re.match(r"^\s*(\(\*+\)|\*+\s|—|--)", cell) or matches("columns", "note_row", words):
        return True
    if column is None or column.role in (Role.FREE_TEXT, Role.COMMUNE, Role.STAKEHOLDER):
        return False
    return (
        column.role in _SINGLE_CELL_NOTES
        and not re.fullmatch(r"[\d.,/ -]+", cell)
        and parse_date(cell) is None
    )


def _is_number_only(cell: str, column: Column | None) -> bool:
    return column is not None and column.role is Role.IDENTIFIER and bool(re.fullmatch(r"[\d.]+", cell))
