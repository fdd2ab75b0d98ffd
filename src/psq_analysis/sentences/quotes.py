"""What the report says of the remarks held for review."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.french.labels import say
from psq_analysis.quotes.quotable import held_for_review


def held_sentence(remarks: pd.DataFrame, contributions: pd.DataFrame, *, min_cell: int) -> str:
    """Say how many remarks of ``contributions`` are held for re-reading; fewer than ``min_cell`` are not counted aloud."""
    held = len(held_for_review(remarks, contributions))
    if not held:
        return say("held_none")
    if held < min_cell:
        return say("held_few", min_cell=french.number(min_cell))
    return say("held", count=french.number(held))
