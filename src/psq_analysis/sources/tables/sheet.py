"""A sheet of cells to a reading: one path for every tabular export, whatever wrote it.

A format says only what is its own (:class:`TableFormat`): roles it fixes, how a heading names a question, what
« complete » means, how a cell is cleaned. Headings, roles, places, rejects and the count of rows are common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from psq_analysis.sources.errors import AmbiguousFile, NoFreeText, NotATable
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import PLACE_ROLES, Column, Document, Reading, Reject, Role, Sheet
from psq_analysis.sources.tables.answers_in_rows import ByPerson, by_person
from psq_analysis.sources.tables.banners import legend_of
from psq_analysis.sources.tables.columns import first_columns, settled_columns
from psq_analysis.sources.tables.headers import Header, find_header, header_at, widened
from psq_analysis.sources.tables.other_rows import set_aside, sort_rows, unread_cells
from psq_analysis.sources.tables.respondents import contributions_of, prepared_rows
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import plain

CREDIBLE = 0.4  # a free-text column guessed with less certainty than this needs a mapping


def read_sheet(
    document: Document,
    sheet: Sheet,
    table_format: TableFormat,
    mapping: Mapping,
    header: Header | None = None,
) -> Reading:
    """Return the contributions of one sheet.

    Raises :class:`NotATable` without headings, :class:`NoFreeText` when no column holds answers in words, and
    :class:`AmbiguousFile` when only doubtful columns do.
    """
    header = header or locate_header(document, sheet, table_format, mapping)
    body = _trimmed(sheet.rows, header.bottom + 1)
    if table_format.typed_by_hand and (legend := legend_of(sheet.rows)):
        mapping = replace(mapping, voices={**legend, **mapping.voices})
    width = _shared_width(body, len(header.headings))
    header = widened(header, width)
    columns = first_columns(sheet, header, body, table_format, mapping)
    sorted_rows = sort_rows(sheet, body, columns, header, table_format)
    rejects = sorted_rows.rejects
    kept = [(number, _fitted(_clean(row, table_format), width)) for number, row in sorted_rows.kept]
    _check_widths(document, kept, rejects)
    columns = settled_columns(columns, header, kept, table_format, mapping)
    turned = by_person(sheet, header, kept, columns, mapping)
    if turned is not None:
        return _read_by_person(document, turned, table_format, (len(body), len(kept)), rejects)
    sorted_rows.has_place = any(column.role in PLACE_ROLES for column in columns)
    unread = unread_cells(sheet, kept, columns)
    rows = prepared_rows(sheet, kept, columns)
    contributions, merged = contributions_of(rows, columns, table_format, mapping)
    for contribution in contributions:
        contribution.sheet = sheet.name or None
        sorted_rows.place(contribution)
    reading = Reading(
        source_format=table_format.name,
        contributions=contributions,
        columns=columns,
        rejects=[*rejects, *unread, *set_aside(columns)],
        rows_in=len(body),
        rows_merged=merged,
        survey=_survey(columns),
        sheet=sheet.name,
        header_rows=tuple(range(header.top + 1, header.bottom + 2)),
    )
    _check_free_text(document, reading)
    return reading


def _read_by_person(
    document: Document,
    turned: ByPerson,
    table_format: TableFormat,
    rows: tuple[int, int],
    rejects: list[Reject],
) -> Reading:
    """The reading of answers in rows, once turned: rows are numbered as in the file, and those that follow a person's first are merged."""
    named = replace(table_format, name=table_format.name.replace("tableur_", "tableau_long_"), header_row=1)
    reading = read_sheet(document, turned.sheet, named, turned.mapping, turned.header)
    for contribution in reading.contributions:
        contribution.row = turned.first_rows[contribution.row - 2]
    reading.rejects = [
        *rejects,
        *(
            replace(reject, row=turned.first_rows[reject.row - 2] if reject.row else None)
            for reject in reading.rejects
        ),
    ]
    reading.rows_in = rows[0]
    reading.rows_merged += rows[1] - len(turned.first_rows)
    return reading


def _clean(row: list[str], table_format: TableFormat) -> list[str]:
    return [table_format.clean(cell) if cell else cell for cell in row] if table_format.clean else row


def _shared_width(body: list[list[str]], width: int) -> int:
    """The width of the headings, or a wider one that every row shares: columns whose headings are blank."""
    widths = {len(row) for row in body if any(cell.strip() for cell in row)}
    return widths.pop() if len(widths) == 1 and max(widths, default=0) > width else width


