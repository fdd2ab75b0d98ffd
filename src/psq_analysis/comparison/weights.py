"""Who answered is not who lives there: weights, their price, and shares at equal composition.

Weights mend the composition that is known (territory, voice); they do not make a poll of a consultation, whose respondents chose
themselves. The design effect says what they cost in precision, and every weighted interval pays it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from psq_analysis import proportions
from psq_analysis.errors import BadInput
from psq_analysis.places.typology import Typology
from psq_analysis.respondents.groups import GROUPINGS, group_of

CONVERGED = 1e-9  # largest relative gap left to a margin: far below what a report prints
ROUNDS = 1_000  # raking converges in some dozens of rounds or, on contradictory margins, never
COLUMNS = ["scheme", "code", "grouping", "group", "respondents", "share", "low", "high", "design_effect"]


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
    groupings: Iterable[str] = GROUPINGS,
) -> pd.DataFrame:
    """Return weighted shares with Wilson intervals on the effective number of respondents of each group.

    ``weights``: indexed like ``respondents``. Columns: ``scheme``, ``code``, ``grouping``, ``group``, ``respondents``, ``share``, ``low``,
    ``high``, ``design_effect``. With equal weights the shares and intervals are those of :func:`psq_analysis.comparison.shares.shares`.
    """
    pairs = [(scheme, code) for scheme, several in codes.items() for code in several]
    said = mentions_by_code(respondent_codes, respondents, pairs)
    tables = []
    for grouping in groupings:
        if grouping != "all" and grouping not in respondents:
            continue
        for group, index in (
            group_of(respondents, grouping).groupby(group_of(respondents, grouping)).groups.items()
        ):
            own = weights.loc[index]
            share = own.to_numpy() @ said.loc[index].to_numpy() / own.sum()
            effect = design_effect(own)
            low, high = proportions.wilson(share * len(own) / effect, np.full(len(pairs), len(own) / effect))
            table = pd.DataFrame(pairs, columns=["scheme", "code"])
            tables.append(
                table.assign(
                    grouping=grouping,
                    group=group,
                    respondents=len(own),
                    share=share,
                    low=low,
                    high=high,
                    design_effect=effect,
                )
            )
    return pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)


def standardised_shares(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    codes: Mapping[str, Iterable[str]],
    grouping: str = "territory",
    by: str = "stakeholder",
) -> pd.DataFrame:
    """Return the shares each group would have if all groups were composed alike: direct standardisation.

    The composition is that of all respondents over ``by``, among its categories that every group has: elsewhere there is nothing to
    compare. Columns as :func:`weighted_shares`, with ``covered``: the part of the group's respondents in these categories.
    """
    weights = standard_weights(respondents, grouping=grouping, by=by)
    if weights.empty:
        return pd.DataFrame(columns=[*COLUMNS, "covered"])
    inside = respondents.loc[weights.index]
    shares = weighted_shares(respondent_codes, inside, weights, codes=codes, groupings=[grouping])
    covered = group_of(inside, grouping).value_counts() / group_of(respondents, grouping).value_counts()
    return shares.assign(covered=shares["group"].map(covered))


def standard_weights(respondents: pd.DataFrame, *, grouping: str, by: str) -> pd.Series:
    """Return the weights of direct standardisation, which sum to 1 in each group, of the respondents who have any.

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


def mentions_by_code(
    respondent_codes: pd.DataFrame, respondents: pd.DataFrame, pairs: list[tuple[str, str]]
) -> pd.DataFrame:
    """Return who mentions what: a row per respondent, a column (0 or 1) per scheme and code, in the order of ``pairs``."""
    columns = {pair: at for at, pair in enumerate(pairs)}
    rows = pd.Index(respondents["contribution_id"]).get_indexer(pd.Index(respondent_codes["contribution_id"]))
    pair_of = zip(respondent_codes["scheme"], respondent_codes["code"], strict=True)
    places = np.array([columns.get(pair, -1) for pair in pair_of], dtype=int)
    counted = (rows >= 0) & (places >= 0)
    table = np.zeros((len(respondents), len(pairs)))
    table[rows[counted], places[counted]] = 1.0
    return pd.DataFrame(table, index=respondents.index)
