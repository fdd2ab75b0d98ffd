"""The columns of one table and their roles: the mapping first, then what the format fixes, then guesses, then what agrees."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Column, Role, Sheet
from psq_analysis.sources.tables.column_roles import Guess, guess_role
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

UNIQUE_ROLES = (
    Role.COMMUNE, Role.INSEE, Role.POSTCODE, Role.EPCI, Role.DEPARTMENT, Role.DATE, Role.WAVE, Role.RESPONDENT,
)  # fmt: skip
Kept = list[tuple[int, list[str]]]


def first_columns(
    sheet: Sheet, header: Header, body: list[list[str]], table_format: TableFormat, mapping: Mapping
) -> list[Column]:
    repeated = Counter(heading for heading in header.headings if heading)
    seen: Counter[str] = Counter()
    columns = []
    for index, heading in enumerate(header.headings):
        values = [row[index] for row in body if index < len(row)]
        if not heading and not any(value.strip() for value in values):
            continue
        shown = heading or f"colonne {index + 1}"
        seen[shown] += 1
        unique = f"{shown}#{seen[shown]}" if repeated[heading] > 1 else shown
        question_id, question = table_format.question(shown, header.groups[index])
        if repeated[heading] > 1:
            question_id = f"{question_id}#{seen[shown]}"
        guess = _role(unique, values, group=header.groups[index], table_format=table_format, mapping=mapping)
        columns.append(
            Column(
                index,
                unique,
                question_id,
                question,
                guess.role,
                guess.certainty,
                guess.reason,
                guess.separator,
                sheet.name,
            )
        )
    return columns


def _role(
    heading: str, values: list[str], *, group: str = "", table_format: TableFormat, mapping: Mapping
) -> Guess:
    """``heading`` may bear the number that tells columns of one heading apart (« Remarque#2 »)."""
    shown = re.sub(r"#\d+$", "", heading)
    told = mapping.role_of(heading) or mapping.role_of(shown)
    if told:
        guessed = guess_role(shown, values, group=group)
        return Guess(
            told, 1.0, "d'après la correspondance", guessed.separator if told is Role.CLOSED_ANSWER else None
        )
    fixed = table_format.fixed_role(shown)
    if fixed:
        return Guess(fixed, 0.98, "colonne connue de ce format")
    return guess_role(shown, values, group=group)


def _reconsidered(
    columns: list[Column], kept: Kept, mapping: Mapping, table_format: TableFormat
) -> list[Column]:
    """Guess again without the rejected rows: a line of instructions must not weigh on a role."""
    reconsidered = []
    for column in columns:
        values = [row[column.index] for _, row in kept]
        guess = _role(column.heading, values, table_format=table_format, mapping=mapping)
        if column.certainty == 1.0 or guess.role is column.role:
            reconsidered.append(
                replace(column, separator=guess.separator, certainty=max(column.certainty, guess.certainty))
            )
        else:
            reconsidered.append(
                replace(
                    column,
                    role=guess.role,
                    certainty=guess.certainty,
                    reason=guess.reason,
                    separator=guess.separator,
                )
            )
    return reconsidered


def _with_unique_roles(columns: list[Column]) -> list[Column]:
    for role in UNIQUE_ROLES:
        holders = sorted((c for c in columns if c.role is role), key=lambda c: (-c.certainty, c.index))
        for column in holders[1:]:
            spare = Role.IGNORED if role is Role.DATE else Role.CLOSED_ANSWER
            position = columns.index(column)
            columns[position] = replace(
                column, role=spare, reason=f"une autre colonne est retenue : « {holders[0].heading} »"
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


def _with_choices(columns: list[Column], header: Header, kept: Kept) -> list[Column]:
    """Columns ticked « X » under a common heading are the choices of one question."""
    chosen = []
    for column in columns:
        values = {row[column.index].strip().lower() for _, row in kept} - {""}
        group = header.groups[column.index]
        is_choice = column.role is Role.CLOSED_ANSWER and group and values <= {"x", "1", "0", "oui", "non"}
        chosen.append(
            replace(column, question_id=group, question=group, choice=column.heading) if is_choice else column
        )
    return chosen


def _with_precisions(columns: list[Column], mapping: Mapping) -> list[Column]:
    """« Autre, précisez » after the quality of the respondent completes it; after another question it is a closed answer."""
    completed: list[Column] = []
    for column in columns:
        owner = _owner_of_precision(column, columns, completed)
        if owner is None or mapping.role_of(column.heading):
            completed.append(column)
            continue
        is_voice = owner.role in (Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER)
        role = Role.STAKEHOLDER_OTHER if is_voice else Role.CLOSED_ANSWER
        reason = f"précision de « {owner.heading} »"
        completed.append(replace(column, role=role, certainty=0.9, reason=reason, separator=None))
    return completed


def _owner_of_precision(column: Column, columns: list[Column], before: list[Column]) -> Column | None:
    base = re.sub(r"\s*\[(other|autre|otro)[^\]]*\]\s*$", "", column.heading, flags=re.IGNORECASE)
    if base != column.heading:
        siblings = [other for other in columns if other is not column and other.heading.startswith(base)]
        return siblings[0] if siblings else None
    is_precision = bool(before) and matches("columns", "precision", plain(column.heading))
    return (
        before[-1] if is_precision and before[-1].role in (Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER) else None
    )


def settled_columns(
    columns: list[Column], header: Header, kept: Kept, table_format: TableFormat, mapping: Mapping
) -> list[Column]:
    """Return the columns once the rows that are no respondents are known: one place, one date, voices ranked, choices grouped."""
    columns = _with_unique_roles(_reconsidered(columns, kept, mapping, table_format))
    return _with_precisions(_with_choices(_with_ranked_voices(columns, kept), header, kept), mapping)
