"""Territories and voices side by side: charts on one scale, what differs in words, and what could not be told.

Frames in, figures and fragments out; each function is one cell of ``03_compare`` or ``04_report``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import charts, findings, french
from psq_analysis.contrast_words import grouping_name
from psq_analysis.findings import Names
from psq_analysis.fragments import Fragment, render, sentence, table
from psq_analysis.labels import column, label, say
from psq_analysis.proportions import wilson
from psq_analysis.territories import UNDETERMINED
from psq_analysis.verbatims import REFERENCE_LETTERS
from psq_analysis.vocabulary import CONTEXT

# Policemen and gendarmes beside inhabitants: who serves, who is served.
SIDE_BY_SIDE = ("policiers", "gendarmes", "habitants")
WORDS_SHOWN, QUOTED_WORDS = 8, 3  # of a territory: words, and verbatims among them


def share_chart(prevalence: pd.DataFrame, scheme: str, names: Names, *, caption: str) -> go.Figure | Fragment:
    """The shares of a scheme over all respondents, under the title that states what comes first."""
    rows = findings.shown_overall(prevalence, scheme, names)
    title = findings.shares_title(prevalence, scheme, names)
    return _figure_or_sentence(charts.shares, rows, title=title, caption=caption)


def group_chart(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    scheme: str,
    grouping: str,
    names: Names,
    *,
    caption: str,
) -> go.Figure | Fragment:
    """The shares of a scheme by group on one scale, under the title that states the clearest difference."""
    rows = findings.shown_by_group(prevalence, scheme, grouping, names)
    if rows.empty:
        return Fragment("")
    title = findings.group_title(contrasts, grouping, scheme, names)
    return _figure_or_sentence(charts.shares_by_group, rows, title=title, caption=caption)


def agents_and_inhabitants(prevalence: pd.DataFrame, names: Names, *, caption: str) -> go.Figure | Fragment:
    """Policemen, gendarmes and inhabitants on one scale, for the themes where two of them may be shown; no claim that they differ."""
    rows = findings.shown_by_group(prevalence, "theme", "stakeholder", names)
    rows = rows[rows["group"].isin(SIDE_BY_SIDE)]
    rows = rows[rows.groupby("code")["share"].transform("count") > 1]
    if rows.empty:
        return Fragment("")
    return _figure_or_sentence(charts.shares_by_group, rows, title=caption, caption=caption)


def _figure_or_sentence(
    draw: Callable[..., go.Figure], rows: pd.DataFrame, *, title: str, caption: str
) -> go.Figure | Fragment:
    if rows.empty or rows["share"].isna().all():
        return sentence(say("figure_empty", caption=caption), kind="note")
    return draw(rows, title=title, caption=caption)


def heat_map(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    grouping: str,
    names: Names,
    *,
    caption: str,
    min_cell: int,
) -> Fragment:
    """Groups × themes, each cell with its share written in it; a withheld cell says so."""
    rows = findings.shown_by_group(prevalence, "theme", grouping, names)
    if rows["group"].nunique() < 2:
        return Fragment("")
    cells = rows.set_index(["group_label", "code"])["share"]
    codes, groups = rows["code"].drop_duplicates(), rows["group_label"].drop_duplicates()
    order = prevalence.loc[prevalence["grouping"] == grouping, "group"].drop_duplicates()
    in_order = [
        name
        for name in map(french.capitalised, (findings.group_name(grouping, one) for one in order))
        if name in set(groups)
    ]
    highest = float(cells.max()) or 1.0
    corner = column("voice" if grouping == "stakeholder" else "group_label")
    return render(
        "heat.html.j2",
        title=findings.group_title(contrasts, grouping, "theme", names),
        measure=say("measure_heat", min_cell=min_cell),
        caption=caption,
        corner=corner,
        columns=rows.drop_duplicates("code")["short"].tolist(),
        rows=[(group, [_heat_cell(cells.get((group, code)), highest) for code in codes]) for group in in_order],
        withheld=label("words", "withheld_short"),
        table=table(
            charts.numbers(rows, {"group_label": corner, "label": column("label")}),
            caption=f"{caption} : {label('words', 'the_numbers').lower()}",
        ),
    )  # fmt: skip


def further_groupings(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    groupings: Sequence[str],
    names: Names,
    *,
    min_cell: int,
) -> Fragment:
    """A heat map for each grouping asked for besides territories, voices and waves; a sentence where none was."""
    if not groupings:
        return sentence(say("no_further"), kind="note")
    maps = []
    for grouping in groupings:
        caption = say("caption_further", grouping=grouping_name(grouping).lower())
        shown = heat_map(prevalence, contrasts, grouping, names, caption=caption, min_cell=min_cell)
        maps.append(shown or sentence(say("figure_empty", caption=caption), kind="note"))
    return Fragment("").join(maps)


def specificity_map(specificities: pd.DataFrame, grouping: str) -> Fragment:
    """Words × groups, the signed specificity written in each cell; groups and words of which nothing may be published are left out.

    ``specificities``: of :func:`psq_analysis.vocabulary.specificities`.
    """
    published = specificities.dropna(subset=["specificity"])
    if published.empty:
        return Fragment("")
    groups = list(dict.fromkeys(published["group"]))
    names = [french.capitalised(findings.group_name(grouping, group)) for group in groups]
    cells = specificities.set_index(["word", "group"])["specificity"]
    highest = float(specificities["specificity"].abs().max()) or 1.0
    return render(
        "heat.html.j2",
        title=say("title_specificities"),
        measure=say("measure_specificities"),
        caption=say("caption_specificities", grouping=label("groupings", grouping).lower()),
        corner=column("word"),
        columns=names,
        rows=[
            (word, [_specificity_cell(cells.get((word, group)), highest) for group in groups])
            for word in dict.fromkeys(published["word"])
        ],
        withheld=label("words", "withheld_short"),
        table="",
    )


def _specificity_cell(value: Any, highest: float) -> dict[str, Any]:
    if value is None or pd.isna(value):
        return {"text": label("words", "withheld_short"), "level": 0}
    text = ("+" if value > 0 else "") + french.number(value, digits=1)
    return {"text": text, "level": max(0, round(100 * float(value) / highest))}


def _heat_cell(share: Any, highest: float) -> dict[str, Any]:
    if share is None or pd.isna(share):
        return {"text": label("words", "withheld_short"), "level": 0}
    return {"text": french.percent(share), "level": round(100 * float(share) / highest)}


def territory_words(
    words: pd.DataFrame, uses: pd.DataFrame, prevalence: pd.DataFrame, *, min_respondents: int
) -> Fragment:
    """The words each territory uses more than the others, each with one verbatim in context; or that there is none."""
    if not findings.has_groups(prevalence, "territory"):
        return Fragment("")
    if words.empty:
        territories = prevalence.loc[prevalence["grouping"] == "territory", "group"]
        alone = territories[territories != UNDETERMINED].nunique() < 2
        key = "no_words_alone" if alone else "no_words"
        return sentence(say(key, min_respondents=min_respondents), kind="note")
    groups = []
    for group, of_group in words.groupby("group", sort=False):
        quoted: set[str] = set()
        shown = [_word(row, uses, quoted) for row in of_group.head(WORDS_SHOWN).itertuples()]
        groups.append({"label": label("groups", group), "words": shown})
    return render(
        "words.html.j2", groups=groups, measure=say("words_measure", min_respondents=min_respondents)
    )


def _word(row: Any, uses: pd.DataFrame, quoted: set[str]) -> Mapping[str, Any]:
    """A word with its shares and one verbatim of a remark not yet ``quoted`` for the group (which it then adds)."""
    of_word = uses[(uses["group"] == row.group) & (uses["lemma"] == row.lemma)]
    fresh = of_word[~of_word["remark_id"].isin(quoted)].head(1 if len(quoted) < QUOTED_WORDS else 0)
    quoted.update(fresh["remark_id"])
    if row.is_suppressed:
        share = say("word_withheld")
    else:
        share = say(
            "word_share",
            mentions=french.number(row.mentions),
            respondents=french.number(row.respondents),
            share=_with_interval(row.mentions, row.respondents),
            share_others=_with_interval(row.mentions_others, row.others),
            others=french.number(row.others),
            q=findings.q_text(row.q_value),
        )
    in_context = [
        {
            "before": _from_word(use.before),
            "word": use.word,
            "after": _to_word(use.after),
            "reference": use.remark_id[:REFERENCE_LETTERS],
        }
        for use in fresh.itertuples()
    ]
    return {"word": row.word, "share": share, "uses": in_context}


def _with_interval(mentions: int, respondents: int) -> str:
    low, high = (float(end) for end in wilson(mentions, respondents))
    return f"{french.estimate(mentions / respondents, low, high)} {french.interval(low, high)}"


def _from_word(before: str) -> str:
    """Start a cut context at a whole word.

    >>> _from_word("a" * 50 + " la nuit et "), _from_word("La nuit et ")
    ('… la nuit et ', 'La nuit et ')
    """
    return before if len(before) < CONTEXT else f"… {before.partition(' ')[2]}"


def _to_word(after: str) -> str:
    return after if len(after) < CONTEXT else f"{after.rpartition(' ')[0]} …"


def shown_words(words: pd.DataFrame) -> pd.DataFrame:
    """The distinctive words as their reader sees them: group, word, share in the group and elsewhere, specificity, q."""
    withheld = label("words", "withheld")
    published = ~words["is_suppressed"].astype(bool)
    counts = {"share": ("mentions", "respondents"), "share_others": ("mentions_others", "others")}
    return pd.DataFrame(
        {
            "group_label": [french.capitalised(label("groups", group)) for group in words["group"]],
            "word": words["word"],
            **{
                name: [
                    f"{_with_interval(part, whole)} ({findings.n_text(whole)})" if is_shown else withheld
                    for part, whole, is_shown in zip(words[some], words[every], published, strict=True)
                ]
                for name, (some, every) in counts.items()
            },
            "specificity": [
                french.number(value, digits=1) if is_shown else withheld
                for value, is_shown in zip(words["specificity"], published, strict=True)
            ],
            "q_value": [
                findings.q_text(value) if is_shown else withheld
                for value, is_shown in zip(words["q_value"], published, strict=True)
            ],
        }
    )
