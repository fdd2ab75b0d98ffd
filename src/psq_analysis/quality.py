"""How far the coding of this run can be trusted: measured on codes given by people, or « non évalué »."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from psq_analysis import french
from psq_analysis.codebook import Codebook
from psq_analysis.evaluation import evaluate
from psq_analysis.human_codes import read_human_codes
from psq_analysis.labels import label

# Fewer coded remarks than this leave an interval wider than ±0.10 on F1: a figure one could not act upon.
MIN_CODED = 100


def human_codes(path: Path | None, codebook: Codebook) -> pd.DataFrame | None:
    """The remarks coded by people that a run names, checked against its codebook; None when it names none."""
    return None if path is None else read_human_codes(path, codebook)


def coding_quality(human: pd.DataFrame | None, codebook: Codebook, *, seed: int) -> pd.DataFrame:
    """Cross-validate the coding on the run's own human codes: one row a scheme, ``scheme``, ``f1``, ``low``, ``high``.

    Empty when no remark, or too few, were coded by people. F1 is micro-averaged over codes, its interval by resampling remarks.
    """
    if human is None or len(human) < MIN_CODED:
        return pd.DataFrame(columns=["scheme", "f1", "low", "high"])
    overall = evaluate(human, codebook, human=human, seed=seed).overall
    kept = overall[(overall["method"] == "cross_validated") & (overall["figure"] == "micro")]
    return kept[["scheme", "f1", "low", "high"]].reset_index(drop=True)


def quality_sentence(quality: pd.DataFrame, codes: pd.DataFrame) -> str:
    """Say how the coding was checked and what came out, or that it was not.

    >>> quality_sentence(pd.DataFrame(columns=["scheme", "f1", "low", "high"]), pd.DataFrame({"idea_id": ["i"], "origin": ["codebook"]}))
    'Qualité du codage : non évaluée, faute de remarques codées par des personnes.'
    """
    by_people = codes.groupby("idea_id")["origin"].agg(lambda origins: (origins == "human").any()).mean()
    people = (
        f" {french.percent(by_people)} des idées portent un code donné par une personne ; les autres sont codées par le programme."
        if by_people
        else ""
    )
    if quality.empty:
        return f"Qualité du codage : non évaluée, faute de remarques codées par des personnes.{people}"
    figures = " ; ".join(
        f"{label('schemes', row.scheme).lower()}s : {french.number(row.f1, digits=2)} "
        f"[{french.number(row.low, digits=2)} ; {french.number(row.high, digits=2)}]"
        for row in quality.itertuples()
    )
    return (
        f"Sur des remarques que le programme n'avait pas vues, son accord avec les personnes (F1, 1 : même codage) est de — {figures}. "
        f"Entre deux personnes, il est d'environ 0,75 dans des consultations comparables.{people}"
    )
