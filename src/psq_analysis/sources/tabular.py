"""A sheet of cells to contributions: one path for every tabular export, whatever wrote it.

A format says only what is its own (:class:`TableFormat`): roles it fixes, how a heading names a question, what
« complete » means, how a cell is cleaned. Headings, roles, places, rejects and the count of rows are common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from psq_analysis.sources.columns import Guess, guess_role
from psq_analysis.sources.headers import Header, find_header, header_at
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import (
    PLACE_ROLES,
    Column,
    Contribution,
    Document,
    Reading,
    Reject,
    Role,
    Sheet,
)
from psq_analysis.sources.places import is_ditto, restore_leading_zeros, split_place
from psq_analysis.sources.rows import trouble_of_row
from psq_analysis.sources.stakeholders import normalise_stakeholder
from psq_analysis.sources.trouble import AmbiguousFile, NoFreeText, NotATable
from psq_analysis.sources.values import has_time, is_answered, is_false, parse_date
from psq_analysis.sources.vocabulary import matches, plain

CREDIBLE = 0.4  # a free-text column guessed with less certainty than this needs a mapping
_UNIQUE_ROLES = (
    Role.COMMUNE,
    Role.INSEE,
    Role.POSTCODE,
    Role.EPCI,
    Role.DEPARTMENT,
    Role.DATE,
    Role.WAVE,
    Role.RESPONDENT,
)


def _question_is_heading(heading: str, group: str) -> tuple[str, str]:
    return heading, f"{group} – {heading}" if group and group != heading else heading


@dataclass(frozen=True)
class TableFormat:
    """What one export format adds to the common path."""

    name: str
    roles: tuple[tuple[str, Role], ...] = ()
    question: Callable[[str, str], tuple[str, str]] = _question_is_heading
    is_complete: Callable[[dict[str, str]], bool] | None = None
    clean: Callable[[str], str] | None = None
    header_row: int | None = None
    typed_by_hand: bool = False
    default_stakeholder: str | None = None

    def fixed_role(self, heading: str) -> Role | None:
        """Return the role this format gives to a system column."""
        for expression, role in self.roles:
            if re.search(expression, heading, re.IGNORECASE):
                return role
        return None


def read_sheet(
    document: Document,
    sheet: Sheet,
    table_format: TableFormat,
    mapping: Mapping,
    header: Header | None = None,
) -> Reading:
    """Return the contributions of one sheet.

    Raises :class:`NotATable` without headings, :class:`NoFreeText` when no column holds answers in words, and
    :class:`AmbiguousFile` when only doubtful columns do.
    """
    header = header or locate_header(document, sheet, table_format, mapping)
    body = _trimmed(sheet.rows, header.bottom + 1)
    numbers = list(range(header.bottom + 2, header.bottom + 2 + len(body)))
    columns = _columns(sheet, header, body, table_format, mapping)
    rejects: list[Reject] = []
    kept: list[tuple[int, list[str]]] = []
    for number, row in zip(numbers, body, strict=True):
        reason = trouble_of_row(
            row,
            columns,
            header,
            position=number - header.bottom - 2,
            typed_by_hand=table_format.typed_by_hand,
        )
        if reason:
            rejects.append(Reject(number, reason))
        else:
            kept.append((number, _fitted(row, len(header.headings))))
    columns = _with_unique_roles(_reconsidered(columns, kept, mapping, table_format))
    columns = _with_precisions(_with_choices(_with_ranked_voices(columns, kept), header, kept), mapping)
    _check_free_text(document, sheet, columns, mapping)
    rows = _prepared(sheet, kept, columns)
    contributions, merged = _contributions(rows, columns, table_format, mapping)
    return Reading(
        source_format=table_format.name,
        contributions=contributions,
        columns=columns,
        rejects=rejects,
        rows_in=len(body),
        rows_merged=merged,
        survey=_survey(columns),
        sheet=sheet.name,
        header_rows=tuple(range(header.top + 1, header.bottom + 2)),
    )


def locate_header(document: Document, sheet: Sheet, table_format: TableFormat, mapping: Mapping) -> Header:
    """Return the headings: where the mapping says, where the format always has them, or where they are found."""
    if mapping.header_row == 0:
        width = max(len(row) for row in sheet.rows)
        return Header(-1, -1, tuple(f"colonne {index + 1}" for index in range(width)), ("",) * width, 1.0)
    wanted = mapping.header_row or table_format.header_row
    if wanted is not None:
        if wanted > len(sheet.rows):
            raise NotATable(
                f"{document.path_name} : la ligne d'en-tête {wanted} de la correspondance n'existe pas ; corrigez-la."
            )
        return (
            header_at(sheet.rows, wanted - 1, sheet.merged_beside)
            if mapping.header_row
            else _single_header(sheet, wanted - 1)
        )
    header = find_header(sheet.rows, sheet.merged_beside)
    if header is None:
        raise AmbiguousFile(
            f"{document.path_name} : aucune ligne d'en-têtes n'a été reconnue, et la première ligne ressemble à une réponse ; "
            "écrivez une correspondance avec « ligne_entete: 0 » et le rôle de chaque « colonne N », ou ajoutez des en-têtes."
        )
    return header


def _single_header(sheet: Sheet, index: int) -> Header:
    width = max(len(row) for row in sheet.rows)
    cells = sheet.rows[index] + [""] * (width - len(sheet.rows[index]))
    return Header(index, index, tuple(cell.strip() for cell in cells), ("",) * width, 1.0)


def _trimmed(rows: list[list[str]], first: int) -> list[list[str]]:
    last = len(rows)
    while last > first and not any(cell.strip() for cell in rows[last - 1]):
        last -= 1
    return rows[first:last]


def _fitted(row: list[str], width: int) -> list[str]:
    return row[:width] + [""] * (width - len(row))


def _columns(
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
        guess = _role(shown, unique, header.groups[index], values, table_format, mapping)
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
    shown: str, unique: str, group: str, values: list[str], table_format: TableFormat, mapping: Mapping
) -> Guess:
    told = mapping.role_of(unique) or mapping.role_of(shown)
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
    columns: list[Column], kept: list[tuple[int, list[str]]], mapping: Mapping, table_format: TableFormat
) -> list[Column]:
    """Guess again without the rejected rows: a line of instructions must not weigh on a role."""
    reconsidered = []
    for column in columns:
        shown = column.heading.split("#")[0] if re.search(r"#\d+$", column.heading) else column.heading
        guess = _role(
            shown, column.heading, "", [row[column.index] for _, row in kept], table_format, mapping
        )
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
    for role in _UNIQUE_ROLES:
        holders = sorted((c for c in columns if c.role is role), key=lambda c: (-c.certainty, c.index))
        for column in holders[1:]:
            spare = Role.IGNORED if role is Role.DATE else Role.CLOSED_ANSWER
            position = columns.index(column)
            columns[position] = replace(
                column, role=spare, reason=f"une autre colonne est retenue : « {holders[0].heading} »"
            )
    return columns


def _with_ranked_voices(columns: list[Column], kept: list[tuple[int, list[str]]]) -> list[Column]:
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


def _with_choices(columns: list[Column], header: Header, kept: list[tuple[int, list[str]]]) -> list[Column]:
    """Columns ticked « X » under a common heading are the choices of one question."""
    chosen = []
    for column in columns:
        values = {row[column.index].strip().lower() for _, row in kept} - {""}
        if (
            column.role is Role.CLOSED_ANSWER
            and header.groups[column.index]
            and values <= {"x", "1", "0", "oui", "non"}
        ):
            group = header.groups[column.index]
            column = replace(column, question_id=group, question=group, choice=column.heading)
        chosen.append(column)
    return chosen


def _with_precisions(columns: list[Column], mapping: Mapping) -> list[Column]:
    """« Autre, précisez » after the quality of the respondent completes it; after another question it is a closed answer."""
    completed: list[Column] = []
    for column in columns:
        base = re.sub(r"\s*\[(other|autre|otro)[^\]]*\]\s*$", "", column.heading, flags=re.IGNORECASE)
        owner = (
            next((other for other in columns if other.heading == base), None)
            if base != column.heading
            else None
        )
        if owner is None and completed and matches("columns", "precision", plain(column.heading)):
            owner = completed[-1]
        if owner is not None and mapping.role_of(column.heading) is None:
            is_voice = owner.role in (Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER)
            if is_voice or base != column.heading:
                role = Role.STAKEHOLDER_OTHER if is_voice else Role.CLOSED_ANSWER
                column = replace(
                    column,
                    role=role,
                    certainty=0.9,
                    reason=f"précision de « {owner.heading} »",
                    separator=None,
                )
        completed.append(column)
    return completed


def _check_free_text(document: Document, sheet: Sheet, columns: list[Column], mapping: Mapping) -> None:
    free = [column for column in columns if column.role is Role.FREE_TEXT]
    if not free:
        raise NoFreeText(
            f"{document.path_name} : aucune colonne de réponses libres n'a été trouvée ({len(columns)} colonnes lues) ; "
            's\'il y en a une, désignez-la dans une correspondance : « colonnes: {"intitulé": texte_libre} ».'
        )
    if all(column.certainty < CREDIBLE for column in free):
        names = ", ".join(f"« {column.heading} »" for column in free[:3])
        raise AmbiguousFile(
            f"{document.path_name} : on ne peut pas dire si {names} contient des réponses libres ; "
            'écrivez une correspondance : « colonnes: {"intitulé": texte_libre} ».'
        )


def _prepared(
    sheet: Sheet, kept: list[tuple[int, list[str]]], columns: list[Column]
) -> list[tuple[int, list[str]]]:
    """Ditto marks taken up from above and codes given their zeros back, in the columns of place and quality only."""
    rows = [(number, list(row)) for number, row in kept]
    for column in columns:
        if column.role in (*PLACE_ROLES, Role.STAKEHOLDER, Role.DATE):
            above = ""
            for number, row in rows:
                row[column.index] = row[column.index] or sheet.merged_below.get(
                    (number - 1, column.index), ""
                )
                if above and is_ditto(row[column.index]):
                    row[column.index] = above
                above = row[column.index] if row[column.index].strip() else above
        if column.role in (Role.POSTCODE, Role.INSEE):
            numeric = (
                sum((number - 1, column.index) in sheet.numeric_cells for number, _ in rows) > len(rows) / 2
            )
            restored = restore_leading_zeros([row[column.index] for _, row in rows], are_numbers=numeric)
            for (_, row), value in zip(rows, restored, strict=True):
                row[column.index] = value
    return rows


def _survey(columns: list[Column]) -> frozenset[str]:
    asked = (Role.FREE_TEXT, Role.CLOSED_ANSWER, Role.STAKEHOLDER)
    return frozenset(plain(column.question) for column in columns if column.role in asked)


def _contributions(
    rows: list[tuple[int, list[str]]], columns: list[Column], table_format: TableFormat, mapping: Mapping
) -> tuple[list[Contribution], int]:
    by_role: dict[Role, list[Column]] = {}
    for column in columns:
        by_role.setdefault(column.role, []).append(column)
    key_of = _respondent_key(rows, by_role)
    contributions: list[Contribution] = []
    by_key: dict[str, Contribution] = {}
    merged = 0
    for number, row in rows:
        key = key_of(row) if key_of else ""
        if key and key in by_key:
            _add_remarks(by_key[key], row, by_role, table_format)
            merged += 1
            continue
        contribution = _contribution(number, row, by_role, columns, table_format, mapping)
        contributions.append(contribution)
        if key:
            by_key[key] = contribution
    return contributions, merged


def is_long(by_role: dict[Role, list[Column]]) -> bool:
    """A long table has a column that says which question each row answers."""
    return (
        bool(by_role.get(Role.QUESTION) or by_role.get(Role.QUESTION_ID))
        and len(by_role.get(Role.FREE_TEXT, [])) == 1
    )


def _respondent_key(
    rows: list[tuple[int, list[str]]], by_role: dict[Role, list[Column]]
) -> Callable[[list[str]], str] | None:
    """In a long table, who answered: a respondent column, or an identifier that repeats, once per question."""
    if not is_long(by_role):
        return None
    if by_role.get(Role.RESPONDENT):
        respondent = by_role[Role.RESPONDENT][0]
        return lambda row: row[respondent.index].strip()
    asked = (by_role.get(Role.QUESTION_ID) or by_role[Role.QUESTION])[0]
    for column in by_role.get(Role.IDENTIFIER, []):
        values = [row[column.index].strip() for _, row in rows]
        pairs = {(row[column.index].strip(), row[asked.index].strip()) for _, row in rows}
        if all(values) and len(set(values)) < len(values) and len(pairs) == len(rows):
            return lambda row, index=column.index: row[index].strip()  # type: ignore[misc]
    return None


def _contribution(
    number: int,
    row: list[str],
    by_role: dict[Role, list[Column]],
    columns: list[Column],
    table_format: TableFormat,
    mapping: Mapping,
) -> Contribution:
    contribution = Contribution(number)
    for column in by_role.get(Role.DATE, []):
        day = parse_date(row[column.index])
        contribution.submitted_on = day.isoformat() if day else None
        contribution.has_time = has_time(row[column.index])
    for column in by_role.get(Role.WAVE, []):
        contribution.wave = row[column.index].strip() or None
    _place(contribution, row, by_role, mapping)
    contribution.stakeholder = _stakeholder(row, by_role, mapping) or table_format.default_stakeholder
    if table_format.is_complete:
        contribution.is_complete = table_format.is_complete(
            {c.heading: row[c.index].strip() for c in columns}
        )
    for column in by_role.get(Role.CLOSED_ANSWER, []):
        contribution.answers.extend(_closed(column, row[column.index]))
    _add_remarks(contribution, row, by_role, table_format)
    contribution.source_key = "\x1f".join(
        row[c.index].strip() for c in columns if c.role is not Role.FORBIDDEN
    )
    return contribution


def _closed(column: Column, value: str) -> list[tuple[str, str, str]]:
    if not is_answered(value):
        return []
    if column.choice:
        return [] if is_false(value) else [(column.question_id, column.question, column.choice)]
    parts = value.split(column.separator) if column.separator else [value]
    return [(column.question_id, column.question, part.strip()) for part in parts if part.strip()]


def _add_remarks(
    contribution: Contribution, row: list[str], by_role: dict[Role, list[Column]], table_format: TableFormat
) -> None:
    for column in by_role.get(Role.FREE_TEXT, []):
        text = table_format.clean(row[column.index]) if table_format.clean else row[column.index]
        if not text.strip():
            continue
        question_id, question = column.question_id, column.question
        if is_long(by_role):
            question = (
                row[by_role[Role.QUESTION][0].index].strip() if by_role.get(Role.QUESTION) else question
            )
            question_id = (
                row[by_role[Role.QUESTION_ID][0].index].strip() if by_role.get(Role.QUESTION_ID) else question
            )
        contribution.remarks.append((question_id, question, text.strip()))


def _place(
    contribution: Contribution, row: list[str], by_role: dict[Role, list[Column]], mapping: Mapping
) -> None:
    found: dict[str, str] = {}
    for role in (Role.COMMUNE, Role.POSTCODE, Role.EPCI, Role.DEPARTMENT):
        for column in by_role.get(role, []):
            value = row[column.index].strip()
            if not value:
                continue
            if role in (Role.EPCI, Role.DEPARTMENT):
                found[role.value] = value
            elif role is Role.COMMUNE:
                found = {**split_place(value), **found}
            elif re.fullmatch(r"[\dAB\s\u00a0\u202f]+", value):
                found["postcode"] = value
            elif "postcode" in (address := split_place(value)):
                found = {**address, **found}
    for column in by_role.get(Role.INSEE, []):
        contribution.insee = row[column.index].strip() or None
    contribution.commune = found.get("commune") or (
        mapping.commune if not found and not contribution.insee else None
    )
    contribution.postcode = found.get("postcode")
    contribution.epci = found.get("epci")
    contribution.department = found.get("department")


def _stakeholder(row: list[str], by_role: dict[Role, list[Column]], mapping: Mapping) -> str | None:
    candidates = sorted(by_role.get(Role.STAKEHOLDER, []), key=lambda c: -c.certainty)
    for column in candidates:
        value = row[column.index].strip()
        if not value:
            continue
        told = mapping.voices.get(plain(value))
        if told:
            return told
        details = " ".join(row[other.index].strip() for other in by_role.get(Role.STAKEHOLDER_OTHER, []))
        if details.strip() and (
            not is_answered(value) or plain(value) in ("autre", "oth", "other", "autres")
        ):
            return mapping.voices.get(plain(details)) or normalise_stakeholder(details)
        return normalise_stakeholder(value)
    details = " ".join(row[other.index].strip() for other in by_role.get(Role.STAKEHOLDER_OTHER, []))
    return normalise_stakeholder(details)
