"""The publication gate: reads every file about to be shared, and says where something must not leave.

Personal data, small cells, requests to the outside, spreadsheet formulas, pages that cannot be read without seeing them.
A finding tells file, place and kind, never the content. What the gate does not see is in docs/publication.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from psq_analysis import outside_requests
from psq_analysis.errors import BadInput
from psq_analysis.gate_pages import Spot, json_spots, notebook_spots, page_spots
from psq_analysis.gate_tables import UnreadableDownloadError, delimited_spots, workbook_spots
from psq_analysis.gate_words import kind, place
from psq_analysis.privacy import scan_text
from psq_analysis.settings import MIN_CELL

MANIFEST = "manifest.json"
_PAGES = {".html", ".htm", ".xhtml"}
_DRAWINGS = {".svg"}
_DELIMITED = {".csv", ".tsv"}
_WORKBOOKS = {".xlsx", ".ods"}
_PLAIN = {".txt", ".md", ".css", ".js", ".mjs", ".yml", ".yaml", ".log", ".sha256"}
_NOT_IN_A_NAME = re.compile(r"[_.]+")


class NothingToVerify(BadInput):
    """A path given to the gate does not exist or holds no file."""


class Finding(NamedTuple):
    """Something that must not be published: file, place in it, kind; never the content."""

    file: str
    place: str
    kind: str

    @property
    def line(self) -> str:
        """One line for the analyst.

        >>> Finding("index.html", "ligne 12", "PHONE").line
        'index.html, ligne 12 : numéro de téléphone'
        """
        return f"{self.file}, {self.place} : {kind(self.kind)}"


def verify(paths: Sequence[Path], *, min_cell: int | None = None) -> list[Finding]:
    """Return what must not be published among files, or in every file of folders, in order of file and place.

    ``min_cell``: the smallest count that may be published; by default the one noted in the manifest beside the file.
    Raises :class:`NothingToVerify` when a path is missing or a folder holds no file.
    """
    found: list[Finding] = []
    for path in paths:
        for number, file in enumerate(_files(path), start=1):
            threshold = _noted_min_cell(file.parent) if min_cell is None else min_cell
            shown = str(file.relative_to(path)) if path.is_dir() else file.name
            spots = dict.fromkeys(_spots(file, min_cell=threshold))
            if _names_someone(shown):
                shown = place("unnamed", number=number)
                spots = dict.fromkeys([Spot(place("file_name"), "PERSON"), *spots])
            found += [Finding(shown, spot.place, spot.kind) for spot in spots]
    return found


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise NothingToVerify(f"Rien à contrôler : {path} est introuvable. Vérifiez le chemin et relancez.")
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    if not files:
        raise NothingToVerify(f"Rien à contrôler : le dossier {path} ne contient aucun fichier.")
    return files


def _names_someone(name: str) -> bool:
    """Tell whether a file name, as written or with its underscores read as blanks, holds personal data.

    >>> _names_someone("compte_rendu_Mme_Peyrelongue.html"), _names_someone("01_clean.html")
    (True, False)
    """
    stem = name.rpartition(".")[0] or name
    return bool(scan_text(name) or scan_text(_NOT_IN_A_NAME.sub(" ", stem)))


def _spots(file: Path, *, min_cell: int) -> Iterator[Spot]:
    suffix = file.suffix.lower()
    if suffix in _WORKBOOKS:
        try:
            yield from list(workbook_spots(file, min_cell=min_cell))
        except UnreadableDownloadError:
            yield Spot(place("file_name"), "unreadable")
        return
    if suffix not in _PAGES | _DRAWINGS | _DELIMITED | _PLAIN | {".json", ".ipynb"}:
        yield Spot(place("file_name"), "unknown_format")
        return
    try:
        yield from _text_spots(file.read_text(encoding="utf-8-sig"), suffix, min_cell=min_cell)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        yield Spot(place("file_name"), "unreadable")


def _text_spots(text: str, suffix: str, *, min_cell: int) -> Iterator[Spot]:
    if suffix in _PAGES or suffix in _DRAWINGS:
        yield from page_spots(text, min_cell=min_cell, is_whole=suffix in _PAGES)
    elif suffix == ".ipynb":
        yield from notebook_spots(_mapping(json.loads(text)), min_cell=min_cell)
    elif suffix == ".json":
        yield from json_spots(json.loads(text), min_cell=min_cell)
    elif suffix in _DELIMITED:
        yield from delimited_spots(text, min_cell=min_cell)
    else:
        yield from (Spot(place("line", number=finding.line), finding.type) for finding in scan_text(text))
        asks = {
            ".css": outside_requests.in_style,
            ".js": outside_requests.in_script,
            ".mjs": outside_requests.in_script,
        }
        for number, line in enumerate(text.splitlines(), start=1):
            if suffix in asks and asks[suffix](line):
                yield Spot(place("line", number=number), "request")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"cells": [], "metadata": value}


def _noted_min_cell(folder: Path) -> int:
    """Return the threshold the run was made with, as its manifest notes it; the rule's own where there is none."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return MIN_CELL
    try:
        noted = (
            json.loads(manifest.read_text(encoding="utf-8")).get("parameters", {}).get("min_cell", MIN_CELL)
        )
    except (ValueError, AttributeError):
        return MIN_CELL
    return noted if isinstance(noted, int) and noted >= 1 else MIN_CELL
