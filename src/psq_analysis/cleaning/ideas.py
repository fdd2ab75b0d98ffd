"""Cut a remark into its ideas: sentences, list items, clauses joined by « ; » or « et aussi »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from psq_analysis.cleaning.noise import is_courtesy
from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import plain_words

# Each side of « et aussi » with this many words says enough to stand alone even without a verb we know.
LONG_SIDE_WORDS = 6
# With a verb of its own, a side stands alone from three words on (« il faut recruter »).
SHORT_SIDE_WORDS = 3
# After « et », a statement brings its verb at once (« et les gens ont peur »); else « et » only joins two
# nouns.
VERB_WITHIN_WORDS = 4
# An aside in brackets or quotation marks up to this length belongs to the sentence around it.
LONGEST_ASIDE = 160
# « vols - bruit - drogue - rodéos » is a list; two spaced hyphens may enclose an aside, so three are needed.
MIN_LIST_HYPHENS = 3

_BULLET = r"(?:[-–—•·*▪◦●►>+]|=>|->|→|\d{1,2}\s?[).°/-](?!\d)|[a-hA-H]\s?\)|\(\d{1,2}\))"
_LINE_START = re.compile(rf"(?:^|\n)[^\S\n]*(?:(?P<bullet>{_BULLET}+)(?=\s|\D))?[^\S\n]*")
# A capital glued to the full stop (« dehors.Museler ») starts a sentence when a whole word stands before.
_SENTENCE_END = re.compile(
    r"(?P<mark>[.!?…]+)\s?[»\"”)\]]*(?=\s|$)|(?<=[a-zà-ÿ]{3})(?P<glued>[.!?…]+)(?=[A-ZÀ-Ý][a-zà-ÿ'’])"
)
_SEMICOLON = re.compile(r";")
_SPACED_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")
_NUMBERED = re.compile(r"(?:(?<=\s)|(?<=^))\(?(\d{1,2})\s?[).°/-](?=\s?[^\W\d])")
_WORD_BEFORE = re.compile(r"([^\W\d_]+|\d+)$")
_ASIDES = re.compile(
    rf"\([^()]{{0,{LONGEST_ASIDE}}}\)|\[[^\[\]]{{0,{LONGEST_ASIDE}}}\]|«[^«»]{{0,{LONGEST_ASIDE}}}»"
    rf"|“[^“”]{{0,{LONGEST_ASIDE}}}”|\"[^\"\n]{{0,{LONGEST_ASIDE}}}\"|https?://\S+|www\.\S+|\S+@\S+"
)


class Span(NamedTuple):
    """A stretch of text: first character, and the character after the last."""

    start: int
    end: int


def split_ideas(text: str) -> list[Span]:
    """Cut a remark into ideas; between the first and the last, only separators are left out.

    Separators are blanks, « ; » and list marks (« - », « • », « 1) »).

    >>> text = "Plus de patrouilles ; un accueil le soir."
    >>> [text[span.start : span.end] for span in split_ideas(text)]
    ['Plus de patrouilles', 'un accueil le soir.']
    """
    protected = [match.span() for match in _ASIDES.finditer(text)]
    cuts = sorted(_cuts(text, protected))
    pieces: list[Span] = []
    start = 0
    for end, next_start in [*cuts, (len(text), len(text))]:
        if end >= start:
            piece = _trim(text, start, end)
            if piece.start < piece.end:
                pieces.append(piece)
            start = max(start, next_start)
    if not pieces and any(char.isalnum() for char in text):
        pieces = [_trim(text, 0, len(text))]
    return _cut_joints(text, _attach_asides(text, pieces), protected)


def _cuts(text: str, protected: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (end of one piece, start of the next)."""
    yield from _line_cuts(text)
    for match in _SENTENCE_END.finditer(text):
        if not _inside(protected, match.start()) and _ends_sentence(text, match):
            yield match.end(), match.end()
    yield from (
        (match.start(), match.end())
        for match in _SEMICOLON.finditer(text)
        if not _inside(protected, match.start())
    )
    yield from _inline_list_cuts(text, protected)


