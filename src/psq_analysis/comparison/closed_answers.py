"""Closed questions: how many chose each answer, by territory and voice, and what those who chose it write."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from psq_analysis.disclosure.cell_keys import NO_EDGE
from psq_analysis.disclosure.published_shares import published_shares, shares_overall
from psq_analysis.disclosure.voices import voices_or_families
from psq_analysis.respondents.closed import Closed
from psq_analysis.respondents.design import EVERYONE, design
from psq_analysis.respondents.groups import group_of, in_order
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import conform, empty

TERRITORY, VOICE = "territory", "voice"
CROSSED_WITH = ("theme", "demand")  # what people write, as a reader of the closed questions asks for it
_NUMBERS = ["respondents", "mentions", "share", "low", "high"]


def answers_by_group(
    closed: Closed, people: pd.DataFrame, *, min_cell: int = MIN_CELL, is_part: bool = False
) -> pd.DataFrame:
    """Return ``closed_answers``: of those who answered each question, the share that chose each answer, over everyone, by territory and by voice.

    ``people``: those who count; ``is_part``: they are some of a run's, whose counts are all moved. Those who were asked a question are a group unless they are everyone: their counts are moved by random keys too; a group of fewer than ``min_cell`` answers
    is not shown, small voices standing with their family first (:func:`psq_analysis.disclosure.voices.voices_or_families`).
    """
    likeness = design(closed.choices, people)
    tables = []
    for key, listed in closed.questions.groupby("question_id", sort=False):
        chosen = closed.choices[closed.choices["scheme"] == key]
        answered = people[people["contribution_id"].isin(chosen["contribution_id"])].set_index(
            "contribution_id"
        )
        items = listed[["question_id", "value"]].set_axis(["scheme", "code"], axis=1)
        # those who were asked a question are a group of a run, unless they are everyone
        is_some = is_part or len(answered) < len(people)
        overall = shares_overall(chosen, answered.reset_index(), items, design=likeness, is_part=is_some)
        found = [overall.assign(grouping=EVERYONE)]
        for grouping, groups in _groups(answered, min_cell=min_cell).items():
            if groups.notna().any():
                names = {
                    name: at
                    for at, name in enumerate(in_order(_ORDERED_AS[grouping], groups.dropna().unique()))
                }
                shares = published_shares(
                    chosen, groups, answered["record_key"], items, design=likeness, is_part=is_some
                )
                order = shares["group"].map(names).sort_values(kind="stable").index
                found.append(shares.loc[order].assign(grouping=grouping))
        rows = pd.concat(found, ignore_index=True).rename(columns={"code": "value"})
        tables.append(rows.drop(columns="scheme").merge(listed, on="value"))
    if not tables:
        return empty("closed_answers")
    rows = pd.concat(tables, ignore_index=True)
    return conform(_shown(rows, rows["respondents"] >= min_cell), "closed_answers")


_ORDERED_AS: Mapping[str, str] = {TERRITORY: "territory", VOICE: "stakeholder"}


def _groups(answered: pd.DataFrame, *, min_cell: int) -> dict[str, pd.Series]:
    return {
        TERRITORY: group_of(answered, "territory"),
        VOICE: voices_or_families(answered["stakeholder"], min_cell=min_cell),
    }


def answers_with_subjects(
    closed: Closed,
    mentions: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    min_cell: int = MIN_CELL,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return ``closed_crossed``: of those who chose an answer and wrote something, the share that speaks of each subject.

    ``mentions``: one row per respondent and code, of which themes and demands are taken; ``respondents``: those who wrote, ``is_part``: some of a run's. One row per question, answer and code, the counts
    moved as those of any group.
    """
    by_id = respondents.set_index("contribution_id")
    mentions = mentions[mentions["scheme"].isin(CROSSED_WITH)]
    items = mentions[["scheme", "code"]].drop_duplicates().sort_values(["scheme", "code"])
    likeness = design(mentions, respondents)
    tables = []
    for answer in closed.questions.itertuples():
        chose = closed.choices[
            (closed.choices["scheme"] == answer.question_id) & (closed.choices["code"] == answer.value)
        ]
        who = by_id.index[by_id.index.isin(chose["contribution_id"])]
        if len(who) >= min_cell and len(items):
            groups = pd.Series(answer.value, index=who, dtype="string")
            shares = published_shares(
                mentions, groups, by_id["record_key"], items, design=likeness, is_part=is_part
            )
            tables.append(
                shares.drop(columns="group").assign(
                    question_id=answer.question_id,
                    question=answer.question,
                    rank=answer.rank,
                    value=answer.value,
                )
            )
    if not tables:
        return empty("closed_crossed")
    return conform(pd.concat(tables, ignore_index=True), "closed_crossed")


def _shown(rows: pd.DataFrame, is_shown: pd.Series) -> pd.DataFrame:
    numbers = {name: rows[name].where(is_shown) for name in _NUMBERS}
    return rows.assign(**numbers, edge=rows["edge"].where(is_shown, NO_EDGE), is_shown=is_shown)
