"""French words are the same word however they are typed; vectors are learned from the corpus at hand."""

from __future__ import annotations

import sys
import time
import types
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psq_analysis.errors import BadInput
from psq_analysis.text import word_vectors
from psq_analysis.text.concordance import Concordance
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.expressions import SeedError, parse
from psq_analysis.text.plain import unaccent
from psq_analysis.text.sentence_models import sentence_encoder, sentence_vectors
from psq_analysis.text.words import lemma, lemmatise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gendarmes", "gendarme"), ("policières", "policier"), ("été", "été"), ("incivilités", "incivilité"),
        ("drogues", "drogue"), ("contrôles", "contrôle"), ("patrouillent", "patrouiller"), ("maires", "maire"),
        ("mairies", "mairie"), ("vols", "vol"), ("tags", "tag"), ("courriels", "courriel"),
    ],
)  # fmt: skip
def test_words_of_the_field_have_their_dictionary_form(typed: str, expected: str) -> None:
    assert lemma(typed) == expected


def test_elisions_are_read_whether_the_apostrophe_is_straight_curly_or_missing() -> None:
    for text in ("l'ordre n'est plus là", "l’ordre n’est plus là", "l ordre n est plus là"):
        assert [token.lemma for token in lemmatise([text])[0]] == ["ordre", "ne", "être", "plus", "là"]


@given(st.text(max_size=80))
def test_a_token_stands_where_it_says_in_the_text(text: str) -> None:
    for token in lemmatise([text])[0]:
        assert text[token.start : token.end].startswith(token.surface)


@given(st.lists(st.text(alphabet="abcé '.,;\n", max_size=40), max_size=6))
def test_every_word_counted_belongs_to_one_text(texts: list[str]) -> None:
    corpus = Corpus.read(texts)
    counts, _ = corpus.lemma_counts
    assert counts.sum() == len(corpus.token_form)
    assert counts.shape[0] == len(texts)
    assert np.all(np.diff(corpus.token_text) >= 0)


def said(expression: str, text: str, **lists: list[str]) -> bool:
    return len(Concordance(Corpus.read([text])).texts(parse(expression, lists))) == 1


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("plainte", "Déposer des PLAINTES", True),
        ("plainte", "se plaindre", False),
        ("sécurité", "la securite", True),
        ("patrouill*", "ils patrouillaient", True),
        ("*surveillance", "de la vidéosurveillance", True),
        ("=plus", "le pluriel", False),
        ("plus de … policier", "plus de jeunes et bons policiers", True),
        ("plus de … policier", "plus de pain. Des policiers aussi", False),
        ("plus …2 policier", "plus de très nombreux jeunes policiers", False),
        ("(maire|élu) vigilant", "un élu vigilant", True),
        ("police (de|) proximité", "police proximité", True),
        ("police !municipale", "la police municipale", False),
        ("police !municipale", "la police nationale", True),
        ("!plus police", "il n'y a plus police", False),
        ("police & école", "À l'école, inviter la police", True),
        ("police & école", "L'école d'abord. La police ensuite", False),
        ("<forces> de nuit", "des gendarmes de nuit", True),
        ("dépôt de plainte", "depot de plainte", True),
        ("voisins vigilants", "un voisin vigilant", True),
    ],
)
def test_an_expression_recognises_what_it_says_and_nothing_else(
    expression: str, text: str, expected: bool
) -> None:
    assert said(expression, text, forces=["police", "gendarme"]) is expected


def test_a_typing_error_in_a_long_word_is_forgiven_when_the_grid_knows_the_word() -> None:
    corpus = Corpus.read(["la gendarmrie du bourg", "la police de porximité", "un vil", "un vol"])
    concordance = Concordance(corpus, frozenset({"gendarmerie", "proximite", "vol"}))
    assert concordance.texts(parse("gendarmerie")).tolist() == [0]
    assert concordance.texts(parse("proximité")).tolist() == [1]
    assert concordance.texts(parse("vol")).tolist() == [3]


def test_an_expression_holds_unless_its_sentence_says_otherwise() -> None:
    corpus = Corpus.read(
        ["Le respect du code. Le respect de la police.", "Le respect du code et de la police."]
    )
    concordance = Concordance(corpus)
    assert concordance.texts(parse("respect"), [parse("code")]).tolist() == [0]


def test_words_to_ignore_are_not_read() -> None:
    corpus = Corpus.read(["la police d'assurance", "la police"])
    concordance = Concordance(corpus, ignored=(parse("police d'assurance"),))
    assert concordance.texts(parse("police")).tolist() == [1]


@pytest.mark.parametrize("expression", ["(police", "police)", "<inconnue>", "…", "", "police & ", "#"])
def test_an_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(SeedError):
        parse(expression)


@given(st.lists(st.sampled_from(["police", "de", "proximite", "nuit", "."]), max_size=12))
def test_a_search_by_positions_finds_what_a_regular_expression_finds(words: list[str]) -> None:
    import re  # noqa: PLC0415 — the oracle of this test only

    text = " ".join(words)
    sentences = [" ".join(part.split()) for part in text.split(".")]
    oracle = any(re.search(r"\bpolice (?:\w+ ){0,5}nuit\b", sentence) for sentence in sentences)
    assert said("police … nuit", text) is oracle


