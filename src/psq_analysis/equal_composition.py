"""Is it the territory, or who answers there? Differences and shares at equal composition, beside the plain ones, in words.

Voices are taken by family: the eleven of them leave too few respondents in each territory for a model. Shown is what the published
tables show already (the plain cells of both territories), and shares at equal composition only where they tell on no small cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from psq_analysis import combined_shares, composition, difference_chart, findings, french, weighting
from psq_analysis.comparison import FALSE_DISCOVERIES, MIN_GROUP, group_of
from psq_analysis.findings import Names
from psq_analysis.fragments import Fragment, render, sentence, table
from psq_analysis.labels import label, say, short
from psq_analysis.territories import UNDETERMINED

GROUPING, FAMILY = "territory", "voice_family"
MOST_TOLD = 8  # differences told in words; the figures and tables hold them all
_PAIR = ["scheme", "code", "group", "reference"]


class Composed(NamedTuple):
    """Plain and adjusted differences with the reference territory, Wald's test per scheme, shares at equal composition.

    ``differences``: ``scheme``, ``code``, ``group``, ``reference``, the plain ``difference`` with ``low``, ``high`` and ``verdict`` as published, and
    ``difference_adjusted`` with ``low_adjusted``, ``high_adjusted``, ``q_adjusted``. ``shares``: ``scheme``, ``code``, ``group``, the plain ``share``, the
    ``share_equal`` with ``low_equal``, ``high_equal``, ``respondents``, ``covered``. ``reason``: why there is nothing, else empty.
    """

    differences: pd.DataFrame
    tests: pd.DataFrame
    shares: pd.DataFrame
    reason: str = ""


def compose(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    *,
    min_cell: int,
) -> Composed:
    """Compare the territories at equal composition by family of voices.

    ``said``, ``counted``: who mentions what, and who counts; ``prevalence`` and ``contrasts`` as published.
    """
    people = _placed(counted)
    reason = _why_not(people)
    if reason:
        return Composed(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), reason)
    comparable = findings.on_subjects(findings.comparable(said))
    effects, tests = composition.adjusted_differences(comparable, people, grouping=GROUPING, by=FAMILY)
    if effects.empty:
        return Composed(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), say("equal_inseparable"))
    return Composed(
        _beside_plain(effects, contrasts),
        tests.assign(q_value=stats.false_discovery_control(tests["p_value"])),
        _equal_shares(comparable, people, counted, prevalence, min_cell=min_cell),
    )


def _placed(counted: pd.DataFrame) -> pd.DataFrame:
    """The respondents of territories with enough of them, with the family of their voice."""
    groups = group_of(counted, GROUPING)
    sizes = groups[groups != UNDETERMINED].value_counts()
    inside = counted[groups.isin(sizes[sizes >= MIN_GROUP].index)]
    family = inside["stakeholder"].map(lambda voice: label("voice_families", voice), na_action="ignore")
    return inside.assign(**{FAMILY: family.astype("string")})


def _why_not(people: pd.DataFrame) -> str:
    if people[GROUPING].nunique() < 2:
        return say("equal_one_territory")
    sizes = people[FAMILY].value_counts()
    return "" if (sizes >= MIN_GROUP).sum() > 1 else say("equal_one_voice")


def _beside_plain(effects: pd.DataFrame, contrasts: pd.DataFrame) -> pd.DataFrame:
    """Put the published plain difference beside each adjusted one; without a published one, neither is shown."""
    tested = contrasts[(contrasts["grouping"] == GROUPING) & (contrasts["verdict"] != "too_few")]
    kept = ["scheme", "code", "group", "reference", "difference", "low", "high", "verdict"]
    there = tested.rename(columns={"group_a": "group", "group_b": "reference"})[kept]
    turned = tested.rename(columns={"group_b": "group", "group_a": "reference"})
    turned = turned.assign(
        difference=-tested["difference"],
        low=-tested["high"],
        high=-tested["low"],
        verdict=tested["verdict"].replace({"more_often": "less_often", "less_often": "more_often"}),
    )[kept]
    adjusted = effects[[*_PAIR, "difference_adjusted", "low_adjusted", "high_adjusted", "p_value"]]
    both = adjusted.merge(pd.concat([there, turned]), on=_PAIR)
    corrected = stats.false_discovery_control(both["p_value"]) if len(both) else []
    return both.assign(q_adjusted=corrected).drop(columns="p_value")


def _equal_shares(
    said: pd.DataFrame,
    people: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    *,
    min_cell: int,
) -> pd.DataFrame:
    pairs = said[["scheme", "code"]].drop_duplicates().itertuples(index=False, name=None)
    codes: dict[str, list[str]] = {}
    for scheme, code in pairs:
        codes.setdefault(scheme, []).append(code)
    shares = weighting.standardised_shares(said, people, codes=codes, grouping=GROUPING, by=FAMILY)
    plain = prevalence[prevalence["grouping"] == GROUPING][
        ["scheme", "code", "group", "share", "low", "high"]
    ]
    equal = shares.rename(columns={"share": "share_equal", "low": "low_equal", "high": "high_equal"})
    both = equal.merge(plain.dropna(subset=["share"]), on=["scheme", "code", "group"])
    weights = weighting.standard_weights(people, grouping=GROUPING, by=FAMILY)
    groups = group_of(people, GROUPING)[weights.index]
    mentions = weighting.mentions_by_code(said, counted, [(s, c) for s in codes for c in codes[s]])
    mentions.columns = pd.MultiIndex.from_tuples([(s, c) for s in codes for c in codes[s]])
    told = []
    for (scheme, code), rows in both.groupby(["scheme", "code"], sort=False):
        combined = [
            combined_shares.Combined(weights[groups == row.group], float(row.share_equal))
            for row in rows.itertuples()
        ]
        published = prevalence[(prevalence["scheme"] == scheme) & (prevalence["code"] == code)]
        mentioned = mentions[scheme, code]
        if combined_shares.may_be_told(combined, mentioned, counted, published, min_cell=min_cell):
            told.append(rows)
    return pd.concat(told, ignore_index=True) if told else both.head(0)


def lead(composed: Composed, prevalence: pd.DataFrame, names: Names) -> Fragment:
    """Say whether the territories still differ at equal composition, then what becomes of each difference announced."""
    if composed.reason:
        return sentence(composed.reason, kind="lead")
    differ = composed.tests["q_value"] <= FALSE_DISCOVERIES
    parts = [
        say(f"equal_{key}", schemes=french.enumeration([_test(row) for row in composed.tests[chosen].itertuples()]))
        for key, chosen in (("differ", differ), ("same", ~differ))
        if chosen.any()
    ]  # fmt: skip
    sizes = findings.sizes_of(prevalence)
    announced = composed.differences[composed.differences["verdict"].isin(findings.HOLDS)]
    strength = announced[["low", "high"]].abs().min(axis=1).sort_values(ascending=False, kind="stable")
    told = [_fate(row, names, sizes) for row in announced.loc[strength.index].head(MOST_TOLD).itertuples()]
    new = composed.differences[
        ~composed.differences["verdict"].isin(findings.HOLDS)
        & (composed.differences["q_adjusted"] <= FALSE_DISCOVERIES)
    ]
    appeared = [_fate(row, names, sizes) for row in new.head(MOST_TOLD - len(told)).itertuples()]
    first = say("equal_lead", parts=" ; ".join(parts), reference=findings.group_name(GROUPING, _reference(composed)))  # fmt: skip
    return render("sentences.html.j2", sentences=[french.capitalised(first), *told, *appeared])


def _reference(composed: Composed) -> str:
    rows = composed.differences
    return str(rows["reference"].iloc[0]) if len(rows) else ""


def _test(row: Any) -> str:
    return say(
        "equal_test",
        scheme=label("schemes_plural", row.scheme),
        statistic=french.number(row.statistic, digits=1),
        degrees=french.count(row.degrees, "degré"),
        q=findings.q_text(row.q_value),
    )


def _fate(row: Any, names: Names, sizes: Mapping[tuple[str, str], int]) -> str:
    """What becomes of a difference at equal composition."""
    holds = row.q_adjusted <= FALSE_DISCOVERIES
    was_announced = row.verdict in findings.HOLDS
    fate = ("holds" if holds else "gone") if was_announced else "appears"
    if holds and row.difference * row.difference_adjusted < 0:
        fate = "turns"
    return say(
        "equal_fate",
        name=french.inside_quotes(names[row.scheme, row.code]),
        group=findings.group_name(GROUPING, row.group),
        reference=findings.group_name(GROUPING, row.reference),
        plain=f"{french.points(row.difference)} {french.interval(row.low, row.high)}",
        adjusted=f"{french.points(row.difference_adjusted)} {french.interval(row.low_adjusted, row.high_adjusted)}",
        a=french.number(sizes[GROUPING, row.group]),
        b=french.number(sizes[GROUPING, row.reference]),
        q=findings.q_text(row.q_adjusted),
        fate=say(f"equal_{fate}"),
    )


def chart(composed: Composed, prevalence: pd.DataFrame, scheme: str, names: Names) -> go.Figure | Fragment:
    """Plain and adjusted differences with the reference territory, side by side, for the codes of a scheme."""
    rows = composed.differences
    rows = rows[rows["scheme"] == scheme] if len(rows) else rows
    if rows.empty:
        return Fragment("")
    order = {code: rank for rank, code in enumerate(findings.subjects(prevalence, scheme)["code"])}
    rows = rows.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    sizes = findings.sizes_of(prevalence)
    reference = findings.group_name(GROUPING, _reference(composed))
    drawn = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[french.capitalised(findings.group_name(GROUPING, group)) for group in rows["group"]],
        respondents=[sizes[GROUPING, group] for group in rows["group"]],
    )
    return difference_chart.differences(
        drawn,
        title=say(f"title_equal_{scheme}", reference=reference),
        reference=f"{reference} ({findings.n_text(sizes[GROUPING, _reference(composed)])})",
        caption=say(f"caption_equal_{scheme}"),
    )


def shares_table(composed: Composed, prevalence: pd.DataFrame, names: Names) -> Fragment:
    """The share each territory would have if all had the same voices, beside its plain share; folded."""
    rows = composed.shares
    if composed.reason:
        return Fragment("")
    if rows.empty:
        return sentence(say("equal_no_share"), kind="note")
    sizes = findings.sizes_of(prevalence)
    shown = pd.DataFrame(
        {
            "label": [short(names[s, c]) for s, c in zip(rows["scheme"], rows["code"], strict=True)],
            "group_label": [
                french.capitalised(findings.group_name(GROUPING, group)) for group in rows["group"]
            ],
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
        f"{french.estimate(one, bottom, top)} {french.interval(bottom, top)}"
        for one, bottom, top in zip(rows[share], rows[low], rows[high], strict=True)
    ]
