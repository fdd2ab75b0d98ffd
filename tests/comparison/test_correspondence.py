"""The correspondence map; the oracle is the singular value decomposition written out, and known structures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from consultations import consultation
from psq_analysis.comparison.correspondence import correspondence_map


def counts(said: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    where = said["contribution_id"].map(people.set_index("contribution_id")["territory"])
    table = pd.crosstab(said["code"], where)
    return table.drop(columns="indetermine")


def test_the_map_is_the_singular_value_decomposition_of_the_residuals(exact_counts):
    said, people = consultation()
    drawn = correspondence_map(said, people, seed=1, grouping="territory")
    profile = counts(said, people) / counts(said, people).to_numpy().sum()
    r, c = profile.sum(axis=1).to_numpy(), profile.sum(axis=0).to_numpy()
    u, s, vt = np.linalg.svd(
        (profile.to_numpy() - np.outer(r, c)) / np.sqrt(np.outer(r, c)), full_matrices=False
    )
    points = drawn.points.set_index(["kind", "name"])
    rows = u[:, :2] * s[:2] / np.sqrt(r)[:, None]
    columns = vt.T[:, :2] * s[:2] / np.sqrt(c)[:, None]
    assert np.abs(points.loc["code", ["x", "y"]].to_numpy(float)) == pytest.approx(np.abs(rows), abs=1e-8)
    assert np.abs(points.loc["group", ["x", "y"]].to_numpy(float)) == pytest.approx(np.abs(columns), abs=1e-8)
    assert drawn.inertia == pytest.approx(tuple(s[:2] ** 2 / (s**2).sum()))
    whole = u * s / np.sqrt(r)[:, None]
    quality = (whole[:, :2] ** 2).sum(axis=1) / (whole**2).sum(axis=1)
    assert points.loc["code", "quality"].to_numpy() == pytest.approx(quality)
    by_axis = points.groupby("kind")[["contribution_x", "contribution_y"]].sum()
    assert by_axis.to_numpy() == pytest.approx(np.ones((2, 2)))


def test_a_theme_lies_on_the_side_of_the_territory_that_speaks_of_it():
    points = correspondence_map(*consultation(), seed=1, grouping="territory").points.set_index("name")
    for theme, territory, elsewhere in (("a", "rural", "urbain"), ("b", "urbain", "rural")):
        here = np.linalg.norm(
            (points.loc[theme, ["x", "y"]] - points.loc[territory, ["x", "y"]]).astype(float)
        )
        there = np.linalg.norm(
            (points.loc[theme, ["x", "y"]] - points.loc[elsewhere, ["x", "y"]]).astype(float)
        )
        assert here < there


def test_ellipses_shrink_as_the_root_of_the_number_of_respondents():
    few = correspondence_map(*consultation(400), seed=1, grouping="territory").points.set_index("name")
    many = correspondence_map(*consultation(6400), seed=1, grouping="territory").points.set_index("name")
    ratio = (few["ellipse_width"] / many["ellipse_width"])[["rural", "urbain", "a", "b"]].median()
    assert ratio == pytest.approx(4, rel=0.3)


def test_the_same_seed_draws_the_same_map_whatever_the_order_of_rows():
    said, people = consultation()
    once = correspondence_map(said, people, seed=1).points
    again = correspondence_map(
        said.sample(frac=1, random_state=3), people.sample(frac=1, random_state=4), seed=1
    ).points
    pd.testing.assert_frame_equal(once, again)


def test_small_groups_and_unknown_places_are_not_on_the_map():
    said, people = consultation(300)
    points = correspondence_map(said, people, seed=1).points
    shown = set(points.loc[points["kind"] == "group", "name"])
    crossed = (people["territory"] + " × " + people["stakeholder"]).value_counts()
    assert shown == {name for name, size in crossed.items() if size >= 11 and "indetermine" not in name}
    assert "respondents" not in points


def test_too_few_groups_make_no_map():
    said, people = consultation(300)
    assert correspondence_map(said, people, seed=1, grouping="stakeholder") is None
    assert correspondence_map(said.head(0), people, seed=1, grouping="territory") is None
