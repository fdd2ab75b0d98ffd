"""Workbooks (XLSX, XLSB, XLS, ODS) to sheets of text cells, read by python-calamine in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from psq_analysis.sources.model import Reject, Sheet
from psq_analysis.sources.trouble import DamagedFile, EmptyFile, RefusedFile

MEMORY_MEGABYTES = 900  # a workbook of 70,000 questionnaires needs 400; more is a bomb
SECONDS = 18  # the same workbook takes 8 s
MAX_COLUMNS = 2000  # the widest LimeSurvey exports have some hundreds of columns

_WORKER = Path(__file__).with_name("spreadsheet_worker.py")


def read_workbook(path: Path) -> tuple[list[Sheet], list[Reject]]:
    """Return the visible sheets of a workbook and one reject for each hidden one.

    Merged cells are left blank below and beside their first cell; the sheet says what the merged area stands for, so that
    a reader may take it up for a place or a quality, never for a remark.
    """
    command = [
        sys.executable,
        "-I",
        str(_WORKER),
        str(path),
        str(MEMORY_MEGABYTES),
        str(SECONDS),
        str(MAX_COLUMNS),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS + 2, check=False)
    except subprocess.TimeoutExpired:
        raise _too_heavy(path) from None
    if done.returncode:
        raise _failure(path, done)
    return _sheets(path, done.stdout)


def _failure(path: Path, done: subprocess.CompletedProcess[bytes]) -> Exception:
    message = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0 or "MemoryError" in message or "memory allocation" in message:
        return _too_heavy(path)
    if "assword" in message or "ncrypt" in message:
        return RefusedFile(
            f"{path.name} : le classeur est protégé par un mot de passe ; enregistrez-en une copie sans mot de passe."
        )
    return DamagedFile(
        f"{path.name} : le classeur est tronqué ou abîmé ; ouvrez-le dans un tableur et enregistrez-le à nouveau en XLSX."
    )


def _too_heavy(path: Path) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : la lecture du classeur demande trop de mémoire ou de temps ; "
        "enregistrez seulement les réponses, en valeurs, dans un nouveau classeur."
    )


def _sheets(path: Path, output: bytes) -> tuple[list[Sheet], list[Reject]]:
    sheets: list[Sheet] = []
    rejects: list[Reject] = []
    rows: list[list[str]] = []
    numeric: set[tuple[int, int]] = set()
    head: dict | None = None

    def close() -> None:
        if head is None:
            return
        if head["hidden"]:
            rejects.append(Reject(None, f"feuille masquée « {head['sheet']} » : non lue"))
        elif head["width"] > MAX_COLUMNS:
            raise RefusedFile(
                f"{path.name} : la feuille « {head['sheet']} » a {head['width']} colonnes, au-delà de {MAX_COLUMNS} ; "
                "enregistrez seulement les colonnes utiles."
            )
        elif any(any(row) for row in rows):
            sheets.append(
                Sheet(head["sheet"], rows, frozenset(numeric), *_merged_values(rows, head["merged"]))
            )

    for line in output.splitlines():
        item = json.loads(line)
        if isinstance(item, dict):
            close()
            head, rows, numeric = item, [], set()
            continue
        for index, value in enumerate(item):
            if isinstance(value, (int, float)):
                numeric.add((len(rows), index))
        rows.append(
            ["" if value is None else value if isinstance(value, str) else str(value) for value in item]
        )
    close()
    if not sheets:
        raise EmptyFile(
            f"{path.name} : le classeur ne contient aucune cellule remplie dans une feuille visible."
        )
    return sheets, rejects


def _merged_values(
    rows: list[list[str]], merged: list[list[list[int]]]
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
    beside: dict[tuple[int, int], str] = {}
    below: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        beside.update({(top, column): value for column in range(left + 1, right + 1)})
        below.update({(row, left): value for row in range(top + 1, min(bottom, len(rows) - 1) + 1)})
    return beside, below
