"""The codebook: what an annotator, human or program, must decide for each remark.

A codebook is a YAML file (``data/manual/codebook.yml``): word lists, families of questions, and, per
scheme, codes with their label, definition, seed expressions and example sentences. :func:`load_codebook`
checks it whole and names the line of every mistake. Another consultation is another file, not other code.
Remarks that people coded under it may stand in a file beside it (``coded_examples``): they are part of what it teaches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from psq_analysis.tables.schema import OTHER, OUT_OF_SCOPE
from psq_analysis.text.expressions import (
    Either,
    parse,
    words_of,
)
from psq_analysis.text.plain import unaccent

# What one expression is worth, as a probability, before any evidence: a seed decides alone, a hint needs
# company or context.
SEED_WEIGHT = 0.85
HINT_WEIGHT = 0.35
# A code without expressions is recognised by the words of its name that no other code of the scheme has; a word of its definition, or of what
# belongs to it, needs company as a hint does.
NAME_WEIGHT, SAID_OF_IT_WEIGHT = 0.6, 0.3
SHORTEST_WORD = 4  # « eau » is lost, « dans » and « pour » stay out
# Words a French sentence can hardly avoid: an expression they satisfy would code everything.
FUNCTION_WORDS = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "de",
        "du",
        "et",
        "ou",
        "a",
        "au",
        "aux",
        "en",
        "dans",
        "sur",
        "par",
        "pour",
        "avec",
        "ce",
        "cette",
        "ces",
        "il",
        "elle",
        "on",
        "nous",
        "vous",
        "ils",
        "qui",
        "que",
        "est",
        "sont",
        "etre",
        "avoir",
    ]
)
MIN_PREFIX = 3  # « pa* » starts one French word in thirty


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Seed(_Part):
    """An expression that speaks for a code, perhaps only under some questions, or unless something else is said."""

    pattern: str = Field(min_length=1)
    question: Texts = ()
    unless: Texts = ()
    weight: float | None = Field(default=None, gt=0, lt=1)


def _as_seeds(value: object) -> object:
    return (
        [{"pattern": seed} if isinstance(seed, str) else seed for seed in value]
        if isinstance(value, list)
        else value
    )


Seeds = Annotated[tuple[Seed, ...], BeforeValidator(_as_seeds)]


class Code(_Part):
    """One code of a scheme, as an annotator must understand it."""

    label: str = Field(min_length=1)
    definition: str = ""
    belongs: str = ""
    excludes: str = ""
    seeds: Seeds = Field(default=(), min_length=1)
    hints: Seeds = ()
    examples: Texts = Field(default=(), min_length=1)
    counter_examples: Texts = ()


class Scheme(_Part):
    """The codes among which one decision is made."""

    label: str = Field(min_length=1)
    multiple: bool
    codes: dict[str, Code] = Field(min_length=1)


class Question(_Part):
    """A family of questions: how it is recognised, and what an answer to it is about before one reads it.

    ``scope`` is the chance that an answer in which no seed is found still belongs to the consultation; without it, the answers
    tell. ``theme`` is then its code; ``tone`` is what such answers usually mean to do.
    Seeds limited to the family named in ``within`` hold for this family too, and seeds limited to a family with ``unforeseen`` hold
    for every question that no family recognises and whose answers turn out to belong to the consultation.
    """

    asks: Texts = Field(min_length=1)
    scope: float | None = Field(default=None, ge=0, le=1)
    theme: str | None = None
    tone: str | None = None
    within: str | None = None
    unforeseen: bool = False


class Measured(_Part):
    """How far a scheme was seen to agree with a reader (micro F1) on remarks that nobody had read while the codebook was written."""

    f1: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    remarks: int = Field(gt=0)


class CodebookFile(_Part):
    title: str = Field(min_length=1)
    measured: dict[str, Measured] = {}
    coded_examples: Texts = ()
    written_from: str | None = None
    ignore: Texts = ()
    lists: dict[str, Texts] = {}
    questions: dict[str, Question] = {}
    schemes: dict[Literal["theme", "objective", "fundamental", "tone"], Scheme]


@dataclass(frozen=True)
class Expression:
    """A seed ready to be searched for."""

    scheme: str
    code: str
    tree: Either
    unless: tuple[Either, ...]
    questions: tuple[str, ...]
    weight: float
    pattern: str = ""  # as the codebook writes it


@dataclass(frozen=True)
class Codebook:
    """A checked codebook. Codes keep the order of the file, which is the order in which readers see them.

    ``coded_examples``: remarks coded by people under it (:mod:`psq_analysis.coding.human_codes`), where it names some; ``written_from``:
    traces of the remarks that were read while it was written; ``measured``: what its coding is worth, per scheme; ``learnt``: what was learnt from the examples, kept so that it is learnt once.
    """

    title: str
    ignore: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, Question]
    schemes: Mapping[str, Scheme]
    coded_examples: pd.DataFrame | None = field(default=None, compare=False)
    written_from: frozenset[str] = field(default=frozenset(), compare=False)
    measured: Mapping[str, Measured] = field(default_factory=dict, compare=False)
    learnt: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def codes(self, scheme: str) -> tuple[str, ...]:
        """Return the codes of a scheme, ``hors_champ`` included where the codebook defines it."""
        return tuple(self.schemes[scheme].codes) if scheme in self.schemes else ()

    def code(self, scheme: str, code: str) -> Code:
        """Return the definition of one code."""
        return self.schemes[scheme].codes[code]

    def label(self, scheme: str, code: str) -> str:
        """Return what readers see for a code; codes the codebook does not define keep their name."""
        defined = self.schemes[scheme].codes.get(code)
        return defined.label if defined else {OTHER: "Autre", OUT_OF_SCOPE: "Hors champ"}.get(code, code)

    def labels(self, scheme: str) -> dict[str, str]:
        """Return code → label for a scheme, in order, with « Autre » last for themes."""
        codes = self.codes(scheme) + ((OTHER,) if scheme == "theme" else ())
        return {code: self.label(scheme, code) for code in codes}

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Every seed and hint, parsed."""
        return tuple(
            Expression(
                scheme=scheme_name,
                code=code_name,
                tree=parse(seed.pattern, self.lists),
                unless=tuple(parse(veto, self.lists) for veto in seed.unless),
                questions=seed.question,
                weight=seed.weight or weight,
                pattern=seed.pattern,
            )
            for scheme_name, scheme in self.schemes.items()
            for code_name, code in scheme.codes.items()
            for seeds, weight in (
                (code.seeds, SEED_WEIGHT),
                (code.hints, HINT_WEIGHT),
                (_words_of_its_own(scheme, code_name), NAME_WEIGHT),
            )
            for seed in seeds
        )

    @cached_property
    def ignored(self) -> tuple[Either, ...]:
        """Expressions whose words are not read (« police d'assurance »)."""
        return tuple(parse(expression, self.lists) for expression in self.ignore)

    @cached_property
    def question_trees(self) -> dict[str, tuple[Either, ...]]:
        """Per family of questions, the expressions by which a question is recognised."""
        return {
            name: tuple(parse(asked, self.lists) for asked in question.asks)
            for name, question in self.questions.items()
        }

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Every full word the expressions ask for: what a misspelt word may have been meant to be."""
        trees = [tree for e in self.expressions for tree in (e.tree, *e.unless)]
        return frozenset(word.text for tree in trees for word in words_of(tree) if word.kind == "inflected")


def _words_of_its_own(scheme: Scheme, name: str) -> tuple[Seed, ...]:
    """Return, for a code that has no expression, the words of its name, definition and scope that speak of it alone."""
    code = scheme.codes[name]
    if code.seeds or code.hints or name == OUT_OF_SCOPE:
        return ()
    others = set().union(*[_content(other.label) for key, other in scheme.codes.items() if key != name])
    in_name = _content(code.label) - others
    told = set().union(
        *[
            _content(f"{other.definition} {other.belongs}")
            for key, other in scheme.codes.items()
            if key != name
        ]
    )
    around = _content(f"{code.definition} {code.belongs}") - in_name - others - told
    return tuple(Seed(pattern=word) for word in sorted(in_name)) + tuple(
        Seed(pattern=word, weight=SAID_OF_IT_WEIGHT) for word in sorted(around)
    )


def _content(text: str) -> set[str]:
    words = {unaccent(word) for word in re.findall(r"[^\W\d_]+", text)}
    return {word for word in words if len(word) >= SHORTEST_WORD and word not in FUNCTION_WORDS}
