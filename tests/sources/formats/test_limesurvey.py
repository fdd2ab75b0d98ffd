"""LimeSurvey, whatever its export options: separators, headings, masks, qualities."""

from __future__ import annotations

import pytest

from psq_analysis.sources import read_files
from small_exports import FULL, SAID, column_of, limesurvey_rows, texts_of, write_csv

CODES = [
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "token",
    "ipaddr",
    "QPROF",
    "QPROF[other]",
    "QCOM",
    "QSENT",
    "QDIFF",
    "interviewtime",
    "QDIFFTime",
]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "headings",
    [CODES, FULL, [f"{code}. {text}" for code, text in zip(CODES, FULL, strict=True)]],
    ids=["codes", "full", "both"],
)
def test_limesurvey_reads_alike_whatever_the_export_options(tmp_path, separator, encoding, headings) -> None:
    intake = read_files(
        [
            write_csv(
                tmp_path / "export.csv", limesurvey_rows(headings), separator=separator, encoding=encoding
            )
        ]
    )
    assert intake.contributions["source_format"].unique().tolist() == ["limesurvey_csv"]
    assert texts_of(intake) == SAID
    assert intake.contributions["is_complete"].tolist() == [True, True, False, True]
    assert column_of(intake, "stakeholder") == ["habitants", "habitants", "élus", "élus"]
    assert column_of(intake, "place_commune") == ["Auch"] * 4
    everything = intake.answers.to_csv() + intake.contributions.to_csv() + intake.remarks.to_csv()
    assert "jetonsecret" not in everything
    assert "192.0.2.7" not in everything
    assert "31.2" not in everything


def test_limesurvey_undoes_the_apostrophe_that_masks_a_formula(tmp_path) -> None:
    rows = limesurvey_rows(CODES)
    rows[1][10] = "'=> une brigade ouverte le soir"
    intake = read_files([write_csv(tmp_path / "export.csv", rows)])
    assert texts_of(intake)[0] == "=> une brigade ouverte le soir"


def test_limesurvey_takes_the_quality_written_under_other(tmp_path) -> None:
    rows = limesurvey_rows(CODES)
    rows[1][6:8] = ["-oth-", "conseillère municipale"]
    rows[2][6:8] = ["-oth-", "poète"]
    intake = read_files([write_csv(tmp_path / "export.csv", rows)])
    assert column_of(intake, "stakeholder")[:2] == ["élus", None]
