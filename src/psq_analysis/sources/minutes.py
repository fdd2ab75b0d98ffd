"""Word minutes of a meeting: agenda headings are the questions, a paragraph or a bullet is a speaking turn."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Column, Contribution, Document, Paragraph, Reading, Reject, Role
from psq_analysis.sources.places import split_place
from psq_analysis.sources.stakeholders import normalise_stakeholder
from psq_analysis.sources.trouble import NotATable
from psq_analysis.sources.values import parse_date
from psq_analysis.sources.vocabulary import matches, patterns, plain

LONGEST_SPEAKER = 90  # characters before the colon; beyond, the colon belongs to the sentence
LONGEST_SPEAKER_WORDS = 14
_SENTENCE_INSIDE = re.compile(r"(?<!\bM)(?<!\bMM)(?<!\bMme)(?<!\bMlle)[.!?;]\s")
_NUMBERED = re.compile(r"^\s*(?:\d+|[IVX]+|[A-Z])\s*[.)°\-–/]+\s*")
_SPEAKER = re.compile(r"^(?P<who>[^:«»\n]{2,%d}?)\s*:\s*(?P<said>.+)$" % LONGEST_SPEAKER, re.DOTALL)
_VERBS = (
    "indique|souligne|demande|précise|rappelle|ajoute|signale|regrette|déplore|propose|estime|constate|s'interroge|insiste|"
    "fait remarquer|fait savoir|fait observer|répond|déclare|explique|évoque|remarque|observe|note|considère|souhaite|exprime|alerte|témoigne|affirme|dit"
)
_REPORTED = re.compile(
    rf"^(?P<who>.{{2,{LONGEST_SPEAKER}}}?)\s+(?:{_VERBS})(?:nt|ent)?(?:\s+les points suivants|\s+que)?\s*:?\s*«\s*(?P<said>.+?)\s*»?\s*$",
    re.DOTALL | re.IGNORECASE,
)
_VERB_END = re.compile(rf"\s+(?:{_VERBS})(?:nt|ent)?(?:\s+.*)?$", re.IGNORECASE)
_PLACE_IN_BRACKETS = re.compile(r"\(([^()\d]{2,60})\)\s*$")
_PLACE_AFTER = re.compile(
    r"\b(?:maire|adjoint|adjointe|mairie|conseill\w+ municipal\w*|élu|élue|habitant|habitante|brigade|commissariat|commerçante?|"
    r"association|président\w*|communauté de brigades|police municipale)\s+(?:de la commune\s+)?(?:de\s+|d['’]|du\s+(?=[A-ZÉÈ]))(?P<place>(?:L[ae]s?\s+|L['’])?[A-ZÉÈÎÂ][\w'’-]+(?:[\s-](?:[a-zéè]{1,3}[\s-])?[A-ZÉÈÎ][\w'’-]+)*)"
)


@dataclass
class _State:
    agenda: list[str]
    question: str | None = None
    speaker: str | None = None
    is_closed: bool = False
    reading_agenda: bool = False


def recognises(document: Document) -> bool:
    """Tell whether the file is a Word document with text outside its tables."""
    return document.container == "docx"


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per speaking turn; every other paragraph is a reject that says what it is.

    Raises :class:`NotATable` when no speaking turn can be told.
    """
    state = _State(_agenda(document.paragraphs))
    day = _day_of_meeting(document.paragraphs)
    reading = Reading("compte_rendu_docx", [], [], [], 0)
    for position, paragraph in enumerate(document.paragraphs):
        if not paragraph.text.strip():
            continue
        reading.rows_in += 1
        following = next((p for p in document.paragraphs[position + 1 :] if p.text.strip()), None)
        outcome = _turn(paragraph, following, state)
        if isinstance(outcome, str):
            reading.rejects.append(Reject(paragraph.number, outcome))
        else:
            outcome.submitted_on = day
            reading.contributions.append(outcome)
    reading.rejects += [
        Reject(None, f"{sheet.name} : liste de participants ou tableau sans remarque")
        for sheet in document.sheets
    ]
    if not reading.contributions:
        raise NotATable(
            f"{document.path_name} : aucune intervention n'a été reconnue dans le document ; "
            "écrivez « Qui : propos » sous des titres d'ordre du jour, ou saisissez les remarques dans un tableur."
        )
    reading.survey = frozenset(plain(q) for c in reading.contributions for q, _, _ in c.remarks)
    reading.columns = [
        Column(
            0,
            "point de l'ordre du jour",
            "question",
            "question",
            Role.QUESTION,
            0.9,
            "titres du compte rendu",
        ),
        Column(
            1,
            "intervenant",
            "intervenant",
            "intervenant",
            Role.STAKEHOLDER,
            0.9,
            "avant les deux-points ; jamais repris tel quel",
        ),
        Column(2, "intervention", "texte", "texte", Role.FREE_TEXT, 0.9, "paragraphe ou puce sous un titre"),
    ]
    return reading


def _is_heading(paragraph: Paragraph) -> bool:
    return bool(re.match(r"(heading|titre|title)\b", paragraph.style, re.IGNORECASE))


def _is_bullet(paragraph: Paragraph) -> bool:
    return bool(re.match(r"(list|liste)", paragraph.style, re.IGNORECASE)) or bool(
        re.match(r"^\s*[-–—•▪*·]\s+\S", paragraph.text)
    )


def _agenda(paragraphs: list[Paragraph]) -> list[str]:
    """The points listed under « Ordre du jour », as written there."""
    points: list[str] = []
    inside = False
    for paragraph in paragraphs:
        if matches("minutes", "agenda", plain(paragraph.text)) and len(paragraph.text) < 60:
            inside = True
        elif inside and paragraph.text.strip():
            if _is_heading(paragraph) or not (_is_bullet(paragraph) or _NUMBERED.match(paragraph.text)):
                break
            points.append(_without_number(paragraph.text))
    return points


