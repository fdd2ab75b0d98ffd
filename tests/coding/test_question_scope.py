"""What a question is about is read in its answers, so that a questionnaire nobody foresaw is judged by what people say in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.coding.assign import code_ideas, code_remarks
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.question_scope import OFF_TOPIC_SCOPE, ON_TOPIC_SCOPE, scope_by_evidence

ABOUT_POLICING = [
    "Davantage de patrouilles à pied le soir.",
    "Trois cambriolages dans la rue cet hiver.",
    "On ne voit plus jamais de gendarmes dans le village.",
    "Les plaintes sont classées sans suite.",
    "La brigade a fermé, il faut faire vingt minutes.",
    "L'accueil au commissariat est long.",
]
ABOUT_TAXES = [
    "Supprimer la TVA sur les produits de première nécessité.",
    "Rétablir l'impôt sur la fortune.",
    "Une tranche de plus pour les très hauts revenus.",
    "Moins de niches fiscales pour les grandes entreprises.",
    "Baisser la CSG des petites retraites.",
    "Taxer le kérosène des avions.",
]
VAGUE = "Il y aurait beaucoup à en dire, surtout par chez nous."


@pytest.fixture(scope="module")
def codebook(project: Path) -> Codebook:
    return load_codebook(project / "data/manual/codebook.yml")


def themes_of_the_vague_answer(codebook: Codebook, answers: list[str], *, neighbours: list[str]) -> list[str]:
    remarks = pd.DataFrame(
        {
            "remark": [*answers, *neighbours, VAGUE],
            "question": ["Constats"] * len(answers) + ["Attentes"] * len(neighbours) + ["Constats"],
        }
    )
    return code_remarks(remarks, codebook, seed=0)["themes"].iloc[-1]


@pytest.mark.slow
def test_a_vague_answer_among_answers_about_policing_is_other_and_not_out_of_scope(
    codebook: Codebook,
) -> None:
    assert themes_of_the_vague_answer(codebook, ABOUT_POLICING, neighbours=[]) == []


@pytest.mark.slow
def test_the_same_answer_among_answers_about_taxes_is_out_of_scope(codebook: Codebook) -> None:
    assert themes_of_the_vague_answer(codebook, ABOUT_TAXES, neighbours=[]) == ["hors_champ"]


def test_a_question_with_few_answers_leans_on_its_neighbours() -> None:
    two_silent_answers = np.array([False, False])
    told = [np.tile([True, True, False], 8), np.tile([False, False, False], 8)]
    beside_policing, beside_taxes = (
        scope_by_evidence(
            np.concatenate([two_silent_answers, *([hits] * 5)]),
            np.repeat(range(6), [2, *[24] * 5]),
            np.full(122, np.nan),
        )[0]
        for hits in told
    )
    assert beside_policing > 0.3
    assert beside_taxes < 0.1


def test_what_the_codebook_says_of_a_question_is_kept() -> None:
    scopes = scope_by_evidence(np.zeros(40, dtype=bool), np.repeat([0, 1], 20), np.repeat([0.95, 0.04], 20))
    assert scopes.tolist() == [0.95] * 20 + [0.04] * 20


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=60), st.randoms())
def test_the_order_of_answers_changes_nothing_and_scopes_stay_between_the_two_kinds(answers, random) -> None:
    hits, questions = (np.array(column) for column in zip(*answers, strict=True))
    scopes = scope_by_evidence(hits, questions, np.full(len(hits), np.nan))
    assert ((scopes >= OFF_TOPIC_SCOPE) & (scopes <= ON_TOPIC_SCOPE)).all()
    order = random.sample(range(len(hits)), len(hits))
    shuffled = scope_by_evidence(hits[order], questions[order], np.full(len(hits), np.nan))
    assert np.allclose(shuffled, scopes[order])


@pytest.mark.slow
def test_answers_on_taxes_ecology_and_democracy_stay_out_of_scope(codebook: Codebook, shared: Path) -> None:
    answers = pd.read_csv(shared / "data/grande_annotation_dev.csv").rename(columns={"reponse": "remark"})
    for questions in (answers["question"], ""):
        coded = code_remarks(answers[["remark"]].assign(question=questions), codebook, seed=0)
        assert (coded["themes"].str[0] == "hors_champ").mean() > 0.8


@pytest.mark.slow
def test_a_part_of_a_remark_in_scope_is_in_scope_by_default(codebook: Codebook) -> None:
    remark = "Plus de patrouilles la nuit. On a compté, pour rire."
    ideas = pd.DataFrame(
        {
            "idea_id": ["a", "b"],
            "remark_id": ["r", "r"],
            "start": [0, 29],
            "end": [28, 52],
            "text": [remark[:28], remark[29:]],
        }
    )
    remarks = pd.DataFrame(
        {"remark_id": ["r"], "question": ["Que proposez-vous ?"], "text": [remark], "is_noise": [False]}
    )
    codes = code_ideas(ideas, remarks, codebook, seed=0)
    themes = codes[codes["scheme"] == "theme"].set_index("idea_id")["code"].to_dict()
    assert themes["a"] == "presence"
    assert themes["b"] != "hors_champ"


@pytest.mark.parametrize(
    ("question", "tone"),
    [
        ("Quelles difficultés rencontrez-vous en matière de sécurité ?", "constat_negatif"),
        ("Qu'attendez-vous de la police et de la gendarmerie ?", "proposition"),
    ],
)
def test_a_bare_noun_complains_or_asks_as_the_question_invites_it_to(
    codebook: Codebook, question: str, tone: str
) -> None:
    reading = Reading.of(codebook, ["Une patrouille par semaine."], [question])
    assert reading.scores("tone").iloc[0].idxmax() == tone
