"""Answers that say nothing, copies and campaigns, and the cut into ideas."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psq_analysis.cleaning.ideas import split_ideas
from psq_analysis.cleaning.noise import noise_kind
from psq_analysis.cleaning.remarks import mark_remarks, split_remarks

EMPTY_ANSWERS = [
    "RAS",
    "R.A.S.",
    "r a s",
    "ras pour ma part, merci",
    "Néant.",
    "NEANT",
    "/",
    "-",
    "…",
    "...",
    "?",
    "x",
    "NSP",
    "N/A",
    "NC",
    "s.o.",
    "Sans objet.",
    "Sans avis",
    "sans opinion",
    "Rien à signaler",
    "rien a dire",
    "Aucune idée",
    "aucune remarque",
    "Aucun problème",
    "Pas d'avis",
    "pas d’avis particulier",
    "Je n'ai pas d'avis sur la question",
    "je ne sais pas",
    "Ne se prononce pas",
    "Pas concerné",
    "Non",
    "RAS, tout a été dit.",
    "🙏",
    "Je ne vois pas",
    "Pas de commentaire",
]
REFERENCES = [
    "idem",
    "Idem ci-dessus",
    "idem question 1",
    "voir plus haut",
    "Voir ma réponse à la question n° 2",
    "cf. réponse précédente",
    "cf. Q1",
    "même réponse que ci-dessus",
    "Déjà répondu plus haut",
    "Idem que le maire de Valdoire.",
    "voir + haut !!!",
    "si dessus",
]
MEANINGFUL_ANSWERS = [
    "Rien. Il n'y a rien après 20 h, pas un uniforme.",
    "rien a dire sur les policiers ils courent partout, mais ils ne sont que quatre…",
    "RAS sauf les motos devant le collège",
    "Rien à signaler à part les cambriolages",
    "Non, c'est pire depuis l'été",
    "Aucune patrouille",
    "Pas de police",
    "Néant pour le jour, mais la nuit il faudrait un éclairage",
    "Ne rien laisser passer",
    "Ne pas en faire",
    "Comme précédemment : des rondes à pied",
    "Idem pour les chiens errants du lotissement, qui attaquent les facteurs et les enfants",
    "Je ne sais pas qui appeler le soir",
    "drogue",
    "17",
    "Полиция",
]


@pytest.mark.parametrize("answer", EMPTY_ANSWERS)
def test_an_answer_without_content_is_noise(answer: str) -> None:
    assert noise_kind(answer) == "vide"


@pytest.mark.parametrize("answer", REFERENCES)
def test_an_answer_that_points_to_another_one_is_a_renvoi(answer: str) -> None:
    assert noise_kind(answer) == "renvoi"


@pytest.mark.parametrize("answer", MEANINGFUL_ANSWERS)
def test_an_answer_that_says_something_is_never_noise(answer: str) -> None:
    assert noise_kind(answer) is None


def test_noise_agrees_with_what_the_exports_declare(shared: Path) -> None:
    disagreements = []
    for file in sorted((shared / "data" / "exports").glob("*.expected.json")):
        for respondent in json.loads(file.read_text(encoding="utf-8"))["respondents"]:
            why = respondent.get("why", [])
            given = [[one] if isinstance(one, str) else one for one in respondent["answers"].values()]
            kinds = {noise_kind(answer) for answers in given for answer in answers}
            for reason, kind in {
                "réponse sans contenu": "vide",
                "renvoi à une autre réponse": "renvoi",
            }.items():
                if reason in why and kind not in kinds:
                    disagreements.append((file.name, respondent["source_row"], reason))
            if any(reason.startswith("faux vide") for reason in why) and None not in kinds:
                disagreements.append((file.name, respondent["source_row"], "faux vide"))
    assert disagreements == []


def answers(*texts: str, by: list[str] | None = None) -> pd.DataFrame:
    numbers = [str(number) for number in range(len(texts))]
    return pd.DataFrame(
        {"remark_id": [f"r{number}" for number in numbers], "contribution_id": by or numbers, "text": texts}
    )


CAMPAIGN = (
    "Nous demandons la réouverture du poste de police du quartier des Tilleuls, fermé depuis mars, "
    "et deux agents de plus la nuit."
)


def test_copies_share_a_group_and_nothing_is_removed() -> None:
    marked = mark_remarks(answers("Plus de rondes !", "Un guichet le soir", "plus de rondes", "RAS", "ras"))
    assert len(marked) == 5
    group = marked["duplicate_group"]
    assert group[0] == group[2]
    assert group[[1, 3, 4]].isna().all()


def test_a_misspelt_copy_and_a_filled_in_template_join_the_group() -> None:
    misspelt = CAMPAIGN.replace("réouverture", "reouvertur").replace("quartier", "quatier")
    filled_in = CAMPAIGN.replace("des Tilleuls, fermé depuis mars", "de la Gare, fermé depuis juin")
    pasted = f"Bonjour, j'habite là depuis dix ans. {CAMPAIGN} Ma mère a 80 ans et n'ose plus sortir seule."
    group = mark_remarks(answers(CAMPAIGN, misspelt, filled_in, pasted))["duplicate_group"]
    assert group.nunique() == 1
    assert group.notna().all()


def test_a_negation_makes_another_answer() -> None:
    pair = answers(
        "Le respect de la loi et de la République par tous",
        "Le non-respect de la loi et de la République par tous",
    )
    assert mark_remarks(pair)["duplicate_group"].isna().all()


def test_a_text_circulated_among_respondents_is_a_campaign_that_weighs_one_voice() -> None:
    marked = mark_remarks(answers(*[CAMPAIGN] * 8, "Des rondes à pied autour de la gare le vendredi soir"))
    assert marked["campaign_id"][:8].nunique() == 1
    assert marked["weight"].tolist() == [1 / 8] * 8 + [1.0]
    assert pd.isna(marked["campaign_id"][8])


def test_short_answers_that_many_give_are_no_campaign() -> None:
    marked = mark_remarks(answers(*["Plus de patrouilles"] * 40))
    assert marked["campaign_id"].isna().all()
    assert (marked["weight"] == 1).all()
    assert marked["duplicate_group"].nunique() == 1


def test_one_person_who_repeats_a_text_is_no_campaign() -> None:
    marked = mark_remarks(answers(*[CAMPAIGN] * 8, by=["a"] * 8))
    assert marked["campaign_id"].isna().all()


def test_marks_do_not_depend_on_the_order_of_rows_and_leave_the_input_alone() -> None:
    rows = answers(
        CAMPAIGN, "RAS", CAMPAIGN.upper(), "Un guichet", "un guichet.", *[CAMPAIGN + " Merci !"] * 4
    )
    before = rows.copy(deep=True)
    straight = mark_remarks(rows)
    backwards = mark_remarks(rows.iloc[::-1]).sort_values("remark_id")
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(straight, backwards)


CUTS = {
    "Plus de rondes ; un guichet le soir.": ["Plus de rondes", "un guichet le soir."],
    "On a vu M. le maire à 18 h. 30 au n° 3. Il écoute.": [
        "On a vu M. le maire à 18 h. 30 au n° 3.",
        "Il écoute.",
    ],
    "L'art. 3 al. 2 ne change rien. Et 12.5 % des gens partent !": [
        "L'art. 3 al. 2 ne change rien.",
        "Et 12.5 % des gens partent !",
    ],
    "- des rondes\n- un guichet\n– des caméras": ["des rondes", "un guichet", "des caméras"],
    "1) vitesse 2) bruit 3) tags": ["vitesse", "bruit", "tags"],
    "vols - bruit - drogue - rodéos": ["vols", "bruit", "drogue", "rodéos"],
    "La police – quand elle vient – ne fait rien": ["La police – quand elle vient – ne fait rien"],
    "C'est long… trop long. Voilà. Merci !": ["C'est long… trop long. Voilà. Merci !"],
    "Bonjour,\nla route est\ndangereuse.\nCordialement": [
        "Bonjour,\nla route est\ndangereuse.\nCordialement"
    ],
    "Sanctionner. Éduquer. Punir.": ["Sanctionner.", "Éduquer.", "Punir."],
    "Il faut rouvrir le poste le soir et aussi éclairer le chemin du stade": [
        "Il faut rouvrir le poste le soir",
        "et aussi éclairer le chemin du stade",
    ],
    "Plus de moyens et aussi des voitures": ["Plus de moyens et aussi des voitures"],
    "police et gendarmerie doivent mieux se parler entre elles": [
        "police et gendarmerie doivent mieux se parler entre elles"
    ],
    "[PERSONNE 1] est venu. [ADRESSE 1] reste bruyant. Voir www.exemple.org. Point.": [
        "[PERSONNE 1] est venu.",
        "[ADRESSE 1] reste bruyant.",
        "Voir www.exemple.org. Point.",
    ],
    "Il m'a dit « revenez lundi. Ou mardi. » ; j'ai renoncé": [
        "Il m'a dit « revenez lundi. Ou mardi. »",
        "j'ai renoncé",
    ],
    "Trop de bruit dehors.Personne ne vient": ["Trop de bruit dehors.", "Personne ne vient"],
}


@pytest.mark.parametrize("remark", CUTS)
def test_a_remark_is_cut_where_a_reader_would_cut_it(remark: str) -> None:
    assert [remark[span.start : span.end] for span in split_ideas(remark)] == CUTS[remark]


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "Plus de rondes",
            " et aussi ",
            "il faut punir",
            ". ",
            " ; ",
            "\n- ",
            "\n2) ",
            "…",
            " ! ",
            "M. Untel",
            "n° 3",
            "etc.",
            " - ",
            "(voir",
            ") ",
            "« ",
            " »",
            "merci",
            ", mais ",
            "12.5",
            "18 h 30",
            "[PERSONNE 1]",
            "é",
            "🙏",
            ";",
            "\n\n",
            "•",
            ".",
        ]
    ),
    max_size=14,
).map("".join)
SEPARATORS = re.compile(r"(?:[\s;(–—•·*▪◦●►>+→=.°/)-]|\d{1,2}(?=\s?[).°/-])|[a-hA-H](?=\s?\)))*")


@given(st.one_of(FRAGMENTS, st.text(max_size=60)))
def test_no_character_between_the_first_and_the_last_idea_is_lost(remark: str) -> None:
    spans = split_ideas(remark)
    assert all(span.start < span.end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    for one, other in pairwise(spans):
        between = remark[one.end : other.start]
        assert SEPARATORS.fullmatch(between)
    if any(char.isalnum() for char in remark):
        assert spans


@given(FRAGMENTS)
def test_every_idea_is_the_text_at_its_offsets_and_noise_gives_none(remark: str) -> None:
    marked = mark_remarks(answers(remark))
    ideas = split_remarks(marked)
    assert ideas["text"].tolist() == [
        remark[start:end] for start, end in zip(ideas["start"], ideas["end"], strict=True)
    ]
    assert ideas["idea_id"].is_unique
    assert not (marked["is_noise"].all() and len(ideas))
