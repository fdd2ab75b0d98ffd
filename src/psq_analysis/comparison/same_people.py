"""Comparisons within the same people: which of two subjects comes first, which codes say the same, and what the coding threshold changes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from psq_analysis.disclosure.cell_keys import VARIANCE
from psq_analysis.disclosure.published_shares import shares_overall
from psq_analysis.proportions import LEVEL, Z
from psq_analysis.respondents.design import Design
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables import selections

REDUNDANT = 0.9  # phi from which two codes are mentioned by the same people, all but a few
SHOWN_APART = 4  # subjects whose order a sentence may speak of
THRESHOLDS = (0.0, 0.6, 0.8)  # scores asked of a code: as coded, surer, surest
Code = tuple[str, str]


def mentions_matrix(respondent_codes: pd.DataFrame, respondents: pd.DataFrame) -> pd.DataFrame:
    """Return who mentions what: a row per respondent, a column (0 or 1) per scheme and code mentioned."""
    who = pd.Index(respondents["contribution_id"])
    pairs = [respondent_codes["contribution_id"], respondent_codes["scheme"], respondent_codes["code"]]
    table = pd.crosstab(pairs[0], pairs[1:]).clip(upper=1)
    return table.reindex(who, fill_value=0)


def paired_difference(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    first: Code,
    second: Code,
    *,
    design: Design | None = None,
) -> tuple[float, float, float]:
    """Return the share of the first code minus that of the second among the same people, with its 95 % interval.

    Each respondent counts +1, 0 or −1 (McNemar 1947); the variance adds up over clusters (Liang & Zeger 1986). Intervals of the two
    shares may overlap where this one excludes zero, and the other way round. One cluster alone says nothing of the next: from −1 to 1.

    >>> people = pd.DataFrame({"contribution_id": range(100)})
    >>> said = pd.DataFrame([(n, "theme", "presence") for n in range(60)] + [(n, "theme", "acces") for n in range(30)], columns=["contribution_id", "scheme", "code"])
    >>> [round(end, 2) for end in paired_difference(said, people, ("theme", "presence"), ("theme", "acces"))]
    [0.3, 0.21, 0.39]
    """
    table = mentions_matrix(respondent_codes, respondents)
    signs = [
        table[code].to_numpy(float) if code in table else np.zeros(len(table)) for code in (first, second)
    ]
    values = signs[0] - signs[1]
    alone = pd.Series(np.arange(len(values)).astype(str))
    clusters = alone if design is None else design.clusters["cluster"].reset_index(drop=True).fillna(alone)
    if not values.any():
        return 0.0, 0.0, 0.0
    if clusters.nunique() < 2:
        return float(values.mean()), -1.0, 1.0
    mean = OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(clusters)[0]}, use_t=True
    )
    low, high = mean.conf_int(alpha=LEVEL)[0]
    return float(mean.params[0]), max(-1.0, float(low)), min(1.0, float(high))


def tied(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    prevalence: pd.DataFrame,
    *,
    design: Design,
    is_part: bool = False,
) -> frozenset[Code]:
    """Return the subjects whose place before the next one is not established, over all respondents, scheme by scheme.

    ``prevalence``: as published; the order is that of its shares. ``is_part``: the respondents are some of a run's; the difference is then that
    of the published shares, and the doubt holds their shifts.
    """
    found = set()
    for scheme in selections.SUBJECTS:
        rows = selections.subjects(prevalence, scheme)
        ordered = list(zip(rows["scheme"], rows["code"], rows["share"], strict=True))
        for (*first, share), (*second, next_share) in pairwise(ordered[:SHOWN_APART]):
            codes = ((first[0], first[1]), (second[0], second[1]))
            difference, low, _ = paired_difference(respondent_codes, respondents, *codes, design=design)
            if is_part:
                doubt = np.hypot(difference - low, Z * np.sqrt(2 * VARIANCE) / len(respondents))
                low = share - next_share - doubt
            if low <= 0:
                found.add(codes[0])
    return frozenset(found)


def twins(respondent_codes: pd.DataFrame, respondents: pd.DataFrame) -> dict[Code, Code]:
    """Return the objectives mentioned by the same people as a theme (phi of at least .9), each with that theme: one subject under two names.

    >>> people = pd.DataFrame({"contribution_id": range(100)})
    >>> said = pd.DataFrame([(n, *code) for n in range(40) for code in (("theme", "partenaires"), ("objective", "partenariale"))],
    ...                     columns=["contribution_id", "scheme", "code"])
    >>> twins(said, people)
    {('objective', 'partenariale'): ('theme', 'partenaires')}
    """
    table = mentions_matrix(respondent_codes, respondents)
    varying = table.loc[:, table.std() > 0]
    alike = varying.corr()
    found: dict[Code, Code] = {}
    for objective in (code for code in varying if code[0] == "objective"):
        themes = alike.loc[objective, [code for code in varying if code[0] == "theme"]]
        if len(themes) and themes.max() >= REDUNDANT:
            found[objective] = themes.idxmax()
    return found


def independent_codes(respondent_codes: pd.DataFrame, respondents: pd.DataFrame) -> float:
    """Return how many independent codes those mentioned are worth, from the correlations between them (Galwey 2009).

    >>> people = pd.DataFrame({"contribution_id": range(4)})
    >>> said = pd.DataFrame([(0, "theme", "a"), (1, "theme", "a"), (0, "theme", "b"), (2, "theme", "b")], columns=["contribution_id", "scheme", "code"])
    >>> round(independent_codes(said, people), 6)
    2.0
    """
    table = mentions_matrix(respondent_codes, respondents)
    varying = table.loc[:, table.std() > 0]
    if varying.shape[1] < 2:
        return float(varying.shape[1])
    eigenvalues = np.linalg.eigvalsh(varying.corr().to_numpy()).clip(0)
    return float(np.sqrt(eigenvalues).sum() ** 2 / eigenvalues.sum())


def shares_by_threshold(
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    scheme: str,
    design: Design,
    min_cell: int = MIN_CELL,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return how the shares of a scheme over all respondents move when the coder is asked to be surer: a row per score asked for and code.

    ``codes``: with their ``score``; codes given by people always stay. The first score is the coding as it is, and gives the order of the codes.
    ``is_part``: the respondents are some of a run's; counts over them are moved, and a code of a few of them, or of all but a few, is not shown.
    The columns are those of :func:`psq_analysis.disclosure.published_shares.shares_overall`, ``score`` and ``is_shown``.
    """
    usable = remarks.loc[~remarks["is_noise"], ["remark_id", "contribution_id"]]
    placed = (
        codes.loc[codes["scheme"] == scheme, ["idea_id", "scheme", "code", "score", "origin"]]
        .merge(ideas[["idea_id", "remark_id"]], on="idea_id")
        .merge(usable, on="remark_id")
    )
    placed = placed[placed["contribution_id"].isin(respondents["contribution_id"])]
    of_people = placed["origin"] == "human"
    known = placed[["scheme", "code"]].drop_duplicates(ignore_index=True)
    shares = []
    for score in THRESHOLDS:
        sure = placed.loc[of_people | (placed["score"] >= score), ["contribution_id", "scheme", "code"]]
        sure = sure.drop_duplicates()
        cells = shares_overall(sure, respondents, known, design=design, is_part=is_part)
        mentions = cells["code"].map(sure["code"].value_counts()).fillna(0)
        rarer = np.minimum(mentions, len(respondents) - mentions)
        is_few = is_part & (rarer > 0) & (rarer < min_cell)
        shares.append(cells.assign(score=score, is_shown=~is_few & (len(respondents) >= min_cell)))
    order = shares[0].sort_values("share", ascending=False, kind="stable")["code"]
    return pd.concat(
        [cells.set_index("code").loc[order].reset_index() for cells in shares], ignore_index=True
    )
