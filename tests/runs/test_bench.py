"""The analyst's bench finds remarks by words, theme, territory and voice, and gives back the whole contribution."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.runs.bench import Bench, UnknownReference


@pytest.fixture
def bench() -> Bench:
    texts = ["Des Patrouilles la nuit à vélo", "RAS", "L'accueil de nuit est fermé", "Éclairer la rue"]
    return Bench(
        remarks=pd.DataFrame(
            {
                "remark_id": ["aaaaaaaa11", "bbbbbbbb22", "cccccccc33", "dddddddd44"],
                "contribution_id": ["1", "1", "2", "3"],
                "question": ["Vos attentes ?", "Autre chose ?", "Vos attentes ?", "Vos attentes ?"],
                "text": texts,
                "is_noise": [False, True, False, False],
                "themes": [["presence"], [], ["acces"], []],
                "territory": ["rural", "rural", "urbain", "indetermine"],
                "stakeholder": ["élus", "élus", "habitants", None],
            }
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("criteria", "references"),
    [
        ({"words": "patrouill NUIT"}, ["aaaaaaaa"]),
        ({"words": "vélo"}, ["aaaaaaaa"]),
        ({"words": "eclairer"}, ["dddddddd"]),
        ({"words": "éclairent rues"}, ["dddddddd"]),
        ({"words": '"accueil de nuit"'}, ["cccccccc"]),
        ({"words": "« nuit accueil »"}, []),
        ({"theme": "acces"}, ["cccccccc"]),
        ({"territory": "rural", "words": "nuit"}, ["aaaaaaaa"]),
        ({"stakeholder": "habitants"}, ["cccccccc"]),
        ({"words": "nuit", "most": 1}, ["aaaaaaaa"]),
        ({"words": "drone"}, []),
    ],
)
def test_a_search_finds_what_all_its_criteria_hold(bench, criteria, references):
    assert bench.find(**criteria)["reference"].tolist() == references


def test_a_reference_opens_the_whole_contribution(bench):
    assert bench.around("aaaaaaaa")["text"].tolist() == ["Des Patrouilles la nuit à vélo", "RAS"]


@pytest.mark.parametrize("reference", ["", "zzz"])
def test_an_unknown_reference_is_refused_in_french(bench, reference):
    with pytest.raises(UnknownReference, match="introuvable ou trop courte"):
        bench.around(reference)


def test_an_unknown_value_is_refused_and_the_known_ones_are_named(bench):
    with pytest.raises(UnknownReference, match="Possibles : acces, presence"):
        bench.find(theme="accueil")


def test_the_choices_count_remarks_and_start_where_something_is_said(bench):
    assert bench.choices.query("kind == 'Thème'").set_index("value")["remarks"].to_dict() == {
        "presence": 1,
        "acces": 1,
    }
    assert bench.first_reference == "aaaaaaaa"
    assert Bench(remarks=bench.remarks[bench.remarks["is_noise"]]).first_reference == ""
