"""Sheets typed by hand, CSV saved by a spreadsheet, plain long and wide tables: whatever is a table and no known export."""

from __future__ import annotations

from psq_analysis.errors import BadInput
from psq_analysis.sources.errors import AmbiguousFile, BadMapping, NoFreeText, NotATable
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Reject, Role, Sheet
from psq_analysis.sources.tables.answers_in_rows import one_table, upright
from psq_analysis.sources.tables.column_roles import guess_role
from psq_analysis.sources.tables.headers import LOOKED_AT
from psq_analysis.sources.tables.sheet import joined, read_sheet
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import matches, plain


def recognises(document: Document) -> bool:
    """Any file that has cells may be a plain table."""
    return bool(document.sheets)


def read(document: Document, mapping: Mapping) -> Reading:
    """Return the contributions of every sheet that holds free-text answers; the other sheets are named among the rejects."""
    sheets = document.sheets
    if mapping.header_row is None and mapping.sheet is None:
        sheets = one_table([upright(one) for one in sheets])
    if mapping.sheet:
        sheets = [sheet for sheet in sheets if sheet.name == mapping.sheet]
        if not sheets:
            known = ", ".join(f"« {sheet.name} »" for sheet in document.sheets)
            raise BadMapping(
                f"{document.path_name} : la feuille « {mapping.sheet} » n'existe pas ; feuilles lues : {known}."
            )
    suffix = "csv" if document.container == "text" else document.container
    readings: list[Reading] = []
    rejects: list[Reject] = []
    troubles: list[BadInput] = []
    wide = [sheet for sheet in sheets if _width(sheet) > 1]
    for sheet in sheets:
        if wide and sheet not in wide:
            rejects.append(
                Reject(
                    None,
                    f"feuille « {sheet.name} » : une seule colonne, lue comme une notice",
                    sheet=sheet.name,
                )
            )
            continue
        if (
            len(sheets) > 1
            and matches("columns", "summary_sheet", plain(sheet.name))
            and mapping.sheet is None
        ):
            rejects.append(
                Reject(
                    None,
                    f"feuille « {sheet.name} » : récapitulatif ou notice, et non des réponses",
                    sheet=sheet.name,
                )
            )
            continue
        try:
            _require_heading_of_single_column(document, sheet, mapping)
            readings.append(
                read_sheet(
                    document, sheet, TableFormat(name=f"tableur_{suffix}", typed_by_hand=True), mapping
                )
            )
        except (NotATable, NoFreeText, AmbiguousFile) as trouble:
            troubles.append(trouble)
            rejects.append(Reject(None, f"feuille « {sheet.name} » : pas de tableau de réponses libres"))
    if not readings:
        raise min(troubles, key=lambda trouble: (NoFreeText, AmbiguousFile, NotATable).index(type(trouble)))
    first = joined(readings, rejects)
    if any(column.role in (Role.QUESTION, Role.QUESTION_ID) for column in first.columns):
        first.source_format = f"tableau_long_{suffix}"
    return first


def _width(sheet: Sheet) -> int:
    return max((sum(1 for cell in row if cell.strip()) for row in sheet.rows), default=0)


def _require_heading_of_single_column(document: Document, sheet: Sheet, mapping: Mapping) -> None:
    """One column is a table only when a heading (or a mapping) says that it holds answers; else it is notes or prose."""
    if _width(sheet) > 1:
        return
    headings = [cell for row in sheet.rows[:LOOKED_AT] for cell in row if cell.strip()][:1]
    if mapping.header_row is not None or any(mapping.role_of(cell) for cell in headings):
        return
    if not any(guess_role(cell, []).role is Role.FREE_TEXT for cell in headings):
        raise NotATable(_nothing_to_read(document))


def _nothing_to_read(document: Document) -> str:
    if document.container != "text":
        return (
            f"{document.path_name} : la feuille n'a qu'une colonne, sans intitulé qui annonce des réponses ; "
            "ajoutez une ligne d'en-têtes (« Remarque », par exemple)."
        )
    return (
        f"{document.path_name} : aucun séparateur (point-virgule, virgule, tabulation, barre) ne donne le même nombre "
        "de champs sur chaque ligne ; enregistrez le tableau en XLSX ou en CSV, ou indiquez « separateur » dans une "
        "correspondance."
    )
