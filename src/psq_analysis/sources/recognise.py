"""From a path to a reading: open the file, recognise its format, apply the mapping, turn any crash into a sentence."""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from docx.opc.exceptions import OpcError

from psq_analysis.sources.errors import AmbiguousFile, BadMapping, DamagedFile, NotATable
from psq_analysis.sources.files.decoding import SURE
from psq_analysis.sources.files.opening import open_document
from psq_analysis.sources.formats import (
    decidim,
    declared,
    demarches_simplifiees,
    emails,
    forms,
    framaforms,
    google_forms,
    grand_debat,
    iramuteq,
    limesurvey,
    minutes,
    plain_tables,
)
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Reject, Sheet
from psq_analysis.sources.questions_asked import only_asked

# One module per export format, each with `recognises(document)` and `read(document, mapping)`; the first that recognises reads.
READERS: dict[str, ModuleType] = {
    "fiches": forms,
    "courriels": emails,
    "compte_rendu": minutes,
    "iramuteq": iramuteq,
    "limesurvey": limesurvey,
    "framaforms": framaforms,
    "grand_debat": grand_debat,
    "decidim": decidim,
    "demarches_simplifiees": demarches_simplifiees,
    "google_forms": google_forms,
    "logiciel_enquete": declared,
    "tableur": plain_tables,
}


LONGEST_TITLE = 10  # rows typed above an export before it was passed on

# What the libraries underneath raise on content nobody foresaw; the analyst gets a sentence, the cause is kept for us.
_CRASHES = (
    ValueError, LookupError, AttributeError, TypeError, RecursionError, MemoryError, OSError, SyntaxError, EOFError,
    ArithmeticError, AssertionError, NotImplementedError, csv.Error, zipfile.BadZipFile, zlib.error, struct.error, OpcError,
)  # fmt: skip


def read_document(path: Path, mapping: Mapping) -> tuple[Document, Reading]:
    """Return what a file holds and what was understood of it.

    Raises a kind of :class:`~psq_analysis.errors.BadInput`, one French sentence, for any file that cannot be read.
    """
    own = mapping.for_file(path.name)
    try:
        document = open_document(path, own)
        reading = only_asked(_read(document, own), own)
    except _CRASHES as error:
        raise DamagedFile(
            f"{path.name} : le contenu n'a pas pu être compris ({type(error).__name__}) ; ouvrez le fichier dans un tableur "
            "et enregistrez-le à nouveau en XLSX, ou refaites l'export."
        ) from error
    if document.encoding_certainty < SURE:
        raise AmbiguousFile(
            f"{path.name} : l'encodage du texte n'est pas sûr (peut-être {document.encoding}) ; indiquez-le dans une "
            "correspondance (« encodage: cp1252 », par exemple), ou enregistrez le fichier en UTF-8.",
            reading,
        )
    if own.wave:
        for contribution in reading.contributions:
            contribution.wave = contribution.wave or own.wave
    return document, reading


def _read(document: Document, mapping: Mapping) -> Reading:
    """Read a document, or what stands below the title somebody typed above an export of software; rows keep their numbers."""
    reader = reader_of(document, mapping)
    titles = _titles_above(document)
    if reader is plain_tables and titles and mapping.source_format is None and mapping.header_row is None:
        below = replace(document, sheets=[_below(sheet, titles) for sheet in document.sheets])
        own = reader_of(below, mapping)
        if own is not plain_tables:
            return _moved(own.read(below, mapping), titles)
    return reader.read(document, mapping)


def _titles_above(document: Document) -> int:
    """How many rows of at most one cell, or none, stand above the first sheet's table; the same above all its sheets, else none."""
    heights = {
        next((at for at, row in enumerate(sheet.rows[:LONGEST_TITLE]) if sum(map(bool, row)) > 1), 0)
        for sheet in document.sheets
    }
    return heights.pop() if len(heights) == 1 else 0


def _below(sheet: Sheet, rows: int) -> Sheet:
    def up(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(row - rows, column) for row, column in cells if row >= rows]

    def up_with(cells: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
        return {(row - rows, column): said for (row, column), said in cells.items() if row >= rows}

    return replace(
        sheet, rows=sheet.rows[rows:], numeric_cells=frozenset(up(sheet.numeric_cells)), struck=frozenset(up(sheet.struck)),
        merged_beside=up_with(sheet.merged_beside), merged_below=up_with(sheet.merged_below), unread=up_with(sheet.unread),
    )  # fmt: skip


def _moved(reading: Reading, rows: int) -> Reading:
    for contribution in reading.contributions:
        contribution.row += rows
    rejects = [
        replace(reject, row=None if reject.row is None else reject.row + rows) for reject in reading.rejects
    ]
    above = Reject(None, f"{rows} ligne(s) de titre au-dessus des en-têtes")
    headers = tuple(row + rows for row in reading.header_rows)
    return replace(reading, rejects=[*rejects, above], header_rows=headers)


def reader_of(document: Document, mapping: Mapping) -> ModuleType:
    """Return the reader of a document: the one the mapping names, or the first that recognises the content."""
    if mapping.source_format:
        if mapping.source_format not in READERS:
            raise BadMapping(
                f"correspondance : format inconnu « {mapping.source_format} » ; formats admis : {', '.join(READERS)}."
            )
        return READERS[mapping.source_format]
    for reader in READERS.values():
        if reader.recognises(document):
            return reader
    raise NotATable(
        f"{document.path_name} : ni tableau, ni compte rendu, ni courriels reconnus ; donnez l'export d'origine."
    )
