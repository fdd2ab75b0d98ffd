"""Small cells across tables that bear on each other: density levels and types of territory, sub-themes and themes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from psq_analysis.comparison import contrasts, shares
from psq_analysis.disclosure import small_cells
from psq_analysis.respondents import groups as respondents_groups
from psq_analysis.tables.schema import disjoint
from subtraction import published_sums

TYPE_OF_LEVEL = {1: "urbain", 2: "urbain", 3: "periurbain", 4: "periurbain", 5: "rural", 6: "rural", 7: "rural"}  # fmt: skip


def _range(
    target: np.ndarray, known: list[np.ndarray], values: list[float], below: list[np.ndarray]
) -> float:
    ends = [
        linprog(
            sign * target,
            A_eq=np.array(known),
            b_eq=np.array(values),
            A_ub=np.array(below) if below else None,
            b_ub=np.zeros(len(below)) if below else None,
            method="highs",
        )
        for sign in (1, -1)
    ]
    assert all(end.status in (0, 3) for end in ends)
    return np.inf if any(end.status == 3 for end in ends) else -ends[1].fun - ends[0].fun


def _by_density(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents at every density level, some levels of a few people only, who speak of presence at uneven rates."""
    generator = np.random.default_rng(seed)
    level = generator.choice(range(1, 8), 320, p=[0.2, 0.12, 0.05, 0.13, 0.1, 0.25, 0.15])
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(320)],
            "density_level": pd.array(level, dtype="Int64"),
            "territory_type": [TYPE_OF_LEVEL[one] for one in level],
            "overseas": pd.array(generator.random(320) < 0.1, dtype="boolean"),
        }
    )
    people["territory"] = disjoint(people)
    spoke = people["contribution_id"][generator.random(320) < 0.15 + 0.05 * level]
    return pd.DataFrame({"contribution_id": spoke, "scheme": "theme", "code": "presence"}), people


def _recovered_from_levels(published: pd.DataFrame, people: pd.DataFrame) -> list[tuple[str, str]]:
    atoms = people[["territory_type", "overseas", "density_level", "territory"]].drop_duplicates()
    zero = np.zeros(len(atoms))

    def members(grouping: str, group: str) -> np.ndarray:
        return (respondents_groups.group_of(atoms, grouping) == group).to_numpy(float)

    known, values = published_sums(published, members)
    found = []
    for row in published[published["is_suppressed"]].itertuples():
        inside = members(row.grouping, row.group)
        for target in (np.r_[inside, zero], np.r_[zero, inside]):
            if _range(target, known, values, []) < 10 - 1e-5:
                found.append((row.grouping, row.group))
    return found


def test_a_density_level_cannot_be_found_from_the_type_of_territory_it_belongs_to():
    found_without, withheld = 0, 0
    for seed in range(6):
        said, people = _by_density(seed)
        cells = shares.shares(
            said, people, codes={"theme": ["presence"]}, groupings=["all", "territory", "density_level"]
        )
        naive = small_cells.suppress(cells[cells["grouping"] != "territory"])
        both = pd.concat(
            [small_cells.suppress(cells[cells["grouping"] != "density_level"]), naive], ignore_index=True
        )
        found_without += len(_recovered_from_levels(both.drop_duplicates(["grouping", "group"]), people))
        published = small_cells.suppress(cells, respondents=people)
        if published.loc[published["grouping"] == "all", "is_suppressed"].any():
            continue
        withheld += published["is_suppressed"].sum()
        assert _recovered_from_levels(published, people) == []
    assert found_without > 0, "the attack must work where the two tables are protected apart"
    assert withheld > 0


