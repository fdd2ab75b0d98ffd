"""Seed expressions: what a codebook writes, and where a corpus says it.

An expression is a few French words, read without accents and in any inflexion:

=================  ==============================================================================
``plainte``        the word, its inflexions and its lemma (« plaintes », « PLAINTE »)
``patrouill*``     any word that starts so; ``*surveillance`` any that ends so
``=plus``          exactly this form
``…`` ``…2``       a gap of up to five (here, two) words within the sentence
``(maire|élu)``    one or the other; an empty alternative makes the group optional
``<forces>``       one of the words or expressions of that list of the codebook
``!municipale``    the neighbouring word is *not* this one
``police & école``  both in one sentence, in any order
=================  ==============================================================================

Search works on positions in the whole corpus at once (an inverted index), never text by text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psq_analysis.text.plain import unaccent

# « plus de … policiers » spans an adjective or two. Measured: 3 to 8 words give the same figures within 0.01.
GAP_WORDS = 5

_PIECE = re.compile(
    r"\s*(?P<negation>!)?(?:(?P<gap>…\d?)|<(?P<list>[a-z_]+)>|(?P<open>\()|(?P<word>[=*]?[^\W_]+\*?))"
)


class SeedError(ValueError):
    """A seed expression cannot be read; the message is a French sentence for the author of the codebook."""


@dataclass(frozen=True)
class Word:
    """One word: exact form, beginning, ending, or any inflexion."""

    text: str
    kind: str  # "inflected", "exact", "prefix" or "suffix"


@dataclass(frozen=True)
class Gap:
    """Up to so many words of any kind."""

    words: int


@dataclass(frozen=True)
class Either:
    """One of several sequences."""

    sequences: tuple[Phrase, ...]


@dataclass(frozen=True)
class Both:
    """Several things in one sentence, in any order."""

    parts: tuple[Either, ...]


@dataclass(frozen=True)
class Not:
    """The neighbouring words are not these."""

    of: Either


Step = Word | Gap | Either | Both | Not


@dataclass(frozen=True)
class Phrase:
    """Steps that follow one another in a sentence."""

    steps: tuple[Step, ...]


def parse(expression: str, lists: Mapping[str, Sequence[str]] | None = None) -> Either:
    """Return the search tree of a seed expression.

    >>> len(parse("dépôt de (plainte|main courante)").sequences)
    1
    >>> parse("plus de <inconnu>")
    Traceback (most recent call last):
        ...
    psq_analysis.text.expressions.SeedError: la liste « inconnu » n'existe pas
    """
    spelt = unaccent(expression.replace("’", "'")).replace("'", " ").replace("-", " ")
    parts = []
    for part in spelt.split("&"):
        tree, rest = _alternatives(part, lists or {})
        if rest.strip():
            raise SeedError(f"l'expression ne se lit pas à partir de « {rest.strip()} »")
        if not any(isinstance(step, Word | Either) for phrase in tree.sequences for step in phrase.steps):
            raise SeedError("l'expression ne contient aucun mot")
        parts.append(tree)
    return parts[0] if len(parts) == 1 else Either((Phrase((Both(tuple(parts)),)),))


def _alternatives(rest: str, lists: Mapping[str, Sequence[str]]) -> tuple[Either, str]:
    sequences: list[Phrase] = []
    branches: list[list[Step]] = [[]]
    while (rest.strip() and not rest.lstrip().startswith((")", "|"))) or rest.lstrip().startswith("|"):
        if rest.lstrip().startswith("|"):
            sequences += [Phrase(tuple(branch)) for branch in branches]
            branches, rest = [[]], rest.lstrip()[1:]
            continue
        piece = _PIECE.match(rest)
        if piece is None:
            break
        step, rest = _step(piece, rest, lists)
        if step is None:
            continue
        if isinstance(step, Either) and Phrase(()) in step.sequences:
            filled = tuple(sequence for sequence in step.sequences if sequence.steps)
            branches = branches + [[*branch, Either(filled)] for branch in branches]
        else:
            branches = [[*branch, step] for branch in branches]
    return Either((*sequences, *(Phrase(tuple(branch)) for branch in branches))), rest


def _step(piece: re.Match[str], rest: str, lists: Mapping[str, Sequence[str]]) -> tuple[Step | None, str]:
    after = rest[piece.end() :]
    step: Step | None
    if piece["gap"]:
        step = Gap(int(piece["gap"][1:] or GAP_WORDS))
    elif piece["list"]:
        if piece["list"] not in lists:
            raise SeedError(f"la liste « {piece['list']} » n'existe pas")
        step = Either(tuple(s for entry in lists[piece["list"]] for s in parse(entry, lists).sequences))
    elif piece["open"]:
        step, after = _alternatives(after, lists)
        if not after.lstrip().startswith(")"):
            raise SeedError("une parenthèse n'est pas fermée")
        after = after.lstrip()[1:]
    else:
        step = _word(piece["word"])
    if piece["negation"] and step is not None:
        step = Not(step if isinstance(step, Either) else Either((Phrase((step,)),)))
    return step, after


def _word(written: str) -> Word | None:
    if written.startswith("="):
        return Word(written[1:], "exact")
    if written.endswith("*"):
        return Word(written[:-1], "prefix")
    if written.startswith("*"):
        return Word(written[1:], "suffix")
    if len(written) == 1 and written in "ldjmtsc":
        return None  # an elided article: the corpus leaves it out too
    return Word({"n": "ne", "qu": "que"}.get(written, written), "inflected")


def words_of(tree: Step | Phrase | None) -> list[Word]:
    """Return every word a search tree asks for (those it forbids included)."""
    match tree:
        case Word():
            return [tree]
        case Either():
            return [word for sequence in tree.sequences for word in words_of(sequence)]
        case Phrase():
            return [word for step in tree.steps for word in words_of(step)]
        case Not():
            return words_of(tree.of)
        case Both():
            return [word for part in tree.parts for word in words_of(part)]
        case _:
            return []
