"""Ideas and remarks get the codes the grid foresees; people's codes win; what no code reaches is said to be so."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.coding.assign import code_ideas, code_remarks, outcomes
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.evaluation import coding_quality
from psq_analysis.coding.human_codes import read_human_codes
from psq_analysis.errors import BadInput
from psq_analysis.tables.record_files import BadRemarkFile, read_records, write_records
from psq_analysis.tables.schema import TABLES
from psq_analysis.text.sentence_models import sentence_encoder

INCIVILITIES = "Que peuvent et doivent faire les pouvoirs publics pour répondre aux incivilités ?"
MISSING = "Si non, quels types de services publics vous manquent dans votre territoire ?"
EVOLVE = "Quels sont les services publics qui doivent le plus évoluer selon vous ?"


def coded(codebook: Codebook, text: str, question: str = "") -> tuple[set[str], set[str]]:
    row = code_remarks(pd.DataFrame({"remark": [text], "question": [question]}), codebook, seed=0).iloc[0]
    return set(row["themes"]), set(row["objectives"])


def one_idea(text: str, *, question: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    ideas = pd.DataFrame(
        {"idea_id": ["i1"], "remark_id": ["r1"], "start": [0], "end": [len(text)], "text": [text]}
    )
    return ideas, pd.DataFrame(
        {"remark_id": ["r1"], "question": [question], "text": [text], "is_noise": [False]}
    )


@pytest.mark.slow
def test_every_example_of_the_grid_is_coded_as_the_grid_says(codebook: Codebook) -> None:
    for scheme, column in (("theme", 0), ("objective", 1)):
        for code in codebook.codes(scheme):
            question = "" if code == "hors_champ" else INCIVILITIES
            for example in codebook.code(scheme, code).examples:
                assert code in coded(codebook, example, question)[column], (code, example)
            for example in codebook.code(scheme, code).counter_examples:
                assert code not in coded(codebook, example, INCIVILITIES)[column], (code, example)


@pytest.mark.parametrize(
    ("text", "question", "themes", "objectives"),
    [
        ("La police", MISSING, {"presence"}, set()),  # convention 1
        ("La police, la santé, la justice", EVOLVE, {"hors_champ"}, set()),
        ("Il faut signaler les dégradations à la gendarmerie", INCIVILITIES, {"efficacite", "partenaires"}, set()),  # 2
        ("Une application pour signaler les rodéos", INCIVILITIES, {"acces", "efficacite"}, {"connectee"}),
        ("Remettre des îlotiers", INCIVILITIES, {"presence"}, {"sur_mesure"}),  # 3
        ("Il n'y a plus de patrouilles dans les quartiers sensibles", "", {"presence", "adaptation"}, {"sur_mesure"}),  # 4
        ("L'égoïsme et l'éducation des parents", INCIVILITIES, {"hors_champ"}, set()),  # 5
        ("Les crottes de chien et le bruit des motos", INCIVILITIES, {"efficacite"}, set()),
        ("Mieux payer les gendarmes", "", set(), {"respectee"}),  # 6
        ("Renforcer la police aux frontières", "Que proposez-vous pour l'immigration ?", {"hors_champ"}, set()),  # 7
    ],
)  # fmt: skip
def test_the_conventions_for_hard_cases_hold(
    codebook: Codebook, text: str, question: str, themes: set[str], objectives: set[str]
) -> None:
    assert coded(codebook, text, question) == (themes, objectives)


@pytest.mark.parametrize(
    "text", ["PLUS DE PATROUILLES LA NUIT", "plus de patrouiles la nuit", "Plus de  patrouille, la nuit"]
)
def test_capitals_typing_errors_and_spaces_do_not_hide_a_theme(codebook: Codebook, text: str) -> None:
    assert coded(codebook, text)[0] == {"presence"}


def test_an_idea_has_at_least_one_theme_and_exactly_one_tone(codebook: Codebook) -> None:
    ideas = pd.DataFrame(
        {
            "idea_id": ["a", "b", "c"],
            "remark_id": ["r", "r", "s"],
            "start": [0, 30, 0],
            "end": [29, 60, 9],
            "text": ["Davantage de rondes à pied", "Mieux payer les policiers", "La TVA est trop haute"],
        }
    )
    remarks = pd.DataFrame(
        {
            "remark_id": ["r", "s"],
            "question": ["", None],
            "text": ["Davantage de rondes à pied. Mieux payer les policiers.", "La TVA est trop haute"],
            "is_noise": [False, False],
        }
    )
    codes = code_ideas(ideas, remarks, codebook, seed=0)
    themes = codes[codes["scheme"] == "theme"].set_index("idea_id")["code"]
    assert themes.to_dict() == {"a": "presence", "b": "autre", "c": "hors_champ"}
    assert codes[codes["scheme"] == "tone"].groupby("idea_id").size().tolist() == [1, 1, 1]
    assert (codes[codes["scheme"] == "fundamental"].groupby("idea_id").size() <= 1).all()
    assert list(codes.columns) == list(TABLES["codes"].columns)


def test_codes_given_by_people_replace_the_machine_s(codebook: Codebook) -> None:
    text = "Plus de patrouilles."
    human = pd.DataFrame(
        {"remark": [text], "themes": [["acces"]], "objectives": [["connectee"]], "tone": ["neutre"]}
    )
    codes = code_ideas(*one_idea(text), codebook, human=human, seed=0)
    by_people = codes[codes["origin"] == "human"]
    assert set(zip(by_people["scheme"], by_people["code"], strict=True)) == {
        ("theme", "acces"), ("objective", "connectee"), ("tone", "neutre"),
    }  # fmt: skip
    assert (by_people["score"] == 1).all()
    assert set(codes.loc[codes["scheme"] == "theme", "code"]) == {"acces"}
    assert code_remarks(human[["remark"]], codebook, human=human, seed=0)["themes"].tolist() == [["acces"]]


def test_a_remark_coded_by_people_gives_their_codes_each_to_the_idea_it_fits(codebook: Codebook) -> None:
    remark = "Plus de patrouilles à pied. Pouvoir déposer plainte en ligne."
    ideas = pd.DataFrame(
        {
            "idea_id": ["a", "b"],
            "remark_id": ["r", "r"],
            "start": [0, 28],
            "end": [27, 61],
            "text": [remark[:27], remark[28:]],
        }
    )
    remarks = pd.DataFrame({"remark_id": ["r"], "question": [""], "text": [remark], "is_noise": [False]})
    human = pd.DataFrame({"remark": [remark], "themes": [["presence", "acces"]], "objectives": [[]]})
    codes = code_ideas(ideas, remarks, codebook, human=human, seed=0)
    themes = codes[codes["scheme"] == "theme"]
    assert themes.set_index("idea_id")["code"].to_dict() == {"a": "presence", "b": "acces"}
    assert set(themes["origin"]) == {"human"}
    assert not (codes["scheme"] == "objective").any()


def test_the_same_text_under_two_questions_may_have_two_human_codes(codebook: Codebook) -> None:
    human = pd.DataFrame(
        {"remark": ["La police"] * 2, "question": [MISSING, EVOLVE], "themes": [["presence"], ["hors_champ"]]}
    )
    assert code_remarks(human, codebook, human=human, seed=0)["themes"].tolist() == [
        ["presence"],
        ["hors_champ"],
    ]


def test_other_fields_pass_through_and_the_input_is_left_alone(codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "remarques.jsonl"
    path.write_text(
        '{"remark": "Plus de rondes", "n": 3, "x": {"y": [1]}}\n{"remark": "", "z": null}\n', encoding="utf-8"
    )
    remarks = read_records(path, required="remark")
    before = remarks.copy(deep=True)
    result = code_remarks(remarks, codebook, seed=0)
    pd.testing.assert_frame_equal(remarks, before)
    write_records(result, tmp_path / "codes.jsonl")
    again = read_records(tmp_path / "codes.jsonl", required="remark")
    assert again.loc[0, "n"] == 3
    assert again.loc[0, "x"] == {"y": [1]}
    assert again.loc[0, "themes"] == ["presence"]
    assert again.loc[1, "themes"] == ["hors_champ"]
    write_records(result.drop(columns=["x", "z", "n", "scores"]), tmp_path / "codes.parquet")
    assert read_records(tmp_path / "codes.parquet", required="remark").loc[0, "themes"].tolist() == [
        "presence"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"remark": "a"}\nbonjour\n', "ligne 2 : la ligne n'est pas du JSON"),
        (b"[1]\n", "ligne 1 : la ligne n'est pas un objet JSON"),
        (b'{"texte": "a"}\n', "le champ « remark » manque"),
        (b'{"remark": "a"}\n{"remark": 4}\n', "ligne 2 : « remark » n'est pas un texte"),
        (b"", "aucune remarque"),
        (b"\xff\xfe\x00", "UTF-8"),
        (
            b'{"remark": "a", "themes": ["inconnu"]}\n',
            "ligne 1 : le code « inconnu » de « themes » n'est pas dans la grille",
        ),
        (b'{"remark": "a"}\n', "aucun code humain"),
        (b"PAR1 coupe", "abîmé"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_sentence(
    codebook: Codebook, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "codes.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadRemarkFile) as caught:
        read_human_codes(path, codebook)
    assert said in str(caught.value)


CLOSED = ("Volets clos", "Rideau baissé", "Lumière éteinte", "Grille tirée", "Verrou mis")
COLD = ("Sourires rares", "Regards fuyants", "Mots blessants", "Silences gênés")
WHEN = (
    "à midi",
    "le mardi",
    "au printemps",
    "en août",
    "dès cinq heures",
    "à Noël",
    "sans prévenir",
    "toujours",
)
WHEN += ("encore hier", "depuis des mois", "le samedi", "à la rentrée", "ce matin", "chaque semaine")


@pytest.fixture
def sentence_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A model that knows which remarks speak of a closed door, whatever their words."""

    class Encoder:
        def __init__(self, folder: str, *, local_files_only: bool) -> None:
            assert folder == str(tmp_path)
            assert local_files_only

        def encode(
            self, texts: list[str], *, normalize_embeddings: bool, show_progress_bar: bool
        ) -> np.ndarray:
            assert normalize_embeddings
            assert not show_progress_bar
            closed = np.array([text.startswith(CLOSED) for text in texts])
            return np.column_stack([closed, ~closed]).astype(np.float32)

    library = types.SimpleNamespace(SentenceTransformer=Encoder)
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    sentence_encoder.cache_clear()
    yield str(tmp_path)
    sentence_encoder.cache_clear()


