"""Blocks a form repeats, written by exporters on a sheet of their own: each row adds its answers to the respondent it names."""

from __future__ import annotations

from dataclasses import replace

from psq_analysis.sources.errors import AmbiguousFile, NoFreeText, NotATable
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Reject, Sheet
from psq_analysis.sources.tables.sheet import read_sheet
from psq_analysis.sources.tables.table_format import TableFormat


def add_block(
    reading: Reading,
    document: Document,
    block: Sheet,
    mapping: Mapping,
    *,
    table_format: TableFormat,
    owners: Sheet,
    owner_key: int,
    block_key: int,
) -> None:
    """Add the answers of a block to the contributions of the sheet ``owners``; rows of nobody and rows set aside become rejects.

    ``owner_key`` and ``block_key`` are the columns, in each sheet, that hold the same identifier.
    """
    try:
        # each row is one fact, whoever filed it
        added = read_sheet(document, block, table_format, replace(mapping, shape="large"))
    except (NoFreeText, NotATable, AmbiguousFile):
        reading.rejects.append(Reject(None, f"feuille « {block.name} » : aucune réponse libre"))
        return
    owner_of = {owners.rows[one.row - 1][owner_key].strip(): one for one in reading.contributions}
    taken = {column.question_id for column in reading.columns}
    for part in added.contributions:
        owner = owner_of.get(block.rows[part.row - 1][block_key].strip())
        if owner is None:
            reading.rejects.append(
                Reject(
                    part.row, f"feuille « {block.name} » : le dossier de cette ligne n'est pas dans l'export"
                )
            )
        else:
            owner.remarks.extend(_told_apart(part.remarks, taken, block.name))
            owner.answers.extend(_told_apart(part.answers, taken, block.name))
            reading.rows_merged += 1
    reading.rejects.extend(
        Reject(reject.row, f"feuille « {block.name} » : {reject.reason}") for reject in added.rejects
    )
    reading.rows_in += added.rows_in


def _told_apart(said: list[tuple[str, str, str]], taken: set[str], block: str) -> list[tuple[str, str, str]]:
    """A question of a block that bears the heading of a question of the form is named with its block."""
    return [(f"{block} / {key}" if key in taken else key, question, text) for key, question, text in said]
