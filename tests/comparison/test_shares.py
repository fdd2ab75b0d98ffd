"""Shares and contrasts; the oracles are statsmodels, scipy, published examples and hand counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from psq_analysis import proportions
from psq_analysis.comparison import contrasts, omnibus, shares
from psq_analysis.respondents import counted

THEMES = {"theme": ["presence", "efficacite", "acces"]}

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def people(groups: dict[str, int], *, grouping: str = "territory") -> pd.DataFrame:
    labels = [name for name, size in groups.items() for _ in range(size)]
    return pd.DataFrame({"contribution_id": [f"r{rank}" for rank in range(len(labels))], grouping: labels})


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
def test_the_test_is_n_minus_one_chi_square_or_fisher_where_counts_are_tiny(a, b):
    table = np.array([[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]])
    p = float(proportions.two_sided_p(*a, *b))
    if 0 in table.sum(axis=0):
        assert p == 1.0
    elif stats.contingency.expected_freq(table).min() < 5:
        assert p == pytest.approx(stats.fisher_exact(table)[1])
    else:
        total = table.sum()
        statistic = stats.chi2_contingency(table, correction=False)[0] * (total - 1) / total
        assert p == pytest.approx(stats.chi2.sf(statistic, 1))


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
    noticed = float(proportions.detectable_difference(70, 210, 47, 140))
    generator = np.random.default_rng(11)
    a = generator.binomial(210, 117 / 350 + noticed, 20_000)
    b = generator.binomial(140, 117 / 350, 20_000)
    power = (proportions.two_sided_p(a, np.full(20_000, 210), b, np.full(20_000, 140)) <= 0.05).mean()
    assert power == pytest.approx(0.80, abs=0.015)


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
    table = shares.shares(said, everyone, codes=THEMES, groupings=["all"]).set_index("code")
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
@settings(max_examples=40, deadline=None)
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
def test_the_territories_add_up_to_everyone_for_every_code(answers):
    everyone = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(len(answers))],
            "territory": [group for group, _ in answers],
        }
    )
    said = pd.DataFrame(
        [(f"r{n}", "theme", code) for n, (_, codes) in enumerate(answers) for code in codes],
        columns=["contribution_id", "scheme", "code"],
    )
    table = shares.shares(said, everyone, codes=THEMES)
    by_grouping = table.groupby(["grouping", "code"])[["respondents", "mentions"]].sum()
    pd.testing.assert_frame_equal(by_grouping.loc["all"], by_grouping.loc["territory"])
    assert len(table) == 3 * (1 + everyone["territory"].nunique())
    shuffled = shares.shares(
        said.sample(frac=1, random_state=1), everyone.sample(frac=1, random_state=2), codes=THEMES
    )
    pd.testing.assert_frame_equal(table, shuffled)


def test_contrasts_are_corrected_together_and_say_what_they_found():
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
    table = contrasts.contrasts(shares.shares(said, everyone, codes=THEMES))
    expected = multipletests(table["p_value"].astype(float), method="fdr_bh")[1]
    assert table["q_value"].to_list() == pytest.approx(expected.tolist())
    verdicts = table.set_index(["code", "group_a", "group_b"])["verdict"]
    assert verdicts["presence", "urbain", "rural"] == "less_often"
    assert verdicts["presence", "urbain", "periurbain"] == "no_detectable_difference"
    assert (verdicts["efficacite"] == "no_detectable_difference").all()
    row = table.set_index(["code", "group_a", "group_b"]).loc[("presence", "urbain", "rural")]
    assert row["difference"] == pytest.approx(0.30 - 0.65)
    assert row["risk_ratio"] == pytest.approx(0.30 / 0.65)


def test_a_voice_is_compared_with_everyone_else():
    everyone = people({"élus": 40, "habitants": 160}, grouping="stakeholder")
    everyone.loc[190:, "stakeholder"] = None
    said = mentions(everyone, "stakeholder", {("élus", "presence"): 30, ("habitants", "presence"): 40})
    table = contrasts.contrasts(shares.shares(said, everyone, codes=THEMES)).set_index(["code", "group_a"])
    assert table.loc[("presence", "élus"), "group_b"] == "others"
    assert table.loc[("presence", "élus"), "difference"] == pytest.approx(30 / 40 - 40 / 160)


def test_a_suppressed_cell_or_a_tiny_group_gives_no_number_at_all():
    everyone = people({"urbain": 100, "rural": 60, "outre_mer": 10})
    said = mentions(
        everyone,
        "territory",
        {("urbain", "presence"): 50, ("rural", "presence"): 12, ("outre_mer", "presence"): 5},
    )
    cells = shares.shares(said, everyone, codes={"theme": ["presence"]})
    hidden = cells["group"] == "rural"
    published = cells.assign(is_suppressed=hidden, mentions=cells["mentions"].mask(hidden))
    table = contrasts.contrasts(published)
    assert set(table["verdict"]) == {"too_few"}
    assert (
        table.drop(columns=["scheme", "code", "grouping", "group_a", "group_b", "verdict"])
        .isna()
        .all(axis=None)
    )


def test_no_respondent_at_all_gives_empty_tables():
    nobody = people({}).assign(contribution_id=pd.array([], dtype="string"))
    said = pd.DataFrame({"contribution_id": [], "scheme": [], "code": []}, dtype="string")
    table = shares.shares(said, nobody, codes=THEMES)
    assert table.empty
    assert contrasts.contrasts(table).empty
    assert omnibus.omnibus(said, nobody).empty


def test_what_would_have_gone_unnoticed_shrinks_with_the_number_of_respondents():
    sizes = []
    for size in (30, 300, 3000):
        everyone = people({"urbain": size, "rural": size})
        said = mentions(
            everyone, "territory", {("urbain", "presence"): size // 3, ("rural", "presence"): size // 3}
        )
        cells = shares.shares(said, everyone, codes={"theme": ["presence"]})
        sizes.append(float(contrasts.unnoticed(cells, contrasts.contrasts(cells)).iloc[0]))
    assert sizes == sorted(sizes, reverse=True)
    effect = NormalIndPower().solve_power(nobs1=300, alpha=0.05, power=0.8)
    by_arcsine = np.sin(np.arcsin(np.sqrt(1 / 3)) + effect / 2) ** 2 - 1 / 3
    assert sizes[1] == pytest.approx(by_arcsine, abs=0.005)


def dependent_answers(generator: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents without any difference between groups, each of whom tends to mention many codes or few."""
    everyone = people({"urbain": size * 3 // 5, "rural": size - size * 3 // 5})
    talkative = generator.normal(size=size)
    matrix = (talkative[:, None] + generator.normal(size=(size, 6))) > np.linspace(0.2, 2.4, 6)
    who, what = np.nonzero(matrix)
    said = pd.DataFrame(
        {
            "contribution_id": everyone["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": [f"c{n}" for n in what],
        }
    )
    return said, everyone


@pytest.mark.slow
def test_the_omnibus_test_holds_its_level_though_answers_depend_on_each_other():
    generator = np.random.default_rng(5)
    p_values = np.array(
        [omnibus.omnibus(*dependent_answers(generator, 120))["p_value"].iloc[0] for _ in range(400)]
    )
    # 400 tests at 5 %: between 2.5 % and 8 % with probability 0.99
    assert 0.025 <= (p_values <= 0.05).mean() <= 0.08


@pytest.mark.slow
def test_the_omnibus_test_agrees_with_a_permutation_of_respondents():
    generator = np.random.default_rng(9)
    said, everyone = dependent_answers(generator, 150)
    one = omnibus.omnibus(said, everyone)["p_value"].iloc[0]
    matrix = (
        pd.crosstab(said["contribution_id"], said["code"])
        .reindex(everyone["contribution_id"], fill_value=0)
        .to_numpy()
    )

    def statistic(groups: np.ndarray) -> float:
        return sum(
            stats.chi2_contingency(pd.crosstab(groups, column), correction=False)[0] for column in matrix.T
        )

    observed = statistic(everyone["territory"].to_numpy())
    permuted = [statistic(generator.permutation(everyone["territory"].to_numpy())) for _ in range(400)]
    assert one == pytest.approx(np.mean(np.array(permuted) >= observed), abs=0.07)


def test_with_one_code_the_omnibus_test_is_the_plain_chi_square():
    everyone = people({"urbain": 90, "rural": 60})
    said = mentions(everyone, "territory", {("urbain", "presence"): 30, ("rural", "presence"): 35})
    one = omnibus.omnibus(said, everyone).iloc[0]
    chi2 = stats.chi2_contingency([[30, 60], [35, 25]], correction=False)[0] * 149 / 150
    assert (one["statistic"], one["degrees"]) == pytest.approx((chi2, 1.0))
