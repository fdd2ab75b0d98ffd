"""How far the coding of this run can be trusted: what it could not decide, and what people's codes say of it.

Measured on the remarks of the run that people coded (setting ``human``), each scored by a model that had not seen it; without
such remarks the quality is « non évalué ». What is shown here is published: few remarks are few people, so small counts and
whatever rests on them are withheld.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from psq_analysis import french
from psq_analysis.coding.assign import outcomes
from psq_analysis.coding.code_names import Names
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.evaluation import Evaluation
from psq_analysis.french.labels import column, label
from psq_analysis.html.fragments import Fragment, sentence, table
from psq_analysis.respondents.design import EVERYONE
from psq_analysis.sentences.evaluation import wording
from psq_analysis.sentences.quality import f1_with_interval, measured_sentence, overall_rows
from psq_analysis.settings import is_small
from psq_analysis.tables.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE


def outcome_rates(
    codes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, *, min_cell: int
) -> pd.DataFrame:
    """Return how many ideas and how many remarks ended under a theme, « Autre », « Hors champ » or without content, and their share.

    A number that few people stand behind is withheld, and the largest with it, so that the total does not give it away.
    """
    by_remark = outcomes(codes, ideas, remarks).set_index("outcome")
    themes = codes[codes["scheme"] == "theme"].merge(ideas[["idea_id", "remark_id"]], on="idea_id")
    themes = themes.assign(outcome=themes["code"].where(themes["code"].isin([OTHER, OUT_OF_SCOPE]), "coded"))
    by_idea = themes.groupby("outcome")["idea_id"].nunique().reindex(by_remark.index, fill_value=0)
    people = themes.merge(remarks[["remark_id", "contribution_id"]], on="remark_id")
    people_by_idea = people.groupby("outcome")["contribution_id"].nunique()
    hidden = {name for name, number in people_by_idea.items() if is_small(number, min_cell=min_cell)}
    hidden |= {
        name
        for name in ("coded", OTHER, OUT_OF_SCOPE)
        if is_small(by_remark.loc[name, "remarks"], min_cell=min_cell)
    }
    if hidden:
        hidden.add("coded" if hidden != {"coded"} else OTHER)
    words = wording()["outcomes"]
    rows = []
    for name, remarks_with, share in by_remark[["remarks", "share"]].itertuples():
        ideas_with: Any = (french.number(by_idea[name]), french.percent(by_idea[name] / max(1, len(ideas))))
        found: Any = (french.number(remarks_with), french.percent(share))
        if name in hidden:
            ideas_with = found = (label("words", "withheld"),) * 2
        if name == NO_CONTENT:
            ideas_with = (label("words", "none"),) * 2
        rows.append((words[name], *ideas_with, *found))
    heads = wording()["heads"]
    return pd.DataFrame(
        rows,
        columns=[
            heads["outcome"], column("ideas"), heads["share_of_ideas"], column("remarks"), heads["share_of_remarks"],
        ],
    )  # fmt: skip


def corrected_shares(
    prevalence: pd.DataFrame,
    badges: pd.DataFrame,
    names: Names,
    grid: Codebook,
    *,
    scheme: str,
    min_cell: int,
) -> Fragment:
    """Show, per code of a scheme, the share the program finds, the one that readings correct, and how right the program was where people read.

    Before any reading, a sentence says how far the program can be wrong.
    """
    rows = corrected_table(prevalence, badges, names, scheme=scheme, min_cell=min_cell)
    words = wording()["readings"]
    if rows.empty:
        return sentence(words["never_read"].format(measured=measured_sentence(grid, scheme)), kind="note")
    people = french.count(int(badges.loc[badges["scheme"] == scheme, "readings"].max()), "répondant")
    return table(rows, caption=words["caption"].format(people=people))


def corrected_table(
    prevalence: pd.DataFrame, badges: pd.DataFrame, names: Names, *, scheme: str, min_cell: int
) -> pd.DataFrame:
    """The rows of :func:`corrected_shares`; none where nobody read. Precision and recall that rest on few people are withheld."""
    words = wording()["readings"]
    heads = [words[name] for name in ("code", "corrected", "found", "read", "precision", "recall")]
    everyone = prevalence[
        (prevalence["grouping"] == EVERYONE)
        & (prevalence["scheme"] == scheme)
        & prevalence["share_corrected"].notna()
    ]
    seen = everyone.merge(badges, on=["scheme", "code"]).sort_values("share_corrected", ascending=False)
    rows = [
        (
            names.get((scheme, row.code), row.code),
            f"{french.percent(row.share_corrected)} {french.interval(row.low_corrected, row.high_corrected)}",
            french.percent(row.share),
            french.number(row.readings),
            _rate(row.precision, row.machine, min_cell),
            _rate(row.recall, row.people, min_cell),
        )
        for row in seen.itertuples()
    ]
    return pd.DataFrame(rows, columns=heads)


def _rate(share: float, people: int, min_cell: int) -> str:
    if is_small(people, min_cell=min_cell) or pd.isna(share):
        return wording()["readings"]["few"].format(least=min_cell)
    return french.percent(share)


def overall(measured: Evaluation | None) -> Fragment:
    """Show micro and macro F1 of each scheme: on remarks not seen, with intervals, and beside it on the remarks learnt from."""
    if measured is None:
        return sentence(wording()["quality"]["not_evaluated"], kind="note")
    remarks = french.count(measured.remarks, "remarque")
    return table(overall_table(measured), caption=wording()["heads"]["overall"].format(remarks=remarks))


def overall_table(measured: Evaluation | None) -> pd.DataFrame:
    """The rows of :func:`overall`; none where the quality was not evaluated."""
    heads = wording()["heads"]
    columns = [column("scheme"), heads["figure"], heads["unseen"], heads["in_sample"], heads["gap"]]
    if measured is None:
        return pd.DataFrame(columns=columns)
    learnt = {(row.scheme, row.figure): row.f1 for row in overall_rows(measured, method="in_sample")}
    rows = [
        (
            label("schemes", row.scheme),
            wording()["figures"][row.figure],
            f1_with_interval(row),
            french.number(learnt[row.scheme, row.figure], digits=2),
            french.number(learnt[row.scheme, row.figure] - row.f1, digits=2),
        )
        for row in overall_rows(measured)
    ]
    return pd.DataFrame(rows, columns=columns)


def by_code(measured: Evaluation | None, grid: Codebook, *, min_cell: int) -> Fragment:
    """Show precision, recall and F1 of each code on remarks not seen; codes that people gave too rarely are withheld."""
    if measured is None:
        return sentence(wording()["quality"]["not_evaluated"], kind="note")
    return table(by_code_table(measured, grid, min_cell=min_cell), caption=wording()["heads"]["by_code"])


def by_code_table(measured: Evaluation | None, grid: Codebook, *, min_cell: int) -> pd.DataFrame:
    """The rows of :func:`by_code`; none where the quality was not evaluated."""
    heads = wording()["heads"]
    names = [heads[name] for name in ("code", "support", "precision", "recall", "f1")]
    columns = [column("scheme"), *names]
    if measured is None:
        return pd.DataFrame(columns=columns)
    kept = measured.by_code[measured.by_code["method"] == measured.best]
    rows = [
        (label("schemes", row.scheme), grid.label(row.scheme, row.code), *_figures(row, min_cell=min_cell))
        for row in kept.itertuples()
    ]
    return pd.DataFrame(rows, columns=columns)


def _figures(row: Any, *, min_cell: int) -> tuple[str, str, str, str]:
    if row.support < min_cell:
        return (label("words", "fewer_than").format(min_cell=min_cell), *(label("words", "none"),) * 3)
    return (
        french.number(row.support),
        french.number(row.precision, digits=2),
        french.number(row.recall, digits=2),
        f1_with_interval(row),
    )


def confusion(measured: Evaluation | None, grid: Codebook, *, min_cell: int) -> Fragment:
    """Show which themes the program gave in place of those people gave, on remarks not seen; small counts are withheld."""
    if measured is None:
        return sentence(wording()["quality"]["not_evaluated"], kind="note")
    return table(
        confusion_table(measured, grid, min_cell=min_cell), caption=wording()["confusion"]["caption"]
    )


def confusion_table(measured: Evaluation | None, grid: Codebook, *, min_cell: int) -> pd.DataFrame:
    """The rows of :func:`confusion`; none where the quality was not evaluated."""
    words = wording()["confusion"]
    if measured is None:
        return pd.DataFrame(columns=[words["head"]])
    kept = measured.confusion
    kept = kept[(kept["method"] == measured.best) & (kept["scheme"] == "theme")]
    counts = kept.pivot_table(index="code", columns="given", values="remarks", sort=False)
    named = grid.labels("theme")
    small = label("words", "fewer_than").format(min_cell=min_cell)
    shown = np.where(
        (counts > 0) & (counts < min_cell), small, counts.astype(int).map(french.number).to_numpy()
    )
    rows = pd.DataFrame(shown, columns=[words["columns"].get(code, named.get(code, code)) for code in counts])
    rows.insert(0, words["head"], [words["rows"].get(code, named.get(code, code)) for code in counts.index])
    return rows
