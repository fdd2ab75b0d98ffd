"""Which areas are published: no small count of a place, shown or found by subtraction; attacked by a solver of the test's own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from psq_analysis.comparison import shares as comparison_shares
from psq_analysis.disclosure import areas, small_cells
from psq_analysis.places.communes import load_communes
from psq_analysis.places.typology import load_typology
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
    return people, said, communes


def published(people: pd.DataFrame, said: pd.DataFrame, groupings: list[str]) -> pd.DataFrame:
    shares = comparison_shares.shares(said, people, codes={CODE[0]: [CODE[1]]}, groupings=["all", *groupings])
    return small_cells.suppress(shares, min_cell=MIN_CELL)


def spots(people: pd.DataFrame, communes: pd.DataFrame, shown: set[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Every place a respondent can be in, as a reader knows them: one a commune, one a département without its commune, one nowhere."""
    vague = [
        {"code": "", "department_code": one, "epci": "", "type": "indetermine"}
        for one in [*people["department_code"].dropna().unique(), ""]
    ]
    listed = communes.assign(type=TYPOLOGY.of(communes))[["code", "department_code", "epci", "type"]]
    table = pd.concat([listed, pd.DataFrame(vague)], ignore_index=True)
    of_region = {"31": "Occitanie", "32": "Occitanie", "974": "Outre-mer", "971": "Outre-mer"}
    ways = zip(
        "commune:" + table["code"], "epci:" + table["epci"], "department:" + table["department_code"],
        "region:" + table["department_code"].map(of_region).fillna(""), strict=True,
    )  # fmt: skip
    table["area"] = [next((key for key in way if key in shown), "elsewhere") for way in ways]
    table["territory"] = table["type"].mask(table["department_code"].isin(["971", "974"]), "outre_mer")
    place = {
        (code, department): at
        for at, (code, department) in enumerate(zip(table["code"], table["department_code"], strict=True))
    }
    of_person = pd.Series(
        [
            place[code, department]
            for code, department in zip(
                people["commune_code"].fillna(""), people["department_code"].fillna(""), strict=True
            )
        ]
    )
    return table, of_person


def span(target: np.ndarray, known: np.ndarray, values: np.ndarray) -> float:
    ends = [linprog(way * target, A_eq=known, b_eq=values, method="highs") for way in (1, -1)]
    return -ends[1].fun - ends[0].fun


def attack(people, said, communes, prevalence, found: areas.Areas) -> list[tuple[str, float]]:
    """Return what the attacker finds: small counts of spots and of unions of spots, and how far each can still vary."""
    table, of_person = spots(people, communes, set(found.areas["area"]))
    # spots of one area, territory and département cannot be told apart by any sum: one unknown each
    kind = table.groupby(["area", "territory", "department_code"], sort=False).ngroup()
    spoke = people["contribution_id"].isin(said["contribution_id"]).to_numpy()
    size = int(kind.max()) + 1
    counts = [np.bincount(kind[of_person[one]], minlength=size) for one in (spoke, ~spoke)]
    truth = np.concatenate(counts)
    unit = table.groupby(kind)[["area", "territory", "department_code"]].first()
    known, values = [], []

    def tell(members: np.ndarray, parts: tuple[int, ...]) -> None:
        row = np.concatenate([members * (part in parts) for part in (0, 1)])
        known.append(row)
        values.append(row @ truth)

    tell(np.ones(size), (0,))
    tell(np.ones(size), (1,))
    for row in found.areas.itertuples():
        inside = (unit["area"] == row.area).to_numpy(float)
        assert inside @ (counts[0] + counts[1]) == row.respondents
        tell(inside, (0, 1))
        if not np.isnan(row.mentions):
            assert inside @ counts[0] == row.mentions
            tell(inside, (0,))
    for row in prevalence[prevalence["grouping"] == "territory"].itertuples():
        inside = (unit["territory"] == row.group).to_numpy(float)
        if pd.notna(row.respondents):
            tell(inside, (0, 1))
        if pd.notna(row.mentions):
            tell(inside, (0,))
    both, values = np.array(known), np.array(values, dtype=float)
    unions = [np.eye(size)[at] for at in range(size)]
    for column in ("area", "territory", "department_code"):
        unions += [(unit[column] == one).to_numpy(float) for one in unit[column].unique()]
    unions += [
        ((unit["territory"] == one) & (unit["area"] == "elsewhere")).to_numpy(float)
        for one in unit["territory"].unique()
    ]
    narrow = []
    for members in unions:
        for parts in ((0, 1), (0,), (1,)):
            target = np.concatenate([members * (part in parts) for part in (0, 1)])
            if 0 < target @ truth < MIN_CELL:
                narrow.append((str(parts), span(target, both, values)))
    return narrow


@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_of_a_place_is_found_by_subtraction(seed):
    people, said, communes = consultation(seed)
    prevalence = published(people, said, ["territory"])
    found = areas.publishable(people, said, prevalence, communes, TYPOLOGY, code=CODE, min_cell=MIN_CELL)
    assert len(found.areas) > 1
    narrow = attack(people, said, communes, prevalence, found)
    assert narrow
    assert min(width for _, width in narrow) >= MIN_CELL - 1.001


