"""Score masking against texts with marked personal data: ``python tests/masking_scores.py FILE…``.

A datum is found when all its letters and digits are covered by spans of any type, ``typed`` when one of
them has its type. A remark leaks when one datum is not found. A word is wrongly masked when no marked
datum touches it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.spans import Span

MARK = re.compile(r"\{([A-Z_]+):([^{}]*)\}")


class Example(NamedTuple):
    """A text and the personal data a reader marked in it."""

    text: str
    marked: tuple[Span, ...]


@dataclass
class Scores:
    """Counts over a set of examples."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    typed: Counter[str] = field(default_factory=Counter)
    remarks_with_data: int = 0
    remarks_with_a_leak: int = 0
    trap_words: int = 0
    trap_words_masked: int = 0

    def recall(self, kind: str) -> float:
        """Share of the data of a kind that was found; 1 when none is marked."""
        return self.found[kind] / self.marked[kind] if self.marked[kind] else 1.0

    @property
    def leak_share(self) -> float:
        return self.remarks_with_a_leak / self.remarks_with_data

    @property
    def wrongly_masked_share(self) -> float:
        return self.trap_words_masked / self.trap_words


def read_examples(path: Path) -> list[Example]:
    """Read JSON lines with ``text`` and ``spans``, or plain lines with ``{TYPE:datum}`` marks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        records = map(json.loads, lines)
        return [
            Example(record["text"], tuple(Span(**span) for span in record["spans"])) for record in records
        ]
    return [_read_marks(line.replace("\\n", "\n")) for line in lines if line and not line.startswith("#")]


def _read_marks(line: str) -> Example:
    text, spans, place = "", [], 0
    for mark in MARK.finditer(line):
        text += line[place : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        place = mark.end()
    return Example(text + line[place:], tuple(spans))


def score(examples: list[Example]) -> Scores:
    """Compare what masking finds with what is marked."""
    scores = Scores()
    for example in examples:
        spans = find_personal_data(example.text)
        covered = {place for span in spans for place in range(span.start, span.end)}
        leaks = False
        for datum in example.marked:
            letters = [place for place in range(datum.start, datum.end) if example.text[place].isalnum()]
            is_found = covered.issuperset(letters)
            touching = {span.type for span in spans if span.start < datum.end and datum.start < span.end}
            scores.marked[datum.type] += 1
            scores.found[datum.type] += is_found
            scores.typed[datum.type] += is_found and datum.type in touching
            leaks = leaks or not is_found
        scores.remarks_with_data += bool(example.marked)
        scores.remarks_with_a_leak += leaks
        if not example.marked:
            words = [match.span() for match in re.finditer(r"\w+", example.text)]
            scores.trap_words += len(words)
            scores.trap_words_masked += sum(not covered.isdisjoint(range(*word)) for word in words)
    return scores


def report(scores: Scores) -> str:
    """Return the figures as lines of text."""
    lines = [
        f"{kind:13s} {scores.marked[kind]:4d} marked, found {scores.found[kind] / scores.marked[kind]:.3f}, "
        f"typed {scores.typed[kind] / scores.marked[kind]:.3f}"
        for kind in sorted(scores.marked)
    ]
    lines.append(
        f"remarks with a leak: {scores.remarks_with_a_leak} of {scores.remarks_with_data} ({scores.leak_share:.3f})"
    )
    lines.append(
        f"words wrongly masked in traps: {scores.trap_words_masked} of {scores.trap_words} "
        f"({scores.wrongly_masked_share:.4f})"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(f"{argument}\n{report(score(read_examples(Path(argument))))}\n")
