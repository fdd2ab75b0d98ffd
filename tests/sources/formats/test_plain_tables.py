"""Tables typed by hand, and tables of one answer a row."""

from __future__ import annotations

import openpyxl

from psq_analysis.sources import read_files
from small_exports import SAID, column_of, write_csv


def test_a_sheet_typed_by_hand_loses_titles_examples_totals_and_notes_but_no_respondent(tmp_path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [
        ["Sous-préfecture de Condom"],
        ["Réunion du 14 décembre 2017"],
        [],
        ["N°", "Nom", "Participant", None, "Remarques recueillies", None],
        [None, None, "Qualité", "Commune", "Constats", "Attentes"],
        ["ex.", "DURAND Paul", "habitant", "Condom", "exemple de remarque", "ne rien écrire ici"],
        [1, "A", "maire", "Condom", "Les cambriolages reprennent dans les fermes isolées.", None],
        [2, "B", "commerç.", None, None, "Des rondes le samedi."],
        [3, "C", "hab.", None, None, None],
        ["— pause —"],
        [4, "D", "PM", "Valence-sur-Baïse", "RAS", "idem"],
        [5, "E", "gend.", "idem", "Deux postes vacants depuis l'été.", None],
        ["TOTAL", None, "5 personnes"],
        [],
        ["NB : propos résumés par le secrétariat."],
    ]:
        sheet.append(row)
    sheet.merge_cells("C4:D4")
    sheet.merge_cells("E4:F4")
    sheet.merge_cells("D7:D9")
    hidden = workbook.create_sheet("émargement")
    hidden.append(["Nom", "Remarque"])
    hidden.append(["Durand", "Cette feuille masquée ne doit pas être lue du tout."])
    hidden.sheet_state = "hidden"
    path = tmp_path / "réunion.xlsx"
    workbook.save(path)
    intake = read_files([path])
    assert intake.contributions["source_row"].tolist() == [7, 8, 9, 11, 12]
    assert column_of(intake, "stakeholder") == [
        "élus",
        "commerçants",
        "habitants",
        "polices municipales",
        "gendarmes",
    ]
    assert column_of(intake, "place_commune") == [
        "Condom",
        "Condom",
        "Condom",
        "Valence-sur-Baïse",
        "Valence-sur-Baïse",
    ]
    assert len(intake.remarks) == 5
    assert intake.remarks["question"].unique().tolist() == [
        "Remarques recueillies – Constats",
        "Remarques recueillies – Attentes",
    ]
    assert "masquée" in " ".join(intake.rejects["reason"])
    assert "feuille masquée ne doit pas" not in intake.remarks.to_csv()
    assert intake.ledger.iloc[0, 2:].tolist() == [10, 5, 0, 5]


def test_a_long_table_groups_the_answers_of_one_respondent(tmp_path) -> None:
    rows = [["repondant_id", "question", "reponse"]]
    for who in ("r1", "r2"):
        rows += [
            [who, "Que constatez-vous au quotidien ?", SAID[0]],
            [who, "Que proposez-vous en premier ?", SAID[3]],
        ]
    intake = read_files([write_csv(tmp_path / "long.csv", rows)])
    assert len(intake.contributions) == 2
    assert len(intake.remarks) == 4
    assert intake.ledger.iloc[0, 2:].tolist() == [4, 2, 2, 0]


def test_codes_under_a_heading_of_respondents_tell_people_and_not_voices(tmp_path) -> None:
    rows = [["Répondant", "Thème", "Réponse"]]
    for code, fast, loud in (("R1", "Les camions passent.", "Le bar ferme tard."), ("R2", "RAS", "Les chiens."), ("R3", "Un radar.", "Rien.")):  # fmt: skip
        rows += [[code, "Vitesse", fast], [code, "Bruit", loud]]
    intake = read_files([write_csv(tmp_path / "reponses.csv", rows)])
    assert len(intake.contributions) == 3
    assert intake.remarks["question"].tolist() == ["Vitesse", "Bruit"] * 3


def test_proposals_of_cap_collectif_give_voice_place_and_whether_they_were_published(tmp_path) -> None:
    headings = ["proposal_id", "proposal_title", "proposal_publishedAt", "proposal_publicationStatus", "proposal_author_username", "proposal_author_userType_name", "proposal_category_name", "proposal_district_name", "proposal_description"]  # fmt: skip
    rows = [
        headings,
        ["P1", "Éclairer", "2018-01-12 10:00:01", "PUBLISHED", "zoe.b", "Citoyen", "Route", "Auch", "<p>Le parvis est noir.</p>"],
        ["P2", "Radar", "", "DRAFT", "garros32", "Organisation à but non lucratif", "Route", "Pavie", "<p>Un radar avenue haute.</p>"],
    ]  # fmt: skip
    intake = read_files([write_csv(tmp_path / "propositions.csv", rows)])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "associations"]
    assert intake.contributions["is_complete"].tolist() == [True, False]
    assert intake.remarks["text"].tolist() == ["Le parvis est noir.", "Un radar avenue haute."]
    assert "zoe.b" not in intake.answers.astype("string").to_csv()
