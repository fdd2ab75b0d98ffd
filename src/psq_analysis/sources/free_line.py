"""Who and where in one free line: « adjointe au maire de Vic » is an elected person, of Vic.

Quality and place are cut apart the same way whatever the format: a cell, a speaker of minutes, a signature of an e-mail.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from psq_analysis.places.place_names import commune_names, department_names, words_around
from psq_analysis.sources.vocabulary import load, plain
from psq_analysis.sources.voices import normalise_stakeholder

SHORTEST_QUALITY = 3  # words of « DDSP 31 »
LONGEST_PLACE, LONGEST_LOWER_PLACE = 7, 3  # words; a line in lower case is less surely a name
LONGEST_NAME = 9  # words of « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson »
SHORT_NAME = 4  # letters: « Bar », « Eu », « Mer » are words before they are communes
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_POSTCODE = re.compile(r"(?<![\d.])(?:F-?|FR-?)?(\d{2})[ .\u00a0\u202f]?(\d{3})(?:[.,]0)?(?![.,]?\d)")
_BREAK = re.compile(r"[,;:()/|\n\t+\[\]«»\"]|[-–—](?=\s)|(?<=\s)[-–—]|(?<=\w)\.(?=\s)")
_RIVER = re.compile(
    r"(?<=[^\W\d_])/\s?(?=(?:mer|loire|seine|marne|oise|garonne|rh[oô]ne|sa[oô]ne|meuse|moselle|aisne|orne|vienne)\b)",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?P<first>[A-ZÀ-Ý][\w'’-]+)/(?P<second>[A-ZÀ-Ý][\w'’-]+)")
_CONTRACTED = re.compile(r"\b(?P<article>[Dd]u|[Aa]u|[Dd]es|[Aa]ux)\s+(?P<name>[A-ZÀ-Ý][\w'’]+(?:-[\w'’]+)*)")
_DEPARTMENT_NUMBER = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[ABab]|97[1-8]|98[678]")


@cache
def common_words() -> frozenset[str]:
    """Names of communes that are words before they are names: « bar », « port », « gare »."""
    return frozenset(load("free_line")["common"])


@dataclass(frozen=True)
class FreeLine:
    """What a line says: ``voice`` (one of the eleven or None), ``place`` (fields as written), ``quality`` (the words without the place)."""

    voice: str | None
    place: Mapping[str, str] = field(default_factory=dict)
    quality: str = ""


@dataclass(frozen=True)
class _Word:
    text: str
    plain: str
    start: int
    end: int
    after_break: bool
    after_hyphen: bool


@lru_cache(maxsize=50_000)
def read_line(text: str) -> FreeLine:
    """Return the voice and the place a line names, each from its own words.

    >>> read_line("adjointe au maire de Vic-Fezensac")
    FreeLine(voice='élus', place={'commune': 'Vic-Fezensac'}, quality='adjointe au maire')
    >>> line = read_line("patron du bar, Riscle")
    >>> line.voice, line.place
    ('commerçants', {'commune': 'Riscle'})
    >>> read_line("gardienne d'immeuble, Saint-Denis (93)").place
    {'commune': 'Saint-Denis', 'department': '93'}
    """
    place, rest = _cut_place(_CONTRACTED.sub(_in_full, _SLASHED.sub(_on_river, _RIVER.sub(" sur ", text))))
    quality = _tidy(rest)
    return FreeLine(normalise_stakeholder(quality), place, quality)


def _on_river(match: re.Match[str]) -> str:
    """« Valence/Baïse » → « Valence sur Baïse », where it is a commune."""
    name = f"{match['first']} sur {match['second']}"
    return name if plain(name) in commune_names() else match[0]


def _in_full(match: re.Match[str]) -> str:
    """« maire du Houga » → « maire de Le Houga », where only the name with its article is a commune."""
    article = "Le" if match["article"].lower() in ("du", "au") else "Les"
    if plain(match["name"]) in commune_names() or plain(f"{article} {match['name']}") not in commune_names():
        return match[0]
    link = "de" if match["article"].lower() in ("du", "des") else "à"
    return f"{link} {article} {match['name']}"


def known_place(line: FreeLine) -> dict[str, str]:
    """Return the place of a line where it is known to be one: in a signature, a short line may as well be a name."""
    name = plain(line.place.get("commune", ""))
    is_known = name in commune_names() or "postcode" in line.place or "commune" not in line.place
    return dict(line.place) if is_known else {}


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in _TOKEN.finditer(text):
        broken = not words or _BREAK.search(text[max(end - 1, 0) : match.start() + 1]) is not None
        word = plain(match[0])
        words.append(
            _Word(
                match[0],
                _SAINTS.get(word, word),
                match.start(),
                match.end(),
                broken,
                text[max(match.start() - 1, 0)] == "-",
            )
        )
        end = match.end()
    return words


_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@cache
def _around(key: str) -> frozenset[str]:
    return frozenset(load("free_line")[key])


def _cut_place(text: str) -> tuple[dict[str, str], str]:
    place: dict[str, str] = {}
    taken: list[tuple[int, int]] = []
    postcode = _POSTCODE.search(text)
    if postcode:
        place["postcode"] = postcode[1] + postcode[2]
        taken.append(postcode.span())
    words = _words(text)
    if any(word.plain in words_around()["abroad"] for word in words):
        return {"commune": text.strip()}, text
    is_name = _longest_name(words, 0, commune_names()) == len(words)
    area = next((at for at, word in enumerate(words[:3]) if word.plain in words_around()["areas"]), None)
    begin = area - 1 if area and words[area - 1].plain in _around("prepositions") else area
    in_area = begin is not None and not (
        words[begin].after_break and _longest_name(words, 0, commune_names()) == begin
    )  # « Caussens, près de Condom » is in Caussens, « Pavie (à côté d'Auch) » in Pavie
    if in_area and not is_name and normalise_stakeholder(text) is None:
        return {"commune": text.strip()}, ""
    found = _without_trades(_communes_named(text, words, postcode), text)
    department = _department_named(words, found)
    if department:
        place["department"] = text[department[0] : department[1]]
        taken.append(department)
    distinct = {plain(text[start:end]) for start, end in found}
    if len(distinct) == 1:
        start, end = found[-1]
        place = {"commune": text[start:end], **place}
        taken += found
    elif distinct:
        place = {"commune": text[min(s for s, _ in found) : max(e for _, e in found)], **place}
        taken += found
    rest = text
    for start, end in sorted(taken, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    if not (len(distinct) == 1 and _only_where(rest)) and _is_only_a_place(rest, words, found):
        place["commune"] = _tidy(
            text if not postcode else text[: postcode.start()] + " " + text[postcode.end() :]
        )
        place.pop("department", None)
        rest = ""
    return {name: value for name, value in place.items() if value}, rest


def _without_trades(found: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """« Maire, Fleurance » names one commune, although Mairé is another."""
    places = [(start, end) for start, end in found if normalise_stakeholder(text[start:end]) is None]
    return places or found


def _only_where(rest: str) -> bool:
    return all(
        word.text[0].isdigit()
        or word.plain in _around("after") | _around("prepositions") | _around("articles")
        for word in _words(rest)
    )


def _is_only_a_place(rest: str, words: list[_Word], found: list[tuple[int, int]]) -> bool:
    """A short line that names no quality is a place as a whole: « Chalons sur Saone », « Barbotan »."""
    if not plain(rest) or len(words) > LONGEST_PLACE or normalise_stakeholder(rest) is not None:
        return False
    if words[0].plain in _around("titles") or _around("not_a_place").intersection(
        word.plain for word in words
    ):
        return False
    if not found:
        return words[0].text[:1].isupper() or len(words) <= LONGEST_LOWER_PLACE
    at = next(at for at, word in enumerate(words) if word.start == found[0][0])
    return at > 1 and words[at - 1].plain in _around("links") and words[0].text[:1].isupper()


def _tidy(rest: str) -> str:
    rest = re.sub(r"\(\s*\)", " ", rest)
    rest = re.sub(r"\s+", " ", rest).strip(" ,;:()/|–—-")
    while True:
        shorter = re.sub(
            r"(?:^|[\s,(–—-]+)(?:à|a|de la|de l['’]|de|d['’]|du|des|sur|in|of|from|near|at|en|près|vers|commune|ville)$",
            "",
            rest,
            flags=re.IGNORECASE,
        ).strip(" ,;:()/|–—-")
        if shorter == rest:
            return f"{rest})" if rest.count("(") > rest.count(")") else rest
        rest = shorter


def _communes_named(text: str, words: list[_Word], postcode: re.Match[str] | None) -> list[tuple[int, int]]:
    """The spans that name a commune, left to right, none inside another."""
    mixed = text != text.upper() and text != text.lower()
    spans: list[tuple[int, int]] = []
    stand_firm: list[bool] = []
    at = 0
    while at < len(words):
        length, of_department = (
            _longest_name(words, at, commune_names()),
            _longest_name(words, at, department_names()),
        )
        if of_department > length:
            at += of_department
        elif length:
            if _stands_for_a_place(words, at, length, mixed=mixed, postcode=postcode):
                spans.append((words[at].start, words[at + length - 1].end))
                before = words[at - 1].plain if at else ""
                stand_firm.append(words[at].after_break or before in _around("prepositions"))
            at += length if length > 1 else 1
        else:
            at += 1
    if any(
        stand_firm
    ):  # « Éric Lamothe, gérant, Nogaro »: a name that only follows other words may be anything
        spans = [span for span, firm in zip(spans, stand_firm, strict=True) if firm]
    return spans


def _longest_name(words: list[_Word], at: int, names: Collection[str]) -> int:
    """How many words from this one on make a name, at most; 0 for none."""
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        is_unbroken = not any(word.after_break for word in words[at + 1 : at + length])
        if is_unbroken and " ".join(word.plain for word in words[at : at + length]) in names:
            return length
    return 0


def _stands_for_a_place(  # noqa: PLR0911 (one line a rule)
    words: list[_Word], at: int, length: int, *, mixed: bool, postcode: re.Match[str] | None
) -> bool:
    first, last = words[at], words[at + length - 1]
    name = " ".join(word.plain for word in words[at : at + length])
    before = [word.plain for word in words[max(at - 4, 0) : at]]
    if postcode and (first.start - postcode.end() in range(4) or postcode.start() - last.end in range(4)):
        return True
    if before and before[-1] in _around("titles"):
        return False
    ends = _nothing_but_where(words, at + length)
    alone = first.after_break and ends
    joined = bool(before) and before[-1] in _around("prepositions") and not first.after_break
    is_district = name in ("paris", "lyon", "marseille") and _noun_before(before) == "arrondissement"
    if first.after_hyphen and not first.after_break:
        return False
    if not alone and not is_district and _noun_before(before) in _around("ways") | _around("near"):
        return False
    if not joined and not first.after_break and before and before[-1] in _around("institutions"):
        return False
    capital = first.text[:1].isupper()
    is_named = capital and mixed and (joined or len(words) > length)
    is_common = name in _around("common") or (len(name) < SHORT_NAME and not is_named)
    if alone:
        return is_named or not (is_common or (mixed and not capital))
    if joined:
        return not is_common and (capital or not mixed)
    return ends and not first.after_break and not is_common and (capital or not mixed)


def _nothing_but_where(words: list[_Word], at: int) -> bool:
    """Nothing follows in this part of the line but « centre », « nord », « 12e », « cedex »."""
    for word in words[at:]:
        if word.after_break or word.plain in _around("near") or word.plain in ("et", "ou", "and"):
            return True
        if not (word.text[0].isdigit() or word.plain in _around("after")):
            return False
    return True


def _noun_before(before: list[str]) -> str:
    """The word a place depends on: « rue de [la] » → « rue »."""
    for word in reversed(before):
        if word not in _around("prepositions") and word not in _around("articles"):
            return word
    return ""


def _department_named(words: list[_Word], communes: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The département written beside a commune, or alone."""
    free = [word for word in words if not any(start <= word.start < end for start, end in communes)]
    for at, word in enumerate(free):
        if _DEPARTMENT_NUMBER.fullmatch(word.text) and (
            communes or len(words) == 1 or (at == len(free) - 1 and len(words) <= SHORTEST_QUALITY)
        ):
            if at + 1 < len(free) and free[at + 1].plain in _around("counted"):
                continue
            return word.start, word.end
    for length in range(5, 0, -1):
        for at in range(len(free) - length + 1):
            span = free[at : at + length]
            if any(word.after_break for word in span[1:]):
                continue
            previous = next(
                (word.plain for word in words if word.end < span[0].start and span[0].start - word.end <= 2),
                "",
            )
            stands = (
                span[0].after_break or length > 1 or previous in _around("prepositions") | _around("articles")
            )
            if stands and " ".join(word.plain for word in span) in department_names():
                return span[0].start, span[-1].end
    return None
