"""The parts of minutes: what is a heading, a bullet, the agenda, the chair, the day; whatever style they were typed in."""

from __future__ import annotations

import re

from psq_analysis.sources.formats.minutes.speech import speech_of
from psq_analysis.sources.model import Paragraph
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

LONGEST_HEADING = 120  # characters of a bold line that is still a title
SHORT_TITLE = 60  # characters; a paragraph that only says « Ordre du jour » is shorter
SHORTEST_CAPITALS = 5  # letters of a title in capitals: « DIVERS »
MOSTLY_CAPITALS = (
    0.4  # above this share of the paragraphs, capitals are the writer's habit, and tell no title
)
FIRST_PARAGRAPHS = 8  # the date of the meeting and its chair stand above the agenda
_NUMBERED = re.compile(
    r"^\s*(?:(?:point|question|theme|thème|sujet|axe|table|atelier|groupe|sous-groupe)\s+)?(?:n\s?[°o]\s?)?(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])\s*(?:[.)°\-–/:]+|er\b|(?=\s[A-ZÀ-Ý]))+\s*",
    re.IGNORECASE,
)
_TYPED_NUMBER = re.compile(
    r"^\s*(?:\d{1,2}|[IVX]{1,4}|[A-H])\s*(?:[.)°\-–/]+)\s*(?=[A-ZÀ-Ý«])|^\s*(?:point|question|thème|theme|sujet|axe|table|atelier|groupe|sous-groupe)\s+(?:n\s?[°o]\s?)?\d",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^\s*(?:Q|Question)\s*(?:n\s?[°o]\s?)?\d*\s*[:.–—-]\s+(?=\S)")
_ANSWERED = re.compile(r"^\s*(?:R|R[ée]p\.?|R[ée]ponse)\s*(?:n\s?[°o]\s?)?\d*\s*[:–—-]\s+(?=\S)")
_NUMBERED_GROUP = re.compile(r"^(?:atelier|table(?: ronde)?|groupe|commission) (?:n )?(?:\d|[a-d]\b)")
_ARROW = re.compile(r"^\s*(?:→|⇒|➔|➜|=>|->|-->)\s*(?=\S)")
_TYPED_BULLET = re.compile(r"^\s*(?:[-–—•▪*·➢►✓o→⇒➔➜]|=>|-->?)\s+(?=\S)|^\s*[-•*➢►→⇒➔➜](?=[A-ZÀ-Ý])")


def is_heading(paragraph: Paragraph, *, capitals_tell: bool = True) -> bool:
    """Tell a title by its style, its outline level, or by being set apart: bold, underlined, in capitals, on a line of its own."""
    if paragraph.table is not None:
        return False
    if paragraph.is_outlined or re.match(
        r"(heading|titre|title|subtitle|sous-titre)", paragraph.style, re.IGNORECASE
    ):
        return True
    text = paragraph.text.strip()
    if len(text) >= LONGEST_HEADING or re.search(r"[.!»,;]$", text) or not plain(text):
        return False
    set_apart = paragraph.is_bold or paragraph.is_underlined or paragraph.is_capitals
    if capitals_tell and not is_bullet(paragraph):
        set_apart = set_apart or in_capitals(text)
    return (
        bool(set_apart)
        and not speech_of(text).who
        and not matches("minutes", "attendance", plain(text) + " :")
    )


def in_capitals(text: str) -> bool:
    """Tell a line in capitals: « VITESSE ET STATIONNEMENT »."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= SHORTEST_CAPITALS and sum(letter.isupper() for letter in letters) >= 0.9 * len(
        letters
    )


def capitals_tell(paragraphs: list[Paragraph]) -> bool:
    """Tell whether capitals mark titles here, and are not how everything is written."""
    written = [paragraph.text for paragraph in paragraphs if plain(paragraph.text)]
    return sum(map(in_capitals, written)) <= MOSTLY_CAPITALS * len(written)


def is_bullet(paragraph: Paragraph) -> bool:
    return (
        paragraph.is_listed
        or re.match(r"(list|liste|paragraphe de liste|puce)", paragraph.style, re.IGNORECASE) is not None
        or _TYPED_BULLET.match(paragraph.text) is not None
    )


def without_question_mark(text: str) -> str:
    """The words of « Q2 : Pourquoi… », without the mark of questions and answers."""
    return _ASKED.sub("", text, count=1)


def is_answer(text: str) -> bool:
    """Tell an answer by its mark: « R : Des contrôles sont prévus. »."""
    return _ANSWERED.match(text) is not None


def has_arrow(paragraph: Paragraph) -> bool:
    """Tell a line that begins with an arrow: below a remark it answers it (« → La gendarmerie précise… »), in a list it is a bullet."""
    return _ARROW.match(paragraph.text) is not None


def without_bullet(paragraph: Paragraph) -> str:
    """The text of a paragraph without a bullet typed by hand."""
    text = paragraph.text.strip()
    return text if paragraph.is_listed else _TYPED_BULLET.sub("", text)


def without_number(text: str) -> str:
    """A title without its number: « 2°) Circulation : » → « Circulation »."""
    return _TYPED_BULLET.sub("", _NUMBERED.sub("", text, count=1)).strip(" :–-") or text.strip()


def is_numbered_title(paragraph: Paragraph, following: Paragraph | None) -> bool:
    """A short numbered line that is no speech and no sentence, above something else than the next number of a list."""
    text = paragraph.text.strip()
    return (
        len(text) < LONGEST_HEADING
        and not paragraph.is_listed
        and _TYPED_NUMBER.match(text) is not None
        and not re.search(r"[.!?»;,]$", text)
        and not speech_of(without_number(text)).who
        and following is not None
        and _TYPED_NUMBER.match(following.text.strip()) is None
    )


def is_document_title(paragraph: Paragraph) -> bool:
    """A title of the whole document, and no point of the agenda."""
    return bool(re.match(r"(title|titre$|subtitle|sous-titre)", paragraph.style, re.IGNORECASE)) or (
        matches("minutes", "document_title", plain(paragraph.text))
        and not _NUMBERED_GROUP.match(plain(paragraph.text))
    )


def agenda(paragraphs: list[Paragraph]) -> list[str]:
    """The points listed under « Ordre du jour », as plain words."""
    points: list[str] = []
    inside = False
    for paragraph in paragraphs:
        if paragraph.table is not None:
            continue
        words = plain(paragraph.text)
        if len(paragraph.text) < SHORT_TITLE and matches("minutes", "agenda", words):
            inside = True
        elif inside:
            if is_heading(paragraph) or not (is_bullet(paragraph) or _NUMBERED.match(paragraph.text)):
                break
            points.append(plain(without_number(paragraph.text)))
    return points


def chair(paragraphs: list[Paragraph]) -> str | None:
    """Who presides, as plain words: « Présidence : Mme la sous-préfète. … » → « mme la sous prefete »."""
    for paragraph in paragraphs[:FIRST_PARAGRAPHS]:
        found = re.search(
            r"(?:présidence|présidée? par|sous la présidence de|animée? par|animation)\s*:?\s*((?:\bMM?\.\s?|[^.;\n])+)",
            paragraph.text,
            re.IGNORECASE,
        )
        if found:
            return plain(re.sub(r"\s+(?:du|de la|de|d['’])\s*[A-ZÉÈ].*$", "", found[1].split(",")[0]))
    return None


def holds_a_day(text: str) -> bool:
    """Tell whether a line says a day or an hour: « Jeudi 8 mars 2018, de 18 h à 20 h »."""
    return (
        re.search(
            r"\b\d{1,2}(?:er)?\s+(?:janv|f[ée]vr|mars|avril|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)\w*\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def day_of_meeting(paragraphs: list[Paragraph]) -> str | None:
    """The first day written at the top, as an ISO date."""
    for paragraph in paragraphs[:FIRST_PARAGRAPHS]:
        for found in re.finditer(
            r"\d{1,2}(?:er)?\s+[A-Za-zéûÉÛ]+\s+\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{4}", paragraph.text
        ):
            day = parse_date(found[0].replace(".", "/"))
            if day:
                return day.isoformat()
    return None
