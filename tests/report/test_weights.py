"""Known populations: read or refused in one sentence; weighted shares beside plain ones, with what they cost."""

from __future__ import annotations

import lxml.html
import numpy as np
import pandas as pd
import pytest

from consultations import keyed, published
from psq_analysis.comparison import reweighted as comparison_reweighted
from psq_analysis.places import margins as places_margins
from psq_analysis.report import weights as report_weights
from psq_analysis.respondents.design import design
from psq_analysis.tables import selections

NAMES = {("theme", "presence"): "Présence", ("theme", "acces"): "Accès"}
CODES = {"theme": ["presence", "acces"]}


@pytest.fixture
def populations(tmp_path):
    """Write a file of known populations and return where it is."""

    def written(content: str, *, encoding: str = "utf-8"):
        path = tmp_path / "populations.csv"
        path.write_text(content, encoding=encoding)
        return path

    return written


def _text(fragment: object) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{fragment}</div>").text_content().split())


def test_populations_are_read_by_code_or_by_french_name_whatever_the_separator(populations):
    path = populations(
        "Grouping;Group;Population\nterritory;Quartiers urbains;23 000\nTerritoire;rural;160000,5\n\n"
    )
    margins = places_margins.read_margins(path)
    assert {name: sizes.to_dict() for name, sizes in margins.items()} == {
        "territory": {"urbain": 23000.0, "rural": 160000.5}
    }


def test_a_file_from_a_french_spreadsheet_is_read_too(populations):
    path = populations(
        "grouping,group,population\nstakeholder,élus,40\nstakeholder,habitants,60\n", encoding="cp1252"
    )
    assert places_margins.read_margins(path)["stakeholder"].to_dict() == {"élus": 40.0, "habitants": 60.0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "ligne 1 : la colonne grouping manque"),
        ("grouping,group\nterritory,rural\n", "ligne 1 : la colonne population manque"),
        ("grouping,group,population\nvoisinage,nord,3\n", "ligne 2 : regroupement inconnu"),
        ("grouping,group,population\nterritory,montagne,3\n", "ligne 2 : groupe inconnu"),
        ("grouping,group,population\nterritory,rural,beaucoup\n", "ligne 2 : la population n'est pas un nombre positif"),
        ("grouping,group,population\nterritory,rural,-4\n", "ligne 2 : la population n'est pas un nombre positif"),
        ("grouping,group,population\nterritory,rural,inf\n", "ligne 2 : la population n'est pas un nombre positif"),
        ("grouping,group,population\nterritory,rural\n", "ligne 2 : il manque une valeur"),
        ("grouping,group,population\nterritory,rural,3\nterritory,territoires ruraux,4\n", "ligne 3 : groupe donné deux fois"),
        ("grouping,group,population\nterritory,rural,3\n", "il faut au moins deux groupes"),
        ("grouping,group,population\n", "il faut au moins deux groupes"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(populations, content, said):
    with pytest.raises(places_margins.BadWeights) as refusal:
        places_margins.read_margins(populations(content))
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith("Fichier de populations populations.csv")


def _consultation(seed: int = 1, size: int = 400) -> tuple[pd.DataFrame, pd.DataFrame]:
    generator = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "territory": generator.choice(["rural", "urbain"], size, p=[0.75, 0.25]),
            "stakeholder": generator.choice(["élus", "habitants", "gendarmes"], size, p=[0.3, 0.6, 0.1]),
        }
    )
    rural = (people["territory"] == "rural").to_numpy()
    matrix = generator.random((size, 2)) < np.column_stack([np.where(rural, 0.7, 0.3), np.full(size, 0.4)])
    who, what = np.nonzero(matrix)
    said = pd.DataFrame(
        {
            "contribution_id": people["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": np.array(CODES["theme"])[what],
        }
    )
    return said, keyed(people)


def _reweighted(said: pd.DataFrame, people: pd.DataFrame, path, codes=CODES):
    margins = places_margins.read_margins(path)
    return comparison_reweighted.reweight(said, people, margins, codes=codes, design=design(said, people))


def test_a_weighted_share_is_the_shares_of_the_groups_at_their_known_size(populations):
    said, people = _consultation()
    prevalence, _ = published(said, people, codes=CODES)
    path = populations("grouping,group,population\nterritory,rural,200\nterritory,urbain,800\n")
    reweighted = _reweighted(said, people, path)
    cells = prevalence[prevalence["grouping"] == "territory"].set_index(["code", "group"])["share"]
    expected = 0.2 * cells["presence", "rural"] + 0.8 * cells["presence", "urbain"]
    assert reweighted.shares.set_index("code").at["presence", "share"] == pytest.approx(expected)
    sizes = people["territory"].value_counts()
    kish = 400 * (0.2**2 / sizes["rural"] + 0.8**2 / sizes["urbain"])
    said_so = _text(report_weights.lead(reweighted))
    assert f"Effet de plan : {kish:.2f}".replace(".", ",") in said_so
    assert f"les 400 répondants en valent {400 / kish:.0f}" in said_so
    assert "(territoire) par post-stratification" in said_so
    table = report_weights.chart(reweighted, prevalence, "theme", NAMES).layout.meta["table"]
    assert [row[1] for row in table["rows"]] == ["En brut", "Redressé (n efficace)"] * 2
    assert table["rows"][1][2] == f"{400 / kish:.0f}"


def test_two_margins_are_raked(populations):
    said, people = _consultation()
    path = populations(
        "grouping,group,population\nterritory,rural,1\nterritory,urbain,1\nstakeholder,élus,1\nstakeholder,habitants,8\nstakeholder,gendarmes,1\n"
    )
    reweighted = _reweighted(said, people, path)
    assert "(territoire et voix) par calage sur marges" in _text(report_weights.lead(reweighted))


def test_without_populations_one_sentence_says_that_nothing_is_weighted():
    said, people = _consultation()
    prevalence, _ = published(said, people, codes=CODES)
    assert _reweighted(said, people, None) is None
    assert "sans redressement" in _text(report_weights.lead(None))
    assert str(report_weights.chart(None, prevalence, "theme", NAMES)) == ""


def test_findings_of_subjects_are_the_only_ones_weighted(populations):
    said, people = _consultation()
    path = populations("grouping,group,population\nterritory,rural,1\nterritory,urbain,1\n")
    codes = CODES | {"tone": ["proposition"]}
    reweighted = _reweighted(said, people, path, codes)
    assert set(reweighted.shares["scheme"]) == {"theme"} <= set(selections.SUBJECTS)
