"""What says nothing is noise, what says something never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from psq_analysis.cleaning.noise import noise_kind

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
            kinds = {noise_kind(one) for several in given for one in several}
            for reason, kind in {
                "réponse sans contenu": "vide",
                "renvoi à une autre réponse": "renvoi",
            }.items():
                if reason in why and kind not in kinds:
                    disagreements.append((file.name, respondent["source_row"], reason))
            if any(reason.startswith("faux vide") for reason in why) and None not in kinds:
                disagreements.append((file.name, respondent["source_row"], "faux vide"))
    assert disagreements == []
