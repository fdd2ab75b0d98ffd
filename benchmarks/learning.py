"""What reading brings: figures on remarks kept back, after 0, 25, 50, 100 and 200 remarks read by people.

    python benchmarks/learning.py GOLD [--codebook FILE] [--readings 0 25 50 100 200] [--draws 3] [--bare]

``GOLD``: JSON lines with ``remark``, optional ``question``, ``themes``, ``objectives``, ``tone`` given by people. At each draw half of them are
kept back, and the readings are drawn from the other half. ``--bare``: the coded examples of the codebook are left out. One line per number of
readings and scheme: mean micro and macro F1 over the draws, and the share of scores between 0.7 and 0.9 that people confirm.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from psq_analysis.coding import text_model
from psq_analysis.coding.agreement import f1_score
from psq_analysis.coding.assign import decide
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.human_codes import HUMAN_COLUMN, code_table
from psq_analysis.coding.learners import learn
from psq_analysis.coding.taught import Lessons, coded_remarks, read_remarks

CODEBOOK = Path(__file__).resolve().parents[1] / "data/manual/codebook.yml"


def main() -> None:
    """Print one line per number of readings and scheme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--codebook", type=Path, default=CODEBOOK)
    parser.add_argument("--readings", nargs="+", type=int, default=[0, 25, 50, 100, 200])
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    gold, codebook = pd.read_json(given.gold, lines=True), load_codebook(given.codebook)
    if given.bare:
        codebook = replace(codebook, coded_examples=None, written_from=frozenset())
    taught = coded_remarks(codebook, gold)
    lessons, is_gold = Lessons(taught, codebook), np.arange(len(taught)) >= len(taught) - len(gold)
    asked = read_remarks(gold, codebook)
    features = text_model.features(asked)
    print(f"{'readings':>8}  {'scheme':<10}  micro  macro  0.7 to 0.9 confirmed")
    for readings in given.readings:
        for scheme in [s for s in codebook.schemes if HUMAN_COLUMN[s] in gold]:
            rows = []
            for draw in range(given.draws):
                order = np.random.default_rng(draw).permutation(len(gold))
                kept_back, read = order[: len(gold) // 2], order[len(gold) // 2 :][:readings]
                without = is_gold.copy()
                without[np.flatnonzero(is_gold)[read]] = False
                coder = learn(scheme, lessons.of(scheme, without=without), seed=draw)
                held = np.sort(kept_back)
                scores = coder.predict_proba(asked.take(held), features[held])
                truth = code_table(gold.iloc[held], HUMAN_COLUMN[scheme], list(scores.columns)).to_numpy()
                chosen = decide(scores.reset_index(drop=True), codebook, scheme)[
                    list(scores.columns)
                ].to_numpy()
                counts = [
                    (part).sum(axis=0).astype(float)
                    for part in (truth & chosen, truth & ~chosen, ~truth & chosen)
                ]
                sure = (scores.to_numpy() > 0.7) & (scores.to_numpy() < 0.9)
                micro = float(f1_score(*[np.array([count.sum()]) for count in counts])[0])
                rows.append(
                    (micro, float(f1_score(*counts).mean()), truth[sure].mean() if sure.any() else np.nan)
                )
            micro, macro, right = np.nanmean(rows, axis=0)
            print(f"{readings:>8}  {scheme:<10}  {micro:.3f}  {macro:.3f}  {right:.2f}", flush=True)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
