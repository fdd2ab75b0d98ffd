"""The steps of a reading, from the name of an analysis to files and back: what ``psq review`` calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from psq_analysis import french
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.comparison.corrected import LEAST_IN_STRATUM, READ_BY_DEFAULT
from psq_analysis.review import agree, read_back, workbook
from psq_analysis.review.drawn import sample
from psq_analysis.review.words import say
from psq_analysis.runs.run import CODEBOOK, READINGS, Run, project_folder
from psq_analysis.workshop.where import run_named

FOLDER = "relectures"  # beside data/ and reports/: what readers fill in holds remarks, and goes nowhere else


def write_sample(
    name: str, *, size: int | None = None, xlsx: bool = False, folder: Path | None = None, out: str = ""
) -> list[str]:
    """Write the file of each reader of a finished analysis; return what is said of it and, in the end, where the files are.

    Nothing is written where one of the files is there already: it may hold readings.
    """
    run = run_named(name, out=out)
    rows, grid = sample(run, size=size or READ_BY_DEFAULT), run.codebook()
    place = _place(run, folder)
    files = {
        reader: place / f"{french.slug(str(reader))}{'.xlsx' if xlsx else '.csv'}"
        for reader in rows["reader"].unique()
    }
    for path in files.values():
        workbook.refuse_existing(path)
    for reader, path in files.items():
        workbook.write_file(rows[rows["reader"] == reader], grid, path)
    twice = rows.loc[rows["read_twice"], "respondent"].nunique()
    told = say(
        "written",
        people=french.count(rows["respondent"].nunique(), "répondant"),
        remarks=french.count(rows["key"].nunique(), "remarque"),
        twice=french.number(twice),
    )
    wanted, drawn = size or READ_BY_DEFAULT, rows["respondent"].nunique()
    more = [say("more", size=wanted, least=LEAST_IN_STRATUM)] if drawn > wanted else []
    return [told, *more, say("next", files=" ".join(map(str, files.values()))), *map(str, files.values())]


def take_in(paths: Sequence[Path], *, codebook: Path | None = None) -> list[str]:
    """Put what readers filled in into the readings of the project; return what is said of it."""
    project = project_folder()
    grid = load_codebook(codebook or project / CODEBOOK)
    return read_back.take_in(paths, grid, project / READINGS, on=dt.date.today())


def compare(name: str, *, xlsx: bool = False, folder: Path | None = None, out: str = "") -> list[str]:
    """Return what is said of the agreement of readers; write what is left to settle as a workbook where asked for."""
    run = run_named(name, out=out)
    grid = run.codebook()
    found = agree.agreement(run.readings(run.read("remarks")), grid, seed=run.settings.seed)
    path = _place(run, folder) / "accord.xlsx"
    lines = agree.told(found, grid, name=run.settings.name, file=str(path))
    if xlsx and len(found.open):
        workbook.write_file(agree.to_settle(run, found, grid), grid, path)
        lines.append(str(path))
    return lines


def _place(run: Run, folder: Path | None) -> Path:
    return folder or run.out / FOLDER / run.settings.name
