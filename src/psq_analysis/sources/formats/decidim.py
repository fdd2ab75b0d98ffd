"""Decidim proposals (CSV, XLSX, JSON): ``title/fr``, ``body/fr`` in HTML, the answer of the administration beside it."""

from __future__ import annotations

from psq_analysis.sources.files.html import text_of_html
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat

_OWN = (
    "participatory_space/",
    "component/",
    "category/",
    "scope/",
    "endorsements/",
    "original_proposal/",
    "body/",
    "title/",
)
_ENOUGH_OWN_COLUMNS = 3  # a body and two of Decidim's groups of columns occur in no other export
_ROLES = (
    (r"^id$", Role.IDENTIFIER),
    (r"^reference$", Role.IDENTIFIER),
    (r"^body(/(?!machine_translations)\w+)?$", Role.FREE_TEXT),
    (r"^title(/\w+)?$", Role.CLOSED_ANSWER),
    (r"^category/name(/\w+)?$|^taxonom(y|ies)/name(/\w+)?$", Role.CLOSED_ANSWER),
    (r"^scope/name(/\w+)?$", Role.COMMUNE),
    (r"^address$", Role.POSTCODE),
    (r"^(published_at|created_at)$", Role.DATE),
    (r"^author/|user_endorsements|^latitude$|^longitude$|^coauthor", Role.FORBIDDEN),
    (r"^(answer|answered_at|state|supports|comments|attachments|followers|url|meeting_urls|related_proposals|is_amend)\b", Role.IGNORED),
    (r"^(category|scope|participatory_space|component|endorsements|original_proposal|machine_translations|updated_at|withdrawn)", Role.IGNORED),
    (r"machine_translations|^(votes|cost|created_in_meeting|official|reply|voted|follows|emendation)", Role.IGNORED),
)  # fmt: skip


def recognises(document: Document) -> bool:
    """Tell whether the headings of a sheet are Decidim's."""
    return any(_is_own(sheet) for sheet in document.sheets)


def _is_own(sheet: Sheet) -> bool:
    headings = [heading.strip() for heading in sheet.rows[0]]
    has_body = any(heading == "body" or heading.startswith("body/") for heading in headings)
    own = {prefix for prefix in _OWN if any(heading.startswith(prefix) for heading in headings)}
    return has_body and len(own) >= _ENOUGH_OWN_COLUMNS


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per proposal, its body as text; a withdrawn one counts as incomplete."""
    own = [sheet for sheet in document.sheets if _is_own(sheet)] or document.sheets[:1]
    headings = {heading.strip() for sheet in own for heading in sheet.rows[0]}
    translations = ((r"^(body|title)/(?!fr$)", Role.IGNORED),) if "body/fr" in headings else ()
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(
        name=f"decidim_proposals_{suffix}",
        roles=(*translations, *_ROLES),
        is_complete=_is_complete,
        clean=text_of_html,
        header_row=1,
    )
    return read_own_sheets(document, own, table_format, mapping)


def _is_complete(row: dict[str, str]) -> bool:
    return row.get("state", "") != "withdrawn" and not row.get("withdrawn_at", "")
