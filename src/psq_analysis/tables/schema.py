"""The tables that flow through the chain: names, types, units, meaning.

Every table the chain writes under ``data/processed/RUN/`` is declared in the module of the notebook that writes it
(``cleaned_tables``, ``coded_tables``, ``compared_tables``) and nowhere else. A stage ends with :func:`conform`, which orders the
columns, casts them and refuses a table that breaks its contract. ``docs/dictionary.md`` is tested against the descriptions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from psq_analysis.tables import cleaned_tables, coded_tables, compared_tables
from psq_analysis.tables.columns import COUNT, FLAG, REAL, TEXT, Table
from psq_analysis.tables.terms import (
    COUNTED,
    NO_CONTENT,
    ORIGINS,
    OTHER,
    OUT_OF_SCOPE,
    OVERSEAS,
    SCHEMES,
    SHEET,
    STAKEHOLDERS,
    TERRITORIES,
    TERRITORY_TYPES,
    UNDETERMINED,
    UNSAID,
    VOICE_FAMILIES,
)

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = [
    "COUNT",
    "COUNTED",
    "FLAG",
    "NO_CONTENT",
    "ORIGINS",
    "OTHER",
    "OUT_OF_SCOPE",
    "OVERSEAS",
    "REAL",
    "SCHEMES",
    "SHEET",
    "STAKEHOLDERS",
    "TABLES",
    "TERRITORIES",
    "TERRITORY_TYPES",
    "TEXT",
    "UNDETERMINED",
    "UNSAID",
    "VOICE_FAMILIES",
    "ContractError",
    "conform",
    "disjoint",
    "empty",
]

TABLES: dict[str, Table] = cleaned_tables.TABLES | coded_tables.TABLES | compared_tables.TABLES
# the notebook that writes each table, from 1
STAGE_OF = {
    table: stage
    for stage, tables in enumerate(
        (cleaned_tables.TABLES, coded_tables.TABLES, compared_tables.TABLES), start=1
    )
    for table in tables
}


class ContractError(ValueError):
    """A table does not have the columns, types or values its schema promises."""


def empty(table: str) -> pd.DataFrame:
    """Return the table with no row, each column in its type."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return conform(pd.DataFrame(columns=list(TABLES[table].columns)), table)


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return ``frame`` with exactly the columns of ``table``, in order and in their types.

    Raises :class:`ContractError` when a column is missing or a value breaks the contract; the message names table,
    column and rule, never a value.

    >>> conform(pd.DataFrame({"source_file": ["a.csv"], "stage": ["read"], "rows_in": [3], "rows_out": [2],
    ...                       "rows_merged": [0], "rows_rejected": [1]}), "ledger").shape
    (1, 6)
    >>> conform(pd.DataFrame({"source_file": ["a.csv"]}), "ledger")
    Traceback (most recent call last):
        ...
    psq_analysis.tables.schema.ContractError: table ledger: missing columns stage, rows_in, rows_out, rows_merged, rows_rejected
    """
    model = TABLES[table]
    unsaid = {
        name: value for name, value in UNSAID.items() if name in model.columns and name not in frame.columns
    }
    if unsaid:
        frame = frame.assign(**unsaid)
    missing = [name for name in model.columns if name not in frame.columns]
    if missing:
        raise ContractError(f"table {table}: missing columns {', '.join(missing)}")
    ordered = frame[list(model.columns)].reset_index(drop=True)
    from pandera.errors import SchemaErrors  # noqa: PLC0415 (a third of a second that reading a file does not pay for)

    typed = ordered.astype(_types(table))
    try:
        return _contract(table).validate(typed, lazy=True)
    except SchemaErrors as error:
        broken = sorted({f"{row.column}: {row.check}" for row in error.failure_cases.itertuples()}, key=str)
        raise ContractError(f"table {table}: {'; '.join(broken)}") from None


@cache
def _types(table: str) -> dict[str, Any]:
    """The types of the columns of a table, as pandas names them."""
    from pandera.engines.pandas_engine import Engine  # noqa: PLC0415 (as above)

    return {name: Engine.dtype(one.dtype).type for name, one in TABLES[table].columns.items()}


@cache
def _contract(table: str) -> pa.DataFrameSchema:
    """The rules of a table as pandera checks them, on columns that have their types already."""
    import pandera.pandas as pa  # noqa: PLC0415 (a third of a second that reading a file does not pay for)

    declared = TABLES[table]
    columns = {
        name: pa.Column(
            None,
            [getattr(pa.Check, check.rule)(*check.arguments) for check in one.checks],
            nullable=one.nullable,
            unique=one.unique,
            description=one.description,
        )
        for name, one in declared.columns.items()
        if one.checks or one.unique or not one.nullable
    }
    if declared.adds_up is None:
        return pa.DataFrameSchema(columns, name=table)
    whole, parts = declared.adds_up
    adds_up = pa.Check(
        lambda rows: rows[whole] == rows[list(parts)].sum(axis=1), error=f"{whole} = {' + '.join(parts)}"
    )
    return pa.DataFrameSchema(columns, checks=[adds_up], name=table)


def disjoint(contributions: pd.DataFrame) -> pd.Series:
    """Return the territory of each contribution, in disjoint groups: mainland by type, overseas as one, undetermined.

    >>> disjoint(pd.DataFrame({"territory_type": ["urbain", "urbain", "indetermine"],
    ...                        "overseas": pd.array([True, False, pd.NA], dtype="boolean")})).to_list()
    ['outre_mer', 'urbain', 'indetermine']
    """
    overseas = contributions["overseas"].astype("boolean").fillna(False).astype(bool)
    return contributions["territory_type"].astype("string").mask(overseas, OVERSEAS).rename("territory")
