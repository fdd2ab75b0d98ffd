"""Which finished run a name opens, with the parameters it was made with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from psq_analysis.respondents.nearest import UnknownName, found
from psq_analysis.runs import by_hand
from psq_analysis.runs.run import NOTES, PATH_SETTINGS, Run, run_of
from psq_analysis.settings import parse_settings

MANUAL = ("data/manual", "data/raw", "data")  # where a file a run was made with may still stand


def run_named(name: str, *, out: str = "", **parameters: Any) -> Run:
    """Return the finished run of that name under ``out`` (empty: the project), with its own parameters unless others are given.

    Raises :class:`UnknownName` with the nearest names when there is none. A file a parameter names is looked for where it was, else in the
    folders of the project; give it again when it has moved.
    """
    by_hand.refuse_unknown_parameters(injected_only=True)
    base = run_of(parse_settings({"out": out} if out else {}))
    runs = base.out / "data" / "processed"
    names = sorted(path.parent.name for path in runs.glob("*/remarks.parquet")) if runs.is_dir() else []
    if not names:
        raise UnknownName(f"Aucune analyse dans {runs} : lancez d'abord « make report » ou « psq run ».")
    opened = found(name, dict.fromkeys(names, ()), kind="Analyse")
    noted = _noted(runs / opened / NOTES)
    own = {key: value for key, value in noted.items() if key not in ("inputs", "out", "name")}
    located = {key: _located(base, value) if key in PATH_SETTINGS else value for key, value in own.items()}
    given = {"name": opened, **{key: value for key, value in located.items() if value}, **parameters}
    return run_of(parse_settings(given | ({"out": out} if out else {})))


def _noted(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")).get("parameters", {}) if path.is_file() else {}


def _located(run: Run, given: str) -> str:
    """Return where a file named without its folder stands; empty when it is nowhere to be found."""
    places = [run.locate(given), *(run.locate(f"{folder}/{Path(given).name}") for folder in MANUAL)]
    return next((str(place) for place in places if place is not None), "")
