"""The small picture of a share or a difference beside a key finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psq_analysis import french
from psq_analysis.sentences.key_findings import Finding

# The small pictures of the findings: one scale for shares, 0 to 100 %, one for differences, −50 to +50 points or twice that.
PICTURE_LEFT, PICTURE_RIGHT = 18.0, 342.0
# Quarters: enough to read a dot by eye, few enough to stay apart on a phone.
SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
DIFFERENCE_TICKS = (-0.5, -0.25, 0.0, 0.25, 0.5)


def ticks_of_differences(found: Sequence[Finding]) -> tuple[float, ...]:
    """One scale for all the differences of a report, twice as wide where an interval would leave it."""
    ends = [abs(end or 0.0) for one in found if one.is_difference for end in (one.low, one.high)]
    widening = 2 if max(ends, default=0.0) > DIFFERENCE_TICKS[-1] else 1
    return tuple(widening * tick for tick in DIFFERENCE_TICKS)


def scale_of_finding(finding: Finding, difference_ticks: tuple[float, ...]) -> dict[str, Any]:
    ticks = difference_ticks if finding.is_difference else SHARE_TICKS
    low, high = ticks[0], ticks[-1]

    def place(value: float | None) -> str:
        inside = min(max(value or 0.0, low), high)
        return f"{PICTURE_LEFT + (PICTURE_RIGHT - PICTURE_LEFT) * (inside - low) / (high - low):.1f}"

    written = french.signed if finding.is_difference else french.percent
    return {
        "start": PICTURE_LEFT,
        "end": PICTURE_RIGHT,
        "ticks": [{"at": place(tick), "text": written(tick)} for tick in ticks],
        "low": place(finding.low),
        "high": place(finding.high),
        "value": place(finding.value),
    }


def picture_text(finding: Finding) -> str:
    if finding.value is None or finding.low is None or finding.high is None:
        return ""
    return f"{finding.headline}, intervalle à 95 % {french.interval(finding.low, finding.high)}"
