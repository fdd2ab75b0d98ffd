"""Exports of survey software that differ only in their own columns: each is declared in ``exporters.yml`` and read by the common path."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of, without_markup
from psq_analysis.sources.tables.repeated_blocks import add_block
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import load, plain

# the identifier of an answer, and what names it in a sheet of repeated groups
REPEATED = (
    ("_index", "_parent_index"),
    ("_id", "_submission__id"),
    ("KEY", "PARENT_KEY"),
    ("instanceID", "PARENT_KEY"),
)
LOOKED_AT = 4  # rows among which the software's own columns are looked for


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """What one software writes: the columns that betray it, their roles, what a sent answer is, how many rows of headings."""

    name: str
    own: frozenset[str]
    enough: int
    roles: tuple[tuple[str, Role], ...]
    complete: tuple[tuple[str, re.Pattern[str], bool], ...] = ()
    dropped: tuple[tuple[str, re.Pattern[str], str], ...] = ()
    texts_below: bool = False
    choices_below: bool = False
    codes_apart: bool = False


@cache
def exporters() -> tuple[Exporter, ...]:
    """Return the declared exporters, in the order in which they are tried."""
    return tuple(_exporter(name, entry) for name, entry in load("exporters").items())


def _exporter(name: str, entry: dict[str, Any]) -> Exporter:
    return Exporter(
        name=name,
        own=frozenset(plain(heading) for heading in entry["own"]),
        enough=entry["enough"],
        roles=tuple(
            (expression, Role(role))
            for role, expressions in entry["roles"].items()
            for expression in expressions
        ),
        complete=tuple(
            (plain(rule["column"]), re.compile(rule.get("is") or rule["is_not"], re.IGNORECASE), "is" in rule)
            for rule in entry.get("complete", [])
        ),
        dropped=tuple(
            (plain(rule["column"]), re.compile(rule["is"], re.IGNORECASE), rule["reason"])
            for rule in entry.get("dropped", [])
        ),
        texts_below=entry.get("texts_below", False),
        choices_below=entry.get("choices_below", False),
        codes_apart=entry.get("codes_apart", False),
    )


def exporter_of(sheet: Sheet) -> tuple[Exporter, int] | None:
    """Return the exporter whose columns a sheet holds, and the row (from 0) that holds them."""
    for exporter in exporters():
        for index, row in enumerate(sheet.rows[:LOOKED_AT]):
            if len({plain(without_markup(cell)) for cell in row} & exporter.own) >= exporter.enough:
                return exporter, index
    return None


def recognises(document: Document) -> bool:
    """Tell whether a sheet holds the own columns of a declared exporter."""
    return any(exporter_of(sheet) for sheet in document.sheets)


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per answer; the other sheets are named among the rejects."""
    found = {sheet.name: own for sheet in document.sheets if (own := exporter_of(sheet))}
    exporter = next(iter(found.values()))[0]
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(
        name=f"{exporter.name}_{suffix}",
        roles=exporter.roles,
        is_complete=_completeness(exporter),
        question=_question,
        dropped=exporter.dropped,
        codes_apart=exporter.codes_apart,
    )
    blocks = {
        sheet.name: keys for sheet in document.sheets if (keys := _keys_of_block(sheet, document.sheets))
    }
    own_sheets = [sheet for sheet in document.sheets if sheet.name in found and sheet.name not in blocks]
    reading = read_own_sheets(
        document,
        own_sheets,
        table_format,
        mapping,
        lambda sheet: _header(sheet, found[sheet.name][1], exporter),
        apart=frozenset(blocks),
    )
    for sheet in document.sheets:
        if sheet.name in blocks and len(own_sheets) == 1:
            owner_key, block_key = blocks[sheet.name]
            add_block(
                reading, document, sheet, mapping,
                table_format=replace(table_format, header_row=1, is_complete=None), owners=own_sheets[0], owner_key=owner_key, block_key=block_key,
            )  # fmt: skip
    return reading


def _keys_of_block(block: Sheet, sheets: Sequence[Sheet]) -> tuple[int, int] | None:
    """The columns by which a sheet of repeated groups (KoboToolbox, ODK) names the rows of the sheet above it; None for any other sheet."""
    headings = [cell.strip() for cell in block.rows[0]] if block.rows else []
    for parent, child in REPEATED:
        above = next(
            (
                one
                for one in sheets
                if one is not block and parent in one.rows[0] and child not in one.rows[0]
            ),
            None,
        )
        if child in headings and above is not None:
            return [cell.strip() for cell in above.rows[0]].index(parent), headings.index(child)
    return None


def _question(heading: str, group: str) -> tuple[str, str]:
    shown = heading_of(heading).text
    if group and group != heading:
        return f"{group} – {heading}", f"{heading_of(group).text} – {shown}"
    return heading, shown


def _header(sheet: Sheet, row: int, exporter: Exporter) -> Header:
    cells = [without_markup(cell) for cell in sheet.rows[row]]
    bottom = row
    groups = [""] * len(cells)
    if exporter.texts_below and row + 1 < len(sheet.rows):
        bottom = row + 1
        texts = [without_markup(cell) for cell in sheet.rows[bottom]]
        cells = [
            code if plain(code) in exporter.own else text or code
            for code, text in zip(cells, texts + [""] * (len(cells) - len(texts)), strict=False)
        ]
        groups = [""] * len(cells)
    elif (
        exporter.choices_below
        and row + 1 < len(sheet.rows)
        and _is_second_level(sheet.rows[row], sheet.rows[row + 1])
    ):
        bottom = row + 1
        cells, groups = _two_levels(cells, [without_markup(cell) for cell in sheet.rows[bottom]])
    return Header(top=row, bottom=bottom, headings=tuple(cells), groups=tuple(groups), certainty=1.0)


_OPEN_ENDED = {"response", "reponse", "open ended response", "reponse ouverte", "reponse libre"}


def _is_second_level(upper: list[str], lower: list[str]) -> bool:
    """Blank below the software's own columns, « Response » or labels below the questions."""
    return any(plain(cell) in _OPEN_ENDED for cell in lower) or (
        not lower[0].strip() and bool(upper[0].strip())
    )


def _two_levels(upper: list[str], lower: list[str]) -> tuple[list[str], list[str]]:
    """A question stands above the first of its columns; « Open-Ended Response » adds nothing to it."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    headings: list[str] = []
    groups: list[str] = []
    question = ""
    for above, below in zip(upper, lower, strict=True):
        question = above or question
        is_open = not below or plain(below) in _OPEN_ENDED
        headings.append(question if is_open else below)
        groups.append("" if is_open else question)
    return headings, groups


def _completeness(exporter: Exporter) -> Callable[[dict[str, str]], bool] | None:
    if not exporter.complete:
        return None

    def is_complete(row: dict[str, str]) -> bool:
        by_name = {plain(heading): value for heading, value in row.items()}
        return all(
            bool(pattern.search(by_name[column])) is wanted
            for column, pattern, wanted in exporter.complete
            if column in by_name
        )

    return is_complete
