"""Read a codebook from its YAML file, and say in French what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import ValidationError

from psq_analysis.coding.codebook import FUNCTION_WORDS, MIN_PREFIX, Codebook, CodebookFile, Scheme
from psq_analysis.coding.human_codes import read_human_codes
from psq_analysis.errors import BadInput
from psq_analysis.packaged import yaml_with_lines
from psq_analysis.text.concordance import Concordance
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.expressions import (
    Both,
    Either,
    Gap,
    Not,
    Phrase,
    SeedError,
    Step,
    Word,
    parse,
)


class BadCodebook(BadInput):
    """The codebook cannot be used; the message names the file, the line and the mend."""


def load_codebook(path: str | Path) -> Codebook:
    """Return the codebook written in ``path``.

    Raises :class:`BadCodebook` on the first mistake, naming its line: a file that is not YAML, an unknown
    or missing key, a code defined twice, a family of questions or a word list that does not exist, an
    expression that cannot be read, that would match everything, or that could never match anything; and
    :class:`psq_analysis.tables.record_files.BadRemarkFile` when its coded examples cannot be used.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCodebook(
            f"Grille {source.name} : le fichier ne se lit pas ({type(error).__name__}) ; vérifiez le chemin et l'encodage UTF-8."
        ) from None
    _, checked = _checked(source, text)
    beside = [source.parent / name for name in (*checked.coded_examples, checked.written_from or "")]
    contents = tuple(path.read_bytes() if path.is_file() else None for path in beside)
    return _with_examples(source, text, contents)


@lru_cache(
    maxsize=4
)  # a notebook asks for its codebook several times; what was learnt from the examples stays with it
def _with_examples(source: Path, text: str, contents: tuple[bytes | None, ...]) -> Codebook:
    """Return the codebook with its examples; ``contents`` of the files beside it: another content is another codebook."""
    codebook, checked = _checked(source, text)
    if checked.written_from is not None:
        codebook = replace(codebook, written_from=_traces(source.parent / checked.written_from))
    if not checked.coded_examples:
        return codebook
    examples = [read_human_codes(source.parent / name, codebook) for name in checked.coded_examples]
    return replace(codebook, coded_examples=pd.concat(examples, ignore_index=True))


@lru_cache(maxsize=4)
def _checked(source: Path, text: str) -> tuple[Codebook, CodebookFile]:
    try:
        root, content = yaml_with_lines(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _bad(
            source, mark.line + 1 if mark else 1, "le fichier n'est pas du YAML valide", "corrigez la syntaxe"
        ) from None
    if root is None:
        raise _bad(source, 1, "la grille est vide", "partez de data/manual/codebook.yml")
    _refuse_duplicate_keys(root, source)
    try:
        checked = CodebookFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise _bad(source, _line(root, first["loc"]), *_explain(first)) from None
    schemes: dict[str, Scheme] = dict(checked.schemes.items())
    codebook = Codebook(checked.title, checked.ignore, checked.lists, checked.questions, schemes)
    codebook = replace(codebook, measured=checked.measured)
    for place, trouble, mend in _troubles(codebook):
        raise _bad(source, _line(root, place), trouble, mend)
    return codebook, checked


def _traces(path: Path) -> frozenset[str]:
    """Return the traces, one a line, of the remarks that were read while the codebook was written."""
    try:
        return frozenset(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise BadCodebook(
            f"Grille : le fichier {path.name} (written_from) ne se lit pas ({type(error).__name__}) ; vérifiez son nom."
        ) from None


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
