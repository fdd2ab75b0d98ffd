"""Runs: where a run's files live, how its notebooks are executed, what is published and how it can be traced.

A notebook opens its run with :func:`open_run` and reads or writes its tables by name; :func:`run_chain` executes the
notebooks with papermill in a folder of its own and publishes the results only when all of them succeeded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import importlib.metadata
import json
import os
import pkgutil
import platform
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from traitlets.config import Config

import psq_analysis
from psq_analysis import exports, features, french, gate, printing, progress, report, schema, weighting
from psq_analysis.errors import BadInput
from psq_analysis.labels import label, say
from psq_analysis.settings import RunSettings, parse_settings

STAGES = {"clean": "01_clean", "cluster": "02_cluster", "compare": "03_compare", "report": "04_report"}
TYPOLOGY = "data/manual/typology.yml"
CODEBOOK = "data/manual/codebook.yml"
SAMPLE_LIST = "data/raw/SAMPLE.sha256"
NOT_INPUTS = {".md", ".sha256"}
OUT_VARIABLE = "PSQ_OUT"
NOTES = "run.json"
FINDINGS = "constats.txt"
TRACED_PACKAGES = (
    "jupyterlab",
    "nbconvert",
    "pandas",
    "papermill",
    "plotly",
    "scikit-learn",
    "scipy",
    "spacy",
)
SENTENCE_PACKAGES = ("sentence-transformers", "torch", "transformers")
PATH_SETTINGS = ("mapping", "territories", "typology", "contours", "codebook", "human", "weights")


class RunError(BadInput):
    """The run cannot start: an input or an earlier stage's table is missing."""


class StageError(Exception):
    """A notebook stopped on an error of the program (exit code 3); names the kept notebook."""


class HeldBack(Exception):
    """The gate found something in the reports (exit code 1); the message lists file, place and kind, never the content."""


def project_folder() -> Path:
    """Return the checkout: the nearest folder, upwards from here or from the package, that holds the notebooks."""
    for start in (Path.cwd(), Path(__file__).resolve()):
        for folder in (start, *start.parents):
            if (folder / "notebooks" / "01_clean.ipynb").is_file():
                return folder
    raise RunError(
        "Dossier du projet introuvable : lancez la commande depuis le dossier qui contient notebooks/."
    )


