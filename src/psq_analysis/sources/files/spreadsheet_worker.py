"""Read one workbook in a process of its own and print its cells as JSON lines.

Run as a script by :mod:`psq_analysis.sources.files.spreadsheets`: a workbook made to exhaust memory or to crash its reader
then harms nothing but this process. It imports only the reader and the file beside it, so that it starts fast.
"""

from __future__ import annotations

import datetime
import importlib.util
import io
import json
import pathlib
import sys
import zipfile


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415  absent on Windows
    except ImportError:
        return
    for kind, value in ((resource.RLIMIT_AS, megabytes << 20), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value


def _marks(path: str) -> dict[str, dict]:
    """What stands beside the values, read by the file next to this one; a workbook is read without it rather than not at all."""
    file = pathlib.Path(__file__).with_name("workbook_marks.py")
    spec = importlib.util.spec_from_file_location("workbook_marks", file)
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return module.marks_of(path)
    except (ValueError, KeyError, OSError, RuntimeError, SyntaxError):
        return {}


def _openable(path: str) -> str | io.BytesIO:
    """An ODS without its « mimetype » entry (Ruby's rodf writes none) gets one, since the reader asks for it."""
    if not zipfile.is_zipfile(path):
        return path
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "mimetype" in names or "content.xml" not in names:
            return path
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as complete:
            complete.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            for name in names:
                complete.writestr(name, archive.read(name))
    whole.seek(0)
    return whole


def main(path: str, megabytes: int, seconds: int, max_columns: int) -> None:
    _limit(megabytes, seconds)
    import python_calamine  # noqa: PLC0415  after the limits are set

    write = sys.stdout.write
    workbook = python_calamine.load_workbook(_openable(path))
    marks = _marks(path)
    for meta in workbook.sheets_metadata:
        hidden = not str(meta.visible).endswith(".Visible")
        if not str(meta.typ).endswith(".WorkSheet"):
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        width = 0 if sheet.end is None else sheet.end[1] + 1
        head = {"sheet": meta.name, "hidden": hidden, "width": width, "merged": []}
        if hidden or width > max_columns:
            write(json.dumps(head) + "\n")
            continue
        head["marks"] = marks.get(meta.name, {})
        head["merged"] = [list(map(list, area)) for area in (sheet.merged_cell_ranges or [])]
        write(json.dumps(head) + "\n")
        if sheet.start is None:
            continue
        left = [""] * sheet.start[
            1
        ]  # calamine gives the blank rows above the first cell, not the blank columns
        for row in sheet.iter_rows():
            write(json.dumps(left + [_cell(value) for value in row]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
