"""Quotes are exact, traceable, from different people, never from a small cell."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.quotes.choice import choose, choose_by_code, choose_for_report
from psq_analysis.quotes.decisions import QuoteDecisions, load_quote_decisions
from psq_analysis.quotes.quotable import held_for_review
from psq_analysis.sentences.quotes import held_sentence
from psq_analysis.tables.decision_files import DecisionError

TEXTS = [
    "Nous voudrions voir passer une patrouille à pied le samedi soir.",
    "Une patrouille de nuit autour de la gare rassurerait les voyageurs.",
    "Personne ne patrouille après 20 heures dans notre lotissement.",
    "Les patrouilles passent en voiture, vitres fermées, sans s'arrêter.",
    "Franchement la patrouille passe assez souvent, nous sommes contents.",
    "Patrouilles insuffisantes.",
    "M. [PERSONNE 1] m'a dit que la patrouille ne viendrait jamais ici.",
]


def _tables(texts=TEXTS, *, distances=None, theme="presence"):
    numbers = [f"{number:02d}" for number in range(len(texts))]
    remarks = pd.DataFrame(
        {
            "remark_id": [f"remarque{n}abcdef" for n in numbers],
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
            "theme": theme,
            "subtheme_id": f"{theme}/1",
            "label": "patrouilles",
            "distance": distances or [number / 10 for number in range(len(texts))],
        }
    )
    return subthemes, ideas, remarks, remarks[["contribution_id"]].drop_duplicates()


def test_a_sub_theme_is_shown_by_three_quotes_at_its_centre_and_one_at_its_edge():
    quotes = choose(*_tables(), min_respondents=5)
    assert quotes.groupby("role")["idea_id"].apply(list).to_dict() == {
        "centre": ["i00", "i01", "i02"],
        "edge": ["i04"],
    }


def test_short_and_masked_texts_are_quoted_only_for_want_of_better():
    quotes = choose(*_tables(distances=[0.9, 0.8, 0.7, 0.6, 0.5, 0.1, 0.0]), min_respondents=5)
    assert not set(quotes["idea_id"]) & {"i05", "i06"}
    scarce = choose(*_tables(TEXTS[4:]), min_respondents=3)
    assert scarce.loc[scarce["role"] == "centre", "idea_id"].tolist() == ["i00", "i01", "i02"]


def test_an_idea_too_short_to_be_understood_is_quoted_with_its_whole_remark():
    subthemes, ideas, remarks, contributions = _tables()
    ideas = ideas.assign(text=ideas["text"].where(ideas["idea_id"] != "i00", "le samedi soir"))
    quotes = choose(subthemes, ideas, remarks, contributions, min_respondents=5).set_index("idea_id")
    assert quotes.loc["i00", "text"] == TEXTS[0]


def test_an_idea_that_leans_on_the_one_before_gives_way_to_one_that_stands_alone():
    texts = ["et personne ne patrouille après 20 heures dans notre lotissement", *TEXTS[:5]]
    quotes = choose(*_tables(texts), min_respondents=5)
    assert "i00" not in set(quotes["idea_id"])


def test_of_texts_equally_near_the_one_that_says_the_name_goes_first():
    texts = ["Il faudrait du monde dehors quand la boîte de nuit ferme.", *TEXTS[:5]]
    quotes = choose(*_tables(texts, distances=[0.0, 0.01, 0.02, 0.03, 0.3, 0.9]), min_respondents=5)
    assert quotes.loc[quotes["role"] == "centre", "idea_id"].tolist() == ["i01", "i02", "i03"]


def test_links_and_markup_are_not_quoted_when_there_is_prose():
    texts = ["Une patrouille <b>vite</b>, voir http://exemple.example/patrouille", *TEXTS[:5]]
    assert "i00" not in set(choose(*_tables(texts), min_respondents=5)["idea_id"])


def test_no_quote_comes_from_a_cell_under_the_minimum_nor_from_a_respondent_who_is_not_allowed():
    subthemes, ideas, remarks, contributions = _tables()
    assert choose(subthemes, ideas, remarks, contributions, min_respondents=8).empty
    allowed = contributions[contributions["contribution_id"] != "c00"]
    assert "i00" not in set(choose(subthemes, ideas, remarks, allowed, min_respondents=5)["idea_id"])
    assert choose(subthemes, ideas, remarks, allowed, min_respondents=7).empty


def test_a_respondent_and_a_circulated_text_are_quoted_once():
    subthemes, ideas, remarks, contributions = _tables()
    same_person = remarks.assign(contribution_id=remarks["contribution_id"].replace("c01", "c00"))
    quotes = choose(subthemes, ideas, same_person, contributions, min_respondents=5)
    assert "i01" not in set(quotes["idea_id"])
    copies = remarks.assign(duplicate_group=["g", "g", *[pd.NA] * 5])
    assert "i01" not in set(choose(subthemes, ideas, copies, contributions, min_respondents=5)["idea_id"])


def test_an_answer_that_says_nothing_is_never_quoted():
    subthemes, ideas, remarks, contributions = _tables()
    noisy = remarks.assign(is_noise=remarks["remark_id"].str.startswith("remarque00"))
    assert "i00" not in set(choose(subthemes, ideas, noisy, contributions, min_respondents=5)["idea_id"])


def test_the_reference_is_the_start_of_the_identifier_and_leads_back_to_the_row():
    _, _, remarks, _ = tables = _tables()
    for quote in choose(*tables, min_respondents=5).itertuples():
        row = remarks[remarks["remark_id"] == quote.remark_id].iloc[0]
        assert len(quote.reference) == 8
        assert row["remark_id"].startswith(quote.reference)
        assert quote.text in row["text"]


def test_another_opinion_is_shown_only_where_someone_takes_the_other_side():
    subthemes, ideas, remarks, contributions = _tables()
    tones = ["constat_negatif"] * 4 + ["constat_positif"] + ["constat_negatif"] * 2
    codes = pd.DataFrame({"idea_id": ideas["idea_id"], "scheme": "tone", "code": tones, "score": 0.9})
    quotes = choose_for_report(subthemes, ideas, remarks, contributions, codes, min_respondents=5)
    assert quotes[["idea_id", "role"]].values.tolist() == [["i00", "centre"], ["i04", "dissent"]]
    unanimous = codes.assign(code="constat_negatif")
    quotes = choose_for_report(subthemes, ideas, remarks, contributions, unanimous, min_respondents=5)
    assert quotes["role"].tolist() == ["centre"]
    asking = codes.assign(code=["proposition"] * 4 + ["constat_negatif"] * 3)
    quotes = choose_for_report(subthemes, ideas, remarks, contributions, asking, min_respondents=5)
    assert quotes["role"].tolist() == ["centre"]


def test_the_report_quotes_five_sub_themes_and_at_most_two_of_a_theme():
    parts = [_tables(theme=theme) for theme in ("presence", "acces", "efficacite")]
    subthemes = pd.concat([part[0] for part in parts])
    frames = []
    for number in range(3):
        for place, part in enumerate(parts):
            mark = f"{place}{number}"
            texts = part[1]["text"] + f" Dans le canton n° {mark}."
            frames.append(
                (
                    part[0].assign(
                        idea_id=mark + part[0]["idea_id"], subtheme_id=part[0]["theme"] + f"/{number}"
                    ),
                    part[1].assign(
                        idea_id=mark + part[1]["idea_id"], remark_id=mark + part[1]["remark_id"], text=texts
                    ),
                    part[2].assign(
                        remark_id=mark + part[2]["remark_id"],
                        contribution_id=mark + part[2]["contribution_id"],
                        text=texts,
                    ),
                )
            )
    subthemes, ideas, remarks = (pd.concat(part, ignore_index=True) for part in zip(*frames, strict=True))
    codes = pd.DataFrame({"idea_id": [], "scheme": [], "code": [], "score": []})
    quotes = choose_for_report(subthemes, ideas, remarks, remarks, codes, min_respondents=5)
    assert len(quotes) == 5
    assert quotes.groupby("theme")["subtheme_id"].nunique().max() == 2


def test_one_quote_per_code_near_what_most_people_say_and_none_out_of_scope():
    _, ideas, remarks, contributions = _tables()
    codes = pd.DataFrame(
        {"idea_id": ideas["idea_id"], "scheme": "objective", "code": "sur_mesure", "score": 0.9}
    )
    outside = codes.assign(scheme="theme", code="hors_champ")
    quotes = choose_by_code(codes, ideas, remarks, contributions, scheme="objective", min_respondents=5)
    assert quotes["code"].tolist() == ["sur_mesure"]
    assert "patrouille" in quotes["text"].item()
    assert choose_by_code(outside, ideas, remarks, contributions, scheme="theme", min_respondents=5).empty


@pytest.mark.parametrize("scheme", ["theme", "objective"])
def test_without_codes_there_is_no_quote(scheme):
    codes = pd.DataFrame({"idea_id": [], "scheme": [], "code": [], "score": []}).astype({"idea_id": "string"})
    assert choose_by_code(codes, *_tables()[1:], scheme=scheme, min_respondents=1).empty


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=30)
)
def test_whatever_the_remarks_each_quote_is_exact_and_each_voice_heard_once(rows):
    texts, people, groups = zip(*rows, strict=True)
    subthemes, ideas, remarks, _ = _tables(list(texts))
    remarks = remarks.assign(
        contribution_id=[f"c{person}" for person in people],
        duplicate_group=pd.Series([f"g{texts.index(text)}" for text in texts], dtype="string"),
    )
    subthemes = subthemes.assign(subtheme_id=[f"presence/{group}" for group in groups])
    quotes = choose(subthemes, ideas, remarks, remarks, min_respondents=2).merge(
        remarks, on="remark_id", suffixes=("", "_remark")
    )
    assert quotes["contribution_id"].is_unique
    assert quotes["duplicate_group"].is_unique
    assert all(text in whole for text, whole in zip(quotes["text"], quotes["text_remark"], strict=True))
    assert (quotes.groupby(["subtheme_id", "role"]).size() <= 3).all()


def test_an_idea_cut_at_a_comma_is_quoted_with_its_whole_sentence():
    texts = [
        "Merci. La patrouille du samedi soir a calmé les choses, et on dort mieux depuis. Bravo.",
        *TEXTS[:5],
    ]
    subthemes, ideas, remarks, contributions = _tables(texts, distances=[0.0, 0.3, 0.4, 0.5, 0.6, 0.9])
    cut = "La patrouille du samedi soir a calmé les choses,"
    ideas = ideas.assign(text=ideas["text"].mask(ideas["idea_id"] == "i00", cut))
    quotes = choose(subthemes, ideas, remarks, contributions, min_respondents=5).set_index("idea_id")
    assert (
        quotes.loc["i00", "text"]
        == "La patrouille du samedi soir a calmé les choses, et on dort mieux depuis."
    )


def test_a_voice_that_says_a_word_of_the_name_goes_before_a_nearer_one_that_says_none():
    texts = ["Mon beau-frère est gendarme dans un autre département que le nôtre.", *TEXTS[:5]]
    quotes = choose(*_tables(texts, distances=[0.0, 0.3, 0.4, 0.5, 0.6, 0.9]), min_respondents=5)
    assert quotes.loc[quotes["role"] == "centre", "idea_id"].tolist() == ["i01", "i02", "i03"]


def test_a_theme_that_most_complain_of_is_not_quoted_by_its_one_compliment():
    _, ideas, remarks, contributions = _tables()
    themes = pd.DataFrame({"idea_id": ideas["idea_id"], "scheme": "theme", "code": "presence", "score": 0.5})
    themes.loc[4, "score"] = 1.0
    tones = themes.assign(scheme="tone", code="constat_negatif")
    tones.loc[4, "code"] = "constat_positif"
    codes = pd.concat([themes, tones])
    quote = choose_by_code(codes, ideas, remarks, contributions, scheme="theme", min_respondents=5)
    assert quote["idea_id"].item() != "i04"
    merry = codes.replace("constat_negatif", "constat_positif")
    assert (
        choose_by_code(merry, ideas, remarks, contributions, scheme="theme", min_respondents=5)[
            "idea_id"
        ].item()
        == "i04"
    )


def test_how_many_remarks_are_held_is_said_unless_they_are_a_few():
    accusing = ["Mon voisin du 12 deale devant l'école tous les soirs de la semaine."] * 12
    _, _, remarks, contributions = _tables(accusing + TEXTS[:3])
    assert held_sentence(held_for_review(remarks, contributions), min_cell=11).startswith(
        "Citations tenues pour relecture : 12."
    )
    assert "moins de 20" in held_sentence(held_for_review(remarks, contributions), min_cell=20)
    assert "Aucune citation" in held_sentence(held_for_review(remarks.tail(3), contributions), min_cell=11)


def test_a_pinned_quote_goes_first_and_a_dropped_one_is_never_printed():
    tables = _tables()
    first = choose(*tables, min_respondents=5)["reference"].iloc[0]
    dropped = QuoteDecisions(pinned=frozenset(), dropped=frozenset([first]))
    assert first not in set(choose(*tables, min_respondents=5, decided=dropped)["reference"])
    pinned = QuoteDecisions(pinned=frozenset(["remarque"]), dropped=frozenset())
    assert len(choose(*tables, min_respondents=5, decided=pinned)) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {reference: abcd1234, do: drop, reason: nom}", "quotes.yml, ligne 1 : il manque « source »"),
        ("- {reference: abcd1234, do: hide, reason: nom, source: M. D.}", "« do: hide » est inconnu"),
        ("- {reference: [", "ne se lit pas"),
    ],
)
def test_a_decision_on_quotes_that_cannot_be_read_says_where(tmp_path, text, told):
    path = tmp_path / "quotes.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DecisionError, match=told):
        load_quote_decisions(path)
