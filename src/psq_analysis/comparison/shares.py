"""Shares of respondents by group as they are published: counts moved by random keys, intervals that hold clusters and that noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from psq_analysis.disclosure.cell_keys import NO_EDGE
from psq_analysis.disclosure.published_shares import published_shares, with_intervals
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.respondents.design import EVERYONE, Design
from psq_analysis.respondents.groups import GROUPINGS, GROUPINGS_OF_SUBTHEMES, group_of, in_order
from psq_analysis.settings import CROSSING, MIN_CELL
from psq_analysis.tables.schema import conform, empty

_NUMBERS = ["respondents", "mentions", "share", "low", "high"]
_CODE = ["scheme", "code"]


class Whole(NamedTuple):
    """Every respondent of a run: who mentions what (as for :func:`shares`), and their record keys by ``contribution_id``."""

    mentions: pd.DataFrame
    keys: pd.Series


def shares(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    design: Design,
    codes: Mapping[str, Iterable[str]],
    groupings: Iterable[str] = GROUPINGS,
    min_cell: int = MIN_CELL,
    whole: Whole | None = None,
) -> pd.DataFrame:
    """Return ``prevalence``: the share of each group's respondents who mention each code, as published, with its 95 % interval.

    ``codes``: the codes of each scheme; those nobody mentions get their zero. Groupings the respondents do not have are left out,
    and so are respondents of unknown group (except ``indetermine``, which is a group). Sub-themes are counted overall and by territory
    alone, those of a few overall alone. A group of fewer than ``min_cell`` respondents is not shown: its rows are there, without numbers; nor is by group a code that fewer than
    ``min_cell`` respondents mention, or do not, in all. Counts over everyone are exact, those of
    groups are moved once, here (:func:`psq_analysis.disclosure.cell_keys.published_counts`); everything else is computed from them.
    ``whole``: the respondents of the run, where ``respondents`` are some of them, chosen by a filter: they are then a group, and counts over them are moved too.

    >>> from psq_analysis.respondents.design import design
    >>> people = pd.DataFrame({"contribution_id": [f"r{n}" for n in range(60)], "territory": ["rural"] * 50 + ["urbain"] * 10, "record_key": range(60)})
    >>> said = pd.DataFrame({"contribution_id": people["contribution_id"][:30], "scheme": "theme", "code": "presence"})
    >>> table = shares(said, people, design=design(said, people), codes={"theme": ["presence", "acces"]}, groupings=["all", "territory"])
    >>> table[["code", "group", "respondents", "mentions", "is_shown"]].fillna(-1).values.tolist()[:3]
    [['presence', 'all', 60, 30, True], ['acces', 'all', 60, 0, True], ['presence', 'urbain', -1, -1, False]]
    """
    if respondents.empty:
        return empty("prevalence")
    known = _all_codes(codes, respondent_codes)
    by_id = respondents.set_index("contribution_id")
    mentions_of_all, keys = respondent_codes, by_id["record_key"]
    if whole is not None:
        mentions_of_all = pd.concat([whole.mentions, respondent_codes], ignore_index=True).drop_duplicates()
        keys = whole.keys
    tables = []
    for grouping in groupings:
        if any(
            one.strip() != EVERYONE and one.strip() not in respondents for one in grouping.split(CROSSING)
        ):
            continue
        groups = group_of(by_id, grouping)
        if groups.isna().all():
            continue
        told = known["scheme"] != SUBTHEME
        if grouping in GROUPINGS_OF_SUBTHEMES:
            told |= (grouping == EVERYONE) | ~_is_rare(known, mentions_of_all, len(keys), min_cell)
        counted = known[told]
        if grouping == EVERYONE and whole is None:
            mentions = respondent_codes.groupby(_CODE).size().rename("mentions")
            cells = counted.join(mentions, on=_CODE).fillna({"mentions": 0})
            cells = cells.assign(group=EVERYONE, respondents=len(by_id), edge=NO_EDGE)
            table = with_intervals(cells, groups, design, variance=0.0)
        else:
            # nobody outside a part speaks of its sub-themes: they were found in it
            is_own = (whole is not None) & (counted["scheme"] == SUBTHEME)
            cells = pd.concat(
                [
                    published_shares(mentions_of_all, groups, keys, items, design=design, is_part=is_part)
                    for items, is_part in ((counted[~is_own], False), (counted[is_own], True))
                    if len(items)
                ],
                ignore_index=True,
            )
            names = pd.DataFrame({"group": in_order(grouping, groups.dropna().unique())})
            table = counted.merge(names, how="cross").merge(cells, on=[*_CODE, "group"])
        tables.append(table.assign(grouping=grouping))
    tables = [table for table in tables if len(table)]
    if not tables:
        return empty("prevalence")
    cells = pd.concat(tables, ignore_index=True)
    is_shown = (cells["respondents"] >= min_cell) & (len(by_id) >= min_cell)
    is_exact = (cells["grouping"] == EVERYONE) & (whole is None)
    is_shown &= is_exact | ~_is_rare(cells, mentions_of_all, len(keys), min_cell)
    return conform(
        cells.assign(
            **{name: cells[name].where(is_shown) for name in _NUMBERS},
            edge=cells["edge"].where(is_shown, NO_EDGE),
            share_corrected=pd.NA,
            low_corrected=pd.NA,
            high_corrected=pd.NA,
            is_shown=is_shown,
        ),
        "prevalence",
    )


def _is_rare(cells: pd.DataFrame, respondent_codes: pd.DataFrame, everyone: int, min_cell: int) -> pd.Series:
    """Tell which rows are of a code that a few mention in all, or do not.

    Their exact total is known, and a count above zero says that one of them is there: some answers more would tell which groups they are of.
    """
    overall = pd.MultiIndex.from_frame(cells[_CODE]).map(respondent_codes.groupby(_CODE).size()).fillna(0)
    rarer = np.minimum(overall, everyone - overall)
    return pd.Series((rarer > 0) & (rarer < min_cell), index=cells.index)


def _all_codes(codes: Mapping[str, Iterable[str]], respondent_codes: pd.DataFrame) -> pd.DataFrame:
    listed = pd.DataFrame(
        [(scheme, code) for scheme, several in codes.items() for code in several], columns=_CODE
    )
    seen = respondent_codes[_CODE].drop_duplicates().sort_values(_CODE)
    return pd.concat([listed, seen], ignore_index=True).drop_duplicates(ignore_index=True)
