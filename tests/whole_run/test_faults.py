"""Whatever stops a run, nothing half-written stands under a final name, and the next run ends as an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from filelock import FileLock

from support import WITHOUT_CHROMIUM, hashes, psq

pytestmark = pytest.mark.slow
ANSWERS = """Commune;Vous êtes;Que faut-il changer ?
Auch;Habitant;Plus de patrouilles à pied le soir dans le centre.
Condom;Commerçant;Éclairer le parking derrière les halles, on n'y voit rien.
Mirande;Élu;Un interlocuteur unique pour les maires.
Lectoure;Habitante;La brigade est fermée quand on en a besoin.
Eauze;Habitant;Des contrôles de vitesse devant l'école.
Fleurance;Habitante;Rappeler les victimes après un dépôt de plainte.
"""
PATIENCE = 120  # seconds for a stage that a busy machine runs


@pytest.fixture
def broken(project, tmp_path) -> Path:
    """A copy of the project whose notebooks and files may be broken."""
    folder = tmp_path / "project"
    for part in ("notebooks", "data/manual"):
        shutil.copytree(project / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (folder / "avis.csv").write_text(ANSWERS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(project, tmp_path_factory) -> dict[str, str]:
    """The hashes of the tables of a run that nothing disturbs, up to the ideas."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "avis.csv").write_text(ANSWERS, encoding="utf-8")
    done = psq("run", folder / "avis.csv", "--until", "clean", "--out", folder, cwd=project)
    assert done.returncode == 0, done.stderr
    return hashes(folder / "data/processed/avis")


def _insert(project: Path, name: str, source: str, *, at: int) -> None:
    notebook = nbformat.read(project / f"notebooks/{name}.ipynb", as_version=4)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, project / f"notebooks/{name}.ipynb")


