"""Every export kept beside the project reads exactly as its `.expected.json` says; nothing personal reaches a table."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from psq_analysis.sources import Intake, read_files
from support import SHARED

FOLDER = SHARED / "data" / "exports"
EXPORTS = sorted(path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json"))

pytestmark = pytest.mark.skipif(not EXPORTS, reason="the folder of real data is not beside the project")


@pytest.fixture(scope="module", params=EXPORTS)
def export(request: pytest.FixtureRequest) -> tuple[dict, Intake]:
    expected = json.loads((FOLDER / f"{request.param}.expected.json").read_text(encoding="utf-8"))
    return expected, read_files([FOLDER / request.param])


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def expected_in_body(contributions: pd.DataFrame) -> bool:
    """In minutes a plain number is a paragraph, beside the rows of tables."""
    return contributions["source_format"].eq("compte_rendu_docx").all()


def _row(intake: Intake, respondent: dict) -> pd.Series:
    """The one contribution of a row, in the sheet that the expectation names where several hold respondents."""
    contributions = intake.contributions
    row = respondent["source_row"]
    if isinstance(row, str):  # « T1R2 » is row 2 of the first table of minutes
        table, row = row.removeprefix("T").split("R")
        contributions = contributions[contributions["source_sheet"] == f"tableau {table}"]
    elif expected_in_body(contributions):
        contributions = contributions[contributions["source_sheet"].isna()]
    rows = contributions[contributions["source_row"] == int(row)]
    if "source_sheet" in respondent and len(rows) > 1:
        rows = rows[rows["source_sheet"] == respondent["source_sheet"]]
    assert len(rows) == 1
    return rows.iloc[0]


def _answers(intake: Intake, respondent: dict) -> dict[str, str | list[str]]:
    """What was said to each question; a block that is filled several times gives a list, as in the expectation."""
    said = intake.remarks[intake.remarks["contribution_id"] == _row(intake, respondent)["contribution_id"]]
    texts = said.groupby("question_id", sort=False)["text"].agg(
        lambda each: [_squeezed(text) for text in each]
    )
    meant = respondent["answers"]
    return {key: each if isinstance(meant.get(key), list) else each[0] for key, each in texts.items()}


def _meant(answers: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    return {
        key: [_squeezed(each) for each in text] if isinstance(text, list) else _squeezed(text)
        for key, text in answers.items()
    }


def test_respondents_and_complete_ones_are_counted_as_a_person_would(export) -> None:
    expected, intake = export
    assert len(intake.contributions) == expected["n_respondents_total"]
    assert int(intake.contributions["is_complete"].sum()) == expected["n_respondents_complete"]


def test_non_empty_remarks_are_counted_for_each_open_question(export) -> None:
    expected, intake = export
    counts = intake.remarks["question_id"].value_counts().to_dict()
    assert counts == {question: n["nonempty"] for question, n in expected["n_remarks_by_question"].items()}


def test_chosen_respondents_say_word_for_word_what_they_said(export) -> None:
    expected, intake = export
    for respondent in expected["respondents"]:
        said = _answers(intake, respondent)
        meant = _meant(respondent["answers"])
        if expected["format"] == "courriels_txt":  # politeness around the text is of no matter there
            assert said.keys() == meant.keys()
            assert all(meant[question] in said[question] for question in meant)
        else:
            assert said == meant, f"row {respondent['source_row']}"


def test_chosen_respondents_have_their_voice_and_completeness(export) -> None:
    expected, intake = export
    for respondent in expected["respondents"]:
        row = _row(intake, respondent)
        voice = None if pd.isna(row["stakeholder"]) else row["stakeholder"]
        assert voice in [respondent["stakeholder"], *respondent.get("accept_stakeholder", [])]
        assert bool(row["is_complete"]) is respondent["complete"]


def test_chosen_respondents_gave_the_closed_answers_that_the_file_holds(export) -> None:
    expected, intake = export
    for respondent in expected["respondents"]:
        given = intake.answers[
            intake.answers["contribution_id"] == _row(intake, respondent)["contribution_id"]
        ]
        for question, values in respondent.get("closed_answers", {}).items():
            of_question = given[(given["question_id"] == question) | (given["question"] == question)]
            assert sorted(of_question["value"]) == sorted([values] if isinstance(values, str) else values)


def test_no_personal_value_reaches_any_table(export) -> None:
    expected, intake = export
    tables = (intake.contributions, intake.answers, intake.remarks, intake.rejects, intake.ledger)
    written = "\n".join(table.astype("string").to_csv(index=False) for table in tables)
    meant_for_masking = expected.get("pii_in_text", [])
    leaked = [v for v in expected["must_not_leak_values"] if v in written and v not in meant_for_masking]
    assert not leaked


def test_rows_in_are_kept_merged_or_rejected_each_with_a_reason(export) -> None:
    _, intake = export
    ledger = intake.ledger.iloc[0]
    assert ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"]
    assert ledger["rows_out"] == len(intake.contributions)
    whole_rows = intake.rejects["source_row"].notna() & intake.rejects["column"].isna()
    assert ledger["rows_rejected"] == int(whole_rows.sum())


def test_the_format_is_recognised_from_content_when_the_name_says_nothing(export, tmp_path: Path) -> None:
    expected, intake = export
    name = intake.ledger["source_file"].iloc[0]
    renamed = tmp_path / "fichier.dat"
    renamed.write_bytes((FOLDER / name).read_bytes())
    again = read_files([renamed])
    assert again.contributions["source_format"].iloc[0] == intake.contributions["source_format"].iloc[0]
    assert len(again.remarks) == expected["n_remarks_nonempty"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows", "questions"),
    [("grand_debat_incivilites.csv", 26_498, 3), ("grande_annotation_dev.csv", 1_068, 19)],
)
def test_every_row_of_a_plain_long_table_is_read_without_a_mapping_and_accounted_for(
    name: str, rows: int, questions: int
) -> None:
    intake = read_files([FOLDER.parent / name])
    (account,) = intake.ledger.itertuples()
    assert account.rows_in == account.rows_out + account.rows_merged + account.rows_rejected == rows
    assert len(intake.remarks) == rows
    assert intake.contributions["contribution_id"].is_unique
    assert intake.remarks["question_id"].nunique() == questions
    assert intake.remarks["question"].str.endswith("?").mean() > 0.95
