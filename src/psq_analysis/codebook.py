"""The codebook: what an annotator, human or program, must decide for each remark.

A codebook is a YAML file (``data/manual/codebook.yml``): word lists, families of questions, and, per
scheme, codes with their label, definition, seed expressions and example sentences. :func:`load_codebook`
checks it whole and names the line of every mistake. Another consultation is another file, not other code.
Remarks that people coded under it may stand in a file beside it (``coded_examples``): they are part of what it teaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from psq_analysis.errors import BadInput
from psq_analysis.features import Corpus
from psq_analysis.human_codes import read_human_codes
from psq_analysis.schema import OTHER, OUT_OF_SCOPE
from psq_analysis.seeds import (
    Both,
    Concordance,
    Either,
    Gap,
    Not,
    Phrase,
    SeedError,
    Step,
    Word,
    parse,
    words_of,
)

# What one expression is worth, as a probability, before any evidence: a seed decides alone, a hint needs
# company or context.
SEED_WEIGHT = 0.85
HINT_WEIGHT = 0.35
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


class BadCodebook(BadInput):
    """The codebook cannot be used; the message names the file, the line and the mend."""


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
    definition: str = Field(min_length=1)
    belongs: str
    excludes: str
    seeds: Seeds = Field(min_length=1)
    hints: Seeds = ()
    examples: Texts = Field(min_length=1)
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


class _File(_Part):
    title: str = Field(min_length=1)
    coded_examples: str | None = None
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


@dataclass(frozen=True)
class Codebook:
    """A checked codebook. Codes keep the order of the file, which is the order in which readers see them.

    ``coded_examples``: remarks coded by people under it (:mod:`psq_analysis.human_codes`), where it names some; ``learnt``: what
    was learnt from them, kept so that it is learnt once.
    """

    title: str
    ignore: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, Question]
    schemes: Mapping[str, Scheme]
    coded_examples: pd.DataFrame | None = field(default=None, compare=False)
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
            )
            for scheme_name, scheme in self.schemes.items()
            for code_name, code in scheme.codes.items()
            for seeds, weight in ((code.seeds, SEED_WEIGHT), (code.hints, HINT_WEIGHT))
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


def load_codebook(path: str | Path) -> Codebook:
    """Return the codebook written in ``path``.

    Raises :class:`BadCodebook` on the first mistake, naming its line: a file that is not YAML, an unknown
    or missing key, a code defined twice, a family of questions or a word list that does not exist, an
    expression that cannot be read, that would match everything, or that could never match anything; and
    :class:`psq_analysis.records.BadRemarkFile` when its coded examples cannot be used.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCodebook(
            f"Grille {source.name} : le fichier ne se lit pas ({type(error).__name__}) ; vérifiez le chemin et l'encodage UTF-8."
        ) from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _bad(
            source, mark.line + 1 if mark else 1, "le fichier n'est pas du YAML valide", "corrigez la syntaxe"
        ) from None
    if root is None:
        raise _bad(source, 1, "la grille est vide", "partez de data/manual/codebook.yml")
    _refuse_duplicate_keys(root, source)
    try:
        checked = _File.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise _bad(source, _line(root, first["loc"]), *_explain(first)) from None
    schemes: dict[str, Scheme] = dict(checked.schemes.items())
    codebook = Codebook(checked.title, checked.ignore, checked.lists, checked.questions, schemes)
    for place, trouble, mend in _troubles(codebook):
        raise _bad(source, _line(root, place), trouble, mend)
    if checked.coded_examples is None:
        return codebook
    examples = read_human_codes(source.parent / checked.coded_examples, codebook)
    return replace(codebook, coded_examples=examples)


def _bad(source: Path, line: int, trouble: str, mend: str) -> BadCodebook:
    return BadCodebook(f"Grille {source.name}, ligne {line} : {trouble} ; {mend}.")


