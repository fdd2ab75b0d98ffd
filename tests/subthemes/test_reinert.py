"""The divisive classification: planted worlds of words come apart, the χ² is the textbook one, the tree is a tree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.cluster.hierarchy import is_valid_linkage
from scipy.stats import chi2_contingency
from sklearn.metrics import adjusted_rand_score

from psq_analysis.charts import style
from psq_analysis.charts import tree as charts_tree
from psq_analysis.html.fragments import Fragment
from psq_analysis.sentences import word_classes
from psq_analysis.subthemes import word_classes as subthemes_word_classes
from psq_analysis.subthemes.reinert import _best_cut_on_axis, divide
from psq_analysis.text.content_words import read_content_words
from psq_analysis.text.lexical_fields import read_fields

WORLDS = [
    [
        "Les patrouilles de nuit manquent",
        "Une ronde la nuit, à pied",
        "Des patrouilles à pied",
        "La ronde de nuit rassure",
    ],
    [
        "Attente au guichet pour une plainte",
        "La plainte en ligne",
        "Guichet fermé, plainte refusée",
        "Le guichet, l'attente",
    ],
    [
        "Des caméras à l'entrée du village",
        "La vidéo et les caméras",
        "Caméras contre les cambriolages",
        "Cambriolages du village",
    ],
]


def _ideas(worlds, copies=8):
    texts = [text for world in worlds for text in world * copies]
    return pd.DataFrame({"idea_id": [f"i{number:04d}" for number in range(len(texts))], "text": texts})


def test_three_worlds_of_words_come_back_as_three_classes():
    ideas = _ideas(WORLDS)
    tree = divide(ideas, classes=3)
    found = ideas.merge(tree.ideas, on="idea_id")
    assert adjusted_rand_score(np.repeat([0, 1, 2], 32), found["class_number"].astype(int)) == 1.0
    labels = " | ".join(tree.classes["label"])
    assert all(word in labels for word in ("nuit", "guichet", "caméras"))


def test_the_chi_square_of_the_first_cut_is_that_of_the_halves_by_words_and_fields():
    ideas = _ideas(WORLDS[:2])
    tree = divide(ideas, classes=2)
    words = read_content_words(ideas["text"].tolist())
    fields = read_fields(ideas["text"].tolist()).fields
    table = np.hstack([words.counts[:, ~words.is_phrase].toarray(), fields.toarray()])
    table = table[:, table.sum(axis=0) >= 3]
    is_first = tree.ideas["class_number"].eq(1).to_numpy(dtype=bool)
    halves = np.vstack([table[is_first].sum(axis=0), table[~is_first].sum(axis=0)])
    assert tree.splits["chi2"].item() == pytest.approx(chi2_contingency(halves, correction=False).statistic)


def test_along_the_axis_the_cut_is_the_best_of_all_cuts():
    generator = np.random.default_rng(4)
    table = (generator.random((30, 6)) < 0.4).astype(float)
    table[:, 0] = 1.0
    axis = generator.random(30)
    is_left = _best_cut_on_axis(sparse.csr_matrix(table), axis, 1)
    order = np.argsort(axis)

    def chi2(first: int) -> float:
        halves = [table[order[:first]].sum(axis=0), table[order[first:]].sum(axis=0)]
        return chi2_contingency(np.vstack(halves) + 1e-300, correction=False).statistic

    assert is_left.sum() == max(range(1, 30), key=chi2)


def test_the_tree_can_be_drawn_and_the_first_cut_is_the_highest():
    tree = divide(_ideas(WORLDS), classes=3)
    assert is_valid_linkage(tree.linkage)
    assert len(tree.branches()) == len(tree.splits) == 2
    assert sorted(tree.leaves()) == [1, 2, 3]
    assert tree.linkage[-1, 3] == 3
    assert max(max(y) for y in tree.branches()["y"]) == tree.linkage[-1, 2]


def test_the_words_of_a_class_are_those_whose_chi_square_with_it_is_highest():
    ideas = _ideas(WORLDS)
    tree = divide(ideas, classes=3)
    of_idea = ideas.merge(tree.ideas, on="idea_id")
    for row in tree.words.itertuples():
        says = of_idea["text"].str.contains(row.word, case=False, regex=False)
        inside = of_idea["class_number"] == row.class_number
        observed = pd.crosstab(says, inside)
        assert row.chi2 == pytest.approx(chi2_contingency(observed, correction=False).statistic), row.word
        assert row.voices == (says & inside).sum()
    assert tree.words.groupby("class_number")["chi2"].apply(lambda chi2: chi2.is_monotonic_decreasing).all()


def test_a_word_repeated_by_one_respondent_is_one_voice():
    ideas = _ideas(WORLDS).assign(contribution_id="habitante de Condom")
    assert divide(ideas, classes=3).words["voices"].eq(1).all()


def test_the_order_of_rows_does_not_matter():
    ideas = _ideas(WORLDS)
    once, again = divide(ideas, classes=3), divide(ideas.sample(frac=1, random_state=2), classes=3)
    pd.testing.assert_frame_equal(once.ideas, again.ideas)
    pd.testing.assert_frame_equal(once.classes, again.classes)


def test_an_idea_without_a_word_of_the_table_is_in_no_class():
    ideas = pd.concat([_ideas(WORLDS), pd.DataFrame({"idea_id": ["z"], "text": ["RAS"]})], ignore_index=True)
    tree = divide(ideas, classes=3)
    assert tree.ideas.set_index("idea_id").loc["z", "class_number"] is pd.NA
    assert tree.classes["ideas"].sum() == 96


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([text for world in WORLDS for text in world] + ["RAS", "oui"]), max_size=90),
    st.integers(1, 6),
)
def test_whatever_the_ideas_each_is_in_one_class_and_the_tree_is_valid(texts, classes):
    ideas = pd.DataFrame({"idea_id": [f"i{number:03d}" for number in range(len(texts))], "text": texts})
    tree = divide(ideas.astype({"text": object}), classes=classes)
    assert tree.ideas["idea_id"].tolist() == ideas["idea_id"].tolist()
    assert len(tree.classes) <= classes
    assert tree.classes["ideas"].sum() == tree.ideas["class_number"].notna().sum()
    assert len(tree.splits) == max(0, len(tree.classes) - 1)
    assert sorted(tree.leaves()) == tree.classes["class_number"].tolist()
    if len(tree.classes) > 1:
        assert is_valid_linkage(tree.linkage)


def _consultation(worlds, *, people=96):
    ideas = _ideas(worlds).assign(remark_id=lambda rows: rows["idea_id"])
    remarks = pd.DataFrame(
        {
            "remark_id": ideas["remark_id"],
            "contribution_id": [f"c{number % people}" for number in range(len(ideas))],
            "campaign_id": pd.Series(pd.NA, index=ideas.index, dtype="string"),
        }
    )
    codes = pd.DataFrame(
        {
            "idea_id": ideas["idea_id"],
            "scheme": "theme",
            "code": np.repeat(["presence", "acces", "efficacite"], 32)[: len(ideas)],
            "score": 0.8,
        }
    )
    subthemes = codes[["idea_id"]].assign(subtheme_id=codes["code"] + "/1")
    return ideas, codes, remarks, remarks[["contribution_id"]].drop_duplicates(), subthemes


def test_worlds_that_are_the_themes_agree_with_them_wholly_and_count_respondents_once():
    found = subthemes_word_classes.classify(*_consultation(WORLDS, people=32), min_cell=11, seed=1)
    assert found.with_themes > 0.4
    assert found.read == found.in_scope == 96
    assert (found.classes["respondents"] <= 32).all()
    assert found.classes["words"].map(len).between(1, subthemes_word_classes.SHOWN_WORDS).all()


def test_no_class_is_shown_that_holds_or_leaves_out_fewer_respondents_than_a_cell():
    everyone = _consultation(WORLDS)
    for min_cell in (11, 30):
        found = subthemes_word_classes.classify(*everyone, min_cell=min_cell, seed=1)
        sizes = found.classes["respondents"]
        assert len(sizes) > 1
        assert ((sizes >= min_cell) & (96 - sizes >= min_cell)).all()
    alone = subthemes_word_classes.classify(*everyone, min_cell=60, seed=1)
    assert len(alone.classes) == 1
    drawn = charts_tree.dendrogram(alone, caption="Classes")
    assert isinstance(drawn, Fragment)
    assert "Trop peu de répondants" in drawn


def test_an_organised_answer_is_not_a_class_of_words():
    ideas, codes, remarks, counted, subthemes = _consultation(WORLDS)
    sent = remarks.assign(campaign_id=remarks["campaign_id"].mask(remarks["remark_id"] < "i0032", "c1"))
    found = subthemes_word_classes.classify(ideas, codes, sent, counted, subthemes, min_cell=11, seed=1)
    assert found.read == 64
    assert not any("nuit" in words for words in found.classes["words"])


def test_the_figure_says_in_text_all_that_it_shows():
    found = subthemes_word_classes.classify(*_consultation(WORLDS), min_cell=11, seed=1)
    figure = charts_tree.dendrogram(found, caption="Classes de mots")
    meta = figure.layout.meta
    assert len(meta["table"]["rows"]) == len(found.classes) == len(figure.layout.annotations)
    for row in found.classes.itertuples():
        size = f"{row.respondents}\u00a0répondants"
        assert size in meta["alt"]
        assert any(size in note.text and row.words[0] in note.text for note in figure.layout.annotations)
        assert any(row.words[0] in note["text"] for note in meta["narrow"]["annotations"])
    # each bracket of the tree joins two branches: 4 points and a gap
    assert len(figure.data[0].x) == 5 * (len(found.classes) - 1)
    assert sorted(figure.data[1].y, reverse=True) == [-float(place) for place in range(len(found.classes))]
    assert figure.data[1].marker.color == style.ACCENT


def test_the_sentence_gives_the_ideas_left_out_and_nothing_when_there_is_nothing():
    ideas, codes, remarks, counted, subthemes = _consultation(WORLDS)
    silent = ideas.assign(text=ideas["text"].mask(ideas["idea_id"] == "i0005", "Rien."))
    found = subthemes_word_classes.classify(silent, codes, remarks, counted, subthemes, min_cell=11, seed=1)
    text = word_classes.sentences(found)
    assert "tracé sur 96\u00a0idées ; 1\u00a0idée (1\u202f%) reste hors classe" in text
    assert "indice de Rand ajusté" in text
    nothing = subthemes_word_classes.classify(
        ideas.head(0), codes, remarks, counted, subthemes, min_cell=11, seed=1
    )
    assert word_classes.sentences(nothing) == "Aucune idée dans le champ : il n'y a rien à classer."
    assert "rien à classer" in charts_tree.dendrogram(nothing, caption="Classes")
