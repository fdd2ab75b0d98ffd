"""Closed questions: which ones were asked, who chose what, in which order the answers stand."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import OTHER
from psq_analysis.tables.terms import QUESTION_KINDS
from psq_analysis.text.scales import asks_where, in_order, is_unsure, plain_answer, says_several

# An answer fewer people give was typed, not chosen: it is counted under « Autre ».
MIN_CHOSEN = 3
# Of those who answer a closed question, the share that chose an answer others chose too.
CHOSEN_SHARE = 0.8
# A scale of no more steps than that keeps those that nobody but one person chose.
MAX_STEPS = 12
# More answers than that are a list (of years, of places), not a question one reads a table of.
MAX_ANSWERS = 25
# Of those who answer « Vous êtes », the share whose answer is the name of their voice, and of no other.
SAME_SHARE = 0.9
CHOICE, SCALE, SEVERAL = QUESTION_KINDS


class Closed(NamedTuple):
    """``questions``: one row an answer, in order (``question_id``, ``question``, ``kind``, ``rank``, ``value``, ``is_unsure``);
    ``choices``: who chose what (``contribution_id``, ``scheme`` (the question), ``code`` (the answer))."""

    questions: pd.DataFrame
    choices: pd.DataFrame


def closed_questions(answers: pd.DataFrame, people: pd.DataFrame, *, min_cell: int = MIN_CELL) -> Closed:
    """Find the closed questions among ``answers``, those of several files under one wording together.

    ``people``: those who count (:func:`psq_analysis.respondents.counted.answerers`). A question is kept when ``min_cell`` of them answered it and
    most chose an answer that others chose too; a question of where one lives is not, nor one whose answers are the voices under other names. An answer of fewer than :data:`MIN_CHOSEN` people becomes « autre ».

    >>> answers = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(12)], "question_id": "q", "question": "Satisfait ?",
    ...                         "value": ["oui"] * 5 + ["Non"] * 6 + ["ça dépend"]})
    >>> closed_questions(answers, answers[["contribution_id"]]).questions[["kind", "value"]].values.tolist()
    [['scale', 'oui'], ['scale', 'Non'], ['scale', 'autre']]
    """
    said = answers[answers["contribution_id"].isin(people["contribution_id"])]
    said = said.assign(
        scheme=said["question"].map({one: plain_answer(one) for one in said["question"].unique()}),
        code=said["value"].map({one: plain_answer(one) for one in said["value"].unique()}),
    )
    said = said[said["code"] != ""].drop_duplicates(["contribution_id", "scheme", "code"])
    questions, choices = [], []
    for key, of_question in said.groupby("scheme", sort=False):
        found = _closed(of_question, min_cell=min_cell)
        if found is None or asks_where(str(key)) or _is_the_voice(of_question, people):
            continue
        listed, chosen = found
        questions.append(listed)
        choices.append(chosen)
    nothing = pd.DataFrame(columns=["question_id", "question", "kind", "rank", "value", "is_unsure"])
    nobody = pd.DataFrame(columns=["contribution_id", "scheme", "code"])
    return Closed(
        pd.concat(questions, ignore_index=True) if questions else nothing,
        pd.concat(choices, ignore_index=True) if choices else nobody,
    )


def _closed(said: pd.DataFrame, *, min_cell: int) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """One question and who chose what, None where it is none a reader wants a table of."""
    people = said["contribution_id"].nunique()
    sizes = said.groupby("code")["contribution_id"].nunique()
    is_scale = len(sizes) <= MAX_STEPS and in_order(list(_spelt(said))) is not None
    chosen = sizes if is_scale else sizes[sizes >= MIN_CHOSEN]
    by_choice = said[said["code"].isin(chosen.index)]
    if (
        people < min_cell
        or not 2 <= len(chosen) <= MAX_ANSWERS
        or by_choice["contribution_id"].nunique() < CHOSEN_SHARE * people
    ):
        return None
    question = said["question"].mode().iloc[0]
    spelt = _spelt(by_choice)
    per_person = by_choice.groupby("contribution_id").size()
    is_several = bool((per_person > 1).any()) or says_several(question)
    scale = None if is_several else in_order(list(spelt))
    by_size = list(spelt.loc[chosen.sort_values(ascending=False, kind="stable").index])
    ordered = scale or [*(one for one in by_size if not is_unsure(one)), *filter(is_unsure, by_size)]
    has_other = len(sizes) > len(chosen)
    values = [*(one for one in ordered if one != OTHER), *([OTHER] if has_other or OTHER in ordered else [])]
    key = str(said["scheme"].iloc[0])
    rows = said[["contribution_id"]].assign(scheme=key, code=said["code"].map(spelt).fillna(OTHER))
    listed = pd.DataFrame(
        {
            "question_id": key,
            "question": question,
            "kind": SEVERAL if is_several else SCALE if scale else CHOICE,
            "rank": range(1, len(values) + 1),
            "value": values,
            "is_unsure": [one == OTHER or is_unsure(one) for one in values],
        }
    )
    return listed, rows.drop_duplicates()


def _is_the_voice(said: pd.DataFrame, people: pd.DataFrame) -> bool:
    """« Vous êtes », one answer a voice: its table is that of the voices."""
    if "stakeholder" not in people:
        return False
    told = said.merge(people[["contribution_id", "stakeholder"]], on="contribution_id").dropna(
        subset="stakeholder"
    )
    if told.empty:
        return False
    counts = pd.crosstab(told["code"], told["stakeholder"]).to_numpy()
    of_both = (counts == counts.max(axis=0)) & (counts.max(axis=1) == counts.T).T
    return counts.shape[1] > 1 and float((counts * of_both).sum()) >= SAME_SHARE * len(told)


def _spelt(said: pd.DataFrame) -> pd.Series:
    """The commonest spelling of each answer, by ``code``."""
    return said.groupby("code")["value"].agg(lambda several: several.mode().iloc[0])
