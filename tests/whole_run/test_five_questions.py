"""A préfet's five questions, answered by the words of ``index.html`` alone."""

from __future__ import annotations

import re

import pytest

from support import text_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def text(sample_run) -> str:
    return re.sub(r"\s+", " ", text_of(sample_run / "reports/concertation/index.html", as_written=True))


def test_what_do_they_ask_first(text):
    first = text[text.index("Trois demandes") : text.index("Trois irritants")]
    assert "La réouverture de la brigade de Nogaro" in first
    assert "14 personnes" in first


def test_who_signed_what(text):
    assert "Pétition : 14 personnes ont envoyé le même texte." in text
    assert text.count("Pétition :") >= 2


def test_does_it_differ_and_how_sure(text):
    screen = text[text.index("Ce qui diffère") : text.index("Une limite")]
    assert re.search(r"[+−]\d+ points", screen)
    assert re.search(r"\[−?\d+ ; −?\d+\]", screen)


def test_no_letter_of_statistics_on_the_first_screen(text):
    screen = text[text.index("Trois demandes") : text.index("Ce qu'ils demandent", text.index("Une limite"))]
    assert not re.search(r"\bq [<=]|\bn =", screen)


def test_irritants_and_demands_never_share_a_ranking(text):
    asked = text[text.index("Ce qu'ils demandent", text.index("Une limite")) :]
    assert asked.index("La réouverture de la brigade de Nogaro") < asked.index("Ce qui ne va pas")


def test_what_was_ticked_is_told_with_its_base_and_its_order(text):
    _, _summary, closed, *_ = text.split("Questions fermées")
    assert "Plusieurs réponses possibles" in closed
    bars = closed.index("Part de chaque réponse", closed.index("[Équipement]"))
    steps = [closed.index(step, bars) for step in ("Tout à fait", "Plutôt oui", "Plutôt non", "Pas du tout")]
    assert steps == sorted(steps)
    assert "Les réponses sont dans l'ordre de l'échelle" in closed


def test_with_and_without_organised_answers_stand_side_by_side_for_every_subject(text):
    table = text[text.rindex("Part des répondants par thème, avec et sans réponse organisée") :]
    table = table[: table.index("Part des répondants par objectif, avec et sans réponse organisée")]
    assert table.count("Tous les répondants") == table.count("Sans réponse organisée") >= 6


def test_a_reader_meets_no_code_of_ours(text):
    told = text[: text.rindex("Traçabilité")]
    assert not re.search(
        r"\b(outre_mer|periurbain|indetermine|hors_champ|sur_mesure|constat_\w+|other_voices)\b", told
    )


def test_the_title_says_where_and_when(text):
    assert re.search(r"Gers.{0,60}La Réunion · 20 novembre – 10 décembre 2017", text)
