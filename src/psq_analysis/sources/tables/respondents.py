"""Rows to contributions: who answers, from where, when, what was ticked and what was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from psq_analysis.sources.choices import OTHER, cut, one_choice
from psq_analysis.sources.errors import BadMapping
from psq_analysis.sources.files.html import text_of_html
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import PLACE_ROLES, Column, Contribution, Role, Sheet
from psq_analysis.sources.places_written import is_ditto, restore_leading_zeros, split_place
from psq_analysis.sources.tables.answers_in_rows import long_rows
from psq_analysis.sources.tables.column_profile import is_chosen
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import (
    are_months_first,
    has_time,
    is_answered,
    is_false,
    is_other,
    parse_date,
    unfinished,
)
from psq_analysis.sources.vocabulary import plain
from psq_analysis.sources.voices import normalise_stakeholder

Kept = list[tuple[int, list[str]]]
_SAID_NOTHING = frozenset(
    {"null", "none", "nan", "not provided", "no answer", "question not shown"}
)  # written by software for a blank
_TELLING = (
    Role.FREE_TEXT, Role.CLOSED_ANSWER, Role.IDENTIFIER, Role.DATE, Role.STAKEHOLDER, Role.STAKEHOLDER_OTHER, Role.QUESTION, Role.QUESTION_ID,
    *PLACE_ROLES,
)  # fmt: skip
NUMBERED = 0.5  # of the rows bear a number: the others may go on with the row above
OTHER_WORDS = 7  # « le gibier sur la route » names a choice, « les quads dans les vignes le dimanche » begins to tell something


def prepared_rows(sheet: Sheet, kept: Kept, columns: list[Column]) -> Kept:
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


@dataclass(frozen=True)
class _Layout:
    """The columns by role, and whether each row is one answer (long) or one person (wide)."""

    columns: list[Column]
    by_role: dict[Role, list[Column]]
    is_long: bool
    table_format: TableFormat
    mapping: Mapping
    months_first: frozenset[int] = frozenset()
    unfinished: dict[int, frozenset[str]] = field(default_factory=dict)
    chosen_voices: tuple[Column, ...] = ()
    is_numbered: bool = False


def contributions_of(
    rows: Kept, columns: list[Column], table_format: TableFormat, mapping: Mapping
) -> tuple[list[Contribution], int]:
    """Return one contribution per respondent, and how many rows were merged into another one (long tables)."""
    by_role: dict[Role, list[Column]] = {}
    for column in columns:
        by_role.setdefault(column.role, []).append(column)
    asks = by_role.get(Role.QUESTION, []) + by_role.get(Role.QUESTION_ID, [])
    is_long = bool(asks) and len(by_role.get(Role.FREE_TEXT, [])) == 1 and mapping.shape != "large"
    if mapping.shape == "longue" and not is_long:
        raise BadMapping(
            "correspondance : « forme: longue » demande une colonne « question » (ou « numero_question ») et une seule colonne "
            "« texte_libre » ; désignez-les sous « colonnes »."
        )
    key_of = _respondent_key(rows, by_role) if is_long else None
    found = (
        None
        if asks or mapping.shape == "large" or len(by_role.get(Role.FREE_TEXT, [])) != 1
        else long_rows(rows, columns)
    )
    if found:
        person, is_long = found.person.index, True
        by_role[Role.QUESTION] = [found.question]
        by_role[Role.CLOSED_ANSWER] = [c for c in by_role[Role.CLOSED_ANSWER] if c is not found.question]
        key_of = lambda row: row[person].strip()  # noqa: E731
    months_first = frozenset(
        column.index
        for column in by_role.get(Role.DATE, [])
        if are_months_first([row[column.index] for _, row in rows])
    )
    states = {
        column.index: unfinished([row[column.index] for _, row in rows], heading_of(column.heading).words)
        for column in by_role.get(Role.STATUS, [])
    }
    layout = _Layout(
        columns,
        by_role,
        is_long,
        table_format,
        mapping,
        months_first,
        states,
        tuple(
            column
            for column in by_role.get(Role.STAKEHOLDER, [])
            if column.choice or is_chosen([row[column.index] for _, row in rows])
        ),
        is_numbered=any(
            sum(bool(row[column.index].strip()) for _, row in rows) >= NUMBERED * len(rows)
            for column in by_role.get(Role.IDENTIFIER, [])
        ),
    )
    contributions: list[Contribution] = []
    by_key: dict[str, Contribution] = {}
    merged = 0
    for number, row in rows:
        key = key_of(row) if key_of else ""
        if key and key in by_key:
            _add_remarks(by_key[key], row, layout)
            merged += 1
            continue
        if contributions and _continues(row, layout):
            _add_remarks(contributions[-1], row, layout)
            _add_closed(contributions[-1], row, layout)
            merged += 1
            continue
        contribution = _contribution(number, row, layout)
        contributions.append(contribution)
        if key:
            by_key[key] = contribution
    return contributions, merged


def _continues(row: list[str], layout: _Layout) -> bool:
    """In a numbered sheet kept by hand, a row without number, quality, place and date goes on with what the person above said."""
    numbers = layout.by_role.get(Role.IDENTIFIER, [])
    told = (
        *numbers,
        *(c for role in (Role.STAKEHOLDER, Role.DATE, *PLACE_ROLES) for c in layout.by_role.get(role, [])),
    )
    return (
        layout.table_format.typed_by_hand
        and layout.is_numbered
        and len(told) > len(numbers)
        and not any(row[column.index].strip() for column in told)
        and any(row[column.index].strip() for column in layout.by_role.get(Role.FREE_TEXT, []))
    )


def _respondent_key(rows: Kept, by_role: dict[Role, list[Column]]) -> Callable[[list[str]], str] | None:
    """In a long table, who answered: a respondent column, or an identifier that repeats, once per question."""
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


def _contribution(number: int, row: list[str], layout: _Layout) -> Contribution:
    by_role, is_complete = layout.by_role, layout.table_format.is_complete
    contribution = Contribution(number)
    for column in by_role.get(Role.DATE, []):
        day = parse_date(row[column.index], month_first=column.index in layout.months_first)
        contribution.submitted_on = day.isoformat() if day else None
        contribution.has_time = has_time(row[column.index])
    for column in by_role.get(Role.WAVE, []):
        contribution.wave = row[column.index].strip() or None
    _place(contribution, row, by_role, layout.mapping)
    contribution.stakeholder = _stakeholder(row, by_role, layout.mapping)
    if is_complete:
        contribution.is_complete = is_complete({c.heading: row[c.index].strip() for c in layout.columns})
    elif layout.unfinished:
        contribution.is_complete = not any(
            plain(row[index]) in words for index, words in layout.unfinished.items()
        )
    _add_remarks(contribution, row, layout)
    _add_closed(contribution, row, layout)
    _add_chosen_voices(contribution, row, layout)
    contribution.source_key = _key(row, layout)
    contribution.is_identified = contribution.has_time or any(
        row[column.index].strip() for column in by_role.get(Role.IDENTIFIER, [])
    )
    return contribution


def _key(row: list[str], layout: _Layout) -> str:
    """What tells a row from the others, the same when a spreadsheet has rewritten its dates, numbers and blanks."""
    return "\x1f".join(_settled(row[column.index]) for column in layout.columns if column.role in _TELLING)


def _settled(value: str) -> str:
    value = " ".join(value.split())
    day = parse_date(value)
    if day:
        clock = re.search(r"\b(\d{1,2})[:h](\d{2})", value)
        return day.isoformat() + (f" {int(clock[1]):02d}:{clock[2]}" if clock else "")
    number = value.replace(",", ".")
    if re.fullmatch(r"-?\d+(?:\.\d+)?", number):
        return number.lstrip("0").removesuffix(".0") or "0"
    return unicodedata.normalize("NFC", value).casefold()


def _closed(column: Column, value: str, labels: dict[str, str]) -> tuple[list[str], list[str]]:
    """The choices of a cell, by their labels where the mapping gives them, and the words added to them."""
    if not is_answered(value):
        return [], []
    if column.choice:
        return ([] if is_false(value) else [labels.get(column.choice, column.choice)]), []
    ticked, added = cut(value, column.choices) if column.choices else one_choice(value)
    return [labels.get(label, label) for label in ticked], added


def _add_closed(contribution: Contribution, row: list[str], layout: _Layout) -> None:
    for column in layout.by_role.get(Role.CLOSED_ANSWER, []):
        value = text_of_html(row[column.index]).strip()
        if column.is_other:
            if is_answered(value) and plain(value) not in _SAID_NOTHING:
                _add_other(contribution, (column.question_id, column.question, value))
            continue
        labels = layout.mapping.labels_of(column.question_id) or layout.mapping.labels_of(column.heading)
        ticked, added = _closed(column, value, labels)
        contribution.answers.extend((column.question_id, column.question, label) for label in ticked)
        for text in added:
            _add_other(
                contribution, (f"{column.question_id} [{OTHER}]", f"{column.question} – {OTHER}", text)
            )


def _add_chosen_voices(contribution: Contribution, row: list[str], layout: _Layout) -> None:
    """A quality ticked in a list tells the voice, and is the answer to a question too; one typed freely is no answer."""
    for column in layout.chosen_voices:
        ticked, _ = _closed(column, text_of_html(row[column.index]).strip(), {})
        contribution.answers.extend((column.question_id, column.question, label) for label in ticked)


def _add_other(contribution: Contribution, said: tuple[str, str, str]) -> None:
    """What is written beside « Autre »: a few words name one more choice, a sentence is a remark."""
    is_remark = len(said[2].split()) >= OTHER_WORDS
    (contribution.remarks if is_remark else contribution.answers).append(said)


def _add_remarks(contribution: Contribution, row: list[str], layout: _Layout) -> None:
    by_role, clean = layout.by_role, layout.table_format.clean
    for column in by_role.get(Role.FREE_TEXT, []):
        text = text_of_html(clean(row[column.index]) if clean else row[column.index])
        if not text.strip() or plain(text) in _SAID_NOTHING:
            continue
        question_id, question = column.question_id, column.question
        if layout.is_long:
            question = (
                row[by_role[Role.QUESTION][0].index].strip() if by_role.get(Role.QUESTION) else question
            )
            question_id = (
                row[by_role[Role.QUESTION_ID][0].index].strip() if by_role.get(Role.QUESTION_ID) else question
            )
        contribution.remarks.append((question_id, question, text.strip()))


def _code(value: str) -> str:
    """A code without the spaces and decimals that spreadsheets add: « 32 000 », « 32000.0 »."""
    return re.sub(r"\.0$", "", re.sub(r"[\s\u00a0\u202f]", "", value)).upper()


def _place(
    contribution: Contribution, row: list[str], by_role: dict[Role, list[Column]], mapping: Mapping
) -> None:
    found: dict[str, str] = {}
    for role in (Role.COMMUNE, Role.POSTCODE, Role.EPCI, Role.DEPARTMENT):
        for column in by_role.get(role, []):
            value = row[column.index].strip()
            if role is Role.COMMUNE and (not value or is_other(value)):
                others = (row[other.index].strip() for other in by_role.get(Role.COMMUNE_OTHER, []))
                value = " ".join(other for other in others if other) or value
            if not value:
                continue
            if role in (Role.EPCI, Role.DEPARTMENT):
                found[role.value] = value
            elif role is Role.COMMUNE:
                found = {**split_place(value), **found}
            elif re.fullmatch(r"[\dAB\s\u00a0\u202f]+", value):
                found["postcode"] = _code(value)
            elif address := split_place(value):
                found = {**address, **found}
    for column in by_role.get(Role.INSEE, []):
        contribution.insee = _code(row[column.index]) if is_answered(row[column.index]) else None
    contribution.commune = found.get("commune") or (
        mapping.commune if not found and not contribution.insee else None
    )
    contribution.postcode = found.get("postcode")
    contribution.epci = found.get("epci")
    contribution.department = found.get("department")


def _stakeholder(row: list[str], by_role: dict[Role, list[Column]], mapping: Mapping) -> str | None:
    columns = sorted(by_role.get(Role.STAKEHOLDER, []), key=lambda c: -c.certainty)
    ticked = [
        c.choice for c in columns if c.choice and is_answered(row[c.index]) and not is_false(row[c.index])
    ]
    for value in [" / ".join(ticked), *(row[c.index].strip() for c in columns if not c.choice)]:
        if not value:
            continue
        told = mapping.voices.get(plain(value))
        if told:
            return told
        details = " ".join(row[other.index].strip() for other in by_role.get(Role.STAKEHOLDER_OTHER, []))
        if details.strip() and (not is_answered(value) or is_other(value)):
            return mapping.voices.get(plain(details)) or normalise_stakeholder(details)
        if voice := normalise_stakeholder(value):
            return voice
    details = " ".join(row[other.index].strip() for other in by_role.get(Role.STAKEHOLDER_OTHER, []))
    return normalise_stakeholder(details)