def _run(project: Path, *words: object, **variables: str):
    """Run the command, in another environment when variables are given."""
    if not variables:
        return psq("run", "avis.csv", "--until", "clean", "--out", project / "out", *words, cwd=project)
    return subprocess.run(
        [sys.executable, "-m", "psq_analysis", "run", "avis.csv", "--until", "clean", "--out", project / "out", *words],
        cwd=project, env=os.environ | {"PATH": WITHOUT_CHROMIUM} | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _tables(project: Path) -> dict[str, str]:
    return hashes(project / "out/data/processed/avis")


def _nothing_stands(project: Path) -> bool:
    out = project / "out"
    return (
        not (out / "data/processed/avis").exists()
        and not (out / "reports/avis").exists()
        and not list(out.glob(".psq-*"))
    )


def test_a_second_run_takes_again_what_did_not_change_and_makes_anew_what_did(broken, undisturbed):
    assert _run(broken).returncode == 0
    assert _tables(broken) == undisturbed
    assert "rien n'a changé" in _run(broken).stderr
    damaged = broken / "out/data/processed/avis/ideas.parquet"
    damaged.write_bytes(damaged.read_bytes()[:100])
    assert "rien n'a changé" not in _run(broken).stderr
    assert _tables(broken) == undisturbed
    assert "rien n'a changé" not in _run(broken, "-p", "min_cell", "20").stderr


def test_a_run_killed_in_its_second_stage_goes_on_from_the_first(broken, undisturbed):
    _insert(broken, "02_cluster", "import time; time.sleep(600)", at=4)
    record = broken / "out/.psq-avis/data/processed/avis/stages.json"
    running = subprocess.Popen(
        [sys.executable, "-m", "psq_analysis", "run", "avis.csv", "--until", "cluster", "--out", broken / "out"],
        cwd=broken, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    limit = time.monotonic() + PATIENCE
    while not (record.is_file() and '"clean"' in record.read_text(encoding="utf-8")):
        assert time.monotonic() < limit, "the first stage does not end"
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not (broken / "out/reports/avis").exists()
    done = _run(broken)
    assert done.returncode == 0, done.stderr
    assert "rien n'a changé" in done.stderr
    assert _tables(broken) == undisturbed
    assert not list((broken / "out").glob(".psq-*"))


@pytest.mark.parametrize(
    ("cell", "words", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", (), "interpréteur arrêté"),
        ("while True: pass", ("--cell-timeout", "5"), "n'a pas fini en 5"),
        ("held = bytearray(6 * 2**30)", ("--memory", "3"), "mémoire insuffisante"),
        ("raise ValueError('06 39 98 00 00')", (), "ValueError"),
    ],
)
def test_a_cell_that_kills_loops_swells_or_raises_is_a_failure_and_the_notebook_so_far_is_kept(
    broken, cell, words, said
):
    _insert(broken, "01_clean", cell, at=4)
    done = _run(broken, *words)
    assert done.returncode == 3
    assert said in done.stderr
    assert "06 39 98" not in done.stderr
    assert "Traceback" not in done.stderr
    assert (broken / "out/reports/avis.echec/01_clean.ipynb").is_file()
    assert _nothing_stands(broken)


def test_of_two_runs_at_once_the_second_says_so_and_a_lock_of_the_dead_holds_nothing(broken):
    (broken / "out").mkdir()
    lock = broken / "out/.psq-avis.lock"
    with FileLock(lock):
        second = _run(broken)
    assert second.returncode == 2
    assert "déjà en cours" in second.stderr
    lock.touch()
    assert _run(broken).returncode == 0
    assert not lock.exists()


def test_an_exchange_cut_between_its_two_renames_is_put_right(broken):
    assert _run(broken).returncode == 0
    before = _tables(broken)
    reports, work = broken / "out/reports/avis", broken / "out/.psq-avis/reports"
    work.mkdir(parents=True)
    reports.rename(work / "avis.old")
    _insert(broken, "01_clean", "1 / 0", at=4)
    assert _run(broken).returncode == 3
    assert (reports / "01_clean.html").is_file()
    assert _tables(broken) == before


def test_a_file_that_changes_while_it_is_read_stops_the_publication(broken):
    _insert(
        broken, "01_clean", "run.input_files[0].open('a').write('Auch;Habitant;Encore un avis.\\n')", at=6
    )
    done = _run(broken)
    assert done.returncode == 2
    assert "a changé pendant l'analyse" in done.stderr
    assert _nothing_stands(broken)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_said_and_leaves_what_was_there(broken):
    disk = broken / "out"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine mounts no small disk")
    try:
        done = _run(broken)
        assert done.returncode == 3
        assert "Traceback" not in done.stderr
        assert not (disk / "reports/avis").exists()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_tables_hold_the_same_rows_whatever_the_order_of_the_file_the_locale_the_clock_and_the_hash_seed(
    broken,
):
    assert _run(broken).returncode == 0
    before = {table: _rows(broken, table) for table in ("remarks", "ideas", "answers")}
    header, *rows = ANSWERS.splitlines()
    (broken / "avis.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    done = _run(broken, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7", OMP_NUM_THREADS="1")
    assert done.returncode == 0, done.stderr
    assert {table: _rows(broken, table) for table in before} == before


def _rows(project: Path, table: str) -> list[str]:
    """The rows of a table, in an order of their own; the number of a row in its file is that of the file."""
    frame = pd.read_parquet(project / f"out/data/processed/avis/{table}.parquet")
    return sorted(
        frame.drop(columns="source_row", errors="ignore").astype("string").fillna("").agg("|".join, axis=1)
    )


def test_a_manifest_proves_a_rerun_identical_or_names_the_table_that_differs(broken):
    assert _run(broken).returncode == 0
    manifest = broken / "manifest.json"
    shutil.copy(broken / "out/reports/avis/manifest.json", manifest)
    assert _run(broken, "--check", manifest).returncode == 0
    (broken / "avis.csv").write_text(ANSWERS + "Auch;Habitant;Un avis de plus.\n", encoding="utf-8")
    done = _run(broken, "--check", manifest)
    assert done.returncode == 1
    assert "Table « contributions »" in done.stderr or "Table « answers »" in done.stderr
