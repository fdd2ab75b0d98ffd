"""Files of records (JSON lines or Parquet) that the commands read and write whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis.errors import BadInput

PARQUET_MAGIC = b"PAR1"


class BadRemarkFile(BadInput):
    """A file of remarks, coded or not, cannot be used; the message names the file and the line, never the content."""


def bad_file(source: Path, line: int | None, trouble: str, mend: str) -> BadRemarkFile:
    """Say what is wrong, where, and what to do."""
    place = f"{source.name}, ligne {line}" if line else source.name
    return BadRemarkFile(f"Fichier {place} : {trouble} ; {mend}.")


def read_records(path: str | Path, *, required: str) -> pd.DataFrame:
    """Return the rows of a JSON lines or Parquet file that has the text field ``required``; every other field is kept as it is.

    Raises :class:`BadRemarkFile`, naming file and line, when it cannot be read or a row has no text under ``required``.
    """
    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        trouble = f"le fichier ne se lit pas ({type(error).__name__})"
        raise bad_file(source, None, trouble, "vérifiez le chemin") from None
    if content.startswith(PARQUET_MAGIC):
        try:
            records = pd.read_parquet(source)
        except (OSError, ValueError) as error:
            trouble = f"le fichier Parquet est abîmé ({type(error).__name__})"
            raise bad_file(source, None, trouble, "produisez-le à nouveau") from None
    else:
        # object columns keep each value as it was written: a missing field stays missing, an integer an integer
        records = pd.DataFrame(_json_rows(source, content), dtype=object)
    if required not in records:
        raise bad_file(
            source, None, f"le champ « {required} » manque", "donnez le texte de chaque ligne sous ce nom"
        )
    faulty = [number for number, text in enumerate(records[required], start=1) if not isinstance(text, str)]
    if faulty:
        trouble = f"« {required} » n'est pas un texte"
        raise bad_file(source, faulty[0], trouble, "donnez une chaîne de caractères, même vide")
    return records


def _json_rows(source: Path, content: bytes) -> list[dict[str, Any]]:
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise bad_file(
            source, None, "le fichier n'est pas en UTF-8", "enregistrez-le en JSON lines UTF-8"
        ) from None
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise bad_file(
                source, number, "la ligne n'est pas du JSON", "mettez un objet JSON par ligne"
            ) from None
        if not isinstance(row, dict):
            raise bad_file(
                source, number, "la ligne n'est pas un objet JSON", "mettez un objet JSON par ligne"
            )
        rows.append(row)
    if not rows:
        raise bad_file(source, None, "le fichier ne contient aucune remarque", "donnez au moins une ligne")
    return rows


def write_records(records: pd.DataFrame, path: str | Path) -> None:
    """Write records as Parquet when the name ends in ``.parquet``, else as JSON lines; absent fields stay absent.

    The file appears whole or not at all. Raises :class:`BadRemarkFile` when its folder does not exist.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise bad_file(
            target, None, "son dossier n'existe pas", "créez-le ou choisissez un autre fichier de sortie"
        )
    partial = target.with_name(f".{target.name}")
    if target.suffix == ".parquet":
        records.to_parquet(partial, index=False)
    else:
        rows = (
            {name: _plain(value) for name, value in row.items() if not _is_absent(value)}
            for row in records.to_dict("records")
        )
        partial.write_text(
            "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8"
        )
    partial.replace(target)


def _is_absent(value: Any) -> bool:
    return isinstance(value, float) and np.isnan(value)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value
