"""People's codes bring something to the codebook, as far as they bear on it, and never more than they show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import sparse
from sklearn.kernel_ridge import KernelRidge

from psq_analysis.coding import text_model
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.evaluation import evaluate
from psq_analysis.coding.human_codes import read_human_codes, trace
from psq_analysis.coding.learners import Coder
from psq_analysis.coding.taught import taught_coders

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


@pytest.fixture(scope="module")
def codebook(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return without_examples(project, tmp_path_factory.mktemp("grille"))


def without_examples(project: Path, folder: Path, *, expressions: int | None = None) -> Codebook:
    """The grid alone, with the first expressions of each code where a number is given."""
    content = yaml.safe_load((project / "data/manual/codebook.yml").read_text(encoding="utf-8"))
    content.pop("coded_examples")
    content.pop("written_from")
    for scheme in content["schemes"].values() if expressions else ():
        for code in scheme["codes"].values():
            code["seeds"] = code["seeds"][:expressions]
            code.pop("hints", None)
    path = folder / "codebook.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_codebook(path)


def coded_by_people() -> pd.DataFrame:
    """Remarks in words no expression of the grid knows, half on a closed door, half on manners."""
    pairs = [(f"{what} {where}", theme) for what, theme in WHAT for where in PLACES]
    return pd.DataFrame(
        {
            "remark": [text for text, _ in pairs],
            "question": DIFFICULTIES,
            "themes": [[theme] for _, theme in pairs],
        }
    )


WHAT = [*((what, "acces") for what in SHUTTERS), *((what, "confiance") for what in LOOKS)]


def theme_coder(codebook: Codebook, human: pd.DataFrame | None) -> Coder:
    return taught_coders(codebook, human, seed=0)["theme"]


def test_people_teach_words_the_grid_does_not_know(codebook: Codebook) -> None:
    asked = Reading.of(codebook, ["Rideau baissé samedi", "Ton cassant samedi"], [DIFFICULTIES] * 2)
    scores = theme_coder(codebook, coded_by_people()).predict_proba(asked)
    assert scores["acces"].iloc[0] > 0.7
    assert scores["acces"].iloc[1] < 0.3
    assert (asked.scores("theme")[["acces", "confiance"]] < 0.1).all(axis=None)


def test_a_handful_of_codes_leaves_the_codebook_alone(codebook: Codebook) -> None:
    asked = Reading.of(codebook, ["Rideau baissé samedi", "Plus de rondes"], [DIFFICULTIES] * 2)
    few = theme_coder(codebook, coded_by_people().iloc[:10])
    pd.testing.assert_frame_equal(few.predict_proba(asked), asked.scores("theme"))


def test_remarks_the_codebook_was_written_from_settle_no_trust(codebook: Codebook) -> None:
    human = coded_by_people()
    read = replace(codebook, written_from=frozenset(trace(text) for text in human["remark"]))
    asked = Reading.of(read, ["Rideau baissé samedi"], [DIFFICULTIES])
    pd.testing.assert_frame_equal(theme_coder(read, human).predict_proba(asked), asked.scores("theme"))


def test_where_people_agree_with_the_grid_its_codes_stay(codebook: Codebook) -> None:
    kinds = {
        "Plus de patrouilles": "presence",
        "Les cambriolages": "efficacite",
        "Porter plainte en ligne": "acces",
        "Des contrôles au faciès": "confiance",
    }
    pairs = [(f"{what} {where}", theme) for what, theme in kinds.items() for where in PLACES * 2]
    human = pd.DataFrame(
        {
            "remark": [text for text, _ in pairs],
            "question": DIFFICULTIES,
            "themes": [[theme] for _, theme in pairs],
        }
    )
    taught = Reading.of(codebook, human["remark"].tolist(), [DIFFICULTIES] * len(human))
    scores = theme_coder(codebook, human).predict_proba(taught)
    for theme in kinds.values():
        assert ((scores[theme] >= 0.5) == human["themes"].map(lambda codes, one=theme: one in codes)).all()


def test_a_code_nobody_gave_does_not_rise(codebook: Codebook) -> None:
    asked = Reading.of(codebook, [f"Rideau baissé {where}" for where in PLACES], [DIFFICULTIES] * len(PLACES))
    scores = theme_coder(codebook, coded_by_people()).predict_proba(asked)
    assert (scores["adaptation"] < 0.1).all()
    assert ((scores >= 0) & (scores <= 1)).all(axis=None)


def test_what_is_said_of_a_remark_not_seen_is_what_a_fit_without_it_says(codebook: Codebook) -> None:
    """Scikit-learn's kernel ridge, fitted again without each remark, is the oracle of the closed form."""
    human = coded_by_people()
    read = text_model.features(
        Reading.of(codebook, human["remark"].tolist(), human["question"].tolist())
    ).toarray()
    given = human["themes"].map(lambda codes: codes == ["acces"]).to_numpy(dtype=float)[:, None]
    _, unseen = text_model.fit(sparse.csr_matrix(read), given, np.ones(len(read)))
    for left_out in (0, 30, 55):
        kept = np.arange(len(read)) != left_out
        again = KernelRidge(alpha=text_model.DOUBT).fit(read[kept], given[kept])
        assert again.predict(read[[left_out]])[0] == pytest.approx(unseen[left_out], abs=1e-3)


@pytest.mark.slow
def test_a_poor_grid_gains_much_from_people_s_codes(
    project: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    poor = without_examples(project, tmp_path_factory.mktemp("pauvre"), expressions=4)
    gold = read_human_codes(shared / "gold/psq_remarks_dev.jsonl", poor)
    figure = evaluate(gold, poor, human=gold, seed=0).overall.set_index(["method", "scheme", "figure"])["f1"]
    for scheme, gain in (("theme", 0.06), ("objective", -0.02), ("tone", 0.06)):
        assert figure["cross_validated", scheme, "micro"] >= figure["codebook", scheme, "micro"] + gain
