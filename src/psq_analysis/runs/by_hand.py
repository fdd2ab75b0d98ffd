"""A notebook run by hand, in JupyterLab or by papermill alone: what ``psq run`` checks and keeps apart, it must too."""

from __future__ import annotations

import ast
import difflib
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from psq_analysis.settings import RunSettings, SettingsError

INJECTED = "# Parameters"  # how papermill begins its cell


def refuse_unknown_parameters(*, injected_only: bool = False) -> None:
    """Refuse a parameter that no notebook has, set by one of the cells run so far; nothing is checked outside a notebook.

    A cell of parameters is one that only gives values to names: the first of a notebook, or the one papermill puts after it (``injected_only``: that one alone).
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    cells = [str(cell) for cell in shell.user_ns.get("In", [])] if shell else []
    if injected_only:
        cells = [cell for cell in cells if cell.startswith(INJECTED)]
    known = sorted(RunSettings.model_fields)
    for name in parameters_of(cells):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" vouliez-vous dire « {near[0]} » ?" if near else ""
            raise SettingsError(
                f"Paramètre inconnu « {name} » :{hint} Paramètres possibles : {', '.join(known)}. "
                "Corrigez la cellule, puis relancez le carnet depuis un noyau neuf."
            )


def parameters_of(cells: Iterable[str]) -> list[str]:
    """Return the names that cells of parameters set: cells of nothing but names with plain values.

    >>> parameters_of(["# Parameters\\nsead = 7", "run = open_run(seed=sead)", "n = len(run)", ""])
    ['sead']
    """
    found: list[str] = []
    for cell in cells:
        try:
            statements = ast.parse(cell).body
            names = [
                target.id
                for one in statements
                if isinstance(one, ast.Assign) and (ast.literal_eval(one.value), True)[1]
                for target in one.targets
                if isinstance(target, ast.Name)
            ]
        except (SyntaxError, ValueError):
            continue
        if statements and len(names) == len(statements):
            found += names
    return found


def say_where(written: Path, *, newer: Path) -> None:
    """Say that a notebook writes beside a published analysis; what was written there before ``newer`` was published is dropped."""
    notes = written / "run.json"
    if written.is_dir() and (not notes.is_file() or notes.stat().st_mtime < newer.stat().st_mtime):
        shutil.rmtree(written)
    print(
        f"Cette analyse est publiée : ce carnet, lancé à la main, écrit ses tables à côté, dans data/processed/{written.name} ; "
        "le rapport publié ne change pas."
    )
