"""Speed of masking and what it finds in generated sentences: ``python benchmarks/masking.py [FILE…]``.

Sentences come from the generator with a seed the tagger never learnt from, nine in ten without a person, none twice.
Names of files (one remark a line, or CSV with a column ``comment``) are measured for speed and masked words besides.
CPU seconds of one process are counted, so that a busy machine changes little.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pandas as pd

from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.training.sentences import Sentence, sentences

UNSEEN_SEED = 77
PERSONAL_SHARE = 0.1  # as in the feedback préfectures receive, or more
SIZES = (1_000, 4_000, 16_000)


def main() -> None:
    """Print remarks a second for growing numbers of remarks, then what is found."""
    find_personal_data("M. Untel Xyz, 06 39 98 41 52")  # loads the dictionaries and the model
    drawn = {
        text: one
        for one in sentences(2 * SIZES[-1], seed=UNSEEN_SEED, with_persons=PERSONAL_SHARE)
        for text in [one.text]
    }
    remarks = list(drawn.values())
    for size in SIZES:
        print(
            f"{size:7,d} generated remarks: {_speed([one.text for one in remarks[:size]]):9,.0f} a CPU second"
        )
        remarks = remarks[size:] or remarks
    print(_found(list(sentences(2_000, seed=UNSEEN_SEED))))
    for path in map(Path, sys.argv[1:]):
        texts = _read(path)
        speed = _speed(texts)
        spans = [(text, span) for text in texts for span in find_personal_data(text)]
        masked = sum(len(text[span.start : span.end].split()) for text, span in spans)
        words = sum(len(text.split()) for text in texts)
        print(
            f"{path.name}: {len(texts):,d} remarks, {speed:,.0f} a CPU second; {masked} words masked of {words:,d}"
        )


def _speed(texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        find_personal_data(text)
    return len(texts) / (time.process_time() - start)


def _found(drawn: list[Sentence]) -> str:
    found = marked = wrong = words = 0
    for text, persons in drawn:
        covered = {place for span in find_personal_data(text) for place in range(span.start, span.end)}
        marked += len(persons)
        found += sum(
            covered.issuperset(at for at in range(*person) if text[at].isalnum()) for person in persons
        )
        if not persons:
            words += len(text.split())
            wrong += sum(
                not covered.isdisjoint(range(at, at + 1))
                for at in range(len(text))
                if text[at - 1 : at] in {"", " "}
            )
    return f"generated sentences: {found / marked:.3f} of {marked} persons found; {wrong} words masked of {words:,d} without a person"


def _read(path: Path) -> list[str]:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str)["comment"].dropna().tolist()
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
