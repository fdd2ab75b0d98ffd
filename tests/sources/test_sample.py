"""The fictional sample reads as its README counts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from psq_analysis.sources import read_files

# file, format, people, of whom complete, remarks: counted by those who wrote the sample (data/raw/README.md)
SAMPLE = [
    ("results-survey320417.csv", "limesurvey_csv", 128, 120, 347),
    ("SECURITE_DU_QUOTIDIEN.csv", "grand_debat_csv", 118, 115, 325),
    ("questionnaire_agents.xlsx", "limesurvey_xlsx", 70, 66, 181),
    ("Réunion de proximité Fleurance - remontées.xlsx", "tableur_xlsx", 50, 50, 95),
    ("Compte rendu réunion de proximité Auch.docx", "compte_rendu_docx", 42, 42, 49),
]


@pytest.fixture(scope="module")
def intake(project: Path):
    return read_files([project / "data" / "raw" / name for name, *_ in SAMPLE])


@pytest.mark.parametrize("expected", SAMPLE, ids=lambda expected: expected[0])
def test_each_file_of_the_sample_gives_its_people_and_remarks(intake, expected) -> None:
    name, source_format, people, complete, remarks = expected
    own = intake.contributions[intake.contributions["source_file"] == name]
    assert own["source_format"].unique().tolist() == [source_format]
    assert len(own) == people
    assert int(own["is_complete"].sum()) == complete
    assert int(intake.remarks["contribution_id"].isin(own["contribution_id"]).sum()) == remarks


def test_the_files_of_the_sample_are_one_wave_and_every_voice_speaks(intake) -> None:
    assert intake.contributions["wave"].unique().tolist() == ["1"]
    assert intake.contributions["stakeholder"].nunique() == 11


def test_the_rows_of_the_sample_add_up(intake) -> None:
    ledger = intake.ledger
    assert (ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"]).all()
