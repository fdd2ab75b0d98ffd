"""The file of readings is checked line by line, says what two readers agree on, and leaves open what they do not."""

from pathlib import Path

import pandas as pd
import pytest

from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.readings import (
    by_respondent,
    disputed,
    key_of,
    merged,
    placed,
    read_readings,
    record,
    settled,
    without_place,
)
from psq_analysis.tables.record_files import BadRemarkFile

CODEBOOK = load_codebook(Path(__file__).parents[2] / "data/manual/codebook.yml")
HEAD = "key,reader,on,theme,objective,fundamental,tone\n"
QUESTION = "Qu'attendez-vous ?"
REMARKS = pd.DataFrame(
    [
        ("a1", "anna", "Des patrouilles la nuit", False),
        ("a2", "anna", "Un accueil ouvert le soir", False),
        ("b1", "basile", "Plus de rondes", False),
        ("b2", "basile", "RAS", True),
    ],
    columns=["remark_id", "contribution_id", "text", "is_noise"],
).assign(question=QUESTION)
KEY = {row.remark_id: key_of(row.remark_id, row.question, row.text) for row in REMARKS.itertuples()}


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "readings.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _read(folder: Path, *lines: str) -> pd.DataFrame:
    return placed(read_readings(_file(folder, *lines), CODEBOOK), REMARKS)


def test_without_a_file_nobody_read(tmp_path: Path) -> None:
    assert read_readings(tmp_path / "readings.csv", CODEBOOK).empty
    assert placed(read_readings(tmp_path / "readings.csv", CODEBOOK), REMARKS).empty


