"""What a codebook and the remarks coded by people teach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.frozen import FrozenEstimator

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import HUMAN_COLUMN, MIN_HUMAN, code_table, is_coded, not_coded_again
from psq_analysis.coding.human_learner import HumanCoder


def taught_coder(
    scheme: str, codebook: Codebook, human: pd.DataFrame | None, *, sentence_model: str = "", seed: int
) -> HumanCoder | None:
    """Return what people's codes teach of a scheme: the coded examples of the codebook, then those given; None without any.

    What the examples teach is learnt once for a codebook.
    """

    def read(taught: pd.DataFrame) -> Layer:
        return layer(scheme, taught, read_remarks(taught, codebook, sentence_model=sentence_model))

    examples = codebook.coded_examples
    if examples is None:
        before = None
    elif human is not None and len(kept := not_coded_again(examples, human)) < len(examples):
        before = learn([read(kept)], seed=seed)
    else:
        key = (scheme, sentence_model, seed)
        if key not in codebook.learnt:
            codebook.learnt[key] = learn([read(examples)], seed=seed)
        before = codebook.learnt[key]
    return before if human is None else learn([read(human)], before=before, seed=seed)


class Layer(NamedTuple):
    """Remarks that people coded under a scheme (rows of the table they gave), as read, and their codes (remarks × codes)."""

    scheme: str
    remarks: pd.DataFrame
    reading: Reading
    codes: pd.DataFrame

    def take(self, kept: np.ndarray) -> Layer:
        """Return some of the remarks (boolean, per remark)."""
        return Layer(
            self.scheme, self.remarks[kept], self.reading.take(np.flatnonzero(kept)), self.codes[kept]
        )


def layer(scheme: str, taught: pd.DataFrame, read: Reading) -> Layer:
    """Return the remarks of ``taught`` that people coded under ``scheme``; ``read``: all of them as read."""
    is_taught = is_coded(taught, HUMAN_COLUMN[scheme])
    remarks, codes = taught[is_taught].reset_index(drop=True), list(read.codebook.codes(scheme))
    given = code_table(remarks, HUMAN_COLUMN[scheme], codes) if len(remarks) else pd.DataFrame(columns=codes)
    return Layer(scheme, remarks, read.take(np.flatnonzero(is_taught)), given)


def read_remarks(remarks: pd.DataFrame, codebook: Codebook, *, sentence_model: str = "") -> Reading:
    """Return remarks (``remark``, optional ``question``) as read through the codebook."""
    questions = as_text(remarks["question"]) if "question" in remarks else [""] * len(remarks)
    return Reading.of(codebook, as_text(remarks["remark"]), questions, sentence_model=sentence_model)


def learn(layers: Iterable[Layer], *, before: HumanCoder | None = None, seed: int) -> HumanCoder | None:
    """Return what the codes of each layer teach beyond the one before; layers of under :data:`MIN_HUMAN` remarks teach nothing."""
    for taught in layers:
        if len(taught.reading) >= MIN_HUMAN:
            base = None if before is None else FrozenEstimator(before)
            before = HumanCoder(taught.scheme, base=base, seed=seed).fit(taught.reading, taught.codes)
    return before


def as_text(column: pd.Series) -> list[str]:
    return column.fillna("").astype(str).tolist()
