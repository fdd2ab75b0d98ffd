"""What a workbook says beside the values of its cells: errors, formulas without value, struck-through cells, notes, text boxes.

Run in the process of :mod:`spreadsheet_worker`, whose limits hold; it loads this file by its path, so that it imports nothing of ours.
Python-calamine gives values only. Positions count rows and columns from 0.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

_CELL = re.compile(r"([A-Z]+)(\d+)")
_MARK = re.compile(rb"<(?:\w+:)?f[\s>/]|t=[\"']e[\"']|<(?:\w+:)?strike")
_ODS_MARK = re.compile(
    rb"line-through-(?:style|type)=[\"'](?!none)|annotation|draw:|:formula=|value-type=[\"']error"
)
_CALL = re.compile(
    r"^[\s+(-]*(?:[A-Z][A-Z0-9.]+\(|'?[\w ]+'?!|\$?[A-Z]{1,3}\$?\d+\b|\d+(?:[.,]\d+)?\s*(?:[-+*/^&]|$))"
)


def marks_of(path: str) -> dict[str, dict]:
    """Return for each sheet its ``errors`` [row, column, text shown], ``formulas`` [row, column, formula, is a text], ``struck`` [row, column],
    ``notes`` and ``boxes`` (counts)."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return _of_ods(archive) if _has_marks(archive, "content.xml", _ODS_MARK) else {}
        if "xl/workbook.xml" in names:
            return _of_xlsx(archive, names)
    return {}


def is_text_of_formula(formula: str) -> bool:
    """Tell whether a « formula » is an answer that began with = or - : no call, no cell, no sum of numbers."""
    return bool(re.search(r"[^\W\d_]{2,}", formula)) and not _CALL.match(formula)


def _events(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, Any]]:
    from lxml import etree  # noqa: PLC0415  after the limits are set

    with archive.open(name) as part:
        for event, node in etree.iterparse(
            part, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            yield event, etree.QName(node).localname if isinstance(node.tag, str) else "", node


def _of_xlsx(archive: zipfile.ZipFile, names: set[str]) -> dict[str, dict]:
    struck_styles = _struck_styles(archive, names)
    rich_struck = _struck_strings(archive, names)
    targets = _relations(archive, "xl/workbook.xml", names)
    marks = {}
    for event, tag, node in _events(archive, "xl/workbook.xml"):
        if event == "end" and tag == "sheet":
            part = targets.get(
                next((value for key, value in node.attrib.items() if key.endswith("}id")), ""), ""
            )
            if part in names:
                marks[node.get("name")] = _of_sheet(archive, part, names, struck_styles, rich_struck)
    return marks


def _relations(archive: zipfile.ZipFile, part: str, names: set[str]) -> dict[str, str]:
    folder, file = posixpath.split(part)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in names:
        return {}
    found = {}
    for event, tag, node in _events(archive, relations):
        if event == "end" and tag == "Relationship" and node.get("TargetMode") != "External":
            target = node.get("Target", "")
            found[node.get("Id")] = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            )
    return found


