"""How right the coding is on the remarks that people coded."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.evaluation import Evaluation, evaluate
from psq_analysis.coding.human_codes import read_human_codes

# Fewer coded remarks than this leave an interval wider than ±0.10 on F1: a figure one could not act upon.
MIN_CODED = 100


def human_codes(path: Path | None, codebook: Codebook) -> pd.DataFrame | None:
    """The remarks coded by people that a run names, checked against its codebook; None when it names none."""
    return None if path is None else read_human_codes(path, codebook)


def coding_quality(
    human: pd.DataFrame | None, codebook: Codebook, *, sentence_model: str = "", seed: int
) -> Evaluation | None:
    """Cross-validate the coding on the run's own human codes; None when no remark, or too few, were coded by people.

    ``sentence_model``: the one the run codes with (:func:`psq_analysis.coding.assign.code_ideas`).
    """
    if human is None or len(human) < MIN_CODED:
        return None
    return evaluate(human, codebook, human=human, sentence_model=sentence_model, seed=seed)
