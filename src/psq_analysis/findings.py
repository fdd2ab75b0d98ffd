"""The sentences of the report: what the tables say, and not a word more.

A finding is written from rows of ``prevalence`` and ``contrasts``; each carries its number, its 95 % interval and its n.
Nothing is computed here but which row to speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from psq_analysis import french
from psq_analysis.codebook import Codebook
from psq_analysis.comparison import unnoticed
from psq_analysis.labels import label
from psq_analysis.schema import OTHER, OUT_OF_SCOPE

Names = Mapping[tuple[str, str], str]
NOT_SUBJECTS = (OTHER, OUT_OF_SCOPE)
HOLDS = ("more_often", "less_often")


def codes_of(grid: Codebook) -> dict[str, list[str]]:
    """The codes of each scheme, « Autre » included: those whose share is computed even when nobody speaks of them."""
    return {scheme: list(grid.labels(scheme)) for scheme in grid.schemes}


def names_of(grid: Codebook) -> Names:
    """The French label of every code of every scheme."""
    return {(scheme, code): name for scheme in grid.schemes for code, name in grid.labels(scheme).items()}


@dataclass(frozen=True)
class Finding:
    """One sentence, its picture (share or difference with its interval) and the section that shows more."""

    sentence: str
    section: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_difference: bool = False


def overall(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Rows of one scheme over all respondents, the most frequent first, published ones only."""
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    return rows[rows["share"].notna()].sort_values("share", ascending=False, kind="stable")


