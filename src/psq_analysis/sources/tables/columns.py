"""The columns of one table and their roles: the mapping first, then what the format fixes, then guesses, then what agrees."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from psq_analysis.sources.choices import codes_of_cells
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import PLACE_ROLES, Column, Role, Sheet
from psq_analysis.sources.tables.choice_columns import with_choice_columns
from psq_analysis.sources.tables.column_roles import LIKELY, SURE, Guess, guess_role
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of, without_markup
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import is_other
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

UNIQUE_ROLES = (
    Role.COMMUNE, Role.INSEE, Role.POSTCODE, Role.EPCI, Role.DEPARTMENT, Role.DATE, Role.WAVE, Role.RESPONDENT,
)  # fmt: skip
# « qualite_autre », « qualite_other » of KoboToolbox and ODK, « Vous êtes (autre) » of others: the words beside the choice of that name
_OTHER_OF = re.compile(
    r"^(?P<owner>.+?) (?:autres?|others?|oth|other text|autre texte|autre precis\w*|precis\w*|specify|detail\w*)$"
)
Kept = list[tuple[int, list[str]]]


def first_columns(
    sheet: Sheet, header: Header, body: list[list[str]], table_format: TableFormat, mapping: Mapping
) -> list[Column]:
    """Return the columns with the roles that headings and all rows suggest; :func:`settled_columns` has the last word."""
    repeated = Counter(heading for heading in header.headings if heading)
    seen: Counter[str] = Counter()
    columns = []
    for index, heading in enumerate(header.headings):
        values = [row[index] for row in body if index < len(row)]
        if not heading and not any(value.strip() for value in values):
            continue
        shown = without_markup(heading) or f"colonne {index + 1}"
        seen[shown] += 1
        unique = f"{shown}#{seen[shown]}" if repeated[heading] > 1 else shown
        question_id, question = table_format.question(shown, header.groups[index])
        if repeated[heading] > 1:
            question_id = f"{question_id}#{seen[shown]}"
        guess = _role(unique, values, group=header.groups[index], table_format=table_format, mapping=mapping)
        columns.append(
            Column(
                index=index,
                heading=unique,
                question_id=question_id,
                question=question,
                role=guess.role,
                certainty=guess.certainty,
                reason=guess.reason,
                choices=guess.choices,
                is_other=guess.is_other,
                sheet=sheet.name,
            )
        )
    return columns


def _role(
    heading: str, values: list[str], *, group: str = "", table_format: TableFormat, mapping: Mapping
) -> Guess:
    """``heading`` may bear the number that tells columns of one heading apart (« Remarque#2 »)."""
    shown = re.sub(r"#\d+$", "", heading)
    named = mapping.choices_of(heading) or mapping.choices_of(shown)
    told = mapping.role_of(heading) or mapping.role_of(shown) or (Role.CLOSED_ANSWER if named else None)
    if told:
        guessed = guess_role(shown, values, group=group)
        choices = named or (guessed.choices if told is Role.CLOSED_ANSWER else None)
        return Guess(told, 1.0, "d'après la correspondance", choices)
    fixed = table_format.fixed_role(shown)
    if fixed:
        return Guess(fixed, 0.98, "colonne connue de ce format")
    guess = guess_role(shown, values, group=group)
    if (
        table_format.codes_apart
        and guess.role in (Role.FORBIDDEN, Role.CLOSED_ANSWER)
        and guess.choices is None
    ):
        codes = codes_of_cells(values) if guess.certainty < SURE else None
        return Guess(Role.CLOSED_ANSWER, LIKELY, "codes de plusieurs choix", codes) if codes else guess
    return guess


def _reconsidered(
    columns: list[Column], header: Header, kept: Kept, mapping: Mapping, table_format: TableFormat
) -> list[Column]:
    """Guess again without the rejected rows: a line of instructions must not weigh on a role."""
    reconsidered = []
    for column in columns:
        values = [row[column.index] for _, row in kept]
        group = header.groups[column.index]
        guess = _role(column.heading, values, group=group, table_format=table_format, mapping=mapping)
        if column.certainty == 1.0 or guess.role is column.role:
            certainty, reason, role = max(column.certainty, guess.certainty), column.reason, column.role
        else:
            certainty, reason, role = guess.certainty, guess.reason, guess.role
        reconsidered.append(
            replace(
                column,
                role=role,
                certainty=certainty,
                reason=reason,
                choices=guess.choices,
                is_other=guess.is_other,
            )
        )
    return reconsidered


def _with_other_communes(columns: list[Column], kept: Kept) -> list[Column]:
    """« Autre commune » is filled where the list above it was left blank or ticked « Autre »."""
    communes = [column for column in columns if column.role is Role.COMMUNE]
    return [
        replace(column, role=Role.COMMUNE_OTHER, reason=f"complète « {communes[0].heading} »")
        if column in communes[1:] and column.certainty < 1.0 and _completes(column, communes[0], kept)
        else column
        for column in columns
    ]


def _completes(column: Column, first: Column, kept: Kept) -> bool:
    beside = [row[first.index].strip() for _, row in kept if row[column.index].strip()]
    return bool(beside) and all(not cell or is_other(cell) for cell in beside)


def _with_unique_roles(columns: list[Column]) -> list[Column]:
    for role in UNIQUE_ROLES:
        holders = sorted((c for c in columns if c.role is role), key=lambda c: (-c.certainty, c.index))
        for column in holders[1:]:
            position = columns.index(column)
            columns[position] = replace(
                column, role=Role.IGNORED, reason=f"une autre colonne est retenue : « {holders[0].heading} »"
            )
    return columns


def _with_ranked_voices(columns: list[Column], kept: Kept) -> list[Column]:
    """Of several columns that say who speaks, the one that tells most voices apart comes first; the others fill its blanks."""
    voices = {
        column.index: len({normalise_stakeholder(row[column.index]) for _, row in kept} - {None})
        for column in columns
        if column.role is Role.STAKEHOLDER
    }
    best = max(voices.values(), default=0)
    return [
        replace(column, certainty=min(column.certainty, 0.6), reason="complète l'autre colonne de qualité")
        if column.role is Role.STAKEHOLDER and voices[column.index] < best and column.certainty < 1.0
        else column
        for column in columns
    ]


def _with_precisions(columns: list[Column], mapping: Mapping) -> list[Column]:
    """« Autre, précisez » completes the quality or the place it follows; after another question it is an answer in words."""
    completed: list[Column] = []
    for column in columns:
        owner = _owner_of_precision(column, columns, completed)
        names_people = (
            column.role is Role.FORBIDDEN and owner is not None and owner.role is Role.CLOSED_ANSWER
        )
        if owner is None or names_people or column.certainty == 1.0 or mapping.role_of(column.heading):
            completed.append(column)
            continue
        role = _role_of_precision(owner, column)
        completed.append(
            replace(
                column,
                role=role,
                certainty=0.9,
                reason=f"précision de « {owner.heading} »",
                choices=None,
                choice=None,
                is_other=role is Role.CLOSED_ANSWER,
            )
        )
    return completed


def _role_of_precision(owner: Column, column: Column) -> Role:
    if owner.role in (Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER):
        return Role.STAKEHOLDER_OTHER
    if owner.role in (Role.COMMUNE, Role.COMMUNE_OTHER):
        return Role.COMMUNE_OTHER
    if owner.role in PLACE_ROLES:
        return Role.COMMUNE  # the list gave codes, the words beside it are a name
    return Role.FORBIDDEN if owner.role is Role.FORBIDDEN else Role.CLOSED_ANSWER


def _owner_of_precision(column: Column, columns: list[Column], before: list[Column]) -> Column | None:
    if column.role in (Role.IDENTIFIER, Role.DATE) or column.choice is not None:
        return None
    base = re.sub(
        r"\s*\[(other|autre|otro|altro|sonstige|andere)[^\]]*\]\s*$", "", column.heading, flags=re.IGNORECASE
    )
    if base != column.heading:
        asked_without_code = re.sub(r"\s*\[[^\]]*\]\s*$", "", column.question)
        siblings = [other for other in columns if other is not column and other.heading.startswith(base)] or [
            other for other in columns if other is not column and other.question == asked_without_code
        ]
        return siblings[0] if siblings else None
    named = _OTHER_OF.match(plain(column.heading.rsplit("/", 1)[-1]))
    if named and (owner := _named(named["owner"], before)):
        return owner
    asked = heading_of(column.heading)
    if not before or not matches("columns", "precision", asked.words):
        return None
    if matches("columns", "commune", asked.words) or matches("columns", "precision_of_place", asked.words):
        return next((other for other in reversed(before) if other.role is Role.COMMUNE), before[-1])
    last = before[-1]
    return (
        last
        if last.role in (Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER, *PLACE_ROLES, Role.CLOSED_ANSWER)
        else None
    )


def _named(words: str, columns: list[Column]) -> Column | None:
    """The last column of that name, without the path of its group."""
    return next((one for one in reversed(columns) if plain(one.heading.rsplit("/", 1)[-1]) == words), None)


def settled_columns(
    columns: list[Column], header: Header, kept: Kept, table_format: TableFormat, mapping: Mapping
) -> list[Column]:
    """Return the columns once the rows that are no respondents are known: one place, one date, voices ranked, choices grouped."""
    columns = _reconsidered(columns, header, kept, mapping, table_format)
    columns = _with_unique_roles(_with_other_communes(columns, kept))
    columns = with_choice_columns(_with_ranked_voices(columns, kept), header, kept)
    return _with_precisions(columns, mapping)
