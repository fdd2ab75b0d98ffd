"""A remark is cut where a reader would cut it, and no character is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.cleaning.ideas import split_ideas
from psq_analysis.cleaning.remarks import mark_remarks, split_remarks
from remarks_given import answers

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


@settings(deadline=None)  # the first text that may be foreign loads the languages
@given(FRAGMENTS)
def test_every_idea_is_the_text_at_its_offsets_and_noise_gives_none(remark: str) -> None:
    marked = mark_remarks(answers(remark))
    ideas = split_remarks(marked)
    assert ideas["text"].tolist() == [
        remark[start:end] for start, end in zip(ideas["start"], ideas["end"], strict=True)
    ]
    assert ideas["idea_id"].is_unique
    assert not (marked["is_noise"].all() and len(ideas))
