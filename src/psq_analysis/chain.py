"""The chain: the notebooks executed one after the other, and published all together or not at all.

Each run is executed with papermill in a folder of its own; what was there before stands until every notebook succeeded and the
publication gate found nothing.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import pkgutil
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

import psq_analysis
from psq_analysis import exports, features, french, gate, printing, progress, report, weighting
from psq_analysis.errors import BadInput
from psq_analysis.labels import label, say
from psq_analysis.runs import OUT_VARIABLE, PATH_SETTINGS, Run, RunError, open_run
from psq_analysis.settings import RunSettings

STAGES = {"clean": "01_clean", "cluster": "02_cluster", "compare": "03_compare", "report": "04_report"}
FINDINGS = "constats.txt"


class StageError(Exception):
    """A notebook stopped on an error of the program (exit code 3); names the kept notebook."""


class HeldBack(Exception):
    """The gate found something in the reports (exit code 1); the message lists file, place and kind, never the content."""


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
            _write_reports(run, timings, whole=until == "report", pdf=pdf, archive=archive)
            findings = gate.verify([run.reports], min_cell=settings.min_cell)
        if findings:
            raise HeldBack(_hold_back(run, final, findings))
        _swap(run.processed, final.processed)
        _swap(run.reports, final.reports)
        shutil.rmtree(_held_folder(final), ignore_errors=True)
    return final.reports / ("index.html" if until == "report" else f"{STAGES[until]}.html")


def _write_reports(run: Run, timings: dict[str, float], *, whole: bool, pdf: bool, archive: bool) -> None:
    """Write pages, downloads and manifest from the executed notebooks; ``whole``: the chain went to its end."""
    beside = _beside(run) if whole else []
    drawn = any(path == f"{printing.FIGURES}/" for path, _ in beside)
    _render(
        run,
        downloads=[*beside, *([(printing.PDF, label("downloads", printing.PDF))] if pdf else [])],
        note="" if drawn or not whole else say("no_pictures"),
    )
    if pdf:
        printing.print_pdf(run.reports / "index.html", run.reports / printing.PDF)
    manifest = run.trace() | {
        "seconds": timings,
        "finished_on": dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
    }
    (run.reports / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    if archive:
        exports.pack(run.reports, run.reports / f"{run.settings.name}.zip")


def _check_inputs(run: Run) -> None:
    """Fail before a kernel starts on whatever can be seen from outside the files."""
    for file in run.input_files:
        if file.stat().st_size == 0:
            raise RunError(f"Fichier vide : {file.name}. Exportez-le de nouveau, il ne contient aucun octet.")
    named = {setting: run.optional_file(setting) for setting in PATH_SETTINGS}
    if populations := named["weights"]:
        weighting.read_margins(populations)
    if run.sentence_model:
        features.sentence_encoder(run.sentence_model)


def _execute(notebook: str, run: Run, final: Run, *, bar: dict[str, Any]) -> None:
    # papermill takes seconds to import; commands that run no notebook do not pay for it
    import papermill  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from psq_analysis.kernels import QuietKernel  # noqa: PLC0415

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


def _held_folder(final: Run) -> Path:
    return final.reports.with_name(f"{final.settings.name}.retenu")


def _hold_back(run: Run, final: Run, findings: Sequence[gate.Finding]) -> str:
    """Keep the reports aside with the list of findings; return what to tell the analyst."""
    lines = [finding.line for finding in findings]
    (run.reports / FINDINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = _held_folder(final)
    _swap(run.reports, kept)
    return "\n".join(
        [
            *lines,
            f"Rien n'est publié : {french.count(len(lines), 'constat')} à lever, dont la liste est dans {kept / FINDINGS}. "
            "Les résultats précédents sont intacts.",
        ]
    )


def _beside(run: Run) -> list[tuple[str, str]]:
    """Write the tables and figures a reader may take away; return what the report links to: path and title."""
    tables = exports.publishable(
        run.read("prevalence"), run.read("contrasts"), run.read("clusters"), min_cell=run.settings.min_cell
    )
    written = exports.write_tables(tables, run.reports, name=run.settings.name, title=run.settings.title)
    executed = [run.reports / f"{STAGES[stage]}.ipynb" for stage in ("compare", "report")]
    figures = {name: figure for notebook in executed for name, figure in report.figures(notebook).items()}
    drawn = printing.draw(figures, run.reports / printing.FIGURES)
    named = [(path, label("downloads", path)) for path in written]
    return [*named, *([(f"{printing.FIGURES}/", label("downloads", printing.FIGURES))] if drawn else [])]


def _render(run: Run, *, downloads: Sequence[tuple[str, str]], note: str) -> None:
    """Write the page of each executed notebook; each links to the others and to the ``downloads``."""
    executed = {
        "index.html" if path.stem == STAGES["report"] else f"{path.stem}.html": path
        for path in sorted(run.reports.glob("*.ipynb"))
    }
    titles = {name: report.title_of(path) for name, path in executed.items()}
    parameters = run.publishable(run.settings.model_dump(mode="json"))
    for name, path in executed.items():
        report.strip_paths(path, parameters)
        others = [(other, title) for other, title in titles.items() if other != name]
        page = report.render(
            path, with_code=name != "index.html", siblings=others, downloads=downloads, note=note
        )
        (run.reports / name).write_text(page, encoding="utf-8")


def _swap(new: Path, final: Path) -> None:
    """Put a folder in place of another of the same file system; the old one goes only once the new one stands."""
    final.parent.mkdir(parents=True, exist_ok=True)
    old = new.with_name(f"{new.name}.old")
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)
