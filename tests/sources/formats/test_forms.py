"""Forms copied out one after the other, as town halls and reception desks type them."""

from __future__ import annotations

import docx
import pytest
from odf.opendocument import OpenDocumentText
from odf.text import P

from psq_analysis.sources import read_files

PAPER = """CONCERTATION PSQ - RETRANSCRIPTION DES FICHES PAPIER
Mairie de Fleurance - urne du hall - janvier 2018

----------------------------------------
Fiche n° 1
Date : 08/01/2018
Vous êtes : habitante
Commune : Fleurance
Vos sujets : [x] Vitesse [ ] Bruit [x] Vols
1. Qu'est-ce qui ne va pas ?
Les voitures garées sur le trottoir devant l'école. On marche sur la route
avec les poussettes : c'est dangereux.
2. Que proposez-vous ?
Des plots, tout bêtement.
Contact (facultatif) : 06 39 98 22 10
----------------------------------------
Fiche n° 2
Date : 09/01/2018
Vous êtes : commerçant (boucherie)
Commune : Lectoure
Vos sujets : [ ] Vitesse [ ] Bruit [x] Vols
1. Qu'est-ce qui ne va pas ?
RAS
2. Que proposez-vous ?
[sans réponse]
Contact (facultatif) :
----------------------------------------
Fiche n° 3
Date : 09/01/2018
Vous êtes : [illisible]
Commune : Montestruc
Vos sujets : [ ] Vitesse [x] Bruit [ ] Vols
1. Qu'est-ce qui ne va pas ?
Le bruit des motos le dimanche.
2. Que proposez-vous ?
Des contrôles [mot illisible] au rond-point.
Contact (facultatif) : Mme Dupuy, 05 36 49 11 22
"""


def _written(path, text):
    if path.suffix == ".txt":
        path.write_text(text, encoding="cp1252")
    elif path.suffix == ".docx":
        document = docx.Document()
        for line in text.splitlines():
            document.add_paragraph(line)
        document.save(path)
    else:
        document = OpenDocumentText()
        for line in text.splitlines():
            document.text.addElement(P(text=line))
        document.save(path)
    return path


@pytest.fixture(params=["txt", "docx", "odt"])
def intake(request, tmp_path):
    return read_files([_written(tmp_path / f"fiches.{request.param}", PAPER)])


def test_each_form_is_one_person_with_voice_and_place(intake) -> None:
    people = intake.contributions
    assert people["stakeholder"].fillna("").tolist() == ["habitants", "commerçants", ""]
    assert people["place_commune"].tolist() == ["Fleurance", "Lectoure", "Montestruc"]
    assert people["source_row"].tolist() == [5, 17, 28]


def test_answers_run_on_to_the_next_label_and_a_blank_one_is_none(intake) -> None:
    said = intake.remarks.groupby("question")["text"].apply(list)
    assert said["Qu'est-ce qui ne va pas ?"][0].endswith("la route\navec les poussettes : c'est dangereux.")
    assert len(said["Qu'est-ce qui ne va pas ?"]) == 3
    assert said["Que proposez-vous ?"] == [
        "Des plots, tout bêtement.",
        "Des contrôles [mot illisible] au rond-point.",
    ]


def test_ticked_boxes_are_the_choices_and_contacts_reach_no_table(intake) -> None:
    assert intake.answers["value"].tolist() == ["Vitesse", "Vols", "Vols", "Bruit"]
    tables = (intake.contributions, intake.answers, intake.remarks, intake.rejects)
    written = "".join(table.astype("string").to_csv() for table in tables)
    assert "Dupuy" not in written
    assert "22 10" not in written


def test_speakers_of_minutes_that_come_back_are_no_labels(tmp_path) -> None:
    lines = ["Vitesse", "M. Péré : Les camions traversent.", "Mme Soubiran : Le radar est débranché."] * 3
    path = _written(tmp_path / "minutes.docx", "\n".join(lines))
    assert read_files([path]).contributions["source_format"].unique().tolist() == ["compte_rendu_docx"]


def test_the_entries_of_a_register_say_who_and_when_on_their_numbered_line(tmp_path) -> None:
    text = """Relevé des observations du registre déposé en mairie de Seissan
Observation n° 1 – 4 décembre 2017 – Mme Dupuy, habitante
Les voitures descendent la côte trop vite.
Observation n° 2 – 5 décembre 2017 – M. Carrère, agriculteur à Lalanne-Arqué
Vols de carburant.
Je demande des patrouilles de nuit.
Observation n° 3 – anonyme
RAS
Observation n° 4 – 7 décembre 2017 – le président du comité des fêtes
Il faut sécuriser les bals.
"""
    intake = read_files([_written(tmp_path / "registre.docx", text)])
    people = intake.contributions
    assert people["stakeholder"].fillna("").tolist() == ["habitants", "habitants", "", "associations"]
    assert people["place_commune"].fillna("").tolist() == ["", "Lalanne-Arqué", "", ""]
    assert intake.remarks["text"].tolist()[1] == "Vols de carburant.\nJe demande des patrouilles de nuit."
    assert "Dupuy" not in people.astype("string").to_csv()
