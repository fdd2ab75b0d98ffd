"""Exports written by people who had never read the program, run once before anything was mended, and kept as they were."""

from __future__ import annotations

import json

import pytest

from exports_judged import differences
from psq_analysis import places
from psq_analysis.places.communes import load_communes
from psq_analysis.places.typology import load_typology
from psq_analysis.sources import read_files
from support import PROJECT

FOLDER = PROJECT / "tests/data/blind_exports"
EXPECTATIONS = sorted(FOLDER.glob("*/*.expected.json"))


@pytest.fixture(scope="module")
def france():
    return load_communes(), load_typology(PROJECT / "data/manual/typology.yml")


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: f"{path.parent.name} {path.name[:30]}")
def test_an_export_reads_as_the_person_who_wrote_it_says(expectation, france) -> None:
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    intake = read_files([expectation.with_name(expectation.name.removesuffix(".expected.json"))])
    placed = places.place(intake.contributions, *france)
    assert differences(intake, placed, expected) == []
