"""What an evaluation of the coding says, in French."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.evaluation import Evaluation
from psq_analysis.packaged import read_yaml


@cache
def wording() -> dict[str, Any]:
    """Return the French words of evaluations, by key."""
    return read_yaml(__package__, "evaluation.yml")


def evaluation_text(evaluation: Evaluation, codebook: Codebook) -> str:
    """Return the evaluation as the lines an analyst reads, in French."""
    words = wording()
    lines = [words["title"].format(codebook=codebook.title, remarks=evaluation.remarks), words["convention"]]
    for scheme in dict.fromkeys(evaluation.overall["scheme"]):
        lines += ["", codebook.schemes[scheme].label.upper()]
        overall = evaluation.overall[evaluation.overall["scheme"] == scheme]
        for method in dict.fromkeys(overall["method"]):
            figures = " ; ".join(
                f"{words['figures'][row.figure]} {_with_interval(row.f1, row.low, row.high)}"
                for row in overall[overall["method"] == method].itertuples()
            )
            lines.append(f"  {words['methods'][method]} : {figures}")
        pair = overall[overall["figure"] == "micro"].set_index("method")["f1"]
        lines += [
            "  "
            + words["gap"].format(gap=_number(pair[prefix + "in_sample"] - pair[prefix + "cross_validated"]))
            for prefix in ("examples_", "")
            if prefix + "in_sample" in pair
        ]
        shown = evaluation.best if evaluation.best in set(overall["method"]) else overall["method"].iloc[-1]
        lines.append("  " + words["by_code"].format(method=words["methods"][shown]))
        table = evaluation.by_code[
            (evaluation.by_code["scheme"] == scheme) & (evaluation.by_code["method"] == shown)
        ]
        lines += [
            f"    {row.code:<13} n = {row.support:>3}  {words['precision']} {_number(row.precision)}  {words['recall']} "
            f"{_number(row.recall)}  F1 {_with_interval(row.f1, row.low, row.high)}"
            for row in table.itertuples()
        ]
        bins = evaluation.calibration
        bins = bins[(bins["scheme"] == scheme) & (bins["method"] == shown)]
        lines.append("  " + words["calibration"])
        lines += [
            f"    {_number(row.score)} → {_number(row.right)}  ({row.decisions} {words['decisions']})"
            for row in bins.itertuples()
        ]
        lines += _confusion_lines(
            evaluation.confusion[
                (evaluation.confusion["scheme"] == scheme) & (evaluation.confusion["method"] == shown)
            ]
        )
        for row in evaluation.agreement[evaluation.agreement["scheme"] == scheme].itertuples():
            lines.append(f"  {words['agreement'][row.figure]} {_number(row.value)}")
    for row in evaluation.outcomes.itertuples():
        if row.method == evaluation.best:
            lines.append(
                f"{words['outcomes'][row.outcome]} : {row.remarks} ({_number(100 * row.share, 0)} %)"
            )
    return "\n".join(lines)


def _confusion_lines(pairs: pd.DataFrame) -> list[str]:
    words = wording()["confusion"]
    table = pairs.pivot_table(index="code", columns="given", values="remarks", sort=False)
    named = table.rename(index=words["rows"], columns=words["columns"])
    width = max(len(name) for name in named.index) + 1
    head = f"    {'':<{width}}" + " ".join(f"{name[:10]:>10}" for name in named.columns)
    body = [
        f"    {name:<{width}}" + " ".join(f"{int(count):>10}" for count in row)
        for name, row in zip(named.index, named.to_numpy(), strict=True)
    ]
    return ["  " + words["title"], head, *body]


def _number(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{_number(value)} [{_number(low)} ; {_number(high)}]"
