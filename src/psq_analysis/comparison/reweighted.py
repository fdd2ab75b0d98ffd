"""Shares weighted to known populations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from psq_analysis.comparison.weights import design_effect, rake, weighted_shares
from psq_analysis.respondents.design import Design
from psq_analysis.tables import selections

PLAIN, WEIGHTED = "plain", "weighted"


class Reweighted(NamedTuple):
    """Weighted shares over all respondents: ``shares`` as of :func:`psq_analysis.comparison.weights.weighted_shares`, and what they rest on."""

    shares: pd.DataFrame
    margins: Mapping[str, pd.Series]
    effect: float
    respondents: int


def reweight(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    margins: Mapping[str, pd.Series] | None,
    *,
    codes: Mapping[str, Sequence[str]],
    design: Design,
    is_part: bool = False,
) -> Reweighted | None:
    """Weight the respondents to known populations (of :func:`psq_analysis.places.margins.read_margins`); None without any.
    ``is_part``: the respondents are some of a run's.

    Raises :class:`psq_analysis.comparison.weights.ImpossibleWeights`.
    """
    if not margins:
        return None
    weights = rake(counted, margins)
    wanted = {scheme: list(codes[scheme]) for scheme in selections.SUBJECTS if scheme in codes}
    shares = weighted_shares(said, counted, weights, codes=wanted, design=design, is_part=is_part)
    return Reweighted(shares, margins, design_effect(weights), len(counted))
