"""The first screen: three demands, three irritants, two differences that hold or that none does, one limit."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import label, say
from psq_analysis.sentences.demands import Told, told
from psq_analysis.sentences.key_findings import SECTIONS, nothing_differs
from psq_analysis.sentences.words import interval_text, of_group, quoted
from psq_analysis.tables.selections import clearest, on_subjects

MOST_LINES = 3  # of each kind: what is read in thirty seconds


@dataclass(frozen=True)
class Line:
    """One line: its number in large, what it says, the small print, and where the report says more."""

    headline: str
    text: str
    detail: str
    anchor: str


@dataclass(frozen=True)
class Block:
    """The lines under one heading of the first screen."""

    heading: str
    lines: tuple[Line, ...]


def first_screen(
    groups: pd.DataFrame,
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    names: Names,
    *,
    codes: pd.DataFrame,
) -> list[Block]:
    """Return the blocks of the first screen. ``groups``: the table ``demand_groups``; ``codes``: their ``origin`` says whether people gave any."""
    blocks = []
    for kind in ("demande", "irritant"):
        lines = tuple(map(_line, told(groups, prevalence, names, kind=kind, most=MOST_LINES)))
        nothing = (Line("", say(f"no_demand_{kind}"), "", label("demand_anchors", kind)),)
        heading = label("first_screen", f"{kind}_{len(lines)}" if lines else kind)
        blocks.append(Block(heading, lines or nothing))
    differences = tuple(
        _difference(prevalence, contrasts, grouping, names) for grouping in ("territory", "stakeholder")
    )
    blocks.append(Block(label("first_screen", "differences"), differences))
    human = (codes["origin"] == "human").any()
    limit = Line("", say("limit_read" if human else "limit_unread"), "", label("demand_anchors", "limit"))
    return [*blocks, Block(label("first_screen", "limit"), (limit,))]


def _line(one: Told) -> Line:
    who = " ".join(one.about[:2] if one.is_campaign else one.about[:1])
    return Line(one.people, one.label, f"{one.measure}. {who}".strip(), french.slug(one.demand_id))


def _difference(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Line:
    rows = clearest(on_subjects(contrasts), grouping)
    if rows.empty:
        return Line("", nothing_differs(prevalence, contrasts, grouping), "", SECTIONS[grouping])
    row = rows.iloc[0]
    text = say(
        "plain_contrast" if row["difference"] > 0 else "plain_contrast_less",
        name=quoted(names, row),
        of_a=of_group(grouping, row["group_a"]),
        of_b=of_group(grouping, row["group_b"]),
    )
    return Line(french.points(row["difference"]), text, interval_text(row), SECTIONS[grouping])
