"""The groups of respondents that are compared."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from psq_analysis.settings import CROSSING
from psq_analysis.tables.schema import STAKEHOLDERS, TERRITORIES
from psq_analysis.tables.terms import COMMUNE_SIZES

# Published by default. Any other column of respondents, a closed question and crossings can be asked for. `campaign` (who sent an organised answer,
# the others) is there only when somebody did.
GROUPINGS = ("all", "territory", "stakeholder", "wave", "campaign")
# Few groups: every pair. Many: each with all other respondents, or the contrasts would outnumber what can be told apart.
PAIRED = ("territory", "territory_type", "overseas", "wave")
NOT_COMPARED = ("all", "campaign")
GROUPINGS_OF_SUBTHEMES = ("all", "territory")
_ORDER = {
    "territory": TERRITORIES,
    "territory_type": TERRITORIES,
    "stakeholder": STAKEHOLDERS,
    "overseas": ("mainland", "overseas"),
    "campaign": ("campaign", "spontaneous"),
    "commune_size": tuple(COMMUNE_SIZES),
}


def group_of(respondents: pd.DataFrame, grouping: str) -> pd.Series:
    """Return the group of each respondent under a grouping, missing where unknown; ``territory×stakeholder`` crosses two.

    >>> table = pd.DataFrame({"territory": ["rural"], "stakeholder": ["élus"], "overseas": pd.array([False], dtype="boolean")})
    >>> group_of(table, "territory×stakeholder").to_list(), group_of(table, "overseas").to_list()
    (['rural × élus'], ['mainland'])
    """
    if CROSSING in grouping:
        parts = [group_of(respondents, one.strip()) for one in grouping.split(CROSSING)]
        crossed = parts[0].str.cat(parts[1:], sep=f" {CROSSING} ")
        return crossed.rename("group")
    if grouping == "all":
        return pd.Series("all", index=respondents.index, dtype="string", name="group")
    values = respondents[grouping]
    if grouping == "overseas":
        values = values.map({True: "overseas", False: "mainland"})
    return values.astype("string").rename("group")


def in_order(grouping: str, groups: Iterable[str]) -> list[str]:
    """Return the groups of a grouping in the order they are shown.

    >>> in_order("territory", ["rural", "urbain"])
    ['urbain', 'rural']
    """
    order = {name: rank for rank, name in enumerate(_ORDER.get(grouping, ()))}
    return sorted(groups, key=lambda name: (order.get(name, len(order)), name))
