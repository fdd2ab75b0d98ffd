"""Find the names of persons in French text, by first names and by what stands around a name.

There is no list of surnames: a surname is what follows a title, a rank, a function, a first name or «
s'appelle », what two capitals in a row show (« NOM Prénom »), or what was recognised elsewhere in the same
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from psq_analysis.privacy.announced_persons import (
    after_function,
    after_kin,
    after_naming,
    after_the,
    after_title,
)
from psq_analysis.privacy.name_lexicon import CONTACT_HOLE, PERSON_HOLE, communes, plain
from psq_analysis.privacy.name_tokens import MAX_NAME_WORDS, MIN_LOWER_NAME, Name, Words
from psq_analysis.privacy.spans import Span

# « France Bleu », « France Travail »: channels and services of the country, and nobody called France
_FRANCE = frozenset(
    {
        "bleu",
        "inter",
        "info",
        "infos",
        "culture",
        "musique",
        "travail",
        "services",
        "service",
        "victimes",
        "televisions",
        "connect",
        "relance",
        "renov",
        "domaine",
        "identite",
        "mobilites",
    }
)
_NICKNAMES = frozenset(
    {"tonton", "tata", "tatie", "tati", "papi", "papy", "mamie", "mami", "meme", "pepe", "ti", "gran", "granmoun", "gros", "petit"}
)  # fmt: skip
MIN_BEFORE_A_SIGNATURE = 25  # characters: « Bonjour. Inès » opens a letter
_CLOSING = re.compile(
    r"\b(?:bises?|bisous?|amicalement|amitiés|cordialement|cdt|cdlt|a\+|bonne journée|bonne soirée|bien à vous|merci d['’]avance|d['’]avance merci|signé)[ ,.!:-]*$",
    re.IGNORECASE,
)
# « Riton, dit « le Corse » »
_CALLED = re.compile(
    r"(?:,|\b[A-ZÀ-Ý][\w-]+) dite? [«\"“] ?(?P<name>(?:le |la |l['’])[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?) ?[»\"”]"
)
# After a person already found: « Patrice, dit Patoche », « Lucien dit le Corbeau, »
_ALSO_CALLED = re.compile(
    rf"{PERSON_HOLE}(?:(?:, | ?\()dite? (?P<name>(?:le |la |l['’])?[A-ZÀ-Ý][\w-]+)"
    r"| dite? (?P<alone>(?:le |la |l['’])?[A-ZÀ-Ý][\w-]+)(?=[,.;)]|\s*$))"
)
_MAIL = re.compile(r"^(?:>|De ?:|À ?:|A ?:|Envoyé|Objet ?:|From ?:|Sujet ?:)", re.MULTILINE)
_JOINTS = frozenset({"et", "ou", "avec"})
_LIST_GAP = re.compile(r"\.?\s?(?:,|/|&|,?\s?et|ou|avec)\s")
_SIGNING = re.compile(
    r"(?:cordialement|salutations|respectueusement|signé|merci[^\n]{0,20}|bien à vous|cdt|sincèrement)[ ,.]*\n\s*$",
    re.IGNORECASE,
)
_CARD = re.compile(rf"\s?[,(:;/–-]?\s?(?:(?:tél|tel|port|mail)\w*\.?\s?:?\s?)?{CONTACT_HOLE}", re.IGNORECASE)


def persons(text: str) -> Iterator[Span]:
    """Yield names of persons, without their titles.

    >>> text = "L'adjudant Casteran et mme dulhac connaissent Inès, pas la rue Jean-Moulin."
    >>> [text[span.start : span.end] for span in persons(text)]
    ['Casteran', 'dulhac', 'Inès']
    """
    words = Words(text)
    for name in _names(words):
        start, end = words.tokens[_with_its_nickname(words, name.first)].start, words.tokens[name.last].end
        is_initial = len(words.tokens[name.last].text) == 1 and words.next_char(name.last) == "."
        yield Span(start, end + is_initial, "PERSON", name.why)
    for match in _CALLED.finditer(text):
        yield Span(*match.span("name"), "PERSON", "after_naming")
    for match in _ALSO_CALLED.finditer(text):
        nickname = match["name"] or match["alone"]
        known, word = words.lexicon, plain(re.split(r"[ '’]", nickname)[-1])
        if word not in known.functions | known.ranks:
            yield Span(*match.span("name" if match["name"] else "alone"), "PERSON", "after_naming")


def _with_its_nickname(words: Words, at: int) -> int:
    """« Tonton Nico », « Mamie Josette »: with a capital inside a sentence, the relative is part of the name."""
    before = at - 1
    is_part = (
        before >= 0
        and words.adjoins(at)
        and words.tokens[before].plain in _NICKNAMES
        and words.tokens[before].is_capital
        and words.tokens[at].is_capital
    )
    return before if is_part else at


def _names(words: Words) -> list[Name]:
    """Return the names, in order, none overlapping."""
    found: dict[int, int] = {}
    reasons: dict[int, str] = {}
    at = 0
    while at < len(words.tokens):
        last = at if not words.may_open_a_name(at) else words.last_of_eponym(at)
        if last is None:
            last = at
            for rule in _RULES:
                if name := rule(words, at):
                    found[name.first] = last = name.last
                    reasons[name.first] = rule.__name__.lstrip("_")
                    break
        at = last + 1
    _add_listed(words, found)
    _add_repeated(words, found)
    return _merged(
        words,
        [Name(first, last, reasons.get(first, "beside_a_name")) for first, last in sorted(found.items())],
    )


def _merged(words: Words, names: list[Name]) -> list[Name]:
    """Make one name of names that touch: « dulhac paule », found by parts."""
    merged: list[Name] = []
    for name in names:
        if merged and name.first == merged[-1].last + 1 and words.adjoins(name.first):
            merged[-1] = merged[-1]._replace(last=name.last)
        else:
            merged.append(name)
    return merged


# -- names that need no announcement
# ---------------------------------------------------------------------------------


def _with_first_name(words: Words, at: int) -> Name | None:
    """« Paul Untel », « Inès », « paul dulhac », « UNTEL Paul », « Rose Dulhac »."""
    token = words.tokens[at]
    is_certain = words.is_first_name(at)
    if token.plain == "france" and words.adjoins(at + 1) and words.tokens[at + 1].plain in _FRANCE:
        return None
    if words.is_saint(at) or not (is_certain or token.plain in words.lexicon.first_names):
        return None
    name = words.take_from_first_name(at)
    surname = _surname_before(words, at)
    if surname is None and _is_filed(words, at):
        surname = at - 1
    if (
        surname is not None
        and name.last == at
        and (is_certain or (token.is_capital and not token.is_shouted))
    ):
        return Name(surname, at)
    has_surname = any(
        words.is_unknown(place) and words.tokens[place].plain not in words.lexicon.particles
        for place in range(at + 1, name.last + 1)
    )
    is_capital = token.is_capital and not words.is_shouted
    return name if is_certain or (is_capital and has_surname) else None


def _surname_before(words: Words, at: int) -> int | None:
    """Return the first token of a surname in capitals before a first name: « LE BIHAN Yann »."""
    first = at
    while words.adjoins(first) and at - first < MAX_NAME_WORDS - 1:
        token = words.tokens[first - 1]
        is_surname = words.is_unknown(first - 1) and words.can_be_name(first - 1)
        is_particle = first < at and token.plain in words.lexicon.particles
        if not token.is_shouted or not (is_surname or is_particle):
            break
        first -= 1
    return first if first < at else None


def _is_filed(words: Words, at: int) -> bool:
    """« : Lopes Manuela, », as in a register, « De : Lamotte, Cédric <… » of a mail: the surname opens the entry, the first name closes it."""
    is_header = words.adjoins(at, allow=",") and words.text[words.tokens[at].end :].lstrip(" ")[:1] == "<"
    is_entry = (
        (words.adjoins(at) or is_header) and words.is_unknown_capital(at - 1) and words.tokens[at].is_capital
    )
    closes = is_header or words.next_char(at) in {",", ";", ":", "\n", "", "("}
    return (
        is_entry and closes and words.text[: words.tokens[at - 1].start].rstrip(" ")[-1:] in {*":,;\n-•", ""}
    )


def _surname_and_initial(words: Words, at: int) -> Name | None:
    """« UNTEL P. »."""
    token, following = words.tokens[at], at + 1
    is_surname = (
        token.is_shouted
        and len(token.text) > MIN_LOWER_NAME
        and words.is_unknown(at)
        and words.can_be_name(at)
    )
    if not is_surname or words.is_shouted or not words.adjoins(following):
        return None
    is_initial = len(words.tokens[following].text) == 1 and words.next_char(following) == "."
    return Name(at, following) if is_initial and words.tokens[following].is_capital else None


def _initial_and_surname(words: Words, at: int) -> Name | None:
    """« K. Dulhac », « M.-F. Dulhac », « Ph. Dulhac »."""
    token, following = words.tokens[at], at + 1
    is_short = len(token.text) == 1 or token.plain in words.lexicon.name_abbreviations
    is_initial = is_short and token.is_capital and words.next_char(at) == "." and not words.is_shouted
    if not is_initial or (at and len(words.tokens[at - 1].text) == 1):
        return None
    has_more = following < len(words.tokens)
    is_double = has_more and words.gap(following) == ".-" and len(words.tokens[following].text) == 1
    following += is_double
    if not words.adjoins(following):
        return None
    surname = words.tokens[following]
    is_surname = surname.is_capital and len(surname.text) > 3 and (is_double or words.is_unknown(following))
    rest = words.take(following, words=True, towns=is_double or len(token.text) == 1) if is_surname else None
    return Name(at, rest.last) if rest else None


def _after_small_word(words: Words, at: int) -> Name | None:
    """« depuis que Dulhac est parti », « merci Dulhac »: a lone capital of no language and no town we know."""
    following = at + 1
    if words.tokens[at].plain not in words.lexicon.before_a_person or words.is_shouted:
        return None
    is_name = words.adjoins(following) and words.is_unknown_capital(following)
    return words.take(following, initials=True) if is_name else None


def _before_contact(words: Words, at: int) -> Name | None:
    """« UNTEL, 8 rue… », « Untel (06…) »: unknown capitals right before a contact."""
    last = at
    while words.adjoins(last + 1) and words.tokens[last + 1].is_capital:
        last += 1
    if words.is_shouted or not _CARD.match(words.text, words.tokens[last].end) or last - at >= MAX_NAME_WORDS:
        return None
    names = [
        words.tokens[place].is_capital and words.can_be_name(place) and words.is_unknown(place)
        for place in range(at, last + 1)
    ]
    return Name(at, last) if all(names) and len(words.tokens[at].text) > 2 else None


def _signature(words: Words, at: int) -> Name | None:
    """A line of capitalised words at the foot of a letter, or on top of an address."""
    start = words.tokens[at].start
    before, line = words.text[:start], words.text[start:].split("\n", 1)[0]
    at_line_start = not before.strip(" ") or before.rstrip(" ").endswith("\n")
    is_whole_text = not before.strip() and len(line) == len(words.text[start:])
    if not at_line_start or is_whole_text or words.is_shouted or not words.tokens[at].is_capital:
        return None
    last = at
    while last + 1 < len(words.tokens) and "\n" not in words.gap(last + 1):
        last += 1
    parts = words.tokens[at : last + 1]
    is_bare = not line[len(words.text[start : parts[-1].end]) :].strip(" .,") and all(
        words.adjoins(place) for place in range(at + 1, last + 1)
    )
    fits = all(
        token.plain in words.lexicon.particles or (token.is_capital and words.can_be_name(at + place))
        for place, token in enumerate(parts)
    )
    is_signed = len(parts) > 1 or bool(_SIGNING.search(before))
    unknown = any(words.is_unknown(place) for place in range(at, last + 1))
    return (
        Name(at, last)
        if is_bare and fits and is_signed and unknown and len(parts) <= MAX_NAME_WORDS
        else None
    )


def _last_words(words: Words, at: int) -> Name | None:
    """« … tous les soirs. Sarraméa »: a name alone after the last sentence, or after a closing word (« bises Sév »)."""
    last = len(words.tokens) - 1
    token, rest = words.tokens[at], words.text[words.tokens[last].end :]
    if last - at >= MAX_NAME_WORDS or not token.is_capital or words.is_shouted or rest.strip(" .\n"):
        return None
    before = words.text[: token.start]
    ends = re.search(r"[.!?…»)]\s*$", before) is not None and len(before) > MIN_BEFORE_A_SIGNATURE
    closes = _CLOSING.search(before) is not None
    if not (ends or closes) or not all(words.adjoins(place) for place in range(at + 1, last + 1)):
        return None
    parts = range(at, last + 1)
    if at == last and token.is_shouted and 1 < len(token.text) < 4:
        return Name(at, last) if _MAIL.search(words.text) else None  # initials at the foot of a mail
    fits = all(
        words.is_unknown_capital(place) or words.tokens[place].plain in words.lexicon.first_names
        for place in parts
    )
    return Name(at, last) if fits else None


def _two_unknown_capitals(words: Words, at: int) -> Name | None:
    """« Kees Dijkhuizen »: two capitals of no language we know."""
    last = at
    if words.is_saint(at):
        return None
    while words.is_unknown_capital(last) and words.adjoins(last + 1):
        last += 1
    if last > at and not words.is_unknown_capital(last):
        last -= 1
    is_town = "-".join(token.plain for token in words.tokens[at : last + 1]) in communes()
    return Name(at, last) if 0 < last - at < MAX_NAME_WORDS and not words.is_shouted and not is_town else None


_RULES: tuple[Callable[[Words, int], Name | None], ...] = (
    after_title,
    after_function,
    after_kin,
    after_naming,
    after_the,
    _with_first_name,
    _surname_and_initial,
    _initial_and_surname,
    _after_small_word,
    _before_contact,
    _signature,
    _last_words,
    _two_unknown_capitals,
)


# -- names beside names
# ----------------------------------------------------------------------------------------------


def _add_listed(words: Words, found: dict[int, int]) -> None:
    """« Inès, Enzo B. et Jo »: what stands in a list with a name is a name, if it can be one."""
    for first, last in sorted(found.items()):
        at = _beside(words, last, step=1)
        while at is not None and at not in found and _may_join(words, at, joined=words.before(at) in _JOINTS):
            found[at] = end = words.take_from_first_name(at).last
            at = _beside(words, end, step=1)
        at = _beside(words, first, step=-1)
        if at is not None and not _is_covered(found, at) and _may_join(words, at, joined=False):
            found[at] = at


def _beside(words: Words, at: int, *, step: int) -> int | None:
    """Return the token next in a list (over « , », « et », « / »), or None."""
    place = at + step
    if 0 <= place < len(words.tokens) and words.tokens[place].plain in _JOINTS:
        place += step
    if not 0 <= place < len(words.tokens):
        return None
    first, last = sorted((at, place))
    between = words.text[words.tokens[first].end : words.tokens[last].start]
    return place if _LIST_GAP.fullmatch(between) else None


def _may_join(words: Words, at: int, *, joined: bool) -> bool:
    token = words.tokens[at]
    is_possible = (
        token.is_capital and not words.is_shouted and words.can_be_name(at) and not words.is_saint(at)
    )
    is_name = token.plain in words.lexicon.first_names or (joined and words.is_unknown_capital(at))
    return is_possible and is_name and token.plain not in words.lexicon.saints


def _add_repeated(words: Words, found: dict[int, int]) -> None:
    """A surname recognised once is recognised wherever it stands in the text."""
    known = {
        words.tokens[place].plain
        for first, last in found.items()
        for place in range(first, last + 1)
        if len(words.tokens[place].text) >= MIN_LOWER_NAME
        and words.tokens[place].plain not in words.lexicon.particles
        and words.tokens[place].plain not in words.lexicon.towns
        and words.is_unknown(place)
    }
    at = 0
    while known and at < len(words.tokens):
        skip_to = words.last_of_eponym(at)
        if skip_to is None and words.tokens[at].plain in known and not _is_covered(found, at):
            found[at] = at
        at = 1 + (at if skip_to is None else skip_to)


def _is_covered(found: dict[int, int], at: int) -> bool:
    return any(first <= at <= last for first, last in found.items())
