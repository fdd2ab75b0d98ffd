"""Kinds of layouts met in files that strangers wrote, each on a small file of our own."""

from __future__ import annotations

import docx
import openpyxl
import pandas as pd
import pytest

from psq_analysis import places
from psq_analysis.places.communes import load_communes
from psq_analysis.places.typology import load_typology
from psq_analysis.sources import read_files
from psq_analysis.sources.voices import normalise_stakeholder
from support import PROJECT


def _csv(folder, lines):
    file = folder / "avis.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_files([file])


SAID = [
    "Plus de rondes le soir au centre.",
    "Un accueil ouvert le samedi matin.",
    "Des contrôles devant l'école.",
]


@pytest.mark.parametrize("heading", ["profil/qualite_autre", "profil/qualite_other", "qualite_oth", "qualite (autre)", "qualite_precisez"])  # fmt: skip
def test_what_is_written_beside_the_choice_other_completes_it(tmp_path, heading):
    rows = [
        f"habitant;;Auch;{SAID[0]}",
        f"autre;chauffeur de bus;Condom;{SAID[1]}",
        f"elu;;Mirande;{SAID[2]}",
    ]
    intake = _csv(tmp_path, [f"profil/qualite;{heading};Commune;Vos remarques", *rows])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "transports", "élus"]
    assert len(intake.remarks) == 3


@pytest.mark.parametrize(
    "words", ["test", "Test Test", "essai", "ceci est un test", "bla bla", "test 2", "azerty"]
)
def test_who_tried_the_form_is_no_respondent(tmp_path, words):
    rows = [f"Auch;Habitant;{words}", *(f"Auch;Habitant;{said}" for said in SAID)]
    intake = _csv(tmp_path, ["Commune;Vous êtes;Vos remarques", *rows])
    assert len(intake.contributions) == 3
    assert any("essai" in reason for reason in intake.rejects["reason"])


def test_a_question_about_contacts_is_no_contact(tmp_path):
    ticked = ["Accueil;17;", "17;", "Site internet;", "17;Site internet;"]
    rows = [f'"{one}",Auch,"{SAID[at % 3]} ({at})"' for at, one in enumerate(ticked)]
    intake = _csv(tmp_path, ["Quels moyens de contact utilisez-vous ?,Commune,Vos remarques", *rows])
    assert set(intake.answers["value"]) == {"Accueil", "17", "Site internet"}


def test_a_question_about_the_commune_is_not_the_commune(tmp_path):
    felt = ["En sécurité", "Pas toujours", "En sécurité", "En sécurité"]
    rows = [f"{one};Auch;{SAID[at % 3]} ({at})" for at, one in enumerate(felt)]
    intake = _csv(tmp_path, ["Dans votre commune, vous vous sentez;Commune;Vos remarques", *rows])
    assert set(intake.answers["value"]) == {"En sécurité", "Pas toujours"}
    assert set(intake.contributions["place_commune"]) == {"Auch"}


def test_people_met_are_qualities_where_the_cells_are_and_never_names(tmp_path):
    met = ["retraitée", "coiffeuse", "maire", "chauffeur de car"]
    rows = [f"0{at + 1}/02/2018;{one};{SAID[at % 3]} ({at})" for at, one in enumerate(met)]
    intake = _csv(tmp_path, ["Date;Personne reçue;Ce qui est signalé", *rows])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "commerçants", "élus", "transports"]
    named = [f"0{at + 1}/02/2018;Mme Odile Castaing{at};{SAID[at % 3]} ({at})" for at in range(4)]
    intake = _csv(tmp_path, ["Date;Personne reçue;Ce qui est signalé", *named])
    assert intake.contributions["stakeholder"].isna().all()
    assert "Castaing" not in intake.remarks.to_string() + intake.answers.to_string()


