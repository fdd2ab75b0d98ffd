"""Organised answers: what a campaign brought, and every figure with and without it.

A campaign is a text that many respondents sent (``remarks.campaign_id``, see :mod:`psq_analysis.copies`). By default its remarks
count, respondent by respondent; a run may leave them out (``include_campaigns``). Nothing is deleted from the tables either way.
"""

from __future__ import annotations

import pandas as pd

from psq_analysis import french, settings
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.campaigns import CONTRAST_KEY
from psq_analysis.french.labels import label, say
from psq_analysis.respondents.flow import Flow
from psq_analysis.tables import selections

NAMED = 3  # subjects or contrasts named in a sentence: more would not be read, and the tables hold them all


def order_sentence(rows: pd.DataFrame, scheme: str, names: Names, *, is_title: bool = False) -> str:
    """Say whether the subjects come in the same order; empty where fewer than two can be compared."""
    if len(rows) < 2:
        return ""
    title = "_title" if is_title else ""
    kind = say(f"campaign_{scheme}s")
    moved = rows[rows["rank"] != rows["rank_without"]]
    most = (rows["share_without"] - rows["share"]).abs().idxmax()
    farthest = _both_ways(rows.loc[most], names[scheme, most])
    if moved.empty:
        return say(f"campaign_same_order{title}", subjects=kind, farthest=farthest)
    first, now = rows.index[0], rows["share_without"].idxmax()
    if first != now:
        apart = rows.at[now, "low_without"] > rows.at[first, "high_without"]
        return say(
            f"campaign_other_first{title}",
            now=_quoted(names[scheme, now]),
            first=_quoted(names[scheme, first]),
            figures=_both_ways(rows.loc[now], names[scheme, now]),
            figures_first=_both_ways(rows.loc[first], names[scheme, first]),
            doubt="" if apart else say("campaign_doubt"),
        )
    step = (moved["rank_without"] - moved["rank"]).abs().sort_values(ascending=False, kind="stable")
    moves = [
        say(
            "campaign_move",
            name=_quoted(names[scheme, code]),
            rank=_ordinal(moved.at[code, "rank"]),
            rank_without=_ordinal(moved.at[code, "rank_without"]),
        )
        for code in step.index[:NAMED]
    ]
    return say(
        f"campaign_other_order{title}",
        subjects=kind,
        first=_quoted(names[scheme, first]),
        moves=french.enumeration(moves),
        farthest=farthest,
    )


def _both_ways(row: pd.Series, name: str) -> str:
    def share(suffix: str) -> str:
        low, high = row[f"low{suffix}"], row[f"high{suffix}"]
        return french.share_with_interval(row[f"share{suffix}"], low, high)

    return say(
        "campaign_both_ways",
        name=_quoted(name),
        with_all=share(""),
        n=french.number(row["respondents"]),
        without=share("_without"),
        n_without=french.number(row["respondents_without"]),
    )


def contrasts_sentence(contrasts: pd.DataFrame, without: pd.DataFrame, names: Names) -> str:
    """Say which announced differences are no longer so without the organised answers, and which appear."""
    announced, appeared = (
        _announced(table).set_index([*CONTRAST_KEY, "way"]) for table in (contrasts, without)
    )
    fallen = announced.index.difference(appeared.index, sort=False)
    new = appeared.index.difference(announced.index, sort=False)
    if announced.empty and new.empty:
        return say("campaign_no_contrast")
    texts = []
    if len(announced):
        kept = "none" if not len(fallen) else "all" if len(fallen) == len(announced) else "some"
        plural = "many" if len(announced) > 1 else "one"
        texts.append(
            say(
                "campaign_contrast_one_" + ("stands" if kept == "none" else "falls")
                if plural == "one"
                else f"campaign_contrasts_fall_{kept}",
                announced=french.number(len(announced)),
                fallen=french.number(len(fallen)),
                named=_named(fallen, names),
            )
        )
    if len(new):
        texts.append(
            say(
                "campaign_contrasts_new",
                new=french.count(len(new), "écart n'apparaît", "écarts n'apparaissent"),
                named=_named(new, names),
            )
        )
    return french.capitalised(" ".join(texts))


def _announced(contrasts: pd.DataFrame) -> pd.DataFrame:
    """The announced contrasts, with the way they go."""
    rows = selections.announced(contrasts)
    return rows.assign(way=rows["difference"] > 0)


def _named(keys: pd.Index, names: Names) -> str:
    """Name the first few contrasts: the subject, and the two groups."""
    parts = [
        say(
            "campaign_contrast", name=_quoted(names[scheme, code]), a=label("groups", a), b=label("groups", b)
        )
        for scheme, code, _, a, b, _ in keys[:NAMED]
    ]
    more = [say("campaign_more", count=french.number(len(keys) - NAMED))] if len(keys) > NAMED else []
    return " ; ".join([*parts, *more])


def _quoted(name: str) -> str:
    return say("around", verbatim=french.inside_quotes(name))


def _ordinal(rank: int) -> str:
    """Write a rank as a report does.

    >>> _ordinal(1), _ordinal(4)
    ('1re', '4e')
    """
    return f"{rank}re" if rank == 1 else f"{rank}e"


def brought(flow: Flow, *, include_campaigns: bool, min_cell: int) -> str:
    """Say how many campaigns there are, how many respondents and remarks they brought, and which figures count them; empty without any.

    A few respondents are « moins de ``min_cell`` ».
    """
    if not flow.campaign_remarks:
        return ""
    people = flow.campaign_respondents
    hidden = any(settings.is_small(n, min_cell=min_cell) for n in (people, flow.campaign_among - people))
    plural = "many" if flow.campaigns > 1 else "one"
    key = f"campaign_{'counted' if include_campaigns else 'left_out'}_{plural}"
    size = say(
        "campaign_few" if people < min_cell else "campaign_nearly_all" if hidden else "campaign_size",
        min_cell=min_cell,
        brought=french.count(people, "répondant"),
        remarks=french.count(flow.campaign_remarks, "remarque"),
    )
    return french.capitalised(say(key, campaigns=french.count(flow.campaigns, "campagne"), size=size))
