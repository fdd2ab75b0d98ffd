"""The demands, the themes, the objectives and the quotations of the decision report."""

from __future__ import annotations

from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences import rows as sentences_rows
from psq_analysis.sentences import words
from psq_analysis.sentences.demands import of_objective, told
from psq_analysis.tables import selections
from psq_analysis.tables.schema import OUT_OF_SCOPE, UNDETERMINED

MOST_SHOWN = 20  # a reader who decides reads twenty lines; the rest is a table
MOST_LISTED = 200  # a longer table is read in the downloads
MOST_GROUPS = 3  # groups named on a card, the highest published shares first


def quote(text: str, reference: str, voice: str = "") -> Fragment:
    """One exact quotation with its opaque reference."""
    return render("quote.html.j2", quote={"text": text.strip(), "reference": reference, "voice": voice})


def _quotes_of(quotes: pd.DataFrame, scheme: str, code: str) -> list[Fragment]:
    rows = quotes[(quotes["scheme"] == scheme) & (quotes["code"] == code)]
    return [quote(row.text, row.reference) for row in rows.itertuples()]


def quotes(chosen: pd.DataFrame, names: Names) -> Fragment:
    """The quotations of the report by sub-theme, in the order they were chosen; or why there is none."""
    if chosen.empty:
        return sentence(say("no_quote"), kind="note")
    groups = [
        {
            "label": french.capitalised(of_subtheme["label"].iloc[0]),
            "theme": names["theme", of_subtheme["theme"].iloc[0]],
            "quotes": [quote(row.text, row.reference, label("roles", row.role)) for row in of_subtheme.itertuples()],
        }
        for _, of_subtheme in chosen.groupby("subtheme_id", sort=False)
    ]  # fmt: skip
    return render("quotes.html.j2", groups=groups)


def themes(
    prevalence: pd.DataFrame,
    subthemes: pd.DataFrame,
    quotes: pd.DataFrame,
    names: Names,
    *,
    flow: pd.DataFrame,
    min_cell: int,
) -> Fragment:
    """One entry a theme, the most frequent first: share, its two or three largest sub-themes, one quotation.

    ``subthemes``: ``theme``, ``label``, ``respondents``, ``is_stable``; ``quotes``: ``scheme``, ``code``, ``text``,
    ``reference``; ``flow``: the table. What the grid does not place and what says nothing close the list.
    """
    if selections.overall(prevalence, "theme").empty:
        return sentence(say("no_share", min_cell=min_cell), kind="lead")
    rows = sentences_rows.shown_overall(prevalence, "theme", names)
    entries = []
    for row in rows.dropna(subset=["share"]).itertuples():
        large = subthemes[
            (subthemes["theme"] == row.code)
            & subthemes["is_stable"]
            & (subthemes["respondents"] >= min_cell)
            & (row.code != OUT_OF_SCOPE)
        ]
        entries.append(
            {
                "label": row.label,
                "is_subject": row.is_subject,
                "rate": french.estimate(row.share, row.low, row.high),
                "sentence": _share_sentence(row),
                "subthemes": [
                    {
                        "label": one.label,
                        "headline": "" if pd.isna(one.headline) else one.headline,
                        "size": french.count(one.respondents, "répondant"),
                    }
                    for one in large.nlargest(3, "respondents").itertuples()
                ],
                "quotes": _quotes_of(quotes, "theme", row.code) if row.code != OUT_OF_SCOPE else [],
            }
        )
    withheld = rows.loc[rows["share"].isna(), "label"].tolist()
    return render(
        "themes.html.j2",
        themes=entries,
        withheld=say("themes_withheld", names=french.enumeration(withheld)) if withheld else "",
        no_content=_no_content(Flow.of(flow)),
    )


def _share_sentence(row: Any) -> str:
    interval, respondents = french.interval(row.low, row.high), french.number(row.respondents)
    if not row.mentions:
        return say("share_none", interval=interval, respondents=respondents)
    return say(
        "share",
        share=french.estimate(row.share, row.low, row.high),
        interval=interval,
        mentions=french.number(row.mentions),
        respondents=respondents,
    )


def _no_content(flow: Flow) -> str:
    kind = "none" if not flow.silent else "one" if flow.silent == 1 else "many"
    silent = say(f"silent_{kind}", count=french.count(flow.silent, "contribution"))
    return say("no_content", remarks=french.count(flow.noise, "remarque"), silent=silent)


def objectives(
    prevalence: pd.DataFrame,
    intentions: pd.DataFrame,
    quotes: pd.DataFrame,
    names: Names,
    *,
    demand_groups: pd.DataFrame | None = None,
    min_cell: int,
) -> Fragment:
    """One card an objective, in the words of the launch notice: how many, their three demands, what they observe, from whom, where."""
    rows = sentences_rows.shown_overall(prevalence, "objective", names)
    if rows.empty:
        return sentence(say("no_objective"), kind="note")
    if rows["share"].isna().all():
        return sentence(say("no_share", min_cell=min_cell), kind="lead")
    cards = [
        {
            "label": row.label,
            "share": french.estimate(row.share, row.low, row.high) if pd.notna(row.share) else label("words", "withheld"),
            "measure": _objective_measure(row),
            "sentences": [
                *_first_demands(demand_groups, row.code),
                *_objective_sentences(
                    prevalence,
                    intentions[(intentions["scheme"] == "objective") & (intentions["code"] == row.code)],
                    row,
                    min_cell,
                ),
            ],
            "quotes": _quotes_of(quotes, "objective", row.code) if pd.notna(row.share) else [],
        }
        for row in rows[rows["is_subject"]].itertuples()
    ]  # fmt: skip
    return render("objectives.html.j2", cards=cards)


