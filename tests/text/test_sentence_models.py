"""Real ``sentence-transformers`` models: of word embeddings that a package carries, and of a network of the usual kind made here.

The library is an option of the project and weighs gigabytes: where it is not installed, these tests are skipped.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from psq_analysis.coding.assign import code_ideas
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.errors import BadInput
from psq_analysis.text.sentence_models import sentence_encoder, sentence_vectors
from support import psq

pytestmark = pytest.mark.slow

PARAPHRASES = {
    "rounds": (
        "Plus de patrouilles le soir dans le village.",
        "Davantage de rondes la nuit dans la commune.",
    ),
    "knowing people": (
        "Les gendarmes devraient connaître les habitants.",
        "La police doit mieux connaître la population.",
    ),
    "opening hours": (
        "L'accueil de la brigade est fermé le samedi.",
        "La brigade n'est pas ouverte le week-end pour recevoir le public.",
    ),
}
UNRELATED = "Le prix des transports scolaires augmente."
TEXTS = [text for pair in PARAPHRASES.values() for text in pair]
VOCABULARY = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] plus de patrouilles rondes le soir la nuit les police accueil fermé"
)


def _folder_of(package: str) -> Path:
    """Where an optional package lies, found without importing it; without it the test is skipped."""
    found = importlib.util.find_spec(package)
    if found is None:
        pytest.skip(f"{package} is not installed: pip install sentence-transformers wordllama")
    return Path(found.submodule_search_locations[0])


@pytest.fixture(scope="module")
def word_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the word embeddings and the tokenizer that the package wordllama carries."""
    _folder_of("sentence_transformers")
    carried = _folder_of("wordllama")
    from safetensors.numpy import load_file  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    weights = load_file(carried / "weights/l2_supercat_256.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(carried / "tokenizers/l2_supercat_tokenizer_config.json"))
    folder = tmp_path_factory.mktemp("elodie") / "mots"
    words = StaticEmbedding(tokenizer, embedding_weights=weights.astype(np.float32))
    SentenceTransformer(modules=[words]).save(str(folder))
    return folder


@pytest.fixture(scope="module")
def network_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the usual modules, a transformer and a pooling; it was taught nothing: its loading alone is real."""
    _folder_of("sentence_transformers")
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415
    from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415

    made = tmp_path_factory.mktemp("elodie")
    (made / "vocab.txt").write_text(VOCABULARY.replace(" ", "\n"), encoding="utf-8")
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(VOCABULARY.split()), **shape)).save_pretrained(made / "bert")
    BertTokenizerFast(str(made / "vocab.txt")).save_pretrained(made / "bert")
    reader = Transformer(str(made / "bert"))
    SentenceTransformer(modules=[reader, Pooling(reader.get_embedding_dimension())]).save(
        str(made / "reseau")
    )
    return made / "reseau"


@pytest.fixture(params=["word_model", "network_model"])
def model(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The hosts that were looked for; none is found."""
    asked: list[object] = []

    def refuse(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


@pytest.fixture(autouse=True)
def _no_model_in_memory() -> Iterator[None]:
    sentence_encoder.cache_clear()
    yield
    sentence_encoder.cache_clear()


@pytest.fixture(scope="module")
def codebook(project: Path) -> Codebook:
    return load_codebook(project / "data/manual/codebook.yml")


def test_vectors_are_of_length_1_and_those_of_a_text_whatever_stands_beside_it(model: str) -> None:
    vectors = sentence_vectors([*TEXTS, TEXTS[0]], model)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[-1])
    assert np.allclose(sentence_vectors(TEXTS[:1], model), vectors[:1], atol=1e-6)


def test_a_vector_is_the_direction_of_the_mean_of_the_embeddings_of_the_words(word_model: Path) -> None:
    from safetensors.numpy import load_file  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    carried = _folder_of("wordllama")
    (embeddings,) = load_file(carried / "weights/l2_supercat_256.safetensors").values()
    tokenizer = Tokenizer.from_file(str(carried / "tokenizers/l2_supercat_tokenizer_config.json"))
    for text, vector in zip(TEXTS, sentence_vectors(TEXTS, str(word_model)), strict=True):
        words = tokenizer.encode(text, add_special_tokens=False).ids
        mean = embeddings[words].astype(float).mean(axis=0)
        assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.parametrize("pair", PARAPHRASES.values(), ids=PARAPHRASES)
def test_a_paraphrase_is_nearer_than_an_unrelated_remark(pair: tuple[str, str], word_model: Path) -> None:
    said, otherwise, unrelated = sentence_vectors([*pair, UNRELATED], str(word_model))
    assert said @ otherwise > said @ unrelated + 0.05


def test_the_library_is_loaded_only_when_a_model_is_asked_for() -> None:
    _folder_of("sentence_transformers")
    said = "import sys, psq_analysis.coding.assign, psq_analysis.runs.run; print('sentence_transformers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_loading_prints_nothing_and_asks_nothing_of_the_network(
    model: str,
    asked_of_the_network: list[object],
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    sentence_vectors(TEXTS, model)
    assert capfd.readouterr() == ("", "")
    assert recwarn.list == []
    assert asked_of_the_network == []


@pytest.mark.parametrize(
    "named", [("organisation/phrases", "organisation"), ("phrases", "sentence-transformers")], ids=" of ".join
)
def test_a_model_downloaded_before_is_found_by_its_name(
    named: tuple[str, str],
    model: str,
    tmp_path: Path,
    asked_of_the_network: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, owner = named
    revision = "0123456789abcdef0123456789abcdef01234567"
    kept = tmp_path / f"models--{owner}--phrases"
    shutil.copytree(model, kept / "snapshots" / revision)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(revision, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert np.array_equal(sentence_vectors(TEXTS, name), sentence_vectors(TEXTS, model))
    assert asked_of_the_network == []


@pytest.mark.parametrize("name", ["organisation/absente", "absente", "/dossier/absent", "deux mots/absents"])
def test_a_model_that_is_not_on_the_machine_is_one_sentence_at_once(
    name: str, asked_of_the_network: list[object]
) -> None:
    _folder_of("sentence_transformers")
    with pytest.raises(
        BadInput, match=rf"« sentence_model » : « {name} » n'est ni .* \(hf download "
    ) as raised:
        sentence_vectors(TEXTS, name)
    assert "\n" not in str(raised.value)
    assert asked_of_the_network == []


@pytest.mark.parametrize(
    "damage", ["weights cut short", "no weights", "no tokenizer", "no list of modules", "empty"]
)
def test_a_damaged_folder_is_one_sentence(damage: str, word_model: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(word_model, tmp_path / "abime")
    weights = folder / "model.safetensors"
    match damage:
        case "weights cut short":
            weights.write_bytes(weights.read_bytes()[:1000])
        case "no weights":
            weights.unlink()
        case "no tokenizer":
            (folder / "tokenizer.json").unlink()
        case "no list of modules":
            (folder / "modules.json").write_text("{", encoding="utf-8")
        case "empty":
            shutil.rmtree(folder)
            folder.mkdir()
    with pytest.raises(
        BadInput, match=r"« sentence_model » .* ne se charge pas \(\w+\) ; .* dossier"
    ) as raised:
        sentence_vectors(TEXTS, str(folder))
    assert "\n" not in str(raised.value)


def test_ideas_coded_with_the_help_of_a_model_have_codes_of_the_grid(model: str, codebook: Codebook) -> None:
    ids = [f"i{number}" for number in range(len(TEXTS))]
    ideas = pd.DataFrame({"idea_id": ids, "remark_id": ids, "text": TEXTS})
    remarks = pd.DataFrame({"remark_id": ids, "question": "", "text": TEXTS})
    helped = code_ideas(ideas, remarks, codebook, sentence_model=model, seed=0)
    alone = code_ideas(ideas, remarks, codebook, seed=0)
    for scheme, rows in helped.groupby("scheme"):
        assert set(rows["code"]) <= {*codebook.codes(str(scheme)), "autre", "hors_champ"}
    assert set(helped.loc[helped["scheme"] == "theme", "idea_id"]) == set(ids)
    assert (helped[helped["scheme"] == "tone"].groupby("idea_id").size() == 1).all()
    assert helped["score"].between(0, 1).all()
    assert not helped["score"].equals(alone["score"])


def test_remarks_coded_at_the_command_line_with_a_model_keep_their_place(model: str, tmp_path: Path) -> None:
    source, target = tmp_path / "remarques.jsonl", tmp_path / "codées.jsonl"
    source.write_text("\n".join(json.dumps({"remark": text}) for text in TEXTS), encoding="utf-8")
    done = psq("code", source, target, "--sentence-model", model)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    coded = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["remark"] for row in coded] == TEXTS
    assert "presence" in coded[0]["themes"]


def test_the_number_of_threads_changes_no_digit(model: str) -> None:
    said = f"from psq_analysis.text.words import sentence_vectors; print(sentence_vectors({TEXTS!r}, {model!r}).tobytes().hex())"
    read = [
        subprocess.run(
            [sys.executable, "-c", said],
            env={"OMP_NUM_THREADS": threads, "PATH": ""},
            capture_output=True,
            check=True,
        )
        for threads in ("1", "2")
    ]
    assert read[0].stdout == read[1].stdout


def test_a_run_with_a_model_is_repeatable_and_says_which_model_without_its_folder(
    network_model: Path, tmp_path: Path
) -> None:
    tables = []
    for out in (tmp_path / "un", tmp_path / "deux"):
        words = ("-p", "name", "essai", "-p", "sentence_model", network_model, "--until", "cluster")
        done = psq("run", "data/raw", *words, "--out", out)
        assert done.returncode == 0, done.stderr
        reports = out / "reports/essai"
        manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
        tables.append(manifest["tables"])
        assert manifest["parameters"]["sentence_model"] == "reseau"
        assert manifest["versions"]["sentence-transformers"] == importlib.metadata.version(
            "sentence-transformers"
        )
        pages = [path.read_text(encoding="utf-8") for path in reports.iterdir() if path.is_file()]
        assert not any("elodie" in page or "Loading weights" in page or "tqdm" in page for page in pages)
    assert tables[0] == tables[1]


def test_a_run_whose_model_is_absent_stops_before_it_starts(tmp_path: Path) -> None:
    done = psq("run", "data/raw", "-p", "sentence_model", "organisation/absente", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith("Paramètre « sentence_model » :")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