@pytest.fixture(scope="module")
def coded_by_people() -> pd.DataFrame:
    pairs = [(f"{what} {when}", theme) for what, theme in WHAT_IS_CODED for when in WHEN]
    return pd.DataFrame(
        {
            "remark": [text for text, _ in pairs],
            "question": INCIVILITIES,
            "themes": [[theme] for _, theme in pairs],
        }
    )


WHAT_IS_CODED = [*((what, "acces") for what in CLOSED[:4]), *((what, "confiance") for what in COLD)]


def test_a_remark_near_coded_ones_only_by_the_sentence_model_gains_their_code(
    codebook: Codebook, coded_by_people: pd.DataFrame, sentence_model: str
) -> None:
    asked = pd.DataFrame({"remark": ["Verrou mis"], "question": [INCIVILITIES]})
    without = code_remarks(asked, codebook, human=coded_by_people, seed=0)["scores"].item()
    helped = code_remarks(asked, codebook, human=coded_by_people, sentence_model=sentence_model, seed=0)
    # of words met nowhere else, it may be either; the model knows which
    assert abs(without["acces"] - without["confiance"]) < 0.2
    assert "acces" in helped["themes"].item()
    assert "confiance" not in helped["themes"].item()


@pytest.mark.slow
def test_the_quality_of_a_run_is_that_of_the_coding_with_its_sentence_model(
    codebook: Codebook, coded_by_people: pd.DataFrame, sentence_model: str
) -> None:
    read = [
        coding_quality(coded_by_people, codebook, sentence_model=model, seed=0)
        for model in ("", sentence_model)
    ]
    announced = [
        one.calibration.query("method == 'cross_validated'")["score"].tolist() for one in read if one
    ]
    assert announced[0] != announced[1]


