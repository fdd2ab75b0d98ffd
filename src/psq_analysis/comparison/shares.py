"""Shares by group and contrasts between groups; the unit is the respondent.

Shares carry Wilson intervals; contrasts Newcombe intervals, and p-values corrected over all contrasts of the run. Contrasts are
computed from the published shares alone, so they can reveal nothing that these withhold. Why each method: ``docs/methods.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from psq_analysis import proportions
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.respondents.groups import GROUPINGS, GROUPINGS_OF_SUBTHEMES, group_of
from psq_analysis.settings import CROSSING
from psq_analysis.tables.schema import STAKEHOLDERS, TERRITORIES, conform, empty

_ORDER = {
    "territory": TERRITORIES,
    "territory_type": TERRITORIES,
    "stakeholder": STAKEHOLDERS,
    "overseas": ("mainland", "overseas"),
    "campaign": ("campaign", "spontaneous"),
}


def shares(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    codes: Mapping[str, Iterable[str]],
    groupings: Iterable[str] = GROUPINGS,
) -> pd.DataFrame:
    """Return ``prevalence``: the share of each group's respondents who mention each code, with its Wilson interval.

    ``codes``: the codes of each scheme; those nobody mentions get their zero. Groupings the respondents do not have are left out,
    and so are respondents of unknown group (except ``indetermine``, which is a group). Sub-themes are counted overall and by territory
    alone. Nothing is suppressed yet (:func:`psq_analysis.disclosure.small_cells.suppress`).

    >>> people = pd.DataFrame({"contribution_id": list("abcd"), "territory": ["rural", "rural", "rural", "urbain"]})
    >>> said = pd.DataFrame({"contribution_id": ["a", "d"], "scheme": "theme", "code": "presence"})
    >>> table = shares(said, people, codes={"theme": ["presence", "acces"]}, groupings=["territory"])
    >>> table[["code", "group", "respondents", "mentions"]].values.tolist()
    [['presence', 'urbain', 1, 1], ['presence', 'rural', 3, 1], ['acces', 'urbain', 1, 0], ['acces', 'rural', 3, 0]]
    """
    known = _all_codes(codes, respondent_codes)
    tables = []
    for grouping in groupings:
        if any(one.strip() != "all" and one.strip() not in respondents for one in grouping.split(CROSSING)):
            continue
        groups = group_of(respondents, grouping)
        sizes = groups.value_counts()
        if sizes.empty:
            continue
        sizes = (
            sizes.reindex(in_order(grouping, sizes.index))
            .rename_axis("group")
            .rename("respondents")
            .reset_index()
        )
        of_respondent = pd.Series(groups.to_numpy(), index=respondents["contribution_id"])
        said = respondent_codes.assign(group=respondent_codes["contribution_id"].map(of_respondent))
        mentions = said.groupby(["scheme", "code", "group"]).size().rename("mentions")
        counted = known if grouping in GROUPINGS_OF_SUBTHEMES else known[known["scheme"] != SUBTHEME]
        table = counted.merge(sizes, how="cross").join(mentions, on=["scheme", "code", "group"])
        tables.append(table.assign(grouping=grouping, mentions=table["mentions"].fillna(0).astype("int64")))
    if not tables:
        return empty("prevalence")
    cells = pd.concat(tables, ignore_index=True)
    low, high = proportions.wilson(cells["mentions"], cells["respondents"])
    return conform(
        cells.assign(
            share=cells["mentions"] / cells["respondents"],
            low=low,
            high=high,
            share_corrected=pd.NA,
            low_corrected=pd.NA,
            high_corrected=pd.NA,
            is_suppressed=False,
        ),
        "prevalence",
    )


def _all_codes(codes: Mapping[str, Iterable[str]], respondent_codes: pd.DataFrame) -> pd.DataFrame:
    listed = pd.DataFrame(
        [(scheme, code) for scheme, several in codes.items() for code in several], columns=["scheme", "code"]
    )
    seen = respondent_codes[["scheme", "code"]].drop_duplicates().sort_values(["scheme", "code"])
    return pd.concat([listed, seen], ignore_index=True).drop_duplicates(ignore_index=True)


def in_order(grouping: str, groups: pd.Index) -> list[str]:
    order = {name: rank for rank, name in enumerate(_ORDER.get(grouping, ()))}
    return sorted(groups, key=lambda name: (order.get(name, len(order)), name))