def _with_subtheme(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Four territories; who speaks of patrols speaks of presence, and few speak of presence without patrols."""
    generator = np.random.default_rng(seed)
    territory = generator.choice(
        ["urbain", "periurbain", "rural", "outre_mer"], 260, p=[0.4, 0.12, 0.38, 0.1]
    )
    people = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(260)], "territory": territory})
    presence = generator.random(260) < 0.4
    patrols = presence & (generator.random(260) < 0.7)
    rows = [(who, "theme", "presence") for who in people["contribution_id"][presence]]
    rows += [(who, "subtheme", "presence/1") for who in people["contribution_id"][patrols]]
    return pd.DataFrame(rows, columns=["contribution_id", "scheme", "code"]), people


def _recovered_from_both(published: pd.DataFrame) -> list[tuple[str, str]]:
    """The attacker knows both tables, that territories add up, and that whoever speaks of the sub-theme speaks of the theme."""
    groups = list(published.loc[published["grouping"] == "territory", "group"].unique())
    kinds = ["theme", "subtheme"]
    place = {pair: at for at, pair in enumerate((kind, group) for kind in kinds for group in groups)}
    unit = np.eye(len(place))
    sizes = published.drop_duplicates("group").set_index("group")["respondents"].astype(float)
    known, values = [], []
    for row in published[~published["is_suppressed"]].itertuples():
        parts = groups if row.group == "all" else [row.group]
        known.append(sum(unit[place[row.scheme, group]] for group in parts))
        values.append(float(row.mentions))
    below = [unit[place["subtheme", group]] - unit[place["theme", group]] for group in groups]
    found = []
    for row in published[published["is_suppressed"]].itertuples():
        target = unit[place[row.scheme, row.group]]
        ends = [
            linprog(
                sign * target, A_eq=np.array(known), b_eq=values, A_ub=np.array(below), b_ub=np.zeros(len(below)),
                bounds=[(0, sizes[group]) for _ in kinds for group in groups], method="highs",
            ).fun
            for sign in (1, -1)
        ]  # fmt: skip
        if -ends[1] - ends[0] < 10 - 1e-5:
            found.append((row.scheme, row.group))
    return found


def test_neither_a_theme_nor_its_subtheme_is_found_from_the_other():
    found_apart, checked = 0, 0
    for seed in range(30):
        said, people = _with_subtheme(seed)
        cells = shares.shares(
            said, people, codes={"theme": ["presence"], "subtheme": ["presence/1"]}, groupings=["all", "territory"]
        )  # fmt: skip
        apart = small_cells.suppress(cells)
        jointly = small_cells.suppress(cells, within={("subtheme", "presence/1"): ("theme", "presence")})
        assert jointly[["scheme", "code", "group"]].equals(cells[["scheme", "code", "group"]])
        if apart.loc[apart["group"] == "all", "is_suppressed"].any() or apart["respondents"].isna().any():
            continue
        checked += 1
        found_apart += len(_recovered_from_both(apart))
        assert _recovered_from_both(jointly) == []
    assert checked > 5
    assert found_apart > 0, "the attack must work where the two tables are protected apart"


def test_a_subtheme_of_a_withheld_theme_is_withheld():
    people = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(100)], "territory": ["rural"] * 50 + ["urbain"] * 50}
    )
    rows = [(f"r{n}", "theme", "presence") for n in range(95)] + [
        (f"r{n}", "subtheme", "presence/1") for n in range(40)
    ]
    said = pd.DataFrame(rows, columns=["contribution_id", "scheme", "code"])
    cells = shares.shares(
        said, people, codes={"theme": ["presence"], "subtheme": ["presence/1"]}, groupings=["all", "territory"]
    )  # fmt: skip
    published = small_cells.suppress(cells, within={("subtheme", "presence/1"): ("theme", "presence")})
    assert published["is_suppressed"].all()


def test_subthemes_are_counted_by_territory_and_in_no_other_grouping():
    said, people = _with_subtheme(1)
    table = shares.shares(
        said,
        people.assign(stakeholder="élus"),
        codes={"theme": ["presence"], "subtheme": ["presence/1"]},
    )
    assert set(table.loc[table["scheme"] == "subtheme", "grouping"]) == {"all", "territory"}
    assert set(table.loc[table["scheme"] == "theme", "grouping"]) == {"all", "territory", "stakeholder"}


@pytest.mark.parametrize("grouping", ["density_level", "territory×stakeholder"])
def test_many_groups_are_each_compared_with_all_others(grouping):
    _, people = _by_density(0)
    people = people.assign(stakeholder=["élus", "habitants"] * 160)
    said = pd.DataFrame({"contribution_id": people["contribution_id"][:200], "scheme": "theme", "code": "presence"})  # fmt: skip
    table = contrasts.contrasts(
        shares.shares(said, people, codes={"theme": ["presence"]}, groupings=["all", grouping])
    )
    assert set(table["group_b"]) == {"others"}
    assert len(table) == respondents_groups.group_of(people, grouping).nunique()
