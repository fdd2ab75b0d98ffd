"""Outlines for the map: polygons of a GeoJSON file (RFC 7946), checked before anything is drawn of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psq_analysis.errors import BadInput

# Bytes. Outlines of all communes of France at 1:1,000,000 take 45 MB; a larger file is not meant for a page.
MAX_BYTES = 80_000_000
MIN_RING = 4  # positions of the smallest closed ring: a triangle and its first corner again (RFC 7946, 3.1.6)
POLYGONS = ("Polygon", "MultiPolygon")
Ring = NDArray[np.float64]


class BadContours(BadInput):
    """A file given as outlines is not GeoJSON, or holds no polygon in degrees."""


def load_contours(path: str | Path | None) -> list[Ring]:
    """Read the polygons of a GeoJSON file as rings: arrays of positions, longitude then latitude, degrees WGS84.

    Nothing but coordinates is read: neither names nor properties reach the page. Without a path, no ring. Raises
    :class:`BadContours` for what is not GeoJSON, has no polygon, or is not in degrees (a French file may be in Lambert 93).

    >>> load_contours(None)
    []
    """
    if path is None:
        return []
    path = Path(path)
    where = f"Contours « {path.name} »"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadContours(
                f"{where} : fichier de plus de {MAX_BYTES // 10**6} Mo. Simplifiez les contours, ou ne gardez que votre territoire."
            )
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        rings = [_checked(ring, where) for ring in _rings(content)]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadContours(
            f"{where} : illisible ({type(error).__name__}). Il faut un fichier GeoJSON en UTF-8."
        ) from error
    except RecursionError as error:
        raise BadContours(f"{where} : trop d'éléments emboîtés. Il faut un GeoJSON simple.") from error
    if not rings:
        raise BadContours(
            f"{where} : aucun polygone n'y est décrit. Il faut un GeoJSON de surfaces (Polygon ou MultiPolygon)."
        )
    return rings


def _rings(content: Any) -> Iterator[Any]:
    """Yield the rings of a feature collection, a feature or a geometry; anything else holds none."""
    if not isinstance(content, dict):
        return
    kind = content.get("type")
    if kind == "FeatureCollection":
        parts = content.get("features")
    elif kind == "GeometryCollection":
        parts = content.get("geometries")
    elif kind == "Feature":
        parts = [content.get("geometry")]
    else:
        parts = []
    for part in parts if isinstance(parts, list) else []:
        yield from _rings(part)
    if kind in POLYGONS:
        polygons = content.get("coordinates")
        for polygon in (
            [polygons] if kind == "Polygon" else polygons if isinstance(polygons, list) else [None]
        ):
            yield from polygon if isinstance(polygon, list) and polygon else [None]


def _checked(ring: Any, where: str) -> Ring:
    if not isinstance(ring, list) or len(ring) < MIN_RING or not all(map(_is_position, ring)):
        raise BadContours(
            f"{where} : un contour n'est pas une suite d'au moins {MIN_RING} positions [longitude, latitude]. Refaites l'export en GeoJSON."
        )
    positions = np.array([position[:2] for position in ring], dtype=float)
    longitudes, latitudes = np.abs(positions).max(axis=0)
    if longitudes > 180 or latitudes > 90:
        raise BadContours(
            f"{where} : les coordonnées ne sont pas en degrés (longitude, latitude WGS84). Exportez-les dans ce système, pas en Lambert 93."
        )
    return positions


def _is_position(position: Any) -> bool:
    return (
        isinstance(position, list)
        and len(position) >= 2
        and all(_is_number(coordinate) for coordinate in position[:2])
    )


def _is_number(coordinate: Any) -> bool:
    is_number = isinstance(coordinate, int | float) and not isinstance(coordinate, bool)
    return is_number and abs(coordinate) < 1e300 and math.isfinite(coordinate)
