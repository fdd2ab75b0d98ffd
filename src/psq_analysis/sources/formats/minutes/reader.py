"""From the paragraphs and tables of minutes to contributions: one per person, and one per turn that nobody can be given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from psq_analysis.sources.errors import NotATable
from psq_analysis.sources.formats.minutes import attendance, parts, tables
from psq_analysis.sources.formats.minutes.speech import Roster, Speaker, same_person, speaker_of, speech_of
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Document, Paragraph, Reading, Reject, Role, part_of_text
from psq_analysis.sources.tables.banners import place_of_banner, voice_of_group
from psq_analysis.sources.vocabulary import matches, plain

WITHOUT_AGENDA = "Compte rendu"  # the question of turns in minutes that have neither headings nor agenda
ANSWERING = {
    "policiers",
    "gendarmes",
    "élus",
    "polices municipales",
    "autorités judiciaires et administratives",
}
_PLACE = ("commune", "insee", "postcode", "epci", "department")
_PRONOUN = re.compile(r"^(?:il|elle|celui ci|celle ci|l interesse|l interessee|le meme|la meme)\b")


@dataclass
class _State:
    """Where the reading of the minutes stands."""

    agenda: frozenset[str]
    chair: str | None
    capitals_tell: bool
    opened: int
    question: str | None
    only_named: bool
    roster: Roster = field(default_factory=dict)
    speaker: str | None = None
    last: Speaker | None = None
    is_closed: bool = False
    in_agenda: bool = False
    in_attendance: bool = False
    is_announced: bool = False
    has_turns: bool = False
    styles_of_places: frozenset[str] = frozenset()
    place: str = ""
    place_style: str = ""
    before: str = ""
    people: dict[str, Contribution] = field(default_factory=dict)


def recognises(document: Document) -> bool:
    """Tell whether the file is a Word or OpenDocument text with text outside its tables."""
    return document.container in ("docx", "odt") and any(
        paragraph.text.strip() for paragraph in document.paragraphs if paragraph.table is None
    )


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per person or unattributed turn; every other paragraph or row is a reject that says what it is.

    Raises :class:`NotATable` when no speaking turn can be told.
    """
    del mapping
    blocks = [block for block in document.paragraphs if block.table is not None or block.text.strip()]
    paragraphs = [block for block in blocks if block.table is None]
    capitals_tell = parts.capitals_tell(paragraphs)
    has_points = _has_points(paragraphs, capitals_tell=capitals_tell)
    state = _State(
        agenda=frozenset(parts.agenda(paragraphs)), chair=parts.chair(paragraphs), capitals_tell=capitals_tell,
        opened=_opening(paragraphs), question=None if has_points else WITHOUT_AGENDA, only_named=not has_points,
        roster=_roster(blocks, capitals_tell=capitals_tell), styles_of_places=_styles_of_places(paragraphs, capitals_tell=capitals_tell),
    )  # fmt: skip
    reading = Reading(f"compte_rendu_{document.container}", [], [], [], 0)
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.table is not None:
            _add_table(reading, block, state)
        else:
            reading.rows_in += 1
            outcome = _turn(block, following, state)
            if isinstance(outcome, str):
                reading.rejects.append(Reject(block.number, outcome))
            else:
                speaker, said = outcome
                _add(reading, state, speaker, said, row=block.number)
    if not reading.contributions:
        raise NotATable(
            f"{document.path_name} : aucune intervention n'a été reconnue dans le document ; "
            "écrivez « Qui : propos » sous des titres d'ordre du jour, ou saisissez les remarques dans un tableur."
        )
    day = parts.day_of_meeting(paragraphs)
    for contribution in reading.contributions:
        contribution.submitted_on = day
    reading.survey = frozenset(
        plain(question) for turn in reading.contributions for question, _, _ in turn.remarks
    )
    reading.columns = [
        part_of_text(0, "titres", Role.QUESTION, "points de l'ordre du jour"),
        part_of_text(1, "intervenant", Role.STAKEHOLDER, "lu puis retiré du texte"),
        part_of_text(2, "intervention", Role.FREE_TEXT, "paragraphe, puce ou ligne de tableau"),
    ]
    return reading


def _styles_of_places(paragraphs: list[Paragraph], *, capitals_tell: bool) -> frozenset[str]:
    """The styles of titles most of which are communes: « Chasse » among subjects is a subject, although it is a commune too."""
    titles: dict[str, list[bool]] = {}
    for paragraph in paragraphs:
        if parts.is_heading(paragraph, capitals_tell=capitals_tell) and not parts.is_document_title(
            paragraph
        ):
            is_place = place_of_banner(parts.without_number(paragraph.text)) is not None
            titles.setdefault(paragraph.style, []).append(is_place)
    return frozenset(style for style, places in titles.items() if sum(places) > max(1, len(places) / 2))


