"""Which areas are published: none of few respondents; what people say there is moved by random keys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from consultations import keyed
from psq_analysis.disclosure import areas
from psq_analysis.places.communes import load_communes
from psq_analysis.places.typology import load_typology
from psq_analysis.respondents.design import design
from support import PROJECT

MIN_CELL = 11
CODE = ("theme", "presence")
OVERSEAS = "974"
TYPOLOGY = load_typology(PROJECT / "data/manual/typology.yml")


def near() -> pd.DataFrame:
    """The Gers, and the towns of three other départements."""
    communes = load_communes()
    towns = communes["department_code"].isin(["31", "974", "971"]) & (communes["population"] >= 2000)
    return communes[(communes["department_code"] == "32") | towns]


def consultation(seed: int, size: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Respondents of two neighbouring départements and an island, most of them in few communes; some without a commune."""
    random = np.random.default_rng(seed)
    communes = near()
    weight = random.pareto(0.6, len(communes)) * communes["department_code"].map(
        {"32": 3.0, "31": 1.5, "974": 0.6, "971": 0.05}
    )
    drawn = communes.iloc[random.choice(len(communes), size, p=weight / weight.sum())].reset_index(drop=True)
    overseas = drawn["department_code"].isin(["971", "974"])
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "commune_code": drawn["code"],
            "department_code": drawn["department_code"],
            "density_level": drawn["density_level"],
            "territory_type": TYPOLOGY.of(drawn),
            "overseas": overseas.astype("boolean"),
        }
    )
    vague = random.random(size) < 0.12
    lost = random.random(size) < 0.04
    people["commune_code"] = people["commune_code"].mask(vague | lost)
    people["density_level"] = people["density_level"].mask(vague | lost)
    people["territory_type"] = people["territory_type"].mask(vague | lost, "indetermine")
    people["department_code"] = people["department_code"].mask(lost)
    people["overseas"] = people["overseas"].mask(lost)
    people["territory"] = people["territory_type"].mask(people["overseas"].fillna(False), "outre_mer")
    spoke = random.random(size) < random.choice([0.08, 0.3, 0.6, 0.9])
    said = pd.DataFrame(
        {"contribution_id": people.loc[spoke, "contribution_id"], "scheme": CODE[0], "code": CODE[1]}
    )
    return keyed(people), said, communes


def village(code: str, territory: str, count: int, department: str = "32") -> pd.DataFrame:
    return pd.DataFrame(
        {"commune_code": [code] * count, "department_code": department, "territory": territory}
    )


def gathered(*groups: pd.DataFrame) -> pd.DataFrame:
    people = pd.concat(groups, ignore_index=True)
    return keyed(people.assign(contribution_id=[f"r{n}" for n in range(len(people))]))


NOBODY = pd.DataFrame({"contribution_id": pd.Series(dtype=str), "scheme": "", "code": ""})


def published(people: pd.DataFrame, said: pd.DataFrame, code: tuple[str, str] | None = CODE) -> areas.Areas:
    alike = design(said, people)
    return areas.publishable(people, said, near(), TYPOLOGY, code=code, design=alike, min_cell=MIN_CELL)


def shown(people: pd.DataFrame) -> tuple[dict[str, int], areas.Areas]:
    found = published(people, NOBODY, None)
    names = found.areas["name"] + found.areas["is_rest"].map({True: ", ailleurs", False: ""})
    return dict(zip(names, found.areas["respondents"], strict=True)), found


@pytest.mark.parametrize("seed", range(6))
def test_every_area_has_enough_respondents_and_everybody_is_counted_once(seed):
    people, said, _ = consultation(seed)
    found = published(people, said)
    assert len(found.areas) > 1
    assert found.areas["respondents"].min() >= MIN_CELL
    assert found.elsewhere == 0 or found.elsewhere >= MIN_CELL
    assert found.areas["respondents"].sum() + found.elsewhere == len(people)
    assert found.areas["share"].notna().all()


