"""What tests of several rooms share: where things lie, the command as its user types it, what a folder or a page holds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import lxml.html
import nbformat

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PSQ_SHARED", PROJECT.parent / "shared"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHOUT_CHROMIUM = str(Path(sys.executable).parent)  # a search path on which no picture can be drawn
# as root, Chromium needs no sandbox; the others stop it from looking for its maker's hosts
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def psq(*words: object, cwd: Path = PROJECT, pictures: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command as its user does, and return what it said.

    Pictures of the figures take Chromium and as long as a stage: they are drawn only for the tests that look at them.
    """
    path = os.environ["PATH"] if pictures else WITHOUT_CHROMIUM
    return subprocess.run(
        [sys.executable, "-m", "psq_analysis", *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def psq_here(*words: object, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run the command in this process: for calls that end before a notebook starts, without the imports of a new process."""
    from psq_analysis.cli import main  # noqa: PLC0415

    said, complained = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
        mock.patch.object(sys, "argv", ["psq", *map(str, words)]),
    ):
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(list(words), code, said.getvalue(), complained.getvalue())


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each table of a folder, by name."""
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.parquet")}


def text_of(page: Path, *, as_written: bool = False) -> str:
    """Return the words of a page, without its programs and styles; blanks run together unless they are ``as_written``."""
    root = lxml.html.parse(str(page)).getroot()
    for element in root.xpath("//script | //style"):
        element.drop_tree()
    text = root.text_content()
    return text if as_written else " ".join(text.split())


@contextlib.contextmanager
def notebooks_run_here() -> Iterator[None]:
    """Let papermill run the cells of notebooks in this process instead of in kernels.

    A kernel takes seconds to start and to import the project. Parameters, outputs, errors and files stay papermill's own: for
    runs whose kernels are not what is asked about.
    """
    with (
        _figures_as_in_a_kernel(),
        mock.patch.dict(os.environ, PATH=WITHOUT_CHROMIUM),
        mock.patch("papermill.engines.NBClientEngine.execute_managed_notebook", _run_cells),
        mock.patch("psq_analysis.runs.interpreter.QuietKernel.start_kernel"),
        mock.patch("psq_analysis.runs.interpreter.QuietKernel.shutdown_kernel"),
        mock.patch("psq_analysis.runs.interpreter.Interpreter._say"),
    ):
        yield


@contextlib.contextmanager
def _figures_as_in_a_kernel() -> Iterator[None]:
    from plotly.io import renderers  # noqa: PLC0415

    before, renderers.default = renderers.default, "plotly_mimetype"
    yield
    renderers.default = before


def _run_cells(manager: Any, *_: object, **__: object) -> None:
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    for index, cell in enumerate(manager.nb.cells):
        manager.cell_start(cell, index)
        if cell.cell_type == "code":
            with capture_output() as shown:
                done = shell.run_cell(cell.source, store_history=False)
            cell.execution_count = index + 1
            given = [(one.data, one.metadata or {}) for one in shown.outputs]
            given += [] if done.result is None else [shell.display_formatter.format(done.result)]
            cell.outputs = [
                nbformat.v4.new_output("display_data", data, metadata=about) for data, about in given
            ]
            if error := done.error_before_exec or done.error_in_exec:
                kind = type(error).__name__
                cell.outputs.append(
                    nbformat.v4.new_output("error", ename=kind, evalue=str(error), traceback=[str(error)])
                )
                manager.cell_exception(cell, cell_index=index, exception=error)
                break
        manager.cell_complete(cell, cell_index=index)
