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
from unittest import mock

import lxml.html
import nbformat

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PSQ_SHARED", PROJECT.parent / "shared"))
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


def psq(*words: object, cwd: Path = PROJECT, pictures: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command as its user does, and return what it said.

    Pictures of the figures take Chromium and as long as a stage: they are drawn only for the tests that look at them.
    """
    path = os.environ["PATH"] if pictures else str(Path(sys.executable).parent)
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


def text_of(page: Path) -> str:
    """Return the words of a page, blanks run together, without its programs and styles."""
    root = lxml.html.parse(str(page)).getroot()
    for element in root.xpath("//script | //style"):
        element.drop_tree()
    return " ".join(root.text_content().split())


@contextlib.contextmanager
def notebooks_run_here() -> Iterator[None]:
    """Run notebooks in this process instead of in kernels; what stops one is told as papermill tells it.

    A kernel takes seconds to start and to import the project. Runs whose kernels are not what is asked about go without.
    """
    before = dict(os.environ)
    with mock.patch("papermill.execute_notebook", _execute_here):
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _execute_here(
    source: str, target: str, *, parameters: dict[str, object], **_: object
) -> nbformat.NotebookNode:
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415
    from papermill.parameterize import parameterize_notebook  # noqa: PLC0415

    notebook = parameterize_notebook(nbformat.read(source, as_version=4), parameters)
    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        with capture_output() as shown:
            done = shell.run_cell(cell.source, store_history=False)
        cell.execution_count = number + 1
        cell.outputs = [
            nbformat.v4.new_output("display_data", one.data, metadata=one.metadata or {})
            for one in shown.outputs
        ]
        if error := done.error_before_exec or done.error_in_exec:
            kind = type(error).__name__
            cell.outputs.append(
                nbformat.v4.new_output("error", ename=kind, evalue=str(error), traceback=[str(error)])
            )
            nbformat.write(notebook, target)
            raise PapermillExecutionError(number, number + 1, cell.source, kind, str(error), [str(error)])
    nbformat.write(notebook, target)
    return notebook
