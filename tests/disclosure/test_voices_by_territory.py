"""The table of voices by territory gives away nothing that the other tables withhold; attacked by a solver of the test's own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from psq_analysis.comparison import shares as comparison_shares
from psq_analysis.disclosure import small_cells, voices_shown
from psq_analysis.french.labels import label
from psq_analysis.tables.schema import VOICE_FAMILIES, empty

MIN_CELL = 11
VOICES = ["élus", "habitants", "policiers", "gendarmes", "transports", "associations", None]
PLACES = ["urbain", "periurbain", "rural", "outre_mer", "indetermine"]


def consultation(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    size = int(random.integers(60, 500))
    shares = [random.dirichlet(np.full(len(names), 0.5)) for names in (VOICES, PLACES)]
    drawn = [
        random.choice(np.array(names, dtype=object), size, p=share)
        for names, share in zip((VOICES, PLACES), shares, strict=True)
    ]
    people = pd.DataFrame(
        {"contribution_id": [f"r{n}" for n in range(size)], "stakeholder": drawn[0], "territory": drawn[1]}
    )
    return people.astype("string")


def published(people: pd.DataFrame) -> pd.DataFrame:
    nobody = pd.DataFrame({"contribution_id": pd.Series(dtype=str), "scheme": "", "code": ""})
    cells = comparison_shares.shares(
        nobody, people, codes={"theme": ["presence"]}, groupings=["all", "territory", "stakeholder"]
    )
    return small_cells.suppress(cells, min_cell=MIN_CELL)


def widths(people: pd.DataFrame, *, with_table: bool) -> dict[tuple[str, str], float]:
    """How far each small count of a voice, a territory or both can vary for who reads the report with, or without, the table."""
    voices = people["stakeholder"].fillna("").to_numpy()
    places = people["territory"].to_numpy()
    units = [(voice, place) for voice in sorted(set(voices)) for place in sorted(set(places))]
    truth = np.array([((voices == voice) & (places == place)).sum() for voice, place in units], dtype=float)
    prevalence = published(people)
    rows = [np.ones(len(units))]
    for group, n in prevalence.loc[prevalence["grouping"] != "all", ["group", "respondents"]].itertuples(
        index=False
    ):
        if pd.notna(n):
            rows.append(np.array([float(group in unit) for unit in units]))
    for merged, _ in voices_shown.voices(people, min_cell=MIN_CELL).itertuples(index=False):
        rows.append(np.array([float(_shown_voice(voice, people) == merged.lower()) for voice, _ in units]))
    if with_table:
        table = voices_shown.families_by_territory(people, prevalence, min_cell=MIN_CELL).set_index("voice")
        named = [family for family in table.index if family != "total"]
        kept = [place for place in table.columns if place != "total"]
        for family in table.index:
            for place in table.columns:
                if pd.isna(table.at[family, place]):
                    continue
                row = np.array([
                    float(_is(_family(voice), family, named, "other_voices") and _is(where, place, kept, "other_territories"))
                    for voice, where in units
                ])  # fmt: skip
                assert row @ truth == table.at[family, place]
                rows.append(row)
    known = np.array(rows)
    targets = {unit: np.eye(len(units))[at] for at, unit in enumerate(units)}
    targets |= {(voice, ""): np.array([float(one == voice) for one, _ in units]) for voice in set(voices)}
    targets |= {("", place): np.array([float(one == place) for _, one in units]) for place in set(places)}
    found = {}
    for name, target in targets.items():
        if 0 < target @ truth < MIN_CELL:
            ends = [
                linprog(way * target, A_eq=known, b_eq=known @ truth, method="highs").fun for way in (1, -1)
            ]
            found[name] = -ends[1] - ends[0]
    return found


def _family(voice: str) -> str:
    return VOICE_FAMILIES[voice] if voice else label("words", "unknown_voice")


def _shown_voice(voice: str, people: pd.DataFrame) -> str:
    shown = [name.lower() for name in voices_shown.voices(people, min_cell=MIN_CELL)["voice"]]
    name = voice or label("words", "unknown_voice")
    return name if name in shown else label("words", "other_voices")


def _is(name: str, heading: str, headings: list[str], other: str) -> bool:
    return heading == "total" or (name if name in headings else label("words", other)) == heading


@pytest.mark.parametrize("seed", range(15))
def test_the_table_narrows_down_no_small_count(seed):
    people = consultation(seed)
    before, after = (widths(people, with_table=with_table) for with_table in (False, True))
    for name, width in after.items():
        assert width >= min(MIN_CELL - 1, before[name]) - 1e-6, name


def test_three_elected_people_in_town_are_not_told_by_the_inhabitants_beside_them():
    people = pd.DataFrame(
        [(voice, place) for voice, place, n in [("habitants", "urbain", 138), ("habitants", "rural", 67), ("habitants", "periurbain", 25),
                                                ("élus", "urbain", 3), ("élus", "rural", 4), ("élus", "periurbain", 6)] for _ in range(n)],
        columns=["stakeholder", "territory"],
    ).assign(contribution_id=lambda rows: rows.index.astype(str))  # fmt: skip
    table = voices_shown.families_by_territory(people, published(people), min_cell=MIN_CELL).set_index(
        "voice"
    )
    assert table.loc["total"].to_dict() == {"urbain": 141, "periurbain": 31, "rural": 71, "total": 243}
    assert pd.isna(
        table.at["habitants", "urbain"]
    )  # the report says 141 in town elsewhere: 141 − 138 would be three people


def test_where_nothing_is_small_everything_is_shown():
    people = pd.DataFrame(
        {"stakeholder": ["élus", "habitants"] * 60, "territory": ["rural"] * 60 + ["urbain"] * 60}
    )
    assert (
        voices_shown.families_by_territory(people, empty("prevalence"), min_cell=MIN_CELL)
        .notna()
        .all(axis=None)
    )
