"""Dates, ticks, words of a status and other closed values, as exports write them."""

from __future__ import annotations

import datetime
import re

from psq_analysis.sources.vocabulary import matches, plain

ALL = 100  # per cent
STATUS_SHARE = 0.8  # of the cells are words of a status; a civil status or a profession is none
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(.*))?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4}|\d{2})(?:\s*(?:[-–à,]|T)?\s*(.*))?$")
_WORDS = re.compile(
    r"^(?:[a-zéû]+\.?,?\s+)?(\d{1,2})(?:er)?\s+([a-zéûôA-ZÉÛ]+)\.?\s+(\d{4})(?:[\s,]*(?:à\s*)?(.*))?$",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"^(?:[A-Za-z]+,?\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})\b")
_MONTHS = {
    "janv": 1, "fevr": 2, "fev": 2, "mars": 3, "avri": 4, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8,
    "sept": 9, "octo": 10, "oct": 10, "nove": 11, "nov": 11, "dece": 12, "dec": 12,
    "janu": 1, "jan": 1, "febr": 2, "marc": 3, "apri": 4, "apr": 4, "may": 5, "june": 6, "july": 7, "augu": 8, "aug": 8,
}  # fmt: skip
_UNANSWERED = {"", "n/a", "na", "-oth-", "#n/a", "null", "none", "nan"}
_FALSE = {"0", "0.0", "false", "faux", "non", "no", "n", "unchecked", "non coché", "not selected", "nein"}
_TRUE = {
    "1", "1.0", "x", "true", "vrai", "oui", "yes", "y", "o", "✓", "✔", "☑", "coché", "checked", "selected", "quoted", "ja",
}  # fmt: skip
_OTHERS = {
    "autre", "autres", "oth", "other", "others", "autre commune", "autre ville", "autre precisez", "hors liste", "commune hors liste",
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # a questionnaire on paper or on the web was answered in between


def are_months_first(values: list[str]) -> bool:
    """Tell whether a column writes the month before the day: some second number is no month, and no first one is above twelve.

    >>> are_months_first(["11/12/2023", "11/21/2023"]), are_months_first(["11/12/2023", "21/11/2023"]), are_months_first(["11/12/2023"])
    (True, False, False)
    """
    pairs = [
        (int(match[1]), int(match[2]))
        for value in values
        if (match := _DAY_FIRST.match(" ".join(value.split())))
    ]
    return any(second > 12 for _, second in pairs) and not any(first > 12 for first, _ in pairs)


def parse_date(text: str, *, month_first: bool = False) -> datetime.date | None:
    """Return the day, read day first unless the year comes first or the column says otherwise; None when the text is no date.

    >>> parse_date("04/12/2017"), parse_date("2017/12/06 4:57:54 PM UTC+1"), parse_date("mercredi 29 novembre 2017 15:38")
    (datetime.date(2017, 12, 4), datetime.date(2017, 12, 6), datetime.date(2017, 11, 29))
    >>> parse_date("jj/mm") is None
    True
    """
    text = " ".join(text.split())
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        day, number = int(match[1]), int(match[2])
        if month_first:
            day, number = number, day
        return _day(year, day, number) if number > 12 >= day else _day(year, number, day)
    if match := _WORDS.match(text):
        month = _month(match[2])
        return _day(int(match[3]), month, int(match[1])) if month else None
    if match := _ENGLISH.match(text):
        month = _month(match[1])
        return _day(int(match[3]), month, int(match[2])) if month else None
    return None


def _month(name: str) -> int | None:
    name = name.lower().replace("é", "e").replace("û", "u")
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def _day(year: int, month: int, day: int) -> datetime.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def has_time(text: str) -> bool:
    """Tell whether a date is given to the second or the minute.

    >>> has_time("04/12/2017"), has_time("2017-12-04 08:07:10")
    (False, True)
    """
    return bool(re.search(r"\d{1,2}:\d{2}", text))


def is_answered(text: str) -> bool:
    """Tell whether a closed question got an answer (exports write N/A, NULL or -oth- where it did not)."""
    return text.strip().lower() not in _UNANSWERED


def is_false(text: str) -> bool:
    """Tell whether a yes/no cell says no; an empty cell says nothing."""
    return text.strip().lower() in _FALSE


def is_other(text: str) -> bool:
    """Tell whether a cell only says that the list did not hold the answer.

    >>> is_other("Autre (précisez)"), is_other("Autre ville"), is_other("Auch")
    (True, True, False)
    """
    return plain(text) in _OTHERS


def is_tick(text: str) -> bool:
    """Tell whether a cell only says that a choice was made, or was not.

    >>> is_tick("X"), is_tick("Non"), is_tick("Plutôt")
    (True, True, False)
    """
    return text.strip().lower() in _TRUE | _FALSE


def is_status(values: list[str], heading: str = "") -> bool:
    """Tell whether the cells of a column say how far an answer went; yes and no do under a heading that asks it.

    >>> is_status(["Traitée", "Reçue", "Brouillon"]), is_status(["Maire", "Habitant"])
    (True, False)
    >>> is_status(["Oui", "Non"], "complet"), is_status(["100 %", "40 %"], "progression")
    (True, True)
    """
    words = [plain(value) for value in values if value.strip()]
    if words and any(matches("columns", key, heading) for key in ("status_done", "status_draft")):
        return all(is_tick(value) or _known_status(plain(value)) for value in values if value.strip())
    if words and matches("columns", "status_progress", heading):
        return all(_percentage(value) is not None for value in values if value.strip())
    return bool(words) and sum(map(_known_status, words)) >= STATUS_SHARE * len(words)


def _known_status(word: str) -> bool:
    return matches("columns", "status_finished", word) or matches("columns", "status_unfinished", word)


def _percentage(value: str) -> float | None:
    number = re.fullmatch(
        r"\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*", value.replace("\u00a0", " ").replace("\u202f", " ")
    )
    return (
        float(number[1].replace(",", ".")) if number and float(number[1].replace(",", ".")) <= ALL else None
    )


def unfinished(values: list[str], heading: str = "") -> frozenset[str]:
    """Return the words of a column, as plain text, that say an answer was not sent.

    « En cours » is an answer being written, unless the column tells how the administration deals with it. « Non » under « Complet »,
    « Oui » under « Brouillon » and less than the whole under « Progression » say it too.

    >>> sorted(unfinished(["validée", "en cours"])), sorted(unfinished(["traitée", "en cours", "brouillon"]))
    (['en cours'], ['brouillon'])
    >>> sorted(unfinished(["Oui", "Non"], "complet")), sorted(unfinished(["100 %", "40 %"], "progression"))
    (['non'], ['40'])
    """
    words = {plain(value) for value in values if value.strip()}
    if matches("columns", "status_done", heading) and any(map(is_tick, words)):
        return frozenset(word for word in words if is_false(word))
    if matches("columns", "status_draft", heading) and any(map(is_tick, words)):
        return frozenset(word for word in words if is_tick(word) and not is_false(word))
    if matches("columns", "status_progress", heading):
        shares = {plain(value): _percentage(value) for value in values if value.strip()}
        most = max((share for share in shares.values() if share is not None), default=0)
        whole = 1 if most <= 1 else ALL
        return frozenset(word for word, share in shares.items() if share is not None and share < whole)
    is_dealt_with = any(matches("columns", "status_dealt_with", word) for word in words)
    return frozenset(
        word
        for word in words
        if matches("columns", "status_unfinished", word) and not (is_dealt_with and word == "en cours")
    )
