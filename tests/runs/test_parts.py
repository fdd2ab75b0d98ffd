"""An analysis taken apart by a column: no one twice, no one of a group that may be shown left out."""

from __future__ import annotations

import dataclasses

import pytest

from psq_analysis.respondents.chosen import BadFilter
from psq_analysis.respondents.nearest import UnknownName
from psq_analysis.runs.parts import as_filter, divide, folder_name
from small_runs import write_small_run


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return write_small_run(tmp_path_factory.mktemp("petite"))


def test_each_group_that_may_be_shown_is_a_part(base):
    division = divide(base, "département")
    assert division.column == "departement"
    assert {part.label: part.respondents for part in division.parts} == {"Gers": 50, "La Réunion": 35}
    assert division.left_out == ()


def test_groups_too_small_are_put_together_upwards_before_any_is_left_out(base):
    # 36 at Auch, 14 at Condom, 35 at Saint-Denis: the last two have no neighbours of their own intercommunalité
    strict = dataclasses.replace(base, settings=base.settings.model_copy(update={"min_cell": 36}))
    division = divide(strict, "commune")
    assert [(len(part.groups), part.respondents) for part in division.parts] == [(1, 36), (2, 49)]
    assert division.left_out == ()


def test_groups_too_small_even_together_are_named(base):
    strict = dataclasses.replace(base, settings=base.settings.model_copy(update={"min_cell": 40}))
    division = divide(strict, "departement")
    assert [part.label for part in division.parts] == ["Gers"]
    assert division.left_out == ("La Réunion",)


def test_a_small_group_asked_for_gives_the_part_that_holds_it(base):
    strict = dataclasses.replace(base, settings=base.settings.model_copy(update={"min_cell": 16}))
    division = divide(strict, "voix", ["élus"])
    assert [part.groups for part in division.parts] == [("élus",)]


def test_parts_are_disjoint_and_their_filters_keep_whom_they_count(base):
    choice = base.choice()
    for by in ("departement", "voix", "territory"):
        division = divide(base, by)
        kept = [set(choice.chosen(as_filter(division.column, part, choice))) for part in division.parts]
        assert [len(one) for one in kept] == [part.respondents for part in division.parts]
        assert sum(map(len, kept)) == len(set().union(*kept))


@pytest.mark.parametrize(("by", "values", "error"), [("departemant", [], UnknownName), ("voix", ["maires"], UnknownName), ("voix*vague", [], BadFilter), ("population", [], BadFilter)])  # fmt: skip
def test_a_name_or_a_column_that_makes_no_parts_is_refused(base, by, values, error):
    with pytest.raises(error):
        divide(base, by, values)


def test_two_questions_that_begin_alike_have_two_folders():
    asked = [f"Faites-vous confiance à la {whom} de votre commune ?" for whom in ("police", "gendarmerie")]
    names = [folder_name(question) for question in asked]
    assert len(set(names)) == 2
    assert all(len(name) <= 30 for name in names)
