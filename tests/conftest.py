"""What every test may rely on."""

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
import pytest

PROJECT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# as root, Chromium needs no sandbox; the others stop it from looking for its maker's hosts
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout under test."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data kept beside the project; where it is absent, the tests that need it are skipped."""
    folder = Path(os.environ.get("PSQ_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the folder of real data is not beside the project")
    return folder


def psq(*words: object, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run the command as its user does, and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "psq_analysis", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample, run once for all the tests that look at its results; the folder it was written under."""
    out = tmp_path_factory.mktemp("échantillon et accents")
    done = psq("run", "data/raw", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def incivilities_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """26,498 real answers, none with a place or a voice, run once; the folder it was written under."""
    out = tmp_path_factory.mktemp("incivilités")
    done = psq("run", shared / "data/grand_debat_incivilites.csv", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def taxes_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real answers about taxes from all over France, read with a grid of twenty themes and no objective; the folder it was written under."""
    out = tmp_path_factory.mktemp("impôts")
    done = psq(
        "run", shared / "data/grande_annotation_dev.csv", "-p", "codebook", PROJECT / "data/manual/codebook_impots.yml",
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
