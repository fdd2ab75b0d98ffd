"""How a closed question is told: the base, several choices, the order, and no number of a small group."""

from __future__ import annotations

import pandas as pd

from psq_analysis.report.closed import closed_questions
from psq_analysis.tables import schema

NOTHING = (schema.empty("closed_crossed"), schema.empty("demand_groups"), {})


def _row(value, rank, share, *, group="all", grouping="all", kind="several", is_shown=True):
    return {
        "question_id": "q", "question": "Vos priorités <b>?</b>", "kind": kind, "rank": rank, "value": value, "is_unsure": value == "autre",
        "grouping": grouping, "group": group, "respondents": 80 if is_shown else None, "mentions": int(80 * share) if is_shown else None,
        "share": share if is_shown else None, "low": share / 2 if is_shown else None, "high": share if is_shown else None,
        "edge": "", "is_shown": is_shown,
    }  # fmt: skip


def _told(rows):
    return str(closed_questions(schema.conform(pd.DataFrame(rows), "closed_answers"), *NOTHING, min_cell=11))


def test_multiple_choice_says_so_and_the_base_is_told():
    told = _told([_row("Vols", 1, 0.5), _row("autre", 2, 0.25)])
    assert "80\N{NO-BREAK SPACE}personnes ont répondu. Plusieurs réponses possibles" in told
    assert "Autre réponse" in told
    assert "<b>?</b>" not in told


def test_a_small_group_gives_no_number_and_one_group_alone_is_not_compared():
    rows = [_row("Vols", 1, 0.5)]
    rows += [
        _row("Vols", 1, 0.5, group=one, grouping="territory", is_shown=one != "outre_mer")
        for one in ("rural", "urbain", "outre_mer")
    ]
    told = _told(rows)
    assert "Territoires ruraux" in told
    assert "Outre-mer" not in told
    assert "Territoires ruraux" not in _told(rows[:2])


def test_without_closed_questions_a_sentence_says_it():
    assert "Aucune question fermée" in str(
        closed_questions(schema.empty("closed_answers"), *NOTHING, min_cell=11)
    )
