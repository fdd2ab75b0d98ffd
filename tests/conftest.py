"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
def browser() -> Iterator[object]:
    """Debian's Chromium driven by Playwright; where it is not installed, the tests that need it are skipped."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
