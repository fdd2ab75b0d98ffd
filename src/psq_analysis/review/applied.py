"""What readings change in a finished analysis: the chain again, which computes only what depends on them, and what came of it."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.readings import disputed, read_whole, without_place
from psq_analysis.review.words import say
from psq_analysis.runs import chain, rerun
from psq_analysis.runs.run import READINGS, Run


def apply(name: str, *, out: str = "") -> tuple[Path, list[str]]:
    """Bring a published analysis up to date with what people read; return the path of its report and, in French, what changed and how long it took.

    Raises :class:`~psq_analysis.errors.BadInput` where there is no such analysis or the readings cannot be read.
    """
    started = time.monotonic()
    run, asked = rerun.finished(name, out)
    readings = run.readings(run.read("remarks"))
    before = _given(run)
    opened = chain.run_chain(run.settings, **asked)
    lines = changes(run, readings, before=before, after=_given(run))
    seconds = french.count(round(time.monotonic() - started), "seconde")
    return opened, [*lines, say("applied.seconds", seconds=seconds)]


def _given(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    return run.read("codes"), run.read("prevalence")


def changes(
    run: Run,
    readings: pd.DataFrame,
    *,
    before: tuple[pd.DataFrame, pd.DataFrame],
    after: tuple[pd.DataFrame, pd.DataFrame],
) -> list[str]:
    """Return, in French, what the readings of a run changed: ideas recoded, shares corrected, what no longer applies, what is left to settle.

    ``before`` and ``after``: the codes and the shares of the run.
    """
    remarks = run.read("remarks")
    whole = read_whole(run.project / READINGS)
    placeless = without_place(whole, remarks)
    lines = []
    if len(placeless):
        number = placeless.drop_duplicates(["key", "reader"])
        lines.append(say("applied.placeless", readings=french.count(len(number), "lecture")))
    if readings.empty:
        return [*lines, say("applied.unread")]
    read = readings.drop_duplicates("remark_id")
    said = remarks[~remarks["is_noise"]].groupby("contribution_id").size()
    of_person = read["contribution_id"].value_counts()
    entire = int((of_person >= said.reindex(of_person.index)).sum())
    replaced = run.read("codes_replaced")
    of_program = _by_idea(replaced.dropna(subset="code"))
    now = _by_idea(
        after[0].merge(replaced[["idea_id", "scheme"]].drop_duplicates(), on=["idea_id", "scheme"])
    )
    codes = (_by_idea(before[0]), _by_idea(after[0]))
    shares = tuple(
        one.set_index(["grouping", "group", "scheme", "code"])["share_corrected"]
        for one in (before[1], after[1])
    )
    corrected = int(shares[1].notna().sum())
    moved = (shares[1] - shares[0].reindex(shares[1].index).fillna(-1)).abs().fillna(0) > 0
    return [
        say(
            "applied.read",
            remarks=french.count(len(read), "remarque"),
            people=french.count(entire, "répondant"),
        ),
        say(
            "applied.recoded",
            now=french.count(_different(of_program, now), "idée"),
            changed=french.number(_different(*codes)),
        ),
        say(
            "applied.shares",
            corrected=french.count(corrected, "part"),
            changed=french.number(int(moved.sum())),
        )
        if corrected
        else say("applied.no_share"),
        *lines,
        *_open(readings),
    ]


def _open(readings: pd.DataFrame) -> list[str]:
    left = disputed(readings)["remark_id"].nunique()
    return [say("applied.open", remarks=french.count(left, "remarque"))] if left else []


def _by_idea(codes: pd.DataFrame) -> dict[str, frozenset[tuple[str, str]]]:
    pairs = codes.assign(pair=list(zip(codes["scheme"], codes["code"], strict=True)))
    return pairs.groupby("idea_id")["pair"].agg(frozenset).to_dict()  # type: ignore[no-any-return]


def _different(
    one: dict[str, frozenset[tuple[str, str]]], other: dict[str, frozenset[tuple[str, str]]]
) -> int:
    """How many ideas have other codes in one than in the other."""
    nothing: frozenset[tuple[str, str]] = frozenset()
    return sum(one.get(idea, nothing) != other.get(idea, nothing) for idea in one.keys() | other.keys())
