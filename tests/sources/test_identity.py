"""What is said of a file without its cells; rows keep their identity, and a row given twice counts once."""

from __future__ import annotations

from psq_analysis.sources import describe_file, format_description, read_files
from small_exports import FULL, SAID, limesurvey_rows, write_csv


def test_check_says_roles_certainty_and_counts_but_never_a_cell(tmp_path) -> None:
    path = write_csv(tmp_path / "export.csv", limesurvey_rows(FULL))
    text = format_description(describe_file(path))
    assert "limesurvey_csv" in text
    assert "texte_libre" in text
    assert "interdit" in text
    assert "4 = 4 gardées" in text
    assert not any(said.split(",")[0] in text for said in SAID if said != "RAS")
    assert "jetonsecret" not in text


def test_rows_keep_their_identity_when_the_file_is_sorted_otherwise(tmp_path) -> None:
    rows = [["Commune", "Remarque"], ["Auch", SAID[0]], ["Pavie", SAID[1]], ["Auch", "RAS"], ["Auch", "RAS"]]
    one = read_files([write_csv(tmp_path / "a.csv", rows)])
    (tmp_path / "b").mkdir()
    other = read_files([write_csv(tmp_path / "b" / "a.csv", [rows[0], *rows[:0:-1]])])
    assert set(one.contributions["contribution_id"]) == set(other.contributions["contribution_id"])
    assert one.contributions["contribution_id"].is_unique
    assert set(one.remarks["remark_id"]) == set(other.remarks["remark_id"])


def test_a_later_export_that_repeats_earlier_rows_is_merged_and_counted(tmp_path) -> None:
    rows = limesurvey_rows(FULL)
    early = write_csv(tmp_path / "le_20.csv", rows[:3])
    late = write_csv(tmp_path / "le_30.csv", rows)
    intake = read_files([early, late])
    assert len(intake.contributions) == 4
    assert intake.ledger[["rows_in", "rows_out", "rows_merged", "rows_rejected"]].values.tolist() == [
        [2, 2, 0, 0],
        [4, 2, 2, 0],
    ]
    assert intake.contributions["wave"].unique().tolist() == ["1"]
