"""What the publication gate sees in downloads: delimited text and workbooks, cell by cell; places, never content."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence

import openpyxl
from defusedxml.ElementTree import ParseError, fromstring

from psq_analysis.gate.pages import Spot, table_spots
from psq_analysis.gate.words import place
from psq_analysis.privacy.published_text import scan_text

# Bytes. Our largest download holds one row per published cell; a file that unfolds to more is no download of ours.
MAX_UNFOLDED = 200_000_000
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_SIGNED_NUMBER = re.compile(
    r"\s*[+-]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?(?:e[+-]?\d+)?[\s\u00a0\u202f]*%?\s*", re.IGNORECASE
)
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_XML_TAG = re.compile(r"<[^<>]*>")
_FETCHED_PART = re.compile(
    r"<Relationship\b(?![^>]*/hyperlink\")[^>]*TargetMode=\"External\"|WEBSERVICE\(|<dbPr |<webPr "
)
Rows = list[list[object]]


class UnreadableDownloadError(ValueError):
    """A download is damaged, or unfolds to far more than it should."""


def delimited_spots(text: str, *, min_cell: int) -> Iterator[Spot]:
    """Yield what should not be published in delimited text.

    >>> list(delimited_spots("Sujet;Répondants (n)\\n=1+1;4\\n", min_cell=11))
    [Spot(place='ligne 2, colonne 1', kind='formula'), Spot(place='ligne 2, colonne 2', kind='small_cell')]
    """
    body = text.removeprefix("\ufeff")
    first = body.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows: Rows = [list(row) for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator)]
    yield from _spots(rows, "", min_cell=min_cell)


def workbook_spots(content: bytes, *, min_cell: int) -> Iterator[Spot]:
    """Yield what should not be published in an XLSX or ODS workbook: cells, formulas, hidden sheets, properties, outside data.

    Raises :class:`UnreadableDownloadError` when the file is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield from part_spots(parts)
            is_opendocument = "content.xml" in parts.namelist()
            sheets = _opendocument(parts) if is_opendocument else _excel(content)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, ParseError, OSError) as error:
        raise UnreadableDownloadError("damaged") from error
    for number, (is_hidden, rows) in enumerate(sheets, start=1):
        at = place("sheet", number=number)
        if is_hidden:
            yield Spot(at, "hidden_sheet")
        yield from _spots(rows, f"{at}, ", min_cell=min_cell)


def _spots(rows: Rows, at: str, *, min_cell: int) -> Iterator[Spot]:
    found: list[tuple[int, int, str]] = []
    cells = [
        (row, column, str(value))
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is not None and str(value).strip()
    ]
    for finding in scan_text("\n".join(" ".join(text.split()) for _, _, text in cells)):
        row, column, _ = cells[finding.line - 1]
        found.append((row, column, finding.type))
    for row, column, text in cells:
        if _FORMULA.match(text) and not _SIGNED_NUMBER.fullmatch(text):
            found.append((row, column, "formula"))
    header = next((at for at, row in enumerate(rows) if sum(value not in (None, "") for value in row) > 1), 0)
    if rows:
        headings = ["" if value is None else str(value) for value in rows[header]]
        body = rows[header + 1 :]
        found += [
            (row + header + 1, column, kind)
            for row, column, kind in table_spots(headings, body, caption="", min_cell=min_cell)
        ]
    for row, column, kind in sorted(set(found)):
        yield Spot(at + place("row", row=row, column=column), kind)


def part_spots(parts: zipfile.ZipFile) -> Iterator[Spot]:
    """Look at every part of the archive as text: properties, comments, names, links to other data.

    Raises :class:`UnreadableDownloadError` before reading any, when they unfold to too much.
    """
    if sum(part.file_size for part in parts.infolist()) > MAX_UNFOLDED:
        raise UnreadableDownloadError("unfolds to too much")
    for number, name in enumerate(sorted(parts.namelist()), start=1):
        text = parts.read(name).decode("utf-8", "replace")
        at = place("part", part=number if scan_text(name) else name)
        if name.startswith("docProps/") or name == "meta.xml" or "comment" in name.lower():
            for finding in scan_text(_XML_TAG.sub(" ", text)):
                yield Spot(at, finding.type)
        if _FETCHED_PART.search(text) or name.startswith("xl/externalLinks/"):
            yield Spot(at, "request")


def _excel(content: bytes) -> Sequence[tuple[bool, Rows]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        (sheet.sheet_state != "visible", [list(row) for row in sheet.iter_rows(values_only=True)])
        for sheet in book.worksheets
    ]


def _opendocument(parts: zipfile.ZipFile) -> Sequence[tuple[bool, Rows]]:
    """Read the sheets of an ODS; what is repeated is read once, in its first place."""
    root = fromstring(parts.read("content.xml"))
    sheets = []
    for sheet in root.iter(f"{_TABLE}table"):
        rows: Rows = []
        for row in sheet.iter(f"{_TABLE}table-row"):
            values: list[object] = []
            for cell in row.iter(f"{_TABLE}table-cell"):
                formula = cell.get(f"{_TABLE}formula")
                text = "\n".join("".join(line.itertext()) for line in cell)
                number = cell.get(f"{_OFFICE}value")
                values.append(f"={formula}" if formula else number if number and not text else text)
                # columns stay in step with their headings; the blank tail of a row does not matter
                repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                values += [None] * (min(repeated, 100) - 1)
            rows.append(values)
        is_hidden = sheet.get(f"{_TABLE}display") == "false"
        sheets.append((is_hidden, rows))
    return sheets
