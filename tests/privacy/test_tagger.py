"""Persons are found by the words around them; what the house knows vetoes the tagger, never the rules."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from psq_analysis.privacy import training
from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.training.__main__ import train
from psq_analysis.privacy.training.names import someone
from psq_analysis.privacy.training.sentences import sentences

UNSEEN_SEED = 77


def hidden(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tour de table : MM. Arricau et Dupouts d'accord.", ["Arricau", "Dupouts"]),
        ("c'est thomas rouquerol qui a la clé", ["thomas rouquerol"]),
        ("Le sous-préfet reçoit, Vigneaux n'est pas invité.", ["Vigneaux"]),
        ("slt c kelyan du bat B, mme petit est au courant", ["kelyan", "petit"]),
        ("Kowalczyk, le garagiste, a tout filmé. Kowalczyk attend.", ["Kowalczyk", "Kowalczyk"]),
        ("Les policier·ère·s Dubosc et Lahitte sont à l'écoute.", ["Dubosc", "Lahitte"]),
        ("Le lieutenant Mirande repassera ; à Mirande, on attend.", ["Mirande"]),
    ],
)
def test_lists_lower_case_and_surnames_alone_are_found(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "La rue Claude-Desbons et l'impasse Daguilhe-Pujos sont noires.",
        "À Saint-Puy, à Fleurance et à Condom, rien ne change.",
        "La loi Badinter, le rapport Thiriez : on nous les cite tous.",
        "Adidas, Nike, fausses Ray-Ban : le marché en est plein.",
        "Les T.I.G. et le T I G, la P.M. et les A.S.V.P.",
        "Les éducateurs du Moufia et ceux du Chaudron ont le même bus pour Clément-Ader.",
        "Merci à ce maréchal des logis-chef et à ce brigadier-chef.",
        "Saint Roch et Sainte Rita, priez pour nous ; à Castéra Verduzan aussi.",
    ],
)
def test_streets_towns_laws_brands_and_acronyms_stay_readable(text: str) -> None:
    assert hidden(text) == []


def test_names_in_sentences_never_trained_on_are_found() -> None:
    """Frames are known, people are not: a new seed draws other names, cases and slips."""
    found = marked = wrong = words = 0
    for text, persons in sentences(400, seed=UNSEEN_SEED):
        covered = {place for span in find_personal_data(text) for place in range(span.start, span.end)}
        letters = [[place for place in range(*person) if text[place].isalnum()] for person in persons]
        found += sum(covered.issuperset(person) for person in letters)
        marked += len(persons)
        if not persons:
            words += len(text.split())
            wrong += len(covered) > 0
    assert found / marked >= 0.92  # a third of the sentences are in lower case, in capitals or misspelt
    assert wrong / words <= 0.01


def test_the_same_seed_writes_the_same_sentences_and_people() -> None:
    assert list(sentences(50, seed=3)) == list(sentences(50, seed=3))
    assert someone(random.Random(5)) == someone(random.Random(5))


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("one", "two"):
        train(sentences(150, seed=1), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_model_that_ships_stays_small() -> None:
    model = Path(str(training.__file__)).parents[1] / "persons.crfsuite"
    assert model.stat().st_size < 600_000