def locate_header(document: Document, sheet: Sheet, table_format: TableFormat, mapping: Mapping) -> Header:
    """Return the headings: where the mapping says, where the format always has them, or where they are found."""
    if mapping.header_row == 0:
        width = max(len(row) for row in sheet.rows)
        return Header(
            top=-1,
            bottom=-1,
            headings=tuple(f"colonne {index + 1}" for index in range(width)),
            groups=("",) * width,
            certainty=1.0,
        )
    wanted = mapping.header_row or table_format.header_row
    if wanted is not None:
        if wanted > len(sheet.rows):
            raise NotATable(
                f"{document.path_name} : la ligne d'en-tête {wanted} de la correspondance n'existe pas ; corrigez-la."
            )
        return (
            header_at(sheet.rows, wanted - 1, sheet.merged_beside)
            if mapping.header_row
            else _single_header(sheet, wanted - 1)
        )
    header = find_header(sheet.rows, sheet.merged_beside)
    if header is None:
        raise AmbiguousFile(
            f"{document.path_name} : aucune ligne d'en-têtes n'a été reconnue, et la première ligne ressemble à une réponse ; "
            "écrivez une correspondance avec « ligne_entete: 0 » et le rôle de chaque « colonne N », ou ajoutez des en-têtes."
        )
    return header


def _single_header(sheet: Sheet, index: int) -> Header:
    cells = sheet.rows[index]
    return Header(
        top=index,
        bottom=index,
        headings=tuple(cell.strip() for cell in cells),
        groups=("",) * len(cells),
        certainty=1.0,
    )


def _check_widths(document: Document, kept: list[tuple[int, list[str]]], rejects: list[Reject]) -> None:
    """When most rows do not have the width of the headings, the headings (or the separator) are wrong, and not the rows."""
    broken = [reject for reject in rejects if "champs au lieu de" in reject.reason]
    if len(broken) > len(kept):
        raise NotATable(
            f"{document.path_name} : {len(broken)} lignes sur {len(broken) + len(kept)} n'ont pas autant de champs que les en-têtes "
            f"(par exemple ligne {broken[0].row} : {broken[0].reason.split(' :')[0]}) ; refaites l'export, ou indiquez "
            "« separateur » et « ligne_entete » dans une correspondance."
        )


def _trimmed(rows: list[list[str]], first: int) -> list[list[str]]:
    last = len(rows)
    while last > first and not any(cell.strip() for cell in rows[last - 1]):
        last -= 1
    return rows[first:last]


def _fitted(row: list[str], width: int) -> list[str]:
    return row[:width] + [""] * (width - len(row))


def _check_free_text(document: Document, reading: Reading) -> None:
    free = [column for column in reading.columns if column.role is Role.FREE_TEXT]
    if not free or not any(contribution.remarks for contribution in reading.contributions):
        raise NoFreeText(
            f"{document.path_name} : aucune réponse libre n'a été trouvée ({len(reading.columns)} colonnes lues) ; "
            "s'il y en a une, désignez-la dans une correspondance : « colonnes: {intitulé: texte_libre} ».",
            reading,
        )
    if all(column.certainty < CREDIBLE for column in free):
        names = ", ".join(f"« {column.heading} »" for column in free[:3])
        raise AmbiguousFile(
            f"{document.path_name} : on ne peut pas dire si {names} contient des réponses libres ; "
            "dites-le dans une correspondance : « colonnes: {intitulé: texte_libre} ».",
            reading,
        )


def _survey(columns: list[Column]) -> frozenset[str]:
    asked = (Role.FREE_TEXT, Role.CLOSED_ANSWER, Role.STAKEHOLDER)
    return frozenset(plain(column.question) for column in columns if column.role in asked)


def read_own_sheets(
    document: Document,
    own: list[Sheet],
    table_format: TableFormat,
    mapping: Mapping,
    header_of: Callable[[Sheet], Header | None] | None = None,
    *,
    apart: Collection[str] = (),
) -> Reading:
    """Return the contributions of every sheet an exporter wrote answers in; the other sheets are named among the rejects, save those read ``apart``.

    A sheet of the exporter without answers in words is named too, unless none has any.
    """
    if mapping.sheet:
        own = [sheet for sheet in own if sheet.name == mapping.sheet] or own
    readings: list[Reading] = []
    rejects: list[Reject] = []
    for sheet in own:
        header = header_of(sheet) if header_of and mapping.header_row is None else None
        try:
            readings.append(read_sheet(document, sheet, table_format, mapping, header))
        except (NoFreeText, NotATable, AmbiguousFile):
            if sheet is own[-1] and not readings:
                raise
            rejects.append(Reject(None, f"feuille « {sheet.name} » : aucune réponse libre", sheet=sheet.name))
    rejects += [
        Reject(None, f"feuille « {sheet.name} » : non lue, ce n'est pas celle des réponses", sheet=sheet.name)
        for sheet in document.sheets
        if sheet not in own and sheet.name not in apart
    ]
    return joined(readings, rejects)


def joined(readings: list[Reading], rejects: list[Reject]) -> Reading:
    """Return one reading for the sheets of one file, with what was not read."""
    first = readings[0]
    for other in readings[1:]:
        first.contributions += other.contributions
        first.columns += other.columns
        first.rejects += other.rejects
        first.rows_in += other.rows_in
        first.rows_merged += other.rows_merged
        first.survey |= other.survey
    first.rejects += rejects
    return first
