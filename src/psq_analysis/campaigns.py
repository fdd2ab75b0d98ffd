"""Organised answers: what a campaign brought, and every figure with and without it.

A campaign is a text that many respondents sent (``remarks.campaign_id``, see :mod:`psq_analysis.copies`). By default its remarks
count, respondent by respondent; a run may leave them out (``include_campaigns``). Nothing is deleted from the tables either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import charts, comparison, disclosure, findings, french
from psq_analysis.findings import Names
from psq_analysis.fragments import Fragment, render
from psq_analysis.labels import label, say, short
from psq_analysis.schema import TABLES

GROUPING, SENT, OTHERS = "campaign", "campaign", "spontaneous"
NAMED = 3  # subjects or contrasts named in a sentence: more would not be read, and the tables hold them all
_KEY = ["scheme", "code", "grouping", "group_a", "group_b"]


class Heard(NamedTuple):
    """The remarks a run counts, and the ideas in them."""

    remarks: pd.DataFrame
    ideas: pd.DataFrame


def heard(remarks: pd.DataFrame, ideas: pd.DataFrame, *, include_campaigns: bool = True) -> Heard:
    """Return the remarks and ideas that count: all of them, or those of no campaign.

    Every count, share, word, sub-theme and quotation of a run rests on what this returns.

    >>> remarks = pd.DataFrame({"remark_id": ["r", "s"], "campaign_id": ["campagne-1", None]})
    >>> ideas = pd.DataFrame({"idea_id": ["i", "j"], "remark_id": ["r", "s"]})
    >>> heard(remarks, ideas, include_campaigns=False).ideas["idea_id"].tolist()
    ['j']
    """
    if include_campaigns:
        return Heard(remarks, ideas)
    own = remarks[remarks["campaign_id"].isna()].reset_index(drop=True)
    return Heard(own, ideas[ideas["remark_id"].isin(own["remark_id"])].reset_index(drop=True))


def only_organised(remarks: pd.DataFrame, of_run: Heard) -> pd.Series:
    """Return the contributions whose usable remarks are all organised answers that the run leaves out.

    >>> remarks = pd.DataFrame({"remark_id": ["r", "s", "t"], "contribution_id": ["a", "b", "b"], "is_noise": False,
    ...                         "campaign_id": ["campagne-1", "campagne-1", None]})
    >>> ideas = pd.DataFrame({"idea_id": [], "remark_id": []})
    >>> only_organised(remarks, heard(remarks, ideas, include_campaigns=False)).tolist()
    ['a']
    """
    usable = remarks.loc[~remarks["is_noise"], "contribution_id"]
    still = of_run.remarks.loc[~of_run.remarks["is_noise"], "contribution_id"]
    return usable[~usable.isin(still)].drop_duplicates().reset_index(drop=True)


def brought(remarks: pd.DataFrame, counted: pd.DataFrame, *, include_campaigns: bool, min_cell: int) -> str:
    """Say how many campaigns there are, how many respondents and remarks they brought, and which figures count them; empty without any.

    ``remarks``: all of the run; ``counted``: the respondents of its shares. A few respondents are « moins de ``min_cell`` ».
    """
    organised = remarks[remarks["campaign_id"].notna()]
    among = counted if include_campaigns else remarks.drop_duplicates("contribution_id")
    organised = organised[organised["contribution_id"].isin(among["contribution_id"])]
    if organised.empty:
        return ""
    people, campaigns = organised["contribution_id"].nunique(), organised["campaign_id"].nunique()
    hidden = any(disclosure.is_small(n, min_cell=min_cell) for n in (people, len(among) - people))
    plural = "many" if campaigns > 1 else "one"
    key = f"campaign_{'counted' if include_campaigns else 'left_out'}_{plural}"
    size = say(
        "campaign_few" if people < min_cell else "campaign_nearly_all" if hidden else "campaign_size",
        min_cell=min_cell,
        brought=french.count(people, "répondant"),
        remarks=french.count(len(organised), "remarque"),
    )
    return french.capitalised(say(key, campaigns=french.count(campaigns, "campagne"), size=size))


def contrasts_without(
    said: pd.DataFrame, counted: pd.DataFrame, *, codes: Mapping[str, Iterable[str]], min_cell: int
) -> pd.DataFrame:
    """Return the ``contrasts`` between the respondents who sent no organised answer, from shares protected on their own.

    Empty where nobody sent one.
    """
    if GROUPING not in counted:
        return pd.DataFrame(columns=list(TABLES["contrasts"].columns))
    others = counted[counted[GROUPING] == OTHERS]
    of_others = said[said["contribution_id"].isin(others["contribution_id"])]
    shares = comparison.shares(of_others, others, codes=codes)
    return comparison.contrasts(findings.comparable(disclosure.suppress(shares, min_cell=min_cell)))


def conclusions(
    prevalence: pd.DataFrame, contrasts: pd.DataFrame, without: pd.DataFrame, names: Names
) -> Fragment:
    """Say in words whether the order of the subjects and the differences between groups stand without the organised answers.

    ``without``: the contrasts of :func:`contrasts_without`. Empty where no campaign is counted; only the reason where the shares of
    the others are withheld.
    """
    if not (prevalence["grouping"] == GROUPING).any():
        return Fragment("")
    texts = [
        _order_sentence(side_by_side(prevalence, scheme), scheme, names) for scheme in ("theme", "objective")
    ]
    if any(texts):
        texts.append(_contrasts_sentence(contrasts, without, names))
    return render(
        "campaigns.html.j2",
        title=say("campaign_title"),
        sentences=[text for text in texts if text] or [say("campaign_withheld")],
    )


def chart(prevalence: pd.DataFrame, scheme: str, names: Names, *, caption: str) -> go.Figure | Fragment:
    """The shares of a scheme among all respondents and, under each, among those who sent no organised answer.

    Nothing where no campaign is counted, or where no share of the others may be published.
    """
    rows = _of_scheme(prevalence, scheme)
    published = rows.groupby("code")["share"].transform("count") == 2
    rows = rows[published]
    if rows.empty:
        return Fragment("")
    order = {code: rank for rank, code in enumerate(findings.subjects(prevalence, scheme)["code"])}
    rows = rows.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    drawn = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[say(f"campaign_with_{group}") for group in rows["group"]],
    )
    title = _order_sentence(side_by_side(prevalence, scheme), scheme, names, is_title=True)
    return charts.shares_by_group(drawn, title=title or caption, caption=caption)


def side_by_side(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Return the subjects of a scheme whose share is published both ways, the most frequent first: one row a code.

    Columns: ``share``, ``low``, ``high``, ``respondents`` over all respondents, the same with ``_without`` over those who sent no
    organised answer, ``rank`` and ``rank_without``.
    """
    columns = ["share", "low", "high", "respondents"]
    rows = _of_scheme(prevalence, scheme).set_index("code")
    with_all, others = (rows.loc[rows["group"] == group, columns] for group in ("all", OTHERS))
    both = with_all.join(others.add_suffix("_without"), how="inner").dropna().astype(float)
    both = both.sort_values("share", ascending=False, kind="stable")
    return both.assign(
        rank=both["share"].rank(ascending=False, method="min").astype(int),
        rank_without=both["share_without"].rank(ascending=False, method="min").astype(int),
    )


def _of_scheme(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The rows of all respondents and of those who sent no organised answer, subjects only."""
    return prevalence[
        (prevalence["scheme"] == scheme)
        & prevalence["group"].isin(("all", OTHERS))
        & prevalence["grouping"].isin(("all", GROUPING))
        & ~prevalence["code"].isin(findings.NOT_SUBJECTS)
    ]


def _order_sentence(rows: pd.DataFrame, scheme: str, names: Names, *, is_title: bool = False) -> str:
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
        return f"{french.estimate(row[f'share{suffix}'], low, high)} {french.interval(low, high)}"

    return say(
        "campaign_both_ways",
        name=_quoted(name),
        with_all=share(""),
        n=french.number(row["respondents"]),
        without=share("_without"),
        n_without=french.number(row["respondents_without"]),
    )


def _contrasts_sentence(contrasts: pd.DataFrame, without: pd.DataFrame, names: Names) -> str:
    """Say which announced differences are no longer so without the organised answers, and which appear."""
    announced, appeared = (
        table[table["verdict"].isin(findings.HOLDS)].set_index([*_KEY, "verdict"])
        for table in (contrasts, without)
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
