"""Find personal data in French text and replace it by typed, consistent placeholders."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from psq_analysis import progress
from psq_analysis.privacy.addresses import addresses
from psq_analysis.privacy.fixed_shapes import LONG_NUMBERS, SHORT_NUMBERS
from psq_analysis.privacy.name_lexicon import plain
from psq_analysis.privacy.persons import CONTACT_HOLE, may_hold_a_person, persons
from psq_analysis.privacy.published_text import Finding, scan_text
from psq_analysis.privacy.spans import Recogniser, Span, vocabulary
from psq_analysis.privacy.web_shapes import ON_THE_NET

__all__ = [
    "Finding",
    "Masked",
    "Span",
    "find_personal_data",
    "mask",
    "mask_records",
    "mask_remarks",
    "scan_text",
]

# One character, in no alphabet, stands for a placeholder while a text is read: it neither adjoins nor is a
# word.
_HOLE = "\ue000"
_CONTACTS = frozenset({"PHONE", "EMAIL", "ADDRESS", "HANDLE", "BIRTHDATE", "NIR", "IBAN"})
_ANY_HOLE = re.compile(f"[{_HOLE}{CONTACT_HOLE}]")
# Fewer digits than these cannot be a telephone number, an account…, or a plate, an address, a date of
# birth.
_MIN_DIGITS_LONG = 8
_MIN_DIGITS_SHORT = 1
_DIGIT = re.compile(r"\d")
_WEB_SIGN = re.compile(
    r"@|arobase|\bat\b|\w\.\w|::|snap|insta|pseudo|tiktok|facebook|twitter|discord|telegram", re.IGNORECASE
)


@dataclass(frozen=True)
class Masked:
    """A text without personal data; ``spans`` are offsets in the raw text, ``placeholders`` in the masked one."""

    text: str
    spans: tuple[Span, ...]
    placeholders: tuple[Span, ...]

    def raw_offset(self, place: int) -> int:
        """Return the place in the raw text of a place in the masked text.

        Inside a placeholder, it is where the datum starts.

        >>> masked = mask("Appelez le 06 39 98 41 52 le soir.")
        >>> masked.text, masked.raw_offset(masked.text.index("le soir"))
        ('Appelez le [TÉLÉPHONE 1] le soir.', 26)
        """
        before = bisect_right(self.placeholders, place, key=lambda placeholder: placeholder.start) - 1
        if before < 0:
            return place
        placeholder, span = self.placeholders[before], self.spans[before]
        return span.start if place < placeholder.end else span.end + place - placeholder.end


def find_personal_data(text: str) -> list[Span]:
    """Return the personal data of a text, in order, none overlapping; placeholders already there are left
    alone.

    >>> text = "Voir M. Casteran, AB-123-CD."
    >>> [(text[span.start : span.end], span.type) for span in find_personal_data(text)]
    [('Casteran', 'PERSON'), ('AB-123-CD', 'PLATE')]
    """
    view = _View.of(text)
    found: list[Span] = []
    while new := _find_in(view.text):
        found.extend(view.in_raw_text(span) for span in new)
        view = view.without(new)
    return sorted(found)


def mask(text: str) -> Masked:
    """Replace personal data by placeholders, the same for the same datum; masking twice changes nothing
    more.

    >>> mask("Mme Duprat a appelé ; Paule Duprat aussi, au 05 36 49 41 09.").text
    'Mme [PERSONNE 1] a appelé ; [PERSONNE 1] aussi, au [TÉLÉPHONE 1].'
    """
    spans = find_personal_data(text)
    numbers = _Numbers(text)
    pieces: list[str] = []
    placeholders: list[Span] = []
    place = written = 0
    for span in spans:
        kept = text[place : span.start]
        placeholder = numbers.placeholder(span.type, text[span.start : span.end])
        written += len(kept)
        placeholders.append(Span(written, written + len(placeholder), span.type))
        written += len(placeholder)
        pieces += [kept, placeholder]
        place = span.end
    pieces.append(text[place:])
    return Masked("".join(pieces), tuple(spans), tuple(placeholders))


def mask_remarks(remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the remarks with their ``text`` masked; every other column as it was."""
    return mask_column(remarks, "text")


