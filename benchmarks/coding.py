"""How coding time and memory grow with the number of remarks, cold start included.

    python benchmarks/coding.py [--remarks 100000] [--input FILE]

Remarks come from ``--input`` (Parquet or CSV with ``comment`` or ``remark``, optional ``question``), else are made by a small
grammar. One line per size; the last column is the time per remark relative to the smallest size (1 is linear growth).
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from psq_analysis.coding.assign import code_remarks
from psq_analysis.coding.codebook_file import load_codebook

CODEBOOK = Path(__file__).resolve().parents[1] / "data/manual/codebook.yml"
SUBJECTS = (
    "les policiers",
    "la gendarmerie",
    "les voisins",
    "la mairie",
    "les jeunes",
    "le bruit",
    "l'accueil",
    "la justice",
)
VERBS = (
    "manque",
    "doit agir",
    "ne vient pas",
    "devrait patrouiller",
    "rassure",
    "dérange",
    "répond mal",
    "sanctionne",
)
PLACES = (
    "dans le quartier",
    "à la campagne",
    "le soir",
    "près de l'école",
    "au commissariat",
    "sur la route",
    "partout",
)


def made_up(remarks: int) -> pd.DataFrame:
    """Return distinct fictional remarks of three to six clauses, with a rare word each so that the vocabulary grows."""
    draw = np.random.default_rng(0)
    lengths = draw.integers(3, 7, remarks)
    parts = [draw.choice(words, remarks * 6) for words in (SUBJECTS, VERBS, PLACES)]
    texts, place = [], 0
    for number, length in enumerate(lengths):
        clauses = [f"{parts[0][k]} {parts[1][k]} {parts[2][k]}" for k in range(place, place + length)]
        texts.append(". ".join([*clauses, f"rue mot{number % 20000}"]))
        place += length
    return pd.DataFrame({"remark": texts, "question": "Que faire contre les incivilités ?"})


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remarks", type=int, default=100_000)
    parser.add_argument("--input", type=Path)
    options = parser.parse_args()
    if options.input is None:
        remarks = made_up(options.remarks)
    else:
        read = pd.read_parquet if options.input.suffix == ".parquet" else pd.read_csv
        remarks = read(options.input).rename(columns={"comment": "remark"}).sample(frac=1, random_state=0)
    codebook = load_codebook(CODEBOOK)
    first = None
    print("remarks  seconds  remarks/s  peak MiB  time per remark / smallest size")
    for size in (options.remarks // 8, options.remarks // 4, options.remarks // 2, options.remarks):
        started = time.perf_counter()
        code_remarks(remarks.head(size).reset_index(drop=True), codebook, seed=0)
        seconds = time.perf_counter() - started
        first = first or seconds / size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:7d}  {seconds:7.1f}  {size / seconds:9.0f}  {peak:8.0f}  {seconds / size / first:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
