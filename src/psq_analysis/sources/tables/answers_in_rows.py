"""Tables that write one answer a row, whatever was asked: who, where, choices, words, contact, all in one column of answers.

Such a table is turned into one row a person and one column a question, and then read like any other: what each question is for is told
by its heading and its answers, so that a question « Vous êtes » gives the voice and « Adresse électronique » is never published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from psq_analysis.sources.choices import Choices
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import PLACE_ROLES, Column, Role, Sheet
from psq_analysis.sources.tables.column_roles import LIKELY, SURE, guess_role
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.long_rows import MOST_QUESTIONS, repeated
from psq_analysis.sources.vocabulary import matches, plain

_PERSON = (Role.RESPONDENT, Role.IDENTIFIER, Role.FORBIDDEN)
_OF_A_PERSON = (Role.STAKEHOLDER, Role.FORBIDDEN, Role.DATE, Role.EPCI, *PLACE_ROLES)
_BETWEEN = "\u241e"  # the symbol of a record separator: no one writes it
Kept = list[tuple[int, list[str]]]


@dataclass(frozen=True, kw_only=True)
class ByPerson:
    """The table with one row a person: ``first_rows`` are the numbers of the row each person begins on."""

    sheet: Sheet
    header: Header
    mapping: Mapping
    first_rows: list[int]


def by_person(
    sheet: Sheet, header: Header, kept: Kept, columns: list[Column], mapping: Mapping
) -> ByPerson | None:
    """Return a table of answers with one row a person, None when its questions all ask for words or nothing repeats."""
    asked = _asked(columns, kept)
    answers = [column for column in columns if _holds_answers(column, asked)]
    if not asked or len(answers) != 1 or mapping.shape == "large":
        return None
    answer, question = answers[0], asked[0]
    person = next((column for column in columns if _tells_people(column, kept, question)), None)
    if person is None:
        return None
    said: dict[str, dict[str, list[str]]] = {}
    first: dict[str, tuple[int, list[str]]] = {}
    for number, row in kept:
        key = row[person.index].strip()
        first.setdefault(key, (number, row))
        said.setdefault(key, {}).setdefault(row[question.index].strip(), []).append(row[answer.index].strip())
    questions = list(dict.fromkeys(row[question.index].strip() for _, row in kept))
    if not any(
        _is_no_question_in_words(one, [" ".join(own.get(one, [])) for own in said.values()])
        for one in questions
    ):
        return None
    same = [
        column for column in columns if column not in (question, answer) and _is_same(column, kept, person)
    ]
    rows = [
        [first[key][1][column.index] for column in same]
        + [_BETWEEN.join(filter(None, own.get(one, []))) for one in questions]
        for key, own in said.items()
    ]
    headings = [column.heading for column in same] + questions
    several = {
        one: frozenset(value for own in said.values() for value in own.get(one, []) if value)
        for one in questions
        if any(len(own.get(one, [])) > 1 for own in said.values())
    }
    return ByPerson(
        sheet=Sheet(sheet.name, [headings, *rows]),
        header=Header(top=0, bottom=0, headings=tuple(headings), groups=("",) * len(headings), certainty=header.certainty),
        mapping=replace(
            mapping,
            choices={**mapping.choices, **{plain(one): Choices(separator=_BETWEEN, labels=labels) for one, labels in several.items()}},
        ),
        first_rows=[number for number, _ in first.values()],
    )  # fmt: skip


def _asked(columns: list[Column], kept: Kept) -> list[Column]:
    """The column of the questions, those with their text first; a few questions come back all along the table."""
    named = [column for column in columns if column.role is Role.QUESTION] + [
        column for column in columns if column.role is Role.QUESTION_ID
    ]
    return [
        column
        for column in named
        if 1 < len({row[column.index].strip() for _, row in kept}) <= MOST_QUESTIONS
    ]


def _holds_answers(column: Column, asked: list[Column]) -> bool:
    if column in asked:
        return False
    asked_of = heading_of(column.heading)
    return column.role is Role.FREE_TEXT or matches("columns", "answer_value", asked_of.words)


def _tells_people(column: Column, kept: Kept, question: Column) -> bool:
    if column.role not in _PERSON:
        return False
    groups = repeated(kept, column)
    several = {row[question.index].strip() for group in groups or [] for row in group}
    return groups is not None and len(several) > 1 and any(
        len({row[question.index].strip() for row in group}) > 1 for group in groups
    )  # fmt: skip


def _is_same(column: Column, kept: Kept, person: Column) -> bool:
    seen: dict[str, str] = {}
    return all(
        seen.setdefault(row[person.index].strip(), row[column.index].strip()) == row[column.index].strip()
        for _, row in kept
    )


def _is_no_question_in_words(question: str, answers: list[str]) -> bool:
    """What tells of the person, or a question whose answers come back from person to person: ticked, not written."""
    guess = guess_role(question, answers)
    if guess.role is Role.CLOSED_ANSWER:
        return guess.certainty >= LIKELY and not guess.is_other
    return guess.role in _OF_A_PERSON and not (guess.role is Role.FORBIDDEN and guess.certainty < SURE)
