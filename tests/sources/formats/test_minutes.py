"""Minutes of a meeting, by their agenda."""

from __future__ import annotations

import docx

from psq_analysis.sources import read_files
from small_exports import column_of


def test_minutes_without_heading_styles_are_read_by_their_agenda(tmp_path) -> None:
    document = docx.Document()
    for text in (
        "Réunion de proximité du 5 décembre 2017", "Ordre du jour", "1. Présence sur le terrain", "2. Accueil du public",
        "1. Présence sur le terrain", "Le maire de Pavie : Plus de patrouilles dans les hameaux.",
        "M. LABORDE, boulanger (Auch) indique : « On m'a volé deux fois la recette. »", "2. Accueil du public",
        "Les habitants demandent :", "- un accueil ouvert le soir ;", "- un interprète.", "Réponse de la préfecture : un essai sera fait.",
        "La séance est levée à 20 h.",
    ):  # fmt: skip
        document.add_paragraph(text)
    path = tmp_path / "cr.docx"
    document.save(str(path))
    intake = read_files([path])
    assert list(zip(intake.remarks["question"], intake.remarks["text"], strict=True)) == [
        ("Présence sur le terrain", "Plus de patrouilles dans les hameaux."),
        ("Présence sur le terrain", "On m'a volé deux fois la recette."),
        ("Accueil du public", "un accueil ouvert le soir ;"),
        ("Accueil du public", "un interprète."),
    ]
    assert column_of(intake, "stakeholder") == ["élus", "commerçants", "habitants", "habitants"]
    assert column_of(intake, "place_commune") == ["Pavie", "Auch", None, None]
    assert "LABORDE" not in intake.remarks.to_csv() + intake.rejects.to_csv()


def _minutes(path, *lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(path)
    return read_files([path])


def test_questions_and_answers_are_told_by_their_marks_and_who_asks_by_the_bracket(tmp_path) -> None:
    intake = _minutes(
        tmp_path / "questions.docx",
        "RÉUNION PUBLIQUE – NOGARO",
        "Animée par M. Castets, premier adjoint",
        "Q : Pourquoi la brigade ferme-t-elle le mercredi ? (Mme Lalanne, commerçante)",
        "R : Le commandant de brigade explique que les effectifs sont comptés.",
        "Q : Peut-on avoir un référent pour les agriculteurs ? (M. Dupouy, éleveur à Sorbets)",
        "R : Oui, c'est en cours.",
    )
    assert intake.remarks["text"].tolist() == [
        "Pourquoi la brigade ferme-t-elle le mercredi ?",
        "Peut-on avoir un référent pour les agriculteurs ?",
    ]
    assert intake.contributions["stakeholder"].tolist() == ["commerçants", "habitants"]


def test_initials_and_short_ranks_name_the_people_of_the_attendance_list(tmp_path) -> None:
    intake = _minutes(
        tmp_path / "bailleurs.docx",
        "Compte rendu – rencontre avec les bailleurs",
        "Intervenants :",
        "Sylvie Cazenave (office HLM), Marc Lafont (Amicale des locataires), Lt Ferrer (police nationale)",
        "S. Cazenave : Les halls sont occupés tous les soirs. Les gardiens n'osent plus intervenir.",
        "M. Lafont : Les locataires demandent des caméras dans les parkings.",
        "Lt Ferrer : Nous passons deux fois par nuit, mais nous manquons de monde.",
        "S. Cazenave : Nous pouvons financer l'éclairage.",
    )
    assert intake.contributions["stakeholder"].tolist() == [
        "bailleurs et services sociaux",
        "associations",
        "policiers",
    ]
    assert len(intake.remarks) == 4


def test_people_without_a_name_have_the_voice_of_the_group_they_speak_in(tmp_path) -> None:
    intake = _minutes(
        tmp_path / "tables.docx",
        "Compte rendu d'atelier – Sécurité du quotidien",
        "Table 1 – Habitants",
        "- Les poids lourds traversent le bourg à toute vitesse",
        "- Plus d'éclairage après 23 h (un jeune de Samatan)",
        "Table 2 – Professionnels",
        "- On ne sait plus qui appeler à la brigade (pharmacien)",
    )
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "habitants", "commerçants"]
