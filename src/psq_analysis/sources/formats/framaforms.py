"""Framaforms and other Drupal webform exports (tab, bar, comma): title, groups, then headings, on one to three rows."""

from __future__ import annotations

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import is_false
from psq_analysis.sources.vocabulary import plain

_SYSTEM = {
    "numero de serie", "sid", "heure de soumission", "completed time", "modified time", "brouillon", "adresse ip", "uid",
    "nom d utilisateur", "serial", "submitted time", "draft", "ip address", "username", "heure d achevement",
    "heure de modification", "temps de soumission", "numero", "identifiant de soumission",
}  # fmt: skip
_ENOUGH_SYSTEM_COLUMNS = 4  # serial number, SID, draft, UID… together occur in no other export
_LOOKED_AT = 5
_ROLES = (
    (r"^(numéro de série|serial|numéro)$", Role.IDENTIFIER),
    (r"^(sid|uid|adresse ip|ip address|nom d.utilisateur|username)$", Role.FORBIDDEN),
    (r"^(heure de soumission|submitted time|temps de soumission)$", Role.DATE),
    (
        r"^(completed time|modified time|heure d.achèvement|heure de modification|brouillon|draft)$",
        Role.IGNORED,
    ),
)


def recognises(document: Document) -> bool:
    """Tell whether one of the first rows holds the webform's own columns."""
    return any(_heading_row(sheet) is not None for sheet in document.sheets)


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per submission; a draft counts as incomplete."""
    suffix = (
        document.container if document.container != "text" else "tsv" if document.separator == "\t" else "csv"
    )
    table_format = TableFormat(
        name=f"framaforms_webform_{suffix}", roles=_ROLES, question=_question, is_complete=_is_complete
    )
    own = [sheet for sheet in document.sheets if _heading_row(sheet) is not None] or document.sheets[:1]
    return read_own_sheets(document, own, table_format, mapping, _header)


def _heading_row(sheet: Sheet) -> int | None:
    for index, row in enumerate(sheet.rows[:_LOOKED_AT]):
        if len({plain(cell) for cell in row} & _SYSTEM) >= _ENOUGH_SYSTEM_COLUMNS:
            return index
    return None


def _header(sheet: Sheet) -> Header:
    rows = sheet.rows
    bottom = _heading_row(sheet) or 0
    width = max(len(row) for row in rows[: bottom + 1])
    above = [cell.strip() for cell in rows[bottom - 1]] + [""] * width if bottom else [""] * width
    below = [cell.strip() for cell in rows[bottom]] + [""] * (width - len(rows[bottom]))
    headings = [cell or above[column] for column, cell in enumerate(below)]
    groups: list[str] = []
    for column in range(width):
        groups.append(above[column] or (groups[-1] if groups else ""))
    return Header(top=0, bottom=bottom, headings=tuple(headings), groups=tuple(groups), certainty=1.0)


def _question(heading: str, group: str) -> tuple[str, str]:
    return heading, heading


def _is_complete(row: dict[str, str]) -> bool:
    return all(
        is_false(value) or not value
        for heading, value in row.items()
        if plain(heading) in ("brouillon", "draft")
    )
