"""What reading brings: figures on remarks kept back, after 0, 25, 50, 100 and 200 remarks read by people, drawn at random or chosen.

    python benchmarks/learning.py GOLD [--codebook FILE] [--told full|definitions|names] [--readings 0 25 50 100 200] [--draws 3] [--bare]

``GOLD``: JSON lines with ``remark``, optional ``question``, ``themes``, ``objectives``, ``tone`` given by people; or the annotated answers of the case
study (CSV with ``labels_json``), with their codebook. At each draw half of them are kept back, and the readings come from the other half: at
random, or chosen, each time those the program is least sure of. ``--told``: what is kept of the codebook, everything, names and definitions, or names
alone. ``--bare``: the coded examples of the codebook are left out. One line per number of readings and scheme: mean micro and macro F1 over the draws, and
the share of scores between 0.7 and 0.9 that people confirm.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import case_study
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from psq_analysis.coding import text_model
from psq_analysis.coding.agreement import f1_score
from psq_analysis.coding.assign import decide
from psq_analysis.coding.codebook import Code, Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.human_codes import HUMAN_COLUMN, code_table
from psq_analysis.coding.learners import Coder, learn
from psq_analysis.coding.taught import Lessons, coded_remarks, read_remarks

CODEBOOK = Path(__file__).resolve().parents[1] / "data/manual/codebook.yml"
KEPT = {"definitions": ("label", "definition", "belongs", "excludes"), "names": ("label",)}


def told(codebook: Codebook, kept: str) -> Codebook:
    """Return a codebook of which only names, or names and definitions, are known."""
    if kept == "full":
        return codebook

    def code(one: Code) -> Code:
        return Code.model_construct(**{name: getattr(one, name) for name in KEPT[kept]})

    schemes = {
        name: scheme.model_copy(update={"codes": {key: code(one) for key, one in scheme.codes.items()}})
        for name, scheme in codebook.schemes.items()
    }
    return replace(
        codebook, ignore=(), questions={}, schemes=schemes, coded_examples=None, written_from=frozenset()
    )


class Bench:
    """The coded remarks, read once, and what the program makes of those kept back."""

    def __init__(self, gold: pd.DataFrame, codebook: Codebook) -> None:
        self.gold, self.codebook = gold, codebook
        taught = coded_remarks(codebook, gold)
        self.lessons, self.is_gold = (
            Lessons(taught, codebook),
            np.arange(len(taught)) >= len(taught) - len(gold),
        )
        self.asked = read_remarks(gold, codebook)
        self.features = text_model.features(self.asked)

    def coder(self, scheme: str, read: np.ndarray, seed: int) -> Coder:
        """What the readings ``read`` (rows of the gold) and the examples teach."""
        without = self.is_gold.copy()
        without[np.flatnonzero(self.is_gold)[read]] = False
        return learn(scheme, self.lessons.of(scheme, without=without), seed=seed)

    def scores(self, coder: Coder, rows: np.ndarray) -> pd.DataFrame:
        """The scores of some rows of the gold, in increasing order of row."""
        return coder.predict_proba(self.asked.take(rows), self.features[rows])

    def chosen(self, scheme: str, pool: np.ndarray, read: np.ndarray, number: int, seed: int) -> np.ndarray:
        """Add to ``read`` the remarks of the pool whose likeliest codes are the least sure."""
        left = np.sort(np.setdiff1d(pool, read))
        unsure = 0.5 - np.abs(self.scores(self.coder(scheme, read, seed), left).to_numpy() - 0.5)
        order = np.argsort(-np.sort(unsure, axis=1)[:, -2:].sum(axis=1), kind="stable")
        return np.r_[read, left[order[:number]]]

    def figures(
        self, scheme: str, read: np.ndarray, held: np.ndarray, seed: int
    ) -> tuple[float, float, float]:
        """Micro and macro F1 on the remarks kept back, and the share of scores between 0.7 and 0.9 that are right."""
        scores = self.scores(self.coder(scheme, read, seed), held)
        codes = list(scores.columns)
        truth = code_table(self.gold.iloc[held], HUMAN_COLUMN[scheme], codes).to_numpy()
        given = decide(scores.reset_index(drop=True), self.codebook, scheme)[codes].to_numpy()
        counts = [part.sum(axis=0).astype(float) for part in (truth & given, truth & ~given, ~truth & given)]
        sure = (scores.to_numpy() > 0.7) & (scores.to_numpy() < 0.9)
        micro = float(f1_score(*[np.array([count.sum()]) for count in counts])[0])
        return micro, float(f1_score(*counts).mean()), truth[sure].mean() if sure.any() else np.nan


def main() -> None:
    """Print one line per way of choosing, number of readings and scheme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--codebook", type=Path)
    parser.add_argument("--told", choices=["full", *KEPT], default="full")
    parser.add_argument("--readings", nargs="+", type=int, default=[0, 25, 50, 100, 200])
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    is_study = given.gold.suffix == ".csv"
    codebook = load_codebook(given.codebook or (case_study.CODEBOOK if is_study else CODEBOOK))
    gold = case_study.annotated(given.gold, codebook) if is_study else pd.read_json(given.gold, lines=True)
    codebook = told(codebook, given.told)
    if given.bare:
        codebook = replace(codebook, coded_examples=None, written_from=frozenset())
    bench = Bench(gold.reset_index(drop=True), codebook)
    print(f"{'':<7} {'readings':>8}  {'scheme':<10}  micro  macro  0.7 to 0.9 confirmed")
    for way in ("random", "chosen"):
        for scheme in [s for s in codebook.schemes if HUMAN_COLUMN[s] in gold]:
            found: dict[int, list[tuple[float, float, float]]] = {number: [] for number in given.readings}
            for draw in range(given.draws):
                order = np.random.default_rng(draw).permutation(len(gold))
                held, pool = np.sort(order[: len(gold) // 2]), order[len(gold) // 2 :]
                read = pool[:0]
                for number in given.readings:
                    more = min(number, len(pool)) - len(read)
                    if more and (way == "random" or not len(read)):  # the first ones can only be drawn
                        read = pool[: len(read) + more]
                    elif more:
                        read = bench.chosen(scheme, pool, read, more, draw)
                    found[number].append(bench.figures(scheme, read, held, draw))
            for number, rows in found.items():
                micro, macro, right = np.nanmean(rows, axis=0)
                line = f"{way:<7} {number:>8}  {scheme:<10}  {micro:.3f}  {macro:.3f}  {right:.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
