"""The chain: the notebooks executed one after the other, and published all together or not at all.

Each run is executed with papermill in a folder of its own; what was there before stands until every notebook succeeded and the
publication gate found nothing.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psq_analysis import progress
from psq_analysis.errors import BadInput, is_bad_input
from psq_analysis.runs.run import OUT_VARIABLE, PATH_SETTINGS, Run, RunError, run_of
from psq_analysis.settings import STAGES, RunSettings

if TYPE_CHECKING:
    from psq_analysis.runs.interpreter import Interpreter


class StageError(Exception):
    """A notebook stopped on an error of the program (exit code 3); names the kept notebook."""


class HeldBack(Exception):
    """The gate found something in the reports (exit code 1); the message lists file, place and kind, never the content."""


def run_chain(
    settings: RunSettings,
    *,
    until: str = "report",
    pdf: bool = False,
    docx: bool = False,
    archive: bool = False,
) -> Path:
    """Execute the chain up to the stage ``until`` and publish it; return the path of what to open.

    ``pdf`` prints the report and its first screen too, ``docx`` writes the note for the office, ``archive`` puts the whole folder of reports in one ZIP beside its pages.

    Nothing under ``data/processed/RUN`` or ``reports/RUN`` changes unless every notebook succeeded and the publication gate
    found nothing. Raises :class:`BadInput` for what the analyst can mend, :class:`StageError` for what they cannot; for the
    latter the executed notebook up to the error is kept beside the reports. Raises :class:`HeldBack` for what the gate found;
    the reports are then kept in ``reports/RUN.retenu``.
    """
    final = run_of(settings)
    _check_inputs(final)
    final.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".psq-", dir=final.out) as folder:
        run = Run(settings=settings, project=final.project, out=Path(folder))
        run.reports.mkdir(parents=True)
        stages = list(STAGES)[: list(STAGES).index(until) + 1]
        steps = progress.Steps([*stages, "publish"])
        timings = _execute_stages(stages, run, final, steps)
        # takes seconds to import: done beside the notebooks, see _get_ready
        from psq_analysis.gate import verify  # noqa: PLC0415
        from psq_analysis.runs import publish  # noqa: PLC0415

        with steps.one("publish"):
            publish.write_reports(run, timings, whole=until == "report", pdf=pdf, docx=docx, archive=archive)
            findings = verify.verify([run.reports], min_cell=settings.min_cell)
        if findings:
            raise HeldBack(publish.hold_back(run, final, findings))
        publish.swap(run.processed, final.processed)
        publish.swap(run.reports, final.reports)
        shutil.rmtree(publish.held_folder(final), ignore_errors=True)
    return final.reports / ("index.html" if until == "report" else f"{STAGES[until]}.html")


def _execute_stages(stages: list[str], run: Run, final: Run, steps: progress.Steps) -> dict[str, float]:
    """Execute the notebooks of the stages one after the other; return the seconds each took."""
    from psq_analysis.runs.interpreter import Interpreter  # noqa: PLC0415

    timings = {}
    with Interpreter({OUT_VARIABLE: str(run.out)}) as interpreter, ThreadPoolExecutor(1) as beside:
        for stage in stages:
            started = time.monotonic()
            _execute(STAGES[stage], run, final, interpreter, bar=steps.bar(stage))
            timings[STAGES[stage]] = round(time.monotonic() - started, 2)
            if len(timings) == 1:
                beside.submit(_get_ready)
                if run.settings.only or run.settings.groupings:
                    run.check_choices()
            if stage == "compare" and "report" in stages:
                beside.submit(_draw, run)
    return timings


def _draw(run: Run) -> None:
    """Draw the figures of the comparisons while the report is written."""
    from psq_analysis.runs import publish  # noqa: PLC0415

    publish.draw_pictures(run)


def _get_ready() -> None:
    """Load what publishing needs while the next notebook runs: libraries, and the words the gate reads by."""
    from psq_analysis.gate import verify  # noqa: PLC0415
    from psq_analysis.privacy import published_text  # noqa: PLC0415
    from psq_analysis.runs import publish  # noqa: F401, PLC0415

    published_text.scan_text(verify.MANIFEST)


def _check_inputs(run: Run) -> None:
    """Fail before a kernel starts on whatever can be seen from outside the files."""
    for file in run.input_files:
        if file.stat().st_size == 0:
            raise RunError(f"Fichier vide : {file.name}. Exportez-le de nouveau, il ne contient aucun octet.")
    named = {setting: run.optional_file(setting) for setting in PATH_SETTINGS}
    if populations := named["weights"]:
        from psq_analysis.places import margins  # noqa: PLC0415

        margins.read_margins(populations)
    if run.sentence_model:
        from psq_analysis.text import sentence_models  # noqa: PLC0415

        sentence_models.sentence_encoder(run.sentence_model)


def _execute(notebook: str, run: Run, final: Run, interpreter: Interpreter, *, bar: dict[str, Any]) -> None:
    # papermill takes half a second to import, while the interpreter starts
    import papermill  # noqa: PLC0415
    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    source = run.project / "notebooks" / f"{notebook}.ipynb"
    executed = run.reports / f"{notebook}.ipynb"
    wanted = papermill.inspect_notebook(str(source))
    given = {
        key: value
        for key, value in run.settings.model_dump(mode="json").items()
        if key in wanted and key != "out"
    }
    try:
        notebook_node = interpreter.execute(source, executed, given, bar=bar)
    except PapermillExecutionError as error:
        if is_bad_input(error.ename):
            raise BadInput(error.evalue) from None
        raise StageError(_keep_failed(executed, final, error.ename)) from None
    except DeadKernelError:
        raise StageError(
            _keep_failed(executed, final, "interpréteur arrêté, souvent faute de mémoire")
        ) from None
    if any(
        cell.cell_type == "code" and cell.source and cell.execution_count is None
        for cell in notebook_node.cells
    ):
        raise StageError(_keep_failed(executed, final, "cellules non exécutées"))


def _keep_failed(executed: Path, final: Run, kind: str) -> str:
    import nbformat  # noqa: PLC0415

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
