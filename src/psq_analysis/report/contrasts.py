"""The differences between groups, as the notebooks and the report show them."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.contrasts import FALSE_DISCOVERIES, unnoticed
from psq_analysis.french.labels import label, say
from psq_analysis.html.fragments import Fragment, render, sentence, table
from psq_analysis.sentences import key_findings, words
from psq_analysis.sentences.contrasts import ANNOUNCED, contrast_sentences, grouping_name, shown_contrasts
from psq_analysis.tables import selections


def group_lead(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Fragment:
    """The contrasts of a grouping that hold, in words; or what could not be seen, or why nothing is compared."""
    texts = contrast_sentences(contrasts, prevalence, grouping, names)
    if texts:
        return render("sentences.html.j2", sentences=texts)
    return sentence(key_findings.nothing_differs(prevalence, contrasts, grouping), kind="lead")


def comparisons(prevalence: pd.DataFrame, contrasts: pd.DataFrame, names: Names) -> Fragment:
    """Every comparison made, in words and numbers: a folded table for each grouping, the smallest q first."""
    unseen = unnoticed(prevalence, contrasts)
    sizes = selections.sizes_of(prevalence)
    tested = int((contrasts["verdict"] != "too_few").sum())
    parts = []
    for grouping, rows in contrasts.groupby("grouping", sort=False):
        made = rows[rows["verdict"] != "too_few"].sort_values("q_value", kind="stable")
        name = grouping_name(str(grouping))
        announced = int(made["verdict"].isin(ANNOUNCED).sum())
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


def overall_differences(tests: pd.DataFrame) -> Fragment:
    """Say on what the groups differ at all, then show the tests: one row per family of codes and grouping.

    ``tests``: of :func:`psq_analysis.comparison.omnibus.omnibus`.
    """
    if tests.empty:
        return sentence(say("omnibus_none"), kind="note")
    texts = []
    for grouping, rows in tests.groupby("grouping", sort=False):
        differ = rows["q_value"] <= FALSE_DISCOVERIES
        parts = [
            say(
                f"omnibus_{key}",
                schemes=french.enumeration(
                    [
                        say(
                            "omnibus_scheme",
                            scheme=label("schemes_plural", row.scheme),
                            p=_p_text(row.q_value),
                        )
                        for row in rows[chosen].itertuples()
                    ]
                ),
            )
            for key, chosen in (("differ", differ), ("same", ~differ))
            if chosen.any()
        ]
        texts.append(
            say("omnibus_sentence", grouping=label("between", str(grouping)), parts=" ; ".join(parts))
        )
    shown = pd.DataFrame(
        {
            "scheme": [label("schemes", scheme) for scheme in tests["scheme"]],
            "grouping": [grouping_name(grouping) for grouping in tests["grouping"]],
            "groups": [french.number(groups) for groups in tests["groups"]],
            "respondents": [french.number(respondents) for respondents in tests["respondents"]],
            "statistic": [french.number(value, digits=1) for value in tests["statistic"]],
            "degrees": [french.number(value, digits=1) for value in tests["degrees"]],
            "p_value": [_p_text(value).removeprefix("= ") for value in tests["p_value"]],
            "q_value": [_p_text(value).removeprefix("= ") for value in tests["q_value"]],
        }
    )  # fmt: skip
    return render(
        "overall.html.j2",
        sentences=[french.capitalised(text) for text in texts],
        measure=say("omnibus_measure", tests=french.number(len(tests))),
        table=table(shown, caption=say("omnibus_caption")),
    )


def _p_text(value: float) -> str:
    return words.q_text(value).removeprefix("q ")
