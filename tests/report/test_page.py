"""An executed notebook becomes one page: its title, its sections, no cell meant for the notebook alone."""

from __future__ import annotations

import lxml.html
import nbformat
import pandas as pd
import pytest
from IPython.lib.pretty import pretty

from consultations import keyed
from psq_analysis.disclosure import voices
from psq_analysis.html import fragments
from psq_analysis.privacy.published_text import scan_text
from psq_analysis.report import opening
from psq_analysis.report import page as report_page
from psq_analysis.sentences.key_findings import Finding, table_of
from psq_analysis.tables.schema import STAKEHOLDERS


def _page(tmp_path, cells: list, **settings) -> lxml.html.HtmlElement:
    path = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return lxml.html.fromstring(report_page.render(path, **({"with_code": False} | settings)))


def _shown(html: str, source: str = "x", tags: tuple[str, ...] = ()):
    cell = nbformat.v4.new_code_cell(
        source, outputs=[nbformat.v4.new_output("display_data", {"text/html": html})]
    )
    cell.metadata["tags"] = list(tags)
    return cell


PROSE = nbformat.v4.new_markdown_cell(
    "# Titre\n\nDe quoi il s'agit.\n\n## Les thèmes\n\nUn.\n\n## Les thèmes\n\n## Où ?"
)


def test_each_section_has_an_anchor_of_its_own_and_is_in_the_summary(tmp_path):
    page = _page(tmp_path, [PROSE])
    anchors = page.xpath("//section/h2/@id")
    assert anchors == ["les-themes", "les-themes-2", "ou"]
    assert page.xpath("//nav//a/@href") == [f"#{anchor}" for anchor in anchors]
    assert page.xpath("//section/@aria-labelledby") == anchors


def test_the_title_and_what_introduces_it_open_the_page(tmp_path):
    page = _page(tmp_path, [PROSE])
    assert page.xpath("//title/text()") == ["Titre"]
    assert "De quoi il s'agit." in page.xpath("string(//header)")
    assert "¶" not in page.text_content()


def test_a_banner_gives_the_title_whatever_stands_above_it(tmp_path):
    banner = _shown("<p>Données fictives</p><h1>Concertation</h1>", tags=("banner",))
    assert _page(tmp_path, [PROSE, banner]).xpath("//title/text()") == ["Concertation"]


def test_cells_meant_for_the_notebook_alone_stay_in_it(tmp_path):
    page = _page(
        tmp_path, [PROSE, _shown("<p>réglages</p>", tags=("notebook-only",)), _shown("<p>chiffres</p>")]
    )
    assert "chiffres" in page.text_content()
    assert "réglages" not in page.text_content()


def test_code_is_folded_in_annexes_and_absent_from_the_report(tmp_path):
    cells = [PROSE, _shown("<p>chiffres</p>", source="shares = comparison.shares(said)")]
    assert "comparison.shares" not in _page(tmp_path, cells).text_content()
    annex = _page(tmp_path, cells, with_code=True)
    assert annex.xpath("string(//details[@class='code']//code)") == "shares = comparison.shares(said)"
    assert annex.xpath("//details/@open") == []


def test_a_page_without_figure_carries_no_script(tmp_path):
    page = _page(tmp_path, [PROSE])
    assert page.xpath("//script") == []
    assert "script-src" not in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_a_page_links_to_what_lies_beside_it(tmp_path):
    page = _page(tmp_path, [PROSE], siblings=[("01_clean.html", "1 · De quoi disposons-nous ?")])
    assert page.xpath("//footer//a/@href") == ["01_clean.html"]


def test_a_table_has_a_caption_and_headers_with_a_scope():
    rows = pd.DataFrame({"source_file": ["a.csv"], "rows": [26498], "reason": [None]})
    table = lxml.html.fromstring(str(fragments.table(rows, caption="Fichiers lus")))
    assert table.xpath("string(.//caption)") == "Fichiers lus"
    assert table.xpath(".//thead//th/@scope") == ["col"] * 3
    assert table.xpath(".//tbody//th/@scope") == ["row"]
    assert [cell.text_content() for cell in table.xpath(".//tbody//td")] == ["26\u202f498", "—"]


@pytest.fixture
def counted() -> pd.DataFrame:
    """Policemen in town, elected people in the country, a few of each elsewhere."""
    people = [("policiers", "urbain", 40), ("policiers", "rural", 4), ("élus", "rural", 50), ("élus", "urbain", 15),
              ("habitants", "urbain", 30), ("habitants", "rural", 35), ("habitants", "outre_mer", 20), ("élus", "outre_mer", 12)]  # fmt: skip
    rows = [(voice, place) for voice, place, n in people for _ in range(n)]
    return keyed(
        pd.DataFrame(rows, columns=["stakeholder", "territory"]).rename_axis("contribution_id").reset_index()
    )


def test_totals_of_voices_and_territories_are_exact_and_what_is_inside_is_moved(counted):
    table = voices.families_by_territory(counted, min_cell=11).set_index("voice")
    assert table.at["total", "total"] == len(counted)
    assert table.loc["total"].drop("total").to_dict() == counted["territory"].value_counts().to_dict()
    inside = table.drop(index="total").drop(columns="total")
    assert (inside.stack().dropna() >= 11).all()
    assert pd.isna(table.at["forces de l'ordre", "rural"])  # four policemen
    assert abs(table.at["forces de l'ordre", "urbain"] - 40) <= 3


def test_every_voice_belongs_to_a_family():
    everybody = pd.DataFrame(
        {"stakeholder": [voice for voice in STAKEHOLDERS for _ in range(20)], "territory": "rural"}
    )
    named = voices.families_by_territory(
        keyed(everybody.rename_axis("contribution_id").reset_index()), min_cell=11
    )
    assert named["voice"].tolist() == [
        "forces de l'ordre", "élus, autorités et partenaires", "associations et commerçants", "habitants", "total",
    ]  # fmt: skip


def test_the_picture_of_a_difference_holds_its_interval_whole():
    wide = Finding("Écart.", "selon-les-territoires", "+38\u00a0points", 0.38, 0.22, 0.53, is_difference=True)
    picture = lxml.html.fromstring(str(opening.essentials(table_of([wide]))))
    (interval,) = picture.xpath("//*[@class='mini-interval']")
    (axis, *_) = picture.xpath("//*[@class='mini-line']")
    assert float(interval.get("x2")) < float(axis.get("x2"))
    assert picture.xpath("//*[@class='mini-text']/text()") == ["−100", "−50", "0", "+50", "+100"]


def test_without_html_the_numbers_of_a_row_stay_apart():
    counts = {
        "source_file": ["a.csv"],
        "rows_in": [1068],
        "rows_out": [347],
        "rows_merged": [0],
        "rows_rejected": [721],
    }
    shown = pretty(fragments.table(pd.DataFrame(counts), caption="Registre"))
    assert "068 | 347 | 0 | 721" in shown
    assert scan_text(shown) == []  # run together, they would read as a telephone number