def _has_points(paragraphs: list[Paragraph], *, capitals_tell: bool) -> bool:
    """Tell whether some heading is a point that was discussed, and not the title of the document or its attendance."""
    if parts.agenda(paragraphs):
        return True
    return any(
        (
            parts.is_heading(paragraph, capitals_tell=capitals_tell)
            or parts.is_numbered_title(paragraph, following)
        )
        and not parts.is_document_title(paragraph)
        and not any(
            matches("minutes", part, plain(paragraph.text)) for part in ("attendance", "decisions", "agenda")
        )
        for paragraph, following in zip(paragraphs[1:], [*paragraphs[2:], None], strict=False)
    )


def _opening(paragraphs: list[Paragraph]) -> int:
    """The number of the first paragraph after the attendance list and the agenda; what stands above presents the meeting."""
    last = 0
    for paragraph in paragraphs[: 2 * parts.FIRST_PARAGRAPHS]:
        if any(matches("minutes", part, plain(paragraph.text)) for part in ("attendance", "agenda")):
            last = paragraph.number
    return last


def _roster(blocks: list[Paragraph], *, capitals_tell: bool) -> Roster:
    roster: Roster = {}
    inside = announced = False
    for block in blocks:
        if block.table is not None:
            if attendance.is_attendance(block.table):
                roster |= attendance.of_table(block.table)
            continue
        words = plain(block.text)
        if matches("minutes", "attendance", words):
            inside = True
            announced = block.text.rstrip().endswith(":")
            roster |= attendance.of_list(block.text) if ":" in block.text else {}
        elif parts.is_heading(block, capitals_tell=capitals_tell) or not words:
            inside = False
        elif inside and (parts.is_bullet(block) or announced):
            roster |= attendance.of_list(parts.without_bullet(block), is_one=parts.is_bullet(block))
            announced = False
        else:
            inside = False
    return roster


def _add(
    reading: Reading,
    state: _State,
    speaker: Speaker,
    said: str,
    *,
    row: int,
    question: str = "",
    sheet: str | None = None,
) -> None:
    state.has_turns = True
    question = question or state.question or ""
    if state.place and not speaker.place:
        speaker = replace(speaker, place={"commune": state.place})
    known = (
        next((one for key, one in state.people.items() if same_person(key, speaker.key)), None)
        if speaker.key
        else None
    )
    if known is not None:
        reading.rows_merged += 1
        known.remarks.append((question, question, said))
        known.stakeholder = known.stakeholder or speaker.voice
        if not any(getattr(known, name) for name in _PLACE):
            _place(known, speaker)
        return
    contribution = Contribution(
        row=row, sheet=sheet, source_key=f"{speaker.key}\x1f{said}", is_turn=not speaker.key
    )
    contribution.stakeholder = speaker.voice
    _place(contribution, speaker)
    contribution.remarks.append((question, question, said))
    reading.contributions.append(contribution)
    if speaker.key:
        state.people[speaker.key] = contribution


def _place(contribution: Contribution, speaker: Speaker) -> None:
    for name in _PLACE:
        setattr(contribution, name, speaker.place.get(name))


def _add_table(reading: Reading, block: Paragraph, state: _State) -> None:
    sheet = block.table
    if sheet is None or not sheet.rows:
        return
    read = (
        None if attendance.is_attendance(sheet) or state.is_closed else tables.read_table(sheet, state.roster)
    )
    if read is None or not read.rows:
        reading.rejects.append(
            Reject(row=None, sheet=sheet.name, reason="liste de participants ou tableau sans remarque")
        )
        return
    reading.rows_in += len(read.rows) + len(read.empty)
    reading.rejects += [
        Reject(row=number, sheet=sheet.name, reason="rien n’est dit dans cette ligne du tableau")
        for number in read.empty
    ]
    for row in read.rows:
        question = "" if state.question == WITHOUT_AGENDA else state.question or ""
        details = [row.topic, row.heading if read.columns > 1 or not (question or row.topic) else ""]
        question = " – ".join(part for part in (question, *details) if part) or WITHOUT_AGENDA
        _add(reading, state, row.speaker, row.said, row=row.number, question=question, sheet=sheet.name)


def _turn(paragraph: Paragraph, following: Paragraph | None, state: _State) -> tuple[Speaker, str] | str:
    text, words = paragraph.text.strip(), plain(paragraph.text)
    if parts.is_heading(paragraph, capitals_tell=state.capitals_tell) or _is_typed_heading(
        paragraph, following, state
    ):
        return _heading(text, words, paragraph, state)
    around = _around_the_debate(paragraph, text, words, state)
    return around or _said(paragraph, following, text, words, state)


def _around_the_debate(paragraph: Paragraph, text: str, words: str, state: _State) -> str:
    """What a paragraph above or below the debate is; empty within it."""
    if state.is_closed:
        return "relevé de décisions ou clôture"
    is_attendance = matches("minutes", "attendance", words)
    listed = state.in_attendance and (parts.is_bullet(paragraph) or state.is_announced)
    state.is_announced = is_attendance and text.endswith(":")
    state.in_attendance = is_attendance or listed
    if state.in_attendance:
        return "liste des participants"
    if state.question is None:
        state.in_agenda = state.in_agenda or (
            len(text) < parts.SHORT_TITLE and matches("minutes", "agenda", words)
        )
    if state.question is None and state.in_agenda:
        return "ordre du jour"
    return "présentation de la réunion" if state.question is None or paragraph.number < state.opened else ""


