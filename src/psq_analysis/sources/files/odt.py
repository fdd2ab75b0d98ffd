"""OpenDocument texts as LibreOffice and OnlyOffice write them: paragraphs and tables in the order of the page, through lxml.

Read as part of the text: text boxes, sections, tracked insertions, nested tables. Not read: tracked deletions, hidden text, tables of contents.
Named among the rejects: comments, notes, headers and footers, images.
Source: OASIS OpenDocument 1.3, part 3, chapters 5 (text), 9 (tables), 10 (frames) and 16 (styles).
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from psq_analysis.sources.errors import DamagedFile
from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.files.docx import WordText, at_number, unread_margins
from psq_analysis.sources.model import Paragraph, Reject, Sheet

_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
MOST_REPEATED = 200  # cells that stand for a repetition: a table of minutes is narrow


def _q(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_WRAPPERS = {
    _q(name)
    for name in ("text:section", "text:list", "text:list-item", "text:list-header", "text:numbered-paragraph")
}
_ROW_WRAPPERS = {
    _q(name) for name in ("table:table-header-rows", "table:table-row-group", "table:table-rows")
}
_ELSEWHERE = {_q(name) for name in ("office:annotation", "text:note", "draw:frame", "text:ruby-text")}


@dataclass(frozen=True)
class _Look:
    """What a style says of letters; None where it says nothing and its parent decides."""

    parent: str | None = None
    shown: str = ""
    is_bold: bool | None = None
    is_underlined: bool | None = None
    is_capitals: bool | None = None
    is_hidden: bool | None = None
    level: str = ""


@dataclass
class _Reader:
    styles: dict[str, _Look]
    repairs: Counter[str]
    text: WordText = field(default_factory=WordText)
    count: int = 0

    def trait(self, style: str | None, name: str) -> Any:
        """A trait of a style, from itself or from those it is based on."""
        seen: set[str] = set()
        while style and style in self.styles and style not in seen:
            seen.add(style)
            value = getattr(self.styles[style], name)
            if value not in (None, ""):
                return value
            style = self.styles[style].parent
        return None


def read_odt(path: Path, repairs: Counter[str]) -> WordText:
    """Return what an OpenDocument text says, and what of it is not read; paragraphs are numbered from 1 outside tables."""
    try:
        with zipfile.ZipFile(path) as archive:
            content = _parsed(archive, "content.xml")
            styles = _parsed(archive, "styles.xml") if "styles.xml" in archive.namelist() else None
        body = content.find(f".//{_q('office:text')}")
        reader = _Reader(_styles(content, styles), repairs)
        _read_blocks(body, reader, is_listed=False)
        reader.text.rejects = list(_unread(body, styles))
    except (KeyError, ValueError, AttributeError, TypeError, etree.XMLSyntaxError, zipfile.BadZipFile):
        raise DamagedFile(
            f"{path.name} : le document OpenDocument est abîmé ; ouvrez-le et enregistrez-le à nouveau en ODT ou en DOCX."
        ) from None
    return reader.text


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _styles(*parts: Any) -> dict[str, _Look]:
    found: dict[str, _Look] = {}
    for part in parts:
        if part is None:
            continue
        for style in part.iter(_q("style:style")):
            letters = style.find(_q("style:text-properties"))
            letters = letters.attrib if letters is not None else {}
            found.setdefault(
                style.get(_q("style:name")),
                _Look(
                    parent=style.get(_q("style:parent-style-name")),
                    shown=(style.get(_q("style:display-name")) or "").replace("_20_", " "),
                    is_bold=_said(letters.get(_q("fo:font-weight")), lambda weight: weight in ("bold", "700", "800", "900")),
                    is_underlined=_said(letters.get(_q("style:text-underline-style")), lambda kind: kind != "none"),
                    is_capitals=_said(letters.get(_q("fo:text-transform")), lambda kind: kind == "uppercase"),
                    is_hidden=_said(letters.get(_q("text:display")), lambda kind: kind == "none"),
                    level=style.get(_q("style:default-outline-level")) or "",
                ),
            )  # fmt: skip
    return found


def _said(value: str | None, test: Any) -> bool | None:
    return None if value is None else bool(test(value))


def _read_blocks(container: Any, reader: _Reader, *, is_listed: bool) -> None:
    for element in container:
        if element.tag in (_q("text:p"), _q("text:h")):
            reader.count += 1
            reader.text.paragraphs.append(_paragraph(element, reader, is_listed=is_listed))
            _read_frames(element, reader)
        elif element.tag == _q("table:table"):
            _read_table(element, reader)
        elif element.tag == _q("draw:frame"):
            _read_frames(container, reader)
        elif element.tag in _WRAPPERS:
            _read_blocks(element, reader, is_listed=is_listed or element.tag == _q("text:list"))


def _read_frames(element: Any, reader: _Reader) -> None:
    """The paragraphs of the text boxes that hang on a paragraph, with its number."""
    for box in element.iter(_q("draw:text-box")):
        inside = _Reader(reader.styles, reader.repairs)
        _read_blocks(box, inside, is_listed=False)
        reader.text.paragraphs += [at_number(one, reader.count) for one in inside.text.paragraphs]
        reader.text.sheets += inside.text.sheets


def _paragraph(element: Any, reader: _Reader, *, is_listed: bool) -> Paragraph:
    style = element.get(_q("text:style-name"))
    runs = [(text, run) for text, run in _runs(element, style, reader)]
    written = [run for text, run in runs if text.strip()]
    is_heading = element.tag == _q("text:h")
    return Paragraph(
        number=reader.count,
        style=_shown(style, reader),
        text=repair("".join(text for text, _ in runs), reader.repairs),
        is_listed=is_listed and not is_heading,
        is_bold=_all(written, style, reader, "is_bold"),
        is_underlined=_all(written, style, reader, "is_underlined"),
        is_capitals=_all(written, style, reader, "is_capitals"),
        is_outlined=is_heading or bool(reader.trait(style, "level")),
    )


def _shown(style: str | None, reader: _Reader) -> str:
    """The name people see of a style; « P5 » is what the program made of a common one."""
    while style and re.fullmatch(r"[PT]\d+", style) and style in reader.styles:
        style = reader.styles[style].parent
    return (reader.styles[style].shown if style in reader.styles else "") or (style or "").replace(
        "_20_", " "
    )


def _all(runs: list[str | None], style: str | None, reader: _Reader, trait: str) -> bool:
    inherited = reader.trait(style, trait)
    return bool(runs) and all(
        bool(own if (own := reader.trait(run, trait)) is not None else inherited) for run in runs
    )


def _runs(
    element: Any, style: str | None, reader: _Reader, run: str | None = None
) -> Iterator[tuple[str, str | None]]:
    """The pieces of text of a paragraph, each with the style of its span; blanks and line ends are elements in ODF."""
    if reader.trait(run or style, "is_hidden"):
        return
    yield _spaced(element.text), run
    for child in element:
        if child.tag == _q("text:s"):
            yield " " * int(child.get(_q("text:c")) or 1), run
        elif child.tag == _q("text:tab"):
            yield "\t", run
        elif child.tag == _q("text:line-break"):
            yield "\n", run
        elif child.tag not in _ELSEWHERE and isinstance(child.tag, str):
            yield from _runs(child, style, reader, child.get(_q("text:style-name")) or run)
        yield _spaced(child.tail), run


def _spaced(text: str | None) -> str:
    """Line ends and tabs in the XML are blanks; those of the author are elements."""
    return " ".join(text.replace("\n", " ").replace("\t", " ").split(" ")) if text else ""


def _read_table(table: Any, reader: _Reader) -> None:
    rows: list[list[str]] = []
    beside: dict[tuple[int, int], str] = {}
    below: dict[tuple[int, int], str] = {}
    nested: list[Any] = []
    for at, row in enumerate(_rows(table)):
        cells: list[str] = []
        for cell in row.iterchildren(_q("table:table-cell"), _q("table:covered-table-cell")):
            content = _cell(cell, reader, nested) if cell.tag == _q("table:table-cell") else ""
            for _ in range(min(int(cell.get(_q("table:number-columns-repeated")) or 1), MOST_REPEATED)):
                cells.append(content)
            column = len(cells) - 1
            for down in range(int(cell.get(_q("table:number-rows-spanned")) or 1)):
                for right in range(int(cell.get(_q("table:number-columns-spanned")) or 1)):
                    if down:
                        below[at + down, column + right] = content
                    elif right:
                        beside[at, column + right] = content
        rows.append(cells)
    width = max((len(row) for row in rows), default=0)
    name = table.get(_q("table:name")) or f"tableau {len(reader.text.sheets) + 1}"
    sheet = Sheet(name, [row + [""] * (width - len(row)) for row in rows], frozenset(), beside, below)
    if width == 1 and not nested:  # a frame of one column around a text is no table
        for cell in table.iter(_q("table:table-cell")):
            inside = _Reader(reader.styles, reader.repairs)
            _read_blocks(cell, inside, is_listed=False)
            reader.text.paragraphs += [at_number(one, reader.count) for one in inside.text.paragraphs]
        return
    reader.text.sheets.append(sheet)
    reader.text.paragraphs.append(Paragraph(number=reader.count, style="", text="", table=sheet))
    for inner in nested:
        _read_table(inner, reader)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _q("table:table-row"):
            yield child
        elif child.tag in _ROW_WRAPPERS:
            yield from _rows(child)


def _cell(cell: Any, reader: _Reader, nested: list[Any]) -> str:
    lines: list[str] = []
    for block in cell.iter(_q("text:p"), _q("text:h"), _q("table:table")):
        owner = next(one for one in block.iterancestors() if one.tag in (_q("table:table-cell"), _q("office:annotation"), _q("text:note")))  # fmt: skip
        if owner is not cell:
            continue
        if block.tag == _q("table:table"):
            nested.append(block)
        else:
            lines.append("".join(text for text, _ in _runs(block, block.get(_q("text:style-name")), reader)))
    return repair("\n".join(line for line in lines if line.strip()), reader.repairs)


def _unread(body: Any, styles: Any) -> Iterator[Reject]:
    for tag, one, several in (
        ("office:annotation", "1 commentaire en marge : non lu", "{} commentaires en marge : non lus"),
        ("text:note", "1 note de bas de page : non lu", "{} notes de bas de page : non lus"),
        ("draw:image", *["{} image(s) : non lue(s) ; saisissez-en le texte s’il y en a"] * 2),
    ):
        count = sum(1 for _ in body.iter(_q(tag)))
        if count:
            yield Reject(None, (one if count == 1 else several).format(count))
    if styles is not None:
        margins = [
            "".join(part.itertext())
            for page in styles.iter(_q("style:master-page"))
            for part in page
            if part.tag in {_q(f"style:{name}") for name in ("header", "footer", "header-left", "footer-left", "header-first", "footer-first")}
        ]  # fmt: skip
        yield from unread_margins(margins)
