"""Who speaks of what, on one map: correspondence analysis of codes × groups, with the doubt around each point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import prince
from numpy.typing import NDArray
from scipy import stats

from psq_analysis.disclosure.cell_keys import MOST, moved_counts, shift_law
from psq_analysis.proportions import CONFIDENCE
from psq_analysis.respondents.groups import group_of
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import UNDETERMINED

DRAWS = 500  # the ends of an ellipse then move by some 3 % from one seed to the next
WELL_REPRESENTED = (
    0.5  # half of a point's distance to the centre is on the map: below, the map shows mostly something else
)
NO_DIFFERENCE = 1e-12  # an axis that shows less is rounding
AXES = ["x", "y"]
_COLUMNS = [
    "kind",
    "name",
    *AXES,
    "quality",
    "is_well_represented",
    "contribution_x",
    "contribution_y",
]
_ELLIPSES = ["ellipse_width", "ellipse_height", "ellipse_angle"]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class CorrespondenceMap:
    """The points of the map and what its two axes show.

    ``points``: a row per code (``kind`` = ``code``) and group (``group``): ``x``, ``y`` (principal coordinates), ``quality`` (cos², 0 to 1: part of
    the point's distance to the centre that the map shows), ``is_well_represented``, ``contribution_x``, ``contribution_y`` (part of each axis due to the point),
    and the 95 % ellipse of its place: full ``ellipse_width`` and ``ellipse_height`` along its own axes, ``ellipse_angle`` in degrees.
    ``inertia``: the part of all differences that each axis shows.
    """

    points: pd.DataFrame
    inertia: tuple[float, float]


def correspondence_map(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    seed: int,
    scheme: str = "theme",
    grouping: str = "territory×stakeholder",
    min_group: int = MIN_CELL,
    is_part: bool = False,
) -> CorrespondenceMap | None:
    """Map the codes of a scheme and the groups of a grouping, from the number of respondents of each who mention each, moved by random keys (``is_part``: the respondents are
    some of a run's).

    Groups and codes of fewer than ``min_group`` respondents, and groups of undetermined territory, are left out; None when fewer than
    three of either remain or no second axis differs: two axes would then show everything and mean nothing. Ellipses: counts drawn again, each from its
    own share and shift, and projected on the same axes (partial bootstrap: Lebart, Piron & Morineau 2006, chapter 4).

    >>> people = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(90)], "territory": ["rural", "urbain", "periurbain"] * 30, "record_key": range(90)})
    >>> said = pd.DataFrame([(f"r{n}", "theme", f"c{(n % 3 + n // 45) % 3}") for n in range(90)], columns=["contribution_id", "scheme", "code"])
    >>> drawn = correspondence_map(said, people, seed=1, grouping="territory")
    >>> drawn.points.shape, round(sum(drawn.inertia), 6)
    ((6, 11), 1.0)
    """
    by_id = respondents.set_index("contribution_id")
    said = respondent_codes.loc[respondent_codes["scheme"] == scheme, ["contribution_id", "code"]]
    often = said.loc[said["contribution_id"].isin(by_id.index), "code"].value_counts()
    codes = pd.DataFrame({"code": often[often >= min_group].index.sort_values()})
    if len(codes) < 3:
        return None
    cells = moved_counts(said, group_of(by_id, grouping), by_id["record_key"], codes, is_part=is_part)
    cells = cells[(cells["respondents"] >= min_group) & ~cells["group"].str.contains(UNDETERMINED)]
    table = cells.pivot(index="code", columns="group", values="mentions").astype(float)
    table = table.loc[:, table.sum() > 0]
    table = table[table.sum(axis=1) > 0]
    if min(table.shape) < 3:
        return None
    sizes = cells.groupby("group")["respondents"].first()[table.columns].to_numpy()
    model = prince.CA(n_components=2, random_state=seed, engine="scipy").fit(table)
    if model.eigenvalues_[1] < NO_DIFFERENCE:
        return None
    rows, columns = model.row_coordinates(table), model.column_coordinates(table)
    draws = _draws(table.to_numpy(), sizes, (rows, columns, model.eigenvalues_), seed)
    total = table.to_numpy().sum()
    masses = [table.sum(axis=1).to_numpy(), table.sum().to_numpy()]
    qualities = [model.row_cosine_similarities(table), model.column_cosine_similarities(table)]
    parts = [
        _points(
            kind,
            coordinates,
            quality,
            mass / total * coordinates.to_numpy(float).T ** 2 / model.eigenvalues_[:2, None],
            cloud,
        )
        for kind, coordinates, quality, mass, cloud in zip(
            ("code", "group"), (rows, columns), qualities, masses, draws, strict=True
        )
    ]
    inertia = model.eigenvalues_[:2] / model.total_inertia_
    return CorrespondenceMap(
        pd.concat(parts, ignore_index=True)[_COLUMNS + _ELLIPSES], (float(inertia[0]), float(inertia[1]))
    )


def _points(
    kind: str, coordinates: pd.DataFrame, quality: pd.DataFrame, due: Reals, cloud: Reals
) -> pd.DataFrame:
    places = coordinates.to_numpy(float)
    shown = quality.to_numpy(float)[:, :2].sum(axis=1)
    ellipses = [_ellipse(cloud[:, at]) for at in range(len(places))]
    return pd.DataFrame(
        {
            "kind": kind,
            "name": coordinates.index.astype(str),
            "x": places[:, 0],
            "y": places[:, 1],
            "quality": shown,
            "is_well_represented": shown >= WELL_REPRESENTED,
            "contribution_x": due[0],
            "contribution_y": due[1],
        }
    ).join(pd.DataFrame(ellipses, columns=_ELLIPSES))


def _draws(
    counts: Reals, sizes: Reals, fitted: tuple[pd.DataFrame, pd.DataFrame, Reals], seed: int
) -> tuple[Reals, Reals]:
    """Return the places of the codes and of the groups, draw by draw, on the axes of the whole table."""
    rows, columns, eigenvalues = fitted
    scale = np.sqrt(np.asarray(eigenvalues, dtype=float)[:2])
    standard_rows, standard_columns = (
        rows.to_numpy(float)[:, :2] / scale,
        columns.to_numpy(float)[:, :2] / scale,
    )
    generator = np.random.default_rng(seed)
    shifts, probabilities = shift_law(MOST)
    of_codes, of_groups = [], []
    for _ in range(DRAWS):
        drawn = generator.binomial(sizes.astype(int), counts / sizes) + generator.choice(
            shifts, counts.shape, p=probabilities
        )
        table = drawn.clip(0, sizes)
        with np.errstate(invalid="ignore", divide="ignore"):
            of_codes.append(table / table.sum(axis=1, keepdims=True) @ standard_columns)
            of_groups.append((table / table.sum(axis=0)).T @ standard_rows)
    return np.array(of_codes), np.array(of_groups)


def _ellipse(cloud: Reals) -> tuple[float, float, float]:
    """Return the 95 % ellipse of a cloud of points: full axes, and the angle of the first with the horizontal in degrees."""
    inside = cloud[np.isfinite(cloud).all(axis=1)]
    variances, directions = np.linalg.eigh(np.cov(inside, rowvar=False))
    reach = 2 * np.sqrt(np.maximum(variances, 0) * stats.chi2.ppf(CONFIDENCE, 2))
    main = directions[:, 1]
    return float(reach[1]), float(reach[0]), float(np.degrees(np.arctan2(main[1], main[0])))
