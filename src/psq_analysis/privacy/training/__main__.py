"""Train the tagger of persons: ``python -m psq_analysis.privacy.training [OUT] [--count N] [--background FILE]``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import pycrfsuite

from psq_analysis.privacy.canonical import Reading, plain_reading
from psq_analysis.privacy.name_lexicon import PUBLIC_HOLE
from psq_analysis.privacy.names.public import without_public_names
from psq_analysis.privacy.tagger import MODEL, Token, features, tokens_of
from psq_analysis.privacy.training.sentences import Sentence, sentences

SENTENCES = 30_000  # generated to learn from, unless --count says otherwise; drawn alike every time
SEED = 2017
# Small weights go (first), large ones shrink (second): a model of some hundred kB that does not know its sentences by heart.
_PARAMETERS = {
    "c1": 0.6,
    "c2": 0.02,
    "max_iterations": 90,
    "feature.minfreq": 4,
    "feature.possible_transitions": True,
}


def train(examples: Iterable[Sentence], out: Path, *, verbose: bool = False) -> None:
    """Learn from sentences and write the model."""
    trainer = pycrfsuite.Trainer(verbose=verbose)
    for written, persons in examples:
        text = without_public_names(written)
        if any(PUBLIC_HOLE in text[start:end] for start, end in persons):
            continue
        tokens = tokens_of(text)
        trainer.append(features(text, tokens), labels(tokens, persons))
    trainer.set_params(_PARAMETERS)
    trainer.train(str(out))


def labels(tokens: list[Token], persons: Iterable[tuple[int, int]]) -> list[str]:
    """Return « B » for the first token of a name, « I » for the others, « O » elsewhere."""
    named = ["O"] * len(tokens)
    for start, end in persons:
        inside = [at for at, token in enumerate(tokens) if start <= token.start < end]
        for at in inside:
            named[at] = "B" if at == inside[0] else "I"
    return named


def main() -> None:
    """Read the command line, train, say what was made."""
    parser = argparse.ArgumentParser(prog="python -m psq_analysis.privacy.training")
    parser.add_argument("out", nargs="?", type=Path, default=None)
    parser.add_argument("--count", type=int, default=SENTENCES)
    parser.add_argument(
        "--background", type=Path, help="one remark a line, none with a person: read beside the frames"
    )
    arguments = parser.parse_args()
    out = arguments.out or Path(str(resources.files("psq_analysis.privacy").joinpath(MODEL)))
    examples = list(sentences(arguments.count, seed=SEED))
    if arguments.background:
        lines = arguments.background.read_text(encoding="utf-8").splitlines()
        examples += [Sentence(plain_reading(Reading.of(line)).text, ()) for line in lines if line.strip()]
    train(examples, out)
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB, {len(examples)} sentences")


if __name__ == "__main__":
    main()
