"""Who answered is not who lives there: weights, their price, and shares at equal composition.

Weights mend the composition that is known (territory, voice); they do not make a poll of a consultation, whose respondents chose
themselves. The design effect says what they cost in precision, and every weighted interval pays it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis import proportions
from psq_analysis.disclosure.cell_keys import VARIANCE, moved_counts
from psq_analysis.errors import BadInput
from psq_analysis.places.typology import Typology
from psq_analysis.respondents.design import EVERYONE, Design
from psq_analysis.respondents.groups import group_of
from psq_analysis.settings import is_small
from psq_analysis.tables.schema import UNDETERMINED

CONVERGED = 1e-9  # largest relative gap left to a margin: far below what a report prints
ROUNDS = 1_000  # raking converges in some dozens of rounds or, on contradictory margins, never
COLUMNS = ["scheme", "code", "group", "respondents", "share", "low", "high", "design_effect"]
_CODE = ["scheme", "code"]
_SEPARATOR = "\x1f"


class ImpossibleWeights(BadInput):
    """The margins cannot be met by weighting these respondents."""


def populations(communes: pd.DataFrame, typology: Typology, *, departments: Iterable[str]) -> pd.Series:
    """Return the inhabitants of each territory type in these départements, from the table of communes.

    >>> from psq_analysis.places.communes import load_communes
    >>> from psq_analysis.places.typology import load_typology
    >>> gers = populations(load_communes(), load_typology("data/manual/typology.yml"), departments=["32"])
    >>> gers.round(-3).to_dict()
    {'periurbain': 9000, 'rural': 160000, 'urbain': 23000}
    """
    inside = communes[communes["department_code"].isin(list(departments))]
    types = typology.of(inside)
    return (
        inside["population"].groupby(types).sum().astype("int64").rename_axis("group").rename("inhabitants")
    )


def margins_of_run(
    respondents: pd.DataFrame, communes: pd.DataFrame, typology: Typology, *, min_cell: int
) -> dict[str, Any]:
    """Return the respondents and the inhabitants of each territory type, in the départements at least ``min_cell`` respondents come from.

    ``departments``: their codes; ``groups``: ``group``, ``respondents`` (None from 1 to ``min_cell`` − 1), ``inhabitants``. Empty where nobody is located.
    """
    located = respondents[respondents["territory_type"] != UNDETERMINED].dropna(subset=["department_code"])
    sizes = located["department_code"].value_counts()
    departments = list(sizes[sizes >= min_cell].index)
    if not departments:
        return {}
    people = populations(communes, typology, departments=departments)
    inside = located[located["department_code"].isin(departments)]
    answered = inside["territory_type"].value_counts().reindex(people.index, fill_value=0)
    groups = [
        {
            "group": group,
            "respondents": None if is_small(n, min_cell=min_cell) else int(n),
            "inhabitants": int(people[group]),
        }
        for group, n in answered.items()
        if people[group]
    ]
    return {"departments": departments, "groups": groups}


def rake(respondents: pd.DataFrame, margins: Mapping[str, pd.Series]) -> pd.Series:
    """Return one weight per respondent, mean 1, so that the weighted groups have the proportions of the margins.

    ``margins``: grouping → known size of each group (any unit). One margin is post-stratification; several are met together by raking
    (iterative proportional fitting, Deming & Stephan 1940). Respondents whose group is unknown or has no known size keep the mean weight
    of that step. Raises :class:`ImpossibleWeights` when a group of known size has no respondent, or the margins do not converge.

    >>> people = pd.DataFrame({"territory": ["rural", "rural", "rural", "urbain"]})
    >>> rake(people, {"territory": pd.Series({"rural": 50, "urbain": 50})}).round(3).to_list()
    [0.667, 0.667, 0.667, 2.0]
    """
    steps = [_step(respondents, grouping, margin) for grouping, margin in margins.items()]
    weights = np.ones(len(respondents))
    for _ in range(ROUNDS):
        furthest = 0.0
        for groups, targets in steps:
            known = groups >= 0
            sums = np.bincount(groups[known], weights[known], minlength=len(targets))
            factors = targets * weights[known].sum() / sums
            weights[known] *= factors[groups[known]]
            furthest = max(furthest, float(np.abs(factors - 1).max()))
        if furthest < CONVERGED:
            return pd.Series(weights / weights.mean(), index=respondents.index, name="weight")
    raise ImpossibleWeights(
        f"Redressement : les marges {', '.join(margins)} ne peuvent pas être respectées ensemble. "
        "Regroupez des catégories ou redressez sur une seule marge."
    )


def _step(respondents: pd.DataFrame, grouping: str, margin: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    targets = margin[margin > 0]
    groups = pd.Categorical(group_of(respondents, grouping), categories=list(targets.index))
    absent = sorted(set(targets.index) - set(groups))
    if absent:
        raise ImpossibleWeights(
            f"Redressement sur « {grouping} » : personne n’a répondu dans {', '.join(map(str, absent))}. "
            "Regroupez cette catégorie avec une autre."
        )
    return groups.codes, (targets / targets.sum()).to_numpy(float)


def design_effect(weights: pd.Series) -> float:
    """Return Kish's design effect: by how much weighting multiplies the variance of a share; 1 without weighting.

    Respondents divided by it are the « effective » number of respondents (Kish 1965).

    >>> round(design_effect(pd.Series([1.0, 1.0, 1.0, 3.0])), 3)
    1.333
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def weighted_shares(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    weights: pd.Series,
    *,
    codes: Mapping[str, Iterable[str]],
    design: Design,
    grouping: str = EVERYONE,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return weighted shares by group, with Wilson intervals on the effective number of respondents (weights and clusters).

    ``weights``: indexed like ``respondents``, those without one being left out. People of one group and one weight are counted together, moved by random
    keys (:func:`psq_analysis.disclosure.cell_keys.moved_counts`), which the intervals include; ``is_part``: the respondents are some of a run's. Columns: ``scheme``, ``code``, ``group``, ``respondents``,
    ``share``, ``low``, ``high``, ``design_effect`` (of the weights).
    """
    items = pd.DataFrame(
        [(scheme, code) for scheme, several in codes.items() for code in several], columns=_CODE
    )
    people = respondents.loc[weights.dropna().index].set_index("contribution_id")
    own = weights.dropna().set_axis(people.index)
    groups = group_of(people, grouping)
    cell = groups + _SEPARATOR + pd.Series(pd.factorize(own.round(12))[0].astype(str), index=people.index)
    mentions = respondent_codes.merge(items, on=_CODE)
    keys = respondents.set_index("contribution_id")["record_key"]
    cells = moved_counts(mentions, cell, keys, items, is_part=is_part)
    weight = cells["group"].map(own.groupby(cell).first())
    cells = cells.assign(
        group=cells["group"].str.split(_SEPARATOR).str[0],
        mentions=weight * cells["mentions"],
        noise=weight**2 * VARIANCE,
    )
    table = cells.groupby(["group", *_CODE], sort=False, as_index=False)[
        ["respondents", "mentions", "noise"]
    ].sum()
    total = table["group"].map(own.groupby(groups).sum())
    kish = table["group"].map(own.groupby(groups).apply(design_effect))
    share = (table["mentions"] / total).clip(0, 1)
    low, high = proportions.wilson(
        share * table["respondents"],
        table["respondents"],
        effect=kish * design.effects(table, groups),
        noise=np.sqrt(table["noise"]) / total,
    )
    return table.assign(share=share, low=low, high=high, design_effect=kish)[COLUMNS]


def standard_weights(respondents: pd.DataFrame, *, grouping: str, by: str) -> pd.Series:
    """Return the weights of direct standardisation, which sum to 1 in each group, of the respondents who have any.

    The composition is that of all respondents over ``by``, among its categories that every group has: elsewhere there is nothing to compare.

    >>> people = pd.DataFrame({"territory": ["rural", "rural", "urbain", "urbain", "urbain"],
    ...                        "stakeholder": ["élus", "habitants", "élus", "élus", "transports"]})
    >>> standard_weights(people, grouping="territory", by="stakeholder").to_dict()
    {0: 1.0, 2: 0.5, 3: 0.5}
    """
    groups, strata = group_of(respondents, grouping), group_of(respondents, by)
    table = pd.crosstab(strata, groups)
    common = table.index[(table > 0).all(axis=1)]
    inside = strata.isin(common) & groups.notna()
    wanted = strata[inside].value_counts(normalize=True)
    cell = pd.MultiIndex.from_arrays([groups[inside], strata[inside]])
    sizes = pd.Series(1, index=cell).groupby(level=[0, 1]).sum()
    weights = strata[inside].map(wanted).to_numpy(float) / sizes.reindex(cell).to_numpy(float)
    return pd.Series(weights, index=respondents.index[inside], name="weight")
