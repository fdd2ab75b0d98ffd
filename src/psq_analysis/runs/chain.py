"""The chain: the notebooks executed one after the other, and published all together or not at all.

Each run is executed with papermill in a folder of its own; what was there before stands until every notebook succeeded and the
publication gate found nothing.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

import psq_analysis
from psq_analysis import progress
from psq_analysis.errors import BadInput
from psq_analysis.gate import verify
from psq_analysis.places import margins
from psq_analysis.runs.publish import HeldBack, held_folder, hold_back, swap, write_reports
from psq_analysis.runs.run import OUT_VARIABLE, PATH_SETTINGS, Run, RunError, open_run
from psq_analysis.settings import STAGES, RunSettings
from psq_analysis.text import sentence_models


class StageError(Exception):
    """A notebook stopped on an error of the program (exit code 3); names the kept notebook."""


def run_chain(
    settings: RunSettings, *, until: str = "report", pdf: bool = False, archive: bool = False
) -> Path:
    """Execute the chain up to the stage ``until`` and publish it; return the path of what to open.

    ``pdf`` prints the report too, ``archive`` puts the whole folder of reports in one ZIP beside its pages.

    Nothing under ``data/processed/RUN`` or ``reports/RUN`` changes unless every notebook succeeded and the publication gate
    found nothing. Raises :class:`BadInput` for what the analyst can mend, :class:`StageError` for what they cannot; for the
    latter the executed notebook up to the error is kept beside the reports. Raises :class:`HeldBack` for what the gate found;
    the reports are then kept in ``reports/RUN.retenu``.
    """
    final = open_run(**settings.model_dump())
    _check_inputs(final)
    final.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".psq-", dir=final.out) as folder:
        run = Run(settings=settings, project=final.project, out=Path(folder))
        run.reports.mkdir(parents=True)
        timings = {}
        stages = list(STAGES)[: list(STAGES).index(until) + 1]
        steps = [*stages, "publish"]
        for stage in stages:
            started = time.monotonic()
            bar = progress.of_stage(stage, steps)
            _execute(STAGES[stage], run, final, bar=bar)
            timings[STAGES[stage]] = round(time.monotonic() - started, 2)
        with progress.one_step("publish", steps):
            write_reports(run, timings, whole=until == "report", pdf=pdf, archive=archive)
            findings = verify.verify([run.reports], min_cell=settings.min_cell)
        if findings:
            raise HeldBack(hold_back(run, final, findings))
        swap(run.processed, final.processed)
        swap(run.reports, final.reports)
        shutil.rmtree(held_folder(final), ignore_errors=True)
    return final.reports / ("index.html" if until == "report" else f"{STAGES[until]}.html")


def _check_inputs(run: Run) -> None:
    """Fail before a kernel starts on whatever can be seen from outside the files."""
    for file in run.input_files:
        if file.stat().st_size == 0:
            raise RunError(f"Fichier vide : {file.name}. Exportez-le de nouveau, il ne contient aucun octet.")
    named = {setting: run.optional_file(setting) for setting in PATH_SETTINGS}
    if populations := named["weights"]:
        margins.read_margins(populations)
    if run.sentence_model:
        sentence_models.sentence_encoder(run.sentence_model)


def _execute(notebook: str, run: Run, final: Run, *, bar: dict[str, Any]) -> None:
    # papermill takes seconds to import; commands that run no notebook do not pay for it
    import papermill  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from psq_analysis.runs.kernels import QuietKernel  # noqa: PLC0415

    source = run.project / "notebooks" / f"{notebook}.ipynb"
    executed = run.reports / f"{notebook}.ipynb"
    wanted = papermill.inspect_notebook(str(source))
    given = {
        key: value
        for key, value in run.settings.model_dump(mode="json").items()
        if key in wanted and key != "out"
    }
    os.environ[OUT_VARIABLE] = str(run.out)
    os.environ[progress.UNWATCHED] = "1"
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    try:
        # a kernel listens on a socket file, not on a port of the machine; in a folder of its own: two runs started from one place would answer on each other's socket
        with tempfile.TemporaryDirectory(prefix="psq-") as sockets:
            notebook_node = papermill.execute_notebook(
                str(source),
                str(executed),
                parameters=given,
                kernel_name="python3",
                progress_bar=bar,
                kernel_manager_class=QuietKernel,
                config=Config({"KernelManager": {"transport": "ipc", "ip": str(Path(sockets) / "kernel")}}),
            )
    except PapermillExecutionError as error:
        if _is_bad_input(error.ename):
            raise BadInput(error.evalue) from None
        raise StageError(_keep_failed(executed, final, error.ename)) from None
    if any(
        cell.cell_type == "code" and cell.source and cell.execution_count is None
        for cell in notebook_node.cells
    ):
        raise StageError(_keep_failed(executed, final, "cellules non exécutées"))


def _is_bad_input(name: str) -> bool:
    """Tell whether an exception that crossed the kernel by name alone is one the analyst can mend."""
    for module in pkgutil.walk_packages(psq_analysis.__path__, "psq_analysis."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = [BadInput]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return name in {kind.__name__ for kind in kinds}


def _keep_failed(executed: Path, final: Run, kind: str) -> str:
    kept = final.reports.with_name(f"{final.settings.name}.echec")
    kept.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(executed, as_version=4)
    for output in [output for cell in notebook.cells for output in cell.get("outputs", [])]:
        if output.output_type == "error":
            # a message may quote a remark; the frames show code alone
            output.traceback = [frame for frame in output.traceback if output.evalue not in frame]
            output.evalue = ""
    nbformat.write(notebook, kept / executed.name)
    return (
        f"Le carnet {executed.stem} s'est arrêté sur une erreur ({kind}) ; il est conservé jusqu'à l'erreur dans "
        f"{kept / executed.name}. Les résultats précédents sont intacts."
    )
