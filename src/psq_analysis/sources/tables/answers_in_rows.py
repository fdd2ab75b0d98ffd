"""Tables that write one answer a row, whatever was asked (who, where, choices, words, contact), and sheets that write people side by side.

A table of answers is turned into one row a person and one column a question, and then read like any other: what each question is for is told
by its heading and its answers, so that a question « Vous êtes » gives the voice and « Adresse électronique » is never published. A sheet whose first column asks the questions is turned too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from psq_analysis.sources.choices import Choices
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import PLACE_ROLES, Column, Role, Sheet
from psq_analysis.sources.tables.column_roles import LIKELY, SURE, guess_role
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.vocabulary import matches, plain

MOST_ANSWERS = 60  # rows of one person; more, and what repeats is a meeting or a place
MOST_QUESTIONS = 40  # asked in one table; more, and what is read as questions are texts
SHARED = 0.7  # of the questions are answered by two people at least
_CODE_OF_A_PERSON = re.compile(r"^[A-Za-z]{0,5}[-_ .n°]{0,3}\d{1,6}$")  # « C1 », « P-012 », « 7 »
_MAY_TELL_A_PERSON = (Role.RESPONDENT, Role.IDENTIFIER, Role.FORBIDDEN)
_SAME_FOR_A_PERSON = (Role.STAKEHOLDER, *PLACE_ROLES)
_PERSON = (Role.RESPONDENT, Role.IDENTIFIER, Role.FORBIDDEN)
_OF_A_PERSON = (Role.STAKEHOLDER, Role.FORBIDDEN, Role.DATE, Role.EPCI, *PLACE_ROLES)
_BETWEEN = "\u241e"  # the symbol of a record separator: no one writes it
Kept = list[tuple[int, list[str]]]
FEWEST_QUESTIONS, FEWEST_PEOPLE = (
    3,
    2,
)  # two columns of which the first asks are a form, or a table of two columns
MOST_ASKED = (
    200  # rows of a form or a grid of interviews, one a question; a longer sheet has people in its rows
)
PAIR = 2  # cells: a label and its answer
ASKING = 0.6  # of the cells of the first column ask something; a column of answers asks nothing
_KEYS = (
    "stakeholder", "commune", "postcode", "date", "free_text", "open_question", "forbidden", "identifier", "polar_question", "department",
)  # fmt: skip


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


def upright(sheet: Sheet) -> Sheet:
    """Return the sheet with one row a person, itself where it has them already.

    >>> turned = upright(Sheet("", [["Qualité", "maire", "habitant"], ["Commune", "Auch", "Condom"], ["Remarques", "Rien.", "Le bruit."]]))
    >>> turned.rows[1]
    ['maire', 'Auch', 'Rien.']
    >>> upright(Sheet("", [["Qualité", "Commune"], ["maire", "Auch"]])).rows[0]
    ['Qualité', 'Commune']
    """
    if len(sheet.rows) > MOST_ASKED:
        return sheet
    first = next(
        (at for at, row in enumerate(sheet.rows) if _asks(row[:1]) and sum(map(bool, row)) > FEWEST_PEOPLE),
        None,
    )
    if first is None:
        return sheet
    asked = [row[0].strip() for row in sheet.rows[first:] if row and row[0].strip()]
    across = [cell for cell in sheet.rows[first][1:] if cell.strip()]
    asking = sum(_asks([cell]) for cell in asked)
    if (
        asking < max(FEWEST_QUESTIONS, ASKING * len(asked))
        or len(across) < FEWEST_PEOPLE
        or any(_asks([cell]) for row in sheet.rows[: first + 1] for cell in row[1:])
        or len(set(asked)) < len(asked)
    ):
        return sheet
    width = max(map(len, sheet.rows))
    rows = [
        row + [""] * (width - len(row)) for row in sheet.rows[first:] if any(cell.strip() for cell in row)
    ]
    return replace(
        sheet,
        rows=[[row[at] for row in rows] for at in range(width) if any(row[at].strip() for row in rows)],
        numeric_cells=frozenset(), merged_beside={}, merged_below={}, struck=frozenset(), unread={},
    )  # fmt: skip


def _asks(cells: list[str]) -> bool:
    for cell in cells:
        asked = heading_of(cell)
        if "?" in cell or any(
            matches("columns", key, words) for key in _KEYS for words in (asked.words, asked.bare)
        ):
            return True
    return False


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
    ) + [c for c in asked if all(_CODE_OF_A_PERSON.match(row[c.index].strip()) for _, row in rows)]
    for person in people:
        groups = repeated(rows, person)
        if groups is None or not _agree(groups, fixed):
            continue
        for question in asked:
            if question is not person and _is_asked(groups, question):
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


def one_table(sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets with those that hold one form each, the same labels beside their answers, put together: one row a form.

    >>> form = [["FICHE", ""], ["Qualité", "maire"], ["Commune", "Auch"], ["Remarques", "Rien."]]
    >>> [sheet.rows for sheet in one_table([Sheet("1", form), Sheet("2", form)])]
    [[['Qualité', 'Commune', 'Remarques'], ['maire', 'Auch', 'Rien.'], ['maire', 'Auch', 'Rien.']]]
    """
    forms = {at: said for at, sheet in enumerate(sheets) if (said := labelled(sheet))}
    labels = list(dict.fromkeys(label for said in forms.values() for label in said))
    shared = [label for label in labels if sum(label in said for said in forms.values()) > len(forms) / 2]
    if len(forms) < FEWEST_PEOPLE or len(shared) < FEWEST_QUESTIONS:
        return sheets
    rows = [labels, *([said.get(label, "") for label in labels] for said in forms.values())]
    return [Sheet("", rows), *(sheet for at, sheet in enumerate(sheets) if at not in forms)]


def labelled(sheet: Sheet) -> dict[str, str]:
    """What stands beside each label of a form in two columns; nothing for any other sheet."""
    if len(sheet.rows) > MOST_ASKED:
        return {}
    rows = [[cell.strip() for cell in row if cell.strip()] for row in sheet.rows]
    pairs = [row for row in rows if len(row) == PAIR]
    said = {label.rstrip(" :"): answer for label, answer in pairs}
    asking = sum(_asks([label]) for label in said)
    is_form = (
        max(map(len, rows), default=0) == PAIR
        and len(said) == len(pairs)
        and asking >= max(FEWEST_QUESTIONS, ASKING * len(said))
        and sum(_asks([answer]) for answer in said.values()) <= len(said) / 2
        and not _asks(pairs[0][1:])
    )
    return said if is_form else {}
