"""What people found in the respondents they read: the file ``data/manual/readings.csv``.

One row is a respondent read × a code: ``contribution_id``, ``scheme``, ``code``, ``mentioned`` (1 or 0: whether any remark of the respondent says
it), ``reader`` and ``on`` (date). All codes of a scheme are there for each respondent read under it, those not found with 0: what is absent was not
read. A respondent read by several people has a row for each; the last row of the file is the one kept, so that what was agreed comes last.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from psq_analysis.coding.codebook import Codebook
from psq_analysis.tables.record_files import bad_file

COLUMNS = ["contribution_id", "scheme", "code", "mentioned", "reader", "on"]
KEY = ["contribution_id", "scheme", "code"]


def read_readings(path: Path, codebook: Codebook) -> pd.DataFrame:
    """Return every row of the file (``mentioned`` boolean); no row where there is no file.

    Raises :class:`~psq_analysis.tables.record_files.BadRemarkFile`, naming file and line, on a missing column, an unknown code or another value than 0 and 1.
    """
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS).astype({"mentioned": bool})
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as trouble:
        raise bad_file(
            path, None, "ce n'est pas un fichier CSV en UTF-8", "enregistrez-le de nouveau"
        ) from trouble
    absent = [column for column in COLUMNS[:4] if column not in rows]
    if absent:
        raise bad_file(
            path, 1, f"la colonne « {absent[0]} » manque", f"colonnes attendues : {', '.join(COLUMNS)}"
        )
    for line, row in enumerate(rows.itertuples(index=False), start=2):
        if row.code not in codebook.codes(str(row.scheme)):
            raise bad_file(
                path,
                line,
                f"le code « {row.code} » n'est pas dans la grille sous « {row.scheme} »",
                "corrigez-le",
            )
        if row.mentioned not in {"0", "1"}:
            raise bad_file(
                path, line, f"« {row.mentioned} » n'est ni 0 ni 1", "écrivez 1 si le code est dit, 0 sinon"
            )
    return rows.assign(mentioned=rows["mentioned"] == "1").reindex(columns=COLUMNS, fill_value="")


def settled(readings: pd.DataFrame) -> pd.DataFrame:
    """Return one row a respondent and code: what was written last.

    >>> twice = pd.DataFrame({"contribution_id": "r", "scheme": "theme", "code": "acces", "mentioned": [False, True]})
    >>> settled(twice)["mentioned"].tolist()
    [True]
    """
    return readings.drop_duplicates(KEY, keep="last", ignore_index=True)
