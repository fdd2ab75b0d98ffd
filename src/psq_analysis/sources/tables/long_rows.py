"""Tables with one row an answer: which column tells the person, which one tells the question, whatever their headings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from psq_analysis.sources.model import PLACE_ROLES, Column, Role

MOST_ANSWERS = 60  # rows of one person; more, and what repeats is a meeting or a place
MOST_QUESTIONS = 40  # asked in one table; more, and what is read as questions are texts
SHARED = 0.7  # of the questions are answered by two people at least
Kept = list[tuple[int, list[str]]]

_MAY_TELL_A_PERSON = (Role.RESPONDENT, Role.IDENTIFIER, Role.FORBIDDEN)
_SAME_FOR_A_PERSON = (Role.STAKEHOLDER, *PLACE_ROLES)


@dataclass(frozen=True, kw_only=True)
class LongRows:
    """The column whose value is the same on all rows of a person, and the one that names the question of each row."""

    person: Column
    question: Column


def long_rows(rows: Kept, columns: list[Column]) -> LongRows | None:
    """Return the two columns that make a table long, None for a table with one row a person.

    A column tells the person when its values repeat, quality and place are the same wherever a value repeats, and no question
    is asked twice under one value.
    """
    fixed = [column for column in columns if column.role in _SAME_FOR_A_PERSON]
    asked = [
        column
        for column in columns
        if column.role is Role.CLOSED_ANSWER and column.choices is None and not column.choice
    ]
    people = sorted(
        (c for c in columns if c.role in _MAY_TELL_A_PERSON), key=lambda c: _MAY_TELL_A_PERSON.index(c.role)
    )
    for person in people:
        groups = repeated(rows, person)
        if groups is None or not _agree(groups, fixed):
            continue
        for question in asked:
            if _is_asked(groups, question):
                return LongRows(person=person, question=question)
    return None


def repeated(rows: Kept, person: Column) -> list[list[list[str]]] | None:
    """Return the rows by value of a column, when every row has one and several values repeat."""
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for _, row in rows:
        groups[row[person.index].strip()].append(row)
    several = sum(len(group) > 1 for group in groups.values())
    if "" in groups or several < 2 or max(map(len, groups.values())) > MOST_ANSWERS:
        return None
    return list(groups.values())


def _agree(groups: list[list[list[str]]], fixed: list[Column]) -> bool:
    return all(len({row[column.index].strip() for row in group}) == 1 for group in groups for column in fixed)


def _is_asked(groups: list[list[list[str]]], question: Column) -> bool:
    people: dict[str, int] = defaultdict(int)
    for group in groups:
        asked = [row[question.index].strip() for row in group]
        if len(set(asked)) < len(asked) or not all(asked):
            return False
        for one in asked:
            people[one] += 1
    shared = sum(count > 1 for count in people.values())
    return 1 < len(people) <= MOST_QUESTIONS and shared >= SHARED * len(people)
