"""What the quality of the coding says, in French."""

from __future__ import annotations

from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.evaluation import MIN_CODED, Evaluation
from psq_analysis.french.labels import label
from psq_analysis.sentences.evaluation import wording
from psq_analysis.settings import is_small
from psq_analysis.tables.schema import OTHER

# Below this agreement with a reader a share is a trend of the program more than of the answers: one code in three is wrong.
LEAST_TO_CITE = 0.65


def quality_sentence(
    measured: Evaluation | None,
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    *,
    human: pd.DataFrame | None = None,
    min_cell: int,
) -> str:
    """Say how the coding was checked and what came out, or that it was not, and why; then where the codes come from.

    >>> codes = pd.DataFrame({"idea_id": ["i"], "scheme": ["theme"], "code": ["presence"], "origin": ["codebook"]})
    >>> quality_sentence(None, codes, pd.DataFrame({"idea_id": ["i"], "remark_id": ["r"]}), min_cell=11)
    'Qualité du codage : non évaluée. Il faudrait des remarques de cette analyse codées par des personnes (paramètre « human »).'
    """
    words = wording()["quality"]
    if measured is not None:
        figures = french.enumeration(
            [
                words["figure"].format(
                    figure=f1_with_interval(row),
                    scheme=words["schemes"].get(row.scheme, label("schemes", row.scheme)),
                )
                for row in overall_rows(measured, figure="micro")
            ]
        )
        said = words["measured"].format(remarks=french.number(measured.remarks), figures=figures)
    elif human is None:
        said = words["not_measured"]
    else:
        said = words["too_few"].format(
            coded=french.count(len(human), words["coded_one"], words["coded_many"]), least=MIN_CODED
        )
    return said + _who_coded(codes, ideas, human=human, min_cell=min_cell)


def measured_sentence(grid: Codebook, scheme: str) -> str:
    """Say how far the coding of a scheme agreed with a reader on remarks never seen, or that it was never measured."""
    words, figure = wording()["readings"], grid.measured.get(scheme)
    if figure is None:
        return words["not_measured"]
    return words["measured"].format(
        remarks=french.count(figure.remarks, "remarque"), f1=f1_with_interval(figure)
    )


def indicative_sentence(grid: Codebook, scheme: str) -> str:
    """Say that the shares of a scheme are only indicative, with the figure, while its F1 is below :data:`LEAST_TO_CITE` or unknown; else nothing."""
    figure = grid.measured.get(scheme)
    if figure is not None and figure.f1 >= LEAST_TO_CITE:
        return ""
    return wording()["readings"]["indicative"].format(measured=_lower(measured_sentence(grid, scheme)))


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:]


def _who_coded(codes: pd.DataFrame, ideas: pd.DataFrame, *, human: pd.DataFrame | None, min_cell: int) -> str:
    by_people = codes.loc[codes["origin"] == "human", "idea_id"].unique()
    remark_of = ideas.set_index("idea_id")["remark_id"]
    settled, all_remarks = remark_of.reindex(by_people).nunique(), remark_of.nunique()
    if not settled:
        return ""
    words = wording()["quality"]
    if is_small(settled, min_cell=min_cell):
        settled_remarks = words["a_few"]
    elif settled == all_remarks or is_small(all_remarks - settled, min_cell=min_cell):
        settled_remarks = words["nearly_all"]
    else:
        settled_remarks = words["some"].format(
            settled=french.number(settled), remarks=french.number(all_remarks)
        )
    return " " + words["by_examples" if human is None else "by_people"].format(settled=settled_remarks)


def abstention_sentence(measured: Evaluation | None) -> str:
    """Say how often the program declined to decide on a remark that people coded, or that it was not measured."""
    words = wording()["quality"]
    if measured is None:
        return words["not_evaluated"]
    left = measured.outcomes[measured.outcomes["method"] == measured.best].set_index("outcome")["share"]
    return words["abstention"].format(share=french.percent(left[OTHER]))


def overall_rows(measured: Evaluation, *, method: str | None = None, figure: str | None = None) -> list[Any]:
    kept = measured.overall[measured.overall["method"] == (method or measured.best)]
    return list((kept if figure is None else kept[kept["figure"] == figure]).itertuples())


def f1_with_interval(row: Any) -> str:
    low, high = (french.number(bound, digits=2) for bound in (row.low, row.high))
    return f"{french.number(row.f1, digits=2)} [{low} ; {high}]"
