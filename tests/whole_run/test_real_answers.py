"""The chain runs on real answers, and says of them only what they carry."""

from __future__ import annotations

import lxml.html
import pandas as pd
import pytest

from psq_analysis.tables.schema import disjoint
from support import psq

pytestmark = pytest.mark.slow


def _text(page) -> str:
    return " ".join(lxml.html.parse(str(page)).getroot().text_content().split())


def test_answers_without_a_place_are_reported_without_inventing_one(incivilities_run):
    processed = incivilities_run / "data/processed/grand-debat-incivilites"
    contributions = pd.read_parquet(processed / "contributions.parquet")
    assert len(contributions) == 26_498
    assert set(contributions["territory_type"]) == {"indetermine"}
    assert contributions["commune_code"].isna().all()
    report = _text(incivilities_run / "reports/grand-debat-incivilites/index.html")
    assert "aucun territoire n'est comparé" in report
    assert "quartiers urbains" not in report.lower()
    themes = (
        pd.read_parquet(processed / "codes.parquet")
        .query("scheme == 'theme'")["code"]
        .value_counts(normalize=True)
    )
    assert (
        themes.index[0] == "efficacite"
    )  # everyday incivilities, and what to do about them, were the question


def test_answers_on_other_subjects_from_all_over_france_are_placed_and_out_of_scope(shared, tmp_path):
    done = psq(
        "run", shared / "data/grande_annotation_dev.csv", "-p", "territories",
        shared / "data/territoire_communes_2024.csv", "--out", tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    processed = tmp_path / "data/processed/grande-annotation-dev"
    territories = disjoint(pd.read_parquet(processed / "contributions.parquet")).value_counts()
    assert {"urbain", "periurbain", "rural", "outre_mer", "indetermine"} <= set(territories.index)
    prevalence = pd.read_parquet(processed / "prevalence.parquet")
    overall = prevalence[(prevalence["grouping"] == "all") & (prevalence["scheme"] == "theme")]
    shares = overall.set_index("code")["share"]
    assert shares["hors_champ"] > 0.9
    assert shares.drop("hors_champ").max() < 0.2
    assert "Le hors champ arrive en tête" in _text(tmp_path / "reports/grande-annotation-dev/index.html")
