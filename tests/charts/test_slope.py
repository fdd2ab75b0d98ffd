"""Waves side by side: every line has its name, no two names cover each other, one wave makes no chart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from consultations import published
from psq_analysis.charts import slope

NAMES = {("theme", code): f"Thème {code}" for code in "abcdef"}


def _prevalence(waves: int) -> pd.DataFrame:
    generator = np.random.default_rng(4)
    people = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(600)], "wave": [str(1 + n % waves) for n in range(600)]}
    )
    matrix = generator.random((600, 6)) < [0.4, 0.41, 0.42, 0.3, 0.31, 0.6]
    who, what = np.nonzero(matrix)
    said = pd.DataFrame(
        {
            "contribution_id": people["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": np.array(list("abcdef"))[what],
        }
    )
    return published(said, people, codes={"theme": list("abcdef")}, groupings=["all", "wave"])[0]


def test_every_theme_has_its_line_its_interval_and_its_name_clear_of_the_others():
    figure = slope.chart(_prevalence(2), "theme", NAMES)
    assert len(figure.data) == len(figure.layout.annotations) == 6
    upper = figure.layout.yaxis.range[1]
    heights = sorted(text.y / upper for text in figure.layout.annotations)
    assert min(np.diff(heights)) >= slope.ROOM - 1e-9
    for line in figure.data:
        assert (np.array(line.error_y.array) > 0).all()
    assert len(figure.layout.meta["table"]["rows"]) == 12
    assert figure.layout.meta["subtitle"].endswith("vague 1 : n = 300 ; vague 2 : n = 300")


def test_a_single_wave_is_said_not_drawn():
    assert "une seule vague" in str(slope.chart(_prevalence(1), "theme", NAMES))