def village(code: str, territory: str, count: int, department: str = "32") -> pd.DataFrame:
    return pd.DataFrame(
        {"commune_code": [code] * count, "department_code": department, "territory": territory}
    )


def gathered(*groups: pd.DataFrame) -> pd.DataFrame:
    people = pd.concat(groups, ignore_index=True)
    return people.assign(contribution_id=[f"r{n}" for n in range(len(people))])


NOBODY = pd.DataFrame({"contribution_id": pd.Series(dtype=str), "scheme": "", "code": ""})


def shown(people: pd.DataFrame) -> tuple[dict[str, int], pd.DataFrame, areas.Areas]:
    prevalence = published(people, NOBODY, ["territory"])
    found = areas.publishable(people, NOBODY, prevalence, near(), TYPOLOGY, code=None, min_cell=MIN_CELL)
    names = found.areas["name"] + found.areas["is_rest"].map({True: ", ailleurs", False: ""})
    return dict(zip(names, found.areas["respondents"], strict=True)), prevalence, found


def test_a_town_with_all_but_eight_of_the_urban_respondents_is_merged_with_its_surroundings():
    people = gathered(
        village("32013", "urbain", 52), village("31066", "rural", 40, "31"), village("31069", "urbain", 8, "31"),
        village("32107", "rural", 30),
    )  # fmt: skip
    counts, prevalence, found = shown(people)
    assert (
        prevalence.set_index("group")["respondents"]["urbain"] == 60
    )  # so 60 − Auch would give eight people
    assert "Auch" not in counts
    careless = pd.DataFrame(
        {"area": ["commune:32013", "department:31"], "respondents": [52, 48], "mentions": np.nan}
    )
    naive = areas.Areas(areas=careless, elsewhere=30, communes=near())
    assert min(width for _, width in attack(people, NOBODY, near(), prevalence, naive)) < 1
    assert all(width >= MIN_CELL - 1 for _, width in attack(people, NOBODY, near(), prevalence, found))


def test_small_communes_are_counted_with_their_intercommunality_then_their_departement():
    few = {"32096": 6, "32132": 7, "32462": 5, "32256": 8}
    people = gathered(
        village("32013", "urbain", 40),
        village("32107", "rural", 25),
        *(village(code, "rural", count) for code, count in few.items()),
    )
    counts, _, found = shown(people)
    assert sum(counts.values()) + found.elsewhere == 91
    assert counts["Auch"] == 40
    assert min(counts.values()) >= MIN_CELL
    assert any(level in ("epci", "department") for level in found.areas["level"])


def test_a_commune_that_is_not_told_counts_with_its_departement():
    people = gathered(
        village("32013", "urbain", 40), village("32107", "rural", 25), village("", "indetermine", 15)
    )
    people["commune_code"] = people["commune_code"].replace("", pd.NA)
    counts, _, found = shown(people)
    assert counts == {"Auch": 40, "Condom": 25, "Gers, ailleurs": 15}
    assert found.areas.set_index("name")["is_exact"].to_dict() == {
        "Auch": True,
        "Condom": True,
        "Gers": False,
    }


def test_few_overseas_respondents_count_together_and_have_no_place_on_a_map():
    counts, _, found = shown(
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
    counts, _, found = shown(people)
    # 45 urban respondents are published: with Auch alone, the five of the neighbouring département would follow
    assert counts == {"CA Grand Auch Cœur de Gascogne": 40, "Occitanie, ailleurs": 35}
    assert set(found.communes["department_code"]) == {
        "31",
        "32",
    }  # those of the table in Occitanie, whoever answered


def test_the_order_of_respondents_changes_nothing():
    people, said, communes = consultation(3)
    prevalence = published(people, said, ["territory"])
    once, again = (
        areas.publishable(table, said, prevalence, communes, TYPOLOGY, code=CODE, min_cell=MIN_CELL).areas
        for table in (people, people.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(once, again)


def test_a_share_is_shown_where_enough_speak_and_enough_are_silent():
    people = gathered(
        village("32013", "urbain", 60), village("32107", "rural", 40), village("32256", "rural", 30)
    )
    spoke = [*range(30), *range(60, 65), *range(100, 115)]
    said = pd.DataFrame({"contribution_id": [f"r{n}" for n in spoke], "scheme": CODE[0], "code": CODE[1]})
    found = areas.publishable(
        people,
        said,
        published(people, said, ["territory"]),
        near(),
        TYPOLOGY,
        code=CODE,
        min_cell=MIN_CELL,
    ).areas.set_index("name")
    assert found["respondents"].to_dict() == {"Auch": 60, "Condom": 40, "Mirande": 30}
    # five of Condom spoke; with Mirande's fifteen shown, twenty rural respondents less fifteen would tell it
    assert found["mentions"].fillna(-1).to_dict() == {"Auch": 30, "Condom": -1, "Mirande": -1}
    assert found.loc["Auch", "share"] == 0.5
    assert found.loc["Auch", "low"] == pytest.approx(0.3774, abs=1e-4)  # Wilson, as statsmodels gives it