def test_repeated_groups_on_a_sheet_of_their_own_go_to_whom_they_name(tmp_path):
    book = openpyxl.Workbook()
    main, block = book.active, book.create_sheet("propositions")
    own = ["_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index"]
    main.append(["Vous êtes", "Commune", "Racontez", *own])
    for at, said in enumerate(SAID, start=1):
        main.append(
            [
                "Habitant",
                "Auch",
                said,
                100 + at,
                f"u{at}",
                f"2018-02-0{at}T10:00:00",
                None,
                "submitted_via_web",
                at,
            ]
        )
    block.append(["Votre proposition", "_index", "_parent_table_name", "_parent_index", "_submission__id"])
    for at, (parent, wish) in enumerate([(1, "Fermer la rue le samedi."), (3, "Un numéro direct."), (3, "Former les agents.")], start=1):  # fmt: skip
        block.append([wish, at, "avis", parent, 100 + parent])
    book.save(tmp_path / "kobo.xlsx")
    intake = read_files([tmp_path / "kobo.xlsx"])
    of_whom = intake.remarks.merge(intake.contributions[["contribution_id", "source_row"]])
    wishes = of_whom[of_whom["question"] == "Votre proposition"]
    assert wishes.groupby("source_row")["text"].apply(list).to_dict() == {2: ["Fermer la rue le samedi."], 4: ["Un numéro direct.", "Former les agents."]}  # fmt: skip
    assert len(intake.contributions) == 3


def test_a_table_of_minutes_may_hold_several_columns_of_words_and_its_places_in_banners(tmp_path):
    document = docx.Document()
    document.add_paragraph("Recueil par commune, janvier 2018")
    rows = [["Qualité", "Ce qui pose problème", "Ce que la personne propose", "Recueilli par"], ["Commune de Mirande"] * 4, ["Maire", "Le bourg est traversé par les camions la nuit.", "Remettre en service le radar du pont.", "Adj. Dubosc"], ["Pharmacienne", "On m'a menacée pour une ordonnance.", "Un numéro direct de la brigade.", "Adj. Dubosc"]]  # fmt: skip
    table = document.add_table(len(rows), 4)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(1, 0).merge(table.cell(1, 3)).text = "Commune de Mirande"
    document.save(tmp_path / "recueil.docx")
    intake = read_files([tmp_path / "recueil.docx"])
    assert intake.contributions["stakeholder"].tolist() == ["élus", "commerçants"]
    assert set(intake.contributions["place_commune"]) == {"Mirande"}
    assert len(intake.remarks) == 4
    assert "Dubosc" not in pd.concat([intake.remarks, intake.contributions]).to_string()


@pytest.mark.parametrize(("quality", "voice"), [("présidente du foot", "associations"), ("président du tribunal", "autorités judiciaires et administratives"), ("présidente de la communauté de communes", "élus"), ("président de la société Dupuy", None)])  # fmt: skip
def test_who_presides_is_of_what_they_preside(quality, voice):
    assert normalise_stakeholder(quality) == voice


def test_a_frequency_of_contact_is_no_contact(tmp_path):
    rows = [
        f"{one};Auch;{SAID[at % 3]} ({at})"
        for at, one in enumerate(["Jamais", "Souvent", "Jamais", "Souvent"])
    ]
    intake = _csv(tmp_path, ["FREQUENCE_CONTACT;COMMUNE;ATTENTES", *rows])
    assert intake.answers["value"].tolist() == ["Jamais", "Souvent", "Jamais", "Souvent"]


def test_a_quality_ticked_in_a_list_is_a_voice_and_an_answer(tmp_path):
    rows = [
        f"{who};Auch;{SAID[at % 3]} ({at})"
        for at, who in enumerate(["Habitant", "Élu", "Habitant", "Élu", "Commerçant"])
    ]
    intake = _csv(tmp_path, ["Vous êtes;Commune;Vos remarques", *rows])
    assert intake.contributions["stakeholder"].tolist() == [
        "habitants",
        "élus",
        "habitants",
        "élus",
        "commerçants",
    ]
    assert intake.answers["value"].tolist() == ["Habitant", "Élu", "Habitant", "Élu", "Commerçant"]


