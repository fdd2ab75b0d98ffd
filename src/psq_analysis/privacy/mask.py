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
from psq_analysis.privacy import tagger
from psq_analysis.privacy.addresses import addresses, may_hold_an_address
from psq_analysis.privacy.announced_numbers import file_numbers, service_numbers, unknown_numbers
from psq_analysis.privacy.canonical import Reading, number_reading, plain_reading, web_reading
from psq_analysis.privacy.fixed_shapes import LONG_NUMBERS, SHORT_NUMBERS
from psq_analysis.privacy.name_lexicon import (
    CONTACT_HOLE,
    PERSON_HOLE,
    plain,
    promise_of_a_name,
)
from psq_analysis.privacy.names.public import without_public_names
from psq_analysis.privacy.persons import persons
from psq_analysis.privacy.plates import plates
from psq_analysis.privacy.spans import Recogniser, Span, kinds, vocabulary
from psq_analysis.privacy.web_shapes import ON_THE_NET

_ANY_HOLE = re.compile(f"[{PERSON_HOLE}{CONTACT_HOLE}]")
# Fewer digits than these cannot be a telephone number, an account…, or a plate, an address, a date of
# birth.
_MIN_DIGITS_LONG = 7
_MIN_DIGITS_SHORT = 2
_DIGIT = re.compile(r"\d")
_WEB_SIGNS = ("@", "arob", "::", "[.]", "(at)", "[at]", "(a)", " at ", "(point)", "chez ", "#", "dot")
_DOT_INSIDE = re.compile(r"\w\.\w")
_MARRIED = re.compile(r"\s(?:[ée]p(?:ouse)?|n[ée]e|vve|veuve)\.?\s", re.IGNORECASE)
# Texts repeat in a consultation (« RAS », petitions); a remark read once is not read again.
_REMEMBERED = 8192


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
    return list(_found(text))


@lru_cache(maxsize=_REMEMBERED)
def _found(text: str) -> tuple[Span, ...]:
    view = _view(text)
    found: list[Span] = []
    names: set[str] = set()
    while new := _find_in(view.text) or _repeated_in(view.text, frozenset(names)):
        names.update(
            surname
            for span in new
            if span.type == "PERSON"
            for surname in tagger.surnames_of(view.text[span.start : span.end])
        )
        found.extend(view.in_raw_text(span) for span in new)
        view = _without(view, new)
    return tuple(_of_one_person(text, sorted(found)))


def _of_one_person(text: str, spans: list[Span]) -> Iterator[Span]:
    """« SARRAT EP. COLOMÈS Josiane », « Duthil née Pomès »: the names of one person are one datum."""
    held: Span | None = None
    for span in spans:
        if held and held.type == span.type == "PERSON" and _MARRIED.fullmatch(text[held.end : span.start]):
            held = held._replace(end=span.end)
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


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


def mask_records(records: Iterable[dict[str, Any]], *, explain: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each record with ``masked`` and ``spans`` added; ``spans`` are offsets in its ``text``.

    With ``explain``, each span says in French why it was masked (``why``).

    >>> record = next(mask_records([{"id": 7, "text": "Voir Mme Duprat"}]))
    >>> record["id"], record["masked"], record["spans"]
    (7, 'Voir Mme [PERSONNE 1]', [{'start': 9, 'end': 15, 'type': 'PERSON'}])
    """
    for record in records:
        masked = mask(record["text"])
        spans = [span._asdict() for span in masked.spans]
        for span in spans:
            why = span.pop("why")
            if explain:
                span["why"] = vocabulary()["reasons"][why]
        yield {**record, "masked": masked.text, "spans": spans}


def _find_in(text: str) -> list[Span]:
    """Return what the recognisers find, the more certain kinds first where two claim the same characters."""
    taken: list[Span] = []
    for recogniser, reading in _worth_running(text):
        for span in recogniser(reading.text):
            clear = _before_hole(text, reading.in_raw_text(span))
            if clear is None:
                continue
            across = [other for other in taken if clear.start < other.end and other.start < clear.end]
            if not across:
                taken.append(clear)
            elif {clear.type, *(other.type for other in across)} == {"PERSON"}:
                taken = [other for other in taken if other not in across]
                taken.append(_union([*across, clear]))
    return taken


def _union(spans: list[Span]) -> Span:
    """One name of what the rules and the tagger saw of it; the rule says why."""
    return spans[0]._replace(start=min(span.start for span in spans), end=max(span.end for span in spans))


def _repeated_in(text: str, names: frozenset[str]) -> list[Span]:
    return list(tagger.repeated_names(text, names)) if names else []


def _worth_running(text: str) -> Iterator[tuple[Recogniser, Reading]]:
    """Yield each recogniser with the reading it needs, leaving out those that could find nothing."""
    itself = Reading.of(text)
    small = text.lower()
    if any(sign in small for sign in _web_signs()) or _DOT_INSIDE.search(text):
        web = web_reading(itself)
        yield from ((recogniser, web) for recogniser in ON_THE_NET)
    numbers = number_reading(itself)
    digits = len(_DIGIT.findall(numbers.text))
    if digits >= _MIN_DIGITS_LONG:
        yield from ((recogniser, numbers) for recogniser in LONG_NUMBERS)
    if digits >= _MIN_DIGITS_SHORT:
        yield from ((recogniser, numbers) for recogniser in SHORT_NUMBERS)
        yield plates, itself
        yield service_numbers, numbers
    if digits >= 1 or may_hold_an_address(text):
        yield addresses, numbers
    if digits > _MIN_DIGITS_SHORT:
        yield file_numbers, numbers
        yield unknown_numbers, numbers
    promise = promise_of_a_name(text)
    if promise:
        private = Reading(without_public_names(text), itself.starts, itself.ends)
        yield persons, private
        if promise > 1:
            yield tagger.tagged_persons, private


@lru_cache(maxsize=1)
def _web_signs() -> tuple[str, ...]:
    return (*_WEB_SIGNS, *vocabulary()["network_names"])


def _before_hole(text: str, span: Span) -> Span | None:
    hole = _ANY_HOLE.search(text, span.start, span.end)
    if not hole:
        return span
    end = span.start + len(text[span.start : hole.start()].rstrip(" ,;-–"))
    return span._replace(end=end) if end > span.start and span.type == "ADDRESS" else None


def _view(text: str) -> Reading:
    """Read a text in which every placeholder is one hole."""
    raw = Reading.of(text)
    if "[" in text:
        kind_of = {told.placeholder: kind for kind, told in kinds().items()}
        found = _placeholder_pattern().finditer(text)
        raw = _without(raw, [Span(*match.span(), kind_of[match["label"]]) for match in found])
    return plain_reading(raw)


def _without(reading: Reading, spans: list[Span]) -> Reading:
    return reading.rewrite(
        [
            (span.start, span.end, CONTACT_HOLE if kinds()[span.type].is_contact else PERSON_HOLE)
            for span in sorted(spans)
        ]
    )


class _Numbers:
    """Number the persons, telephones… of one text; the same datum gets the same number."""

    def __init__(self, text: str) -> None:
        self._last = Counter[str]()
        for match in _placeholder_pattern().finditer(text):
            self._last[match["label"]] = max(self._last[match["label"]], int(match["number"]))
        self._known: list[tuple[str, frozenset[str], int]] = []

    def placeholder(self, kind: str, datum: str) -> str:
        label = kinds()[kind].placeholder
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
    labels = "|".join(told.placeholder for told in kinds().values())
    return re.compile(rf"\[(?P<label>{labels}) (?P<number>\d+)\]")