def _line_cuts(text: str) -> Iterator[tuple[int, int]]:
    for match in _LINE_START.finditer(text):
        before = text[: match.start()].rstrip()
        after = text[match.end() : match.end() + 1]
        wrapped = before and not match["bullet"] and after.islower() and before[-1] not in ".!?…:;"
        blank_line = text[max(0, match.start() - 1) : match.start()] == "\n"
        if match["bullet"] or not wrapped or blank_line:
            yield match.start(), match.end()


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() :].lstrip()[:1]
    mark = match["mark"] or match["glued"]
    if mark == ".":
        before = _WORD_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
        if before:
            word, vocabulary = before[1].lower(), _vocabulary()
            initial = len(word) == 1 and not word.isdigit() and before[1].isupper()
            if word in vocabulary["abbreviations"] or initial:
                return False
            if word in vocabulary["abbreviations_at_end"]:
                return following.isupper()
        return True
    is_pause = "…" in mark or (len(mark) > 1 and set(mark) == {"."})
    return not (is_pause and following.islower())


def _inline_list_cuts(text: str, protected: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    hyphens = [
        match.span() for match in _SPACED_HYPHEN.finditer(text) if not _inside(protected, match.start())
    ]
    if len(hyphens) >= MIN_LIST_HYPHENS or (hyphens and text.lstrip().startswith("-")):
        yield from hyphens
    expected = 1
    marks = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == expected and not _inside(protected, match.start()):
            marks.append(match.span())
            expected += 1
    if len(marks) > 1:
        yield from marks


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] == ";"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ";"):
        end -= 1
    return Span(start, end)


def _attach_asides(text: str, pieces: list[Span]) -> list[Span]:
    """Leave « Merci. », « Voilà ! » and stray marks with the idea before, or else with the next one."""
    kept: list[Span] = []
    pending: int | None = None
    for piece in pieces:
        if _says_nothing_alone(text[piece.start : piece.end]):
            if kept:
                kept[-1] = Span(kept[-1].start, piece.end)
            elif pending is None:
                pending = piece.start
            continue
        kept.append(Span(piece.start if pending is None else pending, piece.end))
        pending = None
    if not kept and pending is not None:
        return [Span(pending, pieces[-1].end)]
    return kept


def _says_nothing_alone(piece: str) -> bool:
    return not any(char.isalnum() for char in piece) or is_courtesy(piece)


def _cut_joints(text: str, pieces: list[Span], protected: list[tuple[int, int]]) -> list[Span]:
    cut: list[Span] = []
    for piece in pieces:
        start = piece.start
        for match in _joint_pattern().finditer(text, piece.start, piece.end):
            at = match.start("joint")
            if at <= start or _inside(protected, at):
                continue
            needs_verb = plain_words(match["joint"]) in _vocabulary()["joints_between_statements"]
            left = plain_words(text[start:at]).split()
            right = plain_words(text[match.end() : piece.end]).split()
            if needs_verb:
                apart = _states(left, left) and _states(right, right[:VERB_WITHIN_WORDS])
            else:
                apart = _stands_alone(left) and _stands_alone(right)
            if apart:
                cut.append(_trim(text, start, at))
                start = at
        cut.append(Span(start, piece.end))
    return cut


def _stands_alone(side: list[str]) -> bool:
    return len(side) >= LONG_SIDE_WORDS or (len(side) >= SHORT_SIDE_WORDS and any(map(_is_verb, side)))


def _states(side: list[str], where_the_verb_is: list[str]) -> bool:
    return len(side) >= LONG_SIDE_WORDS and any(map(_is_verb, where_the_verb_is))


def _is_verb(word: str) -> bool:
    vocabulary = _vocabulary()
    if word in vocabulary["verbs"]:
        return True
    is_infinitive = len(word) > 4 and word.endswith(("er", "ir", "oir", "dre", "ttre", "vre"))
    return is_infinitive and word not in vocabulary["not_infinitives"]


def _inside(protected: list[tuple[int, int]], place: int) -> bool:
    return any(start < place < end for start, end in protected)


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, Any]:
    return {name: frozenset(words) for name, words in read_yaml(__package__, "idea_split.yml").items()}


@lru_cache(maxsize=1)
def _joint_pattern() -> re.Pattern[str]:
    joints = sorted(_vocabulary()["joints"], key=len, reverse=True)
    choices = "|".join(re.escape(joint).replace("egalement", "[ée]galement") for joint in joints)
    return re.compile(rf"(?:,\s*|\s)(?P<joint>{choices})\s", re.IGNORECASE)
