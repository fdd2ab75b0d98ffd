"""Tables beside the report, as CSV, workbook and open document, each column explained for people and for machines.

Only what the report may say: the numbers of a group too small stay empty, no remark leaves. A text that a spreadsheet would run as a formula is
neutralised by an apostrophe (OWASP, CSV injection).
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import label
from psq_analysis.html.fragments import render
from psq_analysis.packaged import read_yaml
from psq_analysis.sentences.words import group_name
from psq_analysis.tables.selections import shown_subthemes

FOLDER = "tables"
WORKBOOKS = (f"{FOLDER}/tables.xlsx", f"{FOLDER}/tables.ods")
PACKAGE = "datapackage.json"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can hold: same content, same file
WIDEST = 60  # characters of a column of a workbook; a longer text is read in its cell
_DEMAND_TABLES = {"demands": "demande", "irritants": "irritant", "praise": "satisfaction"}
_RUNS = re.compile(r"\A(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
# what neither XML nor a spreadsheet may hold
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_KINDS = {"int": "integer", "Int": "integer", "float": "number", "Float": "number", "bool": "boolean"}


def publishable(
    read: Callable[[str], pd.DataFrame], names: Names, *, min_cell: int
) -> dict[str, pd.DataFrame]:
    """Return the tables that may leave with the report, the names a reader knows beside the codes.

    ``read``: a table of the run by its name. All demands, irritants and praise that three respondents say; shares and contrasts as published;
    stable and large sub-themes; words of groups.
    """
    groups, clusters = read("demand_groups"), read("clusters")
    named = (
        {("subtheme", str(row.subtheme_id)): str(row.label) for row in clusters.itertuples()}
        | {("demand", str(row.demand_id)): str(row.label) for row in groups.itertuples()}
        | dict(names)
    )
    shown = shown_subthemes(clusters, min_cell=min_cell).drop(columns=["ideas", "is_stable"])
    return {
        **{table: _demands(groups, kind, named) for table, kind in _DEMAND_TABLES.items()},
        "prevalence": _with_groups(_with_codes(read("prevalence"), named), "group"),
        "contrasts": _with_groups(_with_codes(read("contrasts"), named), "group_a", "group_b"),
        "clusters": _after(
            shown, "theme", "theme_label", [named.get(("theme", one), one) for one in shown["theme"]]
        ),
        "closed_answers": _with_groups(read("closed_answers"), "group"),
        "closed_crossed": _with_codes(read("closed_crossed"), named),
        "words": _with_groups(read("distinctive_words"), "group"),
    }


def _demands(groups: pd.DataFrame, kind: str, named: Names) -> pd.DataFrame:
    """The demands of one kind, all that are shown; ``people``: counts over everyone, which are exact."""
    rows = groups[groups["is_shown"] & groups["kind"].eq(kind)].reset_index(drop=True)
    named_codes = {
        f"{scheme}_label": rows[scheme].map(
            lambda code, of=scheme: named.get((of, code), code), na_action="ignore"
        )
        for scheme in ("theme", "objective")
    }
    rows = rows.assign(rank=range(1, len(rows) + 1), people=rows["respondents"], **named_codes)
    columns = [
        "rank",
        "label",
        "people",
        "counted",
        "share",
        "low",
        "high",
        *named_codes,
        "is_campaign",
        "demand_id",
    ]
    return rows[columns]


def _with_codes(rows: pd.DataFrame, named: Names) -> pd.DataFrame:
    keys = zip(rows["scheme"], rows["code"], strict=True)
    return _after(rows, "code", "code_label", [named.get(key, key[1]) for key in keys])


def _with_groups(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    for column in columns:
        pairs = zip(rows["grouping"], rows[column], strict=True)
        rows = _after(
            rows, column, f"{column}_label", [group_name(grouping, group) for grouping, group in pairs]
        )
    return rows


def _after(rows: pd.DataFrame, column: str, name: str, values: list[str]) -> pd.DataFrame:
    """Return ``rows`` with a column of texts right after another."""
    wider = rows.copy()
    wider.insert(wider.columns.get_loc(column) + 1, name, pd.Series(values, index=rows.index, dtype="string"))
    return wider


def explained(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the sheet that says what a row and each column of the tables hold, in French; its headings are those of ``columns.yml``."""
    words = _words()
    rows = [
        row
        for table, frame in tables.items()
        for row in [
            (table, words["sheet"]["every_row"], words["tables"][table]),
            *((table, column, meaning(table, column)) for column in frame.columns),
        ]
    ]
    return pd.DataFrame(rows, columns=words["sheet"]["headings"])


def meaning(table: str, column: str) -> str:
    """Return what a column of a table taken away holds.

    >>> meaning("demands", "low")
    "Borne basse de l'intervalle à 95 %"
    """
    words = _words()
    return words["columns"].get(table, {}).get(column) or words["common"][column]


@cache
def _words() -> dict[str, Any]:
    return read_yaml(__package__, "columns.yml")


def write_tables(tables: Mapping[str, pd.DataFrame], reports: Path, *, name: str, title: str) -> list[str]:
    """Write each table as CSV, all of them and the sheet that explains them as XLSX and ODS, and ``datapackage.json``; return the paths written.

    CSV: UTF-8, comma, decimal point, empty where withheld. The data package follows Frictionless Data Package 1.0.
    """
    (reports / FOLDER).mkdir(parents=True, exist_ok=True)
    safe = {table: neutralised(frame) for table, frame in tables.items()}
    paths = []
    for table, frame in safe.items():
        paths.append(f"{FOLDER}/{table}.csv")
        frame.to_csv(reports / paths[-1], index=False)
    sheets = {_words()["sheet"]["name"]: explained(safe)} | safe
    _write_xlsx(sheets, reports / WORKBOOKS[0])
    _write_ods(sheets, reports / WORKBOOKS[1])
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


def as_xml_text(text: object) -> str:
    """Return a text without the characters that neither XML nor a spreadsheet may hold."""
    return _ILLEGAL.sub("\ufffd", str(text))


def _as_text(value: object) -> str:
    text = as_xml_text(value)
    return f"'{text}" if _RUNS.match(text) else text


def _write_xlsx(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write a workbook ready to be read: headings that stay and can be filtered by, columns as wide as what they hold."""
    with pd.ExcelWriter(path, engine="openpyxl") as workbook:
        for table, frame in tables.items():
            frame.to_excel(workbook, sheet_name=table, index=False, freeze_panes=(1, 0))
            sheet = workbook.sheets[table]
            sheet.auto_filter.ref = sheet.dimensions
            for cells in sheet.iter_cols():
                longest = max(len(str(cell.value)) for cell in cells if cell.value is not None)
                sheet.column_dimensions[cells[0].column_letter].width = min(longest, WIDEST) + 2


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
    fields = [
        {
            "name": column,
            "type": next((kind for dtype, kind in _KINDS.items() if str(frame[column].dtype).startswith(dtype)), "string"),
            "description": meaning(table, column),
        }
        for column in frame.columns
    ]  # fmt: skip
    return {
        "name": table,
        "path": f"{FOLDER}/{table}.csv",
        "description": _words()["tables"][table],
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
