"""Rows that are not a respondent: blank, of the wrong width, codes, totals, examples, instructions, notes, banners, withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from psq_analysis.sources.errors import CUT
from psq_analysis.sources.model import PLACE_ROLES, Column, Contribution, Reject, Role, Sheet
from psq_analysis.sources.tables.banners import day_in_title, place_in_title, place_of_banner, voice_of_group
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

FIRST_ROWS = 3  # instructions and examples stand in the first rows under the headings
EXCEL_LIMIT = 32_767  # characters a spreadsheet cell can hold: a text of exactly that length was cut
CHOICE_WORDS = 4  # a choice ticked beside « test », in a column not yet known to be one
WORDS_SAID = 4  # in an answer
ANSWERS_TOO = {"moyenne", "moyennes"}  # beside a remark: rows of totals say nothing
FEW_ROWS = 4  # below a total, so few rows are notes
ASIDE = "colonne mise à l'écart par prudence"

_SINGLE_CELL_NOTES = (Role.IDENTIFIER, Role.DATE, Role.FORBIDDEN, Role.CLOSED_ANSWER, Role.IGNORED)
_MARKED = (Role.STAKEHOLDER, Role.COMMUNE, Role.IDENTIFIER, Role.FORBIDDEN)
_ERROR = re.compile(
    r"^(?:#(?:NOM|NAME|N/?A|VALEUR|VALUE|REF|DIV/0|NUL|NULL|NUM|NOMBRE|SPILL|PROPAGATION)[!?]?\s*|#{4,}|Err:\d{3})$",
    re.IGNORECASE,
)
_CODE_CELL = re.compile(
    r"^(?:\{\"?ImportId.*|Q?\d+(?:_\d+)*(?:_TEXT)?|[A-Z]+\d+\w*(?:\[\w+\])*|[a-z]+\d*|\d+X\d+X\w+|[A-Za-z]\w{0,30})$"
)
_CODE_ROW_NAMES = {
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "seed",
    "startdate",
    "datestamp",
    "ipaddr",
    "token",
    "refurl",
}


@dataclass
class SortedRows:
    """The rows that are respondents and those that are not; where banners and the title place the former."""

    kept: list[tuple[int, list[str]]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    has_place: bool = False
    title_place: str | None = None
    title_day: str | None = None
    title_voice: str | None = None

    def place(self, contribution: Contribution) -> None:
        """Give a contribution the commune and the day its row did not say."""
        if not self.has_place:
            contribution.commune = (
                contribution.commune or self.places.get(contribution.row) or self.title_place
            )
        contribution.stakeholder = contribution.stakeholder or self.title_voice
        contribution.submitted_on = contribution.submitted_on or self.title_day


def sort_rows(
    sheet: Sheet, body: list[list[str]], columns: list[Column], header: Header, table_format: TableFormat
) -> SortedRows:
    """Return each row under the headings, kept or rejected with its reason."""
    typed_by_hand = table_format.typed_by_hand
    found = SortedRows(has_place=any(column.role in PLACE_ROLES for column in columns))
    if typed_by_hand:
        title = " ".join(cell for row in sheet.rows[: max(header.top, 0)] for cell in row if cell.strip())
        found.title_place = place_in_title(title) or place_in_title(sheet.name)
        found.title_voice = (
            None if any(column.role is Role.STAKEHOLDER for column in columns) else voice_of_group(sheet.name)
        )
        found.title_day = (
            None
            if any(column.role is Role.DATE for column in columns)
            else day_in_title(title) or day_in_title(sheet.name)
        )
    banner: str | None = None
    after_total = _last_total(body, columns) if typed_by_hand else None
    for position, row in enumerate(body):
        number = header.bottom + 2 + position
        reason = _trouble(row, columns, header, position=position)
        filled = [(index, cell.strip()) for index, cell in enumerate(row) if cell.strip()]
        reason = reason or table_format.trouble(header.headings, row)
        reason = reason or ("réponse d'essai" if _is_trial(row, columns) else None)
        if reason is None and _is_struck(sheet, number - 1, filled, columns):
            reason = "ligne rayée : retirée par son auteur ou par l'administration"
        if reason is None and typed_by_hand:
            place = place_of_banner(filled[0][1]) if _is_banner(filled, columns) else None
            banner = place or banner
            reason = "ligne bandeau : donne la commune des lignes qui suivent" if place else None
            reason = reason or _typed_by_hand(filled, {column.index: column for column in columns}, position)
        if reason is None and after_total is not None and position > after_total:
            reason = "sous le total : note ou ligne retirée"
        if reason:
            found.rejects.append(Reject(number, reason, sheet=sheet.name or None))
            continue
        found.kept.append((number, row))
        if banner:
            found.places[number] = banner
    return found


def _is_trial(row: list[str], columns: list[Column]) -> bool:
    """Whoever made the form tried it: all they wrote is « test »."""
    written = [
        plain(row[column.index])
        for column in columns
        if column.role is Role.FREE_TEXT and row[column.index].strip()
    ]
    trials = [words for words in written if matches("columns", "trial", words)]
    return bool(trials) and all(words in trials or len(words.split()) <= CHOICE_WORDS for words in written)


def _is_banner(filled: list[tuple[int, str]], columns: list[Column]) -> bool:
    if len(filled) != 1 or len(columns) < 3:
        return False
    roles = {column.index: column.role for column in columns}
    return roles.get(filled[0][0]) is not Role.FREE_TEXT or len(filled[0][1].split()) <= 3


def _last_total(body: list[list[str]], columns: list[Column]) -> int | None:
    """Where the grand total of a sheet stands, when only a few rows without number or quality follow it."""
    free = {column.index for column in columns if column.role is Role.FREE_TEXT}
    numbered = [column.index for column in columns if column.role is Role.IDENTIFIER]
    totals = [
        position
        for position, row in enumerate(body)
        if (cells := [(index, cell) for index, cell in enumerate(row) if cell.strip()])
        and re.match(r"^total\b", plain(cells[0][1]))
        and (cells[0][0] not in free or len(cells[0][1].split()) <= 3)
    ]
    if not totals:
        return None
    below = [row for row in body[totals[-1] + 1 :] if any(cell.strip() for cell in row)]
    has_number = any(index < len(row) and row[index].strip() for row in below for index in numbered)
    return totals[-1] if len(below) <= FEW_ROWS and (numbered and not has_number) else None


def _is_struck(sheet: Sheet, row: int, filled: list[tuple[int, str]], columns: list[Column]) -> bool:
    """A row is withdrawn when all its words are struck through; a lone struck cell is left out by :func:`unread_cells`."""
    if not sheet.struck or not filled:
        return False
    written = {column.index for column in columns if column.role is Role.FREE_TEXT}
    words = [index for index, _ in filled if index in written] or [index for index, _ in filled]
    return all((row, index) in sheet.struck for index in words)


def _trouble(row: list[str], columns: list[Column], header: Header, *, position: int) -> str | None:
    """Return why a row is no respondent in any table, in French, or None; ``position`` counts from 0 under the headings."""
    if not any(cell.strip() for cell in row):
        return "ligne vide"
    width = len(header.headings)
    if len(row) > width:
        return f"{len(row)} champs au lieu de {width} : une séparation de trop, la ligne n'est pas découpée au hasard"
    missing = [column for column in columns if column.index >= len(row)]
    if missing and any(not column.heading.startswith("colonne ") for column in missing):
        return f"{len(row)} champs au lieu de {width} : la ligne est incomplète"
    filled = [(index, cell.strip()) for index, cell in enumerate(row) if cell.strip()]
    if len(filled) > 1 and all(plain(cell) == plain(header.headings[index]) for index, cell in filled):
        return "en-têtes répétés"
    if position < FIRST_ROWS and _is_code_row([cell for _, cell in filled]):
        return "ligne de codes des questions"
    return None


def _is_code_row(cells: list[str]) -> bool:
    """The second heading row of LimeSurvey (VV) or the third of Qualtrics: codes under every heading."""
    if sum(cell.startswith('{"ImportId"') for cell in cells) > len(cells) / 2:
        return True
    names = sum(plain(cell) in _CODE_ROW_NAMES for cell in cells)
    return names >= 3 and all(_CODE_CELL.match(cell) for cell in cells)


def _typed_by_hand(filled: list[tuple[int, str]], columns: dict[int, Column], position: int) -> str | None:
    free = {index for index, column in columns.items() if column.role is Role.FREE_TEXT}
    says = any(index in free and len(cell.split()) >= WORDS_SAID for index, cell in filled)
    for index, cell in filled[:3]:
        words = plain(cell)
        if (
            matches("columns", "total_row", words)
            and (index not in free or len(words.split()) <= 3)
            and not (says and words in ANSWERS_TOO)
        ):
            return "ligne de total"
        role = columns[index].role if index in columns else None
        is_mark = index == filled[0][0] or role in _MARKED
        if matches("columns", "withdrawn_row", words) and index not in free and is_mark:
            return "ligne retirée ou interne, d'après sa mention"
    first_index, first = filled[0]
    if position < FIRST_ROWS and (_is_example(filled, free) or _is_instruction(filled)):
        return "ligne d'exemple" if _is_example(filled, free) else "ligne de consigne"
    if len(filled) == 1 and len(columns) > 2 and _is_note(first, plain(first), columns.get(first_index)):
        return "note ou intertitre, sans répondant"
    is_empty = len(filled) == 1 and len(columns) > 3 and _is_number_only(first, columns.get(first_index))
    return "ligne numérotée mais vide" if is_empty else None


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


def unread_cells(sheet: Sheet, kept: list[tuple[int, list[str]]], columns: list[Column]) -> list[Reject]:
    """Blank the cells in error or struck through, in place, and return a reject for each, and one for each text that was cut."""
    rejects: list[Reject] = []
    told = [column for column in columns if column.role not in (Role.FORBIDDEN, Role.IGNORED)]
    for number, row in kept:
        for column in told:
            at = (number - 1, column.index)
            value = row[column.index]
            reason = sheet.unread.get(at)
            if _ERROR.match(value.strip()):
                reason = (
                    reason
                    or f"cellule en erreur ({value.strip()[:12]}) : son texte est perdu dans le fichier"
                )
                row[column.index] = ""
            elif at in sheet.struck and column.role is Role.FREE_TEXT:
                reason, row[column.index] = "cellule rayée : texte retiré", ""
            elif len(value) == EXCEL_LIMIT:
                reason = reason or CUT
            if reason:
                rejects.append(Reject(number, reason, column.heading, sheet.name or None))
    return rejects


def set_aside(columns: list[Column]) -> list[Reject]:
    """Name the columns whose role is not known."""
    return [
        Reject(None, ASIDE, column.heading, column.sheet or None)
        for column in columns
        if column.role is Role.FORBIDDEN and column.reason.startswith("mise à l'écart")
    ]
