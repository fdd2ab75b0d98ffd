"""What is a closed question, what its answers are, and who chose them."""

from __future__ import annotations

import pandas as pd

from psq_analysis.respondents.closed import closed_questions


def _answers(question, values):
    rows = [
        (f"r{number}", question, value)
        for number, several in enumerate(values)
        for value in (several if isinstance(several, list) else [several])
    ]
    return pd.DataFrame(rows, columns=["contribution_id", "question", "value"]).assign(question_id="q1")


def _found(question, values):
    answers = _answers(question, values)
    return closed_questions(answers, answers[["contribution_id"]].drop_duplicates())


def test_a_scale_keeps_every_step_in_order_and_who_does_not_know_last():
    found = _found(
        "Êtes-vous satisfait ?",
        ["Ne sait pas"] * 2 + ["Pas du tout"] + ["Plutôt oui"] * 9 + ["tout à fait"] * 4,
    )
    assert found.questions["value"].tolist() == ["tout à fait", "Plutôt oui", "Pas du tout", "Ne sait pas"]
    assert found.questions["kind"].unique().tolist() == ["scale"]
    assert found.questions["is_unsure"].tolist() == [False, False, False, True]


def test_several_choices_are_told_and_each_person_counts_once_an_answer():
    found = _found("Vos priorités ?", [["Vols", "Bruit"]] * 8 + [["Vols", "vols"]] * 6)
    assert found.questions[["kind", "value"]].values.tolist() == [["several", "Vols"], ["several", "Bruit"]]
    assert found.choices["code"].value_counts().to_dict() == {"Vols": 14, "Bruit": 8}


def test_what_one_or_two_people_typed_is_other_answers_together():
    found = _found("Votre unité ?", ["Brigade"] * 9 + ["Peloton"] * 6 + ["la mienne", "une autre"])
    assert found.questions["value"].tolist() == ["Brigade", "Peloton", "autre"]
    assert (found.choices["code"] == "autre").sum() == 2


def test_texts_places_and_questions_of_few_are_no_closed_questions():
    typed = [f"adjoint au maire de la commune {number}" for number in range(30)]
    assert _found("Votre fonction ?", typed).questions.empty
    assert _found("Votre commune", ["Auch"] * 20 + ["Condom"] * 20).questions.empty
    assert _found("Satisfait ?", ["oui"] * 5 + ["non"] * 5).questions.empty


def test_the_same_question_of_two_files_is_one():
    one, other = _answers("Satisfait ?", ["Oui"] * 8), _answers("  satisfait?", ["non"] * 8)
    other["contribution_id"] = "s" + other["contribution_id"]
    both = pd.concat([one, other], ignore_index=True)
    found = closed_questions(both, both[["contribution_id"]])
    assert found.questions["question_id"].nunique() == 1
    assert found.questions["value"].tolist() == ["Oui", "non"]
