"""The differences between groups, as the notebooks and the report show them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.contrasts import unnoticed
from psq_analysis.french.labels import label, say, short
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.sentences import key_findings, words
from psq_analysis.sentences.contrasts import contrast_sentences, grouping_name, shown_contrasts
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables import selections


def group_lead(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Fragment:
    """The contrasts of a grouping that hold, in words; or what could not be seen, or why nothing is compared."""
    texts = contrast_sentences(contrasts, prevalence, grouping, names)
    if texts:
        return render("sentences.html.j2", sentences=texts)
    return sentence(key_findings.nothing_differs(prevalence, contrasts, grouping), kind="lead")


def comparisons(prevalence: pd.DataFrame, contrasts: pd.DataFrame, names: Names) -> Fragment:
    """Every comparison made, in words and numbers: a folded table for each grouping, the smallest q first."""
    unseen = unnoticed(contrasts)
    sizes = selections.sizes_of(prevalence)
    tested = int(contrasts["p_value"].notna().sum())
    parts = []
    for grouping, rows in contrasts.groupby("grouping", sort=False):
        made = rows[rows["p_value"].notna()].sort_values("q_value", kind="stable")
        name = grouping_name(str(grouping))
        announced = len(selections.announced(made))
        summary = say(
            "comparisons_summary",
            grouping=name,
            made=french.count(len(made), "comparaison"),
            announced=french.count(announced, "écart annoncé", "écarts annoncés"),
        )
        shown = shown_contrasts(made, names, sizes, unseen)
        not_made = len(rows) - len(made)
        parts.append(
            {
                "summary": summary,
                "table": table(shown, caption=say("comparisons_caption", grouping=name)) if len(made) else "",
                "note": say("comparisons_not_made", count=french.count(not_made, "comparaison")) if not_made else "",
            }
        )  # fmt: skip
    return render(
        "comparisons.html.j2", parts=parts, measure=say("comparisons_measure", tested=french.number(tested))
    )


def tested_together(
    said: pd.DataFrame, twins: Mapping[words.Code, words.Code], independent: float, names: Names
) -> Fragment:
    """Say which objectives are a theme under another name, and how many independent codes all of them are worth."""
    named = [
        say("twin", objective=french.inside_quotes(names[one]), theme=french.inside_quotes(names[other]))
        for one, other in twins.items()
    ]
    texts = [say("twins", named=french.enumeration(named))] if named else []
    codes = len(said[["scheme", "code"]].drop_duplicates())
    if codes:
        texts.append(say("independent", codes=french.number(codes), independent=french.number(independent)))
    return render("sentences.html.j2", sentences=texts)


def thresholds(
    by_threshold: pd.DataFrame, scheme: str, names: Names, *, min_cell: int = MIN_CELL
) -> Fragment:
    """Say whether the order of the subjects of a scheme changes when the coder is asked to be surer; where it does, show the shares and their intervals.

    ``by_threshold``: of :func:`psq_analysis.comparison.same_people.shares_by_threshold`.
    """
    rows = by_threshold[by_threshold["is_shown"] & ~by_threshold["code"].isin(selections.NOT_SUBJECTS)]
    if rows.empty:
        return sentence(say("no_share", min_cell=min_cell), kind="note")
    plural = label("schemes_plural", scheme)
    orders: dict[float, list[str]] = {
        score: part.sort_values("share", ascending=False, kind="stable")["code"].tolist()
        for score, part in rows.groupby("score")
    }
    as_coded = next(iter(orders.values()), [])
    changed = {score: order for score, order in orders.items() if order != as_coded}
    if not changed:
        return sentence(say("thresholds_same", scheme=plural), kind="note")
    parts = [
        say(
            "threshold_order" if order[0] != as_coded[0] else "threshold_order_below",
            score=french.number(score, digits=1),
            first=say("around", verbatim=french.inside_quotes(names[scheme, order[0]])),
        )
        for score, order in changed.items()
    ]
    shown = pd.DataFrame({"label": [short(names[scheme, code]) for code in as_coded]})
    for score, part in rows.groupby("score"):
        head = (
            say("threshold_column", score=french.number(score, digits=1)) if score else say("threshold_as_is")
        )
        cells = part.set_index("code").loc[as_coded]
        shown[head] = [f"{words.share_text(row)} {words.interval_text(row)}" for _, row in cells.iterrows()]
    told = sentence(say("thresholds_change", scheme=plural, named=" ; ".join(parts)), kind="note")
    caption = say("caption_thresholds", scheme=plural, n=words.n_text(int(rows["respondents"].iloc[0])))
    return Fragment(told + table(shown, caption=caption))
