"""The sentences of the report: what the tables say, and not a word more.

A finding is written from rows of ``prevalence`` and ``contrasts``; each carries its number, its 95 % interval and its n.
Nothing is computed here but which row to speak of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.contrasts import unnoticed
from psq_analysis.french.labels import label, say
from psq_analysis.sentences.words import (
    Code,
    interval_text,
    n_text,
    of_group,
    often,
    q_text,
    quoted,
    share_text,
    tie_text,
)
from psq_analysis.tables.schema import OUT_OF_SCOPE, UNDETERMINED
from psq_analysis.tables.selections import (
    NOT_SUBJECTS,
    announced,
    both_sizes,
    clearest,
    compared,
    of_questionnaire,
    on_subjects,
    overall,
    sizes_of,
    subjects,
)

# Where the report says more of a finding: the anchors of its sections.
SECTIONS = {
    "theme": "les-themes",
    "objective": "les-objectifs",
    "territory": "selon-les-territoires",
    "stakeholder": "selon-les-acteurs",
}
MOST = 5  # tenths of the respondents from which « most » is said


@dataclass(frozen=True)
class Finding:
    """One sentence, its number in large, its picture (share or difference with its interval) and the section that shows more."""

    sentence: str
    section: str
    headline: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_difference: bool = False


def table_of(findings: Sequence[Finding]) -> pd.DataFrame:
    """The findings as the table of the run, in their order.

    >>> found = [Finding("« Présence » arrive en tête.", "les-themes", "41 %", 0.41, 0.36, 0.46)]
    >>> findings_of(table_of(found)) == found
    True
    """
    names = [field.name for field in fields(Finding)]
    rows = pd.DataFrame([asdict(one) for one in findings], columns=names)
    return rows.assign(rank=range(1, len(rows) + 1))


def findings_of(table: pd.DataFrame) -> list[Finding]:
    """The findings that the table of a run holds, in their order."""
    names = [field.name for field in fields(Finding)]
    rows = table.sort_values("rank")[names].astype(object)
    rows = rows.where(rows.notna(), None)
    return [Finding(**row) for row in rows.to_dict("records")]


def key_findings(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    names: Names,
    *,
    said: pd.DataFrame,
    counted: int,
    tied: Collection[Code],
    min_cell: int,
) -> list[Finding]:
    """The findings that matter, at most five: first theme, second theme, first objective, territories, voices.

    What respondents say out of scope comes first when they say it more than anything else. Where nothing may be published, where
    nobody speaks of the grid, or nothing could be compared, that is a finding. ``said``: who mentions what
    (:func:`psq_analysis.respondents.counted.respondent_codes`); ``counted``: respondents of the run; ``tied``: codes that do not stand apart from the
    next (:func:`psq_analysis.comparison.same_people.tied`).
    """
    themes, goals = subjects(prevalence, "theme"), subjects(prevalence, "objective")
    about = [
        out_of_scope(prevalence) or mostly_elsewhere(said, counted=counted, min_cell=min_cell),
        first_subject(prevalence, "theme", names, tied),
        second_subject(prevalence, names, tied),
        first_subject(prevalence, "objective", names, tied),
    ]
    found = [finding for finding in about if finding is not None]
    if overall(prevalence, "theme").empty:
        sentence = say("nothing_published", counted=french.count(counted, "répondant"), min_cell=min_cell)
        return [Finding(sentence, SECTIONS["theme"], say("not_published"))]
    if not found or (themes["mentions"].sum() == 0 and goals["mentions"].sum() == 0):
        sentence = say("nobody_speaks", min_cell=min_cell, n=n_text(counted))
        found.append(Finding(sentence, SECTIONS["theme"], say("not_published")))
    groups = [strongest(prevalence, contrasts, grouping, names) for grouping in ("territory", "stakeholder")]
    return (found[:4] + groups)[:5]


def findings_table(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    names: Names,
    *,
    said: pd.DataFrame,
    counted: int,
    tied: Collection[Code],
    min_cell: int,
) -> pd.DataFrame:
    """The table ``findings`` of a run: what :func:`key_findings` finds."""
    return table_of(
        key_findings(prevalence, contrasts, names, said=said, counted=counted, tied=tied, min_cell=min_cell)
    )


def out_of_scope(prevalence: pd.DataFrame) -> Finding | None:
    """Say first that respondents speak of something else, when they do so more than of any theme."""
    rows = overall(prevalence, "theme")
    themes = rows[~rows["code"].isin(NOT_SUBJECTS)]
    out = rows[rows["code"] == OUT_OF_SCOPE]
    if out.empty or (not themes.empty and themes["share"].iloc[0] >= out["share"].iloc[0]):
        return None
    return _about(out.iloc[0], "out_of_scope")


def mostly_elsewhere(said: pd.DataFrame, *, counted: int, min_cell: int) -> Finding | None:
    """Say in tenths that most respondents speak of no theme of the grid; None where they do not, or are too few to say it so.

    In tenths, for an exact count would let a reader compute the small ones; a tenth is then no small cell itself.
    """
    about = said[(said["scheme"] == "theme") & ~said["code"].isin(NOT_SUBJECTS)]["contribution_id"].nunique()
    tenths = 10 * (counted - about) // counted if counted else 0
    if counted < 10 * min_cell or tenths < MOST or not about:
        return None
    sentence = say("mostly_elsewhere", tenths=tenths, n=n_text(counted))
    return Finding(sentence, SECTIONS["theme"], say("tenths", tenths=tenths))


def first_subject(
    prevalence: pd.DataFrame, scheme: str, names: Names, tied: Collection[Code]
) -> Finding | None:
    """Name the most frequent code of a scheme; « sans se détacher » when its order with the second is not established."""
    rows = subjects(prevalence, scheme)
    if rows.empty or rows["mentions"].iloc[0] == 0:
        return None
    return _about(
        rows.iloc[0], f"first_{scheme}", name=quoted(names, rows.iloc[0]), tie=tie_text(rows, 0, names, tied)
    )


def second_subject(prevalence: pd.DataFrame, names: Names, tied: Collection[Code]) -> Finding | None:
    """Name the second most frequent theme and, in passing, the least."""
    rows = subjects(prevalence, "theme")
    if len(rows) < 2 or rows["mentions"].iloc[1] == 0:
        return None
    last = rows.iloc[-1]
    tail = say("last_theme", name=quoted(names, last), share=share_text(last), interval=interval_text(last))
    return _about(
        rows.iloc[1],
        "second_theme",
        name=quoted(names, rows.iloc[1]),
        tie=tie_text(rows, 1, names, tied),
        tail=tail if len(rows) > 3 else "",
    )


def _about(row: pd.Series, key: str, **values: str) -> Finding:
    sentence = say(
        key, share=share_text(row), interval=interval_text(row), n=n_text(row["respondents"]), **values
    )
    return Finding(
        sentence,
        SECTIONS[row["scheme"]],
        share_text(row),
        float(row["share"]),
        float(row["low"]),
        float(row["high"]),
    )


def strongest(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Finding:
    """State the clearest difference between groups; or that none could be detected, or why nothing was compared."""
    rows = clearest(on_subjects(contrasts), grouping)
    if not rows.empty:
        row = rows.iloc[0]
        return Finding(
            contrast_sentence(row, names, sizes=sizes_of(prevalence)),
            SECTIONS[grouping],
            french.points(row["difference"]),
            float(row["difference"]),
            float(row["low"]),
            float(row["high"]),
            is_difference=True,
        )
    headline = say("no_difference" if compared(on_subjects(contrasts), grouping) else "not_compared")
    return Finding(nothing_differs(prevalence, contrasts, grouping), SECTIONS[grouping], headline)


def contrast_sentence(
    row: pd.Series, names: Names, *, sizes: Mapping[tuple[str, str], int] | None = None
) -> str:
    """Put one contrast that holds in words, with its difference, interval, the n of both groups and q.

    >>> row = pd.Series({"scheme": "theme", "code": "presence", "grouping": "territory", "group_a": "rural", "group_b": "urbain",
    ...                  "difference": 0.2, "low": 0.08, "high": 0.31, "q_value": 0.004, "within_source": True})
    >>> contrast_sentence(row, {("theme", "presence"): "Présence"}, sizes={("territory", "rural"): 145, ("territory", "urbain"): 107})
    '« Présence » revient plus souvent dans les réponses des territoires ruraux que dans celles des quartiers urbains : +20\xa0points [8\u202f; 31] (n = 145 et 107), q = 0,004.'
    """
    size_a, size_b = both_sizes(row, sizes or {})
    return say(
        "contrast",
        name=quoted(names, row),
        often=often(row),
        of_a=of_group(row["grouping"], row["group_a"]),
        of_b=of_group(row["grouping"], row["group_b"]),
        points=french.points(row["difference"]),
        interval=interval_text(row),
        sizes=""
        if size_a is None or size_b is None
        else say("contrast_sizes", a=french.number(size_a), b=french.number(size_b)),
        q=q_text(row["q_value"]),
        unchecked=say("contrast_unchecked") if pd.isna(row["within_source"]) else "",
    )


def nothing_differs(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str) -> str:
    """Say that nothing differs detectably and how large a difference would have gone unnoticed; or why nothing was compared."""
    groups = prevalence[(prevalence["grouping"] == grouping) & (prevalence["group"] != UNDETERMINED)]
    sizes = groups.dropna(subset=["respondents"]).drop_duplicates("group")
    if groups.empty:
        return say({"territory": "no_place", "stakeholder": "no_voice"}[grouping])
    tested = on_subjects(contrasts)
    tested = tested[(tested["grouping"] == grouping) & tested["p_value"].notna()]
    if tested.empty and len(sizes) == 1:
        group, respondents = sizes["group"].iloc[0], sizes["respondents"].iloc[0]
        return say(f"one_group_{grouping}", group=label("groups", group), n=n_text(respondents))
    if tested.empty:
        return say(f"nothing_compared_{grouping}")
    by_questionnaire = int(of_questionnaire(announced(tested)).sum())
    unseen = unnoticed(contrasts).reindex(tested.index).median()
    same = int((tested["verdict"] == "equivalent").sum())
    return say(
        f"nothing_differs_{grouping}",
        compared=french.count(len(tested), "comparaison"),
        questionnaire=say("differs_by_questionnaire", count=french.count(by_questionnaire, "écart"))
        if by_questionnaire
        else "",
        same=say("nothing_same" if same else "nothing_same_none", count=french.number(same)),
        unseen=french.count(round(100 * unseen), "point"),
    )
