"""The map shows the published areas and nothing else, in their place, at one scale a frame, on a screen and on a phone."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from psq_analysis.charts import map, map_layout
from psq_analysis.disclosure import areas
from psq_analysis.gate import pages
from psq_analysis.html.fragments import Fragment
from psq_analysis.places.communes import load_communes

NAMES = {("theme", "presence"): "Présence sur la voie publique"}
SQUARE = np.array([[0.0, 43.4], [1.2, 43.4], [1.2, 44.0], [0.0, 44.0], [0.0, 43.4]])


def area(key: str, name: str, n: int, place: tuple[float, float] | None, **more: object) -> dict[str, object]:
    level = key.split(":", maxsplit=1)[0]
    lat, lng = place or (math.nan, math.nan)
    row = {"area": key, "level": level, "name": name, "department_code": "32", "is_rest": False, "is_exact": True, "respondents": n,
           "lat": lat, "lng": lng, "mentions": math.nan, "edge": "", "share": math.nan, "low": math.nan, "high": math.nan}  # fmt: skip
    return row | more


def located(*rows: dict[str, object], elsewhere: int = 0, code: tuple[str, str] | None = None) -> areas.Areas:
    communes = load_communes().assign(area="")
    held = communes["department_code"].isin({row["department_code"] for row in rows})
    return areas.Areas(
        areas=pd.DataFrame(rows, columns=[*areas.AREAS, *areas.SHARES]),
        elsewhere=elsewhere,
        communes=communes.loc[held, ["area", "department_code", "lat", "lng"]],
        code=code,
    )


AUCH = area("commune:32013", "Auch", 60, (43.65, 0.58), mentions=30, share=0.5, low=0.38, high=0.62)
REST = area("department:32", "32", 44, (43.66, 0.56), is_rest=True)
REUNION = area("department:974", "974", 24, (-21.1, 55.5), department_code="974")
OVERSEAS = area("region:Outre-mer", "Outre-mer", 15, None, department_code=None)


def drawn(found: areas.Areas, contours: list[np.ndarray] | None = None):
    return map.answers_map(found, contours or [], NAMES, caption="Répondants par lieu")


def circles(figure) -> list:
    return [trace for trace in figure.data if trace.hoverinfo == "text"]


def texts(layout) -> list[str]:
    return [text["text"] for text in layout["annotations"]]


def test_each_area_has_its_circle_its_name_and_its_row():
    figure = drawn(located(AUCH, REST, elsewhere=12, code=("theme", "presence")))
    (trace,) = circles(figure)
    assert len(trace.x) == 2
    assert {"Auch <b>60</b>", "Gers, ailleurs <b>44</b>"} <= set(texts(figure.to_dict()["layout"]))
    assert figure.layout.meta["table"]["rows"] == [
        ["Auch", "Commune", "60", "30", "50\u202f%", "[38\u202f; 62]"],
        ["Gers, ailleurs", "Département", "44", "non publié", "non publié", "—"],
        ["Ailleurs ou lieu inconnu", "—", "12", "non publié", "non publié", "—"],
    ]
    assert "n = 116, dont 12 sans place sur la carte" in figure.layout.meta["subtitle"]
    assert "Auch d'abord, 52" in figure.layout.meta["title"]


def test_the_surface_of_a_circle_is_in_proportion_to_its_respondents():
    (trace,) = circles(drawn(located(AUCH, area("commune:32107", "Condom", 15, (43.96, 0.37)))))
    large, small = trace.marker.size
    assert large**2 / small**2 == pytest.approx(60 / 15, rel=0.01)


def test_a_commune_stands_in_its_place_and_a_merged_area_beside_it():
    (trace,) = circles(drawn(located(AUCH, REST)))
    (alone,) = circles(drawn(located(AUCH)))
    assert (trace.x[0], trace.y[0]) == pytest.approx((alone.x[0], alone.y[0]), abs=0.05)
    distance = math.dist((trace.x[0], trace.y[0]), (trace.x[1], trace.y[1]))
    axis = drawn(located(AUCH, REST)).layout.xaxis.range
    pixels = distance * map_layout.WIDE / (axis[1] - axis[0])
    assert pixels >= sum(trace.marker.size) / 2 - 1


def test_distances_on_the_map_are_kilometres():
    (trace,) = circles(drawn(located(AUCH, area("commune:32107", "Condom", 15, (43.9577, 0.3721)))))
    # great circle between 43.65 N 0.58 E and 43.9577 N 0.3721 E, by the haversine formula on a sphere of 6,371 km
    assert math.dist((trace.x[0], trace.y[0]), (trace.x[1], trace.y[1])) == pytest.approx(38.07, abs=0.15)


def test_overseas_stands_in_a_frame_at_its_own_scale_without_distortion():
    figure = drawn(located(AUCH, REUNION))
    layout = figure.to_dict()["layout"]
    for one in (layout, figure.layout.meta["narrow"]["layout"]):
        assert one["yaxis"]["scaleanchor"] == "x"
        assert one["yaxis2"]["scaleanchor"] == "x2"
        assert one["yaxis2"]["scaleratio"] == 1
        assert "La Réunion" in texts(one)
        assert sum("km" in text for text in texts(one)) == 2  # a scale bar each
    beside, under = layout["xaxis"]["domain"], figure.layout.meta["narrow"]["layout"]["xaxis"]["domain"]
    assert beside[0] > layout["xaxis2"]["domain"][1]
    assert list(under) == [0.0, 1.0]


def test_an_island_alone_is_the_map_itself():
    figure = drawn(located(REUNION))
    assert "xaxis2" not in figure.to_dict()["layout"]


def test_an_area_without_a_place_is_in_the_table_only():
    figure = drawn(located(AUCH, OVERSEAS))
    assert len(circles(figure)[0].x) == 1
    assert ["Outre-mer", "Région", "15"] in figure.layout.meta["table"]["rows"]
    assert "dont 15 sans place sur la carte" in figure.layout.meta["subtitle"]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (located(), "on ne sait pas d'où viennent les réponses"),
        (located(OVERSEAS), "ne donne pas leurs coordonnées"),
    ],
)
def test_without_a_place_one_sentence_says_why_there_is_no_map(found, says):
    said = drawn(found)
    assert isinstance(said, Fragment)
    assert says in said.striptags().replace("&#39;", "'")


def test_outlines_replace_the_dots_they_cover_and_no_others():
    plain, outlined = drawn(located(AUCH)), drawn(located(AUCH), [SQUARE])
    dots = [
        sum(len(trace.x) for trace in one.data if trace.mode == "markers" and trace.hoverinfo == "skip")
        for one in (plain, outlined)
    ]
    assert 0 < dots[1] < dots[0] / 2
    assert outlined.data[0].mode == "lines"
    assert plain.data[0].mode == "markers"


def test_an_outline_far_from_the_answers_is_not_drawn():
    brittany = SQUARE + np.array([-4.0, 4.5])
    assert drawn(located(AUCH), [brittany]).to_json() == drawn(located(AUCH)).to_json()


def test_names_never_cover_each_other_on_a_screen_or_a_phone():
    several = [
        area(f"commune:{n}", f"Commune n° {n}", 60 - n, (43.4 + 0.04 * (n % 12), 0.1 + 0.05 * (n // 6)))
        for n in range(40)
    ]
    figure = drawn(located(*several))
    for layout, width in (
        (figure.to_dict()["layout"], map_layout.WIDE),
        (figure.layout.meta["narrow"]["layout"], map_layout.PHONE),
    ):
        x, y = layout["xaxis"]["range"], layout["yaxis"]["range"]
        tall = (
            figure.layout.meta["narrow"]["height"] if width == map_layout.PHONE else figure.layout.height - 62
        )
        scale = min(width / (x[1] - x[0]), tall / (y[1] - y[0]))
        boxes = []
        for text in layout["annotations"]:
            if "km" in text["text"]:
                continue
            half = len(text["text"].replace("<b>", "").replace("</b>", "")) * map_layout.LETTER / 2
            start = {"left": half, "right": -half, "center": 0.0}[text["xanchor"]]
            middle = (text["x"] * scale + text["xshift"] + start, text["y"] * scale + text["yshift"])
            boxes.append((middle[0] - half, middle[0] + half, middle[1] - 7, middle[1] + 7))
        assert len(boxes) > 3
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                assert (
                    one[1] <= other[0] + 1
                    or other[1] <= one[0] + 1
                    or one[3] <= other[2] + 1
                    or other[3] <= one[2] + 1
                )


def test_the_gate_finds_nothing_in_the_map():
    figure = drawn(located(AUCH, REST, REUNION, elsewhere=12, code=("theme", "presence")))
    assert list(pages.json_spots(json.loads(figure.to_json()), min_cell=11, is_drawing=True)) == []


def test_a_hostile_name_stays_text():
    figure = drawn(located(area("commune:32013", "<img src=x>", 60, (43.65, 0.58))))
    assert any("&lt;img src=x&gt;" in text for text in texts(figure.to_dict()["layout"]))
    assert "<img" not in figure.data[-1].hovertext[0]
