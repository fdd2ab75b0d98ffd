"""What people read in a finished analysis corrects it, and what they did not read stays."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from support import PROJECT, notebooks_run_here, psq_here

pytestmark = pytest.mark.slow
SAID = (
    "Plus de patrouilles à pied le soir dans le centre.",
    "La brigade est fermée quand on en a besoin.",
    "Un interlocuteur unique pour les maires.",
)
TRUST = "Confiance mutuelle entre la population et les forces de sécurité"


@pytest.fixture(scope="module")
def read_and_applied(tmp_path_factory) -> Path:
    """An analysis of 40 people in a project of its own; a reader finds one theme everywhere, and it is applied."""
    place = tmp_path_factory.mktemp("projet")
    for part in ("notebooks", "data/manual"):
        shutil.copytree(PROJECT / part, place / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    said = itertools.islice(itertools.cycle(SAID), 40)
    rows = [f"32000;Auch;Habitant;{text[:-1]} ({at})." for at, text in enumerate(said)]
    (place / "avis.csv").write_text(
        "\n".join(["Code postal;Commune;Vous êtes;Que faut-il changer ?", *rows]) + "\n", encoding="utf-8"
    )
    with notebooks_run_here():
        _done(place, "run", "avis.csv", "--out", place)
        tables = place / "data/processed/avis"
        shutil.copytree(tables, place / "avant")
        files = [Path(line) for line in _done(place, "review", "sample", "avis", "--xlsx", "--out", place).splitlines() if line.endswith(".xlsx") and Path(line).is_file()]  # fmt: skip
        for file in files:
            book = openpyxl.load_workbook(file)
            sheet = book["Lecture"]
            column = next(cell.column for cell in sheet[1] if cell.value == "Thème 1")
            for row in range(2, sheet.max_row + 1):
                if sheet.cell(row=row, column=1).value:
                    sheet.cell(row=row, column=column).value = TRUST
            book.save(file)
        _done(place, "review", "read", *files)
        (place / "dit.txt").write_text(_done(place, "review", "apply", "avis", "--out", place), encoding="utf-8")  # fmt: skip
    return place


def _done(place: Path, *words: object) -> str:
    done = psq_here(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _table(place: Path, name: str, folder: str = "data/processed/avis") -> pd.DataFrame:
    return pd.read_parquet(place / folder / f"{name}.parquet")


def test_what_people_found_takes_the_place_of_what_the_program_gave(read_and_applied):
    codes, before = _table(read_and_applied, "codes"), _table(read_and_applied, "codes", "avant")
    themes = codes[codes["scheme"] == "theme"]
    assert set(themes["code"]) == {"confiance"}
    assert set(themes["origin"]) == {"human"}
    replaced = _table(read_and_applied, "codes_replaced")
    keys = ["idea_id", "scheme", "code"]
    was = before.loc[before["scheme"] == "theme", keys].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(replaced[keys].sort_values(keys, ignore_index=True), was)


def test_what_was_not_read_stays(read_and_applied):
    rows = [
        _table(read_and_applied, "codes", folder).query("scheme != 'theme'").reset_index(drop=True)
        for folder in ("avant", "data/processed/avis")
    ]
    pd.testing.assert_frame_equal(*rows)


def test_the_shares_are_those_of_the_readers_where_all_were_read(read_and_applied):
    rows = _table(read_and_applied, "prevalence").query("grouping == 'all' and scheme == 'theme'").set_index("code")  # fmt: skip
    assert rows.loc["confiance", "share_corrected"] == pytest.approx(1)
    assert rows.loc["presence", "share_corrected"] == pytest.approx(0)


def test_it_says_what_changed_and_how_long_it_took(read_and_applied):
    told = (read_and_applied / "dit.txt").read_text(encoding="utf-8")
    assert "40" in told
    assert "seconde" in told
    assert told.rstrip().endswith("index.html")
