"""What a run says of its own coding: true, in French, and nothing that gives a few people away."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.coding import evaluation as quality
from psq_analysis.coding.codebook import Codebook
from psq_analysis.report import coding_quality
from psq_analysis.sentences import quality as sentences_quality
from psq_analysis.tables.schema import OTHER, OUT_OF_SCOPE


def coded(themes: list[str], origins: list[str] | None = None) -> tuple[pd.DataFrame, ...]:
    """One remark, one idea and one contribution a theme."""
    number = range(len(themes))
    codes = pd.DataFrame(
        {
            "idea_id": [f"i{n}" for n in number],
            "scheme": "theme",
            "code": themes,
            "origin": origins or ["codebook"] * len(themes),
        }
    )
    ideas = pd.DataFrame({"idea_id": codes["idea_id"], "remark_id": [f"r{n}" for n in number]})
    remarks = pd.DataFrame({"remark_id": ideas["remark_id"], "contribution_id": [f"c{n}" for n in number]})
    return codes, ideas, remarks


def rates(*themes: str, silent: int = 0, min_cell: int = 11) -> dict[str, tuple[str, ...]]:
    codes, ideas, remarks = coded(list(themes))
    nothing = pd.DataFrame({"remark_id": [f"s{n}" for n in range(silent)], "contribution_id": "s"})
    shown = coding_quality.outcome_rates(
        codes, ideas, pd.concat([remarks, nothing], ignore_index=True), min_cell=min_cell
    )
    return {row[0].split(" (")[0]: row[1:] for row in shown.itertuples(index=False)}


def test_rates_are_of_all_ideas_and_of_all_remarks() -> None:
    shown = rates(*["presence"] * 50, *[OTHER] * 20, *[OUT_OF_SCOPE] * 30, silent=100)
    assert shown["Au moins un thème"] == ("50", "50\u202f%", "50", "25\u202f%")
    assert shown["Autre"] == ("20", "20\u202f%", "20", "10\u202f%")
    assert shown["Hors champ"] == ("30", "30\u202f%", "30", "15\u202f%")
    assert shown["Sans contenu"] == ("—", "—", "100", "50\u202f%")


def test_a_small_count_is_withheld_with_the_one_that_would_give_it_away() -> None:
    shown = rates(*["presence"] * 50, *[OTHER] * 3, *[OUT_OF_SCOPE] * 30)
    assert shown["Autre"] == shown["Au moins un thème"] == ("non publié",) * 4
    assert shown["Hors champ"][0] == "30"


def test_many_ideas_of_a_few_people_are_a_small_count() -> None:
    codes, ideas, remarks = coded(["presence"] * 60 + [OTHER] * 20)
    remarks.loc[60:, "contribution_id"] = "one person"
    shown = coding_quality.outcome_rates(codes, ideas, remarks, min_cell=11).set_index("Résultat")
    assert shown.loc["Autre (dans le champ, aucun thème ne convient)", "Idées"] == "non publié"


def said(origins: list[str], **settings: object) -> str:
    codes, ideas, _ = coded(["presence"] * len(origins), origins)
    return sentences_quality.quality_sentence(None, codes, ideas, min_cell=11, **settings)  # type: ignore[arg-type]


def test_without_codes_of_the_run_the_quality_is_not_evaluated_and_the_reason_is_said() -> None:
    assert said(["codebook"] * 30) == (
        "Qualité du codage : non évaluée. "
        "Il faudrait des remarques de cette analyse codées par des personnes (paramètre « human »)."
    )
    few = pd.DataFrame({"remark": ["La police"] * 40})
    assert "40\xa0remarques ont été codées par des personnes ; il en faut au moins 100" in said(
        ["codebook"], human=few
    )


def test_codes_that_come_with_the_grid_are_said_to_come_with_it() -> None:
    mixed = said(["human"] * 60 + ["model"] * 40)
    assert "non évaluée" in mixed
    assert "60 remarques sur 100 figurent parmi les exemples codés livrés avec la grille" in mixed


@pytest.mark.parametrize(
    ("settled", "words"), [(3, "quelques remarques"), (95, "presque toutes les remarques")]
)
def test_where_codes_come_from_is_said_without_a_small_number(settled: int, words: str) -> None:
    sentence = said(["human"] * settled + ["model"] * (100 - settled))
    assert words in sentence
    assert str(settled) not in sentence
    assert str(100 - settled) not in sentence.replace("100", "")


def test_nothing_is_measured_on_a_handful_of_coded_remarks(codebook: Codebook) -> None:
    few = pd.DataFrame({"remark": ["Plus de patrouilles"] * 40, "themes": [["presence"]] * 40})
    assert quality.coding_quality(None, codebook, seed=0) is None
    assert quality.coding_quality(few, codebook, seed=0) is None
    for shown in (
        coding_quality.overall(None),
        coding_quality.by_code(None, codebook, min_cell=11),
        coding_quality.confusion(None, codebook, min_cell=11),
    ):
        assert shown.striptags() == "Non évalué."


@pytest.mark.slow
def test_codes_of_the_run_give_figures_on_remarks_not_seen_and_withhold_rare_codes(
    codebook: Codebook,
) -> None:
    subjects = {
        "presence": ("patrouilles de nuit", 60),
        "efficacite": ("cambriolages", 50),
        "hors_champ": ("la TVA sur le pain", 30),
        "acces": ("accueil au guichet du commissariat", 4),
    }
    rows = [
        (f"{subject}, rue {number}", [code])
        for code, (subject, times) in subjects.items()
        for number in range(times)
    ]
    human = pd.DataFrame(rows, columns=["remark", "themes"])
    measured = quality.coding_quality(human, codebook, seed=0)
    assert measured is not None
    codes, ideas, _ = coded(["presence"] * 20)
    sentence = sentences_quality.quality_sentence(measured, codes, ideas, human=human, min_cell=11)
    assert sentence.startswith("Sur 144 remarques codées par des personnes")
    assert "pour les thèmes" in sentence
    average = coding_quality.overall(measured).striptags()
    assert "F1 micro" in average
    assert "F1 macro" in average
    by_code = coding_quality.by_code(measured, codebook, min_cell=11).striptags()
    assert "moins de 11" in by_code
    assert "« Autre »" in sentences_quality.abstention_sentence(measured)
    confused = coding_quality.confusion(measured, codebook, min_cell=11)
    assert ">60<" in confused
    assert ">4<" not in confused
