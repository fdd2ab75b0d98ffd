"""One report for each part of a finished analysis, and the page that lists them.

The whole analysis is brought up to date first; each part is then a run of its own through :mod:`psq_analysis.runs.chain`, in folders of its own, that takes
reading, masking and coding from the whole. A part that fails leaves the others; the next call makes only what is missing.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from psq_analysis import progress
from psq_analysis.errors import BadInput
from psq_analysis.french.labels import label, say
from psq_analysis.respondents.nearest import found
from psq_analysis.runs import chain, folders, stages, workers
from psq_analysis.runs.parts import Part, as_filter, divide, folder_name
from psq_analysis.runs.run import Run, RunError, run_of
from psq_analysis.settings import RunSettings, parse_settings

LIST = "parts.json"  # beside the tables of a division: its parts, and what became of each
INDEX = "reports_by_group"  # the notebook that lists the reports
DONE, REUSED, FAILED = "done", "reused", "failed"


@dataclass(frozen=True)
class Made:
    """What became of one part: ``state`` is ``done``, ``reused`` or ``failed``; ``reason`` says in French why it failed."""

    part: Part
    name: str
    state: str
    reason: str = ""


def rerun(
    name: str, *, by: str, values: Sequence[str] = (), jobs: int = 1, cluster: str = "", out: str = ""
) -> tuple[Path, list[Made]]:
    """Publish the report of each part of the analysis ``name``, and the page that lists them; return its path and what became of each part.

    ``by`` and ``values``: see :func:`psq_analysis.runs.parts.divide`. ``jobs`` parts are made at once; ``cluster`` is the address of a Dask scheduler to make
    them on instead. Raises :class:`BadInput` for what the analyst can mend before anything is made.
    """
    base, asked = finished(name, out, whole=True)
    chain.run_chain(base.settings, **asked)
    division = divide(base, by, values)
    choice = base.choice()
    tasks = [
        _settings(base, part, division.column, as_filter(division.column, part, choice))
        for part in division.parts
    ]
    given = [
        (one.model_dump(mode="json"), base.settings.model_dump(mode="json"), str(base.out)) for one in tasks
    ]
    made: list[Made] = []
    with tqdm(total=len(tasks), desc=label("progress", "parts"), bar_format=progress.BAR, file=sys.stderr, disable=None) as bar:  # fmt: skip
        for at, (state, reason) in workers.each(_make, given, jobs=jobs, cluster=cluster):
            made.append(Made(division.parts[at], tasks[at].name, state, reason))
            bar.update()
    made.sort(key=lambda one: division.parts.index(one.part))
    return _list(base, division.column, made, division.left_out), made


def finished(name: str, out: str, *, whole: bool = False) -> tuple[Run, dict[str, Any]]:
    """The published analysis of a name, and the options it was made with.

    ``whole``: one made without a filter; a part is not taken apart further.
    """
    here = run_of(parse_settings({"out": out} if out else {}))
    known = {
        path.parent.name: ()
        for path in sorted((here.out / "data" / "processed").glob(f"*/{stages.RECORD}"))
        if (given := stages.asked_for(_named(here, path.parent.name)).get("settings"))
        and (not whole or given.get("only") == "")
    }
    if not known:
        raise RunError(
            f"Aucune analyse publiée dans {here.out} : lancez d'abord « psq run » jusqu'au rapport, puis reprenez cette commande."
        )
    asked = stages.asked_for(_named(here, found(name, known, kind="Analyse")))
    if asked["options"]["until"] != "report":
        raise RunError(
            f"L'analyse « {name} » s'est arrêtée avant le rapport : relancez « psq run » sans --until."
        )
    return run_of(parse_settings(asked["settings"] | {"out": str(here.out)})), asked["options"]


def _named(run: Run, name: str) -> Run:
    return Run(settings=RunSettings(name=name), project=run.project, out=run.out)


def _division_name(base: Run, column: str) -> str:
    """The name of the folders of a division: that of the analysis, then the column."""
    return f"{base.settings.name}.{folder_name(column)}"


def _settings(base: Run, part: Part, column: str, keep: str) -> RunSettings:
    """The settings of a part: those of the whole, on its respondents only. Raises :class:`~psq_analysis.settings.SettingsError` for a name too long."""
    given = base.settings
    own = {
        "name": f"{_division_name(base, column)}.{part.key}",
        "title": f"{given.title} — {part.label}",
        "only": keep,
    }
    return parse_settings(given.model_dump() | own)


def _make(given: dict[str, Any], whole: dict[str, Any], out: str) -> tuple[str, str]:
    """Publish one part, here or in a worker; return its state and why it failed."""
    settings = parse_settings(given | {"out": out})
    base, part = run_of(parse_settings(whole | {"out": out})), run_of(settings)
    before = _published(part)
    try:
        # the lines of the stages would hide the one bar of all parts
        with contextlib.redirect_stderr(io.StringIO()):
            chain.run_chain(settings, base=base)
    except (BadInput, chain.StageError, chain.HeldBack) as error:
        return FAILED, str(error)
    return REUSED if before and _published(part) == before else DONE, ""


def _published(run: Run) -> bytes:
    manifest = run.reports / "manifest.json"
    return manifest.read_bytes() if manifest.is_file() else b""


def _list(base: Run, column: str, made: Sequence[Made], left_out: Sequence[str]) -> Path:
    """Publish the page that lists the reports; the parts it lists are kept beside, so that it can be made again by hand."""
    from psq_analysis.gate import verify  # noqa: PLC0415
    from psq_analysis.report import page  # noqa: PLC0415
    from psq_analysis.runs.interpreter import Interpreter  # noqa: PLC0415
    from psq_analysis.runs.publish import hold_back  # noqa: PLC0415
    from psq_analysis.runs.run import OUT_VARIABLE  # noqa: PLC0415

    final = _named(base, _division_name(base, column))
    listed = {
        "analysis": base.settings.name,
        "column": column,
        "parts": [asdict(one.part) | {"name": one.name, "state": one.state} for one in made],
        "left_out": list(left_out),
    }
    with folders.work_in(final) as work:
        work.processed.mkdir(parents=True, exist_ok=True)
        (work.processed / LIST).write_text(
            json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        folders.swap(work.processed, final.processed)
        executed = work.reports / f"{INDEX}.ipynb"
        with Interpreter({OUT_VARIABLE: str(base.out)}) as interpreter:
            interpreter.execute(
                base.project / "notebooks" / executed.name,
                executed,
                {"name": final.settings.name},
                bar={"disable": True},
            )
        page.strip_paths(executed, {"name": final.settings.name})
        (work.reports / "index.html").write_text(page.render(executed, with_code=False), encoding="utf-8")
        if findings := verify.verify([work.reports], min_cell=base.settings.min_cell):
            raise chain.HeldBack(hold_back(work, final, findings))
        folders.swap(work.reports, final.reports)
        shutil.rmtree(final.reports.with_name(f"{final.settings.name}.retenu"), ignore_errors=True)
    return final.reports / "index.html"


@dataclass(frozen=True)
class Reports:
    """The reports of a division, as its list reads them. ``parts``: one row each, ``shares``: their shares over all their respondents."""

    analysis: Run
    column: str
    parts: pd.DataFrame
    shares: pd.DataFrame
    left_out: tuple[str, ...]


def reports_of(name: str) -> Reports:
    """Read the reports of a division: columns ``part``, ``respondents``, ``demand``, ``irritant``, ``state``, ``link``; shares with ``part`` before."""
    here = _named(run_of(parse_settings({})), name)
    path = here.processed / LIST
    if not path.is_file():
        raise RunError(f"Aucun rapport par groupe sous le nom « {name} » : lancez « psq rerun ».")
    listed = json.loads(path.read_text(encoding="utf-8"))
    rows, shares = [], []
    for part in listed["parts"]:
        run = _named(here, part["name"])
        is_there = (run.reports / "index.html").is_file()
        groups = run.read("demand_groups") if is_there else pd.DataFrame(columns=["kind"])
        rows.append(
            {
                "part": part["label"],
                "respondents": part["respondents"],
                "demand": _first(groups, "demande"),
                "irritant": _first(groups, "irritant"),
                "state": part["state"],
                "link": f"../{part['name']}/index.html" if is_there else "",
            }
        )
        if is_there:
            told = run.read("prevalence")
            shares.append(told[told["grouping"].eq("all")].assign(part=part["label"]))
    return Reports(
        analysis=_named(here, listed["analysis"]),
        column=listed["column"],
        parts=pd.DataFrame(rows),
        shares=pd.concat(shares, ignore_index=True) if shares else pd.DataFrame({"part": [], "scheme": []}),
        left_out=tuple(listed["left_out"]),
    )


def _first(groups: pd.DataFrame, kind: str) -> str:
    """What most people of a part say of a kind, in their words; a campaign is no voice of the part."""
    said = groups[groups["kind"].eq(kind)]
    said = said[said["is_shown"] & ~said["is_campaign"]] if len(said) else said
    return str(said.sort_values("respondents", ascending=False, kind="stable")["label"].iloc[0]) if len(said) else say("part_none")  # fmt: skip
