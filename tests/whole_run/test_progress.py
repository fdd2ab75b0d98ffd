"""Who waits sees how far the run has come; what is written never holds it."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import termios

import nbformat
import pytest

from support import PROJECT, psq

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    path = tmp_path_factory.mktemp("avis") / "avis.csv"
    path.write_text("id,commentaire\n1,Plus de rondes le soir\n2,Un accueil le samedi\n", encoding="utf-8")
    return path


def _in_a_terminal(*words: object) -> str:
    """What a command tells a person who runs it in a terminal, beside its result."""
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 100))
    with subprocess.Popen(
        [sys.executable, "-m", "psq_analysis", *map(str, words)],
        cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=end,
    ):  # fmt: skip
        os.close(end)
        said = b""
        with contextlib.suppress(OSError):  # what a terminal answers once nobody writes to it
            while piece := os.read(terminal, 1024):
                said += piece
    os.close(terminal)
    return said.decode()


def test_a_terminal_shows_each_stage_by_name_with_its_time(answers, tmp_path):
    shown = _in_a_terminal("run", answers, "--until", "clean", "--out", tmp_path)
    assert "1/2 Lecture, masquage et découpage : 100 %" in shown
    assert "2/2 Figures, tables et contrôle avant publication : 100 %" in shown


def test_a_log_has_a_line_a_stage_and_nothing_of_it_is_written_in_the_notebook(answers, tmp_path):
    done = psq("run", answers, "--until", "clean", "--out", tmp_path)
    assert done.returncode == 0
    stages = [re.sub(r"\d+ s\)", "… s)", line) for line in done.stderr.splitlines()]
    assert stages == [
        "1/2 Lecture, masquage et découpage… (… s)",
        "2/2 Figures, tables et contrôle avant publication… (… s)",
    ]
    executed = nbformat.read(tmp_path / "reports/avis/01_clean.ipynb", as_version=4)
    streams = [
        one for cell in executed.cells for one in cell.get("outputs", []) if one.output_type == "stream"
    ]
    assert streams == []
