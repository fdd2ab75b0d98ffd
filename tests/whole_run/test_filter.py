"""A run on some respondents only: every count is of them, groups asked for are there, wrong names stop it early."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import psq_analysis as psq
from support import notebooks_run_here, psq_here, text_of

pytestmark = pytest.mark.slow
ASKED = "departement=Gers; voix=élus,habitants"


@pytest.fixture(scope="module")
def filtered(tmp_path_factory):
    out = tmp_path_factory.mktemp("filtre")
    with notebooks_run_here():
        done = psq_here(
            "run",
            "data/raw",
            "--out",
            out,
            "-p",
            "only",
            ASKED,
            "-p",
            "groupings",
            "taille de la commune,epci",
        )
    assert done.returncode == 0, done.stderr
    return out


def test_everything_is_counted_among_those_kept(filtered, sample_run):
    tables = filtered / "data/processed/concertation"
    whole = psq.open("concertation", out=str(sample_run))
    n = int(whole.shares(only=ASKED)["respondents"].iloc[0])
    prevalence, flow = (pd.read_parquet(tables / f"{name}.parquet") for name in ("prevalence", "flow"))
    told = prevalence[
        (prevalence["grouping"] == "all") & prevalence["is_shown"]
    ]  # a code few mention in all is not told of a filter
    assert set(told["respondents"]) == {n}
    assert flow.set_index("step")["count"]["counted"] == n
    assert set(pd.read_parquet(tables / "demand_groups.parquet")["counted"]) == {n}
    assert set(prevalence["grouping"]) >= {"commune_size", "epci"}


def _people_by(table: pd.DataFrame, tables: Path, keys: list[str]) -> pd.Series:
    """Count by hand the people a run keeps who have an idea of ``table`` under ``keys``."""
    read = {
        name: pd.read_parquet(tables / f"{name}.parquet") for name in ("ideas", "remarks", "contributions")
    }
    kept = read["contributions"]
    kept = kept[
        (kept["department_code"] == "32")
        & kept["stakeholder"].isin(["élus", "habitants"])
        & kept["is_complete"]
    ]
    usable = read["remarks"].query("not is_noise").merge(kept[["contribution_id"]], on="contribution_id")
    said = table.merge(read["ideas"][["idea_id", "remark_id"]], on="idea_id").merge(usable, on="remark_id")
    return said.groupby(keys)["contribution_id"].nunique()


def _tones(tables: Path) -> pd.DataFrame:
    codes = pd.read_parquet(tables / "codes.parquet")
    tones = codes[codes["scheme"] == "tone"].rename(columns={"code": "tone"})[["idea_id", "tone"]]
    return codes[codes["scheme"].isin(["theme", "objective"])].merge(tones, on="idea_id")


@pytest.mark.parametrize(
    ("published", "said", "keys", "count"),
    [
        ("demand_groups", "demands", ["demand_id"], "respondents"),
        ("clusters", "subthemes", ["subtheme_id"], "respondents"),
        ("tones", _tones, ["scheme", "code", "tone"], "respondents"),
        ("prevalence", "codes", ["scheme", "code"], "mentions"),
    ],
)
def test_what_a_filter_keeps_is_a_group_whose_counts_are_moved(filtered, published, said, keys, count):
    tables = filtered / "data/processed/concertation"
    source = said(tables) if callable(said) else pd.read_parquet(tables / f"{said}.parquet")
    exact = _people_by(source, tables, keys)
    rows = pd.read_parquet(tables / f"{published}.parquet")
    if published == "prevalence":
        rows = rows[(rows["grouping"] == "all") & rows["is_shown"] & (rows["scheme"] != "subtheme")]
    told = rows[rows[count] > 2].set_index(keys)[count].astype(int)  # « 2 au plus » stands for three counts
    apart = (told - exact.reindex(told.index)).dropna()
    assert len(apart) > 5
    assert apart.abs().max() <= 3
    assert 0.4 < (apart != 0).mean() < 1  # the law leaves a count as it is one time in three


def test_ideas_of_some_respondents_are_not_counted(filtered):
    tables = filtered / "data/processed/concertation"
    for name in ("demand_groups", "clusters"):
        assert pd.read_parquet(tables / f"{name}.parquet")["ideas"].isna().all()
    assert "les idées ne sont pas comptées" in text_of(filtered / "reports/concertation/02_cluster.html")


def test_the_report_says_whom_it_is_about(filtered):
    page = text_of(filtered / "reports/concertation/index.html")
    assert f"Seulement : {ASKED}" in page
    assert "Ce rapport ne porte que sur les répondants" in page


def test_the_whole_run_and_the_filtered_one_publish_the_same_numbers(filtered, sample_run):
    """Random keys: a filter typed in the workshop and one given to psq run move a count alike."""
    ours = psq.open("concertation", out=str(sample_run)).shares(only=ASKED).set_index("code")["mentions"]
    theirs = pd.read_parquet(filtered / "data/processed/concertation/prevalence.parquet").query("grouping == 'all' and scheme == 'theme'").set_index("code")["mentions"]  # fmt: skip
    assert ours.to_dict() == theirs.to_dict()


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("only", "voix=élux", "Vouliez-vous dire « élus »"),
        ("only", "commune=Mirande; voix=gendarmes; population>100000", "laisse moins de 11 répondants"),
        ("groupings", "territorry", "Vouliez-vous dire « territory"),
    ],
)
def test_a_wrong_filter_or_grouping_stops_the_run_once_the_files_are_read(tmp_path, parameter, value, said):
    with notebooks_run_here():
        done = psq_here("run", "data/raw", "--out", tmp_path, "-p", parameter, value)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "reports").exists()


def test_plain_papermill_refuses_a_misspelt_parameter(project, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "notebooks/02_cluster.ipynb", str(tmp_path / "out.ipynb"), "-p", "sead", "7", "--no-progress-bar"],
        cwd=project, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "vouliez-vous dire « seed »" in done.stderr
