"""Choices spread over columns, one a label: which columns belong to one question, whatever exporter wrote their headings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from psq_analysis.sources.model import Column, Role
from psq_analysis.sources.tables.column_roles import SURE, UNSURE, VOICES_SHARE
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.values import is_answered, is_tick
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

Kept = list[tuple[int, list[str]]]

# How exporters write « question, label »: LimeSurvey and Google, Qualtrics, KoboToolbox, Tally; the question is what is common.
_SHAPES = (
    re.compile(r"^(?P<question>.+?)\s*\[(?P<label>[^\]]+)\]$", re.DOTALL),
    re.compile(
        r"^(?P<question>.+?)\s+[-–—]\s+(?:Selected Choice|Choix sélectionnés?)\s+[-–—]\s+(?P<label>.+)$"
    ),
    re.compile(r"^(?P<question>.+)/(?P<label>[^/]+)$"),
    re.compile(r"^(?P<question>[^(]+(?:\([^)]*\)[^(]+)?)\s+\((?P<label>.+)\)$"),
    re.compile(r"^(?P<question>.+?)\s*(?::|\s[-–—>›])\s+(?P<label>.+)$"),
)

ALL_VOICES = 0.7  # of the labels are qualities: « Autre », « Retraité » stand beside them
_YES, _NO = {"oui", "yes", "vrai"}, {"non", "no", "faux"}


@dataclass(frozen=True, kw_only=True)
class _Place:
    question: str
    label: str


def with_choice_columns(columns: list[Column], header: Header, kept: Kept) -> list[Column]:
    """Return the columns with those that stand for one label each given to their question, and lists that repeat them left out."""
    values = {column.index: [row[column.index].strip() for _, row in kept] for column in columns}
    shown = {column.index: re.sub(r"#\d+$", "", column.heading) for column in columns}
    settled = {column.index: column for column in columns}
    grouped: set[int] = set()
    for places in _readings(columns, header, shown):
        by_question: dict[str, list[int]] = defaultdict(list)
        for index, place in places.items():
            if (
                index not in grouped
                and _may_be_choice(settled[index])
                and _are_ticks(values[index], place.label)
            ):
                by_question[place.question].append(index)
        for question, members in by_question.items():
            if _are_statements(question, [value for index in members for value in values[index]]):
                continue
            if len(members) < 2 or not any(
                is_answered(value) for index in members for value in values[index]
            ):
                continue
            tells_voice = _tells_voice(question, [places[index].label for index in members])
            for index in members:
                settled[index] = _choice(
                    settled[index], question, places[index].label, tells_voice=tells_voice
                )
            grouped.update(members)
            _leave_out_lists(
                question, [places[index].label for index in members], settled, values=values, shown=shown
            )
    _group_labels_as_headings(columns, settled, grouped, values=values, shown=shown)
    return [settled[column.index] for column in columns]


def _readings(columns: list[Column], header: Header, shown: dict[int, str]) -> list[dict[int, _Place]]:
    """Each way of reading the headings: under a common heading of their own, then by each shape."""
    groups = {
        column.index: _Place(question=header.groups[column.index], label=shown[column.index])
        for column in columns
        if header.groups[column.index]
    }
    readings = [groups] if groups else []
    asked = {
        column.index: column.question for column in columns
    }  # without the codes that tell « Q03[SQ001] » from its neighbours
    for shape, texts in ((shape, texts) for texts in (shown, asked) for shape in _SHAPES):
        found = {column.index: shape.match(texts[column.index]) for column in columns}
        readings.append(
            {
                index: _Place(question=match["question"].strip(), label=match["label"].strip())
                for index, match in found.items()
                if match
            }
        )
    return readings


def _may_be_choice(column: Column) -> bool:
    """A column whose role is only guessed, and not as something else than an answer."""
    is_answer = column.role in (Role.CLOSED_ANSWER, Role.FREE_TEXT)
    is_aside = column.role is Role.FORBIDDEN and column.certainty <= UNSURE
    is_quality = column.role is Role.STAKEHOLDER  # « Vous êtes [Habitant] », ticked
    return column.certainty < SURE and column.choice is None and (is_answer or is_aside or is_quality)


def _are_ticks(values: list[str], label: str) -> bool:
    """Every answer is a tick, or the label itself."""
    return all(not is_answered(value) or is_tick(value) or plain(value) == plain(label) for value in values)


def _are_statements(question: str, values: list[str]) -> bool:
    """« Diriez-vous que… », answered by yes and by no on each line: as many questions, and not choices of one."""
    said = {value.strip().lower() for value in values}
    return (
        bool(said & _YES)
        and bool(said & _NO)
        and matches("columns", "polar_question", heading_of(question).words)
    )


def _tells_voice(question: str, labels: list[str]) -> bool:
    """Boxes to tick under « Vous êtes », or boxes that are all qualities under a question nobody wrote."""
    known = sum(normalise_stakeholder(label) is not None for label in labels) / len(labels)
    asked = heading_of(question)
    asks = any(
        matches("columns", key, words)
        for key in ("stakeholder", "stakeholder_if_told")
        for words in (asked.words, asked.bare)
    )
    return known >= VOICES_SHARE if asks else not question and known >= ALL_VOICES


def _choice(column: Column, question: str, label: str, *, tells_voice: bool) -> Column:
    return replace(
        column,
        role=Role.STAKEHOLDER if tells_voice else Role.CLOSED_ANSWER,
        certainty=max(column.certainty, 0.9),
        reason=f"choix de « {question} »",
        question_id=question,
        question=heading_of(question).text,
        choices=None,
        choice=label,
        is_other=False,
    )


def _leave_out_lists(
    question: str,
    labels: list[str],
    settled: dict[int, Column],
    *,
    values: dict[int, list[str]],
    shown: dict[int, str],
) -> None:
    """A column with the heading of the question lists the labels its choices already give."""
    longest_first = sorted((plain(label) for label in labels), key=len, reverse=True)
    for index, column in settled.items():
        if (
            column.choice is None
            and _may_be_choice(column)
            and shown[index].strip() == question
            and _is_made_of(values[index], longest_first)
        ):
            settled[index] = replace(
                column, role=Role.IGNORED, reason="répète les colonnes de choix qui suivent", choices=None
            )


def _is_made_of(values: list[str], labels: list[str]) -> bool:
    """Labels (or the codes that end them) put side by side are all that most cells hold."""
    made = answered = 0
    for value in values:
        if not is_answered(value):
            continue
        answered += 1
        rest = f" {plain(value)} "
        for label in labels:
            rest = rest.replace(f" {label} ", "  ") if label else rest
        made += len(rest.strip()) <= 0.3 * len(value)
    return answered > 0 and made >= 0.7 * answered


def _group_labels_as_headings(
    columns: list[Column],
    settled: dict[int, Column],
    grouped: set[int],
    *,
    values: dict[int, list[str]],
    shown: dict[int, str],
) -> None:
    """Side by side, columns whose cells hold their own heading and nothing else are the choices of a question nobody wrote (Typeform)."""
    run: list[int] = []
    for column in [*columns, None]:
        is_label = (
            column is not None
            and column.index not in grouped
            and _may_be_choice(settled[column.index])
            and any(values[column.index])
            and all(not value or plain(value) == plain(shown[column.index]) for value in values[column.index])
        )
        if is_label and column is not None:
            run.append(column.index)
            continue
        if len(run) > 1:
            question = f"Choix de « {shown[run[0]]} » à « {shown[run[-1]]} »"
            tells_voice = _tells_voice("", [shown[index] for index in run])
            for index in run:
                settled[index] = _choice(settled[index], question, shown[index], tells_voice=tells_voice)
        run = []
