"""Closed questions counted by hand, by territory and voice, and crossed with what people write."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.comparison.closed_answers import answers_by_group, answers_with_subjects
from psq_analysis.respondents.closed import closed_questions

PEOPLE = pd.DataFrame(
    {
        "contribution_id": [f"r{number}" for number in range(60)],
        "territory": ["rural"] * 40 + ["urbain"] * 12 + ["outre_mer"] * 8,
        "stakeholder": ["habitants"] * 30 + ["élus"] * 12 + ["transports"] * 6 + ["sécurité privée"] * 6 + ["policiers"] * 6,
        "record_key": range(1, 61),
    }
)  # fmt: skip
ANSWERS = pd.DataFrame(
    {
        "contribution_id": PEOPLE["contribution_id"], "question_id": "q", "question": "En sécurité la nuit ?",
        "value": ["Oui"] * 25 + ["Non"] * 35,
    }
)  # fmt: skip


@pytest.fixture
def table(exact_counts) -> pd.DataFrame:
    return answers_by_group(closed_questions(ANSWERS, PEOPLE), PEOPLE, min_cell=11)


def _shares(table, grouping):
    rows = table[(table["grouping"] == grouping) & table["is_shown"]]
    return {(row.group, row.value): (row.mentions, row.respondents) for row in rows.itertuples()}


def test_counts_are_those_of_a_hand(table):
    assert _shares(table, "all") == {("all", "Oui"): (25, 60), ("all", "Non"): (35, 60)}
    assert _shares(table, "territory")["rural", "Non"] == (15, 40)


def test_a_group_of_fewer_than_eleven_is_not_shown(table):
    hidden = table[(table["group"] == "outre_mer")]
    assert not hidden["is_shown"].any()
    assert hidden[["respondents", "mentions", "share", "low", "high"]].isna().all(axis=None)


def test_small_voices_stand_with_their_family_before_anything_is_hidden(table):
    shown = {group for group, _ in _shares(table, "voice")}
    assert shown == {"habitants", "élus", "others × élus, autorités et partenaires"}


def test_counts_of_those_asked_are_moved_unless_everyone_was_asked():
    asked = ANSWERS[ANSWERS["contribution_id"].isin(PEOPLE["contribution_id"][:50])]
    whole = answers_by_group(closed_questions(ANSWERS, PEOPLE), PEOPLE)
    part = answers_by_group(closed_questions(asked, PEOPLE), PEOPLE)
    assert whole.loc[whole["grouping"] == "all", "mentions"].tolist() == [25, 35]
    moved = part.loc[part["grouping"] == "all", "mentions"]
    assert (moved - pd.Series([25, 25])).abs().le(3).all()


def test_an_answer_is_crossed_with_what_those_who_gave_it_write(exact_counts):
    wrote = pd.DataFrame(
        {"contribution_id": PEOPLE["contribution_id"][20:45], "scheme": "theme", "code": "presence"}
    )
    crossed = answers_with_subjects(closed_questions(ANSWERS, PEOPLE), wrote, PEOPLE, min_cell=11)
    assert crossed[["value", "mentions", "respondents"]].values.tolist() == [["Oui", 5, 25], ["Non", 20, 35]]
