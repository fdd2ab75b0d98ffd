"""Distinctive words; the oracles are the published output of the R package textometry, scipy and a hand count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from consultations import keyed
from psq_analysis.comparison import distinctive_words, spoken_words
from psq_analysis.report import words as report_words


@pytest.mark.parametrize(
    ("discourse", "in_part", "part_size", "published"),
    [("D1", 45, 8395, 0.6161), ("D4", 14, 6903, -4.1743), ("D9", 4, 1084, -0.3977)],
)
def test_specificities_are_those_published_by_the_r_package_textometry(
    discourse, in_part, part_size, published
):
    # « peuple » has F = 296 of the T = 61,449 occurrences of Robespierre's discourses; D9 is a part of t = 1,084
    assert distinctive_words.specificity(in_part, 296, part_size, 61_449).round(4) == published


def test_the_order_of_word_and_part_makes_no_difference():
    as_word = distinctive_words.specificity(11, 296, 1084, 61_449)
    as_part = distinctive_words.specificity(11, 1084, 296, 61_449)
    assert as_word == pytest.approx(as_part)
    assert 10.0 ** -float(as_word) == pytest.approx(stats.hypergeom.sf(10, 61_449, 296, 1084))


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_a_specificity_is_the_hypergeometric_tail_of_scipy(size, total, data):
    corpus = data.draw(st.integers(max(size, total), 600))
    f = data.draw(st.integers(max(0, size + total - corpus), min(size, total)))
    found = float(distinctive_words.specificity(f, total, size, corpus))
    tail = stats.fisher_exact(
        [[f, size - f], [total - f, corpus - size - total + f]],
        alternative="greater" if f >= total * size / corpus else "less",
    )[1]
    assert 10 ** -abs(found) == pytest.approx(tail)
    assert (found >= 0) == (f >= total * size / corpus)


def consultation() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """60 of 100 rural respondents speak of tractors, 2 of 120 urban ones; the word « police » is everyone's."""
    rows, texts = [], []
    for rank in range(220):
        rural = rank < 100
        words = ["police"]
        if (rural and rank < 60) or rank in (100, 101):
            words += ["tracteurs"] * (5 if rank == 0 else 1)
        if not rural and rank < 150:
            words.append("rodéos")
        text = "La " + " et les ".join(words)
        place = 0
        for word in words:
            start = text.index(word, place)
            place = start + len(word)
            rows.append((f"r{rank:03}", f"m{rank:03}", word.rstrip("s"), word, start, place))
        texts.append((f"m{rank:03}", text))
    tokens = pd.DataFrame(rows, columns=["contribution_id", "remark_id", "lemma", "surface", "start", "end"])
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{rank:03}" for rank in range(220)],
            "territory": ["rural"] * 100 + ["urbain"] * 120,
        }
    )
    return tokens, keyed(people), pd.DataFrame(texts, columns=["remark_id", "text"])


def test_each_group_gets_its_own_words_and_shared_words_go_to_nobody():
    tokens, people, _ = consultation()
    words = distinctive_words.distinctive_words(tokens, people, grouping="territory")
    assert words[["group", "lemma", "word"]].to_numpy().tolist() == [
        ["rural", "tracteur", "tracteurs"],
        ["urbain", "rodéo", "rodéos"],
    ]


def test_a_word_repeated_five_times_by_one_person_counts_once(exact_counts):
    tokens, people, _ = consultation()
    words = distinctive_words.distinctive_words(tokens, people, grouping="territory").set_index("lemma")
    assert words.loc["tracteur", ["mentions", "respondents", "mentions_others", "others"]].to_list() == [
        60,
        100,
        2,
        120,
    ]
    assert 10 ** -words.loc["tracteur", "specificity"] == pytest.approx(stats.hypergeom.sf(59, 220, 62, 100))
    assert words.loc["tracteur", "log_ratio"] == pytest.approx(np.log2((60.5 / 101) / (2.5 / 121)))


def test_the_count_of_a_group_is_moved_and_that_of_everyone_is_exact():
    tokens, people, _ = consultation()
    words = distinctive_words.distinctive_words(tokens, people, grouping="territory").set_index("lemma")
    assert abs(words.at["tracteur", "mentions"] - 60) <= 3
    assert words.at["tracteur", "mentions"] + words.at["tracteur", "mentions_others"] == 62


