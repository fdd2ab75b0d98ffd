"""What the publication gate sees in a Word document: its paragraphs and tables, what is written around them, what it would fetch."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from lxml.etree import XMLSyntaxError

from psq_analysis.gate.counts import has_small_count
from psq_analysis.gate.downloads import UnreadableDownloadError, part_spots
from psq_analysis.gate.pages import Spot, table_spots
from psq_analysis.gate.words import place
from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.published_text import scan_text

QUOTE_STYLES = ("Quote", "Intense Quote")


def document_spots(content: bytes, *, min_cell: int) -> Iterator[Spot]:
    """Yield what should not be published in a DOCX: personal data, small groups, tables without headings, pictures without words, requests.

    Raises :class:`UnreadableDownloadError` when the file is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield from part_spots(parts)
        document = Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise UnreadableDownloadError("damaged") from error
    yield from _paragraphs(document, min_cell=min_cell)
    for number, table in enumerate(document.tables, start=1):
        yield from _table(table, place("table", number=number), min_cell=min_cell)
    for number, picture in enumerate(document.element.body.iter(qn("wp:docPr")), start=1):
        if not (picture.get("descr") or "").strip():
            yield Spot(place("picture", number=number), "alt")
    if not document.core_properties.title:
        yield Spot(place("file_name"), "title")


def _paragraphs(document: Word, *, min_cell: int) -> Iterator[Spot]:
    around = [part for section in document.sections for part in (section.header, section.footer)]
    written = [*document.paragraphs, *(one for part in around for one in part.paragraphs)]
    for number, paragraph in enumerate(written, start=1):
        at = place("paragraph", number=number)
        yield from (Spot(at, finding.type) for finding in scan_text(paragraph.text))
        if paragraph.style is not None and paragraph.style.name in QUOTE_STYLES:
            yield from (Spot(at, span.type) for span in find_personal_data(paragraph.text))
        if has_small_count(paragraph.text, min_cell=min_cell):
            yield Spot(at, "small_cell")


def _table(table: Table, at: str, *, min_cell: int) -> Iterator[Spot]:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    if not rows:
        return
    if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is None:
        yield Spot(at, "header")
    for row, values in enumerate(rows, start=1):
        for column, text in enumerate(values, start=1):
            for finding in scan_text(text):
                yield Spot(f"{at}, {place('row', row=row, column=column)}", finding.type)
    for row, column, kind in table_spots(rows[0], rows[1:], caption="", min_cell=min_cell):
        yield Spot(f"{at}, {place('row', row=row + 1, column=column)}", kind)