def _refuse_duplicate_keys(node: yaml.Node, source: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise _bad(
                    source,
                    key.start_mark.line + 1,
                    f"« {key.value} » est défini deux fois",
                    "gardez une seule définition",
                )
            seen.add(key.value)
            _refuse_duplicate_keys(value, source)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_duplicate_keys(value, source)


def _line(node: yaml.Node, place: Sequence[int | str]) -> int:
    """Return the line of the place in the file, or of the nearest thing around it that exists."""
    line = node.start_mark.line + 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _explain(error: Mapping[str, Any]) -> tuple[str, str]:
    key = next((step for step in reversed(error["loc"]) if step != "[key]"), "grille")
    match error["type"]:
        case "extra_forbidden":
            return f"la clé « {key} » est inconnue", "corrigez son orthographe ou retirez-la"
        case "missing":
            return f"la clé « {key} » manque", "ajoutez-la"
        case "literal_error":
            return f"le schéma « {key} » est inconnu", "employez theme, objective, fundamental ou tone"
        case "too_short" | "string_too_short":
            return f"« {key} » est vide", "donnez-lui au moins un élément"
        case _:
            return (
                f"la valeur de « {key} » n'est pas du type attendu",
                "voyez data/manual/codebook.yml pour un exemple",
            )


Trouble = tuple[tuple[int | str, ...], str, str]


def _troubles(codebook: Codebook) -> Iterator[Trouble]:
    for number, expression in enumerate(codebook.ignore):
        yield from _expression_troubles(expression, (), codebook.lists, ("ignore", number))
    for name, entries in codebook.lists.items():
        for number, entry in enumerate(entries):
            yield from _expression_troubles(entry, (), {}, ("lists", name, number))
    yield from _question_troubles(codebook)
    for scheme_name, scheme in codebook.schemes.items():
        for code_name, code in scheme.codes.items():
            for kind in ("seeds", "hints"):
                for number, seed in enumerate(getattr(code, kind)):
                    place = ("schemes", scheme_name, "codes", code_name, kind, number)
                    unknown = next((q for q in seed.question if q not in codebook.questions), None)
                    if unknown:
                        yield (
                            place,
                            f"la famille de questions « {unknown} » n'existe pas",
                            "définissez-la sous questions",
                        )
                    yield from _expression_troubles(seed.pattern, seed.unless, codebook.lists, place)


def _question_troubles(codebook: Codebook) -> Iterator[Trouble]:
    for name, question in codebook.questions.items():
        place = ("questions", name)
        for number, asked in enumerate(question.asks):
            yield from _expression_troubles(asked, (), codebook.lists, (*place, "asks", number))
        if question.within is not None and question.within not in codebook.questions:
            trouble = f"la famille de questions « {question.within} » n'existe pas"
            yield (*place, "within"), trouble, "définissez-la sous questions"
        for scheme, name_of, presumed in (
            ("theme", "le thème", question.theme),
            ("tone", "la tonalité", question.tone),
        ):
            if presumed is not None and presumed not in codebook.codes(scheme):
                trouble = f"{name_of} « {presumed} » n'existe pas"
                yield (*place, scheme), trouble, f"employez un code de schemes.{scheme}"


def _expression_troubles(
    pattern: str, unless: Sequence[str], lists: Mapping[str, Sequence[str]], place: tuple[int | str, ...]
) -> Iterator[Trouble]:
    try:
        tree = parse(pattern, lists)
        vetoes = [parse(veto, lists) for veto in unless]
    except SeedError as error:
        yield place, f"l'expression « {pattern} » est fautive, {error}", "voyez docs/coding.md"
        return
    if any(_matches_everything(phrase) for phrase in tree.sequences):
        yield place, f"l'expression « {pattern} » reconnaît presque tout", "ajoutez-lui un mot plus précis"
    elif not _matches_something(tree, vetoes):
        yield place, f"l'expression « {pattern} » ne peut rien reconnaître", "retirez ce qui la contredit"


def _matches_everything(step: Step | Phrase) -> bool:
    match step:
        case Word():
            return step.text in FUNCTION_WORDS or (
                step.kind not in {"inflected", "exact"} and len(step.text) < MIN_PREFIX
            )
        case Phrase():
            return all(_matches_everything(part) for part in step.steps if not isinstance(part, Not | Gap))
        case Either():
            return any(_matches_everything(phrase) for phrase in step.sequences)
        case Both():
            return all(_matches_everything(part) for part in step.parts)
        case _:
            return False


def _matches_something(tree: Either, vetoes: Sequence[Either]) -> bool:
    sentences = [" ".join(_said(phrase)) for phrase in tree.sequences]
    concordance = Concordance(Corpus.read(sentences))
    return len(concordance.texts(tree, vetoes)) > 0


def _said(step: Step | Phrase) -> list[str]:
    """Return words that say ``step``."""
    match step:
        case Word():
            return [{"prefix": f"{step.text}zz", "suffix": f"zz{step.text}"}.get(step.kind, step.text)]
        case Phrase():
            return [word for part in step.steps for word in _said(part)]
        case Either():
            return _said(step.sequences[0])
        case Both():
            return [word for part in step.parts for word in _said(part)]
        case _:
            return []
