"""Open a file into a document: workbook, Word minutes, JSON, delimited text or plain text, told by content alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from psq_analysis.sources.errors import DamagedFile, EmptyFile, NotATable, RefusedFile
from psq_analysis.sources.files.decoding import decode, repair
from psq_analysis.sources.files.delimited import SEPARATORS, Dialect, find_dialect, rows_of, unwrapped
from psq_analysis.sources.files.docx import read_word
from psq_analysis.sources.files.guard import container_of, is_markup, page_without_table, refuse_markup
from psq_analysis.sources.files.html import tables_of_page
from psq_analysis.sources.files.mail import read_mails
from psq_analysis.sources.files.msg import read_msg
from psq_analysis.sources.files.odt import read_odt
from psq_analysis.sources.files.spreadsheets import MAX_CELLS, MAX_COLUMNS, read_workbook
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Sheet

_EXCEL_HINT = re.compile(
    r"\ufeff?\"?sep=(.)\"?[^\n\r\w]*\r?\n"
)  # « sep=; », which tells Excel the separator, is no row
MAX_TEXT_BYTES = (
    100_000_000  # five times 70,000 questionnaires; more does not fit in 1 GiB once cut into cells
)
MAX_ROWS = 2_000_000  # thirty national consultations
BINARY_SHARE = 0.02  # more control characters than this and the « text » is not text
WRITTEN = {"docx": read_word, "odt": read_odt}
WORKBOOKS = ("xlsx", "xlsb", "xls", "ods")


def open_document(path: Path, mapping: Mapping) -> Document:
    """Return the content of a file, every cell as repaired text.

    Raises a kind of :class:`~psq_analysis.errors.BadInput` for what is missing, empty, refused, damaged or not text.
    """
    container = container_of(path)
    document = Document(path.name, container)
    if container in WORKBOOKS:
        sheets, document.rejects = read_workbook(path)
        document.sheets = [_repaired(sheet, document) for sheet in sheets]
    elif container in WRITTEN:
        word = WRITTEN[container](path, document.repairs)
        document.paragraphs, document.sheets, document.rejects = word.paragraphs, word.sheets, word.rejects
    elif container == "msg":
        document.container, document.mails = "mail", [read_msg(path)]
    elif (mails := read_mails(path)) is not None:
        document.container, document.mails = "mail", mails
    else:
        _open_text(path, document, mapping)
    return document


def _repaired(sheet: Sheet, document: Document) -> Sheet:
    rows = [[repair(cell, document.repairs) if cell else cell for cell in row] for row in sheet.rows]
    return replace(sheet, rows=rows)


def _open_text(path: Path, document: Document, mapping: Mapping) -> None:
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise RefusedFile(
            f"{path.name} : le fichier dépasse {MAX_TEXT_BYTES // 1_000_000} Mo ; découpez-le en plusieurs exports."
        )
    text, document.encoding, document.encoding_certainty, repairs = decode(
        path.read_bytes(), encoding=mapping.encoding, name=path.name
    )
    document.repairs.update(repairs)
    if "\x00" in text:
        document.repairs["caractères de contrôle retirés"] += text.count("\x00")
        text = text.replace("\x00", "")
    text = text.replace("\r\r\n", "\r\n")  # a line end translated twice is one line end
    if not text.strip():
        raise EmptyFile(f"{path.name} : le fichier ne contient que des blancs ; refaites l'export.")
    if sum(character < " " and character not in "\t\r\n\f" for character in text[:4000]) > BINARY_SHARE * len(
        text[:4000]
    ):
        raise DamagedFile(
            f"{path.name} : le contenu n'est pas du texte ; refaites l'export en CSV (UTF-8) ou en XLSX."
        )
    if is_markup(text):
        _open_page(path, document, text)
        return
    if text.lstrip()[:1] in "[{":
        value = _json(text)
        if value is not None:
            _open_json(path, document, value)
            return
    document.text = text
    hint = _EXCEL_HINT.match(text)
    if hint:
        text = text[hint.end() :]
    if max(text.count(mark) for mark in SEPARATORS) > MAX_CELLS or text.count("\n") > MAX_ROWS:
        raise RefusedFile(
            f"{path.name} : le fichier a trop de cellules pour être lu d'un coup ; découpez-le en plusieurs fichiers."
        )
    dialect = find_dialect(text, separator=mapping.separator or (hint[1] if hint else None))
    if dialect is None and text.count('"') > text.count("\n") and text.lstrip().startswith('"'):
        whole = unwrapped(text)
        dialect = find_dialect(whole)
        text = whole if dialect else text
    document.separator = dialect.separator if dialect else None
    try:
        rows = rows_of(text, dialect or Dialect("\x1f", False, 1, 1.0))
    except DamagedFile as trouble:
        raise DamagedFile(f"{path.name} : {trouble}") from None
    width = max((len(row) for row in rows[:50]), default=0)
    if width > MAX_COLUMNS:
        raise RefusedFile(
            f"{path.name} : le fichier a {width} colonnes, au-delà de {MAX_COLUMNS} ; exportez seulement les colonnes utiles."
        )
    document.sheets = [_repaired(Sheet("", rows), document)]


def _open_page(path: Path, document: Document, text: str) -> None:
    """The tables of a page, or of the XML that Excel 2003 wrote: what many sites send under the name « .xls »."""
    refuse_markup(path, text)
    tables = tables_of_page(text, most_cells=MAX_CELLS)
    if tables is None:
        raise RefusedFile(
            f"{path.name} : le fichier a trop de cellules pour être lu d'un coup ; découpez-le en plusieurs fichiers."
        )
    if not tables:
        raise page_without_table(path)
    document.container = "html"
    document.sheets = [_repaired(Sheet(name=name, rows=rows), document) for name, rows in tables]


def _json(text: str) -> object | None:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        pass
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return (
            [json.loads(line) for line in lines]
            if lines and all(line.lstrip()[0] == "{" for line in lines)
            else None
        )
    except (json.JSONDecodeError, RecursionError):
        return None


def _open_json(path: Path, document: Document, value: object) -> None:
    if isinstance(value, dict):
        lists = [
            item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)
        ]
        value = lists[0] if len(lists) == 1 and "cells" not in value else None
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        raise NotATable(
            f"{path.name} : ce fichier JSON n'est pas une liste de contributions (export Decidim, par exemple) ; "
            "exportez les réponses en CSV ou en XLSX."
        )
    flat = [_flattened(item) for item in value]
    headings = list(dict.fromkeys(key for item in flat for key in item))
    if len(headings) > MAX_COLUMNS:
        raise RefusedFile(
            f"{path.name} : le fichier a {len(headings)} champs, au-delà de {MAX_COLUMNS} ; exportez moins de champs."
        )
    document.container = "json"
    rows = [headings, *([item.get(heading, "") for heading in headings] for item in flat)]
    document.sheets = [_repaired(Sheet("", rows), document)]


def _flattened(item: dict[str, object], prefix: str = "") -> dict[str, str]:
    """Nested objects become headings with a slash, as in the CSV of the same export: ``{"title": {"fr": …}}`` → ``title/fr``."""
    flat: dict[str, str] = {}
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat.update(_flattened(value, f"{name}/"))
        elif isinstance(value, list):
            flat[name] = ", ".join(str(part) for part in value if not isinstance(part, (dict, list)))
        elif isinstance(value, bool):
            flat[name] = "true" if value else "false"
        else:
            flat[name] = "" if value is None else str(value)
    return flat
