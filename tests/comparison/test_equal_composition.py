"""Weights and composition; the oracles are statsmodels, hand-computed tables and known margins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import keyed, published
from psq_analysis.comparison import equal_composition
from psq_analysis.comparison import weights as comparison_weights
from psq_analysis.respondents.design import design
from psq_analysis.tables.schema import VOICE_FAMILIES

CODES = {"theme": ["presence", "acces"]}


def simpson(size: int = 20) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mayors speak of presence far more than inhabitants, and most rural answers are those of mayors: no effect of territory."""
    cells = {
        ("rural", "élus"): 6,
        ("rural", "habitants"): 2,
        ("urbain", "élus"): 2,
        ("urbain", "habitants"): 6,
    }
    rows, said = [], []
    for (territory, voice), many in cells.items():
        for rank in range(many * size):
            who = f"{territory}-{voice}-{rank}"
            rows.append((who, territory, voice))
            share = 0.75 if voice == "élus" else 0.25
            if rank < share * many * size:
                said.append((who, "theme", "presence"))
            if rank % 2:
                said.append((who, "theme", "acces"))
    people = keyed(pd.DataFrame(rows, columns=["contribution_id", "territory", "stakeholder"]))
    return pd.DataFrame(said, columns=["contribution_id", "scheme", "code"]), people


def composed(said: pd.DataFrame, people: pd.DataFrame) -> equal_composition.Composed:
    prevalence, contrasts = published(said, people, codes=CODES)
    return equal_composition.compose(said, people, prevalence, contrasts, design=design(said, people))


def test_a_difference_due_to_who_answers_disappears_at_equal_composition(exact_counts):
    said, people = simpson()
    found = composed(said, people)
    row = found.differences.set_index("code").loc["presence"]
    assert abs(row["difference"]) == pytest.approx(0.25)
    assert row["difference_adjusted"] == pytest.approx(0, abs=1e-6)
    equal = found.shares.set_index(["code", "group"])["share_equal"]
    assert equal["presence", "rural"] == pytest.approx(0.5)
    assert equal["presence", "urbain"] == pytest.approx(0.5)


def dependent(seed: int, size: int = 300) -> tuple[pd.DataFrame, pd.DataFrame]:
    generator = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "territory": generator.choice(["rural", "urbain", "periurbain"], size, p=[0.5, 0.3, 0.2]),
            "stakeholder": generator.choice(["élus", "habitants", "gendarmes"], size),
        }
    ).pipe(keyed)
    talkative = generator.normal(size=(size, 1))
    who, what = np.nonzero(talkative + generator.normal(size=(size, 2)) > [0.3, 0.8])
    said = pd.DataFrame(
        {
            "contribution_id": people["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": np.array(CODES["theme"])[what],
        }
    )
    return said, people


def test_the_adjusted_difference_is_that_of_mantel_and_haenszel(exact_counts):
    """Greenland & Robins (1985): the differences of the strata weighted by n_a n_b / (n_a + n_b)."""
    said, people = dependent(1, 600)
    found = composed(said, people).differences.set_index(["code", "group"])
    family = people["stakeholder"].map(VOICE_FAMILIES)
    speaks = people["contribution_id"].isin(said.loc[said["code"] == "presence", "contribution_id"])
    weights, weighted = 0.0, 0.0
    for one in family.unique():
        a, b = (
            speaks[(family == one) & (people["territory"] == territory)] for territory in ("urbain", "rural")
        )
        weight = len(a) * len(b) / (len(a) + len(b))
        weights, weighted = weights + weight, weighted + weight * (a.mean() - b.mean())
    assert found.loc[("presence", "urbain"), "difference_adjusted"] == pytest.approx(weighted / weights)


@pytest.mark.slow
def test_the_adjusted_interval_covers_no_difference_nineteen_times_out_of_twenty():
    covered = []
    for seed in range(60):
        rows = composed(*dependent(seed, 240)).differences
        covered += (rows["low_adjusted"] <= 0).mul(rows["high_adjusted"] >= 0).to_list()
    assert np.mean(covered) == pytest.approx(0.95, abs=0.035)


def test_territory_and_voice_that_go_together_cannot_be_told_apart():
    said, people = dependent(2, 600)
    people = people.assign(
        stakeholder=people["territory"].map(
            {"rural": "élus", "urbain": "habitants", "periurbain": "gendarmes"}
        )
    )
    assert composed(said, people).reason == "equal_inseparable"


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["rural", "urbain"]), st.sampled_from(["élus", "habitants"])),
        min_size=4,
        max_size=80,
    ),
    st.floats(0.1, 0.9),
    st.floats(0.1, 0.9),
)
def test_raked_weights_meet_both_margins(answers, rural, mayors):
    complete = [
        *answers,
        ("rural", "élus"),
        ("rural", "habitants"),
        ("urbain", "élus"),
        ("urbain", "habitants"),
    ]
    people = pd.DataFrame(complete, columns=["territory", "stakeholder"])
    margins = {
        "territory": pd.Series({"rural": rural, "urbain": 1 - rural}),
        "stakeholder": pd.Series({"élus": mayors, "habitants": 1 - mayors}),
    }
    weights = comparison_weights.rake(people, margins)
    assert weights.mean() == pytest.approx(1)
    assert (weights > 0).all()
    for grouping, margin in margins.items():
        reached = weights.groupby(people[grouping]).sum() / weights.sum()
        assert reached.to_dict() == pytest.approx(margin.to_dict(), abs=1e-6)
    assert comparison_weights.design_effect(weights) >= 1 - 1e-12


def test_one_margin_is_plain_post_stratification():
    people = pd.DataFrame({"territory": ["rural"] * 30 + ["urbain"] * 10 + [None] * 5})
    weights = comparison_weights.rake(people, {"territory": pd.Series({"rural": 600, "urbain": 400})})
    ratio = weights.iloc[30] / weights.iloc[0]
    assert ratio == pytest.approx((0.4 / 10) / (0.6 / 30))
    assert weights.iloc[40] == pytest.approx(1)


def test_a_territory_without_respondent_cannot_be_weighted_up():
    people = pd.DataFrame({"territory": ["rural"] * 30})
    with pytest.raises(comparison_weights.ImpossibleWeights, match="urbain"):
        comparison_weights.rake(people, {"territory": pd.Series({"rural": 600, "urbain": 400})})


def test_weights_move_the_share_and_widen_the_interval(exact_counts):
    people = keyed(
        pd.DataFrame(
            {"contribution_id": [f"r{n}" for n in range(100)], "territory": ["rural"] * 80 + ["urbain"] * 20}
        )
    )
    said = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(40)], "scheme": "theme", "code": "presence"}
    )
    weights = comparison_weights.rake(people, {"territory": pd.Series({"rural": 50, "urbain": 50})})
    codes = {"theme": ["presence"]}
    row = comparison_weights.weighted_shares(
        said, people, weights, codes=codes, design=design(said, people)
    ).iloc[0]
    assert row["share"] == pytest.approx(0.5 * 0.5 + 0.5 * 0)
    assert row["design_effect"] == pytest.approx(100 * (80 * 0.625**2 + 20 * 2.5**2) / 100**2)
    plain = published(said, people, codes=codes, groupings=["all"])[0].iloc[0]
    assert row["high"] - row["low"] > plain["high"] - plain["low"]