def test_small_communes_are_counted_with_their_intercommunality_then_their_departement():
    few = {"32096": 6, "32132": 7, "32462": 5, "32256": 8}
    people = gathered(
        village("32013", "urbain", 40),
        village("32107", "rural", 25),
        *(village(code, "rural", count) for code, count in few.items()),
    )
    counts, found = shown(people)
    assert sum(counts.values()) + found.elsewhere == 91
    assert counts["Auch"] == 40
    assert min(counts.values()) >= MIN_CELL
    assert any(level in ("epci", "department") for level in found.areas["level"])


def test_a_commune_that_is_not_told_counts_with_its_departement():
    people = gathered(
        village("32013", "urbain", 40), village("32107", "rural", 25), village("", "indetermine", 15)
    )
    people["commune_code"] = people["commune_code"].replace("", pd.NA)
    counts, found = shown(people)
    assert counts == {"Auch": 40, "Condom": 25, "32, ailleurs": 15}
    assert found.areas.set_index("name")["is_exact"].to_dict() == {
        "Auch": True,
        "Condom": True,
        "32": False,
    }


def test_few_overseas_respondents_count_together_and_have_no_place_on_a_map():
    counts, found = shown(
        gathered(
            village("32013", "urbain", 40),
            village("97411", "outre_mer", 8, "974"),
            village("97105", "outre_mer", 7, "971"),
        )
    )
    assert counts == {"Auch": 40, "Outre-mer": 15}
    assert found.areas.set_index("name")["lat"].isna().to_dict() == {"Auch": False, "Outre-mer": True}
    assert set(found.communes["department_code"]) == {"32"}


def test_nothing_is_shown_of_ten_people_or_of_nobody():
    assert shown(gathered(village("32013", "urbain", 10)))[0] == {}
    assert shown(gathered(village("32013", "urbain", 11)))[0] == {"Auch": 11}
    nowhere = gathered(village("", "indetermine", 30)).assign(commune_code=pd.NA, department_code=pd.NA)
    assert shown(nowhere)[0] == {}


def test_five_people_alone_in_their_departement_leave_no_trace_of_it():
    people = gathered(
        village("32013", "urbain", 40), village("31069", "urbain", 5, "31"), village("32107", "rural", 30)
    )
    counts, _ = shown(people)
    # the table of communes is of Occitanie: nothing tells where the five are
    assert counts == {"Auch": 40, "Occitanie, ailleurs": 35}


def test_the_order_of_respondents_changes_nothing():
    people, said, _ = consultation(3)
    once, again = (published(table, said).areas for table in (people, people.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(once, again)


def test_a_share_is_that_of_the_moved_count_and_two_at_most_are_told_together(exact_counts):
    people = gathered(
        village("32013", "urbain", 60), village("32107", "rural", 40), village("32256", "rural", 30)
    )
    spoke = [*range(30), *range(60, 62), *range(100, 115)]
    said = pd.DataFrame({"contribution_id": [f"r{n}" for n in spoke], "scheme": CODE[0], "code": CODE[1]})
    found = published(people, said).areas.set_index("name")
    assert found["respondents"].to_dict() == {"Auch": 60, "Condom": 40, "Mirande": 30}
    assert found["mentions"].to_dict() == {"Auch": 30, "Condom": 1, "Mirande": 15}
    assert found["edge"].to_dict() == {"Auch": "", "Condom": "few", "Mirande": ""}
    assert found.loc["Auch", "share"] == 0.5
    # Wilson, as statsmodels gives it (0.3774), and the noise of the keys: (0.5 - 0.3774)² + (1.96 × √1.5 / 60)²
    assert found.loc["Auch", "low"] == pytest.approx(
        0.5 - np.hypot(0.5 - 0.3774, 1.96 * 1.5**0.5 / 60), abs=1e-4
    )