def test_qualities_typed_one_by_one_are_no_answers(tmp_path):
    rows = [f"{who};{SAID[at]}" for at, who in enumerate(["boulangère", "maire de Vic-Fezensac", "habitant"])]
    assert _csv(tmp_path, ["Qualité;Vos remarques", *rows]).answers.empty


@pytest.mark.parametrize(
    ("heading", "sent", "kept"), [("Complet", "Oui", "Non"), ("Brouillon", "non", "oui"), ("Progression", "100 %", "40 %"), ("Publié", "VRAI", "FAUX")]
)  # fmt: skip
def test_yes_and_no_tell_whether_an_answer_was_sent(tmp_path, heading, sent, kept):
    rows = [f"{state};Auch;{SAID[at]}" for at, state in enumerate([sent, kept, sent])]
    intake = _csv(tmp_path, [f"{heading};Commune;Vos remarques", *rows])
    assert intake.contributions["is_complete"].tolist() == [True, False, True]


def test_people_written_side_by_side_are_people(tmp_path):
    lines = [
        "Entretiens de janvier;;",
        ";1;2",
        "Qualité;maire;habitante",
        "Commune;Auch;Condom",
        f"Remarques;{SAID[0]};{SAID[1]}",
    ]
    intake = _csv(tmp_path, lines)
    assert intake.contributions["stakeholder"].tolist() == ["élus", "habitants"]
    assert intake.remarks["text"].tolist() == SAID[:2]


def test_yes_and_no_below_a_question_with_a_first_clause_are_answers_to_each_line(tmp_path):
    heading = "Dans votre commune, diriez-vous que… [on voit des patrouilles];Dans votre commune, diriez-vous que… [on est écouté]"
    rows = [f"Oui;Non;{SAID[0]}", f"Non;Non;{SAID[1]}", f"Oui;Oui;{SAID[2]}"]
    assert len(_csv(tmp_path, [f"{heading};Vos remarques", *rows]).answers) == 6


@pytest.mark.parametrize("heading", ["Annotations", "Avis du chef de brigade", "Traitement envisagé", "Action de la mairie", "Observations du secrétariat", "Éléments de réponse"])  # fmt: skip
def test_what_the_administration_wrote_is_no_remark(tmp_path, heading):
    rows = [f"habitant;{said};{said} Vu le {at + 10} janvier." for at, said in enumerate(SAID)]
    intake = _csv(tmp_path, [f"Qualité;Vos remarques;{heading}", *rows])
    assert intake.remarks["text"].tolist() == SAID


def test_boxes_ticked_under_who_you_are_tell_the_voice(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["N°", "Vous êtes", "", "", "Expression libre"])
    sheet.append(["", "Habitant", "Élu", "Commerçant", ""])
    for at, said in enumerate(SAID):
        sheet.append([at + 1, *("x" if column == at else "" for column in range(3)), said])
    sheet.merge_cells("B1:D1")
    book.save(tmp_path / "coupons.xlsx")
    intake = read_files([tmp_path / "coupons.xlsx"])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "élus", "commerçants"]
    assert intake.answers["value"].tolist() == ["Habitant", "Élu", "Commerçant"]


def test_choices_apart_by_a_bar_between_spaces_are_choices(tmp_path):
    ticked = ["Nuit / Accueil", "Accueil", "Nuit / Éclairage, caméras", "Éclairage, caméras"]
    rows = [f"Auch;{one};{SAID[at % 3]} ({at})" for at, one in enumerate(ticked)]
    intake = _csv(tmp_path, ["Commune;Vos priorités;Vos remarques", *rows])
    assert set(intake.answers["value"]) == {"Nuit", "Accueil", "Éclairage, caméras"}


