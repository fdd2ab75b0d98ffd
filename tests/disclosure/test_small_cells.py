"""Small cells; the oracle is an attacker who subtracts, written apart from the code: linear algebra on the respondents."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from psq_analysis.comparison import contrasts, shares
from psq_analysis.disclosure import overlaps, small_cells
from psq_analysis.respondents import groups
from psq_analysis.tables.schema import disjoint

CODES = {"theme": ["presence", "efficacite", "acces"]}
VOICES = ["élus", "habitants", "gendarmes", "commerçants", None]
TYPES = ["urbain", "periurbain", "rural", "indetermine"]


def consultation(seed: int, size: int, *, waves: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents of uneven groups, some tiny, some of unknown voice or place, who mention codes at uneven rates."""
    generator = np.random.default_rng(seed)
    everyone = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "territory_type": generator.choice(TYPES, size, p=[0.3, 0.12, 0.5, 0.08]),
            "overseas": pd.array(generator.choice([True, False], size, p=[0.12, 0.88]), dtype="boolean"),
            "stakeholder": generator.choice(
                np.array(VOICES, dtype=object), size, p=[0.2, 0.5, 0.15, 0.1, 0.05]
            ),
            "wave": generator.choice([str(n) for n in range(waves)], size),
        }
    )
    nowhere = (everyone["territory_type"] == "indetermine") & (generator.random(size) < 0.5)
    everyone["overseas"] = everyone["overseas"].mask(nowhere)
    everyone["territory"] = disjoint(everyone)
    matrix = generator.random((size, 3)) < [0.6, 0.3, 0.08]
    who, what = np.nonzero(matrix)
    said = pd.DataFrame(
        {
            "contribution_id": everyone["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": np.array(CODES["theme"])[what],
        }
    )
    return said, everyone


def atoms() -> pd.DataFrame:
    columns = ["territory_type", "overseas", "stakeholder", "wave"]
    table = pd.DataFrame(list(product(TYPES, [True, False, None], VOICES, ["0", "1"])), columns=columns)
    table["overseas"] = table["overseas"].astype("boolean")
    return table.assign(territory=disjoint(table))


def membership(grouping: str, group: str, table: pd.DataFrame) -> np.ndarray:
    return (groups.group_of(table, grouping) == group).fillna(False).to_numpy(float)


def unseen_groups(everyone: pd.DataFrame) -> list[tuple[str, str]]:
    """The respondents whom a grouping leaves out: total minus groups would tell on them."""
    return [grouping for grouping in ("overseas", "stakeholder") if everyone[grouping].isna().any()]


def possible(target: np.ndarray, known: list[np.ndarray], values: list[float]) -> tuple[float, float]:
    ends = [
        linprog(sign * target, A_eq=np.array(known), b_eq=np.array(values), method="highs")
        for sign in (1, -1)
    ]
    assert all(end.status == 0 for end in ends)
    return ends[0].fun, -ends[1].fun


def attack(published: pd.DataFrame, everyone: pd.DataFrame, code: str) -> list[tuple[str, str, float, float]]:
    """Return the range left to an attacker for each withheld count, knowing every number the table shows."""
    table = atoms()
    exists = np.ones(len(table))
    for grouping in ("overseas", "stakeholder"):
        if grouping not in unseen_groups(everyone):
            exists[table[grouping].isna()] = 0.0
    table = table[exists > 0]
    zero = np.zeros(len(table))
    known: list[np.ndarray] = []
    values: list[float] = []
    rows = published[published["code"] == code]
    for row in rows.itertuples():
        inside = membership(row.grouping, row.group, table)
        if not pd.isna(row.mentions):
            known += [np.r_[inside, zero], np.r_[zero, inside]]
            values += [float(row.mentions), float(row.respondents - row.mentions)]
        elif not pd.isna(row.respondents):
            known.append(np.r_[inside, inside])
            values.append(float(row.respondents))
    found = []
    for row in rows[rows["is_suppressed"]].itertuples():
        inside = membership(row.grouping, row.group, table)
        for target in (np.r_[inside, zero], np.r_[zero, inside]):
            found.append((row.grouping, row.group, *possible(target, known, values)))
    return found


def small_and_found_by_subtraction(said, everyone, published) -> list[tuple[str, str, float]]:
    """Return each small count, of a group shown or left out, that elimination over the published sums determines."""
    table = atoms()
    exposed = []
    targets = [(g, n) for g, n in published[["grouping", "group"]].drop_duplicates().itertuples(index=False)]
    for code in CODES["theme"]:
        speakers = set(said.loc[said["code"] == code, "contribution_id"])
        rows = published[(published["code"] == code) & published["mentions"].notna()]
        sums = np.array([membership(row.grouping, row.group, table) for row in rows.itertuples()])
        for grouping, group in [*targets, *((grouping, None) for grouping in unseen_groups(everyone))]:
            inside = (
                table[grouping].isna().to_numpy(float)
                if group is None
                else membership(grouping, group, table)
            )
            if not len(sums):
                continue
            weights, *_ = np.linalg.lstsq(sums.T, inside, rcond=None)
            if np.allclose(sums.T @ weights, inside, atol=1e-8):
                here = (
                    everyone[grouping].isna()
                    if group is None
                    else groups.group_of(everyone, grouping) == group
                )
                here = here.fillna(False)
                mentioned = everyone.loc[here, "contribution_id"].isin(speakers)
                for count in (mentioned.sum(), (~mentioned).sum()):
                    if 1 <= count <= 10:
                        exposed.append((grouping, str(group), count))
    return exposed


@pytest.mark.parametrize("seed", range(12))
def test_the_subtraction_attack_recovers_no_small_cell(seed):
    said, everyone = consultation(seed, size=150 + 40 * (seed % 5))
    cells = shares.shares(said, everyone, codes=CODES)
    assert small_and_found_by_subtraction(said, everyone, cells) != [], (
        "the attack must work on an unprotected table"
    )
    assert small_and_found_by_subtraction(said, everyone, small_cells.suppress(cells)) == []


@pytest.mark.parametrize("seed", range(6))
def test_every_withheld_count_stays_possible_over_a_wide_range(seed):
    said, everyone = consultation(100 + seed, size=260)
    published = small_cells.suppress(shares.shares(said, everyone, codes=CODES))
    for code in CODES["theme"]:
        rows = published[published["code"] == code]
        if rows.loc[rows["grouping"] == "all", "is_suppressed"].any():
            assert rows["is_suppressed"].all()
            continue
        for grouping, group, low, high in attack(published, everyone, code):
            assert high - low >= 10 - 1e-5, (code, grouping, group)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.integers(1, 400))
