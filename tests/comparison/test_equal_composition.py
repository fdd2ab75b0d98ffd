"""Weights and composition; the oracles are statsmodels, hand-computed tables and known margins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.comparison import equal_composition, shares
from psq_analysis.comparison import weights as comparison_weights

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
    people = pd.DataFrame(rows, columns=["contribution_id", "territory", "stakeholder"])
    return pd.DataFrame(said, columns=["contribution_id", "scheme", "code"]), people


def test_a_difference_due_to_who_answers_disappears_at_equal_composition():
    said, people = simpson()
    plain = shares.shares(said, people, codes=CODES).set_index(["code", "group"])["share"]
    assert plain["presence", "rural"] - plain["presence", "urbain"] == pytest.approx(0.25)
    equal = comparison_weights.standardised_shares(said, people, codes=CODES).set_index(["code", "group"])[
        "share"
    ]
    assert equal["presence", "rural"] == pytest.approx(0.5)
    assert equal["presence", "urbain"] == pytest.approx(0.5)
    effects, _ = equal_composition.adjusted_differences(said, people)
    row = effects.set_index("code").loc["presence"]
    assert abs(row["difference"]) == pytest.approx(0.25)
    assert row["difference_adjusted"] == pytest.approx(0, abs=1e-6)
    assert row["odds_ratio"] == pytest.approx(1, abs=1e-5)


def dependent(seed: int, size: int = 300) -> tuple[pd.DataFrame, pd.DataFrame]:
    generator = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "territory": generator.choice(["rural", "urbain", "periurbain"], size, p=[0.5, 0.3, 0.2]),
            "stakeholder": generator.choice(["élus", "habitants", "gendarmes"], size),
        }
    )
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


def test_the_adjusted_odds_ratios_are_those_of_statsmodels_with_clustered_errors():
    said, people = dependent(1)
    effects, tests = equal_composition.adjusted_differences(said, people)
    stacked, outcome, cluster = [], [], []
    base = pd.get_dummies(people["territory"])[["rural", "urbain", "periurbain"]].drop(columns="rural")
    base = pd.concat(
        [pd.Series(1.0, people.index), base, pd.get_dummies(people["stakeholder"], drop_first=True)], axis=1
    )
    base = base.to_numpy(float)
    for at, code in enumerate(sorted(CODES["theme"])):
        block = np.zeros((len(people), 2 * base.shape[1]))
        block[:, at * base.shape[1] : (at + 1) * base.shape[1]] = base
        stacked.append(block)
        speakers = set(said.loc[said["code"] == code, "contribution_id"])
        outcome.append(people["contribution_id"].isin(speakers).to_numpy(float))
        cluster.append(np.arange(len(people)))
    model = sm.GLM(np.concatenate(outcome), np.vstack(stacked), family=sm.families.Binomial())
    fitted = model.fit(
        cov_type="cluster", cov_kwds={"groups": np.concatenate(cluster), "use_correction": False}
    )
    at = [1, 2, base.shape[1] + 1, base.shape[1] + 2]
    ordered = effects.set_index(["code", "group"]).reindex(
        [(c, g) for c in sorted(CODES["theme"]) for g in ("urbain", "periurbain")]
    )
    assert np.log(ordered["odds_ratio"]).to_numpy() == pytest.approx(fitted.params[at], abs=1e-6)
    widths = (np.log(ordered["high"]) - np.log(ordered["low"])).to_numpy() / (2 * 1.959964)
    assert widths == pytest.approx(fitted.bse[at] * np.sqrt(300 / 299), rel=1e-5)
    contrast = np.zeros((4, len(fitted.params)))
    contrast[range(4), at] = 1
    wald = fitted.wald_test(contrast, scalar=True, use_f=False)
    assert tests["statistic"].iloc[0] == pytest.approx(float(wald.statistic) * 299 / 300, rel=1e-5)
    assert tests["degrees"].iloc[0] == 4


@pytest.mark.slow
def test_the_adjusted_interval_covers_no_difference_nineteen_times_out_of_twenty():
    covered = []
    for seed in range(150):
        effects, _ = equal_composition.adjusted_differences(*dependent(seed, 150))
        covered += (effects["low_adjusted"] <= 0).mul(effects["high_adjusted"] >= 0).to_list()
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)


def test_a_code_never_mentioned_somewhere_has_no_odds_ratio_rather_than_an_infinite_one():
    said, people = simpson()
    rural = set(people.loc[people["territory"] == "rural", "contribution_id"])
    said = said[~((said["code"] == "acces") & said["contribution_id"].isin(rural))]
    effects, _ = equal_composition.adjusted_differences(said, people)
    assert effects["code"].to_list() == ["presence"]
    assert np.isfinite(effects["high"]).all()


def test_territory_and_voice_that_go_together_cannot_be_told_apart():
    said, people = dependent(2)
    people = people.assign(
        stakeholder=people["territory"].map(
            {"rural": "élus", "urbain": "habitants", "periurbain": "gendarmes"}
        )
    )
    effects, tests = equal_composition.adjusted_differences(said, people)
    assert effects.empty
    assert tests.empty


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


def test_equal_weights_change_neither_shares_nor_intervals():
    said, people = dependent(3)
    plain = shares.shares(said, people, codes=CODES).set_index(["scheme", "code", "grouping", "group"])
    weighted = comparison_weights.weighted_shares(
        said, people, pd.Series(2.0, index=people.index), codes=CODES
    )
    weighted = weighted.set_index(["scheme", "code", "grouping", "group"]).reindex(plain.index)
    for column in ("share", "low", "high"):
        assert weighted[column].to_numpy() == pytest.approx(plain[column].to_numpy(float))
    assert (weighted["design_effect"] == 1).all()


def test_weights_move_the_share_and_widen_the_interval():
    people = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(100)], "territory": ["rural"] * 80 + ["urbain"] * 20}
    )
    said = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(40)], "scheme": "theme", "code": "presence"}
    )
    weights = comparison_weights.rake(people, {"territory": pd.Series({"rural": 50, "urbain": 50})})
    row = comparison_weights.weighted_shares(
        said, people, weights, codes={"theme": ["presence"]}, groupings=["all"]
    ).iloc[0]
    assert row["share"] == pytest.approx(0.5 * 0.5 + 0.5 * 0)
    assert row["design_effect"] == pytest.approx(100 * (80 * 0.625**2 + 20 * 2.5**2) / 100**2)
    plain = shares.shares(said, people, codes={"theme": ["presence"]}, groupings=["all"]).iloc[0]
    assert row["high"] - row["low"] > plain["high"] - plain["low"]
