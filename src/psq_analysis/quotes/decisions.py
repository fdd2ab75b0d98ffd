"""Quotations an analyst pins or drops: ``data/manual/quotes.yml``.

Each entry of the list gives the reference printed beside a quotation, what becomes of it, why, and on whose word::

    - {reference: 5f1d7a84, do: drop, reason: "on y reconnaît un commerçant", source: "M. D., 12/12"}
    - {reference: 0c9b11e2, do: pin, reason: "dit tout en une phrase", source: "M. D., 12/12"}

A pinned quotation goes before all others wherever it may stand; the rules that protect people still apply to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from psq_analysis.errors import BadInput

ACTIONS = ("pin", "drop")
_KEYS = ("reference", "do", "reason", "source")


class QuoteDecisionError(BadInput):
    """A line of ``quotes.yml`` cannot be read."""


class QuoteDecisions(NamedTuple):
    """References to put first and references never to print."""

    pinned: frozenset[str]
    dropped: frozenset[str]


NO_DECISION = QuoteDecisions(frozenset(), frozenset())


def load_quote_decisions(path: Path) -> QuoteDecisions:
    """Read a file of decisions; none where there is no file. Raises :class:`QuoteDecisionError`, which names file and line."""
    if not path.is_file():
        return NO_DECISION
    try:
        text = path.read_text(encoding="utf-8")
        tree, entries = yaml.compose(text), yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 1}" if mark else ""
        raise QuoteDecisionError(
            f"{path.name}{line} : le fichier ne se lit pas. Écrivez une décision par tiret, comme dans docs/parametres.md."
        ) from None
    if entries is None:
        return NO_DECISION
    if not isinstance(entries, list) or tree is None:
        raise QuoteDecisionError(f"{path.name} : une liste de décisions est attendue, une par tiret.")
    lines = [node.start_mark.line + 1 for node in tree.value]
    read = [_checked(entry, f"{path.name}, ligne {line}") for entry, line in zip(entries, lines, strict=True)]
    by_action = {do: frozenset(reference for reference, done in read if done == do) for do in ACTIONS}
    return QuoteDecisions(by_action["pin"], by_action["drop"])


def _checked(entry: Any, where: str) -> tuple[str, str]:
    if not isinstance(entry, dict):
        raise QuoteDecisionError(
            f"{where} : une décision s'écrit « reference: …, do: …, reason: …, source: … »."
        )
    for key in _KEYS:
        if not str(entry.get(key) or "").strip():
            raise QuoteDecisionError(f"{where} : il manque « {key} » à cette décision. Complétez la ligne.")
    if entry["do"] not in ACTIONS:
        raise QuoteDecisionError(
            f"{where} : « do: {entry['do']} » est inconnu. Possibles : {', '.join(ACTIONS)}."
        )
    return str(entry["reference"]).strip(), str(entry["do"])