def subjects(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The same without « Autre » and « Hors champ », which are results but not subjects."""
    rows = overall(prevalence, scheme)
    return rows[~rows["code"].isin(NOT_SUBJECTS)]


def shown_overall(prevalence: pd.DataFrame, scheme: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme over all respondents with their French ``label``, ready for a chart."""
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    return rows.assign(label=[names[scheme, code] for code in rows["code"]])


def shown_by_group(prevalence: pd.DataFrame, scheme: str, grouping: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme by group with ``label`` and ``group_label``: subjects by overall share, groups in their order.

    Undetermined places and groups of which nothing may be published are left out.
    """
    rows = prevalence[
        (prevalence["scheme"] == scheme)
        & (prevalence["grouping"] == grouping)
        & ~prevalence["code"].isin(NOT_SUBJECTS)
        & (prevalence["group"] != "indetermine")
    ]
    publishable = rows.groupby("group")["share"].transform("count") > 0
    rows = rows[publishable]
    order = {code: rank for rank, code in enumerate(subjects(prevalence, scheme)["code"])}
    rank = rows["code"].map(order).fillna(len(order))
    rows = rows.loc[rank.sort_values(kind="stable").index]
    return rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        group_label=[french.capitalised(label("groups", group)) for group in rows["group"]],
    )


def comparable(prevalence: pd.DataFrame) -> pd.DataFrame:
    """The rows worth a contrast: themes and objectives; what is out of scope is no difference of opinion."""
    return prevalence[
        prevalence["scheme"].isin(("theme", "objective")) & ~prevalence["code"].isin(NOT_SUBJECTS)
    ]


def key_findings(prevalence: pd.DataFrame, contrasts: pd.DataFrame, names: Names) -> list[Finding]:
    """The findings that matter, at most five: first theme, second theme, first objective, territories, voices.

    Where nobody speaks of a scheme, or nothing was compared, the finding says so or is left out.
    """
    themes = subjects(prevalence, "theme")
    found = [
        out_of_scope(prevalence),
        first_subject(themes, "theme", names, section="les-six-themes"),
        second_subject(themes, names, section="les-six-themes"),
        first_subject(subjects(prevalence, "objective"), "objective", names, section="les-cinq-objectifs"),
        strongest(prevalence, contrasts, "territory", names, section="selon-les-territoires"),
        strongest(prevalence, contrasts, "stakeholder", names, section="selon-les-acteurs"),
    ]
    return [finding for finding in found if finding is not None][:5]


def out_of_scope(prevalence: pd.DataFrame) -> Finding | None:
    """Say first that respondents speak of something else, when they do so more than of any theme."""
    rows = overall(prevalence, "theme")
    themes = rows[~rows["code"].isin(NOT_SUBJECTS)]
    out = rows[rows["code"] == OUT_OF_SCOPE]
    if out.empty or (not themes.empty and themes["share"].iloc[0] >= out["share"].iloc[0]):
        return None
    row = out.iloc[0]
    return Finding(
        f"Le hors champ arrive en tête : {_share(row)} des répondants {_interval(row)} ({_n(row)}) ont au moins une "
        f"remarque qui ne concerne pas la sécurité du quotidien.",
        "les-six-themes",
        *_picture(row),
    )


def first_subject(rows: pd.DataFrame, scheme: str, names: Names, *, section: str) -> Finding | None:
    """Name the most frequent code; « sans se détacher » when its interval meets that of the second."""
    if rows.empty or rows["mentions"].iloc[0] == 0:
        return None
    first = rows.iloc[0]
    rank = {"theme": "le sujet le plus cité", "objective": "l'objectif qui revient le plus"}[scheme]
    tie = ""
    if len(rows) > 1 and rows["high"].iloc[1] > first["low"]:
        second = rows.iloc[1]
        tie = f", sans se détacher nettement de « {names[scheme, second['code']]} » ({_share(second)})"
    sentence = (
        f"« {names[scheme, first['code']]} » est {rank} : {_share(first)} des répondants en parlent "
        f"{_interval(first)} ({_n(first)}){tie}."
    )
    return Finding(sentence, section, *_picture(first))


def second_subject(rows: pd.DataFrame, names: Names, *, section: str) -> Finding | None:
    """Name the second most frequent theme and, in passing, the least."""
    if len(rows) < 2 or rows["mentions"].iloc[1] == 0:
        return None
    second, last = rows.iloc[1], rows.iloc[-1]
    tail = (
        f" ; à l'autre bout, « {names['theme', last['code']]} » : {_share(last)} {_interval(last)}"
        if len(rows) > 2
        else ""
    )
    sentence = (
        f"Vient ensuite « {names['theme', second['code']]} », dont parlent {_share(second)} des répondants "
        f"{_interval(second)} ({_n(second)}){tail}."
    )
    return Finding(sentence, section, *_picture(second))


def strongest(
    prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names, *, section: str
) -> Finding | None:
    """State the clearest difference between groups, or that none could be detected and what would have been."""
    rows = contrasts[contrasts["grouping"] == grouping]
    compared = rows[rows["verdict"] != "too_few"]
    if compared.empty:
        return None
    holding = compared[compared["verdict"].isin(HOLDS)]
    if holding.empty:
        return Finding(nothing_differs(prevalence, contrasts, grouping), section)
    # the clearest: the one whose interval stays farthest from zero
    clearance = holding[["low", "high"]].abs().min(axis=1)
    row = holding.loc[clearance.idxmax()]
    return Finding(
        contrast_sentence(row, names), section, row["difference"], row["low"], row["high"], is_difference=True
    )


def contrast_sentence(row: pd.Series, names: Names) -> str:
    """Put one contrast that holds in words, with its difference, interval and q.

    >>> row = pd.Series({"scheme": "theme", "code": "presence", "group_a": "rural", "group_b": "urbain",
    ...                  "difference": 0.2, "low": 0.08, "high": 0.31, "q_value": 0.004, "verdict": "more_often"})
    >>> contrast_sentence(row, {("theme", "presence"): "Présence"})
    '« Présence » revient plus souvent dans les réponses des territoires ruraux que dans celles des quartiers urbains : +20\xa0points [8\u202f; 31], q = 0,004.'
    """
    often = label("verdicts", row["verdict"])
    return (
        f"« {names[row['scheme'], row['code']]} » revient {often} dans les réponses {_of_group(row['group_a'])} "
        f"que dans celles {_of_group(row['group_b'])} : {french.points(row['difference'])} "
        f"{french.interval(row['low'], row['high'])}, {q_text(row['q_value'])}."
    )


def nothing_differs(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str) -> str:
    """Say that nothing differs detectably, and how large a difference would have gone unnoticed; or that nothing was compared."""
    rows = contrasts[contrasts["grouping"] == grouping]
    compared = rows[rows["verdict"] != "too_few"]
    between = {"territory": "entre les territoires", "stakeholder": "entre les voix"}[grouping]
    if compared.empty:
        return (
            f"Aucune comparaison n'est possible {between} : trop peu de réponses situées, ou un seul groupe."
        )
    unseen = unnoticed(prevalence, contrasts).reindex(compared.index).median()
    return (
        f"Aucune différence décelable {between} ({french.count(len(compared), 'comparaison')}) ; le plus souvent, un écart "
        f"de moins de {french.number(100 * unseen)} points passerait inaperçu."
    )


def contrast_sentences(contrasts: pd.DataFrame, grouping: str, names: Names, *, most: int = 8) -> list[str]:
    """The contrasts of a grouping that hold, in words, the clearest first."""
    rows = contrasts[(contrasts["grouping"] == grouping) & contrasts["verdict"].isin(HOLDS)]
    clearance = rows[["low", "high"]].abs().min(axis=1)
    ordered = rows.loc[clearance.sort_values(ascending=False, kind="stable").index]
    return [contrast_sentence(row, names) for _, row in ordered.head(most).iterrows()]


def q_text(q_value: float) -> str:
    """Write a corrected p-value without false precision.

    >>> q_text(0.0004), q_text(0.031)
    ('q < 0,001', 'q = 0,031')
    """
    return "q < 0,001" if q_value < 0.001 else f"q = {french.number(q_value, digits=3)}"


def _of_group(group: str) -> str:
    """Put a group after « les réponses »: « des élus », « de l'ensemble des autres », « d'outre-mer »."""
    name = label("groups", group)
    if group == "outre_mer":
        return f"d'{name}"
    if name.startswith("ensemble"):
        return f"de l'{name}"
    return f"des {name}"


def _share(row: pd.Series) -> str:
    return french.percent(row["share"])


def _interval(row: pd.Series) -> str:
    return french.interval(row["low"], row["high"])


def _n(row: pd.Series) -> str:
    return f"n = {french.number(row['respondents'])}"


def _picture(row: pd.Series) -> tuple[float, float, float]:
    return float(row["share"]), float(row["low"]), float(row["high"])