def test_codes_that_odk_sets_apart_by_spaces_are_choices(tmp_path):
    ticked = ["gare ecole", "gare", "ecole", "marche gare"]
    rows = [
        f"2018-01-2{at}T10:00:00.000Z,{one},{SAID[at % 3]} ({at}),uuid:{at},1,x,0,2"
        for at, one in enumerate(ticked)
    ]
    heading = (
        "SubmissionDate,avis-lieux,avis-souhait,KEY,SubmitterID,SubmitterName,AttachmentsPresent,FormVersion"
    )
    intake = _csv(tmp_path, [heading, *rows])
    assert sorted(intake.answers["value"]) == ["ecole", "ecole", "gare", "gare", "gare", "marche"]


def test_words_of_a_scale_are_no_communes(tmp_path):
    rows = [
        f"{one};Auch;{SAID[at % 3]} ({at})"
        for at, one in enumerate(["Bonnes", "Moyennes", "Bonnes", "Moyennes"])
    ]
    intake = _csv(tmp_path, ["Les relations avec la population sont;Commune;Vos remarques", *rows])
    assert set(intake.answers["value"]) == {"Bonnes", "Moyennes"}
    assert intake.contributions["place_commune"].tolist() == ["Auch"] * 4


def test_answers_in_rows_are_people_whatever_the_length_of_the_questions(tmp_path):
    said = [("Vous êtes", ("Habitant", "Élu")), ("Commune", ("Auch", "Condom")), ("Votre idée", SAID[:2])]
    rows = [f"{one};{question};{answers[one - 1]}" for one in (1, 2) for question, answers in said]
    intake = _csv(tmp_path, ["id_reponse;intitule_question;valeur", *rows])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "élus"]
    assert intake.remarks["text"].tolist() == SAID[:2]


def test_a_page_of_a_register_says_the_day_and_who_came(tmp_path):
    entries = [
        f"Page {at + 1} – le {10 + at}/01/2018 – {who}\n{SAID[at]}\n"
        for at, who in enumerate(["habitante de Pavie", "boulanger d'Auch", "maire de Jegun"])
    ]
    file = tmp_path / "cahier.txt"
    file.write_text("CAHIER D'EXPRESSION\n\n" + "\n".join(entries), encoding="utf-8")
    intake = read_files([file])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "commerçants", "élus"]
    assert intake.remarks["text"].tolist() == SAID


def test_in_minutes_an_arrow_answers_and_a_title_may_be_a_commune(tmp_path):
    document = docx.Document()
    document.add_heading("Compte rendu des rencontres de janvier", 0)
    for commune, said in zip(("Pavie", "Jegun"), SAID[:2], strict=True):
        document.add_heading(commune, 1)
        document.add_paragraph(f"- Un habitant : {said}")
        document.add_paragraph("→ La gendarmerie précise que des patrouilles sont prévues.")
    document.add_paragraph("L'ordre du jour étant épuisé, la séance est levée à 20 h.")
    document.save(tmp_path / "cr.docx")
    intake = read_files([tmp_path / "cr.docx"])
    assert intake.remarks["text"].tolist() == SAID[:2]
    assert intake.contributions["place_commune"].tolist() == ["Pavie", "Jegun"]


def test_a_quality_that_is_a_commune_too_is_a_quality(tmp_path):
    rows = [f"Maire, Fleurance;{SAID[0]}", f"habitante, Condom;{SAID[1]}", f"gérant de bar, Eauze;{SAID[2]}"]
    intake = _csv(tmp_path, ["Qualité et commune;Vos remarques", *rows])
    assert intake.contributions["stakeholder"].tolist() == ["élus", "habitants", "commerçants"]


def test_another_commune_completes_the_list_above_it(tmp_path):
    rows = [
        f"{one};{other};{SAID[at]}"
        for at, (one, other) in enumerate([("Auch (32)", ""), ("Autre", "Pavie"), ("Autre", "Nogaro")])
    ]
    intake = _csv(tmp_path, ["Commune (liste);Autre commune;Vos remarques", *rows])
    assert intake.contributions["place_commune"].tolist() == ["Auch", "Pavie", "Nogaro"]


