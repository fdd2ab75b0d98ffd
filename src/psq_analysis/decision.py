"""The decision report, section by section: frames in, fragments out. Each function is one cell of ``04_report``.

Groups side by side are in :mod:`psq_analysis.differences`, what the report says of itself in :mod:`psq_analysis.traceability`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from psq_analysis import findings, french, participation
from psq_analysis.findings import Finding, Names
from psq_analysis.fragments import Fragment, render, sentence, table
from psq_analysis.labels import column, label, say
from psq_analysis.participation import Flow
from psq_analysis.schema import OUT_OF_SCOPE
from psq_analysis.territories import UNDETERMINED

# The small pictures of the findings: one scale for shares, 0 to 100 %, one for differences, −50 to +50 points or twice that.
PICTURE_LEFT, PICTURE_RIGHT = 18.0, 342.0
# Quarters: enough to read a dot by eye, few enough to stay apart on a phone.
SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
DIFFERENCE_TICKS = (-0.5, -0.25, 0.0, 0.25, 0.5)
MOST_GROUPS = 3  # groups named on a card, the highest published shares first


def banner(title: str, *, subtitle: str, fictional: bool, flow: Flow, remarks: int, files: int) -> Fragment:
    """Title, period and the numbers of the first line; « Données fictives » where it must be said."""
    figures = [
        _counted(flow.received, "contribution"),
        _counted(remarks, "remarque"),
        _counted(files, "fichier source", "fichiers sources"),
        _counted(flow.counted, "répondant compté", "répondants comptés"),
    ]
    return render("banner.html.j2", title=title, subtitle=subtitle, fictional=fictional, figures=figures)


def _counted(number: int, singular: str, plural: str | None = None) -> list[str]:
    return french.count(number, singular, plural).split(french.NO_BREAK, 1)


def subtitle(places: Sequence[str], period: str) -> str:
    """Join places and period for the title, leaving out what is not known."""
    return " · ".join(part for part in (french.enumeration(list(places)), period) if part)


def essentials(found: Sequence[Finding]) -> Fragment:
    """The findings that matter, each with its number, its picture and a link to its section."""
    return render(
        "essentials.html.j2",
        findings=found,
        scales=[_scale(finding, _difference_ticks(found)) for finding in found],
        pictures=[_picture_text(finding) for finding in found],
    )


def _difference_ticks(found: Sequence[Finding]) -> tuple[float, ...]:
    """One scale for all the differences of a report, twice as wide where an interval would leave it."""
    ends = [abs(end or 0.0) for one in found if one.is_difference for end in (one.low, one.high)]
    widening = 2 if max(ends, default=0.0) > DIFFERENCE_TICKS[-1] else 1
    return tuple(widening * tick for tick in DIFFERENCE_TICKS)


def _scale(finding: Finding, difference_ticks: tuple[float, ...]) -> dict[str, Any]:
    ticks = difference_ticks if finding.is_difference else SHARE_TICKS
    low, high = ticks[0], ticks[-1]

    def place(value: float | None) -> str:
        inside = min(max(value or 0.0, low), high)
        return f"{PICTURE_LEFT + (PICTURE_RIGHT - PICTURE_LEFT) * (inside - low) / (high - low):.1f}"

    written = french.signed if finding.is_difference else french.percent
    return {
        "start": PICTURE_LEFT,
        "end": PICTURE_RIGHT,
        "ticks": [{"at": place(tick), "text": written(tick)} for tick in ticks],
        "low": place(finding.low),
        "high": place(finding.high),
        "value": place(finding.value),
    }


def _picture_text(finding: Finding) -> str:
    if finding.value is None or finding.low is None or finding.high is None:
        return ""
    return f"{finding.headline}, intervalle à 95 % {french.interval(finding.low, finding.high)}"


def flow(counts: Flow) -> Fragment:
    """From the contributions received to the respondents counted, in four numbers that add up."""
    return render("flow.html.j2", flow=counts)


def not_a_poll(remarks: pd.DataFrame, *, organised: str = "") -> Fragment:
    """Say what was set aside among the remarks, what campaigns brought (``organised``), and that a consultation is no poll."""
    texts = [_usable(remarks), organised, say("counted_unit")]
    return Fragment(
        sentence(say("not_a_poll"), kind="lead")
        + sentence(" ".join(text for text in texts if text), kind="small")
    )


def _usable(remarks: pd.DataFrame) -> str:
    """Say how many of the remarks received say nothing."""
    noise = int(remarks["is_noise"].sum())
    if len(remarks) == 1:
        return say("noise_alone" if noise else "noise_alone_not")
    quiet = say("noise_some", count=french.number(noise), say="disent" if noise > 1 else "dit")
    received = french.count(len(remarks), "remarque")
    return say("noise", remarks=received, noise=quiet if noise else say("noise_none"))


def who_spoke(counted: pd.DataFrame, prevalence: pd.DataFrame, *, min_cell: int) -> Fragment:
    """Respondents by voice, then by family of voices and territory; nothing where no file says who or where."""
    parts = []
    if counted["stakeholder"].notna().any():
        caption = say("caption_voices")
        parts.append(table(participation.voices(counted, min_cell=min_cell), caption=caption))
    if (counted["territory"] != UNDETERMINED).any():
        crossed = participation.families_by_territory(counted, prevalence, min_cell=min_cell)
        parts.append(_grid(crossed, min_cell))
    return Fragment("").join(parts)


def _grid(cells: pd.DataFrame, min_cell: int) -> Fragment:
    """The table of voices by territory; the territories alone where no cell of the crossing may be shown."""
    withheld = label("words", "withheld_short")
    is_total = cells["voice"] == "total"
    if cells.loc[~is_total].drop(columns="voice").fillna(0).eq(0).all(axis=None):
        cells = cells[is_total]
    rows = [
        (
            label("words", "total") if row[0] == "total" else row[0],
            [withheld if pd.isna(value) else french.number(value) for value in row[1:]],
            row[0] == "total",
        )
        for row in cells.itertuples(index=False)
    ]
    names = [
        label("words", "total") if name == "total" else label("groups", name) for name in cells.columns[1:]
    ]
    note = say("grid_note", min_cell=min_cell) if cells.isna().any(axis=None) else ""
    return render(
        "grid.html.j2", caption=say("caption_grid"), corner=column("voice"),
        columns=names, rows=rows, withheld=withheld, note=note,
    )  # fmt: skip


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
    flow: Flow,
    remarks: pd.DataFrame,
    min_cell: int,
) -> Fragment:
    """One entry a theme, the most frequent first: share, its two or three largest sub-themes, one quotation.

    ``subthemes``: ``theme``, ``label``, ``respondents``, ``is_stable``; ``quotes``: ``scheme``, ``code``, ``text``,
    ``reference``. What the grid does not place and what says nothing close the list.
    """
    if findings.overall(prevalence, "theme").empty:
        return sentence(say("no_share", min_cell=min_cell), kind="lead")
    rows = findings.shown_overall(prevalence, "theme", names)
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
                    {"label": one.label, "size": french.count(one.respondents, "répondant")}
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
        no_content=_no_content(flow, remarks),
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


def _no_content(flow: Flow, remarks: pd.DataFrame) -> str:
    kind = "none" if not flow.silent else "one" if flow.silent == 1 else "many"
    silent = say(f"silent_{kind}", count=french.count(flow.silent, "contribution"))
    return say("no_content", remarks=french.count(int(remarks["is_noise"].sum()), "remarque"), silent=silent)


def objectives(
    prevalence: pd.DataFrame, intentions: pd.DataFrame, quotes: pd.DataFrame, names: Names, *, min_cell: int
) -> Fragment:
    """One card an objective, in the words of the launch notice: how many, to observe or to ask, from whom, where."""
    rows = findings.shown_overall(prevalence, "objective", names)
    if rows.empty:
        return sentence(say("no_objective"), kind="note")
    if rows["share"].isna().all():
        return sentence(say("no_share", min_cell=min_cell), kind="lead")
    cards = [
        {
            "label": row.label,
            "share": french.estimate(row.share, row.low, row.high) if pd.notna(row.share) else label("words", "withheld"),
            "measure": _objective_measure(row),
            "sentences": _objective_sentences(prevalence, intentions[intentions["code"] == row.code], row, min_cell),
            "quotes": _quotes_of(quotes, "objective", row.code) if pd.notna(row.share) else [],
        }
        for row in rows[rows["is_subject"]].itertuples()
    ]  # fmt: skip
    return render("objectives.html.j2", cards=cards)


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
        grouping for grouping in ("stakeholder", "territory") if findings.has_groups(prevalence, grouping)
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
    published = rows[rows["share"] > 0].nlargest(MOST_GROUPS, "share")
    if published.empty:
        return ""
    parts = [
        say(
            "who_part",
            group=label("groups", row.group),
            share=french.estimate(row.share, row.low, row.high),
            interval=french.interval(row.low, row.high),
            n=french.number(row.respondents),
        )
        for row in published.itertuples()
    ]
    withheld = say("others_withheld") if rows["share"].isna().any() else ""
    return say(f"who_{grouping}", parts=" ; ".join(parts) + withheld)
