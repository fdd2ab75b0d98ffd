"""The file a reader fills in: a workbook with lists of codes and the codebook on a second sheet, or a CSV file with the same columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from psq_analysis.coding.readings import NONE, SCHEMES
from psq_analysis.errors import BadInput
from psq_analysis.french.labels import label
from psq_analysis.review.words import say, words
from psq_analysis.takeaway.tables import neutralised

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from psq_analysis.coding.codebook import Codebook

SEVERAL = 3  # columns of a scheme of which a remark may have several codes: of 944 remarks read by people, none has more than three themes
WIDTHS = {"key": 12, "reader": 12, "respondent": 11, "question": 30, "text": 80, "readings": 50}
CODE_WIDTH, GRID_WIDTH = 26, 50  # characters of a column of codes, of a column of the codebook
MARGIN_ROWS = 200  # rows under the last remark that have the lists too, for a reader who copies rows


def code_headings(grid: Codebook) -> dict[str, str]:
    """Return the headings of the columns of codes, each with its scheme.

    Schemes of which several codes may be given have :data:`SEVERAL` columns.
    """
    found: dict[str, str] = {}
    for scheme in SCHEMES:
        if scheme in grid.schemes:
            name = label("schemes", scheme)
            several = grid.schemes[scheme].multiple
            found |= {f"{name} {n}": scheme for n in range(1, SEVERAL + 1)} if several else {name: scheme}
    return found


def codebook_rows(grid: Codebook) -> pd.DataFrame:
    """Return the codebook as readers see it: a row a code, « none » first in its scheme; columns by the keys of ``grid`` in review.yml."""
    rows = []
    for scheme in [one for one in SCHEMES if one in grid.schemes]:
        name = label("schemes", scheme)
        if scheme in words()["none"]:
            rows.append((scheme, name, words()["none"][scheme], words()["none_means"], "", "", "", NONE))
        for code, told in grid.schemes[scheme].codes.items():
            examples = " / ".join(told.examples[:2])
            rows.append(
                (scheme, name, told.label, told.definition, told.belongs, told.excludes, examples, code)
            )
    keys = ["scheme", "label", "definition", "belongs", "excludes", "examples", "code"]
    return pd.DataFrame(rows, columns=["of", *keys])


def refuse_existing(path: Path) -> None:
    """Raise :class:`BadInput` where a file is there already: it may hold readings."""
    if path.exists():
        raise BadInput(say("exists", file=path))


def write_file(rows: pd.DataFrame, grid: Codebook, path: Path) -> Path:
    """Write what one reader reads, as a workbook (``.xlsx``) or a CSV file for Excel; return where. An existing file is never replaced.

    ``rows``: columns ``key``, ``reader``, ``respondent``, ``question``, ``text``, and ``readings`` where there is something to settle. A text that a
    spreadsheet would run as a formula is kept as text.
    """
    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    own = [name for name in words()["headings"] if name in rows]
    headings = words()["headings"]
    shown = neutralised(rows[own].astype({"respondent": str})).rename(columns=headings)
    filled = shown.assign(**dict.fromkeys(code_headings(grid), ""))
    partial = path.with_name(f".{path.name}")
    if path.suffix == ".csv":
        filled.to_csv(partial, index=False, sep=";", encoding="utf-8-sig")
    else:
        _write_workbook(filled, grid, own, partial)
    partial.replace(path)
    return path


def _write_workbook(rows: pd.DataFrame, grid: Codebook, own: list[str], path: Path) -> None:
    named = words()
    told = codebook_rows(grid)
    with path.open("wb") as stream, pd.ExcelWriter(stream, engine="openpyxl") as workbook:
        rows.to_excel(workbook, sheet_name=named["sheets"]["reading"], index=False, freeze_panes=(1, 0))
        shown = neutralised(told.drop(columns="of")).rename(columns=named["grid"])
        shown.to_excel(workbook, sheet_name=named["sheets"]["grid"], index=False, freeze_panes=(1, 0))
        reading = workbook.sheets[named["sheets"]["reading"]]
        widths = [WIDTHS[name] for name in own] + [CODE_WIDTH] * len(code_headings(grid))
        _laid_out(reading, widths)
        _laid_out(workbook.sheets[named["sheets"]["grid"]], [GRID_WIDTH] * shown.shape[1])
        reading.column_dimensions["A"].hidden = True  # the key
        _add_lists(reading, grid, told, first=len(own), rows=len(rows))


def _laid_out(sheet: Worksheet, widths: list[int]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)


def _add_lists(sheet: Worksheet, grid: Codebook, told: pd.DataFrame, *, first: int, rows: int) -> None:
    """Give each column of codes the list of the labels of its scheme, which stand together on the sheet of the codebook."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    refused: dict[str, Any] = words()["refused"]
    column = get_column_letter(told.columns.drop("of").get_loc("label") + 1)
    lists = {}
    for scheme, of_scheme in told.groupby("of", sort=False):
        top, bottom = of_scheme.index[0] + 2, of_scheme.index[-1] + 2
        source = f"'{words()['sheets']['grid']}'!${column}${top}:${column}${bottom}"
        lists[scheme] = DataValidation(
            type="list", formula1=source, allow_blank=True, showErrorMessage=True,
            errorTitle=refused["title"], error=refused["text"],
        )  # fmt: skip
        sheet.add_data_validation(lists[scheme])
    for at, scheme in enumerate(code_headings(grid).values(), start=first + 1):
        letter = get_column_letter(at)
        lists[scheme].add(f"{letter}2:{letter}{rows + 1 + MARGIN_ROWS}")