def mask_column(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return rows with one column of texts masked; every other column as it was."""
    masked = [mask(text).text for text in progress.over(rows[column], "mask")]
    return rows.assign(**{column: pd.array(masked, dtype=pd.StringDtype())})


def mask_records(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each record with ``masked`` and ``spans`` added; ``spans`` are offsets in its ``text``.

    >>> record = next(mask_records([{"id": 7, "text": "Voir Mme Duprat"}]))
    >>> record["id"], record["masked"], record["spans"]
    (7, 'Voir Mme [PERSONNE 1]', [{'start': 9, 'end': 15, 'type': 'PERSON'}])
    """
    for record in records:
        masked = mask(record["text"])
        yield {**record, "masked": masked.text, "spans": [span._asdict() for span in masked.spans]}


def _find_in(text: str) -> list[Span]:
    """Return what the recognisers find, the more certain kinds first where two claim the same characters."""
    taken: list[Span] = []
    for recogniser in _worth_running(text):
        for span in recogniser(text):
            clear = _before_hole(text, span)
            if clear is not None and not any(
                clear.start < other.end and other.start < clear.end for other in taken
            ):
                taken.append(clear)
    return taken


def _worth_running(text: str) -> Iterator[Recogniser]:
    digits = len(_DIGIT.findall(text))
    if _WEB_SIGN.search(text):
        yield from ON_THE_NET
    if digits >= _MIN_DIGITS_LONG:
        yield from LONG_NUMBERS
    if digits >= _MIN_DIGITS_SHORT:
        yield from SHORT_NUMBERS
        yield addresses
    elif "dit" in text:
        yield addresses
    if may_hold_a_person(text):
        yield persons


def _before_hole(text: str, span: Span) -> Span | None:
    hole = _ANY_HOLE.search(text, span.start, span.end)
    if not hole:
        return span
    end = span.start + len(text[span.start : hole.start()].rstrip(" ,;-–"))
    return Span(span.start, end, span.type) if end > span.start and span.type == "ADDRESS" else None


@dataclass(frozen=True)
class _View:
    """A text in which every placeholder is one hole, and the raw offset of each of its characters."""

    text: str
    offsets: list[int] | range

    @classmethod
    def of(cls, text: str) -> _View:
        whole = cls(text, range(len(text)))
        if "[" not in text:
            return whole
        kinds = {label: kind for kind, label in vocabulary()["placeholders"].items()}
        found = _placeholder_pattern().finditer(text)
        return whole.without([Span(*match.span(), kinds[match["label"]]) for match in found])

    def without(self, spans: list[Span]) -> _View:
        pieces: list[str] = []
        offsets: list[int] = []
        place = 0
        for span in sorted(spans):
            pieces += [self.text[place : span.start], CONTACT_HOLE if span.type in _CONTACTS else _HOLE]
            offsets.extend(self.offsets[place : span.start + 1])
            place = span.end
        pieces.append(self.text[place:])
        offsets.extend(self.offsets[place:])
        return _View("".join(pieces), offsets)

    def in_raw_text(self, span: Span) -> Span:
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1, span.type)


class _Numbers:
    """Number the persons, telephones… of one text; the same datum gets the same number."""

    def __init__(self, text: str) -> None:
        self._last = Counter[str]()
        for match in _placeholder_pattern().finditer(text):
            self._last[match["label"]] = max(self._last[match["label"]], int(match["number"]))
        self._known: list[tuple[str, frozenset[str], int]] = []

    def placeholder(self, kind: str, datum: str) -> str:
        label = vocabulary()["placeholders"][kind]
        key = _key(kind, datum)
        number = next(
            (number for of, known, number in self._known if of == label and _same(key, known)), None
        )
        if number is None:
            self._last[label] += 1
            number = self._last[label]
        self._known.append((label, key, number))
        return f"[{label} {number}]"


def _key(kind: str, datum: str) -> frozenset[str]:
    if kind == "PERSON":
        return frozenset(re.findall(r"\w+", plain(datum)))
    if kind == "PHONE":
        return frozenset([re.sub(r"\D", "", datum)[-9:]])
    return frozenset([re.sub(r"\W", "", plain(datum))])


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """The same datum, or the same person named in full and in part."""
    return bool(one) and bool(other) and (one <= other or other <= one)


@lru_cache(maxsize=1)
def _placeholder_pattern() -> re.Pattern[str]:
    labels = "|".join(vocabulary()["placeholders"].values())
    return re.compile(rf"\[(?P<label>{labels}) (?P<number>\d+)\]")