def _first_demands(demand_groups: pd.DataFrame | None, objective: str) -> list[str]:
    first = [] if demand_groups is None else of_objective(demand_groups, objective, most=MOST_GROUPS)
    return [say("card_demands", demands=" ; ".join(first))] if first else []


def _objective_measure(row: Any) -> str:
    if pd.isna(row.share):
        return say("objective_withheld")
    return say(
        "objective_measure",
        mentions=french.count(row.mentions, "répondant"),
        respondents=french.number(row.respondents),
        interval=french.interval(row.low, row.high),
    )


def _objective_sentences(prevalence: pd.DataFrame, tones: pd.DataFrame, row: Any, min_cell: int) -> list[str]:
    if pd.isna(row.share) or not row.mentions:
        return []
    intentions = _intentions_sentence(tones, row.mentions, min_cell)
    known = [
        grouping for grouping in ("stakeholder", "territory") if selections.has_groups(prevalence, grouping)
    ]
    groups = [_groups_sentence(prevalence, row.code, grouping) for grouping in known]
    unknown = [say("who_unknown")] if known and not any(groups) else []
    return [text for text in [intentions, *groups] if text] + unknown


def _intentions_sentence(tones: pd.DataFrame, mentions: int, min_cell: int) -> str:
    by_tone = dict(zip(tones["tone"], tones["respondents"], strict=True))
    parts = []
    for tone, key in (
        ("proposition", "asks"),
        ("constat_negatif", "complains"),
        ("constat_positif", "praises"),
    ):
        number = int(by_tone.get(tone, 0))
        if min_cell <= number <= mentions - min_cell or number == mentions:
            singular, plural = say(key, count=french.number(number)).split("|")
            parts.append(plural if number > 1 else singular)
    return say("intentions", parts=french.enumeration(parts)) if parts else ""


def _groups_sentence(prevalence: pd.DataFrame, code: str, grouping: str) -> str:
    """The highest published shares of an objective by group: where it may be read, without claiming that groups differ."""
    rows = prevalence[
        (prevalence["scheme"] == "objective")
        & (prevalence["code"] == code)
        & (prevalence["grouping"] == grouping)
        & (prevalence["group"] != UNDETERMINED)
    ]
    published = rows[(rows["share"] > 0) & (rows["edge"] != "few")].nlargest(MOST_GROUPS, "share")
    if published.empty:
        return ""
    parts = [
        say(
            "who_part",
            group=label("groups", row.group),
            share=words.share_text(row),
            interval=french.interval(row.low, row.high),
            n=french.number(row.respondents),
        )
        for row in published.itertuples()
    ]
    return say(f"who_{grouping}", parts=" ; ".join(parts))


def demands(
    groups: pd.DataFrame, quotes: pd.DataFrame, prevalence: pd.DataFrame | None, names: Names, *, kind: str
) -> Fragment:
    """The first twenty of a kind, each with its people, who they are and two quotations; the others in a table behind.

    ``groups``, ``quotes``: the tables ``demand_groups`` and ``demand_quotes``; ``kind``: ``demande``, ``irritant`` or ``satisfaction``.
    """
    shown = groups[groups["is_shown"] & groups["kind"].eq(kind)]
    if shown.empty:
        return sentence(say(f"no_demand_{kind}"), kind="note")
    entries = [
        {
            "told": one,
            "anchor": french.slug(one.demand_id),
            "quotes": [
                quote(row.text, row.reference)
                for row in quotes[quotes["demand_id"] == one.demand_id].itertuples()
            ],
        }
        for one in told(groups, prevalence, names, kind=kind, most=MOST_SHOWN)
    ]
    more = len(shown) - len(entries)
    return render(
        "demands.html.j2",
        entries=entries,
        kind=label("demand_kinds", kind),
        more=say(f"more_{kind}", more=french.number(more)) if more else "",
        listed=listed(groups, kind=kind, after=MOST_SHOWN) if more else "",
    )


def listed(groups: pd.DataFrame, *, kind: str, after: int = 0) -> Fragment:
    """The demands of a kind as a table, name and people, from the one ``after`` so many; those that enough people say."""
    of_kind = groups[groups["is_shown"] & groups["kind"].eq(kind)].iloc[after:MOST_LISTED]
    rows = pd.DataFrame({"label": of_kind["label"], label("words", "people"): of_kind["respondents"]})
    return table(rows, caption=label("other_demands" if after else "demand_kinds", kind))
