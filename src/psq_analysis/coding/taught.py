"""What a codebook and the remarks coded by people teach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache, partial

import numpy as np
import pandas as pd

from psq_analysis.coding import text_model
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import (
    HUMAN_COLUMN,
    as_text,
    code_table,
    is_coded,
    not_coded_again,
    same_text,
    was_read,
)
from psq_analysis.coding.learners import MOST_TAUGHT, Coder, Taught, learn

# What a remark coded by people counts for: one of the run itself as two of the examples of the codebook, and four of those it was
# written from. On 170 answers nobody had read, examples the codebook was written from cost 0.02 on themes when they count in full.
OF_THE_RUN, OF_THE_CODEBOOK, WRITTEN_FROM = 2.0, 1.0, 0.25


class Lessons:
    """Remarks coded by people, read once, whatever the schemes: the examples of the codebook, and those of a run."""

    def __init__(self, remarks: pd.DataFrame, codebook: Codebook, *, sentence_model: str = "") -> None:
        self.remarks = remarks
        if len(remarks):
            self.reading = read_remarks(remarks, codebook, sentence_model=sentence_model)
            self.features = text_model.features(self.reading)
            self.free = ~was_read(remarks, codebook.written_from)
        # two: schemes that code every remark, and one that codes some
        self._inverse = lru_cache(maxsize=2)(self._invert)

    @cached_property
    def _likeness(self) -> np.ndarray:
        return text_model.likeness(self.features)

    def _invert(self, rows: bytes) -> np.ndarray:
        taken = np.frombuffer(rows, dtype=np.intp)
        trust = self.remarks["counts_for"].to_numpy()[taken]
        return text_model.inverted(self._likeness[np.ix_(taken, taken)], trust)

    def of(self, scheme: str, *, without: np.ndarray | None = None) -> Taught | None:
        """Return the remarks coded under ``scheme``, but those ``without`` (boolean, per remark); None where there are none."""
        if not len(self.remarks):
            return None
        kept = is_coded(self.remarks, HUMAN_COLUMN[scheme])
        if without is not None:
            kept &= ~without
        rows = np.flatnonzero(kept)
        if not len(rows):
            return None
        codes = list(self.reading.codebook.codes(scheme))
        return Taught(
            self.reading.take(rows),
            self.features[rows],
            code_table(self.remarks.iloc[rows], HUMAN_COLUMN[scheme], codes),
            self.remarks["counts_for"].to_numpy()[rows],
            self.free[rows],
            partial(self._inverse, rows.tobytes()) if len(self.remarks) <= MOST_TAUGHT else None,
        )


def coded_remarks(
    codebook: Codebook, human: pd.DataFrame | None, *, asked: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the remarks that teach (``counts_for`` beside their codes): the coded examples of the codebook, then the codes of a run.

    An example that the run codes again, or that is one of the texts to code (``asked``), is left out.
    """
    frames = []
    if codebook.coded_examples is not None:
        examples = codebook.coded_examples
        kept = examples if human is None else not_coded_again(examples, human)
        to_code = {same_text(text) for text in asked}
        kept = kept[[same_text(text) not in to_code for text in as_text(kept["remark"])]]
        read = was_read(kept, codebook.written_from)
        frames.append(kept.assign(counts_for=np.where(read, WRITTEN_FROM, OF_THE_CODEBOOK)))
    if human is not None:
        frames.append(human.assign(counts_for=OF_THE_RUN))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def taught_coders(
    codebook: Codebook,
    human: pd.DataFrame | None,
    *,
    asked: Iterable[str] = (),
    sentence_model: str = "",
    seed: int,
) -> Mapping[str, Coder]:
    """Return, per scheme, what the remarks of :func:`coded_remarks` teach; without a run, learnt once for a codebook."""
    remarks = coded_remarks(codebook, human, asked=asked)
    is_whole = human is None and len(remarks) == (
        0 if codebook.coded_examples is None else len(codebook.coded_examples)
    )
    key = (sentence_model, seed)
    if is_whole and key in codebook.learnt:
        return codebook.learnt[key]
    lessons = Lessons(remarks, codebook, sentence_model=sentence_model)
    coders = {scheme: learn(scheme, lessons.of(scheme), seed=seed) for scheme in codebook.schemes}
    if is_whole:
        codebook.learnt[key] = coders
    return coders


def read_remarks(remarks: pd.DataFrame, codebook: Codebook, *, sentence_model: str = "") -> Reading:
    """Return remarks (``remark``, optional ``question``) as read through the codebook."""
    questions = as_text(remarks["question"]) if "question" in remarks else [""] * len(remarks)
    return Reading.of(codebook, as_text(remarks["remark"]), questions, sentence_model=sentence_model)