@dataclass(frozen=True)
class Run:
    """One analysis: its checked settings and its two folders."""

    settings: RunSettings
    project: Path
    out: Path

    @property
    def processed(self) -> Path:
        """Folder of the tables, ``data/processed/RUN``."""
        return self.out / "data" / "processed" / self.settings.name

    @property
    def reports(self) -> Path:
        """Folder of the reports, ``reports/RUN``."""
        return self.out / "reports" / self.settings.name

    @property
    def input_files(self) -> list[Path]:
        """The files to read, folders expanded, in a stable order.

        Where a folder holds the analyst's files beside the bundled fictional sample, the sample is set aside.
        """
        return [file for given in self.settings.inputs for file in self._expand(given)]

    @property
    def _sample_hashes(self) -> frozenset[str]:
        listing = self.project / SAMPLE_LIST
        lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
        return frozenset(line.split()[0] for line in lines if line.strip())

    def _expand(self, given: str) -> list[Path]:
        path = self.locate(given)
        if path is None:
            raise RunError(f"Fichier ou dossier introuvable : {given}. Vérifiez le chemin et relancez.")
        if path.is_file():
            return [path]
        found = sorted(
            file
            for file in path.iterdir()
            if file.is_file() and file.suffix not in NOT_INPUTS and not file.name.startswith((".", "~$"))
        )
        if not found:
            raise RunError(f"Le dossier {given} ne contient aucun fichier à lire : déposez-y vos exports.")
        own = [file for file in found if _sha256(file) not in self._sample_hashes]
        return own or found

    def locate(self, given: str) -> Path | None:
        """Resolve a path of the settings: from the current folder, else from the project; None when absent."""
        for base in (Path.cwd(), self.project):
            path = base / Path(given).expanduser()
            if path.exists():
                return path
        return None

    def file(self, setting: str, default: str) -> Path:
        """Return the file a setting names, or the project's own when it is empty."""
        given = getattr(self.settings, setting)
        path = self.locate(given) if given else self.project / default
        if path is None or not path.is_file():
            raise RunError(
                f"Paramètre « {setting} » : fichier introuvable : {given or default}. Vérifiez le chemin."
            )
        return path

    def optional_file(self, setting: str) -> Path | None:
        """Return the file a setting names, None when the setting is empty."""
        return self.file(setting, "") if getattr(self.settings, setting) else None

    @property
    def sentence_model(self) -> str:
        """The sentence model of the settings: its folder where there is one, else its name; empty when none is set."""
        given = self.settings.sentence_model
        return str(self.locate(given) or given) if given else ""

    def publishable(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters as they may be published: of a file or folder its name, not where it lay.

        A path tells of the machine and of who works on it. A sentence model that is no folder is a name, and stays whole.
        """
        usual = RunSettings().model_dump(mode="json")
        return {
            name: value if value == usual.get(name) else self._without_folder(name, value)
            for name, value in parameters.items()
        }

    def _without_folder(self, name: str, value: Any) -> Any:
        if name == "inputs":
            return [Path(given).name for given in value]
        if name == "sentence_model":
            folder = self.locate(value)
            return folder.resolve().name if folder else value
        return Path(value).name if name in PATH_SETTINGS else value

    def register_inputs(self) -> pd.DataFrame:
        """Note which files the run reads, by hash, and whether any is of the fictional sample; return them as a table."""
        files = [
            {"file": file.name, "bytes": file.stat().st_size, "sha256": _sha256(file)}
            for file in self.input_files
        ]
        is_fictional = any(file["sha256"] in self._sample_hashes for file in files)
        self._note(inputs=files, fictional=is_fictional)
        return pd.DataFrame(files).rename(columns={"file": "source_file"})

    def write(self, **tables: pd.DataFrame) -> pd.DataFrame:
        """Write tables of the schema, each whole or not at all; return their names and rows."""
        self.processed.mkdir(parents=True, exist_ok=True)
        for table, frame in tables.items():
            partial = self.processed / f".{table}.parquet"
            schema.conform(frame, table).to_parquet(partial, index=False)
            partial.replace(self.processed / f"{table}.parquet")
        given = self.settings.model_dump(mode="json", exclude_defaults=True, exclude={"out", "inputs"})
        self._note(parameters=self._noted().get("parameters", {}) | self.publishable(given))
        return pd.DataFrame({"table": list(tables), "rows": [len(frame) for frame in tables.values()]})

    def read(self, table: str) -> pd.DataFrame:
        """Read a table an earlier stage wrote; one that is missing or damaged says which stage to run again."""
        path = self.processed / f"{table}.parquet"
        if not path.is_file():
            raise RunError(
                f"Table « {table} » absente de l'analyse « {self.settings.name} » : exécutez d'abord les carnets précédents."
            )
        try:
            return schema.conform(pd.read_parquet(path), table)
        except (OSError, ValueError) as error:
            raise RunError(
                f"Table « {table} » endommagée dans l'analyse « {self.settings.name} » : relancez la chaîne complète."
            ) from error

    def trace(self) -> dict[str, Any]:
        """Describe the run so that it can be repeated: inputs and tables by hash, parameters, versions."""
        noted = self._noted()
        coded_with = SENTENCE_PACKAGES if noted.get("parameters", {}).get("sentence_model") else ()
        return {
            "name": self.settings.name,
            **noted,
            "tables": {path.stem: _sha256(path) for path in sorted(self.processed.glob("*.parquet"))},
            "versions": {
                "python": platform.python_version(),
                "psq-analysis": importlib.metadata.version("psq-analysis"),
                **{
                    package: importlib.metadata.version(package)
                    for package in (*TRACED_PACKAGES, *coded_with)
                },
            },
        }

    def _noted(self) -> dict[str, Any]:
        notes = self.processed / NOTES
        return json.loads(notes.read_text(encoding="utf-8")) if notes.is_file() else {}

    def _note(self, **facts: Any) -> None:
        self.processed.mkdir(parents=True, exist_ok=True)
        partial = self.processed / f".{NOTES}"
        partial.write_text(
            json.dumps(self._noted() | facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        partial.replace(self.processed / NOTES)


def open_run(**parameters: Any) -> Run:
    """Check the parameters of a notebook and return its run.

    Relative paths count from the current folder, else from the project, so that a notebook gives the same result from
    JupyterLab, papermill and ``psq run``.
    """
    settings = parse_settings(parameters)
    project = project_folder()
    out = settings.out or os.environ.get(OUT_VARIABLE, "")
    return Run(settings=settings, project=project, out=Path(out).expanduser().resolve() if out else project)


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
    for setting in ("mapping", "territories", "typology", "contours", "codebook", "human"):
        run.optional_file(setting)
    if populations := run.optional_file("weights"):
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


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
