"""Which areas may be published: small communes merged with their neighbours until nothing can be found by subtraction.

Respondents are counted in the narrowest of commune, EPCI, département, region that has enough of them; the others go to the
rest of the next one up, and at last « elsewhere ». A reader also knows the type of territory of every commune and the published
number of respondents of each territory: what these sums tell together is checked with a linear solver, as in
:mod:`psq_analysis.disclosure`, and areas are merged until no small count can be narrowed down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from psq_analysis import proportions
from psq_analysis.comparison import group_of
from psq_analysis.disclosure import TOLERANCE, Attack, is_small
from psq_analysis.findings import HOLDS, subjects
from psq_analysis.labels import department_name
from psq_analysis.territories import OVERSEAS, UNDETERMINED, Typology

LEVELS = ("commune", "epci", "department", "region")
ELSEWHERE = "elsewhere"
MAINLAND = "mainland"
PLACE_GROUPINGS = ("territory", "territory_type", "overseas", "density_level")
AREAS = ["area", "level", "name", "department_code", "is_rest", "is_exact", "respondents", "lat", "lng"]
SHARES = ["mentions", "share", "low", "high"]
Reals = NDArray[np.float64]
Kind = tuple[str, ...]  # the group of a place under each of PLACE_GROUPINGS
Group = tuple[str, str]  # grouping, group


@dataclass(frozen=True)
class Areas:
    """The published areas, what is elsewhere, and the communes that show where they lie.

    ``areas``: a row per area, the largest first: ``area`` (key), ``level``, ``name``, ``department_code`` (missing for a region),
    ``is_rest`` (other areas of it are shown apart), ``is_exact`` (every respondent's commune is known), ``respondents``, ``lat``,
    ``lng`` (the middle of its communes, missing when unknown), and ``mentions``, ``share``, ``low``, ``high`` of one code, missing
    where withheld. ``elsewhere``: respondents of no area. ``communes``: ``area``, ``department_code``, ``lat``, ``lng`` of every commune of a département or region that holds an area.
    ``code``: scheme and code of the shares, None when none is shown.
    """

    areas: pd.DataFrame
    elsewhere: int
    communes: pd.DataFrame
    code: tuple[str, str] | None = None


def publishable(
    respondents: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    prevalence: pd.DataFrame,
    communes: pd.DataFrame,
    typology: Typology,
    *,
    code: tuple[str, str] | None,
    min_cell: int,
) -> Areas:
    """Return the areas of the respondents that may be published beside ``prevalence``, with the share of one code where it may be.

    ``respondents``: those who count, with ``commune_code``, ``department_code``, ``territory``; ``prevalence``: as published. Every
    count is 0 or at least ``min_cell``, so are mentions and silences; no smaller number of people of a place, alone or within a
    territory, can be narrowed down to fewer than ``min_cell`` + 1 possible values.

    >>> from psq_analysis.communes import load_communes
    >>> from psq_analysis.schema import empty
    >>> from psq_analysis.territories import load_typology
    >>> people = pd.DataFrame({"contribution_id": range(45), "commune_code": ["32013"] * 30 + ["32107"] * 15, "department_code": "32",
    ...                        "territory": ["urbain"] * 30 + ["rural"] * 15})
    >>> found = publishable(people, pd.DataFrame(columns=["contribution_id", "scheme", "code"]), empty("prevalence"), load_communes(),
    ...                     load_typology("data/manual/typology.yml"), code=None, min_cell=11)
    >>> found.areas[["name", "respondents"]].values.tolist(), found.elsewhere
    ([['Auch', 30], ['Condom', 15]], 0)
    """
    people = respondents.reset_index(drop=True)
    gazetteer = _with_paths(communes, typology)
    paths = _paths_of(people, gazetteer)
    kept = _without_small_rests(paths, _large_enough(paths, min_cell), min_cell)
    while True:
        areas = _area_of(paths, kept)
        cells = _Cells.of(areas, _kinds(people), _area_of(gazetteer, kept), _kinds(gazetteer))
        exposed = _exposed(
            cells,
            known=_published(prevalence, "respondents"),
            withheld=_published(prevalence, "respondents", is_withheld=True),
            min_cell=min_cell,
        )
        if not exposed:
            break
        lost = cells.undetermined(exposed[0])
        if lost is None:
            kept = kept - {_least(cells, exposed[0])}
        else:
            paths = paths.mask(pd.Series(np.isin(cells.of_person, lost)))
        kept = _without_small_rests(paths, kept, min_cell)
    shares = _shares(people, respondent_codes, prevalence, cells, code=code, min_cell=min_cell)
    return Areas(
        areas=_described(areas, paths, gazetteer, kept).join(shares, on="area"),
        elsewhere=int((areas == ELSEWHERE).sum()),
        communes=_background(gazetteer, _area_of(gazetteer, kept), set(areas) - {ELSEWHERE}),
        code=code if shares["share"].notna().any() else None,
    )


def theme_to_map(prevalence: pd.DataFrame, contrasts: pd.DataFrame) -> tuple[str, str] | None:
    """Return scheme and code of the theme that differs most clearly between territories; where none does, the most frequent.

    >>> theme_to_map(pd.DataFrame(), pd.DataFrame({"scheme": "theme", "code": ["presence", "acces"], "grouping": "territory",
    ...                                           "p_value": [0.002, 0.001], "verdict": "less_often"}))
    ('theme', 'acces')
    """
    holding = contrasts[
        (contrasts["grouping"] == "territory")
        & (contrasts["scheme"] == "theme")
        & contrasts["verdict"].isin(HOLDS)
    ]
    clearest = holding.nsmallest(1, "p_value") if len(holding) else subjects(prevalence, "theme").head(1)
    return next(((str(row.scheme), str(row.code)) for row in clearest.itertuples()), None)


@cache
def _region_of_department() -> dict[str, str]:
    text = resources.files("psq_analysis.data").joinpath("regions.yml").read_text(encoding="utf-8")
    return {department: name for name, held in yaml.safe_load(text).items() for department in held}


def region_departments(name: str) -> frozenset[str]:
    """Return the codes of the départements of a region.

    >>> sorted(region_departments("Corse"))
    ['2A', '2B']
    """
    return frozenset(code for code, region in _region_of_department().items() if region == name)


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
    values = dict(zip(LEVELS, (code, epci, department, department.map(_region_of_department())), strict=True))
    return {f"in_{level}": (f"{level}:" + value.astype("string")) for level, value in values.items()}


def _paths_of(people: pd.DataFrame, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the keys of the areas of each respondent, as far as the place is known."""
    known = gazetteer.drop_duplicates("code").set_index("code")
    code = people["commune_code"].astype("string")
    own = _keys(code.where(code.isin(known.index)), code.map(known["epci"]), people["department_code"])
    return pd.DataFrame(own).assign(in_epci=code.map(known["in_epci"]).astype("string"))


def _kinds(places: pd.DataFrame) -> list[Kind]:
    groups = [
        group_of(places, grouping).astype("string").fillna("")
        if grouping in places
        else pd.Series("", index=places.index)
        for grouping in PLACE_GROUPINGS
    ]
    return list(zip(*groups, strict=True))


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


@dataclass(frozen=True)
class _Cells:
    """Respondents by area and kind of place: every pair that can exist, how many are in it, and who is in which."""

    pairs: list[tuple[str, Kind]]
    counts: Reals
    of_person: NDArray[np.int_]

    @classmethod
    def of(
        cls, areas: pd.Series, kinds: list[Kind], areas_of_communes: pd.Series, kinds_of_communes: list[Kind]
    ) -> _Cells:
        seen = list(zip(areas.astype(str), kinds, strict=True))
        shown = set(areas)
        possible = set(zip(areas_of_communes.astype(str), kinds_of_communes, strict=True))
        pairs = sorted({pair for pair in possible if pair[0] in shown} | set(seen))
        place = {pair: at for at, pair in enumerate(pairs)}
        of_person = np.array([place[pair] for pair in seen], dtype=int)
        return cls(pairs, np.bincount(of_person, minlength=len(pairs)).astype(float), of_person)

    @property
    def areas(self) -> dict[str, Reals]:
        """Return, per area, which pairs it sums."""
        names = [area for area, _ in self.pairs]
        return {name: np.array([float(one == name) for one in names]) for name in dict.fromkeys(names)}

    def undetermined(self, exposed: Reals) -> list[int] | None:
        """Return the pairs of a count when all are of unknown commune in a known area: they may count elsewhere as well."""
        inside = [int(at) for at in np.flatnonzero(exposed)]
        is_vague = all(
            self.pairs[at][1][0] == UNDETERMINED and self.pairs[at][0] != ELSEWHERE for at in inside
        )
        return inside if is_vague else None

    @property
    def groups(self) -> dict[Group, Reals]:
        """Return, per group of a grouping of places, which pairs it sums."""
        found: dict[Group, Reals] = {}
        for at, grouping in enumerate(PLACE_GROUPINGS):
            names = [kind[at] for _, kind in self.pairs]
            found |= {
                (grouping, name): np.array([float(one == name) for one in names])
                for name in dict.fromkeys(names)
                if name
            }
        return found


def _published(prevalence: pd.DataFrame, count: str, *, is_withheld: bool = False) -> set[Group]:
    """Return the groups of places whose number of respondents, or of mentions, is published; or is withheld."""
    chosen = prevalence[count].isna() == is_withheld
    rows = prevalence[prevalence["grouping"].isin(PLACE_GROUPINGS) & chosen]
    return set(zip(rows["grouping"].astype(str), rows["group"].astype(str), strict=True))


def _exposed(cells: _Cells, *, known: set[Group], withheld: set[Group], min_cell: int) -> list[Reals]:
    """Return the small counts that the areas narrow down: of an area within a group, or of a withheld group."""
    areas, groups = cells.areas, cells.groups
    if len(areas) == 1:
        return []
    told = [np.ones(len(cells.pairs)), *(row for group, row in groups.items() if group in known)]
    targets = [*(row for group, row in groups.items() if group in withheld), *np.eye(len(cells.pairs))]
    few = [row for row in targets if is_small(float(row @ cells.counts), min_cell=min_cell)]
    return _narrowed(few, told, [*told, *areas.values()], cells.counts, min_cell)


def _narrowed(
    targets: list[Reals], before: list[Reals], after: list[Reals], counts: Reals, min_cell: int
) -> list[Reals]:
    """Return the counts that the sums shown ``after`` leave fewer possible values than a small cell has, and than ``before``."""
    without, attack = (Attack(rows, [float(row @ counts) for row in rows]) for rows in (before, after))
    enough = min_cell - TOLERANCE
    return [
        row
        for row in targets
        if (width := attack.width(row, enough=min_cell)) < enough
        and width < without.width(row, enough=min_cell) - TOLERANCE
    ]


def _least(cells: _Cells, exposed: Reals) -> str:
    """Return the area to give up: with places of the kind of the exposed count if there are, the narrowest, then the smallest."""
    sizes = {area: float(row @ cells.counts) for area, row in cells.areas.items() if area != ELSEWHERE}
    kinds = {kind for (_, kind), inside in zip(cells.pairs, exposed, strict=True) if inside}
    alike = {area for area, kind in cells.pairs if kind in kinds} & set(sizes)
    return min(alike or sizes, key=lambda area: (_level(area), sizes[area], area))


def _shares(
    people: pd.DataFrame,
    respondent_codes: pd.DataFrame,
    prevalence: pd.DataFrame,
    cells: _Cells,
    *,
    code: tuple[str, str] | None,
    min_cell: int,
) -> pd.DataFrame:
    """Return, by area, who mentions the code and its share, missing where withheld."""
    areas = cells.areas
    nothing = pd.DataFrame(np.nan, index=list(areas), columns=SHARES)
    if code is None:
        return nothing
    of_code = (respondent_codes["scheme"] == code[0]) & (respondent_codes["code"] == code[1])
    mentions = people["contribution_id"].isin(respondent_codes.loc[of_code, "contribution_id"]).to_numpy()
    parts = [
        np.bincount(cells.of_person[chosen], minlength=len(cells.pairs)).astype(float)
        for chosen in (mentions, ~mentions)
    ]
    rows = prevalence[(prevalence["scheme"] == code[0]) & (prevalence["code"] == code[1])]
    shown = _protected_shares(
        cells,
        parts,
        sized=_published(rows, "respondents"),
        split=_published(rows, "mentions"),
        min_cell=min_cell,
    )
    counts = pd.DataFrame(
        [(area, areas[area] @ parts[0], areas[area] @ cells.counts) for area in sorted(shown)],
        columns=["area", "mentions", "respondents"],
    ).set_index("area")
    low, high = proportions.wilson(counts["mentions"], counts["respondents"])
    table = counts.assign(share=counts["mentions"] / counts["respondents"], low=low, high=high)
    return table[SHARES].reindex(nothing.index)


def _protected_shares(
    cells: _Cells, parts: list[Reals], *, sized: set[Group], split: set[Group], min_cell: int
) -> set[str]:
    """Return the areas whose mentions may be shown: neither they nor the silences are few, or give few away elsewhere."""
    areas, groups = cells.areas, cells.groups
    nothing = np.zeros(len(cells.pairs))
    both = np.concatenate(parts)

    def few(row: Reals) -> list[Reals]:
        halves = (np.concatenate([row, nothing]), np.concatenate([nothing, row]))
        return [half for half in halves if is_small(float(half @ both), min_cell=min_cell)]

    targets = [
        half for row in (*np.eye(len(cells.pairs)), *areas.values(), *groups.values()) for half in few(row)
    ]
    shown = {area for area, row in areas.items() if area != ELSEWHERE and not few(row)}
    whole = [*areas.values(), *(row for group, row in groups.items() if group in sized)]
    told = [np.concatenate([row, row]) for row in whole]
    told += [
        np.concatenate([row, nothing]) for row in (nothing + 1, *(groups[one] for one in split & set(groups)))
    ]
    while shown:
        of_areas = [np.concatenate([areas[area], nothing]) for area in sorted(shown)]
        if not _narrowed(targets, told, told + of_areas, both, min_cell):
            return shown
        shown = shown - {min(shown, key=lambda area: (float(areas[area] @ parts[0]), area))}
    return shown


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
    if level == "commune":
        return str(inside["name"].iloc[0])
    return department_name(code) if level == "department" else code


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
