"""The benchmark of large consultations measures what it says, on a small one."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pandas as pd
import pytest

from support import PROJECT

ANSWERS = pd.Series([f"Plus de patrouilles à pied dans le quartier numéro {number}" for number in range(40)])


@pytest.fixture(scope="module")
def national() -> ModuleType:
    """The benchmark, as a module."""
    spec = importlib.util.spec_from_file_location("national", PROJECT / "benchmarks/national.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_questionnaires_hold_as_many_answers_as_asked_and_each_once_before_any_twice(national):
    said = national.questionnaires(ANSWERS, 40)[list(national.QUESTIONS)].to_numpy().ravel()
    assert sorted(said) == sorted([*ANSWERS, "", ""])  # seven people of six answers, two left empty
    twice = pd.Series(national.questionnaires(ANSWERS, 80)[list(national.QUESTIONS)].to_numpy().ravel())
    assert set(twice[twice.ne("")].value_counts()) == {2}


def test_the_same_seed_draws_the_same_questionnaires_and_another_others(national):
    drawn = national.questionnaires(ANSWERS, 30)
    assert drawn.equals(national.questionnaires(ANSWERS, 30))
    assert not drawn.equals(national.questionnaires(ANSWERS, 30, seed=1))


def test_the_exponent_is_one_where_ten_times_the_remarks_cost_ten_times_as_much(national):
    costs = [
        national.Cost(remarks, [national.Stage("", cpu, 1.0)], 0)
        for remarks, cpu in ((100, 3.0), (1000, 30.0), (1000, 300.0))
    ]
    assert national.exponent(costs[0], costs[1]) == pytest.approx(1)
    assert national.exponent(costs[0], costs[2]) == pytest.approx(2)


@pytest.mark.slow
def test_each_stage_of_a_run_is_measured(national, tmp_path):
    export = tmp_path / "national.csv"
    national.questionnaires(ANSWERS, 40).to_csv(export, index=False)
    cost = national.measured(export, tmp_path, remarks=40, until="clean")
    assert len(cost.stages) == 2  # the first notebook, then what is published
    assert all(stage.cpu > 0 and stage.wall > 0 for stage in cost.stages)
    assert cost.peak > 100 * 2**20  # an interpreter with pandas takes more
    assert "40 remarks" in national.table(cost)
