"""The parts an analysis is taken apart into: one for each group of a column that is large enough to be told of.

Groups too small are put together upwards before anything is left out: départements of one region, intercommunalités of one département, the rest of the
others. The shares of two parts undo nothing of each other: they are moved by keys that belong to the people (:mod:`psq_analysis.disclosure`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from psq_analysis import french
from psq_analysis.french.labels import say
from psq_analysis.respondents import campaigns, counted
from psq_analysis.respondents.chosen import BadFilter, Choice
from psq_analysis.runs.run import Run
from psq_analysis.sentences.words import value_name
from psq_analysis.settings import CROSSING

# the column whose groups hold those of another
ABOVE = {"commune": "epci", "epci": "departement", "departement": "region"}
LONGEST = 30  # characters of a group in the name of a folder


@dataclass(frozen=True)
class Part:
    """One part: its short name for folders, its name for readers, the groups it holds and how many respondents count in it."""

    key: str
    label: str
    groups: tuple[str, ...]
    respondents: int


@dataclass(frozen=True)
class Division:
    """An analysis taken apart: by which column, into which parts; ``left_out``: the names of the groups too small even together."""

    column: str
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]


def divide(base: Run, by: str, wanted: Sequence[str] = ()) -> Division:
    """Take a finished analysis apart by a column, into the parts that hold the ``wanted`` groups (all where there is none).

    Names of columns and groups are those of ``-p only``. Raises :class:`~psq_analysis.respondents.chosen.BadFilter` for a column that makes no parts, and
    for groups that are all too small.
    """
    choice = base.choice()
    column = choice.grouping(by)
    if CROSSING in column:
        raise BadFilter(f"« {by} » : prenez une colonne à la fois pour faire un rapport par groupe.")
    asked = set(choice.groups(column, wanted)) if wanted else set(choice.values(column))
    placed = choice.with_groups(_counted(base), [column, ABOVE.get(column, column)])
    sizes = placed[column].astype("string").value_counts()
    found = _parts(choice, column, sizes.to_dict(), placed, base.settings.min_cell)
    kept = tuple(part for part in found if asked & set(part.groups))
    in_parts = {group for part in found for group in part.groups}
    if not kept:
        raise BadFilter(
            f"« {by} » : aucun groupe n'a {base.settings.min_cell} répondants ou plus, même réuni à ses voisins ; il n'y a rien à publier."
        )
    left_out = [value_name(column, one) for one in choice.values(column) if one in asked - in_parts]
    return Division(column, kept, tuple(left_out))


def _counted(base: Run) -> pd.DataFrame:
    """The respondents that count in an analysis."""
    contributions, remarks = base.chosen("contributions", "remarks")
    heard, _ = campaigns.heard(remarks, base.read("ideas"), include_campaigns=base.settings.include_campaigns)
    return counted.respondents(heard, contributions, include_incomplete=base.settings.include_incomplete)


def _parts(
    choice: Choice, column: str, sizes: Mapping[str, int], placed: pd.DataFrame, min_cell: int
) -> list[Part]:
    values = [one for one in choice.values(column) if sizes.get(one, 0)]
    parts = [
        Part(folder_name(value_name(column, one)), value_name(column, one), (one,), sizes[one])
        for one in values
        if sizes[one] >= min_cell
    ]
    small = [one for one in values if sizes[one] < min_cell]
    rest = []
    for above, groups in _by_group_above(column, small, placed):
        total = sum(sizes[one] for one in groups)
        if above and total >= min_cell:
            name = value_name(ABOVE[column], above)
            parts.append(
                Part(folder_name(f"autres {name}"), say("part_rest_of", name=name), tuple(groups), total)
            )
        else:
            rest += groups
    if sum(sizes[one] for one in rest) >= min_cell:
        total = sum(sizes[one] for one in rest)
        parts.append(Part("autres", say("part_rest"), tuple(rest), total))
    return _told_apart(parts)


def _by_group_above(
    column: str, groups: Sequence[str], placed: pd.DataFrame
) -> Iterable[tuple[str, list[str]]]:
    """Yield the groups by the one that holds them in the column above; all together, under no name, where there is none."""
    if column not in ABOVE:
        yield "", list(groups)
        return
    held = placed.dropna(subset=[column, ABOVE[column]]).drop_duplicates(column)
    above = dict(zip(held[column].astype(str), held[ABOVE[column]].astype(str), strict=True))
    for name in sorted({above.get(one, "") for one in groups}):
        yield name, [one for one in groups if above.get(one, "") == name]


def folder_name(label: str) -> str:
    """Return a short name for a folder; two labels that are cut stay apart.

    >>> folder_name("Gers"), len(folder_name("Faites-vous confiance à la police municipale ?"))
    ('gers', 30)
    """
    slug = french.slug(label)
    return slug if slug and len(slug) <= LONGEST else f"{slug[: LONGEST - 5].strip('-')}-{_mark(label)}"


def _mark(label: str) -> str:
    return hashlib.sha256(label.encode()).hexdigest()[:4]


def _told_apart(parts: Sequence[Part]) -> list[Part]:
    """Mark the parts whose short names are the same: « Oui » and « oui ! »."""
    times = Counter(part.key for part in parts)
    return [
        part if times[part.key] == 1 else replace(part, key=f"{part.key}-{_mark(part.label)}")
        for part in parts
    ]


def as_filter(column: str, part: Part, choice: Choice) -> str:
    """Return the filter (``-p only``) that keeps a part.

    >>> as_filter("departement", Part("32", "Gers", ("32", "65"), 40), Choice(pd.DataFrame({"departement": []}), pd.DataFrame(), value_name))
    'departement="32","65"'
    """
    name = column if column in choice.people else choice.columns[column][0]
    quoted = ",".join(f'"{group}"' for group in part.groups)
    return f"{name}={quoted}"
