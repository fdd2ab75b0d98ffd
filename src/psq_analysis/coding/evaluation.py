"""How well the coding does, measured on remarks that people coded.

Figures are computed per code and over codes (micro, macro), each with a bootstrap interval over remarks. ``hors_champ`` counts
as a theme code, as it does for the people who code; figures without it are given too. A remark the model learnt from is never
scored by that model: where the codes learnt from and the codes scored share remarks, folds keep them apart (cross-validation),
and the in-sample figure is printed beside, to show how much is memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold

from psq_analysis.coding.agreement import SCORED_SCHEMES, agreement, confusion, confusion_counts, f1_score
from psq_analysis.coding.assign import decide
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import HUMAN_COLUMN, code_table, not_coded_again, same_text
from psq_analysis.coding.learners import CorpusCoder, SeedCoder
from psq_analysis.coding.taught import Layer, layer, learn, read_remarks
from psq_analysis.privacy.mask import mask
from psq_analysis.tables.schema import OTHER, OUT_OF_SCOPE

# Four fifths to learn from, one fifth unseen: the usual cut, and the smallest code keeps examples on both sides.
FOLDS = 5
# 1,000 resamples place the ends of a 95 % interval within about 0.005.
RESAMPLES = 1_000
CALIBRATION_BINS = 5


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
    corpus: pd.DataFrame | None = None,
    sentence_model: str = "",
    seed: int,
) -> Evaluation:
    """Score the coding of ``gold`` (``remark``, optional ``question``, ``themes``, ``objectives``, ``tone``) against its own codes.

    ``corpus``: remarks without codes (``remark``, optional ``question``) to learn from; by default those of ``gold``.
    ``sentence_model``: as in :func:`psq_analysis.coding.assign.code_ideas`.

    Methods: ``codebook`` (the expressions alone) and ``corpus`` (and the remarks themselves); where the codebook has coded
    examples, ``examples``; with ``human``, ``human`` (examples and people's codes), ``cross_validated`` and ``in_sample`` in its
    place when ``gold`` shares remarks with what is learnt from, as ``examples_cross_validated`` and ``examples_in_sample``.
    """
    taught = {} if codebook.coded_examples is None else {"examples": [codebook.coded_examples]}
    if human is not None:
        taught["human"] = [*(not_coded_again(frame, human) for frame in taught.get("examples", [])), human]

    def read(remarks: pd.DataFrame) -> Reading:
        return read_remarks(remarks, codebook, sentence_model=sentence_model)

    asked = read(gold)
    around = asked if corpus is None else read(corpus)
    answered = {name: [read(frame) for frame in frames] for name, frames in taught.items()}
    shared = {name: any(_shared(gold, frame) for frame in frames) for name, frames in taught.items()}
    by_code, overall, calibration, outcomes, confusions = [], [], [], [], []
    for scheme in [s for s in SCORED_SCHEMES if s in codebook.schemes and HUMAN_COLUMN[s] in gold]:
        codes = list(codebook.codes(scheme))
        truth = code_table(gold, HUMAN_COLUMN[scheme], codes).to_numpy()
        from_corpus = CorpusCoder(scheme, seed=seed).fit(around)
        methods = {
            "codebook": SeedCoder(scheme).fit(asked).predict_proba(asked),
            "corpus": from_corpus.predict_proba(asked),
        }
        for name, frames in taught.items():
            layers = [layer(scheme, *pair) for pair in zip(frames, answered[name], strict=True)]
            if layers[-1].remarks.empty:
                continue

            def learnt(
                kept: Sequence[Layer], scored: np.ndarray, base: CorpusCoder = from_corpus
            ) -> pd.DataFrame:
                coder = learn(kept, seed=seed)
                coder = base if coder is None else coder.resting_on(base)
                return coder.predict_proba(asked.take(scored))

            prefix = "" if name == "human" else f"{name}_"
            everything = learnt(layers, np.arange(len(gold)))
            if shared[name]:
                methods[prefix + "cross_validated"] = _cross_validated(gold, layers, learnt, seed=seed)
                methods[prefix + "in_sample"] = everything
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
    gold: pd.DataFrame,
    layers: Sequence[Layer],
    learnt: Callable[[Sequence[Layer], np.ndarray], pd.DataFrame],
    *,
    seed: int,
) -> pd.DataFrame:
    """Score each fold of ``gold`` by a model that saw none of its remarks; copies of a remark stay in one fold."""
    gold_keys, keys_of_layers = _keys(gold), [_keys(taught.remarks) for taught in layers]
    texts = pd.factorize(gold["remark"].astype(str).map(same_text))[0]
    number_of_folds = min(FOLDS, texts.max() + 1)
    parts: list[pd.DataFrame] = []
    distinct = np.arange(texts.max() + 1)
    for _, held in KFold(number_of_folds, shuffle=True, random_state=seed).split(distinct):
        scored = np.flatnonzero(np.isin(texts, held))
        hidden = set().union(*[gold_keys[row] for row in scored])
        kept = [
            taught.take(np.array([not keys & hidden for keys in keys_of_remarks], dtype=bool))
            for taught, keys_of_remarks in zip(layers, keys_of_layers, strict=True)
        ]
        parts.append(learnt(kept, scored).set_axis(scored))
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
