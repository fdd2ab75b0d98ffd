"""Whether an answer was sent, where a table of any software says so in a column of its own (« État », « Statut »)."""

from __future__ import annotations

from psq_analysis.sources.vocabulary import matches, plain

STATUS_SHARE = 0.8  # of the cells are words of a status; a civil status or a profession is none


def is_status(values: list[str]) -> bool:
    """Tell whether the cells of a column say how far an answer went.

    >>> is_status(["Traitée", "Reçue", "Brouillon"]), is_status(["Maire", "Habitant"])
    (True, False)
    """
    words = [plain(value) for value in values if value.strip()]
    known = sum(
        matches("columns", "status_finished", word) or matches("columns", "status_unfinished", word)
        for word in words
    )
    return bool(words) and known >= STATUS_SHARE * len(words)


def unfinished(values: list[str]) -> frozenset[str]:
    """Return the words of a column, as plain text, that say an answer was not sent.

    « En cours » is an answer being written, unless the column tells how the administration deals with it.

    >>> sorted(unfinished(["validée", "en cours"])), sorted(unfinished(["traitée", "en cours", "brouillon"]))
    (['en cours'], ['brouillon'])
    """
    words = {plain(value) for value in values if value.strip()}
    is_dealt_with = any(matches("columns", "status_dealt_with", word) for word in words)
    return frozenset(
        word
        for word in words
        if matches("columns", "status_unfinished", word) and not (is_dealt_with and word == "en cours")
    )
