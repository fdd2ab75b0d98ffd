"""The publication gate: reads every file about to be shared, and says where something must not leave.

Personal data, small cells, requests to the outside, spreadsheet formulas, pages that cannot be read without seeing them.
A finding tells file, place and kind, never the content. What the gate does not see is in docs/publication.md.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from psq_analysis.errors import BadInput
from psq_analysis.gate import requests
from psq_analysis.gate.documents import document_spots
from psq_analysis.gate.downloads import MAX_UNFOLDED, UnreadableDownloadError, delimited_spots, workbook_spots
from psq_analysis.gate.pages import Spot, json_spots, notebook_spots, page_spots
from psq_analysis.gate.words import kind, place
from psq_analysis.privacy.published_text import scan_text
from psq_analysis.settings import MIN_CELL

MANIFEST = "manifest.json"
_PAGES = {".html", ".htm", ".xhtml"}
_DRAWINGS = {".svg"}
_DELIMITED = {".csv", ".tsv"}
_WORKBOOKS = {".xlsx", ".ods"}
_DOCUMENTS = {".docx"}
_PLAIN = {".txt", ".md", ".css", ".js", ".mjs", ".yml", ".yaml", ".log", ".sha256"}
_PICTURES = {".png", ".pdf"}
_TEXTS = _PAGES | _DRAWINGS | _DELIMITED | _PLAIN | {".json", ".ipynb"}
# What is compressed in a picture or a print is the drawing of a page that is checked itself; what is written around it is read.
_DRAWN = re.compile(rb"IDAT.*?(?=IEND)|\bstream\r?\n.*?endstream", re.DOTALL)
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
    """Return what must not be published among files, or in every file of folders and archives, in order of file and place.

    ``min_cell``: the smallest count that may be published; by default the one noted in the manifest beside the file. What an archive
    repeats is reported once. Raises :class:`NothingToVerify` when a path is missing or a folder holds no file.
    """
    found: list[Finding] = []
    read: set[str] = set()
    for path in paths:
        for number, file in enumerate(list_files(path), start=1):
            threshold = _noted_min_cell(file.parents[:2]) if min_cell is None else min_cell
            shown = str(file.relative_to(path)) if path.is_dir() else file.name
            spots: Iterable[Spot] = _file_spots(file.name, file.read_bytes(), read, min_cell=threshold)
            if _names_someone(shown):
                shown, spots = place("unnamed", number=number), [Spot(place("file_name"), "PERSON"), *spots]
            found += [Finding(shown, spot.place, spot.kind) for spot in dict.fromkeys(spots)]
    return found


def list_files(path: Path) -> list[Path]:
    """Return a file, or every file of a folder; raises :class:`NothingToVerify` when there is none."""
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


def _file_spots(name: str, content: bytes, read: set[str], *, min_cell: int) -> Iterator[Spot]:
    """Yield what should not be published in one file; nothing when the same content was ``read`` before."""
    digest = hashlib.sha256(content).hexdigest()
    if digest in read:
        return
    read.add(digest)
    suffix = Path(name).suffix.lower()
    try:
        if suffix == ".zip":
            yield from _archive_spots(content, read, min_cell=min_cell)
        elif suffix in _WORKBOOKS:
            yield from workbook_spots(content, min_cell=min_cell)
        elif suffix in _DOCUMENTS:
            yield from document_spots(content, min_cell=min_cell)
        elif suffix in _PICTURES:
            around = _DRAWN.sub(b"", content).decode("latin-1")
            yield from (
                Spot(place("line", number=finding.line), finding.type) for finding in scan_text(around)
            )
        elif suffix in _TEXTS:
            yield from _text_spots(content.decode("utf-8-sig"), suffix, min_cell=min_cell)
        else:
            yield Spot(place("file_name"), "unknown_format")
    except (
        UnreadableDownloadError,
        UnicodeDecodeError,
        json.JSONDecodeError,
        RecursionError,
        zipfile.BadZipFile,
    ):
        yield Spot(place("file_name"), "unreadable")


def _archive_spots(content: bytes, read: set[str], *, min_cell: int) -> Iterator[Spot]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > MAX_UNFOLDED:
            raise UnreadableDownloadError("unfolds to too much")
        for number, member in enumerate(members, start=1):
            is_safe = not _names_someone(member.filename)
            at = place("part", part=member.filename if is_safe else number)
            if not is_safe:
                yield Spot(at, "PERSON")
            for spot in _file_spots(member.filename, archive.read(member), read, min_cell=min_cell):
                yield Spot(f"{at}, {spot.place}", spot.kind)


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
            ".css": requests.in_style,
            ".js": requests.in_script,
            ".mjs": requests.in_script,
        }
        for number, line in enumerate(text.splitlines(), start=1):
            if suffix in asks and asks[suffix](line):
                yield Spot(place("line", number=number), "request")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"cells": [], "metadata": value}


def _noted_min_cell(folders: Sequence[Path]) -> int:
    """Return the threshold the run was made with, as the nearest manifest notes it; the rule's own where there is none."""
    for manifest in (folder / MANIFEST for folder in folders):
        if manifest.is_file():
            try:
                noted = json.loads(manifest.read_text(encoding="utf-8"))["parameters"].get(
                    "min_cell", MIN_CELL
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                return MIN_CELL
            return noted if isinstance(noted, int) and noted >= 1 else MIN_CELL
    return MIN_CELL