def test_verbatims_are_exact_pieces_of_the_remarks_of_the_group():
    tokens, people, remarks = consultation()
    words = distinctive_words.distinctive_words(tokens, people, grouping="territory")
    verbatims = distinctive_words.in_context(words, tokens, remarks, people)
    assert verbatims.groupby("lemma").size().to_dict() == {"rodéo": 3, "tracteur": 3}
    texts = remarks.set_index("remark_id")["text"]
    whole = verbatims["before"] + verbatims["word"] + verbatims["after"]
    assert all(piece in texts[remark] for piece, remark in zip(whole, verbatims["remark_id"], strict=True))
    rural = set(people.loc[people["territory"] == "rural", "contribution_id"].str.replace("r", "m"))
    assert set(verbatims.loc[verbatims["lemma"] == "tracteur", "remark_id"]) <= rural


def test_a_remark_that_may_not_be_quoted_shows_no_word():
    tokens, people, remarks = consultation()
    words = distinctive_words.distinctive_words(tokens, people, grouping="territory")
    accusing = "La police et les tracteurs ; mon voisin du 12 deale devant l'école."
    held = remarks.assign(text=remarks["text"].mask(remarks["remark_id"] < "m057", accusing))
    uses = distinctive_words.in_context(words, tokens, held, people)
    assert set(uses.loc[uses["lemma"] == "tracteur", "remark_id"]) == {"m057", "m058", "m059"}


def test_summer_is_a_word_and_been_is_none():
    texts = [
        "L'été, le bruit",
        "Elle a été agressée",
        "Nous n'avons pas été reçus",
        "Il y a du monde cet été",
    ]
    remarks = pd.DataFrame(
        {"remark_id": list("abcd"), "contribution_id": list("abcd"), "is_noise": False, "campaign_id": None, "text": texts}
    )  # fmt: skip
    said = spoken_words.spoken_words(remarks, remarks)
    assert said.loc[said["lemma"] == "été", "remark_id"].tolist() == ["a", "d"]


def test_chance_alone_rarely_makes_a_word_distinctive():
    generator = np.random.default_rng(4)
    people = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(300)], "territory": ["rural"] * 180 + ["urbain"] * 120}
    ).pipe(keyed)
    false = 0
    for _ in range(40):
        said = generator.random((300, 80)) < generator.uniform(0.05, 0.5, 80)
        who, what = np.nonzero(said)
        tokens = pd.DataFrame(
            {
                "contribution_id": people["contribution_id"].to_numpy()[who],
                "lemma": what.astype(str),
                "surface": what.astype(str),
            }
        )
        false += not distinctive_words.distinctive_words(tokens, people, grouping="territory").empty
    assert false <= 6  # 40 runs at 5 %: more than 6 has a probability under 1 %


def test_words_of_one_commune_are_no_words_of_its_territory():
    generator = np.random.default_rng(11)
    communes = np.repeat(
        np.arange(12), 25
    )  # six of each territory, whose people share words: intra-class correlation .05
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(300)],
            "territory": np.where(communes < 6, "rural", "urbain"),
            "cluster": [f"commune:{number}" for number in communes],
            "cluster_kind": "place",
        }
    ).pipe(keyed)
    false = {"clusters": 0, "alone": 0}
    for _ in range(16):
        common = generator.uniform(0.1, 0.5, 60)
        own = generator.beta(common * 19, (1 - common) * 19, size=(12, 60))
        who, what = np.nonzero(generator.random((300, 60)) < own[communes])
        tokens = pd.DataFrame(
            {
                "contribution_id": people["contribution_id"].to_numpy()[who],
                "lemma": what.astype(str),
                "surface": what.astype(str),
            }
        )
        for name, known in (
            ("clusters", people),
            ("alone", people.drop(columns=["cluster", "cluster_kind"])),
        ):
            words = distinctive_words.distinctive_words(tokens, known, grouping="territory")
            false[name] += not words.empty
    assert false["clusters"] <= 3  # 16 runs at 5 %: more than 3 has a probability under 1 %
    assert false["alone"] > 6


def test_nothing_said_gives_an_empty_table():
    tokens, people, remarks = consultation()
    words = distinctive_words.distinctive_words(tokens.head(0), people, grouping="territory")
    assert list(words.columns) == distinctive_words.COLUMNS
    assert distinctive_words.in_context(words, tokens, remarks, people).empty


def test_a_map_of_words_leaves_out_groups_and_words_of_which_nothing_may_be_published():
    cells = pd.DataFrame(
        [
            ("commune", "élus", 5.2),
            ("commune", "transports", None),
            ("train", "élus", None),
            ("train", "transports", None),
        ],
        columns=["word", "group", "specificity"],
    )
    page = str(report_words.specificity_map(cells, "stakeholder"))
    assert "+5,2" in page
    assert "Transports" not in page
    assert "train" not in page
    assert str(report_words.specificity_map(cells[cells["group"] == "transports"], "stakeholder")) == ""
