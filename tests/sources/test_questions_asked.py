"""An analyst may ask about some questions only; the other answers are set aside and counted."""

from __future__ import annotations

import pytest

from psq_analysis.sources import describe_file, read_files
from psq_analysis.sources.errors import BadMapping

WIDE = (
    "Commune;Que manque-t-il à votre sécurité ?;Pour quoi paieriez-vous plus d'impôts ?\n"
    "Auch;Des rondes le soir dans le quartier.;Les hôpitaux et les médecins.\n"
    "Condom;Un accueil le samedi à la brigade.;\n"
    "Mirande;;L'école de nos enfants.\n"
    "Vic;;\n"
)
LONG = (
    "reference,question,reponse\n"
    + "".join(f'{n},Que manque-t-il à votre sécurité ?,"Des rondes le soir, rue n° {n}."\n' for n in range(4))
    + "".join(
        f"{n},Pour quoi paieriez-vous plus d'impôts ?,\"Pour l'école de la rue {n}.\"\n" for n in range(4, 7)
    )
)
ONLY = {"questions": ["PLUS D’IMPOTS"]}


@pytest.fixture
def wide(tmp_path):
    file = tmp_path / "réponses.csv"
    file.write_text(WIDE, encoding="utf-8")
    return file


def test_only_the_answers_to_the_question_are_read_and_every_row_is_accounted_for(wide):
    intake = read_files([wide], mapping=ONLY)
    assert sorted(intake.remarks["text"]) == ["L'école de nos enfants.", "Les hôpitaux et les médecins."]
    assert (
        len(intake.contributions) == 3
    )  # Condom answered another question only; Vic answered nothing, and is still there
    (line,) = intake.ledger.to_dict("records")
    assert line["rows_in"] == line["rows_out"] + line["rows_rejected"] == 4
    reasons = intake.rejects[intake.rejects["reason"].str.contains("autre question")]
    assert sorted(reasons["source_row"]) == [2, 3]
    assert reasons["column"].isna().sum() == 1


def test_a_table_of_one_answer_a_row_keeps_the_rows_of_the_question(tmp_path):
    file = tmp_path / "longue.csv"
    file.write_text(LONG, encoding="utf-8")
    intake = read_files([file], mapping=ONLY | {"forme": "longue"})
    assert len(intake.remarks) == len(intake.contributions) == 3
    assert intake.ledger["rows_rejected"].tolist() == [4]
    assert describe_file(file, mapping=ONLY | {"forme": "longue"}).kept == 3


def test_without_the_key_every_answer_is_read(wide):
    assert len(read_files([wide]).remarks) == 4
    assert len(read_files([wide], mapping={"fichiers": {"autre*.csv": ONLY}}).remarks) == 4
    assert len(read_files([wide], mapping={"fichiers": {"réponses*.csv": ONLY}}).remarks) == 2


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        (["transport scolaire"], "aucune question du fichier"),
        ([3], "liste de mots"),
        (["?!"], "liste de mots"),
        ({"a": 1}, "liste"),
    ],
)
def test_a_question_nobody_asked_is_refused_in_one_french_sentence(wide, questions, says):
    with pytest.raises(BadMapping, match=says):
        read_files([wide], mapping={"questions": questions})