def test_no_published_cell_is_small_in_itself_or_in_its_complement(seed, size):
    said, everyone = consultation(seed, size)
    cells = shares.shares(said, everyone, codes=CODES)
    before = cells.copy(deep=True)
    published = small_cells.suppress(cells)
    pd.testing.assert_frame_equal(cells, before)
    shown = published[~published["is_suppressed"]]
    for count in (shown["respondents"], shown["mentions"], shown["respondents"] - shown["mentions"]):
        assert not count.between(1, 10).any()
    assert not published["respondents"].between(1, 10).any()
    withheld = published[published["is_suppressed"]]
    assert withheld[overlaps.EMPTIED].isna().all(axis=None)
    kept = published.loc[~published["is_suppressed"], cells.columns.drop("is_suppressed")]
    pd.testing.assert_frame_equal(kept, cells.loc[kept.index, kept.columns])


def test_with_one_small_cell_the_next_smallest_is_withheld_and_the_rest_is_kept():
    everyone = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(300)],
            "territory": ["urbain"] * 130 + ["periurbain"] * 70 + ["rural"] * 100,
        }
    )
    spoke = [*range(60), *range(130, 134), *range(200, 250)]
    said = pd.DataFrame({"contribution_id": [f"r{n}" for n in spoke], "scheme": "theme", "code": "presence"})
    cells = shares.shares(said, everyone, codes={"theme": ["presence"]}, groupings=["all", "territory"])
    published = small_cells.suppress(cells).set_index("group")
    assert published["is_suppressed"].to_dict() == {
        "all": False,
        "urbain": False,
        "periurbain": True,
        "rural": True,
    }
    assert published["respondents"].to_dict() == {"all": 300, "urbain": 130, "periurbain": 70, "rural": 100}


def test_a_voice_of_eight_people_hides_its_size_and_that_of_another():
    everyone = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(200)],
            "stakeholder": ["élus"] * 8 + ["gendarmes"] * 42 + ["habitants"] * 150,
        }
    )
    said = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(0, 200, 2)], "scheme": "theme", "code": "presence"}
    )
    cells = shares.shares(said, everyone, codes={"theme": ["presence"]}, groupings=["all", "stakeholder"])
    published = small_cells.suppress(cells).set_index("group")
    assert published["respondents"].isna().to_dict() == {
        "all": False,
        "élus": True,
        "gendarmes": True,
        "habitants": False,
    }


def test_contrasts_of_a_protected_table_say_nothing_of_what_is_withheld():
    said, everyone = consultation(3, 250)
    published = small_cells.suppress(shares.shares(said, everyone, codes=CODES))
    table = contrasts.contrasts(published)
    withheld = set(
        published.loc[published["is_suppressed"], ["grouping", "code", "group"]].itertuples(
            index=False, name=None
        )
    )
    touched = [
        bool({(r.grouping, r.code, r.group_a), (r.grouping, r.code, r.group_b)} & withheld)
        for r in table.itertuples()
    ]
    assert any(touched)
    assert (
        table.loc[touched, ["difference", "low", "high", "risk_ratio", "p_value", "cramers_v"]]
        .isna()
        .all(axis=None)
    )


def test_an_emptied_table_is_refused_rather_than_trusted():
    said, everyone = consultation(3, 100)
    published = small_cells.suppress(shares.shares(said, everyone, codes=CODES))
    with pytest.raises(ValueError, match="all its counts"):
        small_cells.suppress(published)