def test_words_that_keep_the_same_company_are_near_though_they_never_meet() -> None:
    texts = [
        "plus de patrouilles la nuit dans la rue",
        "des rondes la nuit dans la rue",
        "la plainte au guichet du commissariat",
        "la plainte au comptoir du commissariat",
    ] * 5
    corpus = Corpus.read(texts)
    vectors = word_vectors.learn(corpus, dimensions=3)
    patrol, round_, desk = vectors.of(Corpus.read(["patrouilles", "rondes", "guichet"]))
    assert patrol @ round_ > patrol @ desk + 0.2
    assert np.allclose(np.linalg.norm(vectors.of(corpus), axis=1), 1, atol=1e-5)


def test_unknown_words_have_no_direction() -> None:
    vectors = word_vectors.learn(Corpus.read(["police nuit", "police jour", "nuit jour"] * 5), dimensions=2)
    lengths = np.linalg.norm(vectors.of(Corpus.read(["abracadabra", "police"])), axis=1)
    assert lengths[0] == 0
    assert lengths[1] > 0


def test_the_vectors_that_ship_are_small_quick_to_load_and_know_civic_words(project: Path) -> None:
    stored = project / "src/psq_analysis/text" / word_vectors.FILE
    assert stored.stat().st_size < 6e6
    word_vectors.word_vectors.cache_clear()
    started = time.process_time()
    vectors = word_vectors.word_vectors()
    assert time.process_time() - started < 0.3
    patrol, station, tax = vectors.of(
        Corpus.read(["des patrouilles", "des rondes de gendarmes", "la taxe foncière"])
    )
    assert patrol @ station > patrol @ tax + 0.3


def test_vectors_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    learnt = word_vectors.learn(Corpus.read(["police nuit", "police jour", "nuit jour"] * 5), dimensions=2)
    word_vectors.save(learnt, tmp_path / "vectors.npz")
    with np.load(tmp_path / "vectors.npz") as content:
        assert content["words"].tobytes().decode().split("\n") == learnt.words
        assert np.allclose(content["vectors"], learnt.vectors, atol=1e-3)


def test_part_of_a_corpus_counts_only_the_words_of_its_texts() -> None:
    corpus = Corpus.read(["la police", "la plainte en ligne", "le bruit la nuit"])
    part = corpus.take(np.array([0, 2]))
    counts, lemmas = part.lemma_counts
    assert counts.sum(axis=1).ravel().tolist() == [[2, 4]]
    assert counts[:, lemmas.index("plainte")].sum() == 0


@pytest.fixture(autouse=True)
def _no_model_in_memory() -> Iterator[None]:
    sentence_encoder.cache_clear()
    yield
    sentence_encoder.cache_clear()


def test_a_sentence_model_is_loaded_once_quietly_and_never_from_the_network(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    loaded = []

    class Encoder:
        def __init__(self, folder: str, *, local_files_only: bool) -> None:
            assert local_files_only
            print("Loading weights: 100%", file=sys.stderr)
            warnings.warn("IProgress not found", stacklevel=1)
            if Path(folder).name == "abime":
                raise KeyError("modules.json")
            loaded.append(folder)

        def encode(
            self, texts: list[str], *, normalize_embeddings: bool, show_progress_bar: bool
        ) -> list[list[float]]:
            assert normalize_embeddings
            assert not show_progress_bar
            return [[1.0, 0.0] for _ in texts]

    def snapshot_download(name: str, *, local_files_only: bool) -> str:
        assert local_files_only
        if name != "sentence-transformers/connu":
            raise FileNotFoundError(name)
        return "cache/connu"

    library = types.SimpleNamespace(SentenceTransformer=Encoder)
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    hub = types.SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    folder, damaged = tmp_path / "modele", tmp_path / "abime"
    folder.mkdir()
    damaged.mkdir()
    assert sentence_vectors(["a", "b"], str(folder)).shape == (2, 2)
    assert sentence_vectors(["c"], str(folder)).tolist() == [[1.0, 0.0]]
    assert sentence_vectors(["c"], "connu").tolist() == [[1.0, 0.0]]
    assert loaded == [str(folder), "cache/connu"]
    with pytest.raises(
        BadInput, match=r"« sentence_model » .* ne se charge pas \(KeyError\) .* le chemin d'un"
    ):
        sentence_vectors(["a"], str(damaged))
    with pytest.raises(BadInput, match=r"« org/absent » n'est ni un dossier, .* \(hf download "):
        sentence_vectors(["a"], "org/absent")
    assert capfd.readouterr().err == ""
    assert recwarn.list == []


def test_a_missing_library_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(
        BadInput, match=r"« sentence_model » .* installez-la \(pip install sentence-transformers\)"
    ):
        sentence_vectors(["a"], "modele")


def test_accents_and_ligatures_are_undone() -> None:
    assert unaccent("Où l'ÎLOT, cœur") == "ou l'ilot, coeur"
