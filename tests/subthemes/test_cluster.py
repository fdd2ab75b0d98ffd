"""Sub-themes: planted subjects are found again, every idea is placed at most once, order does not matter."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from statsmodels.stats.proportion import proportion_confint

from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.report import subthemes
from psq_analysis.sentences import subthemes as sentences_subthemes
from psq_analysis.subthemes.cluster import cluster_ideas, main_themes
from psq_analysis.subthemes.cuts import Placed, agreement
from psq_analysis.subthemes.summary import respondent_subthemes, summarise_subthemes
from psq_analysis.tables import schema
from psq_analysis.text.content_words import merge_families, read_content_words, stop_words, surface_forms
from psq_analysis.text.lexical_fields import load_fields, read_fields
from psq_analysis.text.plain import unaccent
from support import PROJECT

# Four subjects an inhabitant of the Gers may raise about presence, in words of their own.
NIGHT = [
    "Des patrouilles de nuit dans le bourg",
    "Il faudrait une patrouille la nuit autour de la gare",
    "Aucune patrouille de nuit en semaine",
    "Renforcer les patrouilles de nuit",
    "Nous demandons des patrouilles la nuit",
    "La nuit, pas une patrouille",
    "Les patrouilles de nuit rassurent les anciens",
    "Patrouille de nuit le samedi",
    "Une patrouille qui passe la nuit près des bars",
    "Des PATROUILLES DE NUIT svp",
]
BRIGADE = [
    "La brigade a fermé, on ne voit plus personne",
    "Rouvrir la brigade fermée du canton",
    "Notre brigade est fermée le dimanche",
    "Une brigade fermée depuis deux ans",
    "Brigade fermée, le village est oublié",
    "Pourquoi la brigade est-elle fermée ?",
    "Depuis que la brigade a fermé c'est le désert",
    "Que la brigade fermée rouvre",
    "Brigade de gendarmerie fermée l'été",
    "On a perdu la brigade, fermée sans prévenir",
]
BIKE = [
    "Des policiers à vélo au bord du Gers",
    "La police à vélo en centre-ville",
    "Policiers à vélo pendant le marché",
    "Un policier à vélo va plus vite qu'en voiture",
    "Je voudrais voir des policiers à vélo",
    "À vélo, le policier parle aux gens",
    "Des policiers en vélo sur la coulée verte",
    "Plus de policiers à vélo",
    "Le vélo pour les policiers municipaux",
    "Policier à vélo = policier visible",
]
SCHOOL = [
    "Un gendarme devant l'école à 16 h 30",
    "La sortie de l'école sans gendarme est dangereuse",
    "Gendarmes devant les écoles",
    "À la sortie de l'école, un gendarme visible",
    "Des gendarmes près de l'école",
    "Sortie d'école : présence des gendarmes",
    "Que les gendarmes passent à la sortie des écoles",
    "Personne à la sortie de l'école",
    "L'école mérite un gendarme le matin",
    "Sécuriser la sortie de l'école",
]
PLANTED = [NIGHT, BRIGADE, BIKE, SCHOOL]


def _tables(texts: list[str], *, theme: str = "presence") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    numbers = [f"{number:04d}" for number in range(len(texts))]
    ideas = pd.DataFrame(
        {"idea_id": [f"i{n}" for n in numbers], "remark_id": [f"r{n}" for n in numbers], "text": texts}
    )
    codes = pd.DataFrame(
        {"idea_id": ideas["idea_id"], "scheme": "theme", "code": theme, "score": 0.8, "origin": "codebook"}
    )
    remarks = pd.DataFrame(
        {
            "remark_id": ideas["remark_id"],
            "contribution_id": [f"c{n}" for n in numbers],
            "text": texts,
            "campaign_id": pd.Series(pd.NA, index=ideas.index, dtype="string"),
        }
    )
    return ideas, codes, remarks


@pytest.fixture(scope="module")
def planted():
    ideas, codes, remarks = _tables([text for subject in PLANTED for text in subject])
    truth = np.repeat(np.arange(4), 10)
    return ideas, codes, remarks, truth, cluster_ideas(ideas, codes, remarks, seed=7)


def test_four_planted_subjects_come_back_as_four_stable_sub_themes(planted):
    ideas, _, _, truth, clustering = planted
    found = ideas.merge(clustering.subthemes, on="idea_id")
    assert found["subtheme_id"].nunique() == 4
    assert adjusted_rand_score(truth[ideas["idea_id"].isin(found["idea_id"])], found["subtheme_id"]) > 0.9
    assert clustering.stability["is_stable"].all()
    assert clustering.themes["rand_bootstrap"].item() > 0.8


def test_their_names_are_the_words_of_the_planted_subjects(planted):
    labels = " | ".join(sorted(planted[4].subthemes["label"].unique()))
    for word in ("patrouilles de nuit", "brigade", "vélo", "école"):
        assert word in labels


def test_no_name_holds_an_empty_word_or_says_a_word_twice(planted):
    stop = stop_words()
    for label in planted[4].subthemes["label"].unique():
        terms = label.split(", ")
        assert 1 <= len(terms) <= 4
        words = [unaccent(word) for term in terms for word in term.replace("'", " ").split()]
        content = [word for word in words if word not in stop["joiners"]]
        assert not set(content) & (stop["grammar"] | stop["thin"])
        assert len(content) == len(set(content))


def test_the_order_of_rows_and_a_second_run_change_nothing(planted):
    ideas, codes, remarks, _, clustering = planted
    shuffled = [frame.sample(frac=1, random_state=3) for frame in (ideas, codes, remarks)]
    pd.testing.assert_frame_equal(cluster_ideas(*shuffled, seed=7).subthemes, clustering.subthemes)


def test_arguments_are_left_as_they_were(planted):
    ideas, codes, remarks, *_ = planted
    before = [frame.copy() for frame in (ideas, codes, remarks)]
    cluster_ideas(ideas, codes, remarks, seed=7)
    for frame, copy in zip((ideas, codes, remarks), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_ideas_out_of_scope_or_without_content_are_never_clustered():
    ideas, codes, remarks = _tables(NIGHT + BRIGADE + BIKE)
    codes.loc[codes.index < 10, "code"] = schema.OUT_OF_SCOPE
    codes.loc[codes.index == 10, "code"] = schema.NO_CONTENT
    found = cluster_ideas(ideas, codes, remarks, seed=1).subthemes
    assert not set(found["idea_id"]) & set(ideas["idea_id"][:11])
    assert set(found["idea_id"]) <= set(ideas["idea_id"][11:])


def test_nothing_to_cluster_gives_an_empty_table():
    ideas, codes, remarks = _tables(["Trop d'impôts"], theme=schema.OUT_OF_SCOPE)
    clustering = cluster_ideas(ideas, codes, remarks, seed=1)
    assert clustering.subthemes.empty
    assert clustering.themes.empty


def test_an_idea_under_two_themes_is_clustered_under_the_surer_one():
    codes = pd.DataFrame(
        {
            "idea_id": ["a", "a", "b", "b", "c"],
            "scheme": "theme",
            "code": ["presence", "acces", "presence", "autre", "presence"],
            "score": [0.6, 0.9, 0.4, 0.8, 0.7],
        }
    )
    assert main_themes(codes).to_dict() == {"a": "acces", "b": "presence", "c": "presence"}


def test_a_circulated_text_weighs_as_one_answer_when_clusters_are_formed(planted):
    ideas, _, _, truth, _ = planted
    pasted = ["Nous exigeons la gratuité du parking de la préfecture pour tous les agents"] * 40
    all_ideas, all_codes, all_remarks = _tables(ideas["text"].tolist() + pasted)
    all_remarks.loc[40:, "campaign_id"] = "campagne-1"
    found = all_ideas.merge(cluster_ideas(all_ideas, all_codes, all_remarks, seed=7).subthemes, on="idea_id")
    own = found[found["idea_id"] <= "i0039"]
    assert adjusted_rand_score(truth[[int(i[1:]) for i in own["idea_id"]]], own["subtheme_id"]) > 0.9


def test_a_masked_name_is_in_no_label():
    texts = [
        f"{text}, dixit [PERSONNE {number}] au [TÉLÉPHONE 1]"
        for number, text in enumerate(NIGHT + BRIGADE + BIKE, 1)
    ]
    found = cluster_ideas(*_tables(texts), seed=1).subthemes
    assert not found["label"].str.contains(r"personne|téléphone|\[", case=False).any()


def test_respondents_are_counted_once_each(planted):
    ideas, _, remarks, _, clustering = planted
    one_person = remarks.assign(contribution_id=["c0000"] * 10 + remarks["contribution_id"].tolist()[10:])
    contributions = one_person[["contribution_id"]].drop_duplicates()
    summary = summarise_subthemes(
        clustering.subthemes, ideas, one_person, contributions, stability=clustering.stability
    )
    assert list(summary.columns) == [
        "theme",
        "subtheme_id",
        "label",
        "headline",
        "respondents",
        "counted",
        "share",
        "low",
        "high",
        "ideas",
        "stability",
        "is_stable",
    ]
    night = summary[summary["label"].str.contains("nuit")].iloc[0]
    assert night["respondents"] == 1
    assert night["ideas"] == 10
    assert summary["ideas"].sum() == len(clustering.subthemes)
    only_two = contributions.head(2)
    assert (
        summarise_subthemes(
            clustering.subthemes, ideas, one_person, only_two, stability=clustering.stability
        )["respondents"].sum()
        == 2
    )


def test_the_share_of_a_sub_theme_is_that_of_everyone_counted_with_the_interval_of_statsmodels(planted):
    ideas, _, remarks, _, clustering = planted
    silent = pd.DataFrame({"contribution_id": [f"muet{n}" for n in range(60)]})
    contributions = pd.concat([remarks[["contribution_id"]], silent])
    summary = summarise_subthemes(
        clustering.subthemes, ideas, remarks, contributions, stability=clustering.stability
    )
    school = summary[summary["label"].str.contains("école")].iloc[0]
    assert school["share"] == pytest.approx(school["respondents"] / 100)
    low, high = proportion_confint(school["respondents"], 100, method="wilson")
    assert (school["low"], school["high"]) == (pytest.approx(low), pytest.approx(high))


def test_who_speaks_of_a_sub_theme_is_counted_once_and_unstable_sub_themes_are_left_out(planted):
    ideas, _, remarks, _, clustering = planted
    twice = remarks.assign(contribution_id=remarks["contribution_id"].replace("c0001", "c0000"))
    summary = summarise_subthemes(clustering.subthemes, ideas, twice, twice, stability=clustering.stability)
    said = respondent_subthemes(clustering.subthemes, summary, ideas, twice, twice)
    assert said["scheme"].eq("subtheme").all()
    assert not said.duplicated().any()
    sizes = summary.set_index("subtheme_id")["respondents"]
    assert said["code"].value_counts().to_dict() == sizes.to_dict()
    first = summary["subtheme_id"].iloc[0]
    unsure = summary.assign(is_stable=summary["subtheme_id"] != first)
    fewer = respondent_subthemes(clustering.subthemes, unsure, ideas, twice, twice)
    assert set(fewer["code"]) == set(said["code"]) - {first}


def test_each_theme_says_how_many_of_its_ideas_have_no_group_unless_that_tells_on_a_few(planted):
    ideas, _, remarks, _, clustering = planted
    grid = load_codebook(PROJECT / "data" / "manual" / "codebook.yml")
    clusters = summarise_subthemes(
        clustering.subthemes, ideas, remarks, remarks, stability=clustering.stability
    )
    counts = {"theme": ["presence", "acces", "confiance"], "ideas": [200, 200, 9], "clustered": [150, 197, 9]}
    themes = pd.DataFrame({**counts, "clusters": [4, 3, 1], "rand_bootstrap": 0.7, "rand_runs": 0.8})
    rows = subthemes.by_theme(themes, clusters, grid, min_cell=11)
    assert rows["ungrouped"].tolist() == ["25\u202f%", "moins de 6\u202f%"]
    assert rows["stable_subthemes"].tolist() == ["4 sur 4", "0 sur 3"]
    said = sentences_subthemes.clustered_sentences(themes, grid, min_cell=11)
    assert said.startswith("87\u202f% des idées dans le champ (356 sur 409)")
    assert "« Présence sur la voie publique » en laisse le plus : 25\u202f%" in said


def test_each_stable_sub_theme_is_shown_with_its_share_and_its_quotations_as_they_are(planted):
    ideas, _, remarks, _, clustering = planted
    grid = load_codebook(PROJECT / "data" / "manual" / "codebook.yml")
    silent = pd.DataFrame({"contribution_id": [f"muet{n}" for n in range(60)]})
    everyone = pd.concat([remarks[["contribution_id"]], silent])
    clusters = summarise_subthemes(
        clustering.subthemes, ideas, remarks, everyone, stability=clustering.stability
    )
    quotes = pd.DataFrame(
        {"subtheme_id": clusters["subtheme_id"].iloc[0], "role": ["centre", "edge"], "reference": "a1b2c3d4",
         "text": ["<i>Une patrouille</i> la nuit", "Personne ne passe"]}
    )  # fmt: skip
    page = subthemes.one_by_one(clusters, quotes, grid, min_cell=5)
    assert page.count("<details") == 4
    assert page.count("sur 100") == 4
    assert "&lt;i&gt;Une patrouille&lt;/i&gt; la nuit" in page
    assert page.count("voix à part") == 1
    assert page.count("ne peut être citée") == 3
    assert "<details" not in subthemes.one_by_one(clusters, quotes, grid, min_cell=11)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=40), st.integers(0, 40)
)
def test_at_most_a_third_is_left_out_unless_the_others_have_nothing_to_do_with_any_sub_theme(rows, alone):
    own = np.array(rows + [[0.0, 0.0, 0.1]] * alone)
    placed = Placed(np.arange(3), own, own)
    left = (placed.widened < 0).mean()
    assert left <= 1 / 3 or (own[placed.widened < 0].max(axis=1) < 0.15).all()
    usual = placed.clusters >= 0
    assert (placed.widened[usual] == placed.clusters[usual]).all()


def test_a_circulated_text_names_a_sub_theme_no_more_than_one_voice_would():
    pasted = [f"Nous exigeons la gratuité du parking la nuit, {end}" for end in ("tous", "toutes", "merci")]
    ideas, codes, remarks = _tables(NIGHT + BRIGADE + BIKE + pasted * 4)
    remarks.loc[30:, "campaign_id"] = "campagne-1"
    found = cluster_ideas(ideas, codes, remarks, seed=7).subthemes
    assert set(found["idea_id"]) > {"i0000", "i0030"}
    assert not found["label"].str.contains("gratuité|parking").any()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Il nous a menacés", "Ils m'ont menacé", "On menace", "Le chauffeur est menacé"], "menacé|menace"),
        (["Des salaires trop élevés", "Salaires peu élevés", "Des salaires si élevés", "Le salaire"], "élèves"),
        (["Dans les lieux publics", "Des jardins publics", "Un banc public", "Espaces publics"], "^publics?$"),
        (["Signaler systématiquement", "Systématiquement la plainte", "Plainte systématiquement"] * 2, "ment"),
    ],
)  # fmt: skip
def test_a_participle_an_adjective_or_an_adverb_names_nothing(texts, words):
    others = ["Une patrouille de nuit", "Des patrouilles la nuit"] * 3
    found = cluster_ideas(*_tables(texts + others), seed=1).subthemes
    terms = pd.Series([term for label in found["label"].unique() for term in label.split(", ")])
    assert not terms.str.contains(words).any(), terms.tolist()


def test_what_most_people_call_it_names_a_sub_theme_before_the_heading_of_its_field():
    civic = [
        f"Des incivilités {where}" for where in ("au marché", "dans le bus", "en ville", "ici", "au parc")
    ]
    names = cluster_ideas(*_tables(NIGHT + BRIGADE + civic * 2), seed=3).subthemes["label"].unique()
    assert any("incivilités" in name for name in names)
    assert not any(name.startswith("civisme") for name in names)


VOCABULARY = """patrouille brigade vélo école nuit bruit plainte maire rodéo drogue caméra le de pas RAS 17 ! où
[PERSONNE_1]"""
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), min_size=1, max_size=60),
    st.integers(0, 9),
)
def test_every_idea_is_placed_at_most_once_and_sizes_add_up(texts, seed):
    ideas, codes, remarks = _tables(texts)
    codes.loc[codes.index % 3 == 0, "code"] = schema.OTHER
    clustering = cluster_ideas(ideas, codes, remarks, seed=seed)
    found = clustering.subthemes
    assert found["idea_id"].is_unique
    assert set(found["idea_id"]) <= set(ideas["idea_id"])
    assert clustering.themes["clustered"].sum() == len(found)
    assert clustering.themes["ideas"].sum() == len(ideas)
    assert (found["label"].str.len() > 0).all()
    assert found["distance"].between(0, 2).all()
    assert set(found["subtheme_id"]) == set(clustering.stability["subtheme_id"])
    assert found.groupby("subtheme_id")["label"].nunique().eq(1).all()


def test_words_typed_without_accents_count_as_their_accented_twins():
    words = read_content_words(
        ["Les dégradations du lycée", "les degradations du lycee", "Dégradations au lycée"]
    )
    assert words.terms == ["degradation", "lycee", "degradation lycee"]
    assert words.counts.toarray().tolist() == [[1, 1, 1]] * 3


def test_a_phrase_never_runs_over_a_full_stop_a_negation_or_a_conjunction():
    words = read_content_words(
        ["Plus de police. Justice", "la police ne patrouille pas", "police et justice"]
    )
    assert not words.is_phrase.any()


def test_a_verb_and_its_noun_make_one_column_but_public_and_publier_do_not():
    merged = merge_families(read_content_words(["patrouiller", "patrouille", "public", "publicité"]))
    assert merged.shape[1] == 3


def test_a_term_is_shown_as_people_write_it_with_its_accents():
    texts = ["SECURITE ROUTIERE", "la sécurité routière", "securite routiere", "Sécurité  routière !"]
    term = read_content_words(texts).terms[-1]
    assert surface_forms([term], texts) == {term: "sécurité routière"}


@pytest.mark.slow
def test_on_real_answers_at_most_a_third_stays_out_and_the_clusters_hold(shared):
    answers = pd.read_csv(shared / "data" / "grand_debat_incivilites.csv")["comment"]
    about_school = answers[answers.str.contains("école|parents|enseignant", case=False)].head(800)
    about_police = answers[answers.str.contains("polic|gendarme", case=False)].head(800)
    ideas, codes, remarks = _tables([*about_school, *about_police])
    codes.loc[codes.index >= len(about_school), "code"] = "partenaires"
    themes = cluster_ideas(ideas, codes, remarks, seed=1).themes
    assert themes["clustered"].sum() >= 2 / 3 * len(ideas)
    assert (themes["rand_bootstrap"] >= 0.5).all()
    assert (themes["clusters"] >= 3).all()


def test_a_place_is_never_in_a_name():
    texts = [f"{text} à {place}" for text in NIGHT + BIKE for place in ("Nogaro", "Condom")]
    found = cluster_ideas(*_tables(texts), seed=1).subthemes
    assert not found["label"].str.contains("nogaro|condom", case=False).any()


def test_a_name_is_a_phrase_people_would_say_not_a_piece_of_a_sentence():
    texts = [
        f"Les habitants paient des gardiens {end}"
        for end in ("le soir", "chaque nuit", "en vain", "depuis mai")
    ]
    found = cluster_ideas(*_tables(texts), seed=1).subthemes
    assert found["label"].str.contains("gardiens|habitants").all()
    assert not found["label"].str.contains("paient|nuit").any()


FUEL = [
    "On nous a siphonné la cuve",
    "Vol de gasoil chez mon voisin",
    "Le cuivre disparaît des hangars",
    "Fioul volé deux fois cet hiver",
    "Le carburant des engins est pillé",
    "Câbles arrachés, métaux revendus chez le ferrailleur",
]
DESK = [
    "Deux heures sur un banc pour être reçue",
    "Le guichet manque de confidentialité",
    "On m'a accueilli debout",
    "Porte close et interphone muet",
    "Une salle d'attente indigne",
    "Je n'ai jamais été reçu",
]


def test_ideas_about_one_subject_lie_together_although_they_share_no_word():
    fields = read_fields(FUEL + DESK).fields
    alike = (fields @ fields.T).toarray() > 0
    assert alike[:6, :6].all()
    assert alike[6:, 6:].all()
    assert not alike[:6, 6:].any()


def test_every_lexical_field_has_a_heading_and_no_expression_stands_twice_in_it():
    source = files("psq_analysis.text") / "lexical_fields.yml"
    fields = [
        words
        for domain in yaml.safe_load(source.read_text(encoding="utf-8")).values()
        for words in domain.values()
    ]
    assert len(fields) == len({field.name for field in load_fields()})
    for words in fields:
        assert words["shown"][0].strip()
        expressions = words["shown"] + words["also"]
        assert len(expressions) == len(set(expressions))


def test_a_name_holds_neither_a_verb_nor_a_time_alone():
    texts = [f"{text} l'été, il faut changer" for text in NIGHT + BIKE + SCHOOL]
    found = cluster_ideas(*_tables(texts), seed=1).subthemes
    terms = {term for label in found["label"].unique() for term in label.split(", ")}
    assert not terms & {"été", "l'été", "nuit", "changer", "rassurent", "passe", "samedi"}


def test_a_short_sentence_is_read_in_its_remark_but_stays_far_from_the_centre():
    ideas, codes, remarks = _tables([text for subject in PLANTED for text in subject] + ["Plus jamais ça."])
    ideas.loc[40, "remark_id"] = ideas.loc[0, "remark_id"]
    found = cluster_ideas(ideas, codes, remarks, seed=7).subthemes.set_index("idea_id")
    assert found.loc["i0040", "subtheme_id"] == found.loc["i0000", "subtheme_id"]
    assert found.loc["i0040", "distance"] == pytest.approx(1.0)
    assert found.loc["i0000", "distance"] < 0.7


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 3)), min_size=2, max_size=40))
def test_the_rand_index_is_that_of_scikit_learn(pairs):
    clusters, again = (np.array(side) for side in zip(*pairs, strict=True))
    assert agreement(clusters, 4, [again]).rand == pytest.approx(adjusted_rand_score(clusters, again))


@pytest.mark.slow
def test_half_of_the_answers_gives_the_sub_themes_of_all_of_them(shared):
    answers = pd.read_csv(shared / "data" / "grand_debat_incivilites.csv")["comment"].astype(str)
    ideas, codes, remarks = _tables(answers.sample(600, random_state=4).tolist())
    whole = cluster_ideas(ideas, codes, remarks, seed=1).subthemes
    half = ideas.sample(frac=0.5, random_state=5)
    found = cluster_ideas(half, codes, remarks, seed=1).subthemes.merge(whole, on="idea_id")
    assert adjusted_rand_score(found["subtheme_id_x"], found["subtheme_id_y"]) > 0.4
