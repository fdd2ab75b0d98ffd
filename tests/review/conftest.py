"""A finished run in a project of its own, so that what readers find goes nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from small_runs import write_small_run
from support import PROJECT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with its notebooks and its codebook, and the run « petite » of a hundred people, each with one remark."""
    folder = tmp_path / "projet"
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks")
    shutil.copytree(PROJECT / "data/manual", folder / "data/manual")
    write_small_run(folder)
    return folder