def test_rows_of_one_contributor_are_one_person(tmp_path):
    rows = [
        f"C{at // 2 + 1};habitant;{('Constat', 'Attente')[at % 2]};{SAID[at % 3]} ({at})" for at in range(6)
    ]
    intake = _csv(tmp_path, ["Réf. contributeur;Statut;Thématique;Contenu de la remarque", *rows])
    assert len(intake.contributions) == 3
    assert set(intake.remarks["question"]) == {"Constat", "Attente"}


def test_the_name_of_a_sheet_may_tell_the_voice(tmp_path):
    book = openpyxl.Workbook()
    for title, said in zip(("Habitants", "Élus"), SAID[:2], strict=True):
        sheet = book.create_sheet(title)
        sheet.append(["Commune", "Ce qui ne va pas"])
        sheet.append(["Auch", said])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "ateliers.xlsx")
    assert read_files([tmp_path / "ateliers.xlsx"]).contributions["stakeholder"].tolist() == [
        "habitants",
        "élus",
    ]


def test_words_of_a_scale_under_a_question_that_asks_what_one_thinks_are_answers(tmp_path):
    rows = [
        f"{one};Auch;{SAID[at % 3]} ({at})"
        for at, one in enumerate(["Très bon", "Bon", "Sans avis", "Très bon", "Bon", "Bon"])
    ]
    intake = _csv(tmp_path, ["Que pensez-vous de l'accueil ?;Commune;Vos remarques", *rows])
    assert len(intake.answers) == 6
    assert len(intake.remarks) == 6


@pytest.mark.parametrize(("heading", "cells"), [("Pris par", ["Corinne", "Yves", "Corinne"]), ("Lien du profil", ["https://social.example/1", "https://social.example/2", "https://social.example/3"])])  # fmt: skip
def test_who_took_the_call_and_addresses_of_pages_are_never_kept(tmp_path, heading, cells):
    rows = [f"{cell};Auch;{SAID[at]}" for at, cell in enumerate(cells)]
    intake = _csv(tmp_path, [f"{heading};Commune;Vos remarques", *rows])
    assert intake.answers.empty
    assert intake.contributions["stakeholder"].isna().all()


def test_the_note_above_a_message_passed_on_is_no_contribution(tmp_path):
    lines = ["De : Mairie <m@mairie.example>", "Envoyé : mardi 23 janvier 2018 09:12", "À : psq@gers.example", "Objet : TR: rue", "", "Bonjour, pour information.", "", "-----Message d'origine-----", "De : Une habitante <h@boite.example>", "Envoyé : lundi 22 janvier 2018 18:40", "À : Mairie", "Objet : rue", "", SAID[2], ""]  # fmt: skip
    file = tmp_path / "boite.txt"
    file.write_text(
        "\n".join(
            [
                *lines,
                "De : Un élu <e@boite.example>",
                "Envoyé : mardi 23 janvier 2018 10:12",
                "À : psq@gers.example",
                "Objet : avis",
                "",
                SAID[1],
            ]
        ),
        encoding="utf-8",
    )
    assert read_files([file]).remarks["text"].tolist() == [SAID[2], SAID[1]]


@pytest.mark.parametrize(("who", "voice"), [("Agent public", None), ("Autre / en résidence secondaire, l'été", "habitants"), ("Représentant", "commerçants"), ("police pluricommunale", "polices municipales"), ("locataire HLM", "habitants"), ("artisan taxi", "transports"), ("présidente des riverains", "associations"), ("brigadier-chef au commissariat", "policiers"), ("officier d'état civil", "élus"), ("habitant de Saint-Vincent-de-Paul", "habitants")])  # fmt: skip
def test_qualities_met(who, voice):
    assert normalise_stakeholder(who) == voice


def test_a_legend_above_the_table_explains_the_codes_of_who_speaks(tmp_path):
    rows = [f"{who};{SAID[at]};mardi" for at, who in enumerate("HEC")]
    intake = _csv(
        tmp_path, ["Légende : H = habitant, E = élu, C = commerçant;;", "Qui;Ce qui est signalé;Jour", *rows]
    )
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "élus", "commerçants"]


