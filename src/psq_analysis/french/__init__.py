"""French for readers: numbers, dates and labels as they are written in a report.

Knows nothing above. ``numbers`` is what this package gives directly (``french.percent(…)``) · ``labels`` labels and sentences from their files.
"""

from psq_analysis.french.numbers import (
    NARROW,
    NO_BREAK,
    capitalised,
    count,
    day,
    digits,
    enumeration,
    estimate,
    inside_quotes,
    interval,
    number,
    percent,
    period,
    points,
    share_with_interval,
    signed,
    slug,
    typeset,
)

__all__ = [
    "NARROW",
    "NO_BREAK",
    "capitalised",
    "count",
    "day",
    "digits",
    "enumeration",
    "estimate",
    "inside_quotes",
    "interval",
    "number",
    "percent",
    "period",
    "points",
    "share_with_interval",
    "signed",
    "slug",
    "typeset",
]
