"""The closed questions: each with its chart and its table, by territory and voice, and what those who chose an answer write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.charts.style import numbers
from psq_analysis.coding.code_names import Names
from psq_analysis.comparison.closed_answers import TERRITORY, VOICE
from psq_analysis.french.labels import column, label, say, short
from psq_analysis.html.fragments import Fragment, render, sentence, table, table_of_texts
from psq_analysis.report.differences import heat_cell
from psq_analysis.respondents.closed import SCALE, SEVERAL
from psq_analysis.sentences.words import group_name, n_text, share_text
from psq_analysis.tables.schema import OTHER, UNDETERMINED
from psq_analysis.tables.selections import NOT_SUBJECTS

MOST_QUESTIONS = 25  # on a page; a longer questionnaire is read in the tables
MOST_DEMANDS = 3  # of those who chose an answer
_DEMAND = "demande/"  # what the identifiers of demands begin with


def closed_questions(
    answers: pd.DataFrame, crossed: pd.DataFrame, groups: pd.DataFrame, names: Names, *, min_cell: int
) -> Fragment:
    """Each closed question in the order it was asked. ``answers``, ``crossed``, ``groups``: the tables ``closed_answers``, ``closed_crossed`` and ``demand_groups``."""
    shown = answers[answers["grouping"].eq("all") & answers["is_shown"]]
    if shown.empty:
        return sentence(say("no_closed", min_cell=min_cell), kind="note")
    keys = list(dict.fromkeys(shown["question_id"]))
    demands = dict(zip(groups["demand_id"], groups["label"], strict=True))
    questions = [
        _question(
            answers[answers["question_id"] == key], crossed[crossed["question_id"] == key], names, demands
        )
        for key in keys[:MOST_QUESTIONS]
    ]
    more = len(keys) - len(questions)
    return render(
        "closed.html.j2",
        questions=questions,
        measure=say("measure_closed"),
        more=say("closed_more"),
        rest=say("closed_rest", count=french.count(more, "autre question", "autres questions"))
        if more
        else "",
    )


def answer_name(value: str) -> str:
    """The answer as it is shown: « Autre réponse » for those that were typed."""
    return say("other_answer") if value == OTHER else value


def _question(
    rows: pd.DataFrame, crossed: pd.DataFrame, names: Names, demands: dict[str, str]
) -> dict[str, Any]:
    everyone = rows[rows["grouping"] == "all"]
    question, kind = str(everyone["question"].iloc[0]), str(everyone["kind"].iloc[0])
    told = everyone[~everyone["is_unsure"]]
    first = (told if len(told) else everyone).sort_values("share", ascending=False, kind="stable").iloc[0]
    said = say("closed_answered", people=french.count(int(first["respondents"]), "personne"))
    return {
        "question": question,
        "said": said + (say("closed_several") if kind == SEVERAL else say("closed_scale") if kind == SCALE else ""),
        "caption": say("caption_closed", question=question),
        "title": say("title_closed", value=french.inside_quotes(answer_name(first["value"])), share=share_text(first)),
        "bars": [_bar(row) for row in everyone.itertuples()],
        "table": _table(everyone, caption=say("caption_closed", question=question)),
        "groups": [
            heat
            for grouping in (TERRITORY, VOICE)
            if (heat := _by_group(rows[rows["grouping"] == grouping], grouping, question))
        ],
        "crossed": _crossed(crossed, names, question),
        "asked": _asked(crossed, demands),
    }  # fmt: skip


def _bar(row: Any) -> dict[str, Any]:
    return {
        "name": answer_name(row.value),
        "is_unsure": row.is_unsure,
        "share": round(100 * row.share, 1),
        "low": round(100 * row.low, 1),
        "high": round(100 * row.high, 1),
        "number": f"{share_text(row)} {french.interval(row.low, row.high)}",
    }


def _table(rows: pd.DataFrame, *, caption: str) -> Fragment:
    named = rows.assign(answer=rows["value"].map(answer_name))
    shown = numbers(named, {"answer": column("answer")}).rename(columns={column("mentions"): column("chose")})
    return table(shown, caption=caption)


def _grid(rows: pd.DataFrame, columns: Sequence[str], *, by: str, caption: str) -> Fragment:
    """Answers × groups, each cell with its share and interval, n beside the name of the column (of the row where columns are subjects)."""
    sizes = rows.drop_duplicates(by).set_index(by)["respondents"]
    sized = {key: f"{key} ({n_text(int(size))})" for key, size in sizes.items()}
    cells = {
        (row.answer, row.group_label): f"{share_text(row)} {french.interval(row.low, row.high)}"
        for row in rows.itertuples()
    }
    answers = list(dict.fromkeys(rows["answer"]))
    return table_of_texts(
        [
            [
                sized.get(answer, answer),
                *(cells.get((answer, one), label("words", "withheld_short")) for one in columns),
            ]
            for answer in answers
        ],
        columns=[column("answer"), *(sized.get(one, one) for one in columns)],
        caption=caption,
    )


def _by_group(rows: pd.DataFrame, grouping: str, question: str) -> Fragment | str:
    """A heat map of answers × groups; nothing where fewer than two groups may be shown."""
    rows = rows[rows["is_shown"] & (rows["group"] != UNDETERMINED)]
    if rows["group"].nunique() < 2:
        return ""
    named = {group: french.capitalised(group_name(grouping, group)) for group in rows["group"].unique()}
    return _heat(
        rows.assign(group_label=rows["group"].map(named)),
        list(named.values()),
        by="group_label",
        title=say(f"title_closed_by_{grouping}"),
        caption=say(f"caption_closed_by_{grouping}", question=question),
    )


def _crossed(rows: pd.DataFrame, names: Names, question: str) -> Fragment | str:
    """A heat map of answers × themes: what those who chose an answer write about."""
    rows = rows[(rows["scheme"] == "theme") & ~rows["code"].isin(NOT_SUBJECTS)]
    if rows["value"].nunique() < 2:
        return ""
    label_of = {code: short(names["theme", code]) for code in rows["code"].unique()}
    return _heat(
        rows.assign(group_label=rows["code"].map(label_of)),
        list(label_of.values()),
        by="answer",
        title=say("title_closed_crossed"),
        caption=say("caption_closed_crossed", question=question),
    )


def _heat(rows: pd.DataFrame, columns: list[str], *, by: str, title: str, caption: str) -> Fragment:
    named = rows.sort_values("rank", kind="stable")
    named = named.assign(answer=named["value"].map(answer_name))
    cells = {(row.answer, row.group_label): row for row in named.itertuples()}
    highest = float(named["share"].max()) or 1.0
    return render(
        "heat.html.j2",
        title=title,
        measure=say("measure_closed_groups"),
        caption=caption,
        corner=column("answer"),
        columns=columns,
        rows=[
            (answer, [heat_cell(cells.get((answer, group)), highest) for group in columns])
            for answer in dict.fromkeys(named["answer"])
        ],
        withheld=label("words", "withheld_short"),
        table=_grid(named, columns, by=by, caption=f"{caption} : {label('words', 'the_numbers').lower()}"),
    )


def _asked(rows: pd.DataFrame, demands: dict[str, str]) -> list[str]:
    """What those who chose each answer ask most: demands whose published number is clearly above nobody."""
    asked = rows[
        rows["scheme"].eq("demand")
        & rows["code"].str.startswith(_DEMAND)
        & rows["edge"].eq("")
        & (rows["low"] > 0)
    ]
    return [
        say(
            "closed_asked",
            value=french.inside_quotes(answer_name(str(value))),
            demands=" ; ".join(
                f"{demands[row.code]} ({share_text(row)} {french.interval(row.low, row.high)})"
                for row in of_answer.nlargest(MOST_DEMANDS, "share").itertuples()
                if row.code in demands
            ),
        )
        for _, of_rank in asked.groupby("rank")
        for value, of_answer in of_rank.groupby("value")
    ]