def _without_number(text: str) -> str:
    return re.sub(r"^\s*[-–—•▪*·]\s+", "", _NUMBERED.sub("", text)).strip(" :")


def _day_of_meeting(paragraphs: list[Paragraph]) -> str | None:
    for paragraph in paragraphs[:8]:
        for found in re.finditer(
            r"\d{1,2}(?:er)?\s+[A-Za-zéûÉÛ]+\s+\d{4}|\d{1,2}/\d{1,2}/\d{4}", paragraph.text
        ):
            day = parse_date(found[0])
            if day:
                return day.isoformat()
    return None


def _turn(paragraph: Paragraph, following: Paragraph | None, state: _State) -> Contribution | str:  # noqa: PLR0911
    text = paragraph.text.strip()
    words = plain(text)
    is_agenda_point = plain(_without_number(text)) in {plain(point) for point in state.agenda}
    if _is_heading(paragraph) or (is_agenda_point and not state.reading_agenda and not _is_bullet(paragraph)):
        return _heading(text, words, paragraph, state)
    if state.question is None or state.is_closed:
        if matches("minutes", "agenda", words) and len(text) < 60:
            state.reading_agenda = True
        if state.is_closed:
            return "relevé de décisions ou clôture"
        return "ordre du jour" if state.reading_agenda else "présentation de la réunion"
    if matches("minutes", "closing", words):
        return "clôture de la séance"
    if matches("minutes", "opening", words):
        return "introduction"
    if matches("minutes", "answer", words):
        return "réponse de l'administration"
    if (
        following is not None
        and _is_bullet(following)
        and not _is_bullet(paragraph)
        and text.endswith((":", "…"))
    ):
        state.speaker = text.rstrip(" :…")
        return "phrase qui introduit une liste"
    if not _is_bullet(paragraph):
        state.speaker = None
    return _contribution(paragraph, text, state)


def _heading(text: str, words: str, paragraph: Paragraph, state: _State) -> str:
    state.speaker = None
    state.reading_agenda = matches("minutes", "agenda", words)
    if matches("minutes", "decisions", words):
        state.is_closed, state.question = True, None
        return "titre"
    if (
        re.match(r"(title|titre$|subtitle|sous-titre)", paragraph.style, re.IGNORECASE)
        or state.reading_agenda
        or matches("minutes", "attendance", words)
    ):
        return "titre"
    state.is_closed = False
    state.question = _without_number(text)
    return "titre"


def _contribution(paragraph: Paragraph, text: str, state: _State) -> Contribution | str:
    if _is_bullet(paragraph) and not paragraph.style.lower().startswith("list"):
        text = re.sub(r"^\s*[-–—•▪]\s+(?=\S)", "", text)
    who, said = _who_said(text)
    if _is_bullet(paragraph) and state.speaker and normalise_stakeholder(_quality(who or "")) is None:
        who, said = state.speaker, text
    who = who or ""
    if matches("minutes", "answer", plain(who)) or matches("minutes", "chair", plain(who)):
        return "réponse de l'administration"
    contribution = Contribution(paragraph.number, source_key=f"{who}\x1f{said}")
    contribution.stakeholder = normalise_stakeholder(_quality(who))
    place = _place_of(who)
    if place:
        found = split_place(place)
        contribution.commune, contribution.postcode = found.get("commune"), found.get("postcode")
    question = state.question or ""
    contribution.remarks.append((question, question, said.strip()))
    return contribution


def _who_said(text: str) -> tuple[str | None, str]:
    quoted = _REPORTED.match(text)
    if quoted:
        return quoted["who"], quoted["said"]
    spoken = _SPEAKER.match(text)
    if spoken and _is_speaker(spoken["who"]):
        return _VERB_END.sub("", spoken["who"]), _without_quotes(spoken["said"])
    return None, _without_quotes(text)


def _is_speaker(who: str) -> bool:
    """A quality, a title or an article before the colon; « Proposition : … » and the end of a sentence are not."""
    words = plain(who)
    if _SENTENCE_INSIDE.search(who) or len(words.split()) > LONGEST_SPEAKER_WORDS:
        return False
    if any(pattern.search(words) for pattern in patterns("minutes", "not_a_speaker")):
        return False
    return normalise_stakeholder(who) is not None or any(
        p.search(words) for p in patterns("minutes", "speaker")
    )


def _without_quotes(text: str) -> str:
    text = text.strip()
    inner = re.fullmatch(r"[«“\"]\s*(.+?)\s*[»”\"]", text, re.DOTALL)
    return inner[1] if inner and not re.search(r"[«»“”]", inner[1]) else text


def _quality(who: str) -> str:
    """The quality without the name: « M. DABOS, agriculteur (Bassoues) » → « agriculteur »."""
    who = re.sub(r"\([^()]*\)", " ", who)
    named = re.match(
        r"^\s*(?:M\.|Mme|Mlle|MM\.|Monsieur|Madame)\s+(?P<name>[A-ZÉÈ][\w'’-]+(?:\s+[A-ZÉÈ][\w'’-]+)*)\s*(?:,|$)\s*(?P<rest>.*)$",
        who,
    )
    if named:
        return named["rest"]
    return re.sub(r"\b(?:de la|du|de|d['’])\s*[A-ZÉÈÎ][\w'’-]*(?:[\s-][A-ZÉÈÎ][\w'’-]*)*", " ", who)


def _place_of(who: str) -> str | None:
    brackets = _PLACE_IN_BRACKETS.search(who.strip())
    if brackets and brackets[1][:1].isupper():
        return brackets[1]
    after = _PLACE_AFTER.search(who)
    return after["place"] if after else None
