"""Each way of learning brings something to the one before, and never speaks of what it does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.frozen import FrozenEstimator
from sklearn.naive_bayes import BernoulliNB

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.evaluation import evaluate
from psq_analysis.coding.human_codes import read_human_codes
from psq_analysis.coding.human_learner import HumanCoder
from psq_analysis.coding.learners import SeedCoder

PLACES = (
    "au marché",
    "devant l'école",
    "près de la gare",
    "dans le parc",
    "sur la place",
    "au stade",
    "à la halle",
)
SHUTTERS = ("Rideau baissé", "Interphone muet", "Personne ne décroche", "Standard saturé")
LOOKS = ("Regards de travers", "Ton cassant", "Mépris affiché", "Moqueries à voix haute")
DIFFICULTIES = "Quelles difficultés rencontrez-vous avec la gendarmerie ?"
PROPOSALS = "Que proposez-vous pour améliorer la sécurité ?"


@pytest.fixture(scope="module")
def codebook(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return without_examples(project, tmp_path_factory.mktemp("grille"))


def without_examples(project: Path, folder: Path, *, expressions: int | None = None) -> Codebook:
    """The grid alone, with the first expressions of each code where a number is given."""
    content = yaml.safe_load((project / "data/manual/codebook.yml").read_text(encoding="utf-8"))
    content.pop("coded_examples")
    for scheme in content["schemes"].values() if expressions else ():
        for code in scheme["codes"].values():
            code["seeds"] = code["seeds"][:expressions]
            code.pop("hints", None)
    path = folder / "codebook.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_codebook(path)


def coded_by_people() -> tuple[list[str], pd.DataFrame]:
    """Remarks in words no expression of the grid knows, half on a closed door, half on manners."""
    remarks = [f"{what} {where}" for what in (*SHUTTERS, *LOOKS) for where in PLACES]
    is_door = np.repeat([True, False], len(remarks) // 2)
    return remarks, pd.DataFrame({"acces": is_door, "confiance": ~is_door})


def test_people_teach_words_the_grid_does_not_know(codebook: Codebook) -> None:
    remarks, codes = coded_by_people()
    taught = Reading.of(codebook, remarks, [DIFFICULTIES] * len(remarks))
    asked = Reading.of(codebook, ["Rideau baissé samedi", "Ton cassant samedi"], [DIFFICULTIES] * 2)
    scores = HumanCoder().fit(taught, codes).predict_proba(asked)
    assert scores["acces"].iloc[0] > 0.7
    assert scores["acces"].iloc[1] < 0.3
    assert (SeedCoder().fit(asked).predict_proba(asked)[["acces", "confiance"]] < 0.1).all(axis=None)


def test_codes_given_to_one_question_say_nothing_of_another(codebook: Codebook) -> None:
    remarks, codes = coded_by_people()
    taught = Reading.of(codebook, remarks, [DIFFICULTIES] * len(remarks))
    elsewhere = Reading.of(codebook, ["Rideau baissé samedi", "Plus de rondes"], [PROPOSALS] * 2)
    alone = SeedCoder().fit(elsewhere).predict_proba(elsewhere)
    pd.testing.assert_frame_equal(HumanCoder().fit(taught, codes).predict_proba(elsewhere), alone)


def test_where_people_agree_with_the_grid_it_stays_as_it_is(codebook: Codebook) -> None:
    """Its own codes are the best there is to learn: nothing clearly better is found, and words are not listened to."""
    remarks = [
        f"{what} {where}"
        for what in (
            "Plus de patrouilles",
            "Les cambriolages",
            "Porter plainte en ligne",
            "Des contrôles au faciès",
        )
        for where in PLACES * 2
    ]
    taught = Reading.of(codebook, remarks, [DIFFICULTIES] * len(remarks))
    given = SeedCoder().fit(taught).predict_proba(taught) >= 0.5
    coder = HumanCoder().fit(taught, given)
    assert coder.words_heard_ == 0
    assert ((coder.predict_proba(taught) >= 0.5) == given).all(axis=None)


def test_what_rests_on_earlier_codes_keeps_them_where_it_has_none(codebook: Codebook) -> None:
    remarks, codes = coded_by_people()
    first = HumanCoder().fit(Reading.of(codebook, remarks, [DIFFICULTIES] * len(remarks)), codes)
    proposals = Reading.of(codebook, remarks, [PROPOSALS] * len(remarks))
    second = HumanCoder(base=FrozenEstimator(first)).fit(proposals, codes)
    asked = Reading.of(codebook, ["Rideau baissé samedi"], [DIFFICULTIES])
    pd.testing.assert_frame_equal(second.predict_proba(asked), first.predict_proba(asked))
    under = SeedCoder().fit(asked)
    pd.testing.assert_frame_equal(
        second.resting_on(under).predict_proba(asked), first.resting_on(under).predict_proba(asked)
    )


def test_codes_given_once_to_each_of_three_questions_bend_nothing(codebook: Codebook) -> None:
    remarks = [f"{what} {where}" for what in SHUTTERS for where in PLACES] + ["Ton cassant"] * 3
    questions = [DIFFICULTIES] * 28 + [
        PROPOSALS,
        "Quels services vous manquent ?",
        "Quelles incivilités subissez-vous ?",
    ]
    codes = pd.DataFrame({"confiance": [False] * 28 + [True] * 3})
    taught = Reading.of(codebook, remarks, questions)
    scores = HumanCoder().fit(taught, codes).predict_proba(taught)
    assert ((scores >= 0) & (scores <= 1)).all(axis=None)
    assert (scores["confiance"].iloc[:28] < 0.1).all()


def test_any_classifier_with_probabilities_may_stand_inside(codebook: Codebook) -> None:
    remarks, codes = coded_by_people()
    taught = Reading.of(codebook, remarks, [DIFFICULTIES] * len(remarks))
    coder = HumanCoder(estimator=BernoulliNB()).fit(taught, codes)
    assert isinstance(coder.models_["acces"], BernoulliNB)
    scores = coder.predict_proba(taught)
    assert scores["acces"][codes["acces"]].mean() > scores["acces"][~codes["acces"]].mean() + 0.3


@pytest.mark.slow
def test_a_poor_grid_gains_much_from_people_s_codes(
    project: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    poor = without_examples(project, tmp_path_factory.mktemp("pauvre"), expressions=4)
    gold = read_human_codes(shared / "gold/psq_remarks_dev.jsonl", poor)
    figure = evaluate(gold, poor, human=gold, seed=0).overall.set_index(["method", "scheme", "figure"])["f1"]
    for scheme, gain in (("theme", 0.06), ("objective", -0.02), ("tone", 0.06)):
        assert figure["cross_validated", scheme, "micro"] >= figure["codebook", scheme, "micro"] + gain