def test_codes_and_labels_are_read_and_blank_is_not_none(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        f"{KEY['a1']},1,2017-12-01,Présence sur la voie publique; acces,aucun,,",
        f"{KEY['a2']},1,2017-12-01,Aucun thème,,,Proposition",
    )
    found = {(row.remark_id, row.scheme): row.codes for row in read.itertuples()}
    assert found == {
        ("a1", "theme"): ("presence", "acces"),
        ("a1", "objective"): (),
        ("a2", "theme"): (),
        ("a2", "tone"): ("proposition",),
    }


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ("presense,,,", "ligne 3, colonne « theme » : « presense » n'est pas dans la grille, vouliez-vous dire « Présence sur la voie publique »"),
        ("aucun; presence,,,", "« aucun » et un code à la fois"),
        ("Hors champ; presence,,,", "« Hors champ » va seul"),
        (",,,Neutre; Proposition", "un seul code est possible pour « Tonalité »"),
        (",,,aucun", "colonne « tone » : « aucun » n'est pas dans la grille"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_the_nearest_code(tmp_path: Path, cells: str, named: str) -> None:
    with pytest.raises(BadRemarkFile) as trouble:
        read_readings(_file(tmp_path, f"{KEY['b1']},1,,acces,,,", f"{KEY['a1']},1,,{cells}"), CODEBOOK)
    assert named in str(trouble.value)


def test_a_key_that_was_changed_a_reader_without_a_name_and_a_missing_column_are_named(
    tmp_path: Path,
) -> None:
    with pytest.raises(BadRemarkFile, match="ligne 2 : la clé manque"):
        read_readings(_file(tmp_path, "zz,1,,acces,,,"), CODEBOOK)
    with pytest.raises(BadRemarkFile, match="ligne 2 : le nom du lecteur manque"):
        read_readings(_file(tmp_path, f"{KEY['a1']},,,acces,,,"), CODEBOOK)
    path = tmp_path / "readings.csv"
    path.write_text("key,theme\n", encoding="utf-8")
    with pytest.raises(BadRemarkFile, match="« reader » manque"):
        read_readings(path, CODEBOOK)


def test_two_lines_of_one_reader_that_differ_are_both_named(tmp_path: Path) -> None:
    with pytest.raises(BadRemarkFile, match=r"readings\.csv, ligne 2 et readings\.csv, ligne 4"):
        read_readings(
            _file(
                tmp_path,
                f"{KEY['a1']},1,,acces,,,",
                f"{KEY['b1']},1,,acces,,,",
                f"{KEY['a1']},1,,presence,,,",
            ),
            CODEBOOK,
        )


def test_what_readers_differ_about_stays_open_until_they_settle_whatever_the_order_of_rows(
    tmp_path: Path,
) -> None:
    first, second = f"{KEY['a1']},1,,acces,,,", f"{KEY['a1']},2,,presence,,,"
    for lines in ((first, second), (second, first)):
        read = _read(tmp_path, *lines)
        assert settled(read).empty
        assert disputed(read)["codes"].tolist() == [("acces",), ("presence",)]
    read = _read(tmp_path, f"{KEY['a1']},accord,,presence,,,", first, second)
    assert settled(read)["codes"].tolist() == [("presence",)]
    assert disputed(read).empty


def test_a_respondent_counts_as_read_once_every_remark_that_says_something_is(tmp_path: Path) -> None:
    read = _read(tmp_path, f"{KEY['a1']},1,,presence,,,", f"{KEY['b1']},1,,presence,,,")
    found = by_respondent(read, REMARKS, CODEBOOK)
    assert set(found["contribution_id"]) == {"basile"}
    assert found.set_index("code")["mentioned"].to_dict() == {code: float(code == "presence") for code in CODEBOOK.codes("theme")}  # fmt: skip


def test_a_code_that_one_reader_of_two_found_counts_for_half(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        f"{KEY['a1']},1,,presence,,,", f"{KEY['a1']},2,,aucun,,,", f"{KEY['a2']},1,,acces,,,", f"{KEY['a2']},2,,acces,,,",
    )  # fmt: skip
    found = by_respondent(read, REMARKS, CODEBOOK).set_index("code")["mentioned"]
    assert found[["presence", "acces", "confiance"]].tolist() == [0.5, 1.0, 0.0]


def test_the_next_wave_finds_readings_by_their_text_and_what_no_longer_applies_is_told(
    tmp_path: Path,
) -> None:
    read = read_readings(_file(tmp_path, f"{KEY['a1']},1,,presence,,,", f"{KEY['b1']},1,,acces,,,"), CODEBOOK)
    wave = REMARKS[REMARKS["remark_id"] == "a1"].assign(remark_id="z9", text="Des  patrouilles LA nuit")
    assert placed(read, wave)[["remark_id", "codes"]].values.tolist() == [["z9", ("presence",)]]
    assert without_place(read, wave)["key"].tolist() == [KEY["b1"]]


def test_readings_are_recorded_whole_in_an_order_of_their_own_and_a_reader_may_change_their_mind(
    tmp_path: Path,
) -> None:
    path = _file(tmp_path, f"{KEY['b1']},2,2017-12-01,acces,,,", f"{KEY['a1']},1,2017-12-01,acces,,,Neutre")
    changed = read_readings(_other(tmp_path), CODEBOOK)
    record(path, changed)
    assert path.read_text(encoding="utf-8").splitlines() == [
        HEAD.strip(),
        f"{KEY['a1']},1,2017-12-09,presence,,,Neutre",
        f"{KEY['b1']},2,2017-12-01,acces,,,",
    ]


def _other(folder: Path) -> Path:
    path = folder / "de-nouveau.csv"
    path.write_text(HEAD + f"{KEY['a1']},1,2017-12-09,presence,,,\n", encoding="utf-8")
    return path


def test_reading_the_same_lines_again_changes_nothing(tmp_path: Path) -> None:
    read = read_readings(_file(tmp_path, f"{KEY['a1']},1,2017-12-01,acces,,,"), CODEBOOK)
    again = merged(read, read.assign(on="2018-01-01"))
    assert again[["key", "on"]].values.tolist() == [[KEY["a1"], "2017-12-01"]]


def test_lines_of_another_consultation_are_neither_checked_nor_lost(tmp_path: Path) -> None:
    other = "ffff-0123456789abcdef,1,2018-01-01,hopital,,,"
    path = _file(tmp_path, other, f"{KEY['a1']},1,,acces,,,")
    assert read_readings(path, CODEBOOK, REMARKS)["key"].tolist() == [KEY["a1"]]
    record(path, read_readings(_other(tmp_path), CODEBOOK))
    assert other in path.read_text(encoding="utf-8").splitlines()
    with pytest.raises(BadRemarkFile, match="hopital"):
        read_readings(path, CODEBOOK)
