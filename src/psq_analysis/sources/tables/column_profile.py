"""What the values of a column look like: written or chosen, numbers, dates, voices, what may tell a person."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.places_written import is_ditto
from psq_analysis.sources.tables.values import is_answered, parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

SENTENCE_WORDS = 5  # answers of five words or more are written, not chosen
SAMPLE = 2000  # values looked at per column
FEWEST_CHOSEN = 4  # answers: fewer tell nothing of a list
CHOSEN_SHARE = 0.5  # qualities ticked in a list come back in half of the answers; those typed do not
LONGEST_LABEL = 100  # characters of « Élu(e) municipal(e), départemental(e) ou régional(e) »

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_IP = re.compile(r"^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,7})$", re.IGNORECASE)
_URL = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_HOME = re.compile(
    r"^\d{1,4}\s?(?:bis|ter|quater)?,?\s+(?:rue|r\.|av\.?|avenue|bd|boulevard|all[ée]es?|chemin|ch\.|route|rte|place|pl\.|impasse|imp\.|quai|cours|lotissement|r[ée]sidence|cit[ée]|square)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|200[0-5])$")
_PHONE = re.compile(r"^(\+?33|0)[\s.\-]?\(?0?\)?[1-9]([\s.\-]?\d){8}$")
_NUMBER = re.compile(r"^[-+]?[\d\s\u00a0\u202f]*[.,]?\d+\s*%?$")
_PERSON_NAME = re.compile(
    r"^(?:(?:M|MM|Mme|Mlle|Dr|Me)\.?\s+)?[A-ZÀ-Ý][\w'’-]+(?:[ \u00a0]+(?:de|du|d['’]|le|la)[ ]?)?(?:[ \u00a0]+[A-ZÀ-Ý][\w'’-]+){1,2}$"
)
_RANKED = re.compile(
    r"^(?:M|MM|Mme|Mlle|Dr|Me|Sgt|Adj|ADJ|ADC|MDL(?:/C)?|MDC|GAV|GND|Lt|LTN|Cne|CNE|Cdt|CDT|Col|Maj|MAJ|Bgd|Brig|BC|GPX)\.?\s+[A-ZÀ-Ý]"
)
_SIGNED = re.compile(r"^[A-ZÀ-Ý][\w'’-]+\s+[A-ZÀ-Ý]\.(?:\s|$)|^[A-ZÀ-Ý]\.\s?[A-ZÀ-Ý][\w'’-]+$")
_HANDLE = re.compile(
    r"^(?=[^\s]*[A-Za-zÀ-ÿ])(?:[\w.-]*[A-Za-zÀ-ÿ][\w.-]*\d[\w.-]*|[\w-]+(?:[._][\w-]+)+|@\w+)$"
)
_TOKEN = re.compile(
    r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_+/=-]{6,}$|^[0-9a-fA-F]{8,}$|^[0-9a-f]{8}-[0-9a-f-]{9,}$"
)
_POSITION = re.compile(r"^-?\d{1,3}[.,]\d{3,}(?:[\s,;]+-?\d{1,3}[.,]\d{3,}.*)?$")


@dataclass(frozen=True)
class Profile:
    """What the values of a column look like."""

    filled: int
    distinct: float
    words: float
    sentences: float
    numbers: float
    dates: float
    personal: float
    voices: float
    names: float
    longest: int
    top_share: float
    authors: float = 0.0
    repeated: float = 0.0
    scales: float = 0.0


def sample(values: list[str]) -> list[str]:
    """The first answered values: enough to tell a role, whatever the length of the table."""
    return list(islice((value.strip() for value in values if is_answered(value)), SAMPLE))


def profile(values: list[str]) -> Profile:
    """Measure the answered values of a column.

    >>> profile(["Plus de rondes le soir, à pied.", "RAS", ""]).filled
    2
    """
    answered = [value for value in sample(values) if not is_ditto(value)]
    count = max(len(answered), 1)
    counts = Counter(answered)
    return Profile(
        filled=len(answered),
        distinct=len(counts) / count,
        words=sum(len(value.split()) for value in answered) / count,
        sentences=sum(_is_sentence(value) for value in answered) / count,
        numbers=sum(bool(_NUMBER.match(value)) for value in answered) / count,
        dates=sum(parse_date(value) is not None for value in answered) / count,
        personal=sum(
            bool(
                _EMAIL.match(v)
                or _URL.match(v)
                or _HOME.match(v)
                or _BIRTH.match(v)
                or _IP.match(v)
                or _PHONE.match(v)
            )
            for v in answered
        )
        / count,
        voices=sum(normalise_stakeholder(value) is not None for value in answered if len(value) < 80) / count,
        names=sum(bool(_PERSON_NAME.match(v)) and normalise_stakeholder(v) is None for v in answered) / count,
        longest=max((len(value) for value in answered), default=0),
        top_share=max(counts.values(), default=0) / count,
        authors=sum(_may_name_an_author(value) for value in answered) / count,
        repeated=sum(number for number in counts.values() if number > 1) / count,
        scales=sum(matches("columns", "answer_words", plain(value)) for value in answered if len(value) < 60)
        / count,
    )


def _may_name_an_author(value: str) -> bool:
    """A ranked or signed name, a pseudonym, a token, a position: what tells who answered, in any column; « A1 » is a code of an answer."""
    return 5 <= len(value) <= 80 and bool(
        _RANKED.match(value) or _SIGNED.match(value) or _HANDLE.match(value) or _TOKEN.match(value) or _POSITION.match(value)
        or (_PERSON_NAME.match(value) and normalise_stakeholder(value) is None)
    )  # fmt: skip


def _is_sentence(value: str) -> bool:
    return len(value.split()) >= SENTENCE_WORDS and not (value[0] in "{[" and value[-1] in "}]")


def is_chosen(values: list[str]) -> bool:
    """Tell whether the qualities of a column were ticked in a list: few labels that come back, none with the name of a place or a person.

    >>> is_chosen(["Habitant"] * 3 + ["Élu"] * 2 + ["Commerçant"]), is_chosen(["maire de Vic", "boulanger", "habitant", "retraitée"])
    (True, False)
    """
    seen = profile(values)
    return (
        seen.filled >= FEWEST_CHOSEN
        and seen.repeated >= CHOSEN_SHARE
        and seen.voices >= CHOSEN_SHARE
        and len(set(sample(values))) > 1
        and seen.longest <= LONGEST_LABEL
        and max(seen.personal, seen.names, seen.authors) == 0
        and not any(read_line(value).place for value in set(sample(values)))
    )
