"""Codes of ideas as people who read them left them: their word stands for the remarks they read, and moves nothing else."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from psq_analysis.coding.readings import settled
from psq_analysis.tables.schema import OTHER, conform


class Recoded(NamedTuple):
    """Codes as they count now (table ``codes``), and what the program had given in their place (table ``codes_replaced``).

    ``replaced`` has a row for every idea and scheme read, with an empty code where the program had given none: what people added there is theirs.
    """

    codes: pd.DataFrame
    replaced: pd.DataFrame


def recode(codes: pd.DataFrame, ideas: pd.DataFrame, readings: pd.DataFrame) -> Recoded:
    """Return the codes of ideas, those of the remarks people read being theirs.

    ``readings``: what people found in remarks of this run (:func:`psq_analysis.coding.readings.placed`); what readers differ about is left to the
    program. A code stays with the ideas of the remark that the program gave it to; one the program did not give goes to the longest idea left
    without any; an idea still without any takes those of its neighbour. The program learns nothing here: what nobody read keeps its codes, and the
    shares of the others can be corrected by what the readings say of the program.

    >>> codes = pd.DataFrame({"idea_id": ["i", "j"], "scheme": "theme", "code": ["acces", "presence"], "score": [0.5, 0.9], "origin": "model"})
    >>> ideas = pd.DataFrame({"idea_id": ["i", "j"], "remark_id": ["r", "s"], "start": 0, "end": 9})
    >>> read = pd.DataFrame({"remark_id": ["r"], "reader": "1", "scheme": "theme", "codes": [("presence",)]})
    >>> recode(codes, ideas, read).codes[["idea_id", "code", "origin"]].values.tolist()
    [['i', 'presence', 'human'], ['j', 'presence', 'model']]
    """
    given = settled(readings) if len(readings) else readings
    if given.empty:
        return Recoded(codes, conform(codes.iloc[:0], "codes_replaced"))
    read = ideas[ideas["remark_id"].isin(given["remark_id"])].assign(
        length=lambda rows: rows["end"] - rows["start"]
    )
    ideas_of = dict(tuple(read.sort_values("start").groupby("remark_id")))
    of_program = codes[codes["idea_id"].isin(read["idea_id"])]
    program = of_program.groupby(["scheme", "idea_id"])["code"].agg(set).to_dict()
    rows = []
    for one in given.itertuples():
        if one.remark_id not in ideas_of:  # says nothing, hence has no idea
            continue
        own = ideas_of[one.remark_id].set_index("idea_id")["length"]
        before = {idea: program.get((one.scheme, idea), set()) for idea in own.index}
        for idea, held in _shared_out(one.codes, own, before).items():
            kept = held or ({OTHER} if one.scheme == "theme" else set())
            rows += [(idea, one.scheme, code, 1.0, "human") for code in sorted(kept)]
    people = pd.DataFrame(rows, columns=["idea_id", "scheme", "code", "score", "origin"])
    pairs = given.merge(read[["idea_id", "remark_id"]], on="remark_id")[["idea_id", "scheme"]]
    is_read = pd.MultiIndex.from_frame(codes[["idea_id", "scheme"]]).isin(pd.MultiIndex.from_frame(pairs))
    replaced = pairs.drop_duplicates().merge(codes[is_read], on=["idea_id", "scheme"], how="left")
    both = pd.concat([codes[~is_read], people], ignore_index=True)
    return Recoded(
        conform(_in_order(both, codes, ideas), "codes"),
        conform(_in_order(replaced, codes, ideas), "codes_replaced"),
    )


def _in_order(rows: pd.DataFrame, codes: pd.DataFrame, ideas: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of ``codes``: scheme by scheme, idea by idea; a code that people changed moves no other row."""
    schemes = {scheme: at for at, scheme in enumerate(codes["scheme"].unique())}
    at = pd.Series(range(len(ideas)), index=ideas["idea_id"])
    order = pd.DataFrame(
        {"scheme": rows["scheme"].map(schemes).fillna(len(schemes)), "idea": rows["idea_id"].map(at)}
    ).sort_values(["scheme", "idea"], kind="stable")
    return rows.loc[order.index].reset_index(drop=True)


def _shared_out(
    codes: tuple[str, ...], lengths: pd.Series, before: dict[str, set[str]]
) -> dict[str, set[str]]:
    """Return the codes of each idea of a remark, given those of the whole and what the program had found in each."""
    held = {idea: before[idea] & set(codes) for idea in lengths.index}
    for code in codes:
        if not any(code in kept for kept in held.values()):
            empty = [idea for idea in lengths.index if not held[idea]] or list(lengths.index)
            held[lengths[empty].idxmax()].add(code)
    for ahead in (lengths.index, lengths.index[::-1]):
        last: set[str] = set()
        for idea in ahead:
            held[idea] = held[idea] or set(last)
            last = held[idea]
    return held


def before_readings(codes: pd.DataFrame, replaced: pd.DataFrame) -> pd.DataFrame:
    """Return the codes the program gave, whatever people found: those of ``codes`` with ``replaced`` back in their place."""
    if replaced.empty:
        return codes
    own = pd.MultiIndex.from_frame(replaced[["idea_id", "scheme"]])
    is_read = pd.MultiIndex.from_frame(codes[["idea_id", "scheme"]]).isin(own)
    given = replaced.dropna(subset="code").astype(codes.dtypes)
    return pd.concat([codes[~is_read], given], ignore_index=True)  # in any order: they are only counted
