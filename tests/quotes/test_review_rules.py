"""A quote that accuses somebody recognisable is held; praise, complaints in general and things suffered are not."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.quotes.choice import choose, choose_by_code, choose_for_report
from psq_analysis.quotes.quotable import held_for_review, may_be_quoted
from psq_analysis.quotes.review_rules import accuses, must_be_reviewed, tells_place_and_function

ACCUSING = [
    "Mon voisin du 12 deale devant l'école.",
    "Le maire de Barran est corrompu, il touche des enveloppes.",
    "Le boulanger frappe sa femme.",
    "L'adjudant de la brigade de Mirande était ivre en service.",
    "[PERSONNE 1] vend de la drogue au collège.",
    "M. [PERSONNE 1] harcèle sa locataire.",
    "Un adjudant de la brigade d'Eauze m'a insulté.",
    "Ma voisine du dessus vole le courrier.",
    "L’adjoint au maire trafique les marchés publics.",
    "Le fils [PERSONNE 2] a volé mon scooter.",
    "MON VOISIN DU 3E FRAPPE SES GOSSES",
    "Le capitaine de gendarmerie est raciste.",
    "C'est le fils du pharmacien qui met le feu aux poubelles.",
    "Notre maire ferme les yeux sur le trafic.",
    "Tout le monde sait que [PERSONNE 1] bat sa femme.",
    "La dame du 3e boit et insulte tout le monde.",
    "le garde champetre est toujours bourré",
    "Le gérant du tabac de Nogaro recèle des téléphones volés.",
    "Le voisin d'en face cultive du cannabis.",
    "Un certain Jojo deale au parc.",
    "Le commandant de la brigade a refusé ma plainte.",
    "Mon voisin du 12 fait du bruit. Il deale tous les soirs.",
    "J'ai été insulté par l'adjudant de la brigade de Nogaro.",
]
NOT_ACCUSING = [
    "Les dealers sont revenus dans le hall.",
    "Le maire lutte contre les dealers.",
    "Un gendarme est passé hier.",
    "Mon voisin a été cambriolé deux fois.",
    "Ma fille s'est fait voler son téléphone.",
    "Le maire devrait organiser une réunion.",
    "Plus de patrouilles à pied le soir.",
    "Les jeunes fument du shit devant l'école.",
    "L'adjudant nous a très bien reçus.",
    "[PERSONNE 1] a été victime d'une agression.",
    "Ma mère a peur de sortir le soir.",
    "Mon fils a été agressé devant le lycée.",
    "Les voleurs de cuivre passent la nuit.",
    "Le commissaire nous a écoutés après le cambriolage.",
    "Notre maire demande des caméras contre les cambriolages.",
]


@pytest.mark.parametrize("text", ACCUSING)
def test_a_text_that_accuses_a_recognisable_person_is_held(text):
    assert accuses(text)


@pytest.mark.parametrize("text", NOT_ACCUSING)
def test_a_text_that_accuses_nobody_in_particular_may_be_quoted(text):
    assert not accuses(text)


def test_a_part_is_held_when_the_whole_says_whom_it_accuses():
    whole = "Mon voisin du 12 fait du bruit. Il deale tous les soirs. Il faudrait plus de patrouilles."
    assert must_be_reviewed("Il deale tous les soirs.", remark=whole)
    assert must_be_reviewed("Mon voisin du 12 fait du bruit.", remark=whole)
    assert not must_be_reviewed("Il faudrait plus de patrouilles.", remark=whole)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je suis infirmière à Mirande.", True),
        ("Le maire de Barran nous écoute.", True),
        ("Adjudant à la brigade d'Eauze, je manque de véhicules.", True),
        ("Les infirmières de Mirande sont inquiètes.", False),
        ("Je suis infirmière et je finis tard.", False),
        ("Il faudrait une brigade à Mirande.", False),
    ],
)
def test_a_commune_and_a_function_are_never_quoted_together(text, expected):
    assert tells_place_and_function(text) is expected
    assert may_be_quoted(text) is not expected


@pytest.mark.parametrize(
    "text", ["Voir Mme Peyrelongue à l'accueil.", "Rappeler au 06 39 98 41 52.", "Signé Huguette Castaing"]
)
def test_a_text_in_which_the_gate_would_find_somebody_is_not_quoted(text):
    assert not may_be_quoted(text)


def _spoken(texts: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    numbers = [f"{number:02d}" for number in range(len(texts))]
    remarks = pd.DataFrame(
        {
            "remark_id": [f"remarque{n}" for n in numbers],
            "contribution_id": [f"c{n}" for n in numbers],
            "text": texts,
            "is_noise": False,
            "duplicate_group": pd.Series(pd.NA, index=range(len(texts)), dtype="string"),
        }
    )
    ideas = pd.DataFrame(
        {"idea_id": [f"i{n}" for n in numbers], "remark_id": remarks["remark_id"], "text": texts}
    )
    subthemes = pd.DataFrame(
        {
            "idea_id": ideas["idea_id"],
            "theme": "efficacite",
            "subtheme_id": "efficacite/1",
            "label": "drogue",
            "distance": 0.1,
        }
    )
    codes = pd.DataFrame({"idea_id": ideas["idea_id"], "scheme": "theme", "code": "efficacite", "score": 0.9})
    return subthemes, ideas, remarks, remarks[["contribution_id"]], codes


def test_no_choice_of_quotes_holds_an_accusation_even_when_it_is_all_there_is():
    subthemes, ideas, remarks, contributions, codes = _spoken(ACCUSING)
    assert choose(subthemes, ideas, remarks, contributions, min_respondents=5).empty
    assert choose_by_code(codes, ideas, remarks, contributions, scheme="theme", min_respondents=5).empty
    assert choose_for_report(subthemes, ideas, remarks, contributions, codes, min_respondents=5).empty


def test_the_held_remarks_are_counted_once_each_and_only_those_of_counted_respondents():
    _, _, remarks, contributions, _ = _spoken([*ACCUSING, *NOT_ACCUSING])
    held = held_for_review(remarks, contributions)
    assert held["contribution_id"].tolist() == remarks["contribution_id"].tolist()[: len(ACCUSING)]
    assert len(held_for_review(remarks, contributions.iloc[1:])) == len(held) - 1
    assert held_for_review(remarks.assign(is_noise=True), contributions).empty
