"""What a sentence asks is read in its grammar; oracles are what a reader of the sentence says it asks."""

from __future__ import annotations

import pytest

from psq_analysis.demands.asking import asks
from psq_analysis.demands.grammar import parse
from psq_analysis.demands.phrases import phrase
from psq_analysis.demands.subjects import subject


def asked(text: str) -> set[tuple[bool, str, str]]:
    doc = next(iter(parse([text])))
    return {tuple(found) for ask in asks(doc) if (found := subject(ask)) is not None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Il faudrait rouvrir la brigade.", "Nous demandons la réouverture de la brigade."),
        ("Plus de caméras.", "Mettre en place des caméras."),
        ("Sanctionner plus sévèrement les auteurs", "Des sanctions plus sévères."),
        ("Verbaliser les incivilités", "Mettre des amendes."),
        ("Respecter les autres", "Le respect d'autrui"),
        ("Tolérance zéro", "Ne plus tolérer ces comportements"),
        ("Rouvrez la gendarmerie", "Il faut que vous rouvriez la gendarmerie"),
        ("Éduquer les enfants", "L'éducation des enfants"),
    ],
)
def test_two_ways_to_ask_one_thing_are_one_demand(one, other):
    assert asked(one) & asked(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Plus de caméras", "Pas de caméras"),
        ("Respecter la loi", "Faire respecter la loi"),
        ("Fermer les brigades", "Ne plus fermer les brigades"),
        ("Plus de radars", "Moins de radars"),
        ("Éduquer les enfants", "Éduquer les parents"),
    ],
)
def test_the_contrary_and_another_object_are_another_demand(one, other):
    assert asked(one)
    assert asked(other)
    assert not asked(one) & asked(other)


@pytest.mark.parametrize(
    "text",
    [
        "Il faut attendre quarante minutes une patrouille.",
        "C'est le rôle de la police.",
        "On peut parler des horaires.",
        "La police, la justice, les parents",
        "Voir réponse précédente",
        "Si un gradé veut en discuter, je suis là.",
    ],
)
def test_a_complaint_an_actor_and_a_remark_ask_nothing(text):
    assert asked(text) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nous demandons la réouverture de la brigade du canton, parce qu'elle ferme.", "la réouverture de la brigade du canton"),
        ("Il faudrait vraiment faire respecter la loi !", "faire respecter la loi"),
        ("Il faut faire payer les casseurs.", "faire payer les casseurs"),
    ],
)  # fmt: skip
def test_a_demand_is_named_by_the_words_of_its_sentence(text, words):
    doc = next(iter(parse([text])))
    assert words in [phrase(doc, ask) for ask in asks(doc)]
