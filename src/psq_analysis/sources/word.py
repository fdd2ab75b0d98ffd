"""Word minutes: the paragraphs of the body with their style, and the tables as sheets, through python-docx."""

from __future__ import annotations

from pathlib import Path

from psq_analysis.sources.decoding import repair
from psq_analysis.sources.model import Paragraph, Sheet
from psq_analysis.sources.trouble import DamagedFile


def read_paragraphs(path: Path) -> tuple[list[Paragraph], list[Sheet]]:
    """Return the paragraphs (numbered from 1, tables left out) and one sheet per table of a Word document.

    Comments, tracked deletions, headers, footers and text boxes are not part of the body and are not read.
    """
    from collections import Counter  # noqa: PLC0415

    import docx  # noqa: PLC0415  half a second, only for Word documents

    try:
        document = docx.Document(str(path))
        counts: Counter[str] = Counter()
        paragraphs = [
            Paragraph(
                number,
                (paragraph.style.name if paragraph.style is not None else "") or "",
                repair(paragraph.text, counts),
            )
            for number, paragraph in enumerate(document.paragraphs, start=1)
        ]
        tables = [
            Sheet(f"tableau {number}", [[cell.text for cell in row.cells] for row in table.rows])
            for number, table in enumerate(document.tables, start=1)
        ]
    except (KeyError, ValueError, AttributeError, SyntaxError, IndexError):
        raise DamagedFile(
            f"{path.name} : le document Word est abîmé ; ouvrez-le et enregistrez-le à nouveau en DOCX."
        ) from None
    return paragraphs, tables
