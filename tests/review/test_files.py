"""Readers get a file, fill it in, and what they found is kept, compared and named cell by cell where it is wrong."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from psq_analysis.runs.run import READINGS
from support import psq_here

THEME, OTHER_THEME = "Présence sur la voie publique", "Accès du public au service de la sécurité"


def _psq(place: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run the command in the project, its typographic blanks as plain ones."""
    done = psq_here(*words, cwd=place)
    plain = str.maketrans({"\u00a0": " ", "\u202f": " "})
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.translate(plain), done.stderr.translate(plain)
    )


def _sample(place: Path, *words: object) -> list[Path]:
    done = _psq(place, "review", "sample", "petite", "--out", place, *words)
    assert done.returncode == 0, done.stderr
    return [Path(line) for line in done.stdout.splitlines() if Path(line).is_file()]


def _fill(path: Path, cells: dict[tuple[int, str], object]) -> None:
    """Write into a workbook as a person does: by row and heading."""
    book = openpyxl.load_workbook(path)
    sheet = book["Lecture"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for (row, heading), value in cells.items():
        sheet.cell(row=row, column=columns[heading]).value = value
    book.save(path)


def _kept(place: Path) -> list[dict[str, str]]:
    path = place / READINGS
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else []


def _read(place: Path, *files: Path):
    return _psq(place, "review", "read", *files)


def test_each_voice_is_read_two_readers_share_a_fifth_and_nothing_of_the_program_is_shown(place):
    first, second = (
        pd.read_excel(path, sheet_name="Lecture", engine="openpyxl")
        for path in _sample(place, "--xlsx", "--size", 40)
    )
    everyone = pd.concat([first, second])
    keys = set(first["Clé"]) | set(second["Clé"])
    assert len(keys) == 40
    # 34 élus, 16 commerçants, 50 habitants: roots 5.8, 4, 7.1 of 16.9 → 13.8, 10 at least, 16.7
    voices = everyone.drop_duplicates("Clé")["Remarque"].value_counts().to_dict()
    assert voices == {"Des patrouilles la nuit, à pied": 14, "Éclairer les rues commerçantes": 10, "L'accueil est fermé le soir": 16}  # fmt: skip
    twice = set(first["Clé"]) & set(second["Clé"])
    assert len(twice) == 3 + 2 + 4  # a fifth of each voice, rounded up
    assert set(first["Clé"][: len(twice)]) == twice
    assert abs(len(first) - len(second)) <= 1
    codes = [name for name in first if name not in ("Clé", "Lecteur", "Répondant", "Question", "Remarque")]
    assert codes == ["Thème 1", "Thème 2", "Thème 3", "Objectif 1", "Objectif 2", "Objectif 3", "Fondamental", "Intention"]  # fmt: skip
    assert everyone[codes].isna().all().all()


def test_the_workbook_offers_french_labels_and_the_codebook_and_runs_no_formula(place):
    run = place / "data/processed/petite/remarks.parquet"
    remarks = pd.read_parquet(run)
    remarks["text"] = '=HYPERLINK("http://exemple.fr","cliquez")'
    remarks.to_parquet(run)
    book = openpyxl.load_workbook(_sample(place, "--xlsx")[0])
    reading, grid = book["Lecture"], book["Grille"]
    texts = [cell for row in reading.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in texts} == {"s"}
    lists = {str(one.sqref): one.formula1 for one in reading.data_validations.dataValidation}
    theme = next(formula for cells, formula in lists.items() if cells.startswith("F2:"))
    top, bottom = (int(part.rpartition("$")[2]) for part in theme.split("!")[1].split(":"))
    offered = [grid.cell(row=row, column=2).value for row in range(top, bottom + 1)]
    assert offered[:2] == ["Aucun thème", THEME]
    assert offered[-1] == "Hors champ"
    assert [cell.value for cell in grid[1]] == ["Famille", "Nom à choisir", "Définition", "En relève", "N'en relève pas", "Exemples", "Code"]  # fmt: skip
    assert reading.column_dimensions["A"].hidden


def test_a_file_that_may_hold_readings_is_not_replaced(place):
    (first, second) = _sample(place, "--xlsx")
    second.unlink()
    before = first.read_bytes()
    done = _psq(place, "review", "sample", "petite", "--xlsx", "--out", place)
    assert done.returncode == 2
    assert "existe déjà" in done.stderr
    assert first.read_bytes() == before
    assert not second.exists()


def test_labels_codes_none_and_blank_are_kept_apart_whatever_the_order_of_rows(place):
    first, _ = _sample(place, "--xlsx")
    _fill(first, {(2, "Thème 1"): THEME, (2, "Thème 2"): "acces", (3, "Thème 2"): "Aucun thème", (4, "Intention"): "proposition"})  # fmt: skip
    book = openpyxl.load_workbook(first)
    sheet = book["Lecture"]
    keys = [sheet.cell(row=row, column=1).value for row in (2, 3, 4)]
    sheet.move_range("A2:M2", rows=sheet.max_row)  # a reader sorts, and leaves a blank row
    book.save(first)
    done = _read(place, first)
    assert done.returncode == 0, done.stderr
    assert "3 remarques lues" in done.stdout
    kept = {row["key"]: row for row in _kept(place)}
    assert set(kept) == set(keys)
    assert [kept[key]["theme"] for key in keys] == ["presence; acces", "aucun", ""]
    assert [kept[key]["tone"] for key in keys] == ["", "", "proposition"]
    assert {row["reader"] for row in kept.values()} == {"lecteur 1"}


def test_every_wrong_cell_is_named_at_once_and_nothing_is_written(place):
    first, _ = _sample(place, "--xlsx")
    _fill(
        first,
        {(2, "Thème 1"): "Presense sur la voie publique", (5, "Intention"): "fâché", (6, "Thème 1"): THEME},
    )
    done = _read(place, first)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"lecteur-1.xlsx, feuille « Lecture », ligne 2, colonne « Thème 1 » : « Presense sur la voie publique » n'est pas dans la grille, vouliez-vous dire « {THEME} » ?" in done.stderr  # fmt: skip
    assert "ligne 5, colonne « Intention » : « fâché »" in done.stderr
    assert _kept(place) == []


def test_a_formula_in_a_cell_of_codes_is_refused(place):
    first, _ = _sample(place, "--xlsx")
    _fill(first, {(2, "Thème 1"): '=IF(1,"presence","")'})
    done = _read(place, first)
    assert done.returncode == 2
    assert _kept(place) == []


def test_two_lines_of_one_reader_that_differ_are_both_named(place):
    first, _ = _sample(place, "--xlsx")
    book = openpyxl.load_workbook(first)
    sheet = book["Lecture"]
    last = sheet.max_row + 1
    sheet.cell(row=2, column=6).value = THEME
    for column in range(1, 6):
        sheet.cell(row=last, column=column).value = sheet.cell(row=2, column=column).value
    sheet.cell(row=last, column=6).value = OTHER_THEME
    book.save(first)
    done = _read(place, first)
    assert done.returncode == 2
    assert "feuille « Lecture », ligne 2 et" in done.stderr
    assert f"feuille « Lecture », ligne {last}" in done.stderr
    assert _kept(place) == []


def test_csv_files_are_read_too(place):
    first, _ = _sample(place)
    rows = list(csv.reader(first.open(encoding="utf-8-sig"), delimiter=";"))
    rows[1][rows[0].index("Thème 1")] = "presence; acces"
    with first.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    done = _read(place, first)
    assert done.returncode == 0, done.stderr
    assert [(row["key"], row["theme"]) for row in _kept(place)] == [(rows[1][0], "presence; acces")]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a;b\n1;2\n", b"PK\x03\x04 trop court"])
def test_a_file_that_holds_no_reading_is_one_french_sentence(place, content):
    path = place / "autre.csv"
    path.write_bytes(content)
    done = _read(place, path)
    assert done.returncode == 2
    assert "autre.csv" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert _kept(place) == []


def test_an_empty_file_of_readings_says_so(place):
    done = _read(place, *_sample(place, "--xlsx"))
    assert done.returncode == 2
    assert "Aucune case de code n'est remplie" in done.stderr


def test_a_column_the_analyst_added_is_left_aside_and_told(place):
    first, _ = _sample(place, "--xlsx")
    book = openpyxl.load_workbook(first)
    book["Lecture"].cell(row=1, column=14).value = "Mes notes"
    book.save(first)
    _fill(first, {(2, "Thème 1"): THEME, (2, "Mes notes"): "à revoir"})
    done = _read(place, first)
    assert "Colonnes laissées de côté dans lecteur-1.xlsx : Mes notes." in done.stdout


def test_two_readers_are_compared_and_settle_what_they_read_differently(place):
    first, second = _sample(place, "--xlsx")
    # the nine remarks both read come first; they differ on two of them
    same = {(row, "Thème 1"): THEME for row in range(4, 11)}
    _fill(first, same | {(2, "Thème 1"): THEME, (3, "Thème 1"): THEME})
    order = [
        sheet["Clé"].tolist()
        for sheet in (
            pd.read_excel(path, sheet_name="Lecture", engine="openpyxl") for path in (first, second)
        )
    ]
    row_of = {key: row for row, key in enumerate(order[1], start=2)}
    for row in range(2, 11):
        if order[0][row - 2] in row_of:
            theirs = row_of[order[0][row - 2]]
            _fill(second, {(theirs, "Thème 1"): {2: OTHER_THEME, 3: "Aucun thème"}.get(row, THEME)})
    assert _read(place, first, second).returncode == 0
    told = _psq(place, "review", "agree", "petite", "--xlsx", "--out", place)
    assert told.returncode == 0, told.stderr
    assert "Thème : 9 remarques lues par deux personnes, les mêmes codes dans 78 %" in told.stdout
    assert "À régler : 2 remarques" in told.stdout
    settled = Path(told.stdout.splitlines()[-1])
    left = pd.read_excel(settled, sheet_name="Lecture", engine="openpyxl")
    assert set(left["Clé"]) == {order[0][0], order[0][1]}
    assert left["Lectures"].str.contains("lecteur 1 dit").all()
    _fill(settled, {(2, "Thème 1"): THEME, (3, "Thème 1"): THEME})
    done = _read(place, settled)
    assert done.returncode == 0, done.stderr
    again = _psq(place, "review", "agree", "petite", "--out", place)
    assert "Rien à régler" in again.stdout
    assert "les mêmes codes dans 78 %" in again.stdout  # what they read apart has not changed


def test_the_same_file_read_twice_changes_nothing(place):
    first, _ = _sample(place, "--xlsx")
    _fill(first, {(2, "Thème 1"): THEME})
    _read(place, first)
    before = (place / READINGS).read_bytes()
    done = _read(place, first)
    assert "0 lecture de plus" in done.stdout
    assert (place / READINGS).read_bytes() == before


def test_an_analysis_that_does_not_exist_is_refused_with_those_that_do(place):
    done = _psq(place, "review", "sample", "gers", "--out", place)
    assert done.returncode == 2
    assert "petite" in done.stderr
