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


def _answers(intake: Intake, row: int) -> dict[str, str]:
    ids = intake.contributions.loc[intake.contributions["source_row"] == row, "contribution_id"]
    said = intake.remarks[intake.remarks["contribution_id"].isin(ids)]
    return {
        question: _squeezed(text) for question, text in zip(said["question_id"], said["text"], strict=True)
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
        said = _answers(intake, respondent["source_row"])
        meant = {question: _squeezed(text) for question, text in respondent["answers"].items()}
        if expected["format"] == "courriels_txt":  # politeness around the text is of no matter there
            assert said.keys() == meant.keys()
            assert all(meant[question] in said[question] for question in meant)
        else:
            assert said == meant, f"row {respondent['source_row']}"


def test_chosen_respondents_have_their_voice_and_completeness(export) -> None:
    expected, intake = export
    contributions = intake.contributions.set_index("source_row")
    for respondent in expected["respondents"]:
        row = contributions.loc[respondent["source_row"]]
        voice = None if pd.isna(row["stakeholder"]) else row["stakeholder"]
        assert voice in [respondent["stakeholder"], *respondent.get("accept_stakeholder", [])]
        assert bool(row["is_complete"]) is respondent["complete"]


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


@pytest.mark.parametrize(
    ("name", "rows", "questions"),
    [("grand_debat_incivilites.csv", 26_498, 3), ("grande_annotation_dev.csv", 1_068, 19)],
)
def test_a_plain_long_table_reads_without_a_mapping(name: str, rows: int, questions: int) -> None:
    intake = read_files([FOLDER.parent / name])
    assert intake.ledger["rows_in"].iloc[0] == rows
    assert len(intake.remarks) == rows
    assert intake.remarks["question_id"].nunique() == questions
    assert intake.remarks["question"].str.endswith("?").mean() > 0.95
