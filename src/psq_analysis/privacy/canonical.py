"""One reading of a text before anything is looked for: what is written in a hundred ways is read in one.

A reading is a text and, for each of its characters, where it comes from in the text as written, so that what
is found in a reading is always told in the characters of the text. Three readings follow one another:

- ``plain_reading``: full-width digits and letters, exotic blanks, hyphens and quotation marks become the common
  ones; characters of no width disappear.
- ``web_reading``: « (arobase) », « point », « [.] » become signs.
- ``number_reading``: numbers in words become digits where they spell a telephone, a date or a house number;
  letters that a scan took for digits (« O6 44 2I ») become digits; a label glued to a number lets it go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from psq_analysis.privacy.name_lexicon import is_word, lexicon, plain
from psq_analysis.privacy.spans import Span, any_word, vocabulary

# Fewer numbers spelt out in a row are a quantity (« deux ou trois »), not a dictated telephone.
MIN_DICTATED = 4
# « O4.11.2OO7 »: a date keeps so many true digits, or is none
MIN_DIGITS_OF_A_DATE = 4
# A group of look-alikes is a number only beside this many true digits.
MIN_TRUE_DIGITS = 6


@dataclass(frozen=True)
class Reading:
    """A text to search, and for each of its characters the first and the last place in the text as written."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Reading:
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def rewrite(self, changes: list[tuple[int, int, str]]) -> Reading:
        """Replace pieces (in order, none overlapping); what replaces a piece comes from all of it.

        >>> Reading.of("trois (at) ici").rewrite([(5, 11, "@")]).text
        'trois@ici'
        """
        if not changes:
            return self
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        place = 0
        for start, end, new in changes:
            pieces += [self.text[place:start], new]
            starts.extend(self.starts[place:start])
            ends.extend(self.ends[place:start])
            starts.extend([self.starts[start]] * len(new))
            ends.extend([self.ends[end - 1]] * len(new))
            place = end
        pieces.append(self.text[place:])
        starts.extend(self.starts[place:])
        ends.extend(self.ends[place:])
        return Reading("".join(pieces), starts, ends)

    def in_raw_text(self, span: Span) -> Span:
        return span._replace(start=self.starts[span.start], end=self.ends[span.end - 1])


# -- characters
# ------------------------------------------------------------------------------------------------------

_COMMON = re.compile(r"[\n -~À-ÖØ-öø-ÿœŒ€°«»…’–·\ue000\ue001]*")
_SAME = str.maketrans(
    dict.fromkeys("‐‑‒−﹣", "-")
    | dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u3000\t\r\v\f\u2028\u2029", " ")
    | {"º": "°", "ª": "a", "＠": "@", "。": ".", "．": "."}
)
# « NOM........UNTEL », « Nom ____ Untel »: what leads the eye in a form is a colon.
_LEADERS = re.compile(r"(?<=[^\W\d_])\s?(?:[.…]{5,}|_{3,})\s?(?=\w)")
_SCANNED = re.compile(
    r"(?<![\w@./#-])(?=(?:[^\W\d_]*\d)*[^\W\d_]*(?!\w))(?=(?:[01]*[^\W\d_]){4})[^\W\d_]+(?:[01]{1,2}[^\W\d_]+)+(?![\w@/]|\.\w)"
)
_NO_WIDTH = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\ufeff\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f]+")


def plain_reading(reading: Reading) -> Reading:
    """Read look-alike characters as the common ones.

    >>> plain_reading(Reading.of("０６\\u200b 39")).text
    '06 39'
    """
    if _COMMON.fullmatch(reading.text) and not _LEADERS.search(reading.text):
        return reading.rewrite(list(_scanned_words(reading.text)))
    same = "".join(map(_common, reading.text.translate(_SAME)))
    reading = Reading(same, reading.starts, reading.ends)
    reading = reading.rewrite([(*match.span(), "") for match in _NO_WIDTH.finditer(same)])
    reading = reading.rewrite([(*match.span(), ": ") for match in _LEADERS.finditer(reading.text)])
    reading = reading.rewrite(list(_scanned_words(reading.text)))
    return reading.rewrite(list(_accents(reading.text)))


def _scanned_words(text: str) -> Iterator[tuple[int, int, str]]:
    """A scan takes « o » for 0, « l » and « i » for 1: « P1erre », « s0ussigné »."""
    for match in _SCANNED.finditer(text):
        letters = match[0].replace("0", "O" if match[0].isupper() else "o")
        read = [letters.replace("1", one) for one in ("l", "i")]
        known = [word for word in read if is_word(plain(word)) or plain(word) in lexicon().first_names]
        if known or match[0][0].isupper():
            yield *match.span(), (known or read)[0]


def _common(char: str) -> str:
    if char < "\u2100" or "\ue000" <= char <= "\uf8ff":
        return char
    same = unicodedata.normalize("NFKC", char)
    return same if len(same) == 1 and same.isalnum() else char


def _accents(text: str) -> Iterator[tuple[int, int, str]]:
    """A letter and a combining accent, as some systems write « é », are one letter."""
    for match in re.finditer(r"\w[\u0300-\u036f]+", text):
        yield *match.span(), unicodedata.normalize("NFC", match[0])[:1]


