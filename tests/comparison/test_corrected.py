"""Shares corrected by readings cover the truth as often as they say, and lose nothing where the machine is no help."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from psq_analysis.comparison.corrected import (
    badges,
    correct_by_readings,
    corrected_share,
    readings_for,
    sample_respondents,
)
from psq_analysis.comparison.shares import shares
from psq_analysis.proportions import wilson
from psq_analysis.respondents.design import design


def consultation(
    draw: np.random.Generator, *, respondents: int, share: float, missed: float, added: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What people would find, what the machine finds, and the stratum of each respondent."""
    truth = draw.random(respondents) < share
    machine = np.where(truth, draw.random(respondents) > missed, draw.random(respondents) < added)
    return truth, machine, np.minimum((draw.random(respondents) * 3).astype(int), 2)


def drawn(draw: np.random.Generator, stratum: np.ndarray, number: int) -> np.ndarray:
    members = [draw.permutation(np.flatnonzero(stratum == name)) for name in range(3)]
    return np.concatenate([rows[: number // 3] for rows in members])


@pytest.mark.parametrize(
    ("respondents", "number", "share", "missed", "added"),
    [
        (399, 42, 0.4, 0.2, 0.1),
        (399, 84, 0.1, 0.3, 0.03),
        (399, 168, 0.6, 0.1, 0.3),
        (5_000, 84, 0.4, 0.2, 0.1),
        (5_000, 168, 0.1, 0.3, 0.03),
    ],
)
def test_intervals_cover_the_truth_95_times_in_100_and_the_raw_ones_do_not(
    respondents: int, number: int, share: float, missed: float, added: float
) -> None:
    draw = np.random.default_rng(1)
    covered, narrower = [], []
    for _ in range(400):
        truth, machine, stratum = consultation(
            draw, respondents=respondents, share=share, missed=missed, added=added
        )
        read = drawn(draw, stratum, number)
        found = corrected_share(machine, stratum, read, truth[read])
        alone = corrected_share(np.zeros(respondents, bool), stratum, read, truth[read])
        covered.append(found.low <= share <= found.high)
        narrower.append((found.high - found.low) < (alone.high - alone.low))
    assert 0.925 <= np.mean(covered) <= 0.99
    assert np.mean(narrower) > 0.9


def test_a_machine_no_better_than_chance_is_not_followed() -> None:
    draw = np.random.default_rng(2)
    truth, _, stratum = consultation(draw, respondents=1_000, share=0.3, missed=0.0, added=0.0)
    machine, read = draw.random(1_000) < 0.5, drawn(draw, stratum, 300)
    found = corrected_share(machine, stratum, read, truth[read])
    assert found.machine < 0.15
    assert found.share == pytest.approx(0.3, abs=0.06)


def test_everyone_read_is_their_own_share_with_its_usual_interval() -> None:
    draw = np.random.default_rng(3)
    truth, machine, stratum = consultation(draw, respondents=300, share=0.3, missed=0.2, added=0.1)
    found = corrected_share(machine, stratum, np.arange(300), truth)
    low, high = wilson(truth.sum(), 300)
    assert (found.share, found.low, found.high) == pytest.approx(
        (truth.mean(), float(low), float(high)), abs=1e-6
    )


def test_clusters_widen_the_interval_and_no_reading_leaves_none() -> None:
    draw = np.random.default_rng(4)
    truth, machine, stratum = consultation(draw, respondents=300, share=0.3, missed=0.2, added=0.1)
    read = drawn(draw, stratum, 90)
    once, twice = (corrected_share(machine, stratum, read, truth[read], design_effect=d) for d in (1.0, 2.0))
    assert twice.high - twice.low > once.high - once.low
    assert np.isnan(corrected_share(machine, stratum, read[:0], truth[:0]).share)


def test_the_sample_gives_each_voice_ten_readings_or_all_it_has_whatever_the_order_of_rows() -> None:
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{number:04d}" for number in range(1_046)],
            "stakeholder": ["habitants"] * 900 + ["policiers"] * 100 + ["élus"] * 40 + ["bailleurs"] * 6,
        }
    )
    chosen = sample_respondents(people, seed=5)
    by_voice = chosen["stratum"].value_counts()
    assert by_voice["bailleurs"] == 6
    assert by_voice["élus"] >= 10
    assert by_voice["habitants"] > by_voice["policiers"] > by_voice["élus"]
    assert 85 <= len(chosen) <= 87
    assert chosen["contribution_id"].is_unique
    assert 0.2 <= chosen["read_twice"].mean() <= 0.25
    again = sample_respondents(people.sample(frac=1, random_state=9), seed=5)
    pd.testing.assert_frame_equal(chosen, again)


def test_more_readings_are_asked_for_a_narrower_interval() -> None:
    assert readings_for(0.03, respondents=70_000) > readings_for(0.05, respondents=70_000)
    assert readings_for(0.05, agreement=0.9, respondents=70_000) < readings_for(0.05, respondents=70_000)


def test_prevalence_is_corrected_where_people_read_and_nowhere_else() -> None:
    draw = np.random.default_rng(5)
    n = 600
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{k}" for k in range(n)],
            "stakeholder": ["habitants"] * 500 + ["élus"] * 100,
            "territory": ["rural"] * 300 + ["urbain"] * 300,
            "record_key": draw.integers(0, 2**31, n),
        }
    )
    truth = draw.random(n) < 0.4
    machine = np.where(
        draw.random(n) < 0.8, truth, ~truth
    )  # wrong one time in five: finds 48 % instead of 40 %
    said = people.loc[machine, ["contribution_id"]].assign(scheme="theme", code="acces")
    likeness = design(said, people)
    prevalence = shares(said, people, design=likeness, codes={"theme": ["acces", "presence"]})
    rural = draw.permutation(300)[:150]
    read = people.iloc[np.r_[rural, 300 + draw.permutation(300)[:20]]]
    readings = read[["contribution_id"]].assign(scheme="theme", code="acces", mentioned=truth[read.index])
    found = correct_by_readings(prevalence, readings, said, people, design=likeness)
    cells = found.set_index(["code", "grouping", "group"])
    everyone = cells.loc[("acces", "all", "all")]
    assert abs(everyone["share_corrected"] - truth.mean()) < abs(everyone["share"] - truth.mean())
    assert everyone["low_corrected"] < truth.mean() < everyone["high_corrected"]
    assert cells.loc[("acces", "territory", "rural"), "share_corrected"] > 0
    assert pd.isna(
        cells.loc[("acces", "territory", "urbain"), "share_corrected"]
    )  # twenty readings are too few
    assert pd.isna(cells.loc[("presence", "all", "all"), "share_corrected"])  # nobody read under that code
    # the same, once the codes of those who were read are people's: what the machine is worth shows only in its own codes
    recoded = pd.concat(
        [said[~said["contribution_id"].isin(read["contribution_id"])], readings[readings["mentioned"]]]
    )[["contribution_id", "scheme", "code"]]
    after = shares(recoded, people, design=likeness, codes={"theme": ["acces", "presence"]})
    again = correct_by_readings(after, readings, recoded, people, design=likeness, by_machine=said)
    assert again.set_index(["code", "grouping", "group"]).loc[
        ("acces", "all", "all"), "share_corrected"
    ] == pytest.approx(everyone["share_corrected"])


def test_a_respondent_readers_differ_about_counts_for_half_and_says_nothing_of_the_machine() -> None:
    machine, stratum = np.zeros(40, dtype=bool), np.zeros(40, dtype=int)
    assert corrected_share(
        machine, stratum, np.arange(4), np.array([1.0, 0.5, 0.0, 0.5])
    ).share == pytest.approx(0.5)
    read = pd.DataFrame(
        {"contribution_id": list("abc"), "scheme": "theme", "code": "acces", "mentioned": [1.0, 0.5, 0.0]}
    )
    found = badges(read, read[["contribution_id", "scheme", "code"]])
    assert found[["readings", "people", "machine"]].values.tolist() == [[2, 1, 2]]