def _said(
    paragraph: Paragraph, following: Paragraph | None, text: str, words: str, state: _State
) -> tuple[Speaker, str] | str:
    for part, reason in (
        ("closing", "clôture de la séance"),
        ("opening", "introduction"),
        ("answer", "réponse de l'administration"),
        ("announce", "annonce de ce qui suit"),
    ):
        if matches("minutes", part, words):
            state.speaker, state.last = None, None
            return reason
    if (
        text.endswith(":")
        and following is not None
        and following.table is not None
        and not speech_of(text).who
    ):
        return "annonce de ce qui suit"
    if text.endswith((":", "…", ";")) and not parts.is_bullet(paragraph) and _is_introduction(following):
        state.speaker = re.sub(r"[\s:…;]+$", "", text)
        return "phrase qui introduit une liste"
    if not parts.is_bullet(paragraph):
        state.speaker = None
    return _speech(paragraph, state)


def _is_introduction(following: Paragraph | None) -> bool:
    return following is not None and following.table is None


def _speech(paragraph: Paragraph, state: _State) -> tuple[Speaker, str] | str:  # noqa: PLR0911 (one line a rule)
    text = parts.without_question_mark(parts.without_bullet(paragraph))
    is_below = parts.has_arrow(paragraph) and not state.speaker
    if parts.is_answer(text) or (is_below and state.before == "said"):
        return "réponse de l'administration"
    state.before = "arrow" if is_below else "said"
    speech = speech_of(text, state.roster)
    said = speech.said.strip()
    if (
        parts.is_bullet(paragraph)
        and state.speaker
        and not (speech.who and speaker_of(speech.who, state.roster).voice)
    ):
        introduced = speech_of(f"{state.speaker} : x", state.roster).who
        if _is_administration(introduced, state):
            return "présidence ou administration"
        return speaker_of(introduced or state.speaker, state.roster), text.strip()
    if not speech.who:
        if state.last is not None and _PRONOUN.match(plain(text)):
            return state.last, said
        if (
            not state.people
            and not state.has_turns
            and parts.holds_a_day(text)
            and not parts.is_bullet(paragraph)
        ):
            return "présentation de la réunion"
        if state.only_named:
            return "paragraphe sans intervenant"
        return Speaker("", voice_of_group(state.question or "")), said
    if _is_administration(speech.who, state) or _answers(speech.who, text, state):
        state.last = None
        return "présidence ou administration"
    state.last = speaker_of(speech.who, state.roster)
    return state.last, said


def _answers(who: str, text: str, state: _State) -> bool:
    """« Le commandant de brigade répond que … »: an authority that answers is heard, and does not speak its mind."""
    verb = re.match(r"\W*(?:lui |leur |y )?(?:a )?répond(?:ent|u)?\b", text[len(who) :])
    return verb is not None and speaker_of(who, state.roster).voice in ANSWERING


def _is_typed_heading(paragraph: Paragraph, following: Paragraph | None, state: _State) -> bool:
    """A heading without a heading style: an agenda point repeated, or a short numbered title."""
    text = paragraph.text.strip()
    if state.in_agenda and parts.is_bullet(paragraph):
        return False
    if plain(parts.without_number(text)) in state.agenda:
        is_repeated = following is None or plain(parts.without_number(following.text)) not in state.agenda
        return is_repeated and not (state.question is None and parts.is_bullet(paragraph))
    if not state.in_agenda and parts.is_numbered_title(paragraph, following):
        return True
    return (
        len(text) < parts.SHORT_TITLE
        and not parts.is_bullet(paragraph)
        and matches("minutes", "decisions", plain(text))
    )


def _heading(text: str, words: str, paragraph: Paragraph, state: _State) -> str:
    state.speaker, state.last = None, None
    state.in_agenda = matches("minutes", "agenda", words)
    state.in_attendance = matches("minutes", "attendance", words)
    state.before = ""
    place = place_of_banner(parts.without_number(text)) if paragraph.style in state.styles_of_places else None
    if place or paragraph.style == state.place_style:
        state.place, state.place_style = place or "", paragraph.style if place else ""
    if place:
        state.is_closed, state.question, state.only_named = False, WITHOUT_AGENDA, False
        return "titre qui donne la commune de ce qui suit"
    if matches("minutes", "decisions", words):
        state.is_closed, state.question = True, None
    elif not state.in_agenda and not state.in_attendance and not parts.is_document_title(paragraph):
        state.is_closed, state.question, state.only_named = False, parts.without_number(text), False
    return "titre"


def _is_administration(who: str, state: _State) -> bool:
    words = plain(who)
    if matches("minutes", "answer", words):
        return True
    if state.chair:
        return bool(words) and re.match(rf"{re.escape(state.chair)}\b", words) is not None
    return matches("minutes", "chair", words)