def test_signs_are_a_scale(tmp_path):
    rows = [f"{sign};Auch;{SAID[at % 3]} ({at})" for at, sign in enumerate(["++", "+", "-", "--", "+"])]
    intake = _csv(tmp_path, ["Sentiment;Commune;Vos remarques", *rows])
    assert intake.answers["value"].tolist() == ["++", "+", "-", "--", "+"]


def test_a_sentence_that_announces_a_table_is_no_remark_and_a_quality_keeps_its_brackets(tmp_path):
    document = docx.Document()
    document.add_heading("Vols", 1)
    document.add_paragraph(f"Selon le maire de Jegun, {SAID[0]}")
    document.add_paragraph("Les demandes suivantes ont été déposées dans l'urne :")
    table = document.add_table(2, 2)
    for at, text in enumerate(["Qualité", "Remarque écrite", "Agente de sécurité (supermarché)", SAID[1]]):
        table.cell(at // 2, at % 2).text = text
    document.save(tmp_path / "cr.docx")
    intake = read_files([tmp_path / "cr.docx"])
    assert intake.remarks["text"].tolist() == SAID[:2]
    assert intake.contributions["stakeholder"].tolist() == ["élus", "sécurité privée"]


def test_a_message_says_where_its_author_is(tmp_path):
    said = [
        ("Une dame", "Ici à Saint-Clar tout va bien."),
        ("Mairie de Jegun", "Deux vols cet hiver, et c'est tout."),
    ]
    lines = [f"De : {who} <{at}@boite.example>\nEnvoyé : mardi 23 janvier 2018 10:1{at}\nÀ : psq@gers.example\nObjet : avis\n\n{text}\n" for at, (who, text) in enumerate(said)]  # fmt: skip
    (tmp_path / "boite.txt").write_text("\n".join(lines), encoding="utf-8")
    assert read_files([tmp_path / "boite.txt"]).contributions["place_commune"].tolist() == [
        "Saint-Clar",
        "Jegun",
    ]


def test_a_short_name_is_the_commune_of_the_departement_the_file_speaks_of(tmp_path):
    written = [
        "Auch",
        "Condom",
        "Mirande",
        "Eauze",
        "Barcelonne",
        "Castéra",
        "Valence/Baïse",
        "Pavie (à côté d'Auch)",
        "Toulouse",
    ]
    rows = [f"{name};{SAID[at % 3]} ({at})" for at, name in enumerate(written)]
    intake = _csv(tmp_path, ["Commune;Vos remarques", *rows])
    placed = places.place(
        intake.contributions, load_communes(), load_typology(PROJECT / "data/manual/typology.yml")
    )
    codes = placed.sort_values("source_row")["commune_code"].tolist()
    assert codes[4] == "32027"  # Barcelonne-du-Gers, and not Barcelonne, of the Drôme
    assert pd.isna(codes[5])  # two Castéra in the Gers
    assert codes[6:] == ["32459", "32307", "31555"]


def test_a_row_without_number_goes_on_with_what_the_person_above_said(tmp_path):
    rows = [f"1;habitant;Auch;{SAID[0]}", f";;;{SAID[1]}", f"2;maire;Condom;{SAID[2]}"]
    intake = _csv(tmp_path, ["N°;Qualité;Commune;Remarque", *rows])
    assert intake.contributions["source_row"].tolist() == [2, 4]
    assert intake.remarks["text"].tolist() == SAID
    assert intake.ledger["rows_merged"].sum() == 1


FORMS = [("habitante", "Auch", SAID[0]), ("maire", "Condom", SAID[1])]


def test_one_form_a_sheet_is_one_person_a_sheet(tmp_path):
    book = openpyxl.Workbook()
    for at, form in enumerate(FORMS):
        sheet = book.create_sheet(f"Fiche {at + 1}")
        sheet.append(["FICHE D'ENTRETIEN"])
        for pair in zip(("Qualité", "Commune", "Remarques"), form, strict=True):
            sheet.append(pair)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "fiches.xlsx")
    intake = read_files([tmp_path / "fiches.xlsx"])
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "élus"]
    assert intake.remarks["text"].tolist() == SAID[:2]


