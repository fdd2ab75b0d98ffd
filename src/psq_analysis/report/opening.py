"""The decision report, section by section: frames in, fragments out. Each function is one cell of ``04_report``.

Groups side by side are in :mod:`psq_analysis.differences`, what the report says of itself in :mod:`psq_analysis.traceability`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from psq_analysis import french
from psq_analysis.charts.finding_picture import picture_text, scale_of_finding, ticks_of_differences
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import say
from psq_analysis.html.fragments import Fragment, render
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences import counts
from psq_analysis.sentences.first_screen import first_screen as blocks_of
from psq_analysis.sentences.key_findings import findings_of


def banner(title: str, *, subtitle: str, fictional: bool, flow: pd.DataFrame, files: int) -> Fragment:
    """Title, period and the numbers of the first line; « Données fictives » where it must be said. ``flow``: the table."""
    steps = Flow.of(flow)
    figures = [
        _counted(steps.received, "contribution"),
        _counted(steps.remarks, "remarque"),
        _counted(files, "fichier source", "fichiers sources"),
        _counted(steps.counted, "répondant compté", "répondants comptés"),
    ]
    return render("banner.html.j2", title=title, subtitle=subtitle, fictional=fictional, figures=figures)


def _counted(number: int, singular: str, plural: str | None = None) -> list[str]:
    return french.count(number, singular, plural).split(french.NO_BREAK, 1)


def subtitle(places: Sequence[str], period: str) -> str:
    """Join places and period for the title, leaving out what is not known."""
    return " · ".join(part for part in (french.enumeration(list(places)), period) if part)


def first_screen(
    groups: pd.DataFrame,
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    names: Names,
    *,
    codes: pd.DataFrame,
) -> Fragment:
    """Three demands, three irritants, what differs, one limit: what is read in thirty seconds. ``groups``: the table ``demand_groups``."""
    blocks = blocks_of(groups, prevalence, contrasts, names, codes=codes)
    return render("first_screen.html.j2", blocks=blocks, note=say("first_screen_note"))


def subtitle_of(contributions: pd.DataFrame, *, only: str = "", min_cell: int) -> str:
    """Where and when the contributions of a run were written, for the title; and which of them a filter kept."""
    told = subtitle(counts.places(contributions, min_cell=min_cell), counts.period(contributions))
    return " · ".join(part for part in (told, say("only", only=only) if only else "") if part)


def essentials(findings: pd.DataFrame) -> Fragment:
    """The findings that matter, each with its number, its picture and a link to its section. ``findings``: the table."""
    found = findings_of(findings)
    return render(
        "essentials.html.j2",
        findings=found,
        scales=[scale_of_finding(finding, ticks_of_differences(found)) for finding in found],
        pictures=[picture_text(finding) for finding in found],
        note=say("essentials_note"),
    )
