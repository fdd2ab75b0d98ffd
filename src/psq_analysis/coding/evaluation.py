"""How well the coding does, measured on remarks that people coded.

Figures are computed per code and over codes (micro, macro), each with a bootstrap interval over remarks. ``hors_champ`` counts
as a theme code, as it does for the people who code; figures without it are given too. A remark the model learnt from is never
scored by that model: where the codes learnt from and the codes scored share remarks, folds keep them apart (cross-validation),
and the in-sample figure is printed beside, to show how much is memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.model_selection import KFold

from psq_analysis.coding import text_model
from psq_analysis.coding.agreement import SCORED_SCHEMES, agreement, confusion, confusion_counts, f1_score
from psq_analysis.coding.assign import decide
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import HUMAN_COLUMN, code_table, read_human_codes, same_text
from psq_analysis.coding.learners import learn
from psq_analysis.coding.taught import Lessons, coded_remarks, read_remarks
from psq_analysis.privacy.mask import mask
from psq_analysis.tables.schema import OTHER, OUT_OF_SCOPE

# Four fifths to learn from, one fifth unseen: the usual cut, and the smallest code keeps examples on both sides.
FOLDS = 5
# 1,000 resamples place the ends of a 95 % interval within about 0.005.
RESAMPLES = 1_000
CALIBRATION_BINS = 5
# Fewer coded remarks than this leave an interval wider than ±0.10 on F1: a figure one could not act upon.
MIN_CODED = 100


@dataclass(frozen=True)
class Evaluation:
    """What ``psq evaluate`` prints.

    ``by_code``: ``method``, ``scheme``, ``code``, ``support``, ``precision``, ``recall``, ``f1``, ``low``, ``high``.
    ``overall``: ``method``, ``scheme``, ``figure`` (``micro``, ``macro``, ``micro_in_scope``), ``f1``, ``low``, ``high``.
    ``agreement``: ``scheme``, ``figure`` (``micro_f1``, ``kappa``), ``value``; empty without two readers.
    ``calibration``: ``method``, ``scheme``, ``score`` (mean of the bin), ``right`` (share given by people), ``decisions``.
    ``outcomes``: ``method``, ``outcome``, ``remarks``, ``share``.
    ``confusion``: ``method``, ``scheme``, ``code`` (given by people), ``given`` (in its place), ``remarks``.
    """

    remarks: int
    by_code: pd.DataFrame
    overall: pd.DataFrame
    agreement: pd.DataFrame
    calibration: pd.DataFrame
    outcomes: pd.DataFrame
    confusion: pd.DataFrame

    @property
    def best(self) -> str:
        """The method that learnt from most, on remarks it had not seen."""
        return [method for method in self.overall["method"].unique() if not method.endswith("in_sample")][-1]


def evaluate(
    gold: pd.DataFrame,
    codebook: Codebook,
    *,
    human: pd.DataFrame | None = None,
    sentence_model: str = "",
    seed: int,
) -> Evaluation:
    """Score the coding of ``gold`` (``remark``, optional ``question``, ``themes``, ``objectives``, ``tone``) against its own codes.

    ``sentence_model``: as in :func:`psq_analysis.coding.assign.code_ideas`.

    Methods: ``codebook`` (the expressions alone); where the codebook has coded examples, ``examples`` (those that are not of ``gold``);
    with ``human``, ``human`` (examples and people's codes), ``cross_validated`` and ``in_sample`` in its place when ``gold`` shares
    remarks with them.
    """
    asked = read_remarks(gold, codebook, sentence_model=sentence_model)
    read = text_model.features(asked)
    of_gold = set().union(*_keys(gold))
    taught = {}
    if codebook.coded_examples is not None:
        remarks = coded_remarks(codebook, None)
        kept = np.array([not keys & of_gold for keys in _keys(remarks)], dtype=bool)
        taught["examples"] = Lessons(
            remarks[kept].reset_index(drop=True), codebook, sentence_model=sentence_model
        )
    if human is not None:
        taught["human"] = Lessons(coded_remarks(codebook, human), codebook, sentence_model=sentence_model)
    by_code, overall, calibration, outcomes, confusions = [], [], [], [], []
    for scheme in [s for s in SCORED_SCHEMES if s in codebook.schemes and HUMAN_COLUMN[s] in gold]:
        codes = list(codebook.codes(scheme))
        truth = code_table(gold, HUMAN_COLUMN[scheme], codes).to_numpy()
        methods = {"codebook": asked.scores(scheme)}
        for name, lessons in taught.items():
            if lessons.of(scheme) is None:
                continue
            everything = learn(scheme, lessons.of(scheme), seed=seed).predict_proba(asked, read)
            if name == "human" and _shared(gold, human):
                methods["cross_validated"] = _cross_validated(gold, asked, read, scheme, lessons, seed=seed)
                methods["in_sample"] = everything
            else:
                methods[name] = everything
        for method, scores in methods.items():
            chosen = decide(scores.reset_index(drop=True), codebook, scheme)
            given_codes = chosen[codes].to_numpy()
            draws = _resamples(len(gold), seed)
            by_code.append(
                _code_figures(truth, given_codes, codes, draws).assign(method=method, scheme=scheme)
            )
            overall.append(
                _overall_figures(truth, given_codes, codes, draws).assign(method=method, scheme=scheme)
            )
            confusions.append(
                confusion(truth, given_codes, scores.to_numpy(), codes).assign(method=method, scheme=scheme)
            )
            calibration.append(_reliability(truth, scores.to_numpy()).assign(method=method, scheme=scheme))
            if OTHER in chosen:
                counts = chosen[[OTHER, *[c for c in codes if c == OUT_OF_SCOPE]]].sum()
                outcomes.append(
                    pd.DataFrame(
                        {"method": method, "outcome": counts.index, "remarks": counts.to_numpy()}
                    ).assign(share=lambda t: t["remarks"] / max(1, len(gold)))
                )
    return Evaluation(
        remarks=len(gold),
        by_code=_stack(by_code),
        overall=_stack(overall),
        agreement=agreement(gold, codebook),
        calibration=_stack(calibration),
        outcomes=_stack(outcomes),
        confusion=_stack(confusions),
    )


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


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _keys(frame: pd.DataFrame) -> list[set[str]]:
    """What makes a remark recognisable: its text, masked or not, and its identifiers where the file gives some."""
    texts = [
        {"text:" + same_text(text), "text:" + same_text(mask(text).text)}
        for text in frame["remark"].astype(str)
    ]
    for column in [name for name in ("id", "remark_id") if name in frame]:
        texts = [keys | {f"{column}:{name}"} for keys, name in zip(texts, frame[column], strict=True)]
    return texts


def _shared(gold: pd.DataFrame, human: pd.DataFrame) -> bool:
    return bool(set().union(*_keys(gold)) & set().union(*_keys(human)))


def _cross_validated(
    gold: pd.DataFrame, asked: Reading, read: sparse.csr_matrix, scheme: str, lessons: Lessons, *, seed: int
) -> pd.DataFrame:
    """Score each fold of ``gold`` by a model that saw none of its remarks; copies of a remark stay in one fold."""
    gold_keys, taught_keys = _keys(gold), _keys(lessons.remarks)
    texts = pd.factorize(gold["remark"].astype(str).map(same_text))[0]
    number_of_folds = min(FOLDS, texts.max() + 1)
    parts: list[pd.DataFrame] = []
    distinct = np.arange(texts.max() + 1)
    for _, held in KFold(number_of_folds, shuffle=True, random_state=seed).split(distinct):
        scored = np.flatnonzero(np.isin(texts, held))
        hidden = set().union(*[gold_keys[row] for row in scored])
        without = np.array([bool(keys & hidden) for keys in taught_keys], dtype=bool)
        coder = learn(scheme, lessons.of(scheme, without=without), seed=seed)
        parts.append(coder.predict_proba(asked.take(scored), read[scored]).set_axis(scored))
    return pd.concat(parts).sort_index()


def _resamples(remarks: int, seed: int) -> np.ndarray:
    draws = np.random.default_rng(seed).integers(0, max(1, remarks), size=(RESAMPLES, remarks))
    counts = np.zeros((RESAMPLES, remarks))
    np.add.at(counts, (np.repeat(np.arange(RESAMPLES), remarks), draws.ravel()), 1)
    return counts


def _interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    return low, high


def _code_figures(
    truth: np.ndarray, given: np.ndarray, codes: Sequence[str], draws: np.ndarray
) -> pd.DataFrame:
    right, missed, wrong = (counts[0] for counts in confusion_counts(truth, given, np.ones((1, len(truth)))))
    low, high = _interval(f1_score(*confusion_counts(truth, given, draws)))
    return pd.DataFrame(
        {
            "code": list(codes),
            "support": truth.sum(axis=0),
            "precision": right / np.maximum(1, right + wrong),
            "recall": right / np.maximum(1, right + missed),
            "f1": f1_score(right, missed, wrong),
            "low": low,
            "high": high,
        }
    )


def _overall_figures(
    truth: np.ndarray, given: np.ndarray, codes: Sequence[str], draws: np.ndarray
) -> pd.DataFrame:
    inside = np.array([code != OUT_OF_SCOPE for code in codes])
    rows = []
    whole = np.ones((1, len(truth)))
    for figure, columns, averaged in (
        ("micro", slice(None), False),
        ("macro", slice(None), True),
        ("micro_in_scope", inside, False),
    ):
        values = []
        for sample in (whole, draws):
            counts = [part[:, columns] for part in confusion_counts(truth, given, sample)]
            values.append(
                f1_score(*counts).mean(axis=1)
                if averaged
                else f1_score(*[part.sum(axis=1) for part in counts])
            )
        low, high = _interval(values[1])
        rows.append({"figure": figure, "f1": values[0][0], "low": low, "high": high})
    return pd.DataFrame(rows if not inside.all() else rows[:2])


def _reliability(truth: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    """Per bin of score: the mean score and the share of decisions people confirm."""
    bins = np.minimum((scores.ravel() * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    cells = pd.DataFrame({"bin": bins, "score": scores.ravel(), "right": truth.ravel()})
    return (
        cells.groupby("bin")
        .agg(score=("score", "mean"), right=("right", "mean"), decisions=("score", "size"))
        .reset_index(drop=True)
    )
