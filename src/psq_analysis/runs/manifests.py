"""The manifest of a run, and whether another run gave the same tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from psq_analysis.runs.run import RunError


def read_manifest(path: Path) -> dict[str, str]:
    """Return the hash of each table that a ``manifest.json`` names; raise :class:`RunError` when it is none."""
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(
            f"Manifeste illisible : {path}. Donnez le manifest.json d'un dossier de reports/."
        ) from None
    return dict(tables)


def first_difference(wanted: Mapping[str, str], manifest: Path) -> str:
    """Say which table of a run is the first, by name, to differ from the ``wanted`` hashes; empty when all are the same."""
    made = read_manifest(manifest)
    for table in sorted({*wanted, *made}):
        if table not in made:
            return f"Table « {table} » : elle est dans le manifeste donné, pas dans cette analyse."
        if table not in wanted:
            return f"Table « {table} » : elle n'est pas dans le manifeste donné."
        if made[table] != wanted[table]:
            return f"Table « {table} » : elle diffère de celle du manifeste donné."
    return ""
