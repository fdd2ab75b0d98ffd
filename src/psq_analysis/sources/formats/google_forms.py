"""Google Forms exports (CSV, XLSX): the first column is the time stamp, grids are « Intitulé [ligne] »."""

from __future__ import annotations

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import plain

_STAMPS = ("horodateur", "timestamp", "horodatage")
_ROLES = (
    (r"^(horodateur|timestamp|horodatage)$", Role.DATE),
    (r"^(nom d.utilisateur|username|adresse e-mail|email address)$", Role.FORBIDDEN),
    (r"^(score|note obtenue)$", Role.IGNORED),
)


def recognises(document: Document) -> bool:
    """Tell whether the first heading of a sheet is Google's time stamp."""
    return any(_is_own(sheet) for sheet in document.sheets)


def _is_own(sheet: Sheet) -> bool:
    return bool(sheet.rows[0]) and plain(sheet.rows[0][0]) in _STAMPS


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per answer sent; a form linked again to its workbook has several sheets of answers."""
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(name=f"google_forms_{suffix}", roles=_ROLES, header_row=1)
    return read_own_sheets(
        document, [sheet for sheet in document.sheets if _is_own(sheet)], table_format, mapping
    )