def _struck_styles(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    if "xl/styles.xml" not in names:
        return set()
    fonts: list[bool] = []
    styles: set[str] = set()
    inside = ""
    count = 0
    for event, tag, node in _events(archive, "xl/styles.xml"):
        if event == "start" and tag in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            inside = tag
        elif event == "end" and tag == "font" and inside == "fonts":
            fonts.append(any(_is_on(child) for child in node if str(child.tag).endswith("}strike")))
        elif event == "end" and tag == "xf" and inside == "cellXfs":
            font = int(node.get("fontId", "0"))
            if font < len(fonts) and fonts[font]:
                styles.add(str(count))
            count += 1
    return styles


def _is_on(node: Any) -> bool:
    return node.get("val", "1") not in ("0", "false")


def _struck_strings(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    """Indices of the shared strings all of whose runs are struck through."""
    if "xl/sharedStrings.xml" not in names:
        return set()
    found: set[str] = set()
    count = 0
    for event, tag, node in _events(archive, "xl/sharedStrings.xml"):
        if event == "end" and tag == "si":
            if _all_runs_struck(node):
                found.add(str(count))
            count += 1
            node.clear()
    return found


def _all_runs_struck(node: Any) -> bool:
    runs = [child for child in node if str(child.tag).endswith("}r")]
    return bool(runs) and all(
        any(str(part.tag).endswith("}strike") and _is_on(part) for part in run.iter())
        for run in runs
        if "".join(run.itertext()).strip()
    )


def _of_sheet(
    archive: zipfile.ZipFile, part: str, names: set[str], struck_styles: set[str], rich_struck: set[str]
) -> dict:
    marks: dict = {"errors": [], "formulas": [], "struck": [], "notes": 0, "boxes": 0}
    if struck_styles or rich_struck or _has_marks(archive, part):
        for event, tag, node in _events(archive, part):
            if event != "end" or tag != "c":
                if event == "end" and tag == "row":
                    node.clear()
                continue
            place = _CELL.match(node.get("r", ""))
            if place is None:
                continue
            at = [int(place[2]) - 1, _column(place[1])]
            children = {str(child.tag).rsplit("}", 1)[-1]: child for child in node}
            value = children["v"].text if "v" in children else None
            formula = children["f"].text if "f" in children else None
            kind = node.get("t")
            if kind == "e":
                marks["errors"].append([*at, value or "", formula or "", is_text_of_formula(formula or "")])
            elif formula is not None and not value and "is" not in children:
                marks["formulas"].append([*at, formula, is_text_of_formula(formula)])
            has_text = value or "is" in children
            if has_text and (
                node.get("s") in struck_styles
                or (kind == "s" and value in rich_struck)
                or ("is" in children and _all_runs_struck(children["is"]))
            ):
                marks["struck"].append(at)
    for target in _relations(archive, part, names).values():
        if target not in names:
            continue
        if (
            re.search(r"(?:^|/)(?:comments|threadedComments?)[^/]*\d*\.xml$", target)
            and "threaded" not in target.lower()
        ):
            marks["notes"] += sum(
                event == "end" and tag == "comment" for event, tag, _ in _events(archive, target)
            )
        elif re.search(r"/drawing\d*\.xml$", target):
            marks["boxes"] += sum(
                event == "end" and tag == "txBody" and bool("".join(node.itertext()).strip())
                for event, tag, node in _events(archive, target)
            )
    return marks


def _has_marks(archive: zipfile.ZipFile, part: str, mark: re.Pattern[bytes] = _MARK) -> bool:
    """Tell from the bytes alone whether a sheet holds a formula, an error or a struck run: most exports hold none, and are large."""
    tail = b""
    with archive.open(part) as opened:
        while block := opened.read(1 << 20):
            if mark.search(tail + block):
                return True
            tail = block[-64:]
    return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _of_ods(archive: zipfile.ZipFile) -> dict[str, dict]:
    """Struck styles, notes and boxes of an ODS; repeated blank rows cost nothing."""
    struck_styles: set[str] = set()
    marks: dict[str, dict] = {}
    sheet: dict | None = None
    row = column = 0
    for event, tag, node in _events(archive, "content.xml"):
        if event == "end" and tag == "text-properties":
            parent = node.getparent()
            line = next(
                (
                    value
                    for key, value in node.attrib.items()
                    if key.endswith("}text-line-through-style") or key.endswith("}text-line-through-type")
                ),
                "none",
            )
            if line != "none" and parent is not None:
                struck_styles.add(_attribute(parent, "name"))
        elif tag == "table" and event == "start":
            sheet = {"errors": [], "formulas": [], "struck": [], "notes": 0, "boxes": 0}
            marks[_attribute(node, "name")] = sheet
            row = 0
        elif tag == "table-row" and event == "start":
            column = 0
        elif tag == "table-row" and event == "end":
            row += int(_attribute(node, "number-rows-repeated") or 1)
            node.clear()
        elif tag in ("table-cell", "covered-table-cell") and event == "end" and sheet is not None:
            _ods_cell(node, [row, column], sheet, struck_styles)
            column += int(_attribute(node, "number-columns-repeated") or 1)
    return marks


def _ods_cell(node: Any, at: list[int], sheet: dict, struck_styles: set[str]) -> None:
    paragraphs = [child for child in node if str(child.tag).endswith("}p")]
    text = "".join("".join(child.itertext()) for child in paragraphs).strip()
    sheet["notes"] += sum(str(child.tag).endswith("}annotation") for child in node)
    sheet["boxes"] += sum(
        str(child.tag).endswith(("}frame", "}custom-shape")) and bool("".join(child.itertext()).strip())
        for child in node
    )
    if (
        _attribute(node, "formula")
        and not text
        and not any("value" in key and not key.endswith("value-type") for key in node.attrib)
    ):
        formula = _attribute(node, "formula").split("=", 1)[-1]
        sheet["formulas"].append([*at, formula, is_text_of_formula(formula)])
    if text and any(
        str(key).endswith("}value-type") and value == "error" for key, value in node.attrib.items()
    ):
        sheet["errors"].append([*at, text, "", False])
    spans = [span for child in paragraphs for span in child.iter() if str(span.tag).endswith("}span")]
    whole = (
        spans
        and "".join(
            "".join(span.itertext()) for span in spans if _attribute(span, "style-name") in struck_styles
        ).strip()
        == text
    )
    if text and (_attribute(node, "style-name") in struck_styles or whole):
        sheet["struck"].append(at)


def _attribute(node: Any, name: str) -> str:
    return next((value for key, value in node.attrib.items() if key.endswith(f"}}{name}")), "")
