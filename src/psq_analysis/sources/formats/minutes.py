"""Word minutes of a meeting: agenda headings are the questions, a paragraph or a bullet is a speaking turn."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psq_analysis.sources.errors import AmbiguousFile, NotATable
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Document, Paragraph, Reading, Reject, Role, part_of_text
from psq_analysis.sources.places_written import place_after_quality, split_place
from psq_analysis.sources.speakers import Speech, quality_of, speech_of
from psq_analysis.sources.tables.sheet import read_sheet
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

WITHOUT_AGENDA = "Compte rendu"  # the question of turns in minutes that have neither headings nor agenda
LONGEST_HEADING = 120  # characters of a bold line that is still a title
SHORT_TITLE = 60  # characters; a paragraph that only says « Ordre du jour » is shorter
FIRST_PARAGRAPHS = 8  # the date of the meeting and its chair stand above the agenda
_NUMBERED = re.compile(r"^\s*(?:\d+|[IVX]+|[A-Z])\s*[.)°\-–/]+\s*")
_TYPED_BULLET = re.compile(r"^\s*[-–—•▪*·]\s+(?=\S)")
_PLACE_IN_BRACKETS = re.compile(r"\(([^()\d]{2,60})\)\s*$")


@dataclass
class _State:
    """Where the reading of the minutes stands."""

    agenda: frozenset[str]
    chair: str | None
    question: str | None = None
    speaker: str | None = None
    is_closed: bool = False
    in_agenda: bool = False
    only_named: bool = False


def recognises(document: Document) -> bool:
    """Tell whether the file is a Word document with text outside its tables."""
    return document.container == "docx" and any(paragraph.text.strip() for paragraph in document.paragraphs)


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per speaking turn; every other paragraph is a reject that says what it is.

    A table of remarks in the document is read as well. Raises :class:`NotATable` when no speaking turn can be told.
    """
    paragraphs = [paragraph for paragraph in document.paragraphs if paragraph.text.strip()]
    has_headings = any(_is_heading(paragraph) for paragraph in paragraphs) or bool(_agenda(paragraphs))
    reading = _read_turns(paragraphs, None if has_headings else WITHOUT_AGENDA)
    _add_tables(reading, document, mapping)
    if not reading.contributions:
        raise NotATable(
            f"{document.path_name} : aucune intervention n'a été reconnue dans le document ; "
            "écrivez « Qui : propos » sous des titres d'ordre du jour, ou saisissez les remarques dans un tableur."
        )
    reading.survey = frozenset(
        plain(question) for turn in reading.contributions for question, _, _ in turn.remarks
    )
    reading.columns = [
        part_of_text(0, "titres", Role.QUESTION, "points de l'ordre du jour"),
        part_of_text(1, "intervenant", Role.STAKEHOLDER, "lu puis retiré du texte"),
        part_of_text(2, "intervention", Role.FREE_TEXT, "paragraphe ou puce sous un titre"),
    ]
    return reading


def _read_turns(paragraphs: list[Paragraph], question: str | None) -> Reading:
    state = _State(
        frozenset(_agenda(paragraphs)), _chair(paragraphs), question, only_named=question is not None
    )
    day = _day_of_meeting(paragraphs)
    reading = Reading("compte_rendu_docx", [], [], [], len(paragraphs))
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        outcome = _turn(paragraph, following, state)
        if isinstance(outcome, str):
            reading.rejects.append(Reject(paragraph.number, outcome))
        else:
            outcome.submitted_on = day
            reading.contributions.append(outcome)
    return reading


def _add_tables(reading: Reading, document: Document, mapping: Mapping) -> None:
    for sheet in document.sheets:
        try:
            table = read_sheet(
                document, sheet, TableFormat(name=reading.source_format, typed_by_hand=True), mapping
            )
        except (NotATable, AmbiguousFile):
            reading.rejects.append(
                Reject(None, f"{sheet.name} : liste de participants ou tableau sans remarque")
            )
            continue
        reading.contributions += table.contributions
        reading.rejects += [Reject(reject.row, f"{sheet.name} : {reject.reason}") for reject in table.rejects]
        reading.rows_in += table.rows_in
        reading.rows_merged += table.rows_merged


def _is_heading(paragraph: Paragraph) -> bool:
    if re.match(r"(heading|titre|title|subtitle|sous-titre)", paragraph.style, re.IGNORECASE):
        return True
    text = paragraph.text.strip()
    return (
        paragraph.is_bold
        and len(text) < LONGEST_HEADING
        and not re.search(r"[.!»]$", text)
        and not speech_of(text).who
    )


def _is_bullet(paragraph: Paragraph) -> bool:
    return (
        paragraph.is_listed
        or re.match(r"(list|liste|paragraphe de liste|puce)", paragraph.style, re.IGNORECASE) is not None
        or _TYPED_BULLET.match(paragraph.text) is not None
    )


def _agenda(paragraphs: list[Paragraph]) -> list[str]:
    """The points listed under « Ordre du jour », as plain words."""
    points: list[str] = []
    inside = False
    for paragraph in paragraphs:
        if len(paragraph.text) < SHORT_TITLE and matches("minutes", "agenda", plain(paragraph.text)):
            inside = True
        elif inside:
            if _is_heading(paragraph) or not (_is_bullet(paragraph) or _NUMBERED.match(paragraph.text)):
                break
            points.append(plain(_without_number(paragraph.text)))
    return points


