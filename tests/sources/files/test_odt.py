"""Minutes in an OpenDocument text, written by odfpy, read like those of Word."""

from __future__ import annotations

import pytest
from odf.opendocument import OpenDocumentText
from odf.style import Header as PageHeader
from odf.style import MasterPage, PageLayout, Style, TextProperties
from odf.table import Table, TableCell, TableRow
from odf.text import A, H, LineBreak, List, ListItem, Note, NoteBody, P, S, Section, Span

from psq_analysis.sources import read_files


@pytest.fixture(scope="module")
def minutes(tmp_path_factory):
    document = OpenDocumentText()
    bold = Style(name="T1", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    hidden = Style(name="T2", family="text")
    hidden.addElement(TextProperties(display="none"))
    document.automaticstyles.addElement(bold)
    document.automaticstyles.addElement(hidden)
    layout = PageLayout(name="page")
    document.automaticstyles.addElement(layout)
    page = MasterPage(name="Standard", pagelayoutname="page")
    header = PageHeader()
    header.addElement(P(text="Sous-préfecture de Condom, bureau de la sécurité"))
    page.addElement(header)
    document.masterstyles.addElement(page)

    def write(*pieces, at=document.text, kind=P, **also):
        paragraph = kind(**also)
        for piece in pieces:
            if isinstance(piece, str):
                paragraph.addText(piece)
            else:
                paragraph.addElement(piece)
        at.addElement(paragraph)

    write("Compte rendu de la réunion publique de Nogaro, 12 janvier 2018")
    write("Présents : Mme Lafitte (maire), M. Péré (boulanger à Jegun)")
    write("Vitesse", kind=H, outlinelevel=1)
    write(Span(text="M. Péré", stylename=bold), " : Les camions", S(c=1), "traversent trop vite.")
    bullets = List()
    for text in ("Une habitante de Lavardens : Le radar est débranché.", "Mme Lafitte : On attend."):
        item = ListItem()
        write(text, at=item)
        bullets.addElement(item)
    document.text.addElement(bullets)
    write(Span(text="Incivilités", stylename=bold))
    section = Section(name="suite")
    write("Un commerçant : Les vitrines", LineBreak(), "sont ", A(href="#x", text="taguées."), at=section)
    note = Note(noteclass="footnote")
    body = NoteBody()
    write("Voir le rapport.", at=body)
    note.addElement(body)
    write("Le facteur : Les chiens courent.", note, Span(text=" SECRET", stylename=hidden), at=section)
    document.text.addElement(section)
    table = Table(name="Tableau1")
    for row in (
        ("Qui", "Commune", "Propos"),
        ("habitante", "Condom", "Je ne sors plus le soir à cause du bruit."),
    ):
        line = TableRow()
        for text in row:
            cell = TableCell()
            write(text, at=cell)
            line.addElement(cell)
        table.addElement(line)
    document.text.addElement(table)
    path = tmp_path_factory.mktemp("odt") / "compte rendu.odt"
    document.save(path)
    return read_files([path])


def test_turns_are_told_by_speaker_under_their_heading(minutes) -> None:
    said = minutes.remarks.merge(minutes.contributions, on="contribution_id")
    assert list(zip(said["question"], said["stakeholder"].fillna(""), said["place_commune"].fillna(""), said["text"], strict=True)) == [
        ("Vitesse", "commerçants", "Jegun", "Les camions traversent trop vite."),
        ("Vitesse", "habitants", "Lavardens", "Le radar est débranché."),
        ("Vitesse", "élus", "", "On attend."),
        ("Incivilités", "commerçants", "", "Les vitrines\nsont taguées."),
        ("Incivilités", "", "", "Les chiens courent."),
        ("Incivilités", "habitants", "Condom", "Je ne sors plus le soir à cause du bruit."),
    ]  # fmt: skip


def test_the_day_is_that_of_the_meeting_and_the_format_is_named(minutes) -> None:
    assert minutes.contributions["submitted_on"].dt.date.astype(str).unique().tolist() == ["2018-01-12"]
    assert minutes.contributions["source_format"].unique().tolist() == ["compte_rendu_odt"]


def test_notes_and_headers_are_named_among_the_rejects_and_hidden_text_is_not_read(minutes) -> None:
    reasons = minutes.rejects["reason"].tolist()
    assert "1 note de bas de page : non lu" in reasons
    assert "en-têtes et pieds de page : non lus" in reasons
    assert not minutes.remarks["text"].str.contains("SECRET").any()
