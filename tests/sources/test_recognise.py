"""Situations reported in public trackers, rebuilt small: each claim is the one of its ``expected.md``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from psq_analysis.sources import Intake, describe_file, read_files

FIELD = Path(os.environ.get("PSQ_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "field"

pytestmark = pytest.mark.skipif(
    not FIELD.exists(), reason="the folder of field cases is not beside the project"
)


def _read(case: str, *names: str, mapping: str | None = None) -> Intake:
    folder = next(FIELD.glob(f"{case}-*"))
    return read_files([folder / name for name in names], mapping=folder / mapping if mapping else None)


def _written(intake: Intake) -> str:
    return "".join(
        table.to_csv() for table in (intake.answers, intake.remarks, intake.rejects, intake.contributions)
    )


@pytest.mark.parametrize("name", ["results-codes.csv", "results-codes-virgule.csv"])
def test_comments_beside_coded_choices_are_remarks_and_codes_stay_answers(name: str) -> None:
    intake = _read("01", name)
    assert {"Q5[comment]", "Q6[SQ001comment]", "Q6[SQ002comment]", "Q7LIBRE"} <= set(
        intake.remarks["question_id"]
    )
    assert {"A1", "A2"} <= set(intake.answers["value"])


def test_headings_in_html_have_the_roles_of_their_words() -> None:
    intake = _read("03", "results-html-noms.csv")
    assert not any(name in _written(intake) for name in ("Castagnède", "Odile", "Martyrs", "Bourdieu"))
    assert intake.contributions["place_commune"].tolist() == ["Lavardens", "Biran", "Jegun", "Barran"]
    questions = _read("03", "results-html.csv").remarks["question"]
    assert not questions.str.contains("<|&nbsp").any()


@pytest.mark.parametrize("name", ["reponses-enquete.csv", "limesurvey-code-et-texte.csv"])
def test_a_number_before_name_or_address_does_not_publish_them(name: str) -> None:
    written = _written(_read("05", name))
    assert not any(
        secret in written for secret in ("Castagnède", "Mireille", "Martyrs-Fictifs", "tok1", "9a1f1")
    )


def test_lists_of_endorsers_are_kept_nowhere_and_broken_rows_are_rejected_one_by_one() -> None:
    intake = _read("07", "proposals.csv")
    assert "Casta" not in _written(intake)
    assert len(intake.contributions) == 3
    assert intake.rejects["source_row"].tolist() == [3, 5]


def test_comments_are_remarks_without_their_authors() -> None:
    intake = _read("08", "comments.csv")
    assert len(intake.remarks) == 8
    assert not any(
        secret in _written(intake) for secret in ("Jean D.", "Mireille", "Comité de quartier", "https://")
    )


def test_ticked_choices_are_answers_and_what_is_written_beside_other_is_a_remark() -> None:
    intake = _read("09", "survey_answers.csv")
    choices = intake.answers[intake.answers["question"].str.contains("inquiétude")]
    assert set(choices.loc[~choices["question"].str.endswith("Autre"), "value"]) == {
        "Bruit",
        "Vols",
        "Circulation",
        "Autre",
    }
    assert intake.remarks["text"].str.startswith("les quads qui traversent").sum() == 1


def test_a_separator_too_many_before_a_blank_cell_rejects_the_row() -> None:
    intake = _read("10", "remontees.csv")
    assert intake.rejects["source_row"].tolist() == [3, 5, 8]
    assert intake.contributions["source_row"].tolist() == [2, 4, 6, 7]


@pytest.mark.parametrize("name", ["dossiers.csv", "dossiers.xlsx"])
def test_labels_with_commas_stay_whole_and_two_fields_of_one_name_stay_apart(name: str) -> None:
    intake = _read("11", name)
    values = intake.answers.loc[intake.answers["question"] == "Sujets qui vous préoccupent", "value"]
    assert set(values) == {"Bruit, tapage et voisinage", "Vols", "Circulation, stationnement et vitesse"}
    assert {"Précisez#1", "Précisez#2"} <= set(intake.remarks["question_id"])


def test_microsoft_forms_cut_choices_at_their_mark_without_a_blank_one() -> None:
    intake = _read("13", "forms.xlsx")
    voices = {"Habitant", "Élu", "Commerçant"}  # ticked in a list too: a closed answer like the others
    assert set(intake.answers["value"]) == {"Bruit", "Vols", "Vitesse"} | voices
    assert str(intake.contributions["submitted_on"].iloc[0].date()) == "2023-11-20"


def test_the_second_row_of_headings_of_surveymonkey_is_nobody() -> None:
    intake = _read("15", "surveymonkey.csv")
    assert len(intake.contributions) == 5
    assert "192.0.2." not in _written(intake)
    assert (
        len(
            intake.remarks.loc[
                intake.remarks["question_id"].str.startswith("Que proposez"), "question_id"
            ].unique()
        )
        == 2
    )


@pytest.mark.parametrize(("name", "cells"), [("remontees.xlsx", 4), ("remontees-excel.csv", 6)])
def test_a_cell_in_error_or_a_formula_without_value_is_named_by_row_and_column(name: str, cells: int) -> None:
    rejects = _read("17", name).rejects
    assert rejects["column"].notna().sum() == cells
    assert rejects["source_row"].notna().all()


@pytest.mark.parametrize("name", ["mac1904.xlsx", "mac1904-x15.xlsx"])
def test_the_calendar_of_1904_does_not_move_dates(name: str) -> None:
    assert str(_read("18", name).contributions["submitted_on"].iloc[0].date()) == "2023-11-14"


def test_a_cell_as_long_as_a_spreadsheet_allows_is_said_to_be_cut() -> None:
    reasons = _read("30", "longues.csv").rejects["reason"]
    assert reasons.str.contains("32 767").any()


def test_the_same_people_exported_again_are_counted_once() -> None:
    intake = _read("33", "a-partiel.csv", "b-complet.csv", "c-complet-excel.csv", "d-complet.xlsx")
    assert len(intake.contributions) == 12
    assert intake.ledger["rows_merged"].sum() == 8 + 12 + 12


@pytest.mark.parametrize("name", ["limesurvey.csv", "tableur.csv"])
def test_the_commune_written_beside_other_is_the_place(name: str) -> None:
    places = _read("35", name).contributions["place_commune"].tolist()
    assert places == ["Auch", "Lavardens", "Biran", "Jegun"]


def test_the_second_heading_row_of_a_vv_export_is_nobody_and_its_marks_are_no_text() -> None:
    intake = _read("37", "vvexport_320417.csv")
    assert len(intake.contributions) == 4
    assert intake.remarks["text"].tolist() == [
        'Plus de rondes.\nEt de la lumière, "partout".',
        "Les quads dans les vignes.",
    ]
    assert intake.contributions["is_complete"].tolist() == [True, True, False, True]


@pytest.mark.parametrize("name", ["cap-collectif.csv", "debats.csv"])
def test_markup_in_cells_is_no_text(name: str) -> None:
    texts = _read("38", name).remarks["text"]
    assert len(texts) == 5
    assert not texts.str.contains("<|&nbsp|strong").any()
    assert "des rondes\nun accueil le samedi\nun numéro direct" in texts.tolist()


def test_decimal_commas_never_shift_a_remark() -> None:
    assert _read("41", "notes-lat.csv").remarks["text"].iloc[0] == "Plus de rondes le soir, à pied"
    assert describe_file(next(FIELD.glob("41-*")) / "notes.csv").rejected == 2


def test_choices_are_the_same_answers_whether_a_mapping_says_so_or_not() -> None:
    alone, told = _read("42", "formulaire.csv"), _read("42", "formulaire.csv", mapping="fermee.yml")
    assert sorted(alone.answers["value"]) == sorted(told.answers["value"])
    assert sorted(alone.remarks["text"]) == sorted(told.remarks["text"])
    assert len(set(alone.answers["value"]) - {"Habitant", "Élu", "Commerçant"}) == 5


def test_no_label_is_cut_at_its_own_comma() -> None:
    values = set(_read("44", "dossiers.csv").answers["value"])
    assert values == {
        "Bruit, tapage et voisinage",
        "Circulation, stationnement et vitesse",
        "Stupéfiants",
        "Vols",
    }
