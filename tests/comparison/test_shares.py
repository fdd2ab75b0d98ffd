"""Shares and contrasts; the oracles are statsmodels, scipy, published examples and hand counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from consultations import keyed, published
from psq_analysis import proportions
from psq_analysis.comparison import contrasts
from psq_analysis.respondents import counted
from psq_analysis.respondents.design import design

THEMES = {"theme": ["presence", "efficacite", "acces"]}

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def people(groups: dict[str, int], *, grouping: str = "territory") -> pd.DataFrame:
    labels = [name for name, size in groups.items() for _ in range(size)]
    return keyed(
        pd.DataFrame({"contribution_id": [f"r{rank}" for rank in range(len(labels))], grouping: labels})
    )


def mentions(respondents: pd.DataFrame, grouping: str, wanted: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [
        (who, "theme", code)
        for (group, code), many in wanted.items()
        for who in respondents.loc[respondents[grouping] == group, "contribution_id"].head(many)
    ]
    return pd.DataFrame(rows, columns=["contribution_id", "scheme", "code"])


@settings(deadline=None)
@given(counts)
def test_the_wilson_interval_is_that_of_statsmodels(cell):
    m, n = cell
    low, high = proportions.wilson(m, n)
    assert (float(low), float(high)) == pytest.approx(proportion_confint(m, n, method="wilson"), abs=1e-9)


@settings(deadline=None)
@given(counts, counts)
def test_the_newcombe_interval_is_that_of_statsmodels(a, b):
    low, high = proportions.newcombe(*a, *b)
    expected = confint_proportions_2indep(*a, *b, compare="diff", method="newcomb", correction=False)
    assert (float(low), float(high)) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(counts, counts)
def test_the_test_is_n_minus_one_chi_square_and_no_smaller_than_fisher_where_counts_are_tiny(a, b):
    table = np.array([[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]])
    p = float(proportions.two_sided_p(*a, *b))
    if 0 in table.sum(axis=0):
        assert p == 1.0
    elif stats.contingency.expected_freq(table).min() < 5:
        assert p == pytest.approx(max(stats.fisher_exact(table)[1], n_minus_one(table)))
    else:
        assert p == pytest.approx(n_minus_one(table))


def n_minus_one(table: np.ndarray) -> float:
    total = table.sum()
    return stats.chi2.sf(stats.chi2_contingency(table, correction=False)[0] * (total - 1) / total, 1)


@settings(deadline=None)
@given(counts, counts)
def test_cramers_v_is_that_of_scipy(a, b):
    table = np.array([[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]])
    if 0 in table.sum(axis=0):
        assert np.isnan(proportions.cramers_v(*a, *b))
    else:
        expected = stats.contingency.association(table, method="cramer")
        assert float(proportions.cramers_v(*a, *b)) == pytest.approx(expected)


@pytest.mark.parametrize(("na", "nb", "share"), [(17, 333, 0.12), (52, 298, 0.05), (12, 108, 0.12)])
def test_small_counts_are_not_found_surprising_too_easily_in_the_far_tail(na, nb, share):
    a, b = np.meshgrid(np.arange(na + 1), np.arange(nb + 1), indexing="ij")
    chance = np.outer(stats.binom.pmf(range(na + 1), na, share), stats.binom.pmf(range(nb + 1), nb, share))
    likely = chance > 1e-9
    p = proportions.two_sided_p(a[likely], np.full(likely.sum(), na), b[likely], np.full(likely.sum(), nb))
    for level in (0.05, 0.005, 0.001):
        assert chance[likely][p <= level].sum() <= level


def test_an_empty_group_has_no_share_no_interval_no_test():
    assert np.isnan(proportions.wilson(0, 0)).all()
    assert np.isnan(proportions.newcombe(0, 0, 3, 10)).all()
    assert np.isnan(proportions.two_sided_p(0, 0, 3, 10))
    assert np.isnan(proportions.risk_ratio(0, 0, 3, 10))


def test_the_difference_that_would_be_noticed_has_the_power_it_claims():
    low, high = proportions.newcombe(70, 210, 47, 140)
    noticed = float(proportions.unnoticed(low, high))
    generator = np.random.default_rng(11)
    a = generator.binomial(210, 117 / 350 + noticed, 20_000)
    b = generator.binomial(140, 117 / 350, 20_000)
    power = (proportions.two_sided_p(a, np.full(20_000, 210), b, np.full(20_000, 140)) <= 0.05).mean()
    # the interval is that of the shares seen; nearer to one half differences are a little harder to notice
    assert power == pytest.approx(0.80, abs=0.05)


def test_one_person_who_repeats_an_idea_ten_times_counts_once():
    contributions = pd.DataFrame(
        {
            "contribution_id": ["anne", "bruno"],
            "is_complete": True,
            "territory_type": "rural",
            "overseas": pd.array([False, False], dtype="boolean"),
        }
    )
    remarks = pd.DataFrame(
        {"remark_id": ["r1", "r2"], "contribution_id": ["anne", "bruno"], "is_noise": False}
    )
    ideas = pd.DataFrame({"idea_id": [f"i{n}" for n in range(11)], "remark_id": ["r1"] * 10 + ["r2"]})
    codes = pd.DataFrame(
        {"idea_id": ideas["idea_id"], "scheme": "theme", "code": ["presence"] * 10 + ["acces"]}
    )
    said = counted.respondent_codes(codes, ideas, remarks, contributions)
    everyone = counted.respondents(remarks, contributions)
    table, _ = published(said, everyone, codes=THEMES, groupings=["all"], min_cell=1)
    table = table.set_index("code")
    assert table["mentions"].to_dict() == {"presence": 1, "efficacite": 0, "acces": 1}
    assert table["respondents"].to_list() == [2, 2, 2]


def test_noise_and_unfinished_questionnaires_are_out_of_the_shares_unless_asked():
    contributions = pd.DataFrame(
        {
            "contribution_id": ["a", "b", "c"],
            "is_complete": [True, False, True],
            "territory_type": "rural",
            "overseas": pd.array([False] * 3, dtype="boolean"),
        }
    )
    remarks = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_noise": [False, False, True]})
    assert counted.respondents(remarks, contributions)["contribution_id"].to_list() == ["a"]
    with_unfinished = counted.respondents(remarks, contributions, include_incomplete=True)
    assert with_unfinished["contribution_id"].to_list() == ["a", "b"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["urbain", "rural", "outre_mer", "indetermine"]),
            st.sets(st.sampled_from(THEMES["theme"])),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_counts_over_everyone_and_sizes_are_exact_and_those_of_groups_moved_by_three_at_most(answers):
    everyone = keyed(
        pd.DataFrame(
            {
                "contribution_id": [f"r{n}" for n in range(len(answers))],
                "territory": [group for group, _ in answers],
            }
        )
    )
    said = pd.DataFrame(
        [(f"r{n}", "theme", code) for n, (_, codes) in enumerate(answers) for code in codes],
        columns=["contribution_id", "scheme", "code"],
    )
    table, _ = published(said, everyone, codes=THEMES)
    assert len(table) == 3 * (1 + everyone["territory"].nunique())
    for row in table.itertuples():
        inside = (
            everyone["territory"] == row.group
            if row.grouping == "territory"
            else everyone["territory"].notna()
        )
        assert row.is_shown == (inside.sum() >= 11)
        if row.is_shown:
            of_group = everyone.loc[inside, "contribution_id"]
            truth = ((said["code"] == row.code) & said["contribution_id"].isin(of_group)).sum()
            assert row.respondents == inside.sum()
            # at an edge one number stands for three, each moved by three at most
            assert abs(row.mentions - truth) <= (0 if row.grouping == "all" else 4 if row.edge else 3)
            assert 0 <= row.low <= row.share <= row.high <= 1
    shuffled, _ = published(
        said.sample(frac=1, random_state=1), everyone.sample(frac=1, random_state=2), codes=THEMES
    )
    pd.testing.assert_frame_equal(table, shuffled)


def test_contrasts_are_corrected_together_and_say_what_they_found(exact_counts):
    everyone = people({"urbain": 200, "periurbain": 150, "rural": 120})
    said = mentions(
        everyone,
        "territory",
        {
            ("urbain", "presence"): 60,
            ("periurbain", "presence"): 50,
            ("rural", "presence"): 78,
            ("urbain", "acces"): 40,
            ("periurbain", "acces"): 31,
            ("rural", "acces"): 25,
        },
    )
    _, table = published(said, everyone, codes=THEMES)
    expected = multipletests(table["p_value"].astype(float), method="fdr_bh")[1]
    assert table["q_value"].to_list() == pytest.approx(expected.tolist())
    verdicts = table.set_index(["code", "group_a", "group_b"])["verdict"]
    assert verdicts["presence", "urbain", "rural"] == "different"
    assert verdicts["presence", "urbain", "periurbain"] == "unknown"
    assert (verdicts["efficacite"] == "equivalent").all()  # nobody speaks of it, anywhere
    row = table.set_index(["code", "group_a", "group_b"]).loc[("presence", "urbain", "rural")]
    assert row["difference"] == pytest.approx(0.30 - 0.65)
    assert row["risk_ratio"] == pytest.approx(0.30 / 0.65)


def test_a_voice_is_compared_with_everyone_else(exact_counts):
    everyone = people({"élus": 40, "habitants": 160}, grouping="stakeholder")
    everyone.loc[190:, "stakeholder"] = None
    said = mentions(everyone, "stakeholder", {("élus", "presence"): 30, ("habitants", "presence"): 40})
    table = published(said, everyone, codes=THEMES)[1].set_index(["code", "group_a"])
    assert table.loc[("presence", "élus"), "group_b"] == "others"
    assert table.loc[("presence", "élus"), "difference"] == pytest.approx(30 / 40 - 40 / 160)


def test_below_thirty_respondents_a_side_nothing_is_compared():
    everyone = people({"urbain": 100, "rural": 29, "outre_mer": 10})
    said = mentions(everyone, "territory", {("urbain", "presence"): 90, ("rural", "presence"): 2})
    prevalence, table = published(said, everyone, codes={"theme": ["presence"]})
    is_shown = prevalence.set_index("group")["is_shown"].to_dict()
    assert is_shown == {"all": True, "urbain": True, "rural": True, "outre_mer": False}
    assert set(table["verdict"]) == {"unknown"}
    assert table[["difference", "low", "high", "p_value", "q_value", "within_source"]].isna().all(axis=None)


def test_no_respondent_at_all_gives_empty_tables():
    nobody = people({}).assign(contribution_id=pd.array([], dtype="string"))
    said = pd.DataFrame({"contribution_id": [], "scheme": [], "code": []}, dtype="string")
    prevalence, table = published(said, nobody, codes=THEMES)
    assert prevalence.empty
    assert table.empty


def test_where_no_file_says_who_answers_voices_are_left_out():
    everyone = people({"rural": 40}).assign(stakeholder=pd.array([None] * 40, dtype="string"))
    said = mentions(everyone, "territory", {("rural", "presence"): 20})
    for some in (said, said.head(0)):
        prevalence, table = published(some, everyone, codes=THEMES)
        assert set(prevalence["grouping"]) == {"all", "territory"}
        assert table.empty


def test_what_would_have_gone_unnoticed_shrinks_with_the_number_of_respondents():
    sizes = []
    for size in (30, 300, 3000):
        everyone = people({"urbain": size, "rural": size})
        said = mentions(
            everyone, "territory", {("urbain", "presence"): size // 3, ("rural", "presence"): size // 3}
        )
        sizes.append(
            float(contrasts.unnoticed(published(said, everyone, codes={"theme": ["presence"]})[1]).iloc[0])
        )
    assert sizes == sorted(sizes, reverse=True)


def test_two_large_groups_that_answer_alike_are_said_equivalent():
    everyone = people({"urbain": 900, "rural": 800})
    said = mentions(everyone, "territory", {("urbain", "presence"): 450, ("rural", "presence"): 404})
    _, table = published(said, everyone, codes={"theme": ["presence"]})
    assert table["verdict"].to_list() == ["equivalent"]


def communes(generator: np.random.Generator, likeness: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """40 communes of 12 respondents, half of them rural; answers of one commune are alike, territories are not different."""
    everyone = keyed(
        pd.DataFrame(
            {
                "contribution_id": [f"r{n}" for n in range(480)],
                "territory": ["rural"] * 240 + ["urbain"] * 240,
                "cluster": [f"c{n // 12}" for n in range(480)],
                "cluster_kind": "place",
            }
        )
    )
    spread = 1 / likeness - 1
    share = generator.beta(0.3 * spread, 0.7 * spread, size=(40, 4))[np.arange(480) // 12]
    who, what = np.nonzero(generator.random((480, 4)) < share)
    speakers = everyone["contribution_id"].to_numpy()[who]
    return pd.DataFrame(
        {"contribution_id": speakers, "scheme": "theme", "code": [f"c{n}" for n in what]}
    ), everyone


def test_the_likeness_of_a_commune_is_that_of_generalised_estimating_equations():
    said, everyone = communes(np.random.default_rng(8), 0.1)
    found = design(said, everyone).correlation["place"]
    of_code = []
    for code in ("c0", "c1", "c2", "c3"):
        speakers = said.loc[said["code"] == code, "contribution_id"]
        speaks = everyone["contribution_id"].isin(speakers).to_numpy(float)
        dependence = sm.cov_struct.Exchangeable()
        groups = pd.get_dummies(everyone["territory"]).to_numpy(float)
        sm.GEE(
            speaks, groups, everyone["cluster"], family=sm.families.Gaussian(), cov_struct=dependence
        ).fit()
        of_code.append(float(dependence.dep_params))
    assert found.min() == pytest.approx(np.mean(of_code), abs=0.02)  # that of the scheme, all codes together


@pytest.mark.slow
def test_answers_that_are_alike_within_communes_do_not_make_differences():
    generator = np.random.default_rng(3)
    announced, covered = 0, []
    for _ in range(40):
        said, everyone = communes(generator, 0.1)
        prevalence, table = published(said, everyone, codes={"theme": ["c0", "c1", "c2", "c3"]})
        announced += (table["verdict"] == "different").any()
        covered += ((prevalence["low"] <= 0.3) & (prevalence["high"] >= 0.3)).to_list()
    assert announced <= 6  # 40 runs at 5 %: more than 6 has a probability under 1 %
    assert np.mean(covered) == pytest.approx(0.95, abs=0.04)
