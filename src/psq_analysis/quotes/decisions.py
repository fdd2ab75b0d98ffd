"""Quotations an analyst pins or drops: ``data/manual/quotes.yml``.

Each entry of the list gives the reference printed beside a quotation, what becomes of it, why, and on whose word::

    - {reference: 5f1d7a84, do: drop, reason: "on y reconnaît un commerçant", source: "M. D., 12/12"}
    - {reference: 0c9b11e2, do: pin, reason: "dit tout en une phrase", source: "M. D., 12/12"}

A pinned quotation goes before all others wherever it may stand; the rules that protect people still apply to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from psq_analysis.tables.decision_files import read_decisions

_NEEDED = ("reference",)
ACTIONS = {"pin": _NEEDED, "drop": _NEEDED}


class QuoteDecisions(NamedTuple):
    """References to put first and references never to print."""

    pinned: frozenset[str]
    dropped: frozenset[str]


NO_DECISION = QuoteDecisions(frozenset(), frozenset())


def load_quote_decisions(path: Path) -> QuoteDecisions:
    """Read a file of decisions; none where there is no file. Raises ``DecisionError``, which names file and line."""
    read = [entry for _, entry in read_decisions(path, actions=ACTIONS, subject=_NEEDED)]
    by_action = {
        do: frozenset(str(entry["reference"]).strip() for entry in read if entry["do"] == do)
        for do in ACTIONS
    }
    return QuoteDecisions(by_action["pin"], by_action["drop"])
