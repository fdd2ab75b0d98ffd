"""What every test may rely on: the runs several tests look at, made once, and how they share the cores."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from _pytest.nodeid import coerce_node_id
from hypothesis import settings

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.disclosure import cell_keys
from support import CHROMIUM, CHROMIUM_FLAGS, PROJECT, SHARED, notebooks_run_here, psq, psq_here

# `make check` draws fewer examples of each property; `make test` draws them all
settings.register_profile("check", max_examples=20, deadline=None)
# Fixtures that take tens of seconds, the longest first: all tests of one stay on one core, which makes it once. A test that
# asks for one of them, or for a browser, is slow by that alone.
RUNS = ("sample_run", "hostile_run", "taxes_run", "incivilities_run")
BROWSERS = ("browser", "lab")
# Rooms that load a model for four seconds: all their tests and examples stay on one core, which loads it once.
MODELS = ("demands",)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Group the tests by the run they look at, or by file; runs come first, so that no core waits for the last of them."""
    order = {name: rank for rank, name in enumerate(RUNS)}
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        asked |= set(map(str, getattr(getattr(item, "callspec", None), "params", {}).values()))
        run = min(asked & set(RUNS), key=order.__getitem__, default=None)
        if run or asked & set(BROWSERS):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("xdist_group") is None:
            room = next((part for part in item.path.parts if part in MODELS), None)
            item.add_marker(pytest.mark.xdist_group(run or room or str(item.path.relative_to(PROJECT))))
    items.sort(key=lambda item: order.get(item.get_closest_marker("xdist_group").args[0], len(order)))
    if getattr(config.option, "loadgroup", False):
        for item in items:
            # pytest-xdist 3.8 writes the group where pytest 9.2 no longer reads it: tests went to any core, which made each run anew
            item._id = coerce_node_id(f"{item.nodeid}@{item.get_closest_marker('xdist_group').args[0]}")


@pytest.fixture
def exact_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of groups stay as they are, so that a hand count may be compared with what is said of them."""
    monkeypatch.setattr(cell_keys, "moved", lambda counts, sizes, draws: counts)


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout under test."""
    return PROJECT


@pytest.fixture(scope="session")
def codebook(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """The grid alone: remarks coded under it, where it names some, would be learnt again in every test."""
    lines = (project / "data/manual/codebook.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    alone = tmp_path_factory.mktemp("grille") / "codebook.yml"
    alone.write_text(
        "".join(line for line in lines if not line.startswith(("coded_examples:", "written_from:"))),
        encoding="utf-8",
    )
    return load_codebook(alone)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data kept beside the project; where it is absent, the tests that need it are skipped."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real data is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample, run once with its pictures; the folder it was written under, never to be written to again."""
    out = tmp_path_factory.mktemp("échantillon et accents")
    done = psq("run", "data/raw", "--out", out, pictures=True)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def incivilities_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4,000 of 26,498 real answers, always the same, none with a place or a voice, run once; the folder it was written under."""
    folder = tmp_path_factory.mktemp("incivilités")
    rows = pd.read_csv(shared / "data/grand_debat_incivilites.csv", dtype=str, keep_default_na=False)
    part = folder / "grand_debat_incivilites.csv"
    rows.sample(4000, random_state=20171120).sort_index().to_csv(part, index=False)
    with notebooks_run_here():
        done = psq_here("run", part, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def taxes_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of docs/case-study.md: one question, a codebook of 23 themes and no objective, answers from all over France."""
    out = tmp_path_factory.mktemp("impôts")
    with notebooks_run_here():
        done = psq_here(
            "run", shared / "data/grande_annotation_dev.csv", "-p", "name", "impots", "-p", "mapping",
            PROJECT / "data/manual/questions_impots.yml", "-p", "codebook", PROJECT / "data/manual/codebook_impots.yml",
            "-p", "territories", shared / "data/territoire_communes_2024.csv", "--out", out,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium driven by Playwright; where it is not installed, the tests that need it are skipped."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Lab:
    """A JupyterLab on a copy of the project, driven in Chromium."""

    folder: Path
    url: str
    browser: object
    pages: list = field(default_factory=list)

    def open(self, notebook: nbformat.NotebookNode, name: str):
        """Write a notebook beside those of the project and open it; the page keeps the dialogs it was asked to show."""
        nbformat.write(notebook, self.folder / "notebooks" / name)
        page = self.browser.new_page(viewport={"width": 1280, "height": 1000})
        page.dialogs = []
        page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(self.url)
        page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')", timeout=120_000)
        page.evaluate("window.jupyterapp.restored.then(() => true)")
        page.evaluate(
            "path => window.jupyterapp.commands.execute('docmanager:open', { path })", f"notebooks/{name}"
        )
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        self.pages.append(page)
        return page


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab as `make lab` starts it, on a copy of the notebooks and of the sample; offline, on this machine only."""
    folder = tmp_path_factory.mktemp("projet")
    for part in ("notebooks", "data/manual", "data/raw"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"ServerApp": {"token": "essai", "open_browser": False, "allow_root": True, "root_dir": str(folder)},
                "LabApp": {"expose_app_in_browser": True, "news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"}}  # fmt: skip
    home = tmp_path_factory.mktemp("jupyter")
    (home / "jupyter_lab_config.json").write_text(json.dumps(settings), encoding="utf-8")
    places = {"JUPYTER_CONFIG_DIR": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", f"--port={port}", "--no-browser"],
            cwd=folder, env=os.environ | places, stdout=log, stderr=log,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}/lab?token=essai&reset"
    try:
        _wait_for(url, (home / "log"))
        opened = Lab(folder, url, browser)
        yield opened
        for page in opened.pages:
            page.close()
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str, log: Path) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text(encoding="utf-8")[-2000:])
