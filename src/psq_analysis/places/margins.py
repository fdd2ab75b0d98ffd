"""Known populations, read from a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from psq_analysis.errors import BadInput
from psq_analysis.french.labels import label
from psq_analysis.settings import CROSSABLE
from psq_analysis.tables.schema import STAKEHOLDERS, TERRITORIES, TERRITORY_TYPES

MARGIN_COLUMNS = ("grouping", "group", "population")
_GROUPS = {
    "territory": TERRITORIES[:-1],
    "territory_type": TERRITORY_TYPES[:-1],
    "overseas": ("mainland", "overseas"),
    "stakeholder": STAKEHOLDERS,
}


class BadWeights(BadInput):
    """The file of known populations cannot be used."""


def read_margins(path: Path | None) -> dict[str, pd.Series]:
    """Read known populations from a CSV file with columns ``grouping``, ``group``, ``population``: grouping → size of each group; none without a file.

    Groups are written by code or by French name. Raises :class:`BadWeights`, naming file, line and what to do.
    """
    if path is None:
        return {}
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count)))
    header = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in MARGIN_COLUMNS if name not in header]
    if missing:
        raise _bad(
            path, 1, f"la colonne {missing[0]} manque", f"écrivez l'en-tête {','.join(MARGIN_COLUMNS)}"
        )
    places = [header.index(name) for name in MARGIN_COLUMNS]
    margins: dict[str, dict[str, float]] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places):
            raise _bad(
                path, line, "il manque une valeur", "donnez le regroupement, le groupe et sa population"
            )
        given, name, size = (row[place].strip() for place in places)
        grouping = _known(given, {one: label("groupings", one) for one in CROSSABLE})
        if grouping is None:
            raise _bad(path, line, "regroupement inconnu", f"choisissez parmi {', '.join(CROSSABLE)}")
        group = (
            _known(name, {one: label("groups", one) for one in _GROUPS[grouping]})
            if grouping in _GROUPS
            else name
        )
        if group is None:
            raise _bad(path, line, "groupe inconnu", f"choisissez parmi {', '.join(_GROUPS[grouping])}")
        if group in margins.get(grouping, {}):
            raise _bad(path, line, "groupe donné deux fois", "gardez une ligne par groupe")
        margins.setdefault(grouping, {})[group] = _population(path, line, size)
    few = [grouping for grouping, sizes in margins.items() if len(sizes) < 2]
    if few or not margins:
        raise _bad(
            path, None, "il faut au moins deux groupes par regroupement", "ajoutez les populations manquantes"
        )
    return {
        grouping: pd.Series(sizes, name="population").rename_axis("group")
        for grouping, sizes in margins.items()
    }


def _known(given: str, names: Mapping[str, str]) -> str | None:
    """Return the code that is, or whose French name is, what was written."""
    wanted = given.strip().casefold()
    return next((code for code, name in names.items() if wanted in (code.casefold(), name.casefold())), None)


def _population(path: Path, line: int, size: str) -> float:
    try:
        population = float(re.sub(r"\s", "", size).replace(",", "."))
    except ValueError:
        population = 0.0
    if not 0 < population < float("inf"):
        raise _bad(path, line, "la population n'est pas un nombre positif", "écrivez par exemple 23000")
    return population


def _bad(path: Path, line: int | None, trouble: str, mend: str) -> BadWeights:
    where = f", ligne {line}" if line else ""
    return BadWeights(f"Fichier de populations {path.name}{where} : {trouble} ; {mend}.")
