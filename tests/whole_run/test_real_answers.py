"""The chain runs on real answers, and says of them only what they carry."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.tables.schema import disjoint
from support import notebooks_run_here, psq_here, text_of

pytestmark = pytest.mark.slow


def test_answers_without_a_place_are_reported_without_inventing_one(incivilities_run):
    processed = incivilities_run / "data/processed/grand-debat-incivilites"
    contributions = pd.read_parquet(processed / "contributions.parquet")
    assert len(contributions) == 4_000
    assert set(contributions["territory_type"]) == {"indetermine"}
    assert contributions["commune_code"].isna().all()
    report = text_of(incivilities_run / "reports/grand-debat-incivilites/index.html")
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
    with notebooks_run_here():
        done = psq_here(
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
    assert "Le hors champ arrive en tête" in text_of(tmp_path / "reports/grande-annotation-dev/index.html")
