"""Workbooks (XLSX, XLSB, XLS, ODS) to sheets of text cells, read by python-calamine in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from psq_analysis.sources.errors import DamagedFile, EmptyFile, RefusedFile
from psq_analysis.sources.model import Reject, Sheet

MEMORY_MEGABYTES = 800  # a workbook of 70,000 questionnaires needs 400; more is a bomb
SECONDS = 15  # of processor time; the same workbook takes 8
MOST_SECONDS = 60  # by the clock, on a machine that does something else
MAX_COLUMNS = 2000  # the widest LimeSurvey exports have some hundreds of columns
MAX_CELLS = 8_000_000  # 70,000 questionnaires of 100 columns; more does not fit in 1 GiB
MAX_OUTPUT_BYTES = 200_000_000  # the same, as text; shared strings can stand for a thousand times their size

_WORKER = Path(__file__).with_name("spreadsheet_worker.py")


def read_workbook(path: Path) -> tuple[list[Sheet], list[Reject]]:
    """Return the visible sheets of a workbook and one reject for each hidden one.

    Merged cells are left blank below and beside their first cell; the sheet says what the merged area stands for, so that
    a reader may take it up for a place or a quality, never for a remark.
    """
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
        elif any(any(row) for row in rows):
            beside, below = _merged_values(rows, head["merged"])
            unread = _with_marks(rows, head.get("marks", {}))
            rejects.extend(_not_read(head["sheet"], head.get("marks", {})))
            sheets.append(
                Sheet(
                    name=head["sheet"],
                    rows=rows,
                    numeric_cells=frozenset(numeric),
                    merged_beside=beside,
                    merged_below=below,
                    struck=frozenset(map(tuple, head.get("marks", {}).get("struck", []))),
                    unread=unread,
                )
            )

    cells = 0
    for item in _items(path):
        if isinstance(item, dict):
            close()
            head, rows, numeric = item, [], set()
            if not head["hidden"] and head["width"] > MAX_COLUMNS:
                raise _too_wide(path, head)
            continue
        cells += len(item)
        if cells > MAX_CELLS:
            raise _too_heavy(path)
        numeric.update(
            (len(rows), index) for index, value in enumerate(item) if isinstance(value, (int, float))
        )
        rows.append(
            ["" if value is None else value if isinstance(value, str) else str(value) for value in item]
        )
    close()
    if not sheets:
        raise EmptyFile(
            f"{path.name} : le classeur ne contient aucune cellule remplie dans une feuille visible ; "
            "enregistrez-y les réponses, en valeurs, et affichez leur feuille."
        )
    return sheets, rejects


def _items(path: Path) -> Iterator[dict | list]:
    """The worker's lines as they come; the worker is stopped when it says too much or takes too long."""
    command = [
        sys.executable,
        "-I",
        str(_WORKER),
        str(path),
        str(MEMORY_MEGABYTES),
        str(SECONDS),
        str(MAX_COLUMNS),
    ]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as worker,
    ):
        alarm = threading.Timer(MOST_SECONDS, worker.kill)
        alarm.start()
        try:
            said = 0
            for line in worker.stdout or ():
                said += len(line)
                if said > MAX_OUTPUT_BYTES:
                    raise _too_heavy(path)
                if not line.endswith(b"\n"):
                    break  # the worker was stopped in the middle of a line
                yield json.loads(line)
            if worker.wait() != 0:
                errors.seek(0)
                raise _failure(path, worker.returncode, errors.read(20_000).decode("utf-8", "replace"))
        finally:
            alarm.cancel()
            worker.kill()


def _failure(path: Path, code: int, message: str) -> RefusedFile | DamagedFile:
    if code < 0 or "MemoryError" in message or "memory allocation" in message:
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


def _too_wide(path: Path, head: dict) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : la feuille « {head['sheet']} » a {head['width']} colonnes, au-delà de {MAX_COLUMNS} ; "
        "enregistrez seulement les colonnes utiles."
    )


def _merged_values(
    rows: list[list[str]], merged: list[list[list[int]]]
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
    beside: dict[tuple[int, int], str] = {}
    below: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        beside.update(
            {(top, column): value for column in range(left + 1, min(right, len(rows[top]) - 1) + 1)}
        )
        below.update({(row, left): value for row in range(top + 1, min(bottom, len(rows) - 1) + 1)})
    return beside, below


def _with_marks(rows: list[list[str]], marks: dict) -> dict[tuple[int, int], str]:
    """Put back the answers that were taken for formulas, and return why the other cells in error or without value are blank."""
    unread: dict[tuple[int, int], str] = {}
    for row, column, formula, is_text in marks.get("formulas", []):
        if is_text:
            _put(rows, row, column, f"={formula}")
        else:
            unread[row, column] = "formule sans valeur enregistrée : son résultat n'est pas dans le fichier"
    for row, column, shown, formula, is_text in marks.get("errors", []):
        if is_text:
            _put(rows, row, column, formula if formula[:1] in "+-@=" else f"={formula}")
            unread[row, column] = (
                f"cellule en erreur ({shown}) : texte repris de la formule, à vérifier dans le fichier"
            )
        else:
            unread[row, column] = f"cellule en erreur ({shown}) : son texte est perdu dans le fichier"
    return unread


def _put(rows: list[list[str]], row: int, column: int, value: str) -> None:
    if row < len(rows):
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = value


def _not_read(sheet: str, marks: dict) -> list[Reject]:
    told = ((marks.get("notes", 0), "commentaires de cellule"), (marks.get("boxes", 0), "zones de texte"))
    return [
        Reject(None, f"feuille « {sheet} » : {count} {what} : non lus", sheet=sheet)
        for count, what in told
        if count
    ]
