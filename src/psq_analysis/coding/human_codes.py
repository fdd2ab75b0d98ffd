"""Codes given by people: read, checked, found again.

A row codes one remark: ``remark`` (its text), optional ``question``, ``remark_id`` or ``idea_id``, and the lists ``themes``
and ``objectives``, optional ``tone`` and ``fundamental``. A field that a row does not have was not coded; an empty list means
that no code fits. When a remark is coded twice, the last row wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from psq_analysis.coding.codebook import Codebook
from psq_analysis.tables.record_files import bad_file, read_records

HUMAN_COLUMN = {"theme": "themes", "objective": "objectives", "fundamental": "fundamental", "tone": "tone"}

if TYPE_CHECKING:
    from psq_analysis.coding.codebook import Codebook


def read_human_codes(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Return the codes people gave, checked against the codebook.

    Raises :class:`~psq_analysis.tables.record_files.BadRemarkFile`, naming file and line, on a missing or unknown code.
    """
    human = read_records(path, required="remark")
    if not {"themes", "objectives", "tone", "fundamental"} & set(human):
        raise bad_file(
            Path(path),
            None,
            "aucun code humain n'est donné",
            "ajoutez au moins le champ « themes » (liste de codes)",
        )
    for column, scheme in (
        ("themes", "theme"),
        ("objectives", "objective"),
        ("tone", "tone"),
        ("fundamental", "fundamental"),
    ):
        if column not in human:
            continue
        known = set(codebook.codes(scheme))
        for number, cell in enumerate(human[column], start=1):
            unknown = [code for code in codes_in(cell) if code not in known]
            if unknown:
                trouble = f"le code « {unknown[0]} » de « {column} » n'est pas dans la grille"
                raise bad_file(
                    Path(path), number, trouble, "corrigez-le ou donnez la bonne grille (--codebook)"
                )
    return human


def codes_in(cell: Any) -> list[str]:
    """Return the codes written in a cell: a list, one code, or nothing.

    >>> codes_in(["presence"]), codes_in("neutre"), codes_in(None)
    (['presence'], ['neutre'], [])
    """
    if isinstance(cell, str):
        return [cell] if cell else []
    return [] if cell is None or isinstance(cell, float) else [str(code) for code in cell]


def is_coded(human: pd.DataFrame, column: str) -> np.ndarray:
    """Return, per row, whether people coded it under ``column``; an empty list is a code given, a missing cell is not.

    >>> is_coded(pd.DataFrame({"themes": [["presence"], [], None]}), "themes").tolist()
    [True, True, False]
    """
    if column not in human:
        return np.zeros(len(human), dtype=bool)
    return np.array([cell is not None and not isinstance(cell, float) for cell in human[column]], dtype=bool)


def code_table(human: pd.DataFrame, column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return rows × codes (boolean): which codes were given."""
    given = [set(codes_in(cell)) for cell in human[column]]
    return pd.DataFrame(
        {code: [code in cell for cell in given] for code in codes}, columns=list(codes), dtype=bool
    )


def same_text(text: str) -> str:
    """Return the key under which two copies of a remark are the same: case and spaces do not count.

    >>> same_text(" Plus de  police ") == same_text("plus de police")
    True
    """
    return " ".join(text.casefold().split())


def trace(text: str) -> str:
    """Return by what a remark is known without being kept: sixteen letters from which it cannot be read back.

    >>> trace("Plus de police ") == trace("plus de  police"), len(trace("Plus de police"))
    (True, 16)
    """
    return hashlib.sha256(same_text(text).encode()).hexdigest()[:16]


def was_read(human: pd.DataFrame, traces: frozenset[str]) -> np.ndarray:
    """Return, per row, whether the codebook was written by someone who had read the remark (its :func:`trace` is among ``traces``)."""
    return np.array([trace(text) in traces for text in as_text(human["remark"])], dtype=bool)


def as_text(column: pd.Series) -> list[str]:
    """Return the texts of a column, empty where there is none."""
    return column.fillna("").astype(str).tolist()


def not_coded_again(examples: pd.DataFrame, human: pd.DataFrame) -> pd.DataFrame:
    """Return the coded examples of a codebook that the codes of a run do not code too.

    >>> examples = pd.DataFrame({"remark": ["Plus de rondes", "Trop de bruit"], "themes": [["presence"], ["efficacite"]]})
    >>> not_coded_again(examples, pd.DataFrame({"remark": ["plus de rondes"], "themes": [["acces"]]}))["remark"].tolist()
    ['Trop de bruit']
    """
    questions = human["question"] if "question" in human else pd.Series("", index=human.index)
    again = find_codes(
        examples,
        texts=human["remark"].tolist(),
        questions=questions.fillna("").astype(str).tolist(),
        ids=human if "remark_id" in human else None,
        id_column="remark_id",
    )
    return examples.drop(index=examples.index[np.unique(again[again >= 0])])


def find_codes(
    human: pd.DataFrame,
    *,
    texts: Sequence[str],
    questions: Sequence[str],
    ids: pd.DataFrame | None = None,
    id_column: str | None = None,
) -> np.ndarray:
    """Return, per text, the row of ``human`` that codes it (by identifier, else by text and question), or −1."""
    asked = (
        human["question"].fillna("").astype(str) if "question" in human else pd.Series("", index=human.index)
    )
    row_of = {
        (same_text(text), same_text(question)): row
        for row, (text, question) in enumerate(zip(human["remark"], asked, strict=True))
    }
    found = np.array(
        [
            row_of.get((same_text(text), same_text(question)), row_of.get((same_text(text), ""), -1))
            for text, question in zip(texts, questions, strict=True)
        ],
        dtype=int,
    )
    if ids is not None and id_column and id_column in human:
        row_of_id = {
            identifier: row for row, identifier in enumerate(human[id_column]) if isinstance(identifier, str)
        }
        by_id = ids[id_column].map(row_of_id).fillna(-1).astype(int).to_numpy()
        found = np.where(by_id >= 0, by_id, found)
    return found
