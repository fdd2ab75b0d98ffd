"""The note of the office: named styles, editable tables, a described picture, whatever the run holds; and the pictures drawn without a browser."""

from __future__ import annotations

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from psq_analysis.gate.verify import verify
from psq_analysis.respondents.flow import Flow
from psq_analysis.tables import schema
from psq_analysis.takeaway import chromium, note, pictures

FIGURE = {
    "data": [
        {"type": "scatter", "mode": "lines", "x": [0.2, 0.4, None], "y": [0, 0, None], "line": {"color": "#1f73b7", "width": 2.5}},
        {"type": "scatter", "mode": "markers", "x": [0.3], "y": [0], "marker": {"color": "#1f73b7", "size": 13}},
    ],
    "layout": {
        "height": 160, "title": {"text": "<b>Éclairer la gare</b><br><span>Part</span>"}, "xaxis": {"range": [0, 1], "tickvals": [0, 1], "ticktext": ["0 %", "100 %"]},
        "yaxis": {"range": [-1, 1]}, "annotations": [{"text": "$\\href{x}$ &lt;b&gt;", "x": 0, "y": 0, "xref": "paper", "xanchor": "left"}],
    },
}  # fmt: skip


def _written(tmp_path, *, label="Éclairer la gare", title="Concertation"):
    groups = pd.DataFrame(
        {"kind": ["demande"] * 12 + ["irritant"], "demand_id": [f"demande/{n}" for n in range(13)], "label": label, "respondents": 14, "counted": 200,
         "share": 0.07, "low": 0.04, "high": 0.11, "ideas": 20, "objective": pd.NA, "theme": pd.NA, "is_campaign": False, "is_shown": True}
    )  # fmt: skip
    quotes = pd.DataFrame(
        {"kind": "demande", "demand_id": ["demande/0"], "idea_id": "i", "remark_id": "r", "reference": "a1b2c3d4", "text": ["Il faut éclairer la gare."]}
    )  # fmt: skip
    tables = {"demand_groups": groups, "demand_quotes": quotes}
    flow = Flow(received=210, incomplete=5, silent=5, counted=200, remarks=400).table()

    def read(name):
        return (
            flow
            if name == "flow"
            else schema.conform(tables[name], name)
            if name in tables
            else schema.empty(name)
        )

    png = pictures.picture(FIGURE, "png")
    note.write_note(
        read, {}, {"fictional": False, "coding": "Personne n'a relu le classement."}, tmp_path / note.NOTE,
        title=title, min_cell=11, chart={"png": png, "alt": "Part des répondants par thème : gare 30 %"},
    )  # fmt: skip
    return tmp_path / note.NOTE


def test_the_note_holds_its_parts_in_named_styles(tmp_path):
    written = Document(str(_written(tmp_path)))
    headings = [one.text for one in written.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["Contexte", "Trois demandes", "Un irritant", "Ce qui diffère", "Limites"]
    assert [one.text for one in written.paragraphs if one.style.name == "Quote"] == [
        "« Il faut éclairer la gare. » (réf. a1b2c3d4)"
    ]
    (table,) = written.tables
    assert len(table.rows) == 11
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    (picture,) = written.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr").startswith("Part des répondants")
    assert written.core_properties.title == "Concertation"
    assert "fr-FR" in {one.get(qn("w:val")) for one in written.styles.element.iter(qn("w:lang"))}


def test_the_note_passes_the_gate_and_what_it_must_not_hold_is_found(tmp_path):
    path = _written(tmp_path)
    assert verify([path], min_cell=11) == []
    document = Document(str(path))
    document.add_paragraph("Rappeler au 06 39 98 41 52")
    next(document.element.body.iter(qn("wp:docPr"))).set("descr", "")
    document.add_table(rows=1, cols=2)
    document.save(str(path))
    assert {one.kind for one in verify([path], min_cell=11)} == {"PHONE", "alt", "header"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b\uffff", "a\ufffdb\ufffd"), ("{{7*7}}</w:t>", "{{7*7}}</w:t>"), ("=1+1", "=1+1")],
)
def test_a_hostile_text_stays_text_in_the_note(tmp_path, text, kept):
    written = Document(str(_written(tmp_path, label=text, title=f"T {text}")))
    assert sum(kept in one.text for one in written.paragraphs) == 5
    assert {row.cells[0].text for row in written.tables[0].rows[1:]} == {kept}


def test_pictures_are_drawn_without_a_browser_and_maps_are_left(tmp_path, monkeypatch):
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    panels = {"data": [], "layout": {"height": 100, "xaxis2": {}}}
    assert pictures.draw({"parts": FIGURE, "carte": panels}, tmp_path / "figures") == [
        "parts.svg",
        "parts.png",
    ]
    drawn = (tmp_path / "figures/parts.svg").read_text(encoding="utf-8")
    assert "Éclairer la gare" in drawn
    assert r"$\href{x}$ &lt;b&gt;" in drawn
    assert (tmp_path / "figures/parts.png").read_bytes().startswith(b"\x89PNG")
    assert pictures.picture(FIGURE, "svg") == pictures.picture(FIGURE, "svg")
    assert verify([tmp_path], min_cell=11) == []


def test_the_synthesis_holds_the_first_section_alone():
    page = "<html><head><title>t</title></head><body><header><h1>T</h1></header><main><section class='part'>A<blockquote><footer>réf.</footer></blockquote></section>"
    page += "<section class='part'>B</section></main><footer>C</footer><script>1</script></body></html>"
    alone = chromium.first_screen_alone(page)
    assert "A" in alone
    assert "réf." in alone
    assert not any(part in alone for part in (">B<", ">C<", "<script"))
