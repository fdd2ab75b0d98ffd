"""What readers wrote: workbooks and CSV files read back, each wrong cell named, then put with the readings of ``data/manual``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from psq_analysis import french
from psq_analysis.coding import readings
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.readings import SCHEMES, Line
from psq_analysis.errors import BadInput
from psq_analysis.french.labels import label
from psq_analysis.review.words import say, words
from psq_analysis.sources.files.opening import open_document
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Sheet
from psq_analysis.tables.record_files import BadRemarkFile
from psq_analysis.text.plain import plain_words

_NUMBER = re.compile(r" \d+$")
_FORMULA = ("=", "#")  # how a formula, or what came of one, shows in a cell


def read_files(paths: Sequence[Path], grid: Codebook, *, on: dt.date) -> tuple[pd.DataFrame, list[str]]:
    """Return the readings of files (a row per remark, reader and scheme read), and what is to be said of columns left aside.

    Raises :class:`BadInput`, naming every wrong cell by file, sheet, row and column, or both lines where one reader differs from themselves.
    """
    lines, notes = [], []
    for path in paths:
        found, aside = _read_file(path, on)
        lines += found
        notes += [say("left_aside", file=path.name, columns=french.enumeration(aside))] if aside else []
    return readings.readings_of(lines, grid), notes


def take_in(paths: Sequence[Path], grid: Codebook, target: Path, *, on: dt.date) -> list[str]:
    """Put what files say into the file of readings, whole or not at all; return, in French, what was read and what changed."""
    new, notes = read_files(paths, grid, on=on)
    if new.empty:
        raise BadInput(say("nothing_read", files=french.enumeration([path.name for path in paths])))
    known = readings.read_whole(target)
    recorded = readings.record(target, new)
    told = [
        say(
            "read",
            reader=reader,
            remarks=french.count(of_reader["key"].nunique(), "remarque lue", "remarques lues"),
        )
        for reader, of_reader in new.groupby("reader")
    ]
    both = new.merge(
        known, on=["key", "reader", "scheme"], how="left", suffixes=("", "_known"), indicator=True
    )
    is_new, same = both["_merge"].eq("left_only"), both["codes"].eq(both["codes_known"])
    told.append(
        say(
            "recorded",
            new=french.count(int(is_new.sum()), "lecture"),
            changed=french.number(int((~is_new & ~same).sum())),
            same=french.number(int(same.sum())),
            file=target.name,
        )
    )
    left = readings.disputed(recorded.assign(remark_id=recorded["key"]))["key"].nunique()
    return [*notes, *told, *([say("open", remarks=french.count(left, "remarque"))] if left else [])]


def _read_file(path: Path, on: dt.date) -> tuple[list[Line], list[str]]:
    """Return the lines of a file, and the headings that say nothing here."""
    lines: list[Line] = []
    aside: list[str] = []
    sheets = [(sheet, roles) for sheet in open_document(path, Mapping()).sheets if (roles := _roles(sheet))]
    if not sheets:
        raise BadRemarkFile(say("no_reading", file=path.name))
    for sheet, roles in sheets:
        lines += _lines(sheet, roles, path.name, on)
        named = {plain_words(one) for one in words()["headings"].values()} | {"on", "date"}
        aside += [
            heading
            for at, heading in enumerate(sheet.rows[0])
            if at not in roles and heading.strip() and plain_words(heading) not in named
        ]
    return lines, aside


def _roles(sheet: Sheet) -> dict[int, str]:
    """Return what each column is (``key``, ``reader``, a scheme), by place; nothing where the sheet holds no reading."""
    names = {plain_words(words()["headings"][key]): key for key in ("key", "reader")}
    names |= {"key": "key", "reader": "reader"}
    for scheme in SCHEMES:
        for name in (scheme, label("schemes", scheme), label("schemes_plural", scheme).removeprefix("les ")):
            names[plain_words(name)] = scheme
    names["tonalite"] = "tone"
    header = sheet.rows[0] if sheet.rows else []
    roles = {
        at: names[name]
        for at, heading in enumerate(header)
        if (name := _NUMBER.sub("", plain_words(heading))) in names
    }
    return roles if "key" in roles.values() and set(roles.values()) & set(SCHEMES) else {}


def _lines(sheet: Sheet, roles: dict[int, str], file: str, on: dt.date) -> Iterator[Line]:
    header, wrong = sheet.rows[0], []
    place = f"{file}, feuille « {sheet.name} »" if sheet.name else file
    for number, row in enumerate(sheet.rows[1:], start=2):
        where = f"{place}, ligne {number}"
        told = dict(enumerate(row))
        cells = []
        for at, role in roles.items():
            content = told.get(at, "").strip()
            if role in SCHEMES:
                if (number - 1, at) in sheet.unread or content.startswith(_FORMULA):
                    wrong.append(say("unread_cell", where=where, heading=header[at]))
                elif content:
                    cells.append((role, header[at].strip(), content))
        own = {role: told.get(at, "").strip() for at, role in roles.items() if role in ("key", "reader")}
        if cells:
            yield Line(where, own["key"], own.get("reader", ""), on.isoformat(), cells)
    if wrong:
        raise BadRemarkFile(f"{' ; '.join(wrong)} : rien n'a été écrit.")
