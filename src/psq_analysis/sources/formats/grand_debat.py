"""Grand débat and other Cap Collectif exports (CSV): a heading is an encoded identifier and the question."""

from __future__ import annotations

import re

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import is_false
from psq_analysis.sources.vocabulary import plain

_ENCODED = re.compile(r"^(?=[A-Za-z0-9+/=]*\d)[A-Za-z0-9+/]{8,}={0,2}\s+-\s+(?P<text>\S.*)$", re.DOTALL)
_SYSTEM = {
    "id", "reference", "title", "createdat", "publishedat", "updatedat", "trashed", "trashedstatus", "authorid", "authortype",
    "authorzipcode",
}  # fmt: skip
_ENOUGH_SYSTEM_COLUMNS = 5  # createdAt, trashed, authorType… together occur in no other export
_ROLES = (
    (r"^id$", Role.IDENTIFIER),
    (r"^reference$", Role.IDENTIFIER),
    (r"^title$", Role.CLOSED_ANSWER),
    (r"^(createdAt|updatedAt|trashed|trashedStatus)$", Role.IGNORED),
    (r"^publishedAt$", Role.DATE),
    (r"^author(Id|Name|Url|Email)?$", Role.FORBIDDEN),
    (r"^authorZipCode$", Role.POSTCODE),
)


def recognises(document: Document) -> bool:
    """Tell whether the headings are Cap Collectif's: its own columns, or two questions with an encoded identifier."""
    return any(_is_own(sheet) for sheet in document.sheets)


def _is_own(sheet: Sheet) -> bool:
    headings = sheet.rows[0]
    own = sum(1 for heading in headings if heading.strip().lower() in _SYSTEM)
    encoded = sum(1 for heading in headings if _ENCODED.match(heading))
    return own >= _ENOUGH_SYSTEM_COLUMNS or (encoded >= 2 and own >= 2)


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per row; one put in the bin by moderators (``trashed``) counts as incomplete."""
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(
        name=f"grand_debat_{suffix}", roles=_ROLES, question=_question, is_complete=_is_complete, header_row=1
    )
    own = [sheet for sheet in document.sheets if _is_own(sheet)] or document.sheets[:1]
    return read_own_sheets(document, own, table_format, mapping)


def _question(heading: str, group: str) -> tuple[str, str]:
    encoded = _ENCODED.match(heading)
    return heading, encoded["text"] if encoded else heading


def _is_complete(row: dict[str, str]) -> bool:
    by_name = {plain(heading): value for heading, value in row.items() if value}
    is_binned = any(not is_false(by_name[name]) for name in ("trashed", "is trashed") if name in by_name)
    return not is_binned and not any(
        is_false(by_name[name]) for name in ("published", "is published") if name in by_name
    )
