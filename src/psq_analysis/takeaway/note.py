"""The note an office starts from: two pages of Word, its styles named, its tables editable, its picture described."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import column, label, say
from psq_analysis.report.opening import subtitle_of
from psq_analysis.report.traceability import limit_sentences
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences.demands import Told, told
from psq_analysis.sentences.first_screen import first_screen
from psq_analysis.takeaway.tables import as_xml_text

NOTE = "note.docx"
FONT = "Liberation Sans"
MOST_LISTED = 10  # demands of the table: with the three irritants and the picture they fill the second page
MOST_TOLD = 3
MOST_LIMITS = 5  # the others are in the report
# centimetres: the margins of a note, and what they leave of an A4 page
MARGIN, TEXT_WIDTH = 2.0, 17.0
_SIZES = {
    "Normal": 10,
    "Title": 20,
    "Subtitle": 11,
    "Heading 1": 13,
    "List Number": 10,
    "List Bullet": 10,
    "Quote": 9.5,
    "Caption": 9,
}


def write_note(
    read: Callable[[str], pd.DataFrame],
    names: Names,
    trace: Mapping[str, Any],
    path: Path,
    *,
    title: str,
    min_cell: int,
    chart: Mapping[str, Any] | None,
) -> None:
    """Write the note of a run as a Word document.

    ``read``: a table of the run by its name; ``chart``: ``png`` (bytes) and ``alt`` of the picture, None where there is none to show.
    """
    groups, prevalence, contrasts = read("demand_groups"), read("prevalence"), read("contrasts")
    steps = Flow.of(read("flow"))
    page = _page(title)
    page.add_paragraph(as_xml_text(title), style="Title")
    page.add_paragraph(as_xml_text(subtitle_of(read("contributions"), min_cell=min_cell)), style="Subtitle")
    if trace["fictional"]:
        page.add_paragraph(say("fictional_short"), style="Intense Quote")
    _heading(page, label("note", "context"))
    _text(
        page,
        say(
            "note_context",
            received=french.count(steps.received, "contribution"),
            counted=french.count(steps.counted, "personne"),
            remarks=french.count(steps.remarks, "remarque"),
        ),
    )
    _text(page, say("not_a_poll"))
    quotes = read("demand_quotes")
    for kind in ("demande", "irritant"):
        first = told(groups, prevalence, names, kind=kind, most=MOST_TOLD)
        _heading(page, label("first_screen", f"{kind}_{len(first)}" if first else kind))
        _demands(page, first, quotes, nothing=say(f"no_demand_{kind}"))
    _heading(page, label("first_screen", "differences"))
    *_, differences, _limit = first_screen(groups, prevalence, contrasts, names, codes=read("codes"))
    for line in differences.lines:
        said = f"{line.headline} {line.detail}".strip()
        _text(page, f"{line.text} ({said})" if line.headline else line.text, style="List Bullet")
    _table(page, groups)
    if chart is not None:
        _picture(page, chart)
    _heading(page, label("note", "limits"))
    for text in limit_sentences(prevalence, read("flow"), trace, min_cell=min_cell)[:MOST_LIMITS]:
        _text(page, text, style="List Bullet")
    page.save(str(path))


def _page(title: str) -> Word:
    """A blank A4 page in French, with the fonts and colours of the reports in its named styles."""
    page = Document()
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN * 0.9)
    for name, size in _SIZES.items():
        style = page.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:asciiTheme"), "")
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.space_before = Pt(8 if name == "Heading 1" else 0)
    page.styles["Heading 1"].font.color.rgb = page.styles["Title"].font.color.rgb = RGBColor(0x0B, 0x53, 0x94)
    for lang in page.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "fr-FR")
    about = page.core_properties
    about.title, about.language, about.author, about.comments = as_xml_text(title), "fr-FR", "", ""
    return page


def _heading(page: Word, text: str) -> None:
    page.add_heading(as_xml_text(text), level=1)


def _text(page: Word, text: str, *, style: str = "Normal") -> None:
    page.add_paragraph(as_xml_text(french.typeset(text)), style=style)


def _demands(page: Word, first: Sequence[Told], quotes: pd.DataFrame, *, nothing: str) -> None:
    if not first:
        _text(page, nothing)
    for one in first:
        paragraph = page.add_paragraph(style="List Bullet")
        paragraph.add_run(as_xml_text(french.typeset(one.label))).bold = True
        paragraph.add_run(as_xml_text(f" — {one.people}. " + " ".join(one.about)))
        for quote in quotes[quotes["demand_id"] == one.demand_id].head(1).itertuples():
            said = say("around", verbatim=french.inside_quotes(quote.text.strip()))
            page.add_paragraph(
                as_xml_text(f"{said} ({say('reference', reference=quote.reference)})"), style="Quote"
            )


def _table(page: Word, groups: pd.DataFrame) -> None:
    """The first demands as a table one can edit; its heading row comes back on the next page."""
    rows = groups[groups["is_shown"] & groups["kind"].eq("demande")].head(MOST_LISTED)
    if rows.empty:
        return
    page.add_paragraph(
        say("note_table", count=len(rows)), style="Caption"
    ).paragraph_format.keep_with_next = True
    headings = [label("words", "demand"), label("words", "people"), column("share"), column("interval")]
    grid = page.add_table(rows=1, cols=len(headings), style="Light List Accent 1")
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cell, text in zip(grid.rows[0].cells, headings, strict=True):
        cell.text = text
    for row in rows.itertuples():
        texts = [
            row.label,
            french.number(row.respondents),
            french.estimate(row.share, row.low, row.high),
            french.interval(row.low, row.high),
        ]
        for cell, text in zip(grid.add_row().cells, texts, strict=True):
            cell.text = as_xml_text(text)
    for line in grid.rows:
        for cell, width in zip(line.cells, (9.5, 2.2, 2.1, 3.2), strict=True):
            cell.width = Cm(width)


def _picture(page: Word, chart: Mapping[str, Any]) -> None:
    paragraph = page.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    drawn = paragraph.add_run().add_picture(io.BytesIO(chart["png"]), width=Cm(TEXT_WIDTH * 0.86))
    drawn._inline.docPr.set("descr", as_xml_text(chart["alt"]))
    drawn._inline.docPr.set("title", label("note", "chart"))