def test_a_sentence_model_that_cannot_be_used_stops_the_coding(
    codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(BadInput, match="pip install sentence-transformers"):
        code_ideas(*one_idea("Plus de rondes"), codebook, sentence_model="modeles/absent", seed=0)


def test_no_remark_at_all_is_coded_as_nothing(codebook: Codebook) -> None:
    assert code_remarks(pd.DataFrame({"remark": pd.Series(dtype=str)}), codebook, seed=0).empty
    ideas, remarks = one_idea("Plus de rondes")
    assert code_ideas(ideas.iloc[:0], remarks, codebook, seed=0).empty


def test_outcomes_count_each_remark_once(codebook: Codebook) -> None:
    ideas, remarks = one_idea("Plus de rondes à pied")
    silent = pd.DataFrame({"remark_id": ["r2"], "question": [""], "text": ["RAS"], "is_noise": [True]})
    both = pd.concat([remarks, silent], ignore_index=True)
    counted = outcomes(code_ideas(ideas, both, codebook, seed=0), ideas, both).set_index("outcome")["remarks"]
    assert counted.to_dict() == {"coded": 1, "autre": 0, "hors_champ": 0, "sans_contenu": 1}


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_any_text_gets_known_codes_and_scores_between_0_and_1(codebook: Codebook, texts: list[str]) -> None:
    result = code_remarks(pd.DataFrame({"remark": texts}), codebook, seed=0)
    assert len(result) == len(texts)
    for row in result.itertuples():
        assert set(row.themes) <= set(codebook.codes("theme"))
        assert "hors_champ" not in row.themes or row.themes == ["hors_champ"]
        assert all(0 <= value <= 1 for value in row.scores.values())
    again = code_remarks(pd.DataFrame({"remark": texts[::-1]}), codebook, seed=0)
    assert again["themes"].tolist()[::-1] == result["themes"].tolist()


def test_a_fragment_has_the_theme_of_the_remark_around_it_and_no_other(codebook: Codebook) -> None:
    parts = ["Davantage de rondes à pied le soir.", "Personne ne nous avait prévenus."]
    ideas = pd.DataFrame(
        {
            "idea_id": ["a", "b", "c"],
            "remark_id": ["r", "r", "s"],
            "start": 0,
            "end": 1,
            "text": [*parts, parts[1]],
        }
    )
    question = "Qu'attendez-vous de la police et de la gendarmerie ?"
    remarks = pd.DataFrame(
        {"remark_id": ["r", "s"], "question": question, "text": [" ".join(parts), parts[1]]}
    )
    codes = code_ideas(ideas, remarks, codebook, seed=0)
    themes = codes[codes["scheme"] == "theme"].set_index("idea_id")["code"]
    assert themes["b"] == themes["a"] == "presence"
    assert themes["c"] != "presence"
