"""Google Forms exports (CSV, XLSX): the first column is the time stamp, grids are « Intitulé [ligne] »."""

from __future__ import annotations

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role
from psq_analysis.sources.tables.sheet import read_sheet
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import plain

_STAMPS = ("horodateur", "timestamp", "horodatage")
_ROLES = (
    (r"^(horodateur|timestamp|horodatage)$", Role.DATE),
    (r"^(nom d.utilisateur|username|adresse e-mail|email address)$", Role.FORBIDDEN),
    (r"^(score|note obtenue)$", Role.IGNORED),
)


def recognises(document: Document) -> bool:
    """Tell whether the first heading is Google's time stamp."""
    return (
        bool(document.sheets)
        and plain(document.sheets[0].rows[0][0] if document.sheets[0].rows[0] else "") in _STAMPS
    )


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per answer sent."""
    suffix = "csv" if document.container == "text" else document.container
    return read_sheet(
        document,
        document.sheets[0],
        TableFormat(name=f"google_forms_{suffix}", roles=_ROLES, header_row=1),
        mapping,
    )