def test_forms_written_as_tables_of_two_columns_are_forms(tmp_path):
    document = docx.Document()
    for at, form in enumerate(FORMS):
        document.add_paragraph(f"Fiche n° {at + 1}")
        table = document.add_table(0, 2)
        for label, said in zip(("Qualité", "Commune", "Ce qui ne va pas", "Suite donnée"), (*form, "transmis à la brigade"), strict=True):  # fmt: skip
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, said
    document.save(tmp_path / "fiches.docx")
    intake = read_files([tmp_path / "fiches.docx"])
    assert intake.contributions["place_commune"].tolist() == ["Auch", "Condom"]
    assert intake.remarks["text"].tolist() == SAID[:2]


def test_lists_as_programs_write_them_are_choices_and_the_town_of_an_address_a_place(tmp_path):
    ticked = ["['bruit', 'vols']", "['bruit']", "['vols', 'route']", "['route']"]
    rows = [f'"{one}",Auch,32000,"{SAID[at % 3]} ({at})"' for at, one in enumerate(ticked)]
    intake = _csv(tmp_path, ["topics,Adresse (Ville),Adresse (Code postal),Vos remarques", *rows])
    assert set(intake.answers["value"]) == {"bruit", "vols", "route"}
    assert intake.contributions["place_commune"].tolist() == ["Auch"] * 4


PEOPLE_WRITTEN = [
    ("Qui vous a accueilli ?", ["Corinne", "Yves", "Corinne", "Yves"]),
    ("Colonne1", ["ADJ DUPRAT", "MDL VIGNAUX", "ADJ DUPRAT", "MDL VIGNAUX"]),
    ("Info", ["Mme Laborde (06 39 98 10 10)", "M. Pécot, 3 rue Haute", "M. Benali", "Mme Castex"]),
    ("Autre", ["12 rue du Pouy", "3 bis av. d'Alsace", "8 place Gambetta", "14 chemin de Nareoux"]),
    ("Divers", ["12/03/1956", "04/11/1980", "23/01/1999", "07/07/1971"]),
    ("Qui ?", ["Corinne", "Yves", "Corinne", "Yves"]),
    ("Personne à rappeler", ["Corinne", "Yves", "Corinne", "Yves"]),
]


@pytest.mark.parametrize(("heading", "cells"), PEOPLE_WRITTEN)
def test_who_a_person_is_or_met_is_never_kept_whatever_the_heading(tmp_path, heading, cells):
    rows = [f'Auch;"{cell}";"{SAID[at % 3]} ({at})"' for at, cell in enumerate(cells)]
    intake = _csv(tmp_path, [f"Commune;{heading};Vos remarques", *rows])
    assert intake.answers.empty
    assert len(intake.remarks) == len(cells)
    assert intake.contributions["stakeholder"].isna().all()


def test_a_title_typed_above_an_export_hides_neither_its_software_nor_its_rows(tmp_path):
    heading = [
        "ID de la réponse",
        "Date de soumission",
        "Dernière page",
        "Langue de départ",
        "Vous êtes",
        "Vos remarques",
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Concertation 2018"],
        [],
        heading,
        [1, "2018-01-10 10:00:00", 2, "fr", "Habitant", SAID[0]],
        [2, "", 1, "fr", "Élu", SAID[1]],
    ):
        sheet.append(row)
    book.save(tmp_path / "export.xlsx")
    people = read_files([tmp_path / "export.xlsx"]).contributions
    assert people["source_format"].iloc[0] == "limesurvey_xlsx"
    assert people["source_row"].tolist() == [4, 5]
    assert people["is_complete"].tolist() == [True, False]
