"""Shares weighted to known populations, beside the plain ones, with what weighting costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import charts, combined_shares, findings, french, weighting
from psq_analysis.findings import Names
from psq_analysis.fragments import Fragment, sentence
from psq_analysis.labels import label, say, short

PLAIN, WEIGHTED = "plain", "weighted"


class Reweighted(NamedTuple):
    """Weighted shares over all respondents: ``shares`` as of :func:`weighting.weighted_shares`, withheld ones empty; what they rest on."""

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

    A share that would tell on a withheld or crossed cell is emptied. Raises :class:`weighting.BadWeights` and
    :class:`weighting.ImpossibleWeights`.
    """
    if populations is None:
        return None
    margins = weighting.read_margins(populations)
    weights = weighting.rake(counted, margins)
    wanted = {scheme: list(codes[scheme]) for scheme in findings.SUBJECTS if scheme in codes}
    shares = weighting.weighted_shares(said, counted, weights, codes=wanted, groupings=["all"])
    pairs = [(scheme, code) for scheme, several in wanted.items() for code in several]
    mentions = weighting.mentions_by_code(said, counted, pairs)
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
    return Reweighted(shown, margins, weighting.design_effect(weights), len(counted))


def lead(reweighted: Reweighted | None) -> Fragment:
    """Say how the respondents were weighted and what it costs; or that they were not."""
    if reweighted is None:
        return sentence(say("not_weighted"), kind="note")
    several = len(reweighted.margins) > 1
    names = [label("groupings", grouping).lower() for grouping in reweighted.margins]
    return sentence(
        say(
            "weighted",
            margins=french.enumeration(names),
            method=say("raking" if several else "post_stratification"),
            effect=french.number(reweighted.effect, digits=2),
            n=french.number(reweighted.respondents),
            effective=french.number(reweighted.respondents / reweighted.effect),
        )
    )


def chart(
    reweighted: Reweighted | None, prevalence: pd.DataFrame, scheme: str, names: Names
) -> go.Figure | Fragment:
    """Plain and weighted shares of a scheme, one under the other; nothing without weights."""
    if reweighted is None:
        return Fragment("")
    plain = findings.subjects(prevalence, scheme)
    weighted = reweighted.shares.set_index(["scheme", "code"])
    rows = []
    for row in plain.itertuples():
        other = weighted.loc[(scheme, row.code)]
        effective = round(reweighted.respondents / reweighted.effect)
        base = {"label": names[scheme, row.code], "short": short(names[scheme, row.code])}
        rows.append(
            base
            | {
                "group": PLAIN,
                "group_label": say("plain_share"),
                "respondents": row.respondents,
                "mentions": row.mentions,
                "share": row.share,
                "low": row.low,
                "high": row.high,
            }
        )
        rows.append(
            base
            | {
                "group": WEIGHTED,
                "group_label": say("weighted_share"),
                "respondents": effective,
                "mentions": pd.NA,
                "share": other["share"],
                "low": other["low"],
                "high": other["high"],
            }
        )
    if not rows:
        return sentence(say("title_all_withheld"), kind="note")
    title = say(f"title_weighted_{scheme}")
    return charts.shares_by_group(pd.DataFrame(rows), title=title, caption=say(f"caption_weighted_{scheme}"))  # fmt: skip
