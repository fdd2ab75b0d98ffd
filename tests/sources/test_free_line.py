"""One line says who and where: lines written before the program had seen them, six rounds."""

from __future__ import annotations

import csv

import pytest

from psq_analysis.places.communes import load_communes
from psq_analysis.places.gazetteer import Gazetteer
from psq_analysis.sources.free_line import read_line
from support import PROJECT

with (PROJECT / "tests/data/free_lines.csv").open(encoding="utf-8", newline="") as file:
    LINES = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def france():
    communes = load_communes()
    return communes, Gazetteer(communes.assign(territory_type="rural"))


@pytest.mark.parametrize("number", ["1", "2", "3", "4", "5", "6"])
def test_voice_and_place_of_a_free_line_are_those_a_person_reads(france, number) -> None:
    communes, gazetteer = france
    codes = {
        f"{name}|{department}": code
        for name, department, code in zip(
            communes["name"], communes["department_code"], communes["code"], strict=True
        )
    }
    lines = [line for line in LINES if line["round"] == number]
    wrong = []
    for line in lines:
        said = read_line(line["line"])
        place = gazetteer.resolve(
            "",
            said.place.get("commune", ""),
            said.place.get("postcode", ""),
            said.place.get("epci", ""),
            said.place.get("department", ""),
            majority=line["department_of_the_file"],
        )
        is_right = (
            (said.voice or "") in line["voices"].split("|")
            and (place.commune_code or "") == codes.get(line["commune"], "")
            and line["department"] in ("", place.department_code)
        )
        if not is_right:
            wrong.append(line["line"])
    assert len(wrong) <= len(lines) * 0.05, wrong
