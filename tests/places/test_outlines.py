"""Outlines come from a file anyone may have made: what is drawn is polygons in degrees, the rest is refused in one French sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from psq_analysis.places.outlines import BadContours, load_contours

SQUARE = [[0.5, 43.6], [0.7, 43.6], [0.7, 43.8], [0.5, 43.6]]


def written(folder: Path, content: object) -> Path:
    file = folder / "contours.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def polygon(*rings: object, kind: str = "Polygon") -> dict[str, object]:
    return {"type": kind, "coordinates": list(rings)}


def collection(*geometries: object, **properties: object) -> dict[str, object]:
    features = [{"type": "Feature", "geometry": one, "properties": properties} for one in geometries]
    return {"type": "FeatureCollection", "features": features}


@pytest.mark.parametrize(
    ("content", "rings"),
    [
        (collection(polygon(SQUARE)), 1),
        (collection(polygon(SQUARE, SQUARE), polygon([SQUARE], [SQUARE], kind="MultiPolygon")), 4),
        ({"type": "Feature", "geometry": polygon(SQUARE), "properties": None}, 1),
        (polygon(SQUARE), 1),
        ({"type": "GeometryCollection", "geometries": [polygon(SQUARE)]}, 1),
        (collection(None, polygon(SQUARE), {"type": "Point", "coordinates": [0.5, 43.6]}), 1),
        (collection(polygon([[*place, 120.0] for place in SQUARE])), 1),
        ("\ufeff" + json.dumps(collection(polygon(SQUARE))), 1),
    ],
)
def test_polygons_are_read_however_they_are_wrapped(content, rings, tmp_path):
    read = load_contours(written(tmp_path, content))
    assert len(read) == rings
    assert all(ring.shape == (4, 2) for ring in read)


def test_nothing_but_coordinates_is_read(tmp_path):
    hostile = collection(polygon(SQUARE), nom="<script>alert(1)</script>", url="https://ailleurs.example")
    (ring,) = load_contours(written(tmp_path, hostile))
    assert ring.tolist() == SQUARE


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "illisible"),
        ("<html></html>", "illisible"),
        ("[" * 100_000, "illisible|emboîtés"),
        ('{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000, "emboîtés"),
        ([1, 2], "aucun polygone"),
        ({"type": "Topology", "objects": {}}, "aucun polygone"),
        (collection({"type": "Point", "coordinates": [0.5, 43.6]}), "aucun polygone"),
        ({"type": "FeatureCollection", "features": {"type": "Feature"}}, "aucun polygone"),
        (collection(polygon([[529_000, 6_281_000]] * 4)), "Lambert 93"),
        (collection(polygon(SQUARE[:3])), "positions"),
        (collection(polygon([["0.5", "43.6"]] * 4)), "positions"),
        (collection(polygon([[True, False]] * 4)), "positions"),
        (collection(polygon([None] * 4)), "positions"),
        (collection(polygon("0.5 43.6")), "positions"),
        (collection({"type": "Polygon"}), "positions"),
        (collection({"type": "MultiPolygon", "coordinates": 5}), "positions"),
        (json.dumps(collection(polygon(SQUARE))).replace("0.7", "NaN"), "positions"),
        (json.dumps(collection(polygon(SQUARE))).replace("0.7", "1e999"), "positions"),
        (json.dumps(collection(polygon(SQUARE))).replace("0.7", "9" * 400), "positions"),
    ],
)
def test_anything_else_is_refused_in_one_french_sentence(content, says, tmp_path):
    with pytest.raises(BadContours, match=says) as refused:
        load_contours(written(tmp_path, content))
    assert str(refused.value).startswith("Contours « contours.geojson » : ")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(BadContours, match="illisible"):
        load_contours(tmp_path / "absent.geojson")
    file = tmp_path / "archive.geojson"
    file.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(BadContours, match="illisible"):
        load_contours(file)


def test_a_file_too_heavy_for_a_page_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("psq_analysis.places.outlines.MAX_BYTES", 100)
    with pytest.raises(BadContours, match="Simplifiez"):
        load_contours(written(tmp_path, collection(polygon(SQUARE))))


@pytest.mark.parametrize(
    ("name", "rings"), [("communes-32-gers.geojson", 464), ("qpv_occitanie_4dept.geojson", 34)]
)
def test_outlines_as_published_are_read(name, rings, shared):
    read = load_contours(shared / "data" / name)
    assert len(read) == rings
    assert all((abs(ring[:, 0]) < 6).all() and ((ring[:, 1] > 42) & (ring[:, 1] < 45)).all() for ring in read)
