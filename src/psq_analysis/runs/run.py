"""Runs: where the files of a run live, what it reads and writes, and how it can be traced.

A notebook opens its run with :func:`open_run` and reads or writes its tables by name; :mod:`psq_analysis.runs.chain` executes the notebooks.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psq_analysis.errors import BadInput
from psq_analysis.runs import by_hand
from psq_analysis.settings import RunSettings, parse_settings

if TYPE_CHECKING:
    import pandas as pd

    from psq_analysis.coding.code_names import Names
    from psq_analysis.coding.codebook import Codebook
    from psq_analysis.comparison.shares import Whole
    from psq_analysis.demands.decisions import Decision
    from psq_analysis.places.outlines import Ring
    from psq_analysis.places.typology import Typology
    from psq_analysis.quotes.decisions import QuoteDecisions
    from psq_analysis.respondents.chosen import Choice

TYPOLOGY = "data/manual/typology.yml"
CODEBOOK = "data/manual/codebook.yml"
NAMES = "data/manual/names.yml"
QUOTES = "data/manual/quotes.yml"
READINGS = "data/manual/readings.csv"
SAMPLE_LIST = "data/raw/SAMPLE.sha256"
NOT_INPUTS = {".md", ".sha256"}
OUT_VARIABLE = "PSQ_OUT"
NOTES = "run.json"
MANIFEST = "manifest.json"  # written with the report: the analysis is published
DERIVED = "recherche"  # files beside the tables that are made from them: the index of remarks
LENT = "repris"  # folder beside the tables: those of the whole analysis, while a part of it is made
BESIDE = ".essai"  # after the name of a published analysis: what notebooks run by hand write
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
    by_hand: bool = False  # a notebook run over a published analysis, which it must leave as it is

    @property
    def processed(self) -> Path:
        """Folder of the tables, ``data/processed/RUN``."""
        return self.out / "data" / "processed" / self.settings.name

    @property
    def reports(self) -> Path:
        """Folder of the reports, ``reports/RUN``."""
        return self.out / "reports" / self.settings.name

    @property
    def is_part(self) -> bool:
        """Whether a filter keeps some of the respondents only: then every count of them is moved by random keys."""
        return bool(self.settings.only)

    @property
    def lent(self) -> Path:
        """Folder of the tables lent by the analysis this one is a part of, while it is made."""
        return self.processed / LENT

    @property
    def written(self) -> Path:
        """Folder the tables are written to: that of the analysis, or the one beside it when a notebook is run by hand."""
        return self.processed.with_name(self.settings.name + BESIDE) if self.by_hand else self.processed

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
        own = [file for file in found if sha256(file) not in self._sample_hashes]
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

    def codebook(self) -> Codebook:
        """The codebook of the run."""
        from psq_analysis.coding.codebook_file import load_codebook  # noqa: PLC0415

        return load_codebook(self.file("codebook", CODEBOOK))

    def code_names(self) -> Names:
        """The French label of every code, by scheme and code."""
        from psq_analysis.coding.code_names import names_of  # noqa: PLC0415

        return names_of(self.codebook())

    def human_codes(self) -> pd.DataFrame | None:
        """The remarks that people coded, checked against the codebook; None when the run names none."""
        from psq_analysis.coding.evaluation import human_codes  # noqa: PLC0415

        return human_codes(self.optional_file("human"), self.codebook())

    def readings(self, remarks: pd.DataFrame) -> pd.DataFrame:
        """What people found in those of ``remarks`` they read: a row per remark, scheme and reader."""
        from psq_analysis.coding.readings import placed, read_readings  # noqa: PLC0415

        return placed(read_readings(self.project / READINGS, self.codebook(), remarks), remarks)

    def name_decisions(self) -> list[Decision]:
        """What an analyst decided about the names of demands and sub-themes."""
        from psq_analysis.demands.decisions import load_decisions  # noqa: PLC0415

        return load_decisions(self.project / NAMES)

    def quote_decisions(self) -> QuoteDecisions:
        """The quotations an analyst pinned or dropped."""
        from psq_analysis.quotes.decisions import load_quote_decisions  # noqa: PLC0415

        return load_quote_decisions(self.project / QUOTES)

    def communes(self) -> pd.DataFrame:
        """The table of communes of the run."""
        from psq_analysis.places.communes import load_communes  # noqa: PLC0415

        return load_communes(self.optional_file("territories"))

    def typology(self) -> Typology:
        """The types of territory of the run."""
        from psq_analysis.places.typology import load_typology  # noqa: PLC0415

        return load_typology(self.file("typology", TYPOLOGY))

    def populations(self) -> dict[str, pd.Series]:
        """The known populations of the run, by grouping; none where it names no file."""
        from psq_analysis.places.margins import read_margins  # noqa: PLC0415

        return read_margins(self.optional_file("weights"))

    def outlines(self) -> list[Ring]:
        """The outlines drawn under the map; none where the run names no file."""
        from psq_analysis.places.outlines import load_contours  # noqa: PLC0415

        return load_contours(self.optional_file("contours"))

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
        import pandas as pd  # noqa: PLC0415 (half a second that a bad argument does not pay for)

        files = [
            {"file": file.name, "bytes": file.stat().st_size, "sha256": sha256(file)}
            for file in self.input_files
        ]
        is_fictional = any(file["sha256"] in self._sample_hashes for file in files)
        self.note(inputs=files, fictional=is_fictional)
        return pd.DataFrame(files).rename(columns={"file": "source_file"})

    def write(self, **tables: pd.DataFrame) -> pd.DataFrame:
        """Write tables of the schema, each whole or not at all; return their names and rows."""
        import pandas as pd  # noqa: PLC0415 (half a second that a bad argument does not pay for)

        from psq_analysis.tables import schema  # noqa: PLC0415

        self.written.mkdir(parents=True, exist_ok=True)
        for table, frame in tables.items():
            partial = self.written / f".{table}.parquet"
            schema.conform(frame, table).to_parquet(partial, index=False)
            partial.replace(self.written / f"{table}.parquet")
        given = self.settings.model_dump(mode="json", exclude_defaults=True, exclude={"out", "inputs"})
        self.note(parameters=self._noted().get("parameters", {}) | self.publishable(given))
        return pd.DataFrame({"table": list(tables), "rows": [len(frame) for frame in tables.values()]})

    def read(self, table: str) -> pd.DataFrame:
        """Read a table an earlier stage wrote; one that is missing or damaged says which stage to run again."""
        import pandas as pd  # noqa: PLC0415 (half a second that a bad argument does not pay for)

        from psq_analysis.tables import schema  # noqa: PLC0415

        path = self._table_file(table)
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

    def read_lent(self, table: str) -> pd.DataFrame | None:
        """Read a table this stage need not make, for the analysis of the whole has made it; None where there is none."""
        import pandas as pd  # noqa: PLC0415 (half a second that a bad argument does not pay for)

        from psq_analysis.tables import schema  # noqa: PLC0415

        path = self.lent / f"{table}.parquet"
        return schema.conform(pd.read_parquet(path), table) if path.is_file() else None

    def _table_file(self, table: str) -> Path:
        """Return where a table is read: beside a published analysis, what notebooks run by hand wrote comes first.

        Once an earlier notebook was run by hand, what a later one published no longer goes with its tables: it must be run again too.
        """
        from psq_analysis.tables import schema  # noqa: PLC0415

        own = self.written / f"{table}.parquet"
        stages = schema.STAGE_OF
        again = [stages[path.stem] for path in self.written.glob("*.parquet") if path.stem in stages]
        if own.is_file() or (again and min(again) < stages[table]):
            return own
        return self.processed / f"{table}.parquet"

    def chosen(self, *tables: str) -> tuple[pd.DataFrame, ...]:
        """Read tables of contributions, remarks or answers, only the rows of the respondents the run is about (setting ``only``)."""
        frames = tuple(self.read(table) for table in tables)
        if not self.settings.only:
            return frames
        kept = self.choice().chosen(self.settings.only)
        return tuple(frame[frame["contribution_id"].isin(kept)].reset_index(drop=True) for frame in frames)

    def choice(self) -> Choice:
        """The columns respondents are chosen and grouped by: of their place, their voice, the closed questions."""
        from psq_analysis.respondents.chosen import Choice  # noqa: PLC0415
        from psq_analysis.respondents.people import people  # noqa: PLC0415
        from psq_analysis.sentences.words import value_name  # noqa: PLC0415

        return Choice(people(self.read("contributions"), self.communes()), self.read("answers"), value_name)

    def groupings(self) -> list[str]:
        """The groupings asked for besides the usual ones, by the names tables give them."""
        choice = self.choice() if self.settings.groupings else None
        return [choice.grouping(one) for one in self.settings.groupings] if choice else []

    def with_groups(self, respondents: pd.DataFrame, groupings: Sequence[str]) -> pd.DataFrame:
        """Return ``respondents`` with the columns that ``groupings`` need; unless a filter left too few of them: raises :class:`BadInput`."""
        from psq_analysis.respondents.chosen import enough  # noqa: PLC0415

        counted = enough(respondents, self.settings.only, min_cell=self.settings.min_cell)
        return self.choice().with_groups(counted, groupings) if groupings else counted

    def whole(self) -> Whole | None:
        """Who mentions what over everyone, where a filter keeps some of them; None where it keeps all."""
        from psq_analysis.comparison.shares import Whole  # noqa: PLC0415
        from psq_analysis.respondents import campaigns, counted  # noqa: PLC0415

        if not self.settings.only:
            return None
        incomplete = self.settings.include_incomplete
        remarks, ideas = campaigns.heard(
            self.read("remarks"), self.read("ideas"), include_campaigns=self.settings.include_campaigns
        )
        people = self.read("contributions")
        everyone = counted.respondents(remarks, people, include_incomplete=incomplete)
        mentions = counted.respondent_codes(
            self.read("codes"), ideas, remarks, people, include_incomplete=incomplete
        )
        return Whole(mentions, everyone.set_index("contribution_id")["record_key"])

    def check_choices(self) -> None:
        """Check the filter and the groupings against who answered; raises :class:`BadInput` with the nearest names."""
        self.groupings()
        if self.settings.only:
            from psq_analysis.respondents.chosen import enough  # noqa: PLC0415

            (contributions,) = self.chosen("contributions")
            enough(contributions, self.settings.only, min_cell=self.settings.min_cell)

    def trace(self) -> dict[str, Any]:
        """Describe the run so that it can be repeated: inputs and tables by hash, parameters, versions."""
        noted = self._noted()
        coded_with = SENTENCE_PACKAGES if noted.get("parameters", {}).get("sentence_model") else ()
        return {
            "name": self.settings.name,
            **noted,
            "tables": {path.stem: sha256(path) for path in sorted(self.written.glob("*.parquet"))},
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
        notes = self.written / NOTES
        if not notes.is_file():
            notes = self.processed / NOTES
        return json.loads(notes.read_text(encoding="utf-8")) if notes.is_file() else {}

    def note(self, **facts: Any) -> None:
        self.written.mkdir(parents=True, exist_ok=True)
        partial = self.written / f".{NOTES}"
        partial.write_text(
            json.dumps(self._noted() | facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        partial.replace(self.written / NOTES)


def open_run(**parameters: Any) -> Run:
    """Check the parameters of a notebook and return its run.

    Relative paths count from the current folder, else from the project, so that a notebook gives the same result from
    JupyterLab, papermill and ``psq run``. Where the analysis is published already, the notebook writes beside it, and says so. Parameters
    that no notebook has are refused, also those papermill or a person put into its first cells.
    """
    by_hand.refuse_unknown_parameters()
    run = run_of(parse_settings(parameters))
    published = run.reports / MANIFEST
    if not published.is_file():
        return run
    beside = replace(run, by_hand=True)
    by_hand.say_where(beside.written, newer=published)
    return beside


def run_of(settings: RunSettings) -> Run:
    """Return the run that settings describe, where it is published."""
    project = project_folder()
    out = settings.out or os.environ.get(OUT_VARIABLE, "")
    return Run(settings=settings, project=project, out=Path(out).expanduser().resolve() if out else project)


def sha256(file: Path) -> str:
    """Return the hash of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
