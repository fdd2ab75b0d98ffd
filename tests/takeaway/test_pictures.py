"""Pictures drawn without a browser."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from psq_analysis.takeaway import pictures


@pytest.mark.parametrize("as_given", [list, np.array], ids=["lists", "arrays"])
def test_a_figure_is_drawn_the_same_whether_its_values_came_as_lists_or_arrays(as_given) -> None:
    """Plotly writes an array as base64: the picture must hold its values, not the two keys of that writing."""
    drawn = []
    for given in (list, as_given):
        dots = go.Scatter(
            x=given([0.1, 0.2, 0.4]), y=given([1, 2, 3]), mode="markers",
            marker={"size": given([8, 9, 10]), "color": ["#0000ff", "rgba(255,0,0,0.5)", "#00ff00"]},
        )  # fmt: skip
        line = go.Scatter(x=given([0.0, 1.0]), y=given([0.0, 4.0]), mode="lines")
        figure = go.Figure(
            [dots, line], {"height": 200, "xaxis": {"range": [0, 1]}, "yaxis": {"range": [0, 4]}}
        )
        drawn.append(pictures.picture(figure.to_plotly_json(), "png"))
        drawn.append(pictures.picture(json.loads(figure.to_json()), "png"))
    assert len(set(drawn)) == 1
