"""Word documents as Word and LibreOffice write them: paragraphs and tables in the order of the page, through python-docx.

Read as part of the text: tracked insertions, text boxes, content controls, nested tables (each is a table of its own, after the one
that holds it). Not read: tracked deletions and hidden text. Named among the rejects: comments, notes, headers and footers, images, objects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from psq_analysis.sources.errors import DamagedFile
from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.model import Paragraph, Reject, Sheet

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_DRAWN_IMAGE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_WRAPPERS = {qn(tag) for tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")}
_GONE = {qn("w:del"), qn("w:moveFrom"), f"{_ALTERNATE}Fallback"}
_ELSEWHERE = _GONE | {qn("w:txbxContent")}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_UNREAD_PARTS = (
    ("/comments", "w:comment", "commentaire en marge"),
    ("/footnotes", "w:footnote", "note de bas de page"),
    ("/endnotes", "w:endnote", "note de fin"),
)

LETTERS_OF_PAGE = 10  # « Page 3 sur 12 » says nothing


@dataclass
class WordText:
    """The body of a document: ``paragraphs`` in order, a table being one that has only a ``table``; every table in ``sheets``."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read_word(path: Path, repairs: Counter[str]) -> WordText:
    """Return what a Word document says, and what of it is not read.

    Paragraphs are numbered from 1 outside tables; one inside a text box has the number of the paragraph it hangs on.
    """
    try:
        document = docx.Document(str(path))
        text = WordText()
        _read_blocks(document.element.body, document, text, repairs, [0])
        text.rejects = list(_unread(document))
    except (KeyError, ValueError, AttributeError, SyntaxError, IndexError, OpcError):
        raise DamagedFile(
            f"{path.name} : le document Word est abîmé ; ouvrez-le et enregistrez-le à nouveau en DOCX."
        ) from None
    return text


def _read_blocks(
    container: Any, document: Any, text: WordText, repairs: Counter[str], count: list[int]
) -> None:
    for element in _blocks(container):
        if element.tag == qn("w:p"):
            count[0] += 1
            text.paragraphs.append(_paragraph(count[0], element, document, repairs))
            for box in element.iter(qn("w:txbxContent")):
                if not _is_under(box, _GONE, element):
                    anchor = [count[0]]
                    inside = WordText()
                    _read_blocks(box, document, inside, repairs, [0])
                    text.paragraphs += [at_number(paragraph, anchor[0]) for paragraph in inside.paragraphs]
                    text.sheets += inside.sheets
        elif len(element.findall(f"{qn('w:tr')}/{qn('w:tc')}")) == len(_rows(element)) and not _nested(
            element
        ):
            for cell in element.iter(qn("w:tc")):  # a frame of one column around a text is no table
                inside = WordText()
                _read_blocks(cell, document, inside, repairs, [0])
                text.paragraphs += [at_number(paragraph, count[0]) for paragraph in inside.paragraphs]
        else:
            _read_table(element, text, repairs, count[0])


def at_number(paragraph: Paragraph, number: int) -> Paragraph:
    """Return a paragraph of a text box or frame with the number of the paragraph it hangs on."""
    return Paragraph(**{**paragraph.__dict__, "number": max(number, 1)})


