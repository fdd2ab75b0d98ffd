"""The maps of a figure before anything is drawn: which parts of the country, in kilometres around their middle.

Each is a Lambert conformal projection of its own. Outlines are kept where a file gives them; elsewhere the communes themselves,
one dot each, show the territory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psq_analysis.disclosure.areas import MAINLAND, panel_of
from psq_analysis.french.labels import department_name
from psq_analysis.places.outlines import Ring
from psq_analysis.places.regions import region_departments

EARTH_RADIUS = 6371.0  # km, of the sphere that stands for the Earth
MARGIN = 0.07  # of a map's width: room for circles and labels at its edge
MIN_EXTENT = 20.0  # km across: a single commune is still drawn in its surroundings
# Background communes are thinned to one per cell, and outlines snapped to a grid, of this many steps across the map: finer is not
# seen, and weighs on the page.
DOT_STEPS, OUTLINE_STEPS = 90, 1_400
# Around Paris circles lie on each other on a map of the country: from this many areas there, and this many kilometres across, the
# region is drawn again in a frame.
CROWDED, WHOLE_COUNTRY = 4, 400.0
# One commune in a hundred at either end is left out of the map when it then takes less than 0.8 of the room: isolated points.
FAR, COMPACT = 0.01, 0.8
CAPITAL = "Île-de-France"
Points = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """One map: its title, the areas on it, and what shows the territory, in kilometres east and north of its middle.

    ``areas``: rows of the published areas, with ``x`` and ``y``; ``named``: whether their names stand here.
    """

    title: str
    areas: pd.DataFrame
    named: pd.Series
    ground: Points
    outlines: list[Points]
    low: Points
    high: Points

    @property
    def extent(self) -> Points:
        """Width and height, in kilometres."""
        return self.high - self.low

    def moved(self, points: Points) -> Panel:
        """Return the same map, its areas at other points."""
        return replace(self, areas=self.areas.assign(x=points[:, 0], y=points[:, 1]))


def panels(areas: pd.DataFrame, communes: pd.DataFrame, contours: Sequence[Ring]) -> list[Panel]:
    """Return the maps of the located ``areas``: the mainland first, or else the island with most respondents; then the others.

    ``communes``: ``department_code``, ``lat``, ``lng`` of those that show the territory.
    """
    of_commune = communes["department_code"].map(panel_of)
    of_area = areas["department_code"].map(panel_of, na_action="ignore").fillna(MAINLAND)
    sizes = areas["respondents"].groupby(of_area).sum()
    names = sorted(sizes.index, key=lambda name: (name != MAINLAND, -sizes[name], name))
    capital = region_departments(CAPITAL)
    near_paris = areas["department_code"].isin(capital) | (areas["area"] == f"region:{CAPITAL}")
    drawn = []
    for name in names:
        here = areas[of_area == name]
        title = "" if name == MAINLAND else department_name(name)
        drawn.append(_panel(title, here, communes[of_commune == name], contours))
        if name == MAINLAND and near_paris.sum() >= CROWDED and max(drawn[0].extent) > WHOLE_COUNTRY:
            again = communes[communes["department_code"].isin(capital)]
            close = _panel(CAPITAL, here[near_paris[here.index]], again, contours)
            drawn = [_panel(title, here, communes[of_commune == name], contours, named=~near_paris), close]
    return drawn


def _panel(
    title: str,
    areas: pd.DataFrame,
    communes: pd.DataFrame,
    contours: Sequence[Ring],
    *,
    named: pd.Series | None = None,
) -> Panel:
    territory = communes[["lng", "lat"]].to_numpy(float)
    places = np.vstack([territory, areas[["lng", "lat"]].to_numpy(float)])
    around = [ring for ring in contours if _meets(ring, places.min(axis=0), places.max(axis=0))]
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    origin = (float(middle[0]), float(middle[1]))
    outlines = [_projected(ring, origin) for ring in around]
    points = _projected(areas[["lng", "lat"]].to_numpy(float), origin)
    low, high = _bounds(_projected(territory, origin), np.vstack([points, *outlines]))
    extent = max(MIN_EXTENT, *(high - low))
    room = np.maximum(MARGIN * extent, (MIN_EXTENT - (high - low)) / 2)
    ground = _projected(territory[~_covered(territory, around)], origin)
    snapped = [_snapped(ring, extent / OUTLINE_STEPS) for ring in outlines]
    return Panel(
        title=title,
        areas=areas.assign(x=points[:, 0], y=points[:, 1]),
        named=pd.Series(True, index=areas.index) if named is None else named[areas.index],
        ground=_thinned(ground[((ground >= low - room) & (ground <= high + room)).all(axis=1)], extent),
        outlines=[ring for ring in snapped if len(ring) > 3],
        low=low - room,
        high=high + room,
    )


def _bounds(territory: Points, marks: Points) -> tuple[Points, Points]:
    """Return the corners of what must be seen; a few communes far from the others do not make the map much smaller."""
    everything = np.vstack([territory, marks])
    low, high = everything.min(axis=0), everything.max(axis=0)
    if len(territory):
        near = np.vstack([np.quantile(territory, [FAR, 1 - FAR], axis=0), marks])
        inner_low, inner_high = near.min(axis=0), near.max(axis=0)
        isolated = inner_high - inner_low < COMPACT * (high - low)
        low, high = np.where(isolated, inner_low, low), np.where(isolated, inner_high, high)
    return low, high


def _meets(ring: Ring, low: Points, high: Points) -> bool:
    """Tell whether the middle of a ring lies on a map, its edges included."""
    middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
    room = (high - low) * MARGIN
    return bool(((middle >= low - room) & (middle <= high + room)).all())


def _covered(places: Points, rings: Sequence[Ring]) -> NDArray[np.bool_]:
    """Tell which places lie within the bounds of some outline: there the outline shows the territory."""
    inside = np.zeros(len(places), dtype=bool)
    for ring in rings:
        inside |= ((places >= ring.min(axis=0)) & (places <= ring.max(axis=0))).all(axis=1)
    return inside


def _projected(places: Points, origin: tuple[float, float]) -> Points:
    """Lambert conformal conic tangent at the origin (Snyder 1987, equations 15-1 to 15-4): kilometres east and north of it.

    >>> _projected(np.array([[2.0, 46.0], [2.0, 47.0]]), (2.0, 46.0)).round(1).tolist()
    [[0.0, 0.0], [0.0, 111.2]]
    """
    longitude, latitude = np.radians(places).T
    start, parallel = (math.radians(angle) for angle in origin)
    # at the equator the cone opens into a cylinder: half a degree away the difference is not seen
    parallel = math.copysign(max(abs(parallel), math.radians(0.5)), parallel)
    cone = math.sin(parallel)

    def reach(angle: Any) -> Any:
        return np.tan(math.pi / 4 + angle / 2) ** -cone

    unit = EARTH_RADIUS * math.cos(parallel) / (cone * reach(parallel))
    turn = cone * (longitude - start)
    radius = unit * reach(latitude)
    middle = unit * reach(math.radians(origin[1]))
    return np.column_stack([radius * np.sin(turn), middle - radius * np.cos(turn)])


def _thinned(points: Points, extent: float) -> Points:
    """Keep one point a cell, in the cell's order, so that thirty thousand communes read as an even ground."""
    step = extent / DOT_STEPS
    _, first = np.unique(np.floor(points / step), axis=0, return_index=True)
    return points[np.sort(first)]


def _snapped(ring: Points, step: float) -> Points:
    """Move corners to a grid and drop those that fall together: neighbours that share a border still share it."""
    on_grid = np.round(ring / step) * step
    moved = np.any(np.diff(on_grid, axis=0) != 0, axis=1)
    return on_grid[np.concatenate([[True], moved])]
