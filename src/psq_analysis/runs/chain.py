"""The chain: the notebooks executed one after the other, and published all together or not at all.

Each run is executed with papermill in a folder of its own; what was there before stands until every notebook succeeded and the
publication gate found nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psq_analysis import french, progress
from psq_analysis.errors import BadInput, is_bad_input
from psq_analysis.runs import folders, stages
from psq_analysis.runs.run import OUT_VARIABLE, PATH_SETTINGS, Run, RunError, run_of, sha256
from psq_analysis.settings import STAGES, RunSettings

if TYPE_CHECKING:
    from psq_analysis.runs.interpreter import Interpreter


class StageError(Exception):
    """A notebook stopped on an error of the program (exit code 3); names the kept notebook."""


class HeldBack(Exception):
    """The gate found something in the reports (exit code 1); the message lists file, place and kind, never the content."""


@dataclass(frozen=True)
class Limits:
    """What a run may take: seconds for one cell, bytes of memory for the interpreter; None: no limit."""

    cell_seconds: int | None = None
    memory: int | None = None


def run_chain(
    settings: RunSettings,
    *,
    until: str = "report",
    pdf: bool = False,
    docx: bool = False,
    archive: bool = False,
    limits: Limits | None = None,
    base: Run | None = None,
) -> Path:
    """Execute the chain up to the stage ``until`` and publish it; return the path of what to open.

    ``pdf`` prints the report and its first screen too, ``docx`` writes the note for the office, ``archive`` puts the whole folder of reports in one ZIP beside
    its pages. A stage whose result an earlier run left, from the same things, is not executed again (:mod:`psq_analysis.runs.stages`).
    ``base``: the published analysis this one is a part of; what is the same in both (reading, masking, coding) is taken from it.

    Nothing under ``data/processed/RUN`` or ``reports/RUN`` changes unless every notebook succeeded and the publication gate
    found nothing. Raises :class:`BadInput` for what the analyst can mend, :class:`StageError` for what they cannot; for the
    latter the executed notebook up to the error is kept beside the reports. Raises :class:`HeldBack` for what the gate found;
    the reports are then kept in ``reports/RUN.retenu``.
    """
    final = run_of(settings)
    _check_inputs(final)
    wanted = list(STAGES)[: list(STAGES).index(until) + 1]
    parameters = {stage: _parameters(final, stage) for stage in STAGES}
    prints = stages.fingerprints(final, parameters)
    publication = f"{prints[until]} {until} {pdf} {docx} {archive}"
    opened = final.reports / ("index.html" if until == "report" else f"{STAGES[until]}.html")
    steps = progress.Steps([*wanted, "publish"])
    with folders.work_in(final) as run:
        if all(stages.holds(final, one, prints[one]) for one in wanted) and stages.holds(
            final, stages.PUBLISHED, publication
        ):
            for stage in wanted:
                steps.reused(stage)
            return opened
        work = _Work(run, final, parameters, prints, steps, limits or Limits(), base)
        timings = _make_stages(wanted, work)
        # takes seconds to import: done beside the notebooks, see _get_ready
        from psq_analysis.gate import verify  # noqa: PLC0415
        from psq_analysis.runs import publish  # noqa: PLC0415

        with steps.one("publish"):
            publish.write_reports(run, timings, whole=until == "report", pdf=pdf, docx=docx, archive=archive)
            findings = verify.verify([run.reports], min_cell=settings.min_cell)
        if findings:
            raise HeldBack(publish.hold_back(run, final, findings))
        _check_unchanged(work)
        options = {"until": until, "pdf": pdf, "docx": docx, "archive": archive}
        stages.record_published(
            run, publication, {"settings": settings.model_dump(mode="json"), "options": options}
        )
        folders.swap(run.processed, final.processed)
        folders.swap(run.reports, final.reports)
        for stopped in (publish.held_folder(final), _failed_folder(final)):
            shutil.rmtree(stopped, ignore_errors=True)
    return opened


@dataclass(frozen=True)
class _Work:
    """What every stage of a chain needs: the run in its work folder and in its final one, and by stage its parameters and its fingerprint."""

    run: Run
    final: Run
    parameters: Mapping[str, Mapping[str, Any]]
    prints: Mapping[str, str]
    steps: progress.Steps
    limits: Limits
    base: Run | None


def _make_stages(wanted: Sequence[str], work: _Work) -> dict[str, float]:
    """Take again what holds, execute the notebooks of the other stages one after the other; return the seconds each took."""
    missing = [stage for stage in wanted if not _taken_again(stage, work)]
    again = [stage for stage in wanted if stage not in missing]
    stages.keep_only(work.run, [*again, stages.CODING] if "cluster" in again else again)
    for stage in again:
        work.steps.reused(stage)
    timings: dict[str, float] = {}
    if not missing:
        return timings
    later = [stage for stage in missing if stage != "clean"]
    from psq_analysis.runs.interpreter import Interpreter  # noqa: PLC0415

    with (
        Interpreter({OUT_VARIABLE: str(work.run.out)}, memory=work.limits.memory) as interpreter,
        ThreadPoolExecutor(1) as beside,
    ):
        for stage in missing:
            started = time.monotonic()
            if stage in later[:1] and (work.run.settings.only or work.run.settings.groupings):
                work.run.check_choices()
            before = _tables(work.run)
            if stage == "cluster":
                _lend_codes(work)
            _execute(stage, work, interpreter)
            shutil.rmtree(work.run.lent, ignore_errors=True)
            written = [path for path, at in _tables(work.run).items() if before.get(path) != at]
            executed = work.run.reports / f"{STAGES[stage]}.ipynb"
            if stage == "cluster":
                tables = [work.run.processed / f"{name}.parquet" for name in ("codes", "codes_replaced")]
                stages.record(work.run, stages.CODING, work.prints[stages.CODING], tables)
            stages.record(work.run, stage, work.prints[stage], [*written, executed])
            timings[STAGES[stage]] = round(time.monotonic() - started, 2)
            if stage == missing[0]:
                beside.submit(_get_ready, work.run)
            if stage == "compare" and "report" in wanted:
                beside.submit(_draw, work.run)
    return timings


def _taken_again(stage: str, work: _Work) -> bool:
    """Take the result of a stage from what an interrupted run left, else from the published run; tell whether there was one."""
    for source in (work.run, work.final, work.base):
        if source is not None and stages.holds(source, stage, work.prints[stage]):
            if stage == "cluster" and stages.holds(source, stages.CODING, work.prints[stages.CODING]):
                stages.take(stages.CODING, source=source, target=work.run)
            stages.take(stage, source=source, target=work.run)
            return True
    return False


def _lend_codes(work: _Work) -> None:
    """Put the codes the program gave where the second notebook finds them, if an earlier run or the whole analysis holds those it would give."""
    from psq_analysis.coding.corrections import before_readings  # noqa: PLC0415

    for source in (work.final, work.base):
        if source is None:
            continue
        prints = work.prints if source is work.final else _prints(source)
        if stages.holds(source, stages.CODING, prints[stages.CODING]):
            codes = before_readings(source.read("codes"), source.read("codes_replaced"))
            work.run.lent.mkdir(parents=True, exist_ok=True)
            codes.to_parquet(work.run.lent / "codes.parquet", index=False)
            return


def _prints(run: Run) -> dict[str, str]:
    return stages.fingerprints(run, {stage: _parameters(run, stage) for stage in STAGES})


def _tables(run: Run) -> dict[Path, int]:
    """The tables of a run, with the time each was last written."""
    return {path: path.stat().st_mtime_ns for path in run.processed.glob("*.parquet")}


def _check_unchanged(work: _Work) -> None:
    """Fail when a file changed while it was being worked on: the report would speak of neither version."""
    noted = {file["file"]: file["sha256"] for file in work.run.trace()["inputs"]}
    for file in work.final.input_files:
        if noted.get(file.name) != sha256(file):
            raise RunError(
                f"Le fichier {file.name} a changé pendant l'analyse : rien n'est publié, relancez."
            )


def _draw(run: Run) -> None:
    """Draw the figures of the comparisons while the report is written."""
    from psq_analysis.runs import publish  # noqa: PLC0415

    publish.draw_pictures(run)


def _get_ready(run: Run) -> None:
    """Load what publishing needs while the next notebook runs: libraries, the words the gate reads by, the names of codes."""
    from psq_analysis.gate import verify  # noqa: PLC0415
    from psq_analysis.privacy import published_text  # noqa: PLC0415
    from psq_analysis.runs import publish  # noqa: F401, PLC0415

    published_text.scan_text(verify.MANIFEST)
    run.code_names()


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


def _parameters(run: Run, stage: str) -> dict[str, Any]:
    """What the notebook of a stage receives: the settings it declares."""
    import papermill  # noqa: PLC0415

    wanted = papermill.inspect_notebook(str(run.project / "notebooks" / f"{STAGES[stage]}.ipynb"))
    values = run.settings.model_dump(mode="json")
    return {key: value for key, value in values.items() if key in wanted and key != "out"}


def _execute(stage: str, work: _Work, interpreter: Interpreter) -> None:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    source = work.run.project / "notebooks" / f"{STAGES[stage]}.ipynb"
    executed, limits = work.run.reports / source.name, work.limits
    try:
        notebook_node = interpreter.execute(
            source, executed, work.parameters[stage], bar=work.steps.bar(stage), timeout=limits.cell_seconds
        )
    except PapermillExecutionError as error:
        if is_bad_input(error.ename):
            raise BadInput(error.evalue) from None
        kind = "mémoire insuffisante" if error.ename == "MemoryError" else error.ename
        raise StageError(_keep_failed(executed, work.final, kind)) from None
    except CellTimeoutError:
        kind = f"une cellule n'a pas fini en {french.count(limits.cell_seconds or 0, 'seconde')}"
        raise StageError(_keep_failed(executed, work.final, kind)) from None
    except DeadKernelError:
        raise StageError(
            _keep_failed(executed, work.final, "interpréteur arrêté, souvent faute de mémoire")
        ) from None
    if any(
        cell.cell_type == "code" and cell.source and cell.execution_count is None
        for cell in notebook_node.cells
    ):
        raise StageError(_keep_failed(executed, work.final, "cellules non exécutées"))


def _failed_folder(final: Run) -> Path:
    return final.reports.with_name(f"{final.settings.name}.echec")


def _keep_failed(executed: Path, final: Run, kind: str) -> str:
    import nbformat  # noqa: PLC0415

    kept = _failed_folder(final)
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
