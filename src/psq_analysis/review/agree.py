"""How far readers agree, code by code, and what they still have to settle."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from psq_analysis import french
from psq_analysis.coding.agreement import reader_agreement
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.readings import AGREED, NONE, SCHEMES, disputed, keys_of
from psq_analysis.french.labels import label
from psq_analysis.quotes.choice import REFERENCE_LETTERS
from psq_analysis.review.drawn import COLUMNS
from psq_analysis.review.words import say
from psq_analysis.runs.run import Run

# Krippendorff (2004): conclusions rest on .800 and more, tentative ones on .667
SOLID, TENTATIVE = 0.800, 0.667
# Times a code must be given, by either reader, before its agreement says something: under it one disagreement moves alpha by a tenth
LEAST_GIVEN = 10


class Agreement(NamedTuple):
    """``by_code``: ``scheme``, ``code``, ``given`` (by either), then ``percent``, ``alpha``, ``ac1`` with ``_low`` and ``_high``; ``by_scheme``:
    ``scheme``, ``remarks`` read twice, ``same`` (share with the same codes); ``open``: the readings of what is to settle."""

    by_code: pd.DataFrame
    by_scheme: pd.DataFrame
    open: pd.DataFrame


def agreement(read: pd.DataFrame, grid: Codebook, *, seed: int) -> Agreement:
    """Return how far two readers of the same remarks agree; of a remark that more have read, the first two by name.

    ``read``: the readings of a run (:func:`psq_analysis.coding.readings.placed`). What readers settled afterwards does not count: they no longer read
    apart.
    """
    apart = read[read["reader"] != AGREED].sort_values(["scheme", "remark_id", "reader"])
    apart = apart.assign(turn=apart.groupby(["scheme", "remark_id"]).cumcount())
    schemes, codes = [], []
    for scheme in [one for one in SCHEMES if one in grid.schemes]:
        both = apart[apart["scheme"].eq(scheme) & (apart["turn"] < 2)].pivot(
            index="remark_id", columns="turn", values="codes"
        )
        both = both.reindex(columns=[0, 1]).dropna()
        if both.empty:
            continue
        schemes.append((scheme, len(both), float((both[0] == both[1]).mean())))
        for code in grid.codes(scheme):
            first, second = (np.array([code in given for given in both[turn]]) for turn in (0, 1))
            found = reader_agreement(first, second, seed=seed).set_index("figure")
            figures = {
                f"{figure}{end}": found.loc[figure, column]
                for figure in found.index
                for end, column in (("", "value"), ("_low", "low"), ("_high", "high"))
            }
            codes.append({"scheme": scheme, "code": code, "given": int((first | second).sum()), **figures})
    return Agreement(
        pd.DataFrame(codes), pd.DataFrame(schemes, columns=["scheme", "remarks", "same"]), disputed(read)
    )


def told(found: Agreement, grid: Codebook, *, name: str, file: str) -> list[str]:
    """Return, line by line, how far readers agree and what is left to settle, in French."""
    if found.by_scheme.empty:
        return [say("agree.nothing")]
    lines = []
    for scheme in found.by_scheme.itertuples():
        lines.append(
            say(
                "agree.scheme",
                scheme=label("schemes", str(scheme.scheme)),
                remarks=french.count(int(scheme.remarks), "remarque"),
                same=french.percent(float(scheme.same)),
            )
        )
        rows = found.by_code[found.by_code["scheme"] == scheme.scheme]
        lines += [_code_told(row, grid) for _, row in rows.iterrows()]
    lines.append(say("agree.legend"))
    if found.open.empty:
        return [*lines, say("agree.settled")]
    pairs = list(found.open.groupby(["remark_id", "scheme"], sort=False))
    lines.append(say("agree.disputed", remarks=french.count(found.open["remark_id"].nunique(), "remarque")))
    lines += [
        say(
            "agree.dispute",
            reference=str(remark)[:REFERENCE_LETTERS],
            scheme=label("schemes", scheme),
            views=_views(rows, grid),
        )
        for (remark, scheme), rows in pairs
    ]
    return [*lines, say("agree.settle", name=name, file=file)]


def _code_told(row: pd.Series, grid: Codebook) -> str:
    figures = {
        name: say(
            "agree.figure",
            **{
                part: french.number(row[f"{name}{end}"], digits=2)
                for part, end in (("value", ""), ("low", "_low"), ("high", "_high"))
            },
        )
        for name in ("alpha", "ac1")
    }
    given = int(row["given"])
    if given < LEAST_GIVEN:
        times = f"donné {french.count(given, 'fois', 'fois')}" if given else say("agree.none_given")
        verdict = say("agree.rare", given=times)
    else:
        level = "good" if row["alpha"] >= SOLID else "fair" if row["alpha"] >= TENTATIVE else "poor"
        verdict = say(f"agree.{level}")
    return say(
        "agree.code",
        label=grid.label(row["scheme"], row["code"]),
        percent=french.percent(row["percent"]),
        verdict=verdict,
        **figures,
    )


def _views(rows: pd.DataFrame, grid: Codebook) -> str:
    return " ; ".join(
        say("agree.view", reader=row.reader, codes=_labels(row.codes, str(row.scheme), grid))
        for row in rows.itertuples()
    )


def _labels(codes: tuple[str, ...], scheme: str, grid: Codebook) -> str:
    return french.enumeration([f"« {grid.label(scheme, code)} »" for code in codes] or [f"« {NONE} »"])


def to_settle(run: Run, found: Agreement, grid: Codebook) -> pd.DataFrame:
    """Return what two readers settle together, in the columns of a file to fill in, with what each had read."""
    remarks = run.read("remarks")
    remarks = remarks[remarks["remark_id"].isin(found.open["remark_id"])]
    views = {
        remark: " / ".join(
            f"{label('schemes', scheme)} : {_views(rows, grid)}"
            for scheme, rows in of_remark.groupby("scheme")
        )
        for remark, of_remark in found.open.groupby("remark_id")
    }
    people = {person: number for number, person in enumerate(remarks["contribution_id"].unique(), start=1)}
    rows = remarks.assign(
        key=keys_of(remarks),
        reader=AGREED,
        respondent=remarks["contribution_id"].map(people),
        readings=remarks["remark_id"].map(views),
    )
    return rows[[*COLUMNS, "readings"]].reset_index(drop=True)