# -- signs in words
# -------------------------------------------------------------------------------------------------

_OPEN, _CLOSE = r"\s?[(\[{<]\s?", r"\s?[)\]}>]\s?"
_AT = re.compile(
    rf"{_OPEN}(?:at|arobase|arob|a|@|chez){_CLOSE}|\s(?:arobase|arob|at|chez)\s(?=[\w-]+(?:\.\w|\spoint|\sdot|{_OPEN}))",
    re.IGNORECASE,
)
_DOT = re.compile(rf"{_OPEN}(?:\.|point|dot){_CLOSE}", re.IGNORECASE)
_DOT_WORD = re.compile(r"\s(?:point|dot)\s", re.IGNORECASE)
_DASH_WORD = re.compile(r"\s(?:tiret(?:\s(?:du\s)?(?P<low>bas|8))?|underscore)\s", re.IGNORECASE)
_SIGN_WORD = re.compile(r"[(\[{<]|arob|\b(?:at|chez|point|dot)\b", re.IGNORECASE)
_DICTATED_MAIL = re.compile(
    r"[\w-]+(?:\s(?:point|dot|tiret(?:\s(?:du\s)?(?:bas|8))?|underscore)\s[\w-]+)*@[\w-]+(?:\s?(?:\.|\s(?:point|dot|tiret)\s)\s?[\w-]+)+",
    re.IGNORECASE,
)


def web_reading(reading: Reading) -> Reading:
    """Read signs written in words as signs.

    >>> web_reading(Reading.of("jo point roy (arobase) exemple point fr")).text
    'jo.roy@exemple.fr'
    """
    if not _SIGN_WORD.search(reading.text):
        return reading
    for pattern, sign in ((_DOT, "."), (_AT, "@")):
        reading = reading.rewrite([(*match.span(), sign) for match in pattern.finditer(reading.text)])
    inside = [match.span() for match in _DICTATED_MAIL.finditer(reading.text)]
    changes = [
        (*match.span(), sign)
        for start, end in inside
        for pattern, sign in ((_DOT_WORD, "."), (_DASH_WORD, "-"))
        for match in pattern.finditer(reading.text, start, end)
    ]
    return reading.rewrite(sorted(changes))


# -- numbers in words
# -----------------------------------------------------------------------------------------------

_UNITS = {
    word: value
    for value, words in enumerate(
        [
            "zéro,zero",
            "un,une",
            "deux",
            "trois",
            "quatre",
            "cinq",
            "six",
            "sept",
            "huit",
            "neuf",
            "dix",
            "onze",
            "douze",
            "treize",
            "quatorze",
            "quinze",
            "seize",
        ]
    )
    for word in words.split(",")
} | {"dix-sept": 17, "dix-huit": 18, "dix-neuf": 19}
_TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "octante": 80, "huitante": 80, "nonante": 90,
}  # fmt: skip
_NUMERAL = any_word([*(word for word in _UNITS if "-" not in word), *_TENS, "cent", "cents", "mille", "mil"])
_SPELT = re.compile(
    rf"(?<![\w-]){_NUMERAL}(?:(?:\s?[,.;/]\s?|[\s-](?:et[\s-])?){_NUMERAL})*(?![\w-])", re.IGNORECASE
)
_NUMERALS = tuple({"zero", *_UNITS, *_TENS, "mille", "mil "} - {"un", "une"})
_ONE_NUMERAL = re.compile(_NUMERAL, re.IGNORECASE)


def number_reading(reading: Reading) -> Reading:
    """Read numbers in words and letters taken for digits as digits.

    >>> number_reading(Reading.of("au zéro six trente-neuf quatre-vingt-dix-huit douze cinquante-cinq")).text
    'au 0 6 39 98 12 55'
    >>> number_reading(Reading.of("tel.O6-44-2I-98-O3, ou deux rondes de plus")).text
    'tel 06-44-21-98-03, ou deux rondes de plus'
    """
    small = reading.text.lower()
    if any(word in small for word in _NUMERALS):
        reading = reading.rewrite(list(_spelt_numbers(reading.text)))
    if not any(map(str.isdigit, reading.text)):
        return reading
    reading = reading.rewrite([(place, place + 1, " ") for place in _glued(reading.text)])
    return reading.rewrite(_apart(sorted(_look_alikes(reading.text))))


def _spelt_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _SPELT.finditer(text):
        numbers = list(_values(match))
        before = numbers[-1][1] - numbers[0][0]
        is_dictated = len(numbers) >= MIN_DICTATED
        is_of_a_date_or_house = before > 0 and _after_number().match(text, match.end()) and numbers[-1][2] > 1
        is_year = len(numbers) == 1 and 1900 <= numbers[0][2] <= 2100
        if is_dictated or is_year:
            yield from ((start, end, str(value)) for start, end, value in numbers)
        elif is_of_a_date_or_house:
            start, end, value = numbers[-1]
            yield start, end, str(value)


