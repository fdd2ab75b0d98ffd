"""Copies share a group, a circulated text is a campaign, and nothing is removed."""

from __future__ import annotations

import random
import time

import pandas as pd

from psq_analysis.cleaning.remarks import mark_remarks
from remarks_given import answers

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


def test_two_very_long_texts_of_few_words_are_compared_in_seconds() -> None:
    draw = random.Random(2017)
    words = [f"mot{number}" for number in range(30)]
    one, other = (" ".join(draw.choice(words) for _ in range(3_500)) for _ in range(2))
    before = time.process_time()
    group = mark_remarks(answers(one, other))["duplicate_group"]
    assert time.process_time() - before < 10  # 195 s when they were aligned letter by letter
    assert group.isna().all()
