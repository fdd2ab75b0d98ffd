"""A run is repeatable, traceable, published whole or not at all, and the same whichever way it is started."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from psq_analysis import settings
from psq_analysis.errors import BadInput
from psq_analysis.report import traceability
from psq_analysis.runs import run as runs_run
from psq_analysis.settings import RunSettings
from psq_analysis.tables import schema
from support import hashes, notebooks_run_here, psq, psq_here

pytestmark = pytest.mark.slow
TABLES = sorted(schema.TABLES)


def test_a_run_writes_every_table_every_page_and_its_manifest(sample_run):
    processed, reports = sample_run / "data/processed/concertation", sample_run / "reports/concertation"
    assert sorted(path.stem for path in processed.glob("*.parquet")) == TABLES
    assert {path.name for path in reports.iterdir()} >= {
        "index.html", "01_clean.html", "02_cluster.html", "03_compare.html", "manifest.json",
        "01_clean.ipynb", "02_cluster.ipynb", "03_compare.ipynb", "04_report.ipynb",
    }  # fmt: skip


def test_the_manifest_traces_inputs_tables_parameters_and_versions(sample_run, project):
    manifest = json.loads((sample_run / "reports/concertation/manifest.json").read_text(encoding="utf-8"))
    listed = dict(
        line.split(maxsplit=1)[::-1] for line in (project / "data/raw/SAMPLE.sha256").read_text().splitlines()
    )
    assert {entry["file"]: entry["sha256"] for entry in manifest["inputs"]} == listed
    assert manifest["fictional"] is True
    assert manifest["tables"] == hashes(sample_run / "data/processed/concertation")
    assert set(manifest["seconds"]) == set(settings.STAGES.values())
    assert {"python", "pandas", "plotly", "papermill"} <= set(manifest["versions"])


def test_what_is_published_of_a_parameter_tells_nothing_of_the_machine(tmp_path):
    folder = tmp_path / "elodie" / "modele-fr"
    folder.mkdir(parents=True)
    run = runs_run.Run(settings=RunSettings(name="x"), project=tmp_path, out=tmp_path)
    given = {
        "inputs": [str(folder / "export.csv")],
        "human": str(folder / "codées.jsonl"),
        "sentence_model": str(folder),
        "title": "Police / gendarmerie",
        "codebook": "",
        "seed": 7,
    }
    assert run.publishable(given) == {
        "inputs": ["export.csv"],
        "human": "codées.jsonl",
        "sentence_model": "modele-fr",
        "title": "Police / gendarmerie",
        "codebook": "",
        "seed": 7,
    }
    assert run.publishable({"sentence_model": "organisation/modele-fr", "inputs": ["data/raw"]}) == {
        "sentence_model": "organisation/modele-fr",
        "inputs": ["data/raw"],
    }


def test_the_command_that_does_it_again_names_a_sentence_model_and_a_title_whole():
    trace = {
        "inputs": [{"file": "export.csv", "bytes": 9, "sha256": "0" * 64}],
        "parameters": {"title": "Police / gendarmerie", "sentence_model": "organisation/modele-fr"},
        "versions": {"python": "3.11"},
    }
    assert (
        "psq run export.csv -p title &#39;Police / gendarmerie&#39; -p sentence_model organisation/modele-fr"
        in traceability.versions(trace)
    )


def test_no_published_file_says_where_the_files_of_the_parameters_lay(project, tmp_path):
    folder = tmp_path / "elodie"
    folder.mkdir()
    typology = shutil.copy(project / "data/manual/typology.yml", folder / "canton.yml")
    raw = shutil.copy(project / "data/raw/SECURITE_DU_QUOTIDIEN.csv", folder / "export.csv")
    with notebooks_run_here():
        done = psq_here("run", raw, "-p", "typology", typology, "--out", tmp_path / "out", "--until", "clean")
    assert done.returncode == 0, done.stderr
    published = [path for path in (tmp_path / "out/reports/export").rglob("*") if path.is_file()]
    assert {"01_clean.ipynb", "01_clean.html", "manifest.json"} <= {path.name for path in published}
    assert [path.name for path in published if "elodie" in path.read_text(encoding="utf-8")] == []
    assert "canton.yml" in (tmp_path / "out/reports/export/01_clean.html").read_text(encoding="utf-8")


def test_the_ledger_accounts_for_every_row_of_every_file(sample_run):
    ledger = pd.read_parquet(sample_run / "data/processed/concertation/ledger.parquet")
    assert set(ledger["stage"]) >= {"read", "clean"}
    assert ledger["source_file"].nunique() == 5
    assert (ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"]).all()


def test_the_headline_figures_of_the_sample_are_those_published(sample_run):
    prevalence = pd.read_parquet(sample_run / "data/processed/concertation/prevalence.parquet")
    overall = prevalence[(prevalence["grouping"] == "all") & (prevalence["scheme"] == "theme")]
    assert set(overall["respondents"]) == {392}
    mentions = overall.set_index("code")["mentions"].drop("autre").sort_values(ascending=False)
    assert mentions.index[0] == "efficacite"
    assert set(mentions.index[:3]) == {"efficacite", "acces", "presence"}
    # coded by the program, which has not learnt from the sample (by hand: efficacite 242, partenaires 154, presence 137); a word more in the codebook moves a few
    assert mentions[["efficacite", "acces", "presence"]].sub([220, 145, 145]).abs().max() <= 5


def test_plain_papermill_gives_the_same_tables(sample_run, project, tmp_path):
    for notebook in settings.STAGES.values():
        subprocess.run(
            [sys.executable, "-m", "papermill", f"notebooks/{notebook}.ipynb", str(tmp_path / "out.ipynb"),
             "-p", "name", "concertation", "-p", "out", str(tmp_path), "--no-progress-bar"],
            cwd=project, check=True, capture_output=True,
        )  # fmt: skip
    assert hashes(tmp_path / "data/processed/concertation") == hashes(
        sample_run / "data/processed/concertation"
    )


ANSWERS = "id,commentaire\n1,Plus de rondes le soir\n2,Un accueil le samedi\n"


@pytest.fixture
def broken(project, tmp_path):
    """A copy of the project to break, with a small file of answers."""
    folder = tmp_path / "project"
    for part in ("notebooks", "data/manual"):
        shutil.copytree(project / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (folder / "avis.csv").write_text(ANSWERS, encoding="utf-8")
    return folder


def _insert(project, name: str, source: str, *, at: int) -> None:
    notebook = nbformat.read(project / f"notebooks/{name}.ipynb", as_version=4)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, project / f"notebooks/{name}.ipynb")


def _contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_stage_that_fails_leaves_the_previous_report_untouched(broken, tmp_path):
    out = tmp_path / "out"
    with notebooks_run_here():
        assert psq_here("run", "avis.csv", "--until", "clean", "--out", out, cwd=broken).returncode == 0
        before = _contents(out)
        (broken / "avis.csv").write_text(ANSWERS + "3,Des caméras\n", encoding="utf-8")
        _insert(broken, "02_cluster", "1 / 0", at=4)
        done = psq_here("run", "avis.csv", "--out", out, cwd=broken)
    assert done.returncode == 3
    assert "02_cluster" in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "reports/avis.echec/02_cluster.ipynb").is_file()
    assert {path: content for path, content in _contents(out).items() if ".echec/" not in path} == before
    assert not list(out.glob(".psq-*"))


def test_a_notebook_that_leaves_early_is_a_failure(broken, tmp_path):
    _insert(broken, "01_clean", "import sys; sys.exit(0)", at=2)
    done = psq("run", "avis.csv", "--out", tmp_path / "out", cwd=broken)
    assert done.returncode == 3
    assert not (tmp_path / "out/reports/avis").exists()


def test_the_sample_steps_aside_for_the_analysts_own_files(project, tmp_path):
    folder = tmp_path / "raw"
    shutil.copytree(project / "data/raw", folder)
    own = folder / "mes réponses.csv"
    own.write_text("id,commentaire\n1,Plus de rondes le soir\n", encoding="utf-8")
    run = runs_run.open_run(inputs=[str(folder)])
    assert run.input_files == [own]


@pytest.mark.parametrize("damage", [b"", b"PAR1 this is no parquet file PAR1"], ids=["empty", "garbled"])
def test_a_damaged_table_says_to_run_the_chain_again(tmp_path, damage):
    run = runs_run.Run(settings=RunSettings(name="x"), project=tmp_path, out=tmp_path)
    run.processed.mkdir(parents=True)
    (run.processed / "ideas.parquet").write_bytes(damage)
    with pytest.raises(BadInput, match=r"« ideas » endommagée .* relancez la chaîne"):
        run.read("ideas")
