"""What the publication gate sees in a page and in JSON: personal data, small cells, requests; places, never content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from plotly.offline import get_plotlyjs

from psq_analysis.gate import requests, structure
from psq_analysis.gate.counts import has_small_count, small_cells
from psq_analysis.gate.people import columns_of_people
from psq_analysis.gate.words import fetched_keys, is_crossing, place
from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.published_text import scan_text

MIN_PROGRAM = (
    500_000  # characters: only a library is that long; a shorter script is read whole, like any text
)
_SCRIPT = re.compile(r"(<script\b([^>]*)>)(.*?)(</script\s*>)", re.DOTALL | re.IGNORECASE)
_BINARY = re.compile(r"(data:[\w/+.-]+;base64,)[A-Za-z0-9+/=]+")
_TAG = re.compile(r"<[^<>]*>")
_NO_BREAK = re.compile(
    r"[\u00a0\u2009\u202f]|&(?:nbsp|thinsp|#160|#8201|#8239|#xa0|#x2009|#x202f);", re.IGNORECASE
)
_BLOCKS = ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption", "summary",
           "blockquote", "pre", "text", "option", "label", "legend", "title", "desc")  # fmt: skip
_SAID_ALOUD = ("aria-label", "title", "alt", "summary", "content")
_NAME_OF_KEY = re.compile(r"[\w./ +-]{1,40}")
Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """A finding inside one file: where it stands and its kind."""

    place: str
    kind: str


def page_spots(text: str, *, min_cell: int, is_whole: bool = True) -> Iterator[Spot]:
    """Yield what should not be published in a page, or in a fragment of one (``is_whole`` False: no structure is asked of it).

    >>> page = '<p>Rappeler au 06 39 98 41 52</p><img alt="" src="//x.example/a.png">'
    >>> list(page_spots(page, min_cell=11, is_whole=False))
    [Spot(place='ligne 1', kind='PHONE'), Spot(place='ligne 1', kind='request')]
    """
    source, drawings = _without_programs(text)
    for line, drawing in drawings:
        at = place("line", number=line)
        yield from (
            Spot(f"{at}, {spot.place}", spot.kind) for spot in _drawing_spots(drawing, min_cell=min_cell)
        )
    lines: set[tuple[int, str]] = {
        (finding.line, finding.type) for finding in scan_text(_NO_BREAK.sub(" ", source))
    }
    try:
        root = (
            lxml.html.document_fromstring(source)
            if is_whole
            else lxml.html.fragment_fromstring(source, "div")
        )
    except ParserError:
        yield Spot(place("line", number=1), "unreadable")
        return
    lines |= _in_tree(root, min_cell=min_cell)
    lines |= {(_line(element), "request") for element in requests.of_page(root)}
    if is_whole:
        lines |= {(_line(element), kind) for element, kind in structure.troubles(root)}
    yield from (Spot(place("line", number=line), kind) for line, kind in sorted(lines))


def json_spots(value: Any, *, min_cell: int, is_drawing: bool = False) -> Iterator[Spot]:
    """Yield what should not be published in a JSON value; the place is a path. ``is_drawing``: addresses in it are fetched.

    >>> list(json_spots({"inputs": [{"file": "Mme Peyrelongue.csv"}]}, min_cell=11))
    [Spot(place='inputs[0].file', kind='PERSON')]
    """
    leaves = [(path, leaf) for path, leaf in _walk(value, ()) if isinstance(leaf, str)]
    texts = [" ".join(leaf.split()) for _, leaf in leaves]
    for finding in scan_text("\n".join(texts)):
        yield Spot(path_name(leaves[finding.line - 1][0]), finding.type)
    for path, leaf in leaves:
        if has_small_count(_TAG.sub(" ", leaf), min_cell=min_cell):
            yield Spot(path_name(path), "small_cell")
        if is_drawing and path and path[-1] in fetched_keys() and requests.is_outside(leaf):
            yield Spot(path_name(path), "request")
    yield from _tables_in_json(value, (), min_cell=min_cell)


def notebook_spots(notebook: dict[str, Any], *, min_cell: int) -> Iterator[Spot]:
    """Yield what should not be published in a notebook: sources, outputs, figures, metadata."""
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        at = place("cell", number=number)
        for path, mime, value in _cell_parts(cell):
            if mime in ("text/html", "image/svg+xml"):
                spots = page_spots(value, min_cell=min_cell, is_whole=False)
            else:
                is_drawing = mime.endswith("+json")
                spots = json_spots(value, min_cell=min_cell, is_drawing=is_drawing)
            for spot in spots:
                yield Spot(", ".join(part for part in (at, path_name(path), spot.place) if part), spot.kind)
        source = _joined(cell.get("source", ""))
        if cell.get("cell_type") == "markdown" and (requests.in_markdown(source) or _asks_outside(source)):
            yield Spot(f"{at}, source", "request")
    around = {key: value for key, value in notebook.items() if key != "cells"}
    yield from json_spots(around, min_cell=min_cell)


def table_spots(
    headings: Sequence[str], rows: Sequence[Sequence[object]], *, caption: str, min_cell: int
) -> Iterator[tuple[int, int, str]]:
    """Yield row, column (from 1) and kind of what a table should not show; a row is 0 for the table as a whole."""
    if is_crossing(headings):
        yield 0, 1, "crossing"
    for column in columns_of_people(headings, rows):
        yield 1, column + 1, "people"
    for cell in small_cells(headings, rows, caption=caption, min_cell=min_cell):
        yield cell.row + 1, cell.column + 1, "small_cell"


def path_name(path: Path) -> str:
    """Write a JSON path, without quoting a key that may hold content.

    >>> path_name(("data", 0, "hovertext", 3)), path_name(("06 39 98 41 52", 1))
    ('data[0].hovertext[3]', '(clé)[1]')
    """
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        else:
            is_safe = _NAME_OF_KEY.fullmatch(step) is not None and not scan_text(step)
            name += ("." if name else "") + (step if is_safe else "(clé)")
    return name


def _without_programs(text: str) -> tuple[str, list[tuple[int, Any]]]:
    """Blank the known drawing library, the embedded data and images, keeping every line; return the data apart."""
    drawings: list[tuple[int, Any]] = []

    def blank(script: re.Match[str]) -> str:
        body = script[3]
        if "json" in script[2]:
            line = text.count("\n", 0, script.start()) + 1
            try:
                drawings.append((line, json.loads(body)))
            except (ValueError, RecursionError):
                return script[0]
        elif len(body) < MIN_PROGRAM or hashlib.sha256(body.encode()).hexdigest() not in _known_programs():
            return script[0]
        return script[1] + "\n" * body.count("\n") + script[4]

    return _BINARY.sub(r"\1", _SCRIPT.sub(blank, text)), drawings


@lru_cache(maxsize=1)
def _known_programs() -> frozenset[str]:
    program = get_plotlyjs()
    written = (program, program.replace("</script", "<\\/script"))
    return frozenset(hashlib.sha256(text.encode()).hexdigest() for text in written)


def _in_tree(root: HtmlElement, *, min_cell: int) -> set[tuple[int, str]]:
    """Look at what a reader sees: words across tags, quotations, tables, sentences with counts."""
    found: set[tuple[int, str]] = set()
    blocks = [
        element for element in root.iter(*_BLOCKS) if next(element.iterdescendants(*_BLOCKS), None) is None
    ]
    texts = [" ".join(str(block.text_content()).split()) for block in blocks]
    for finding in scan_text("\n".join(texts)):
        found.add((_line(blocks[finding.line - 1]), finding.type))
    for block, text in zip(blocks, texts, strict=True):
        if block.tag == "blockquote" or next(block.iterancestors("blockquote"), None) is not None:
            found |= {(_line(block), span.type) for span in find_personal_data(text.strip("«» "))}
        elif has_small_count(text, min_cell=min_cell):
            found.add((_line(block), "small_cell"))
    for element in root.iter():
        if isinstance(element.tag, str) and any(
            has_small_count(element.get(name) or "", min_cell=min_cell) for name in _SAID_ALOUD
        ):
            found.add((_line(element), "small_cell"))
    for table in root.iter("table"):
        found |= _table_in_page(table, min_cell=min_cell)
    return found


def _table_in_page(table: HtmlElement, *, min_cell: int) -> set[tuple[int, str]]:
    rows = [(row, [_words(cell) for cell in row.iterchildren("td", "th")]) for row in table.iter("tr")]
    if not rows:
        return set()
    (_, headings), *body = rows
    spots = table_spots(
        headings,
        [cells for _, cells in body],
        caption=(table.findtext("caption") or "").strip(),
        min_cell=min_cell,
    )
    return {(_line(rows[row][0]), kind) for row, _, kind in spots}


def _tables_in_json(value: Any, path: Path, *, min_cell: int) -> Iterator[Spot]:
    headings, rows, under = _as_table(value)
    for row, column, kind in table_spots(headings, rows, caption=_caption(value), min_cell=min_cell):
        where = (*path, *under, row - 1, column - 1) if row else path
        yield Spot(path_name(where), kind)
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        if isinstance(child, dict | list):
            yield from _tables_in_json(child, (*path, key), min_cell=min_cell)


def _as_table(value: Any) -> tuple[list[str], list[list[object]], tuple[str, ...]]:
    """Read a JSON value as a table: columns and rows, columns and data, a list of records, or lists by column."""
    if isinstance(value, dict):
        headings = value.get("columns")
        for name in ("rows", "data"):
            rows = value.get(name)
            if (
                isinstance(headings, list)
                and isinstance(rows, list)
                and all(isinstance(row, list) for row in rows)
            ):
                return [str(heading) for heading in headings], rows, (name,)
        if value and all(isinstance(column, list) for column in value.values()):
            height = max(len(column) for column in value.values())
            rows = [
                [column[at] if at < len(column) else None for column in value.values()]
                for at in range(height)
            ]
            return [str(key) for key in value], rows, ()
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        headings = list(dict.fromkeys(str(key) for row in value for key in row))
        return headings, [[row.get(heading) for heading in headings] for row in value], ()
    return [], [], ()


def _caption(value: Any) -> str:
    caption = value.get("caption") if isinstance(value, dict) else None
    return caption if isinstance(caption, str) else ""


def _drawing_spots(drawing: Any, *, min_cell: int) -> Iterator[Spot]:
    yield from json_spots(drawing, min_cell=min_cell, is_drawing=True)


def _cell_parts(cell: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    """Yield the parts of a notebook cell: path, MIME type, value."""
    yield ("source",), "text/plain", _joined(cell.get("source", ""))
    yield ("metadata",), "application/json", cell.get("metadata", {})
    yield ("attachments",), "application/json", cell.get("attachments", {})
    for number, output in enumerate(cell.get("outputs", [])):
        at: Path = ("outputs", number)
        for mime, value in (output.get("data") or {}).items():
            yield (*at, mime), mime, _joined(value)
        rest = {key: _joined(value) for key, value in output.items() if key != "data"}
        yield at, "text/plain", rest


def _joined(value: Any) -> Any:
    """Notebooks on disk keep a text as a list of lines."""
    is_lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "".join(value) if is_lines else value


def _asks_outside(source: str) -> bool:
    if "<" not in source:
        return False
    return next(requests.of_page(lxml.html.fragment_fromstring(source, "div")), None) is not None


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield (*path, str(key)), str(key)
            yield from _walk(child, (*path, str(key)))
    elif isinstance(value, list):
        for at, child in enumerate(value):
            yield from _walk(child, (*path, at))
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**9:
        yield path, str(value)
    else:
        yield path, value


def _words(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def _line(element: HtmlElement) -> int:
    return element.sourceline or 1