def _chair(paragraphs: list[Paragraph]) -> str | None:
    """Who presides, as plain words: « Présidence : Mme la sous-préfète. … » → « mme la sous prefete »."""
    for paragraph in paragraphs[:FIRST_PARAGRAPHS]:
        found = re.search(
            r"(?:présidence|présidée? par|sous la présidence de)\s*:?\s*([^.;\n]+)",
            paragraph.text,
            re.IGNORECASE,
        )
        if found:
            return plain(re.sub(r"\s+(?:du|de la|de|d['’])\s*[A-ZÉÈ].*$", "", found[1].split(",")[0]))
    return None


def _without_number(text: str) -> str:
    return _TYPED_BULLET.sub("", _NUMBERED.sub("", text)).strip(" :")


def _day_of_meeting(paragraphs: list[Paragraph]) -> str | None:
    for paragraph in paragraphs[:FIRST_PARAGRAPHS]:
        for found in re.finditer(
            r"\d{1,2}(?:er)?\s+[A-Za-zéûÉÛ]+\s+\d{4}|\d{1,2}/\d{1,2}/\d{4}", paragraph.text
        ):
            day = parse_date(found[0])
            if day:
                return day.isoformat()
    return None


def _turn(paragraph: Paragraph, following: Paragraph | None, state: _State) -> Contribution | str:
    text, words = paragraph.text.strip(), plain(paragraph.text)
    if _is_heading(paragraph) or _is_typed_heading(paragraph, following, state):
        return _heading(text, words, paragraph, state)
    if state.is_closed:
        return "relevé de décisions ou clôture"
    if state.question is None:
        state.in_agenda = state.in_agenda or (len(text) < SHORT_TITLE and matches("minutes", "agenda", words))
        return "ordre du jour" if state.in_agenda else "présentation de la réunion"
    for part, reason in (
        ("closing", "clôture de la séance"),
        ("opening", "introduction"),
        ("answer", "réponse de l'administration"),
    ):
        if matches("minutes", part, words):
            state.speaker = None
            return reason
    if (
        following is not None
        and _is_bullet(following)
        and not _is_bullet(paragraph)
        and text.endswith((":", "…", ";"))
    ):
        state.speaker = text.rstrip(" :…;")
        return "phrase qui introduit une liste"
    if not _is_bullet(paragraph):
        state.speaker = None
    return _contribution(paragraph, text, state)


def _is_typed_heading(paragraph: Paragraph, following: Paragraph | None, state: _State) -> bool:
    """A heading without a heading style: an agenda point repeated, or a short numbered title."""
    text = paragraph.text.strip()
    if state.in_agenda and _is_bullet(paragraph):
        return False
    if plain(_without_number(text)) in state.agenda:
        is_repeated = following is None or plain(_without_number(following.text)) not in state.agenda
        return is_repeated and not (state.question is None and _is_bullet(paragraph))
    return (
        len(text) < SHORT_TITLE and not _is_bullet(paragraph) and matches("minutes", "decisions", plain(text))
    )


def _heading(text: str, words: str, paragraph: Paragraph, state: _State) -> str:
    state.speaker = None
    state.in_agenda = matches("minutes", "agenda", words)
    if matches("minutes", "decisions", words):
        state.is_closed, state.question = True, None
    elif (
        not state.in_agenda
        and not matches("minutes", "attendance", words)
        and not _is_document_title(paragraph)
    ):
        state.is_closed, state.question = False, _without_number(text)
    return "titre"


def _is_document_title(paragraph: Paragraph) -> bool:
    return bool(re.match(r"(title|titre$|subtitle|sous-titre)", paragraph.style, re.IGNORECASE))


def _contribution(paragraph: Paragraph, text: str, state: _State) -> Contribution | str:
    if _is_bullet(paragraph) and not paragraph.is_listed and "list" not in paragraph.style.lower():
        text = _TYPED_BULLET.sub("", text)
    speech = speech_of(text)
    if _is_bullet(paragraph) and state.speaker and normalise_stakeholder(quality_of(speech.who)) is None:
        speech = Speech(state.speaker, text)
    if state.only_named and not speech.who:
        return "paragraphe sans intervenant"
    if _is_administration(speech.who, state):
        return "présidence ou administration"
    contribution = Contribution(paragraph.number, source_key=f"{speech.who}\x1f{speech.said}")
    contribution.stakeholder = normalise_stakeholder(quality_of(speech.who))
    found = split_place(_place_of(speech.who))
    contribution.commune, contribution.postcode = found.get("commune"), found.get("postcode")
    question = state.question or ""
    contribution.remarks.append((question, question, speech.said.strip()))
    return contribution


def _is_administration(who: str, state: _State) -> bool:
    words = plain(who)
    if matches("minutes", "answer", words):
        return True
    if state.chair:
        return bool(words) and re.match(rf"{re.escape(state.chair)}\b", words) is not None
    return matches("minutes", "chair", words)


def _place_of(who: str) -> str:
    brackets = _PLACE_IN_BRACKETS.search(who.strip())
    if brackets and brackets[1][:1].isupper():
        return brackets[1]
    return place_after_quality(who) or ""
