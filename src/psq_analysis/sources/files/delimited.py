"""Delimited text to rows: the separator is the one that gives the same number of fields on every row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from psq_analysis.sources.errors import DamagedFile

MAX_CELL_CHARACTERS = 2_000_000  # spreadsheets stop at 32,767; a longer cell is a quotation mark never closed
csv.field_size_limit(MAX_CELL_CHARACTERS)

SEPARATORS = (";", ",", "\t", "|")
SEPARATOR_NAMES = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
MAX_REREAD = 20  # times the file may be read again after quotation marks never closed; more is not a table
_STRAY_QUOTE = r'[^{mark}\s"]\s?"\s?[^{mark}\s"]'  # a quotation mark with words on both sides
SAMPLE_RECORDS = 3000  # enough rows to tell a separator; the whole file is then read once
EVERYWHERE = (
    0.9  # share of rows that hold the separator at all, when damaged rows hide the common number of fields
)
CONSISTENT = 0.6  # share of rows with the commonest number of fields; below it no separator is credible


@dataclass(frozen=True)
class Dialect:
    """How the fields of a file are told apart."""

    separator: str
    backslash_escapes: bool
    fields: int
    consistency: float


def find_dialect(text: str, *, separator: str | None = None) -> Dialect | None:
    """Return the dialect with the most consistent rows, or None when no separator gives two fields.

    A separator is also credible when the first row and most others agree on it although many rows are damaged: each
    damaged row is then a reject of its own.

    >>> find_dialect("nom;avis\\nAuch;Plus de rondes, de jour\\nVic;Rien\\n").separator
    ';'
    >>> find_dialect("une simple phrase\\nune autre, plus longue\\n") is None
    True
    """
    candidates = []
    for rank, mark in enumerate([separator] if separator else SEPARATORS):
        if mark not in text:
            continue
        for backslash in (False, True) if '\\"' in text else (False,):
            counts = _field_counts(text, mark, backslash)
            dialect = _credible(counts, mark, backslash, is_told=separator is not None)
            if dialect:
                order = (round(dialect.consistency, 2), _is_sound(text, dialect), dialect.fields, -rank)
                candidates.append((order, dialect))
    return max(candidates, key=lambda candidate: candidate[0])[1] if candidates else None


def _is_sound(text: str, dialect: Dialect) -> bool:
    """Every quotation mark of the first rows is where this dialect allows one."""
    reader = csv.reader(_lines(text), strict=True, **_options(dialect))
    try:
        for number, _ in enumerate(reader):
            if number >= SAMPLE_RECORDS:
                break
    except csv.Error:
        return False
    return True


def unwrapped(text: str) -> str:
    """Undo the quoting of whole lines, as some mail gateways do it: ``"a,""b, c\""`` → ``a,"b, c"``.

    >>> unwrapped('"nom,avis"\\n"Auch,""Plus de rondes, vite\"\"\"\\n')
    'nom,avis\\nAuch,"Plus de rondes, vite"'
    """
    return "\n".join(record[0] for record in csv.reader(_lines(text), delimiter="\x1f") if record)


def _credible(counts: list[int], mark: str, backslash: bool, *, is_told: bool) -> Dialect | None:
    several = Counter(count for count in counts if count > 1)
    if not several:
        return None
    fields, rows = max(several.items(), key=lambda item: (item[1], item[0] == counts[0], item[0]))
    consistency = rows / len(counts)
    everywhere = sum(several.values()) >= EVERYWHERE * len(counts) and counts[0] == fields and rows > 1
    if consistency >= CONSISTENT or everywhere or is_told:
        return Dialect(mark, backslash, fields, consistency)
    return None


def _field_counts(text: str, separator: str, backslash: bool) -> list[int]:
    counts: list[int] = []
    reader = csv.reader(
        _lines(text), delimiter=separator, skipinitialspace=separator != "\t", **_escape(backslash)
    )
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                counts.append(len(record))
            if len(counts) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        return counts
    return counts


def _escape(backslash: bool) -> dict[str, Any]:
    return {"escapechar": "\\", "doublequote": True} if backslash else {}


def _options(dialect: Dialect) -> dict[str, Any]:
    return {
        "delimiter": dialect.separator,
        "skipinitialspace": dialect.separator != "\t",
        **_escape(dialect.backslash_escapes),
    }


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def rows_of(text: str, dialect: Dialect) -> list[list[str]]:
    """Return every record of the text; a quotation mark never closed costs its own line, not the rest of the file.

    >>> rows_of('a;b\\n"ouvert;1\\n2;3\\n', Dialect(";", False, 2, 1.0))
    [['a', 'b'], ['ouvert', '1'], ['2', '3']]
    """
    lines = _lines(text).readlines()
    if "\n" not in text and "\r" in text:
        lines = text.splitlines(keepends=True)
    options = _options(dialect)
    stray = re.compile(_STRAY_QUOTE.format(mark=re.escape(dialect.separator)))
    rows: list[list[str]] = []
    position = reread = 0
    while position < len(lines):
        line = lines[position]
        record, spanned = _next_record(lines, position, options)
        if spanned > 1 and _is_swallowing(record, dialect, lines[position : position + spanned], options):
            reread += spanned
            if reread > MAX_REREAD * len(lines):
                raise DamagedFile(
                    "des guillemets ouverts et jamais fermés rendent les lignes indistinctes ; "
                    "refaites l'export, ou enregistrez le tableau en XLSX."
                )
            record, spanned = _without_quoting(line, options), 1
        elif spanned == 1 and '"' in line and stray.search(line.replace('""', "")):
            record = _with_stray_quotes(line, dialect) or record
        rows.append(record)
        position += spanned
    return rows


def _next_record(lines: list[str], position: int, options: dict[str, Any]) -> tuple[list[str], int]:
    """The record that starts at a line and the lines it spans; a cell beyond all measure spans everything and has no field."""
    reader = csv.reader((lines[index] for index in range(position, len(lines))), **options)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        if reader.line_num <= 1:
            raise DamagedFile(
                f"une cellule dépasse {MAX_CELL_CHARACTERS // 1_000_000} millions de caractères (ligne {position + 1}) ; "
                "ce n'est pas une réponse : refaites l'export."
            ) from None
        return [], reader.line_num


def _is_swallowing(record: list[str], dialect: Dialect, lines: list[str], options: dict[str, Any]) -> bool:
    """A record over several lines with the wrong number of fields, whose later lines are whole rows of their own."""
    if len(record) == dialect.fields:
        return False
    whole = sum(1 for line in lines[1:] if len(next(csv.reader([line], **options), [])) == dialect.fields)
    return whole > 0


def _with_stray_quotes(line: str, dialect: Dialect) -> list[str] | None:
    """Fields of a line whose author wrote quotation marks inside quoted fields without doubling them."""
    line = line.strip("\r\n ")
    if dialect.backslash_escapes or not (line.startswith('"') and line.endswith('"')):
        return None
    fields = re.split(rf'"\s*{re.escape(dialect.separator)}\s*"', line[1:-1])
    return [field.replace('""', '"') for field in fields] if len(fields) == dialect.fields else None


def _without_quoting(line: str, options: dict[str, Any]) -> list[str]:
    """Fields of a line with a quotation mark never closed."""
    fields = next(csv.reader([line.rstrip("\r\n")], quoting=csv.QUOTE_NONE, **options), [])
    return [field.strip().removeprefix('"').removesuffix('"').replace('""', '"') for field in fields]
