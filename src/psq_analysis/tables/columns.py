"""How a table is declared: its columns with their types, meanings and the values they may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

TEXT = pd.StringDtype()
FLAG = "bool"
COUNT = "int64"
REAL = "float64"
OPTIONAL_COUNT, OPTIONAL_REAL = "Int64", "Float64"  # with empty cells


class Check(NamedTuple):
    """A rule of pandera, by its name, and what it is asked with."""

    rule: str
    arguments: tuple[Any, ...]


class Column(NamedTuple):
    """One column: its type, its meaning, what its values must satisfy."""

    dtype: Any
    description: str
    checks: tuple[Check, ...] = ()
    nullable: bool = False
    unique: bool = False


class Table(NamedTuple):
    """One table: its columns in order; ``adds_up``: a column, and those it is the sum of."""

    columns: Mapping[str, Column]
    adds_up: tuple[str, tuple[str, ...]] | None = None


def column(
    dtype: object, description: str, *checks: Check, nullable: bool = False, unique: bool = False
) -> Column:
    """Declare a column."""
    return Column(dtype, description, checks, nullable, unique)


def one_of(values: tuple[str, ...]) -> Check:
    """Only these values."""
    return Check("isin", (values,))


def between(low: float, high: float) -> Check:
    """From ``low`` to ``high``, ends included."""
    return Check("in_range", (low, high))


def at_least(low: float) -> Check:
    """Not under ``low``."""
    return Check("ge", (low,))


SHARE = between(0.0, 1.0)
NOT_NEGATIVE = at_least(0)
LENGTH_5 = Check("str_length", (5, 5))
