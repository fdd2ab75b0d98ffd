"""Shares weighted to known populations that may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from psq_analysis.comparison import weights as comparison_weights
from psq_analysis.disclosure import combined_shares
from psq_analysis.places import margins as places_margins
from psq_analysis.tables import selections

PLAIN, WEIGHTED = "plain", "weighted"


class Reweighted(NamedTuple):
    """Weighted shares over all respondents: ``shares`` as of :func:`comparison_weights.weighted_shares`, withheld ones empty; what they rest on."""

    shares: pd.DataFrame
    margins: Mapping[str, pd.Series]
    effect: float
    respondents: int


def reweight(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    populations: Path | None,
    *,
    codes: Mapping[str, Sequence[str]],
    min_cell: int,
) -> Reweighted | None:
    """Weight the respondents to the known populations of a file; None without one.

    A share that would tell on a withheld or crossed cell is emptied. Raises :class:`places_margins.BadWeights` and
    :class:`comparison_weights.ImpossibleWeights`.
    """
    if populations is None:
        return None
    margins = places_margins.read_margins(populations)
    weights = comparison_weights.rake(counted, margins)
    wanted = {scheme: list(codes[scheme]) for scheme in selections.SUBJECTS if scheme in codes}
    shares = comparison_weights.weighted_shares(said, counted, weights, codes=wanted, groupings=["all"])
    pairs = [(scheme, code) for scheme, several in wanted.items() for code in several]
    mentions = comparison_weights.mentions_by_code(said, counted, pairs)
    mentions.columns = pd.MultiIndex.from_tuples(pairs)
    told = []
    for row in shares.itertuples():
        published = prevalence[(prevalence["scheme"] == row.scheme) & (prevalence["code"] == row.code)]
        overall = published[(published["grouping"] == "all") & ~published["is_suppressed"]]
        combined = combined_shares.Combined(weights / weights.sum(), float(row.share))
        told.append(
            not overall.empty
            and combined_shares.may_be_told(
                [combined], mentions[row.scheme, row.code], counted, published, min_cell=min_cell
            )
        )
    shown = shares.assign(**{name: shares[name].where(told) for name in ("share", "low", "high")})
    return Reweighted(shown, margins, comparison_weights.design_effect(weights), len(counted))
