"""The file of readings is checked line by line, and says once what was found in each respondent."""

from pathlib import Path

import pandas as pd
import pytest

from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.readings import read_readings, settled
from psq_analysis.tables.record_files import BadRemarkFile

CODEBOOK = load_codebook(Path(__file__).parents[2] / "data/manual/codebook.yml")
HEAD = "contribution_id,scheme,code,mentioned,reader,on\n"


def test_without_a_file_nobody_read(tmp_path: Path) -> None:
    assert read_readings(tmp_path / "readings.csv", CODEBOOK).empty


def test_what_two_readers_agreed_at_last_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_text(
        HEAD + "r1,theme,acces,0,A,2017-12-01\nr1,theme,acces,1,B,2017-12-02\nr2,theme,acces,1,A,2017-12-01\n"
    )
    found = settled(read_readings(path, CODEBOOK)).set_index("contribution_id")["mentioned"]
    assert found.to_dict() == {"r1": True, "r2": True}


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("r1,theme,inconnu,1,A,", "inconnu"),
        ("r1,theme,acces,oui,A,", "oui"),
        ("r1,tonalite,acces,1,A,", "acces"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: str, named: str) -> None:
    path = tmp_path / "readings.csv"
    path.write_text(HEAD + "r0,theme,acces,1,A,\n" + row + "\n")
    with pytest.raises(BadRemarkFile, match=named) as trouble:
        read_readings(path, CODEBOOK)
    assert "3" in str(trouble.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    pd.DataFrame({"contribution_id": ["r"], "scheme": ["theme"]}).to_csv(path, index=False)
    with pytest.raises(BadRemarkFile, match="code"):
        read_readings(path, CODEBOOK)
