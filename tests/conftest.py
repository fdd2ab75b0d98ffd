"""What every test may rely on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


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
