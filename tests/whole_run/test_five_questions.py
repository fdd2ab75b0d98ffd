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
