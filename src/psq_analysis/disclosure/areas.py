"""Which areas are published: each respondent counts in the narrowest of commune, EPCI, département, region that has enough of them.

The others go to the rest of the next one up, and at last « elsewhere »; a rest of few people takes in the smallest area within it. How many mention a
code is moved by random keys, like every count of a group: areas may overlap other groupings without telling anything on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psq_analysis.disclosure.published_shares import published_shares
from psq_analysis.places.regions import region_of_department
from psq_analysis.places.typology import Typology
from psq_analysis.respondents.design import Design
from psq_analysis.settings import is_small
from psq_analysis.tables.schema import OVERSEAS
from psq_analysis.tables.selections import announced, subjects

LEVELS = ("commune", "epci", "department", "region")
ELSEWHERE = "elsewhere"
SHARES = ["mentions", "edge", "share", "low", "high"]
MAINLAND = "mainland"
AREAS = ["area", "level", "name", "department_code", "is_rest", "is_exact", "respondents", "lat", "lng"]


@dataclass(frozen=True)
class Areas:
    """The published areas, what is elsewhere, and the communes that show where they lie.

    ``areas``: a row per area, the largest first: ``area`` (key), ``level``, ``name`` (of a département, its code), ``department_code`` (missing for a region),
    ``is_rest`` (other areas of it are shown apart), ``is_exact`` (every respondent's commune is known), ``respondents``, ``lat``,
    ``lng`` (the middle of its communes, missing when unknown), and ``mentions``, ``edge``, ``share``, ``low``, ``high`` of one code, as published
    (missing without a code). ``elsewhere``: respondents of no area. ``communes``: ``area``, ``department_code``, ``lat``, ``lng`` of every commune of a département or region that holds an area.
    ``code``: scheme and code of the shares, None when none is shown.
    """

    areas: pd.DataFrame
    elsewhere: int
    communes: pd.DataFrame
    code: tuple[str, str] | None = None


def publishable(
    respondents: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    communes: pd.DataFrame,
    typology: Typology,
    *,
    code: tuple[str, str] | None,
    design: Design,
    min_cell: int,
    is_part: bool = False,
) -> Areas:
    """Return the areas of at least ``min_cell`` respondents, with the share of one code.

    ``respondents``: those who count, with ``commune_code``, ``department_code``, ``territory``, ``record_key``; ``is_part``: they are some of a run's.

    >>> from psq_analysis.places.communes import load_communes
    >>> from psq_analysis.places.typology import load_typology
    >>> from psq_analysis.respondents.design import design
    >>> people = pd.DataFrame({"contribution_id": range(45), "commune_code": ["32013"] * 30 + ["32107"] * 15, "department_code": "32",
    ...                        "territory": ["urbain"] * 30 + ["rural"] * 15, "record_key": range(45)})
    >>> said = pd.DataFrame(columns=["contribution_id", "scheme", "code"])
    >>> found = publishable(people, said, load_communes(), load_typology("data/manual/typology.yml"), code=None, design=design(said, people), min_cell=11)
    >>> found.areas[["name", "respondents"]].values.tolist(), found.elsewhere
    ([['Auch', 30], ['Condom', 15]], 0)
    """
    people = respondents.reset_index(drop=True)
    gazetteer = _with_paths(communes, typology)
    paths = _paths_of(people, gazetteer)
    kept = _without_small_rests(paths, _large_enough(paths, min_cell), min_cell)
    areas = _area_of(paths, kept)
    by_id = areas.set_axis(people["contribution_id"])
    items = pd.DataFrame([code] if code else [], columns=["scheme", "code"])
    mentions = respondent_codes.merge(items, on=["scheme", "code"])
    keys = people.set_index("contribution_id")["record_key"]
    shares = published_shares(mentions, by_id, keys, items, design=design, is_part=is_part)
    shares = shares.set_index("group")
    return Areas(
        areas=_described(areas, paths, gazetteer, kept).join(shares[SHARES], on="area"),
        elsewhere=int((areas == ELSEWHERE).sum()),
        communes=_background(gazetteer, _area_of(gazetteer, kept), set(areas) - {ELSEWHERE}),
        code=code,
    )


def theme_to_map(prevalence: pd.DataFrame, contrasts: pd.DataFrame) -> tuple[str, str] | None:
    """Return scheme and code of the theme that differs most clearly between territories; where none does, the most frequent.

    >>> theme_to_map(pd.DataFrame(), pd.DataFrame({"scheme": "theme", "code": ["presence", "acces"], "grouping": "territory",
    ...                                           "p_value": [0.002, 0.001], "verdict": "different"}))
    ('theme', 'acces')
    """
    holding = announced(contrasts)
    holding = holding[(holding["grouping"] == "territory") & (holding["scheme"] == "theme")]
    clearest = holding.nsmallest(1, "p_value") if len(holding) else subjects(prevalence, "theme").head(1)
    return next(((str(row.scheme), str(row.code)) for row in clearest.itertuples()), None)


def _with_paths(communes: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    """Add to each commune the keys of the areas it may be merged into, and its territory."""
    department = communes["department_code"]
    spread = department.groupby(communes["epci"]).nunique()
    whole = communes["epci"].map(spread).eq(1) & (communes["epci"] != "")
    territory_type, overseas = typology.of(communes), department.isin(typology.overseas)
    return communes.assign(
        **_keys(communes["code"], communes["epci"].where(whole), department),
        territory_type=territory_type,
        overseas=overseas.astype("boolean"),
        territory=territory_type.mask(overseas, OVERSEAS),
    )


def _keys(code: pd.Series, epci: pd.Series, department: pd.Series) -> dict[str, pd.Series]:
    values = dict(zip(LEVELS, (code, epci, department, department.map(region_of_department())), strict=True))
    return {f"in_{level}": (f"{level}:" + value.astype("string")) for level, value in values.items()}


def _paths_of(people: pd.DataFrame, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the keys of the areas of each respondent, as far as the place is known."""
    known = gazetteer.drop_duplicates("code").set_index("code")
    code = people["commune_code"].astype("string")
    own = _keys(code.where(code.isin(known.index)), code.map(known["epci"]), people["department_code"])
    return pd.DataFrame(own).assign(in_epci=code.map(known["in_epci"]).astype("string"))


def _large_enough(paths: pd.DataFrame, min_cell: int) -> frozenset[str]:
    counts = pd.concat([paths[column].value_counts() for column in paths])
    return frozenset(counts[counts >= min_cell].index)


def _area_of(paths: pd.DataFrame, kept: frozenset[str]) -> pd.Series:
    """Return the narrowest kept area of each row."""
    area = pd.Series(pd.NA, index=paths.index, dtype="string")
    for level in LEVELS:
        keys = paths[f"in_{level}"]
        area = area.fillna(keys.where(keys.isin(kept)))
    return area.fillna(ELSEWHERE).rename("area")


def _level(area: str) -> int:
    return LEVELS.index(area.split(":", 1)[0]) if area != ELSEWHERE else len(LEVELS)


def _without_small_rests(paths: pd.DataFrame, kept: frozenset[str], min_cell: int) -> frozenset[str]:
    """Where an area counts few apart from those shown within, or elsewhere does, it takes in the smallest of these."""
    for around in [*sorted(kept, key=lambda area: (_level(area), area)), ELSEWHERE]:
        while is_small((areas := _area_of(paths, kept)).eq(around).sum(), min_cell=min_cell):
            within = paths.assign(area=areas)[areas != around]
            if around != ELSEWHERE:
                within = within[within[f"in_{LEVELS[_level(around)]}"] == around]
            if within.empty:
                return frozenset()
            kept = kept - _smallest_branch(within, kept, areas.value_counts(), below=_level(around))
    return kept


def _smallest_branch(within: pd.DataFrame, kept: frozenset[str], sizes: pd.Series, *, below: int) -> set[str]:
    """Return an area and those around it up to a level, of which the fewest respondents would lose their area."""
    columns = [f"in_{level}" for level in LEVELS[:below]]
    branches = {
        str(area): set(row.dropna()) & kept
        for area, row in within.drop_duplicates("area").set_index("area")[columns].iterrows()
    }
    # an area narrower than the one considered may lie inside it, and keeps its own
    branches = {
        area: {one for one in branch if _level(one) >= _level(area)} for area, branch in branches.items()
    }
    return branches[min(branches, key=lambda area: (sum(sizes.get(one, 0) for one in branches[area]), area))]


def _described(
    areas: pd.Series, paths: pd.DataFrame, gazetteer: pd.DataFrame, kept: frozenset[str]
) -> pd.DataFrame:
    sizes = areas[areas != ELSEWHERE].value_counts()
    sizes = sizes[sorted(sizes.index, key=lambda area: (-sizes[area], area))]
    of_commune = _area_of(gazetteer, kept)
    exact = paths["in_commune"].notna().groupby(areas).all()
    middle = gazetteer.groupby(of_commune)[["lat", "lng"]].mean()
    rows = []
    for area, respondents in sizes.items():
        level, code = str(area).split(":", 1)
        inside = gazetteer[gazetteer[f"in_{level}"] == area]
        place = middle.loc[area] if area in middle.index else inside[["lat", "lng"]].mean()
        is_scattered = inside["department_code"].map(panel_of).nunique() > 1
        rows.append(
            {
                "area": area,
                "level": level,
                "name": _name(level, code, inside),
                "department_code": _department(level, code, inside),
                "is_rest": (inside.index.size > 0) and bool((of_commune[inside.index] != area).any()),
                "is_exact": bool(exact[area]),
                "respondents": int(respondents),
                "lat": np.nan if is_scattered else place["lat"],
                "lng": np.nan if is_scattered else place["lng"],
            }
        )
    return pd.DataFrame(rows, columns=AREAS)


def panel_of(department_code: str) -> str:
    """Return the map a département is drawn on: the mainland with Corsica, or its own overseas.

    >>> panel_of("32"), panel_of("2A"), panel_of("974")
    ('mainland', 'mainland', '974')
    """
    return department_code if department_code.startswith(("97", "98")) else MAINLAND


def _name(level: str, code: str, inside: pd.DataFrame) -> str:
    return str(inside["name"].iloc[0]) if level == "commune" else code


def _department(level: str, code: str, inside: pd.DataFrame) -> str | None:
    if level == "region":
        return None
    return code if level == "department" else str(inside["department_code"].iloc[0])


def _background(gazetteer: pd.DataFrame, area: pd.Series, published: set[str]) -> pd.DataFrame:
    """The communes of the départements of the published areas: public facts, whoever answered."""
    shown = area.isin(published) & ~(area.str.startswith("region:") & gazetteer["overseas"])
    around = gazetteer["in_department"].isin(set(gazetteer.loc[shown, "in_department"]))
    located = gazetteer[["lat", "lng"]].notna().all(axis=1)
    columns = ["area", "department_code", "lat", "lng"]
    return gazetteer.assign(area=area).loc[around & located, columns].reset_index(drop=True)
