"""Files of records (JSON lines or Parquet) that the commands read and write whole."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from psq_analysis.errors import BadInput


class BadRecords(BadInput):
    """A file of records is missing, unreadable or lacks a field."""


def read_records(path: Path, *, required: str) -> pd.DataFrame:
    """Read a JSON-lines or Parquet file; every record must have the text field ``required``.

    Raises :class:`BadRecords` naming the file, the line and the mend; it never quotes a record.
    """
    if not path.is_file():
        raise BadRecords(f"Fichier introuvable : {path}. Vérifiez le chemin et relancez.")
    records = _read_parquet(path) if path.read_bytes()[:4] == b"PAR1" else _read_lines(path)
    if records.empty:
        raise BadRecords(
            f"Fichier vide : {path.name}. Il faut un enregistrement par ligne, avec le champ « {required} »."
        )
    if required not in records:
        raise BadRecords(
            f"Fichier {path.name} : champ « {required} » absent. Renommez le champ du texte et relancez."
        )
    wrong = records.index[~records[required].map(lambda value: isinstance(value, str))]
    if len(wrong):
        raise BadRecords(
            f"Fichier {path.name}, ligne {wrong[0] + 1} : le champ « {required} » n'est pas un texte. Corrigez-le et relancez."
        )
    return records


def write_records(records: pd.DataFrame, path: Path) -> None:
    """Write records in the format the name asks for (``.parquet``, else JSON lines), whole or not at all."""
    if not path.parent.is_dir():
        raise BadRecords(
            f"Dossier introuvable : {path.parent}. Créez-le ou choisissez un autre fichier de sortie."
        )
    partial = path.with_name(f".{path.name}")
    if path.suffix == ".parquet":
        records.to_parquet(partial, index=False)
    else:
        lines = (json.dumps(record, ensure_ascii=False) for record in records.to_dict("records"))
        partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    partial.replace(path)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError):
        raise BadRecords(f"Fichier Parquet endommagé : {path.name}. Exportez-le de nouveau.") from None


def _read_lines(path: Path) -> pd.DataFrame:
    records = []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadRecords(
            f"Fichier {path.name} illisible : il doit être en UTF-8, un objet JSON par ligne."
        ) from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            raise BadRecords(
                f"Fichier {path.name}, ligne {number} : ce n'est pas un objet JSON. Corrigez la ligne et relancez."
            )
        records.append(record)
    # object columns keep each value as it was written: a missing field stays missing, an integer an integer
    return pd.DataFrame(records, dtype=object)
