"""Random keys: what is moved, by how much, for whom always alike, and what nobody learns. The oracle of the rule is ONS's own package."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import consultation, keyed, published
from psq_analysis.disclosure.cell_keys import moved, moved_counts, published_counts, shift_law
from psq_analysis.sources.intake import assemble
from psq_analysis.sources.model import Contribution, NamedReading, Reading

CODE = pd.DataFrame({"scheme": ["theme"], "code": ["presence"]})


def test_a_part_of_a_run_is_a_group_and_its_own_total_bounds_nothing():
    keys = pd.Series(np.random.default_rng(3).integers(1, 2**63, 60), index=[f"r{n}" for n in range(60)])
    everyone = pd.Series("all", index=keys.index)
    codes = pd.DataFrame({"code": [f"c{n}" for n in range(200)]})
    said = pd.DataFrame(
        [(f"r{who}", code) for at, code in enumerate(codes["code"]) for who in np.random.default_rng(at).permutation(60)[:30]],
        columns=["contribution_id", "code"],
    )  # fmt: skip
    whole = moved_counts(said, everyone, keys, codes)["mentions"]
    part = moved_counts(said, everyone, keys, codes, is_part=True)["mentions"]
    assert set(whole) == {30}  # everyone: exact
    assert set(part) == set(range(27, 34))
    assert part.var() == pytest.approx(1.5, rel=0.3)


@pytest.mark.parametrize("count", range(1, 12))
def test_a_shift_is_three_at_most_zero_on_average_with_variance_one_and_a_half(count):
    shifts, probabilities = shift_law(count)
    assert shifts.min() == -min(count, 3)
    assert shifts.max() == 3
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities @ shifts == pytest.approx(0, abs=1e-9)
    assert probabilities @ shifts**2 == pytest.approx(1.5)


def test_counts_move_as_in_the_package_of_the_ons_given_the_same_table_and_the_same_keys():
    generator = np.random.default_rng(4)
    table = pd.DataFrame(list(itertools.product(range(1, 751), range(256))), columns=["pcv", "ckey"])
    at = [
        np.searchsorted(
            np.cumsum(shift_law(min(count, 3))[1])[:-1], (table["ckey"] + 0.5) / 256, side="right"
        )
        for count in (1, 2, 3)
    ]
    lowest = np.minimum(table["pcv"], 3)
    table["pvalue"] = np.select([lowest == 1, lowest == 2], [at[0] - 1, at[1] - 2], at[2] - 3)
    people = pd.DataFrame(
        {
            "place": generator.choice(["Auch", "Condom", "Mirande", "Vic"], 600, p=[0.9, 0.09, 0.008, 0.002]),
            "says": generator.choice(["oui", "non"], 600, p=[0.3, 0.7]),
            "record_key": generator.integers(256, size=600),
        }
    )
    theirs = create_perturbed_table(
        people, table, ["place"], ["says"], "record_key", use_existing_ons_id=False, threshold=0
    )
    counts = theirs["pre_sdc_count"].to_numpy()
    ours = moved(counts, np.full(len(counts), 10_000), ((theirs["ckey"] + 0.5) / 256).to_numpy())
    assert ours.tolist() == theirs["count"].tolist()


@settings(deadline=None)
@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.0001, 0.9999)
)
def test_nobody_and_everybody_stay_and_those_who_are_silent_are_moved_as_those_who_speak(cell, draw):
    count, size = cell
    shown, silent = (
        int(moved(np.array([one]), np.array([size]), np.array([at]))[0])
        for one, at in ((count, draw), (size - count, 1 - draw))
    )
    assert 0 <= shown <= size
    assert abs(shown - count) <= 3
    if count in (0, size):
        assert shown == count
    if 2 * count != size:
        assert shown + silent == size


@settings(deadline=None)
@given(st.integers(11, 400), st.floats(0.0001, 0.9999))
def test_one_more_who_speaks_is_never_shown_as_three_fewer(size, draw):
    """Between two runs that share most of a draw, a count that passes one half, or nears an end, jumps nowhere."""
    shown = moved(np.arange(size + 1), np.full(size + 1, size), np.full(size + 1, draw))
    assert np.diff(shown).min() >= -2


def counts(said: pd.DataFrame, people: pd.DataFrame, groups: pd.Series) -> pd.Series:
    keys = people.set_index("contribution_id")["record_key"]
    return moved_counts(said, groups.set_axis(keys.index), keys, CODE).set_index("group")["mentions"]


def test_the_same_people_are_counted_alike_whatever_the_name_of_their_group():
    said, people = consultation()
    said = said[said["code"] == "a"].assign(code="presence")
    named = people["territory"].map({"rural": "a", "urbain": "b"})
    again = people["territory"].map({"rural": "x", "urbain": "y"})
    assert counts(said, people, named).tolist() == counts(said, people, again).tolist()
    shuffled = people.sample(frac=1, random_state=1)
    assert counts(said, shuffled, named[shuffled.index]).to_dict() == counts(said, people, named).to_dict()


def test_a_new_answer_moves_only_the_groups_it_joins():
    said, people = consultation()
    before, _ = published(said, people, codes={"theme": list("abcde")}, groupings=["territory"])
    joined = pd.DataFrame(
        {"contribution_id": ["new"], "territory": "rural", "stakeholder": "élus", "record_key": 123_456}
    )
    after, _ = published(
        pd.concat([said, pd.DataFrame({"contribution_id": ["new"], "scheme": "theme", "code": "a"})]),
        pd.concat([people, joined], ignore_index=True),
        codes={"theme": list("abcde")},
        groupings=["territory"],
    )
    both = before.merge(after, on=["code", "group"], suffixes=("", "_after"))
    elsewhere = both[both["group"] != "rural"]
    assert elsewhere["mentions"].tolist() == elsewhere["mentions_after"].tolist()
    # whatever the newcomer said, all counts of the group may move: that one did not tells nothing on them
    rural = both[both["group"] == "rural"]
    assert (rural["mentions"] != rural["mentions_after"]).any()


def reading(rows: list[list[str]], file: str) -> NamedReading:
    contributions = []
    for number, cells in enumerate(rows, start=2):
        contribution = Contribution(number)
        contribution.remarks.append(("q", "Que changer ?", cells[1]))
        contribution.source_key = "\x1f".join(cells)
        contributions.append(contribution)
    return NamedReading(file, Reading("csv", contributions, [], [], len(rows)))


def test_a_record_key_follows_from_the_raw_row_alone_and_from_nothing_published():
    rows = [["2017-11-20 08:03:11", "Plus de patrouilles."], ["2017-11-20 09:14:52", "Un accueil le soir."]]
    once, renamed = (
        assemble([reading(rows, file)]).contributions for file in ("export.csv", "export (1).csv")
    )
    assert once["record_key"].tolist() == renamed["record_key"].tolist()
    assert once["record_key"].is_unique
    assert once["contribution_id"].tolist() != renamed["contribution_id"].tolist()
    other_time = assemble([reading([["2017-11-20 08:03:12", rows[0][1]]], "export.csv")]).contributions
    assert other_time["record_key"].iloc[0] not in once["record_key"].tolist()
    twice = assemble([reading([rows[0], rows[0]], "export.csv")]).contributions
    assert twice["record_key"].is_unique


def test_a_group_under_the_threshold_shows_nothing_and_all_others_show_every_count():
    people = keyed(
        pd.DataFrame(
            {
                "contribution_id": [f"r{n}" for n in range(90)],
                "territory": ["rural"] * 69 + ["urbain"] * 11 + ["outre_mer"] * 10,
            }
        )
    )
    said = pd.DataFrame(
        {"contribution_id": people["contribution_id"][::7], "scheme": "theme", "code": "presence"}
    )
    table, _ = published(said, people, codes={"theme": ["presence", "acces"]}, groupings=["territory"])
    by_group = table.groupby("group")["share"].count()
    assert by_group.to_dict() == {"outre_mer": 0, "rural": 2, "urbain": 2}
    hidden = table[table["group"] == "outre_mer"]
    assert hidden[["respondents", "mentions", "share", "low", "high"]].isna().all(axis=None)


def feasible(
    sizes: list[int], shown: list[int], edges: list[str], total: int, unknown: int
) -> list[set[int]]:
    """Every count of every group that the rule and the total leave possible, by trying them all."""
    ranges = []
    for size, count, edge in zip(sizes, shown, edges, strict=True):
        published = {"few": range(3), "nearly_all": range(size - 2, size + 1)}.get(edge, [count])
        ranges.append(
            sorted(
                {
                    real
                    for one in published
                    for real in range(max(0, one - 3), min(size, one + 3) + 1)
                    if (real not in (0, size) or one == real) and one <= total
                }
            )
        )
    possible: list[set[int]] = [set() for _ in sizes]
    for counts in itertools.product(*ranges):
        if 0 <= total - sum(counts) <= unknown:
            for group, count in zip(possible, counts, strict=True):
                group.add(count)
    return possible


@pytest.mark.parametrize("total", [1, 2, 3, 4, 6, 12, 40, 157])
@pytest.mark.parametrize("unknown", [0, 16])
def test_the_exact_total_over_everyone_gives_no_count_of_a_group_away(total, unknown):
    generator = np.random.default_rng(total)
    groups = pd.Series(generator.choice(["rural", "urbain", "outre_mer"], 160), dtype="string")
    groups[:unknown] = pd.NA
    keys = pd.Series(generator.integers(2**40, size=160))
    mentions = []
    for code in range(40):
        likely = np.where((groups == "rural").fillna(False), generator.choice([1.0, 50.0]), 1.0)
        who = generator.choice(160, total, replace=False, p=likely / likely.sum())
        mentions.append(pd.DataFrame({"contribution_id": who, "code": code}))
    shown = published_counts(pd.concat(mentions), groups, keys, pd.DataFrame({"code": range(40)}))
    for _, cells in shown.groupby("code"):
        counts, sizes = cells["mentions"].tolist(), cells["respondents"].tolist()
        assert max(counts) <= total
        left = feasible(sizes, counts, cells["edge"].tolist(), total, unknown)
        assert min(map(len, left)) > 1


def test_three_people_of_three_groups_are_drawn_again_rather_than_given_away():
    generator = np.random.default_rng(7)
    groups = pd.Series(["rural"] * 60 + ["urbain"] * 50 + ["outre_mer"] * 40, dtype="string")
    keys = pd.Series(generator.integers(2**40, size=150))
    who = np.column_stack(
        [generator.integers(low, high, 800) for low, high in ((0, 60), (60, 110), (110, 150))]
    )
    mentions = pd.DataFrame({"contribution_id": who.ravel(), "code": np.arange(800).repeat(3)})
    shown = published_counts(mentions, groups, keys, pd.DataFrame({"code": range(800)}))
    # 3 in each of three groups, and 3 in all: one in each
    assert not (shown["mentions"].eq(3).groupby(shown["code"]).sum() == 3).any()
