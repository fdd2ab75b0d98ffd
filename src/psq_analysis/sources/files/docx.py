"""Word minutes: the paragraphs of the body with their style, and the tables as sheets, through python-docx."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from psq_analysis.sources.errors import DamagedFile
from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.model import Paragraph, Sheet

_OUTSIDE_THE_BODY = tuple(qn(tag) for tag in ("w:tbl", "w:txbxContent"))
_DELETED = (
    qn("w:del"),
    qn("w:txbxContent"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def read_paragraphs(path: Path, repairs: Counter[str]) -> tuple[list[Paragraph], list[Sheet]]:
    """Return the paragraphs (numbered from 1, tables left out) and one sheet per table of a Word document.

    Tracked insertions are read and tracked deletions are not; comments, headers, footers and text boxes are not read.
    """
    try:
        document = docx.Document(str(path))
        paragraphs: list[Paragraph] = []
        for element in document.element.body.iter(qn("w:p")):
            if not any(ancestor.tag in _OUTSIDE_THE_BODY for ancestor in element.iterancestors()):
                paragraphs.append(_paragraph(len(paragraphs) + 1, element, document, repairs))
        tables = [
            Sheet(f"tableau {number}", [[cell.text for cell in row.cells] for row in table.rows])
            for number, table in enumerate(document.tables, start=1)
        ]
    except (KeyError, ValueError, AttributeError, SyntaxError, IndexError, OpcError):
        raise DamagedFile(
            f"{path.name} : le document Word est abîmé ; ouvrez-le et enregistrez-le à nouveau en DOCX."
        ) from None
    return paragraphs, tables


def _paragraph(number: int, element, document, repairs: Counter[str]) -> Paragraph:
    paragraph = WordParagraph(element, document)
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    is_listed = element.pPr is not None and element.pPr.numPr is not None
    runs = [run for run in paragraph.runs if run.text.strip()]
    text = "".join(
        node.text or "" if node.tag == qn("w:t") else _BREAKS[node.tag]
        for node in element.iter(qn("w:t"), *_BREAKS)
        if not any(ancestor.tag in _DELETED for ancestor in node.iterancestors())
        and not (node.tag == qn("w:tab") and node.getparent().tag != qn("w:r"))
    )
    return Paragraph(
        number, style, repair(text, repairs), is_listed, bool(runs) and all(run.bold for run in runs)
    )
