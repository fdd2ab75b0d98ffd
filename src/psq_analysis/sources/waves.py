"""Which files are waves of one survey: the same questions, asked again after a pause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from psq_analysis.sources.model import NamedReading

SAME_SURVEY = 0.8  # share of questions in common; a wave rewords or drops a question now and then
REWORDED = 80  # likeness out of 100 of two wordings of one question, their words compared in any order
PAUSE_DAYS = 30  # exports of one collection overlap or follow within weeks; waves are months apart
_NAMED = re.compile(r"(?:vague|wave)[ _\-]?(\d{1,2})(?!\d)", re.IGNORECASE)


def waves_of(readings: list[NamedReading]) -> dict[str, str]:
    """Return the wave of each file: ``1`` unless its name says another, or it repeats an earlier survey after a pause.

    Exports of one survey whose dates overlap are one wave. A wave column or the mapping's ``vague`` wins over this.
    """
    waves = {item.source_file: _named(item.source_file) or "1" for item in readings}
    unnamed = [item for item in readings if not _named(item.source_file)]
    for family in _families(unnamed):
        dated = sorted((span, item.source_file) for item in family if (span := _span(item)) is not None)
        wave, end = 1, None
        for (first, last), name in dated:
            if end is not None and (first - end).days > PAUSE_DAYS:
                wave += 1
            end = last if end is None else max(end, last)
            waves[name] = str(wave)
    return waves


def _named(source_file: str) -> str | None:
    found = _NAMED.search(source_file)
    return str(int(found[1])) if found else None


def _families(readings: list[NamedReading]) -> list[list[NamedReading]]:
    families: list[list[NamedReading]] = []
    for item in readings:
        for family in families:
            if _resemblance(family[0].reading.survey, item.reading.survey) >= SAME_SURVEY:
                family.append(item)
                break
        else:
            families.append([item])
    return families


def _resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the questions in common; one that is only reworded is in common.

    >>> _resemblance(frozenset({"que constatez vous au quotidien"}), frozenset({"que constatez vous au quotidien dans votre commune"}))
    1.0
    """
    common = len(one & other)
    left = sorted(other - one)
    for question in sorted(one - other):
        close = process.extractOne(question, left, scorer=fuzz.token_set_ratio, score_cutoff=REWORDED)
        if close is not None:
            left.remove(close[0])
            common += 1
    all_questions = len(one) + len(other) - common
    return common / all_questions if all_questions else 0.0


def _span(item: NamedReading) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    days = pd.to_datetime([c.submitted_on for c in item.reading.contributions if c.submitted_on])
    return (days.min(), days.max()) if len(days) else None
