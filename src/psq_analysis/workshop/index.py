"""The index of the remarks of a run: SQLite's full-text search (FTS5), built once and kept beside the tables.

It holds masked texts only, like the tables it is made from; it is made again when these change, and goes when a contribution is erased.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd

from psq_analysis import progress
from psq_analysis.runs.run import DERIVED, Run
from psq_analysis.text import search
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.plain import unaccent
from psq_analysis.text.word_vectors import word_vectors
from psq_analysis.workshop.said import Said, by_remark

FILE, VECTORS = f"{DERIVED}.sqlite", f"{DERIVED}.npy"
MADE_FROM = ("contributions", "remarks", "ideas", "codes", "subthemes", "demands", "demand_groups")
SCHEMES_SHOWN = {"theme": "themes", "objective": "objectives", "tone": "tones", "subtheme": "subthemes", "demande": "demands", "irritant": "irritants"}  # fmt: skip
PART = 20_000  # remarks indexed at a time
PEOPLE = ("stakeholder", "territory", "territory_label", "departement_label", "epci", "commune", "wave", "source_file", "source_row")  # fmt: skip
_TABLES = """
create table remarks (row integer primary key, remark_id text, contribution_id text, question text, text text, is_noise integer,
    score real, themes text, objectives text, tones text, subthemes text, demands text, irritants text);
create table codes (row integer, scheme text, code text);
create table people (contribution_id text primary key, {people});
create table names (scheme text, code text, label text);
create table forms (form text, stem text);
create virtual table words using fts5 (stems, forms, content='', detail='full', prefix='3');
create table made_from (seal text);
"""
_KEYS = """
create index of_code on codes (scheme, code);
create index of_form on forms (form);
create index of_remark on remarks (remark_id);
create index of_contribution on remarks (contribution_id);
"""


def open_index(run: Run, read: Callable[[], tuple[Said, pd.DataFrame]]) -> sqlite3.Connection:
    """Open the index of a run; it is built first where there is none, or where the tables changed since.

    ``read``: what is said, and the respondents with the columns :data:`PEOPLE`; called only to build.
    """
    path, seal = run.processed / FILE, _seal(run)
    if not (path.is_file() and _sealed(path) == seal):
        build(run, *read(), path, seal)
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)


def vectors(run: Run) -> np.ndarray:
    """The directions of the words of the remarks, in the order of the index (remarks × dimensions), read as they are needed."""
    return np.load(run.processed / VECTORS, mmap_mode="r")


def _seal(run: Run) -> str:
    """What the index is made from: the size and time of each table."""
    found = [run.processed / f"{table}.parquet" for table in MADE_FROM]
    return ";".join(
        f"{path.stem} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in found if path.is_file()
    )


def _sealed(path: Path) -> str:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as index:
            return str(index.execute("select seal from made_from").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return ""  # half written, or of another version


def build(run: Run, said: Said, people: pd.DataFrame, path: Path, seal: str) -> None:
    """Write the index whole or not at all."""
    remarks = run.read("remarks").reset_index(drop=True)
    codes = by_remark(said, run.read("ideas"))
    row_of = pd.Series(remarks.index, index=remarks["remark_id"])
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial)) as index:
        index.executescript(
            "pragma journal_mode=off; pragma synchronous=off;"
            + _TABLES.replace("{people}", ", ".join(PEOPLE))
        )
        index.executemany(
            "insert into names values (?, ?, ?)", [(*key, name) for key, name in said.names.items()]
        )
        columns = [_plain(people[name]) for name in ("contribution_id", *PEOPLE)]
        index.executemany(
            f"insert into people values ({', '.join('?' * len(columns))})", zip(*columns, strict=True)
        )
        _add_remarks(index, remarks, codes)
        rows = zip(codes["remark_id"].map(row_of).tolist(), codes["scheme"], codes["code"], strict=True)
        index.executemany("insert into codes values (?, ?, ?)", rows)
        _add_words(index, remarks["text"].tolist())
        index.executescript(_KEYS)
        index.execute("insert into made_from values (?)", (seal,))
        index.commit()
    _write_vectors(remarks["text"].tolist(), path.with_name(VECTORS))
    partial.replace(path)


def _add_remarks(index: sqlite3.Connection, remarks: pd.DataFrame, codes: pd.DataFrame) -> None:
    columns = {
        "score": codes[codes["scheme"] == "theme"].groupby("remark_id")["score"].max().astype(float),
        **{
            column: codes[codes["scheme"] == scheme].groupby("remark_id")["label"].agg(" ; ".join)
            for scheme, column in SCHEMES_SHOWN.items()
        },
    }
    table = remarks[["remark_id", "contribution_id", "question", "text", "is_noise"]]
    table = table.assign(**{name: remarks["remark_id"].map(values) for name, values in columns.items()})
    values = [_plain(table[name]) for name in table]
    marks = ", ".join("?" * (len(values) + 1))
    index.executemany(
        f"insert into remarks (row, {', '.join(table.columns)}) values ({marks})",
        zip(range(len(table)), *values, strict=True),
    )


def _plain(column: pd.Series) -> list[object]:
    """The values of a column as SQLite takes them."""
    return column.astype(object).where(column.notna(), None).tolist()


def _add_words(index: sqlite3.Connection, texts: list[str]) -> None:
    stems: dict[str, str] = {}
    for start in progress.over(range(0, len(texts), PART), "index"):
        lines, met = search.indexed(texts[start : start + PART])
        stems |= met
        index.executemany(
            "insert into words (rowid, stems, forms) values (?, ?, ?)",
            ((start + place, *line) for place, line in enumerate(lines)),
        )
    forms = {(unaccent(form), stem) for form, stem in stems.items()}
    forms |= set(search.inflexions(set(stems.values())))
    index.executemany("insert into forms values (?, ?)", sorted(forms))


def _write_vectors(texts: list[str], path: Path) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.npy")
    parts = [
        word_vectors().of(Corpus.read(texts[start : start + PART])).astype(np.float16)
        for start in range(0, len(texts), PART)
    ]
    np.save(partial, np.concatenate(parts) if parts else np.zeros((0, 1), np.float16))
    partial.replace(path)
