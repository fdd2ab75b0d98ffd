"""Is it the territory, or who answers there? Differences and shares at equal composition, beside the plain ones, in words.

Voices are taken by family: the eleven of them leave too few respondents in each territory. Everything is computed from counts moved by random keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import french
from psq_analysis.charts import differences
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.contrasts import FALSE_DISCOVERIES
from psq_analysis.comparison.equal_composition import GROUPING, Composed
from psq_analysis.french.labels import say, short
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.sentences import words
from psq_analysis.tables import selections

MOST_TOLD = 8  # differences told in words; the figures and tables hold them all


def lead(composed: Composed, prevalence: pd.DataFrame, names: Names) -> Fragment:
    """Say how many differences stand at equal composition, then what becomes of each difference announced."""
    if composed.reason:
        return sentence(say(composed.reason), kind="lead")
    sizes = selections.sizes_of(prevalence)
    established = composed.differences["q_adjusted"] <= FALSE_DISCOVERIES
    announced = selections.announced(composed.differences)
    strength = announced[["low", "high"]].abs().min(axis=1).sort_values(ascending=False, kind="stable")
    told = [_fate(row, names, sizes) for row in announced.loc[strength.index].head(MOST_TOLD).itertuples()]
    new = composed.differences[(composed.differences["verdict"] != "different") & established]
    appeared = [_fate(row, names, sizes) for row in new.head(MOST_TOLD - len(told)).itertuples()]
    first = say(
        "equal_lead",
        established=french.count(int(established.sum()), "écart établi", "écarts établis"),
        compared=french.number(len(established)),
        reference=words.group_name(GROUPING, _reference(composed)),
    )
    return render("sentences.html.j2", sentences=[french.capitalised(first), *told, *appeared])


def _reference(composed: Composed) -> str:
    rows = composed.differences
    return str(rows["reference"].iloc[0]) if len(rows) else ""


def _fate(row: Any, names: Names, sizes: Mapping[tuple[str, str], int]) -> str:
    """What becomes of a difference at equal composition."""
    holds = row.q_adjusted <= FALSE_DISCOVERIES
    was_announced = row.verdict == "different"
    fate = ("holds" if holds else "gone") if was_announced else "appears"
    if holds and row.difference * row.difference_adjusted < 0:
        fate = "turns"
    return say(
        "equal_fate",
        name=french.inside_quotes(names[row.scheme, row.code]),
        group=words.group_name(GROUPING, row.group),
        reference=words.group_name(GROUPING, row.reference),
        plain=f"{french.points(row.difference)} {french.interval(row.low, row.high)}",
        adjusted=f"{french.points(row.difference_adjusted)} {french.interval(row.low_adjusted, row.high_adjusted)}",
        a=french.number(sizes[GROUPING, row.group]),
        b=french.number(sizes[GROUPING, row.reference]),
        q=words.q_text(row.q_adjusted),
        fate=say(f"equal_{fate}"),
    )


def chart(composed: Composed, prevalence: pd.DataFrame, scheme: str, names: Names) -> go.Figure | Fragment:
    """Plain and adjusted differences with the reference territory, side by side, for the codes of a scheme."""
    rows = composed.differences
    rows = rows[rows["scheme"] == scheme] if len(rows) else rows
    if rows.empty:
        return Fragment("")
    order = {code: rank for rank, code in enumerate(selections.subjects(prevalence, scheme)["code"])}
    rows = rows.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    sizes = selections.sizes_of(prevalence)
    reference = words.group_name(GROUPING, _reference(composed))
    drawn = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[french.capitalised(words.group_name(GROUPING, group)) for group in rows["group"]],
        respondents=[sizes[GROUPING, group] for group in rows["group"]],
    )
    return differences.differences(
        drawn,
        title=say(f"title_equal_{scheme}", reference=reference),
        reference=f"{reference} ({words.n_text(sizes[GROUPING, _reference(composed)])})",
        caption=say(f"caption_equal_{scheme}"),
    )


def shares_table(composed: Composed, prevalence: pd.DataFrame, names: Names) -> Fragment:
    """The share each territory would have if all had the same voices, beside its plain share; folded."""
    rows = composed.shares
    if composed.reason:
        return Fragment("")
    if rows.empty:
        return sentence(say("equal_no_share"), kind="note")
    sizes = selections.sizes_of(prevalence)
    shown = pd.DataFrame(
        {
            "label": [short(names[s, c]) for s, c in zip(rows["scheme"], rows["code"], strict=True)],
            "group_label": [french.capitalised(words.group_name(GROUPING, group)) for group in rows["group"]],
            "respondents": [french.number(sizes[GROUPING, group]) for group in rows["group"]],
            "share": _with_interval(rows, "share", "low", "high"),
            "share_equal": _with_interval(rows, "share_equal", "low_equal", "high_equal"),
        }
    )
    caption = say("caption_equal_shares")
    tenths = int(10 * rows["covered"].min())
    return render(
        "folded.html.j2",
        summary=caption,
        table=table(shown, caption=caption),
        note=say("equal_shares_measure", covered=tenths),
    )


def _with_interval(rows: pd.DataFrame, share: str, low: str, high: str) -> list[str]:
    return [
        french.share_with_interval(one, bottom, top)
        for one, bottom, top in zip(rows[share], rows[low], rows[high], strict=True)
    ]
