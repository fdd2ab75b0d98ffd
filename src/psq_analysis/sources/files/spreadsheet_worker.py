"""Read one workbook in a process of its own and print its cells as JSON lines.

Run as a script by :mod:`psq_analysis.sources.files.spreadsheets`: a workbook made to exhaust memory or to crash its reader
then harms nothing but this process. It imports only the reader, so that it starts fast.
"""

from __future__ import annotations

import datetime
import json
import sys


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


def main(path: str, megabytes: int, seconds: int, max_columns: int) -> None:
    _limit(megabytes, seconds)
    import python_calamine  # noqa: PLC0415  after the limits are set

    write = sys.stdout.write
    workbook = python_calamine.CalamineWorkbook.from_path(path)
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
