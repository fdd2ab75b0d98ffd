"""What a reader takes away: tables beside the report, as CSV, workbook and open document, described for machines.

Only what the report may say: suppressed cells stay empty, no remark leaves. A text that a spreadsheet would run as a formula is
neutralised by an apostrophe (OWASP, CSV injection).
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from psq_analysis.french.labels import label
from psq_analysis.html.fragments import render
from psq_analysis.tables.schema import TABLES
from psq_analysis.tables.selections import shown_subthemes

FOLDER = "tables"
WORKBOOKS = (f"{FOLDER}/tables.xlsx", f"{FOLDER}/tables.ods")
PACKAGE = "datapackage.json"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can hold: same content, same file
_RUNS = re.compile(r"\A(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
# what neither XML nor a spreadsheet may hold
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_KINDS = {"int": "integer", "Int": "integer", "float": "number", "Float": "number", "bool": "boolean"}


def publishable(
    prevalence: pd.DataFrame, contrasts: pd.DataFrame, clusters: pd.DataFrame, *, min_cell: int
) -> dict[str, pd.DataFrame]:
    """Return the tables that may leave with the report: shares and contrasts as published, stable and large sub-themes."""
    shown = shown_subthemes(clusters, min_cell=min_cell)
    return {
        "prevalence": prevalence,
        "contrasts": contrasts,
        "clusters": shown.drop(columns=["ideas", "is_stable"]),
    }


def write_tables(tables: Mapping[str, pd.DataFrame], reports: Path, *, name: str, title: str) -> list[str]:
    """Write each table as CSV, all of them as XLSX and ODS, and ``datapackage.json``; return the paths written.

    CSV: UTF-8, comma, decimal point, empty where withheld. The data package follows Frictionless Data Package 1.0.
    """
    (reports / FOLDER).mkdir(parents=True, exist_ok=True)
    safe = {table: neutralised(frame) for table, frame in tables.items()}
    paths = []
    for table, frame in safe.items():
        paths.append(f"{FOLDER}/{table}.csv")
        frame.to_csv(reports / paths[-1], index=False)
    _write_xlsx(safe, reports / WORKBOOKS[0])
    _write_ods(safe, reports / WORKBOOKS[1])
    package = {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-") or "analyse",
        "title": title,
        "description": label("captions", "package"),
        "resources": [_resource(table, frame) for table, frame in safe.items()],
    }
    (reports / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*paths, *WORKBOOKS, PACKAGE]


def neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every text a spreadsheet would run kept as text; numbers stay numbers.

    >>> neutralised(pd.DataFrame({"label": ["=1+1", "vols", "-2+3"], "difference": [-0.2, 0.1, 0.3]})).values.tolist()
    [["'=1+1", -0.2], ['vols', 0.1], ["'-2+3", 0.3]]
    """
    texts = {
        column: frame[column].map(_as_text, na_action="ignore")
        for column in frame.columns
        if not pd.api.types.is_numeric_dtype(frame[column])
    }
    return frame.assign(**texts)


def _as_text(value: object) -> str:
    text = _ILLEGAL.sub("\ufffd", str(value))
    return f"'{text}" if _RUNS.match(text) else text


def _write_xlsx(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as workbook:
        for table, frame in tables.items():
            frame.to_excel(workbook, sheet_name=table, index=False, freeze_panes=(1, 0))


def _write_ods(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write an open-document spreadsheet: three files in a ZIP, the first one naming the type, not compressed."""
    sheets = [
        (
            table,
            list(frame.columns),
            [[_cell(value) for value in row] for row in frame.itertuples(index=False)],
        )
        for table, frame in tables.items()
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", FIXED_DATE), _OPEN_DOCUMENT, zipfile.ZIP_STORED)
        for inside, template in (
            ("META-INF/manifest.xml", "ods_manifest.xml.j2"),
            ("content.xml", "ods_content.xml.j2"),
        ):
            text = render(template, sheets=sheets, kind=_OPEN_DOCUMENT)
            archive.writestr(zipfile.ZipInfo(inside, FIXED_DATE), str(text), zipfile.ZIP_DEFLATED)


def _cell(value: Any) -> dict[str, str]:
    if pd.isna(value):
        return {"kind": "", "value": "", "text": ""}
    if isinstance(value, str):
        return {"kind": "string", "value": "", "text": value}
    if pd.api.types.is_bool(value):
        return {"kind": "boolean", "value": str(bool(value)).lower(), "text": str(bool(value)).upper()}
    return {"kind": "float", "value": repr(float(value)), "text": f"{float(value):g}"}


def _resource(table: str, frame: pd.DataFrame) -> dict[str, Any]:
    model = TABLES[table].columns
    fields = [
        {
            "name": column,
            "type": next((kind for dtype, kind in _KINDS.items() if str(frame[column].dtype).startswith(dtype)), "string"),
            "description": model[column].description,
        }
        for column in frame.columns
    ]  # fmt: skip
    return {
        "name": table,
        "path": f"{FOLDER}/{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def pack(reports: Path, target: Path) -> None:
    """Put everything under ``reports`` into one ZIP, in a stable order."""
    files = sorted(path for path in reports.rglob("*") if path.is_file() and path != target)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            inside = zipfile.ZipInfo(str(Path(target.stem) / file.relative_to(reports)), FIXED_DATE)
            inside.external_attr = 0o644 << 16
            archive.writestr(inside, file.read_bytes(), zipfile.ZIP_DEFLATED)
