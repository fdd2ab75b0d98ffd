"""How much alike the answers of one meeting, one commune or one campaign are, and what that costs in precision.

Respondents who share a meeting or a commune, or sent the same text, are a cluster: their answers tell less than as many independent ones.
Per code, the intra-class correlation is estimated over everyone by the method of moments, on what remains once territory, voice and
questionnaire are accounted for (Henderson's method 3: Searle, Casella & McCulloch 1992, chapter 5). The variance of any share then
follows from how a group is spread over clusters (Kish 1965): nothing about its own answers is needed, so few clusters are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PLACE, CAMPAIGN = "place", "campaign"
KINDS = (PLACE, CAMPAIGN)
EVERYONE = "all"
EXPLAINED_BY = ("territory", "stakeholder", "questionnaire")
# A code more alike than the others of its scheme by more than chance explains (one-sided 5 %) keeps its own correlation.
OWN = 1.645
DIGITS = 2  # of a correlation: it is an exact statistic of who said what in which commune, and intervals are published
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """The likeness of answers within clusters: ``correlation`` (a row per scheme and code, a column per kind) and who is in which cluster.

    ``clusters``: ``contribution_id``, ``cluster`` and ``cluster_kind`` of the respondents.
    """

    correlation: pd.DataFrame
    clusters: pd.DataFrame

    def pairs(self, groups: pd.Series) -> dict[str, pd.DataFrame]:
        """Return, per kind, how many ordered pairs of two people of one cluster have the one in group A and the other in group B.

        ``groups``: the group of each respondent by ``contribution_id``. ``all`` stands for everyone.
        """
        group = self.clusters["contribution_id"].map(groups)
        names = pd.Index(group.dropna().unique()).drop(EVERYONE, errors="ignore")
        found = {}
        for kind in KINDS:
            of_kind = _of_kind(self.clusters, kind)
            codes = pd.factorize(self.clusters["cluster"][of_kind])[0]
            members = np.zeros((codes.max(initial=-1) + 1, len(names) + 1))
            at = names.get_indexer(group[of_kind])
            np.add.at(members, (codes[at >= 0], at[at >= 0]), 1.0)
            members[:, -1] = np.bincount(codes, minlength=len(members))
            together = members.T @ members
            alone = members.sum(axis=0)
            together[np.diag_indices_from(together)] -= alone
            together[:-1, -1] -= alone[:-1]
            together[-1, :-1] -= alone[:-1]
            found[kind] = pd.DataFrame(together, index=[*names, EVERYONE], columns=[*names, EVERYONE])
        return found

    def effects(self, cells: pd.DataFrame, groups: pd.Series) -> Reals:
        """Return the design effects of the shares of ``cells`` (``scheme``, ``code``, ``group``, ``respondents``): by how much clusters multiply their variance.

        ``groups``: the group of each respondent by ``contribution_id``.
        """
        within = {
            kind: pd.Series(np.diag(table), index=table.index) for kind, table in self.pairs(groups).items()
        }
        pairs = {kind: cells["group"].map(counts).to_numpy(float) for kind, counts in within.items()}
        return 1 + self.likeness(cells, pairs) / cells["respondents"].to_numpy(float)

    def mean_effect(self, prevalence: pd.DataFrame, respondents: pd.DataFrame) -> float | None:
        """Return the design effect of the shares of themes over everyone, on average; None where no two respondents share a cluster."""
        themes = prevalence[
            (prevalence["grouping"] == EVERYONE) & (prevalence["scheme"] == "theme") & prevalence["is_shown"]
        ]
        if themes.empty or self.clusters["cluster"].dropna().is_unique:
            return None
        everyone = pd.Series(EVERYONE, index=respondents["contribution_id"])
        return round(float(self.effects(themes, everyone).mean()), 3)

    def likeness(self, cells: pd.DataFrame, pairs: Mapping[str, Reals]) -> Reals:
        """Return, per row of ``cells`` (``scheme``, ``code``), pairs of people of one cluster × how much alike they answer, over all kinds of clusters."""
        correlation = self.correlation.reindex(pd.MultiIndex.from_frame(cells[["scheme", "code"]])).fillna(
            0.0
        )
        return sum((correlation[kind].to_numpy(float) * pairs[kind] for kind in KINDS), np.zeros(len(cells)))


def design(respondent_codes: pd.DataFrame, respondents: pd.DataFrame) -> Design:
    """Estimate how much alike the answers within a cluster are, code by code.

    ``respondents``: with ``cluster`` and ``cluster_kind`` (missing where alone). The correlation of a code is that of its scheme, all codes
    together, unless it is clearly more alike; in a campaign, whose signatories say the same, it is its own. None is below 0; two digits.

    >>> people = pd.DataFrame({"contribution_id": range(60), "cluster": [f"c{n // 10}" for n in range(60)], "cluster_kind": "place"})
    >>> said = pd.DataFrame({"contribution_id": [n for n in range(60) if n // 10 % 2], "scheme": "theme", "code": "presence"})
    >>> design(said, people).correlation.round(2).values.tolist()
    [[1.0, 0.0]]
    """
    clusters = respondents.reindex(columns=["contribution_id", "cluster", "cluster_kind"])
    clusters = clusters.reset_index(drop=True)
    codes = respondent_codes[["scheme", "code"]].drop_duplicates().sort_values(["scheme", "code"])
    correlation = pd.DataFrame(0.0, index=pd.MultiIndex.from_frame(codes), columns=list(KINDS))
    for scheme, said in respondent_codes.groupby("scheme"):
        mentioned = pd.crosstab(said["contribution_id"], said["code"]).clip(upper=1)
        for kind, estimate in ((PLACE, _of_places), (CAMPAIGN, _of_campaigns)):
            inside = _of_kind(clusters, kind)
            if not inside.any():
                continue
            # a respondent in no commune says nothing of communes; one in no campaign says what others think of its subjects
            used = inside if kind == PLACE else np.ones_like(inside)
            people = respondents[used]
            answers = mentioned.reindex(people["contribution_id"], fill_value=0).to_numpy(float)
            members = pd.factorize(clusters["cluster"].where(inside)[used])[0]
            correlation.loc[str(scheme), kind] = estimate(answers, _explained(people), members)
    return Design(correlation.round(DIGITS), clusters)


def _of_kind(clusters: pd.DataFrame, kind: str) -> NDArray[np.bool_]:
    return (clusters["cluster_kind"] == kind).fillna(False).to_numpy(bool)


def _explained(people: pd.DataFrame) -> Reals:
    """Return an orthonormal basis of what territory, voice and questionnaire explain."""
    known = [people[name].astype("string").fillna("") for name in EXPLAINED_BY if name in people]
    dummies = [pd.get_dummies(values).to_numpy(float) for values in known]
    left, sizes, _ = np.linalg.svd(np.column_stack([np.ones(len(people)), *dummies]), full_matrices=False)
    return left[:, sizes > sizes.max(initial=0.0) * 1e-9]


def _of_places(answers: Reals, basis: Reals, members: NDArray[np.int_]) -> Reals:
    """Equate the sums of squares, within and between clusters, to what they are on average (exact, whatever was fitted before)."""
    left = answers - basis @ (basis.T @ answers)
    people, fitted = basis.shape
    sizes = np.bincount(members).astype(float)
    sums, of_basis = (np.zeros((len(sizes), one.shape[1])) for one in (left, basis))
    np.add.at(sums, members, left)
    np.add.at(of_basis, members, basis)
    squares, between = (left**2).sum(axis=0), (sums**2).sum(axis=0)
    between = between - squares
    free = people - fitted
    trace = sizes.sum() - (of_basis**2).sum()
    first = trace - free
    second = (
        (sizes**2).sum() - 2 * sizes @ (of_basis**2).sum(axis=1) + ((of_basis.T @ of_basis) ** 2).sum()
        - 2 * trace + free
    )  # fmt: skip
    if second <= 1 or free < 1:
        return np.zeros(answers.shape[1])

    def solved(within: Reals, across: Reals) -> Reals:
        below = within * second - across * first
        return np.divide(across * free - within * first, below, out=np.zeros_like(below), where=below > 0)

    of_scheme = solved(squares.sum(keepdims=True), between.sum(keepdims=True))
    own = solved(squares, between) - OWN * np.sqrt(2 / second)
    return np.clip(np.maximum(of_scheme, own), 0.0, 1.0)


def _of_campaigns(answers: Reals, basis: Reals, members: NDArray[np.int_]) -> Reals:
    """Return the mean product of what remains of two signatories of one campaign, beside its mean square over everyone."""
    left = answers - basis @ (basis.T @ answers)
    inside = members >= 0
    sizes = np.bincount(members[inside]).astype(float)
    sums = np.zeros((len(sizes), answers.shape[1]))
    np.add.at(sums, members[inside], left[inside])
    products = (sums**2).sum(axis=0) - (left[inside] ** 2).sum(axis=0)
    expected = (left**2).mean(axis=0) * (sizes * (sizes - 1)).sum()
    return np.clip(np.divide(products, expected, out=np.zeros_like(products), where=expected > 0), 0.0, 1.0)
