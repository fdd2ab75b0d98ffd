"""What the report says of the remarks held for review."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.french.labels import say


def held_sentence(held_remarks: pd.DataFrame, *, min_cell: int) -> str:
    """Say how many remarks are held for re-reading; fewer than ``min_cell`` are not counted aloud.

    ``held_remarks``: of :func:`psq_analysis.quotes.quotable.held_for_review`.
    """
    held = len(held_remarks)
    if not held:
        return say("held_none")
    if held < min_cell:
        return say("held_few", min_cell=french.number(min_cell))
    return say("held", count=french.number(held))
