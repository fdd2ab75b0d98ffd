"""From the free-text feedback of a public consultation to answers that stand.

``import psq_analysis as psq; run = psq.open("gers")`` is the analyst's door to a finished analysis; nothing is loaded before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psq_analysis.workshop.door import Analysis

__version__ = "0.1.0"
__all__ = ["open"]


def open(name: str = "concertation", *, out: str = "", **parameters: Any) -> Analysis:
    """Open a finished analysis by its name: ``run.people``, ``run.shares(…)``, ``run.find(…)``… (:class:`psq_analysis.workshop.door.Analysis`).

    ``out``: the folder it was written under, empty for the project. Its own parameters (codebook, thresholds, filter) are kept unless others are given.
    An unknown name is refused, and the nearest ones are named.
    """
    from psq_analysis.workshop.door import open_analysis  # noqa: PLC0415

    return open_analysis(name, out=out, **parameters)
