"""The decision report, section by section: frames in, fragments out. Each function is one cell of ``04_report``.

Groups side by side are in :mod:`psq_analysis.differences`, what the report says of itself in :mod:`psq_analysis.traceability`.
"""

from __future__ import annotations

from collections.abc import Sequence

from psq_analysis import french
from psq_analysis.charts.finding_picture import picture_text, scale_of_finding, ticks_of_differences
from psq_analysis.html.fragments import Fragment, render
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences.first_screen import Block
from psq_analysis.sentences.key_findings import Finding


def banner(title: str, *, subtitle: str, fictional: bool, flow: Flow, remarks: int, files: int) -> Fragment:
    """Title, period and the numbers of the first line; « Données fictives » where it must be said."""
    figures = [
        _counted(flow.received, "contribution"),
        _counted(remarks, "remarque"),
        _counted(files, "fichier source", "fichiers sources"),
        _counted(flow.counted, "répondant compté", "répondants comptés"),
    ]
    return render("banner.html.j2", title=title, subtitle=subtitle, fictional=fictional, figures=figures)


def _counted(number: int, singular: str, plural: str | None = None) -> list[str]:
    return french.count(number, singular, plural).split(french.NO_BREAK, 1)


def subtitle(places: Sequence[str], period: str) -> str:
    """Join places and period for the title, leaving out what is not known."""
    return " · ".join(part for part in (french.enumeration(list(places)), period) if part)


def first_screen(blocks: Sequence[Block]) -> Fragment:
    """Three demands, three irritants, what differs, one limit: what is read in thirty seconds."""
    return render("first_screen.html.j2", blocks=blocks)


def essentials(found: Sequence[Finding]) -> Fragment:
    """The findings that matter, each with its number, its picture and a link to its section."""
    return render(
        "essentials.html.j2",
        findings=found,
        scales=[scale_of_finding(finding, ticks_of_differences(found)) for finding in found],
        pictures=[picture_text(finding) for finding in found],
    )