def _blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables of a container, through the wrappers that hold some of them."""
    for child in container:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)
        elif child.tag == f"{_ALTERNATE}AlternateContent":
            yield from _blocks(child[0])


def _is_under(node: Any, tags: set[str], top: Any) -> bool:
    for ancestor in node.iterancestors():
        if ancestor is top:
            return False
        if ancestor.tag in tags:
            return True
    return False


def _text(element: Any) -> str:
    return "".join(
        node.text or "" if node.tag == qn("w:t") else _BREAKS[node.tag]
        for node in element.iter(qn("w:t"), *_BREAKS)
        if not _is_under(node, _ELSEWHERE, element)
        and not (node.tag == qn("w:tab") and node.getparent().tag != qn("w:r"))
        and not _is_hidden(node.getparent())
    )


def _is_hidden(run: Any) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return found is not None and found.get(qn("w:val")) not in ("0", "false")


def _paragraph(number: int, element: Any, document: Any, repairs: Counter[str]) -> Paragraph:
    paragraph = WordParagraph(element, document)
    style = paragraph.style
    runs = [run for run in paragraph.runs if run.text.strip()]
    chain = _chain(style)
    numbering = [element.pPr, *(one.element.pPr for one in chain)]
    levels = [
        level.get(qn("w:val"))
        for properties in numbering
        if properties is not None and (level := properties.find(qn("w:outlineLvl"))) is not None
    ]
    numbered = next(
        (
            properties.numPr
            for properties in numbering
            if properties is not None and properties.numPr is not None
        ),
        None,
    )
    return Paragraph(
        number=number,
        style=(style.name if style is not None else "") or "",
        text=repair(_text(element), repairs),
        is_listed=numbered is not None and not (numbered.numId is not None and numbered.numId.val == 0),
        is_bold=_all(runs, chain, "bold"),
        is_underlined=_all(runs, chain, "underline"),
        is_capitals=_all(runs, chain, "all_caps"),
        is_outlined=bool(levels) and levels[0] != "9",
    )


def _chain(style: Any) -> list[Any]:
    """A style and those it is based on."""
    chain: list[Any] = []
    while style is not None and style not in chain:
        chain.append(style)
        style = style.base_style
    return chain


def _all(runs: list[Any], chain: list[Any], trait: str) -> bool:
    inherited = next((value for one in chain if (value := getattr(one.font, trait)) is not None), False)
    return bool(runs) and all(
        (value if (value := getattr(run.font, trait)) is not None else inherited) not in (False, None, 0)
        for run in runs
    )


def _rows(table: Any) -> list[Any]:
    rows = []
    for child in table.iter(qn("w:tr")):
        owner = next(ancestor for ancestor in child.iterancestors() if ancestor.tag == qn("w:tbl"))
        properties = child.find(qn("w:trPr"))
        if owner is table and (properties is None or properties.find(qn("w:del")) is None):
            rows.append(child)
    return rows


def _nested(table: Any) -> list[Any]:
    return [inner for inner in table.iter(qn("w:tbl")) if inner is not table]


def _read_table(table: Any, text: WordText, repairs: Counter[str], number: int) -> None:
    name = f"tableau {len(text.sheets) + 1}"
    rows: list[list[str]] = []
    beside: dict[tuple[int, int], str] = {}
    below: dict[tuple[int, int], str] = {}
    for at, row in enumerate(_rows(table)):
        cells: list[str] = []
        for cell in (child for child in row.iter(qn("w:tc")) if _row_of(child) is row):
            properties = cell.tcPr
            span = properties.find(qn("w:gridSpan")) if properties is not None else None
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            column = len(cells)
            content = "\n".join(
                line for block in _blocks(cell) if block.tag == qn("w:p") and (line := _text(block)).strip()
            )
            if merge is not None and merge.get(qn("w:val")) != "restart" and at:
                below[at, column] = below.get((at - 1, column)) or (
                    rows[-1][column] if column < len(rows[-1]) else ""
                )
                content = ""
            cells.append(repair(content, repairs))
            for extra in range(1, int(span.get(qn("w:val"), "1")) if span is not None else 1):
                beside[at, column + extra] = content
                cells.append("")
        rows.append(cells)
    width = max((len(row) for row in rows), default=0)
    sheet = Sheet(name, [row + [""] * (width - len(row)) for row in rows], frozenset(), beside, below)
    text.sheets.append(sheet)
    text.paragraphs.append(Paragraph(number=number, style="", text="", table=sheet))
    for inner in _nested(table):
        if not any(ancestor in _nested(table) for ancestor in inner.iterancestors(qn("w:tbl"))):
            _read_table(inner, text, repairs, number)


def _row_of(cell: Any) -> Any:
    return next(ancestor for ancestor in cell.iterancestors() if ancestor.tag == qn("w:tr"))


def _unread(document: Any) -> Iterator[Reject]:
    """What stays out of the text, told by kind and number, never by content."""
    for relation in document.part.rels.values():
        if relation.is_external:
            continue
        for ending, tag, what in _UNREAD_PARTS:
            if relation.reltype.endswith(ending):
                notes = parse_xml(relation.target_part.blob).findall(f".//{qn(tag)}")
                written = [note for note in notes if "".join(note.itertext()).strip()]
                if written:
                    plural = "s" if len(written) > 1 else ""
                    yield Reject(
                        None,
                        f"{len(written)} {what.replace(' ', plural + ' ', 1)} : non lu{plural}"
                        if plural
                        else f"1 {what} : non lu",
                    )
    yield from unread_margins(
        " ".join(paragraph.text for paragraph in part.paragraphs)
        for section in document.sections
        for part in _margins(section)
        if not part.is_linked_to_previous
    )
    body = document.element.body
    images = sum(
        1 for _ in body.iter(_DRAWN_IMAGE, _VML_IMAGE) if not _is_under(_, {f"{_ALTERNATE}Fallback"}, body)
    )
    if images:
        yield Reject(None, f"{images} image(s) : non lue(s) ; saisissez-en le texte s’il y en a")
    if body.find(f".//{qn('w:object')}") is not None:
        yield Reject(None, "objet incorporé (classeur, schéma) : non lu ; donnez-le à part")


def _margins(section: Any) -> Iterator[Any]:
    yield from (section.header, section.footer)
    if section.different_first_page_header_footer:
        yield from (section.first_page_header, section.first_page_footer)


def unread_margins(texts: Iterable[str]) -> Iterator[Reject]:
    """Name the headers and footers that hold words, once for all pages; a page number is none."""
    if any(sum(letter.isalpha() for letter in text) > LETTERS_OF_PAGE for text in texts):
        yield Reject(None, "en-têtes et pieds de page : non lus")