@lru_cache(maxsize=1)
def _after_number() -> re.Pattern[str]:
    """A way or a month: what makes the number in words before it a house or a day."""
    months = "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    ways = any_word(set(vocabulary()["streets"]) - set(vocabulary()["streets_or_nouns"]))
    return re.compile(rf"\s?,?\s(?:(?:bis|ter)\s?,?\s)?(?:{months}|{ways})\b", re.IGNORECASE)


def _values(match: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Yield each number of a run of numerals: where it starts, where it ends, its value."""
    words = [
        (found.start(), found.end(), found[0].lower())
        for found in _ONE_NUMERAL.finditer(match.string, *match.span())
    ]
    at = 0
    while at < len(words):
        start = words[at][0]
        value, after = _one_number(words, at, match.string)
        yield start, words[after - 1][1], value
        at = after


def _one_number(words: list[tuple[int, int, str]], at: int, text: str) -> tuple[int, int]:
    """Read the longest number that starts at a word; return it and the place after it."""
    value, at = _below_hundred(words, at, text)
    while at < len(words) and _joined(words, at, text):
        word = words[at][2]
        if (word in {"cent", "cents"} and 1 < value < 10) or (word in {"mille", "mil"} and 1 < value < 1000):
            value *= 100 if word.startswith("cent") else 1000
        elif value and value % 1000 == 0 and word not in {"zéro", "zero"} and value >= 1000:
            more, after = _one_number(words, at, text)
            if more >= 1000:
                break
            return value + more, after
        elif (
            value
            and value % 100 == 0
            and value < 1000
            and word not in {"zéro", "zero", "mille", "mil", "cent"}
        ):
            more, after = _below_hundred(words, at, text)
            value, at = value + more, after
            continue
        else:
            break
        at += 1
    return value, at


def _below_hundred(words: list[tuple[int, int, str]], at: int, text: str) -> tuple[int, int]:
    word = words[at][2]
    following = words[at + 1][2] if at + 1 < len(words) and _joined(words, at + 1, text) else ""
    if word in {"cent", "cents"}:
        return 100, at + 1
    if word in {"mille", "mil"}:
        return 1000, at + 1
    if word == "quatre" and following in {"vingt", "vingts"}:
        base, at = 80, at + 2
    elif word in _TENS:
        base, at = _TENS[word], at + 1
    else:
        unit = _UNITS[word]
        if unit == 10 and following in {"sept", "huit", "neuf"}:
            return 10 + _UNITS[following], at + 2
        return unit, at + 1
    if at < len(words) and _joined(words, at, text):
        more = _UNITS.get(words[at][2], 0)
        most = 19 if base in {60, 80} else 9
        if 0 < more <= most:
            more, after = _below_hundred(words, at, text) if more == 10 else (more, at + 1)
            return base + more, after
    return base, at


def _joined(words: list[tuple[int, int, str]], at: int, text: str) -> bool:
    return not set(text[words[at - 1][1] : words[at][0]]) & set(",.;/")


# -- letters for digits
# ---------------------------------------------------------------------------------------------

_ALIKE = str.maketrans("OoQlI|BSZ", "000111852")
_GROUPS = re.compile(r"(?<![^\W_])[0-9OoQlI|BSZ]{1,15}(?:[ .\-/]{1,2}[0-9OoQlI|BSZ]{1,15})*(?![^\W_])")
# « l7 av. des Pyrénées »
_SCANNED_HOUSE = re.compile(
    r"(?<!\w)[lIO]\d{1,3}(?=,? ?(?:bis|ter)?,? (?:rue|r\.|av\b|avenue|bd|boulevard|ch\.|chemin|imp\b|impasse|all[ée]e|pl\.|place|route|rte|lot\b|cours|quai|square)(?!\w))"
)
_SCANNED_DATE = re.compile(
    r"(?<!\w)[0-3Oo][\dOolI][./-][01OolI][\dOolI][./-](?:[12lI][\dOo]{3}|[\dOolI]{2})(?!\w)"
)
_GLUED = re.compile(r"(?<=[^\W\d_])[.:](?=\(?\+?[0-9O]{2}|\(?\+\d)")


def _apart(changes: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those that begin after the end of the one before."""
    kept: list[tuple[int, int, str]] = []
    for change in changes:
        if not kept or change[0] >= kept[-1][1]:
            kept.append(change)
    return kept


def _glued(text: str) -> list[int]:
    return [match.start() for match in _GLUED.finditer(text)]


def _look_alikes(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _SCANNED_HOUSE.finditer(text):
        yield *match.span(), match[0].translate(_ALIKE)
    for match in _SCANNED_DATE.finditer(text):
        if not match[0].isdigit() and sum(map(str.isdigit, match[0])) >= MIN_DIGITS_OF_A_DATE:
            yield *match.span(), match[0].translate(_ALIKE)
    for match in _GROUPS.finditer(text):
        run = match[0]
        digits = sum(char.isdigit() for char in run)
        signs = sum(char.isalnum() or char == "|" for char in run)
        is_number = digits >= MIN_TRUE_DIGITS and digits < signs <= 2 * digits
        if is_number and all(any(map(str.isdigit, group)) for group in re.split(r"[ .\-/]+", run)):
            yield *match.span(), run.translate(_ALIKE)
