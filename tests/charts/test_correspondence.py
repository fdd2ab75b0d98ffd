"""The map: labels cover neither each other nor a point, badly represented points are set back, no count can be read."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from consultations import consultation
from psq_analysis.charts import correspondence as charts_correspondence
from psq_analysis.comparison import correspondence

NAMES = {("theme", code): f"Thème {code} de la grille" for code in "abcde"}


@pytest.fixture(scope="module")
def drawn():
    return correspondence.correspondence_map(*consultation(500), seed=1)


def _boxes(annotations: list, size: tuple[int, int], ranges: tuple) -> list[tuple[float, ...]]:
    """Where labels fall, in pixels, recomputed from the ranges of the axes."""
    boxes = []
    for text in annotations:
        x, y = (
            (text[name] - ends[0]) / (ends[1] - ends[0]) * length + text[f"{name}shift"]
            for name, ends, length in zip("xy", ranges, size, strict=True)
        )
        half = charts_correspondence.LETTER * len(text["text"].replace("<b>", "").replace("</b>", "")) / 2
        boxes.append((x - half, y - 7, x + half, y + 7))
    return boxes


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_no_two_labels_of_the_map_overlap_on_paper_or_on_a_phone(drawn, width):
    layout = charts_correspondence.chart(drawn, "territory×stakeholder", NAMES).layout.to_plotly_json()
    size = charts_correspondence.WIDE
    if width == "narrow":
        layout, size = layout["meta"]["narrow"]["layout"], charts_correspondence.NARROW
    boxes = _boxes(layout["annotations"], size, (layout["xaxis"]["range"], layout["yaxis"]["range"]))
    assert len(boxes) == len(drawn.points)
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_points_the_map_shows_badly_are_set_back_and_have_no_ellipse(drawn):
    points = drawn.points.assign(is_well_represented=[rank % 2 == 0 for rank in range(len(drawn.points))])
    figure = charts_correspondence.chart(
        drawn.__class__(points, drawn.inertia), "territory×stakeholder", NAMES
    )
    shown = [one for trace in figure.data for one in trace.marker.opacity]
    assert shown.count(charts_correspondence.FADED) == (~points["is_well_represented"]).sum()
    assert sum(shape.type == "path" for shape in figure.layout.shapes) == points["is_well_represented"].sum()


def test_coordinates_are_rounded_and_no_count_is_shown(drawn):
    figure = charts_correspondence.chart(drawn, "territory×stakeholder", NAMES)
    for trace in figure.data:
        for value in [*trace.x, *trace.y]:
            assert value == pytest.approx(round(value, 2), abs=1e-12)
    assert list(figure.layout.meta["table"]["columns"]) == ["Point", "Nature", "Axe horizontal", "Axe vertical", "Qualité"]  # fmt: skip


def test_too_few_groups_are_said_in_a_sentence_and_explained_by_nothing():
    empty = correspondence.correspondence_map(
        pd.DataFrame(columns=["contribution_id", "scheme", "code"]), consultation(50)[1], seed=1
    )
    assert "Trop peu de groupes" in str(charts_correspondence.chart(empty, "territory×stakeholder", NAMES))
    assert str(charts_correspondence.how_to_read(empty)) == ""
