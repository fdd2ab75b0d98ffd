"""Write sentences with and without persons, from frames, lists and names; the same at every run.

A frame is a sentence with slots (``frames.yml``, ``background.yml``). What a writer does to a sentence is done to
it afterwards: capitals left out or everywhere, no accents, slips of the keyboard, glued titles; and some names
are already masked, as when the tagger reads what the rules have left.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from psq_analysis.packaged import read_yaml
from psq_analysis.privacy.name_lexicon import (
    CONTACT_HOLE,
    PERSON_HOLE,
    PUBLIC_HOLE,
    french_words,
    is_word,
    plain,
)
from psq_analysis.privacy.training.names import Person, eponym, nickname, someone, village

_SLOT = re.compile(r"<([A-Za-z_0-9]+)(?::([a-z]+))?>")
_ARTICLE = re.compile(r"^(?:l['’]|(?:le|la|les|mon|ma|mes|un|une|notre|nos|leur|sa|son)\s)", re.IGNORECASE)


class Sentence(NamedTuple):
    """A text and where its persons stand (start, end)."""

    text: str
    persons: tuple[tuple[int, int], ...]


def sentences(count: int, *, seed: int, with_persons: float = 0.55) -> Iterator[Sentence]:
    """Yield sentences; a share of them names someone.

    >>> [one] = sentences(1, seed=3, with_persons=1.0)
    >>> bool(one.persons)
    True
    """
    chance = random.Random(seed)
    material = _material()
    for _ in range(count):
        frames = material["frames"] if chance.random() < with_persons else material["plain_frames"]
        pieces = _Writer(chance, material["lists"]).write(chance.choice(frames))
        for _ in range(chance.choices((0, 1, 2), (6, 3, 1))[0]):
            more = _Writer(chance, material["lists"]).write(chance.choice(material["plain_frames"]))
            gap = [(chance.choice((" ", ". ", "\n", " ")), False)]
            pieces = more + gap + pieces if chance.random() < 0.5 else pieces + gap + more
        yield _as_typed(pieces, chance)


Pieces = list[tuple[str, bool]]


class _Writer:
    """Fill the slots of one sentence; the people of a sentence may come back in it."""

    def __init__(self, chance: random.Random, lists: dict[str, list[str]]) -> None:
        self._chance, self._lists = chance, lists

    def write(self, frame: str) -> Pieces:
        pieces: Pieces = []
        place = 0
        for slot in _SLOT.finditer(frame):
            pieces.append((frame[place : slot.start()], False))
            pieces += self._fill(slot[1], slot[2] or "")
            place = slot.end()
        pieces.append((frame[place:], False))
        return [(text.replace("§", CONTACT_HOLE), is_person) for text, is_person in pieces if text]

    def _fill(self, name: str, change: str) -> Pieces:
        if name.lower() == "commune" and self._chance.random() < 0.45:
            return [(village(self._chance), False)]
        if name.lower() in {"eponym", "eponym_person"} and self._chance.random() < 0.35:
            return [(eponym(self._chance), False)]
        if name in {"Slip", "Rare"}:
            [(word, _)] = self._fill(name.lower(), "")
            return [(word.capitalize(), False)]
        naming = getattr(self, f"_{name}", None)
        if naming is not None and change == "" and name.islower():
            return naming(someone(self._chance))  # type: ignore[no-any-return]
        key = name if name in self._lists else name.lower()
        if key == "eponym_person":
            key = "eponym"
        pieces = self.write(self._chance.choice(self._lists[key]))
        if change in {"noart", "bare"} and pieces:
            pieces[0] = (_ARTICLE.sub("", pieces[0][0]), pieces[0][1])
        if name[0].isupper() and pieces:
            first = pieces[0][0]
            pieces[0] = (first[:1].upper() + first[1:], pieces[0][1])
        return pieces

    # -- names of no private person

    def _village(self, who: Person) -> Pieces:
        return [(village(self._chance), False)]

    def _rare(self, who: Person) -> Pieces:
        return [(self._chance.choice(_long_words()), False)]

    def _slip(self, who: Person) -> Pieces:
        return [(_slipped(self._chance.choice(_long_words()), self._chance), False)]

    def _figure(self, who: Person) -> Pieces:
        return [(PUBLIC_HOLE * 9, False)]

    def _plain_last(self, who: Person) -> Pieces:
        return [(who.last, False)]

    # -- ways to name someone: each returns pieces, marked when they are the name

    def _full(self, who: Person) -> Pieces:
        return [(f"{who.first} {who.last}", True)]

    def _first(self, who: Person) -> Pieces:
        return [(who.first, True)]

    def _last(self, who: Person) -> Pieces:
        return [(who.last, True)]

    def _household(self, who: Person) -> Pieces:
        return [(who.last, True)]

    def _last_s(self, who: Person) -> Pieces:
        return [(f"{who.last}s", True)]

    def _filed(self, who: Person) -> Pieces:
        last = who.last.upper() if self._chance.random() < 0.6 else who.last
        return [(f"{last} {who.first}", True)]

    def _initial_last(self, who: Person) -> Pieces:
        last = who.last.upper() if self._chance.random() < 0.25 else who.last
        return [(f"{_initial(who.first)} {last}", True)]

    def _first_initial(self, who: Person) -> Pieces:
        return [(f"{who.first} {who.last[0].upper()}{self._chance.choice(('.', '.', ''))}", True)]

    def _initials(self, who: Person) -> Pieces:
        return [(f"{_initial(who.first)} {_initial(who.last)}", True)]

    def _nickname(self, who: Person) -> Pieces:
        return [(nickname(self._chance), True)]

    def _nick(self, who: Person) -> Pieces:
        name = nickname(self._chance)
        return [(self._chance.choice(("le ", "la ", "", "")), False), (name, True)]

    def _any(self, who: Person) -> Pieces:
        ways = (self._full, self._first, self._last, self._filed, self._initial_last, self._first_initial)
        way = self._chance.choices(ways, (8, 4, 3, 3, 2, 1))[0]
        return way(who)

    def _any_last(self, who: Person) -> Pieces:
        ways = (self._last, self._full, self._initial_last, self._upper_last)
        return self._chance.choices(ways, (8, 2, 1, 1))[0](who)

    def _upper_last(self, who: Person) -> Pieces:
        return [(who.last.upper(), True)]

    def _list(self, who: Person) -> Pieces:
        return self._several(
            self._chance.choice((self._full, self._first, self._any, self._last, self._filed))
        )

    def _last_list(self, who: Person) -> Pieces:
        return self._several(self._any_last)

    def _several(self, way: Any) -> Pieces:
        pieces: Pieces = []
        count = self._chance.randint(2, 5)
        comma = self._chance.choice((", ", ", ", ", ", " ; ", "/", " / ", " - ", ","))
        last = self._chance.choice((" et ", " et ", comma, ", et ", " & ", " ou "))
        for at in range(count):
            if at:
                pieces.append((last if at == count - 1 else comma, False))
            pieces += way(someone(self._chance))
        return pieces


def _initial(name: str) -> str:
    """« Jean-Paul » → « J.-P. »."""
    parts = [part for part in re.split(r"[ -]", name) if part]
    return "-".join(f"{part[0].upper()}." for part in parts)


# -- how people type
# --------------------------------------------------------------------------------------------------


def _as_typed(pieces: Pieces, chance: random.Random) -> Sentence:
    if chance.random() < 0.08:
        pieces = list(_half_masked(pieces))
    elif chance.random() < 0.25:
        pieces = [
            (PERSON_HOLE, False) if is_person and chance.random() < 0.5 else (text, is_person)
            for text, is_person in pieces
        ]
    named = [plain(text) for text, is_person in pieces if is_person]
    way = chance.choices(("kept", "lower", "upper", "bare", "lower_bare", "slips"), (52, 11, 9, 5, 9, 14))[0]
    if way.startswith("lower") and any(map(is_word, named)):
        way = "kept"  # « petit a tout vu »: nobody could tell
    if way == "slips":
        pieces = [(text if is_person else _with_slips(text, chance), is_person) for text, is_person in pieces]
    if way.endswith("bare"):
        pieces = [(_without_accents(text), is_person) for text, is_person in pieces]
    if way.startswith("lower"):
        pieces = [(text.lower(), is_person) for text, is_person in pieces]
    if way == "upper":
        pieces = [(text.upper(), is_person) for text, is_person in pieces]
    if chance.random() < 0.08:
        pieces = [(re.sub(r"\b(M|Mr|Mme|Dr)\.? $", r"\1.", text), is_person) for text, is_person in pieces]
    text, persons = "", []
    for piece, is_person in pieces:
        if is_person:
            persons.append((len(text), len(text) + len(piece)))
        text += piece
    return Sentence(text, tuple(persons))


def _half_masked(pieces: Pieces) -> Iterator[tuple[str, bool]]:
    """A rule has seen the first name but not the surname, or the other way round."""
    for text, is_person in pieces:
        _first, blank, rest = text.partition(" ")
        if is_person and blank and rest:
            yield from ((PERSON_HOLE, False), (" ", False), (rest, True))
        else:
            yield text, is_person


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _with_slips(text: str, chance: random.Random) -> str:
    """Drop, double or swap a letter of a few words."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) > 4 and word.isalpha() and chance.random() < 0.15:
            words[at] = _slipped(word, chance)
    return " ".join(words)


def _slipped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    slip = chance.choice((word[place] * 2, "", word[place + 1 : place + 2] + word[place]))
    return word[:place] + slip + word[place + (2 if len(slip) == 2 and slip[0] != slip[1] else 1) :]


@lru_cache(maxsize=1)
def _long_words() -> tuple[str, ...]:
    """Words of the French dictionary, in a fixed order: the rare ones are those people misspell, or write once."""
    return tuple(sorted(word for word in french_words() if word.isalpha() and 6 <= len(word) <= 13))


@lru_cache(maxsize=1)
def _material() -> dict[str, Any]:
    people, plain = (_read(file) for file in ("frames.yml", "background.yml"))
    lists = {
        name: [str(item) for item in items] for name, items in (plain["lists"] | people["lists"]).items()
    }
    return {"lists": lists, "frames": people["frames"], "plain_frames": plain["frames"]}


def _read(file: str) -> dict[str, Any]:
    return read_yaml(__package__, file)
