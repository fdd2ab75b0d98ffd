"""What each column is for: its heading proposes a role, its values confirm or overrule it, and we say how sure we are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from psq_analysis.places.place_names import commune_names
from psq_analysis.sources.model import Role
from psq_analysis.sources.places_written import is_ditto, split_place
from psq_analysis.sources.tables.values import is_answered, parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

SENTENCE_WORDS = 5  # answers of five words or more are written, not chosen
SHORT_ANSWER_WORDS = 1.3  # on average; « Bon », « Moyen » under « Votre avis » are choices, « vitesse », « bon accueil » are not
SAMPLE = 2000  # values looked at per column
PERSONAL_SHARE = (
    0.5  # half of the values are addresses, numbers…: the column holds personal data whatever its heading
)
COMMUNES_SHARE = (
    0.5  # half of the values name a known commune; misspelt ones and other départements make the rest
)
MIN_CODES = 5
POSTCODES_ROUND, INSEE_ROUND = 0.8, 0.4  # 85 % of French postcodes end in 0, and 10 % of INSEE codes
VOICES_SHARE = 0.4  # « statut », « service »: a quality only when the cells name voices; free answers under « autre » name none
NAMES_SHARE = 0.8  # four values in five are two or three capitalised words, all different: names of persons
SURE, LIKELY, UNSURE = 0.95, 0.8, 0.5

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_IP = re.compile(r"^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,7})$", re.IGNORECASE)
_PHONE = re.compile(r"^(\+?33|0)[\s.\-]?\(?0?\)?[1-9]([\s.\-]?\d){8}$")
_NUMBER = re.compile(r"^[-+]?[\d\s\u00a0\u202f]*[.,]?\d+\s*%?$")
_PERSON_NAME = re.compile(
    r"^(?:(?:M|MM|Mme|Mlle|Dr|Me)\.?\s+)?[A-ZÀ-Ý][\w'’-]+(?:\s+(?:de|du|d['’]|le|la)\s?)?(?:\s+[A-ZÀ-Ý][\w'’-]+){1,2}$"
)
_FRENCH_CODE = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-8]|2[ABab])\d{3}$")
_CHOICE_MARKS = ("|", ";", ",")


@dataclass(frozen=True)
class Guess:
    """A role, how sure (0–1), and the reason in French."""

    role: Role
    certainty: float
    reason: str
    separator: str | None = None


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


def _sample(values: list[str]) -> list[str]:
    """The first answered values: enough to tell a role, whatever the length of the table."""
    return list(islice((value.strip() for value in values if is_answered(value)), SAMPLE))


def profile(values: list[str]) -> Profile:
    """Measure the answered values of a column.

    >>> profile(["Plus de rondes le soir, à pied.", "RAS", ""]).filled
    2
    """
    answered = [value for value in _sample(values) if not is_ditto(value)]
    count = max(len(answered), 1)
    counts = Counter(answered)
    return Profile(
        filled=len(answered),
        distinct=len(counts) / count,
        words=sum(len(value.split()) for value in answered) / count,
        sentences=sum(_is_sentence(value) for value in answered) / count,
        numbers=sum(bool(_NUMBER.match(value)) for value in answered) / count,
        dates=sum(parse_date(value) is not None for value in answered) / count,
        personal=sum(bool(_EMAIL.match(v) or _IP.match(v) or _PHONE.match(v)) for v in answered) / count,
        voices=sum(normalise_stakeholder(value) is not None for value in answered if len(value) < 80) / count,
        names=sum(bool(_PERSON_NAME.match(v)) and normalise_stakeholder(v) is None for v in answered) / count,
        longest=max((len(value) for value in answered), default=0),
        top_share=max(counts.values(), default=0) / count,
    )


def _is_sentence(value: str) -> bool:
    return len(value.split()) >= SENTENCE_WORDS and not (value[0] in "{[" and value[-1] in "}]")


def guess_role(heading: str, values: list[str], *, group: str = "") -> Guess:
    """Return what a column is for, from its heading and its values.

    >>> guess_role("Vos remarques", ["Plus de rondes le soir.", "RAS"]).role.value
    'free_text'
    >>> guess_role("colonne 3", ["a.b@courriel.example", "c@boite.example"]).role.value
    'forbidden'
    """
    words = plain(heading)
    seen = profile(values)
    if seen.filled and seen.personal >= PERSONAL_SHARE:
        return Guess(Role.FORBIDDEN, SURE, "adresses, numéros de téléphone ou adresses IP dans les cellules")
    if (
        seen.names >= NAMES_SHARE
        and seen.distinct >= NAMES_SHARE
        and seen.filled >= 3
        and not _names_a_place(words)
    ):
        return Guess(Role.FORBIDDEN, LIKELY, "ressemble à une liste de noms de personnes")
    by_heading = _guess_from_heading(words, seen, values)
    if by_heading:
        return by_heading
    return _guess_from_values(words, plain(group), seen, values)


def _names_a_place(words: str) -> bool:
    return any(_has(key, words) for key in ("commune", "epci", "department", "free_text", "title"))


def _has(key: str, words: str) -> bool:
    return matches("columns", key, words)


def _is_written(seen: Profile) -> bool:
    return seen.sentences >= 0.3 and seen.distinct >= 0.5


def _guess_from_heading(words: str, seen: Profile, values: list[str]) -> Guess | None:  # noqa: PLR0911, PLR0912
    written = _is_written(seen)
    if _has("not_a_remark", words):
        return Guess(Role.IGNORED, SURE, "écrit par l'administration, et non par les répondants")
    if (_has("forbidden", words) or _has("timing", words)) and not (written and _has("free_text", words)):
        return Guess(Role.FORBIDDEN, SURE, "donnée personnelle ou technique d'après l'intitulé")
    if _has("insee", words):
        return Guess(Role.INSEE, SURE, "code INSEE d'après l'intitulé")
    if _has("postcode", words) and not written:
        return Guess(Role.POSTCODE, SURE, "code postal d'après l'intitulé")
    if _has("question_id", words):
        return Guess(Role.QUESTION_ID, LIKELY, "numéro de question d'après l'intitulé")
    if _has("question", words) and seen.words >= 3:
        return Guess(Role.QUESTION, LIKELY, "question posée, répétée de ligne en ligne")
    if _has("respondent", words) and not written:
        return Guess(Role.RESPONDENT, LIKELY, "identifiant du répondant d'après l'intitulé")
    if _has("identifier", words) and not written:
        return Guess(Role.IDENTIFIER, SURE, "identifiant d'après l'intitulé")
    if _has("technical", words) and not (written and _has("free_text", words)):
        return Guess(Role.IGNORED, LIKELY, "colonne technique d'après l'intitulé")
    if _has("date", words) and (seen.dates >= 0.5 or not seen.filled):
        return Guess(Role.DATE, SURE, "dates")
    if _has("epci", words) and not written:
        return Guess(Role.EPCI, LIKELY, "intercommunalité d'après l'intitulé")
    if _has("department", words) and not written:
        return Guess(Role.DEPARTMENT, LIKELY, "département d'après l'intitulé")
    if _has("stakeholder", words) and not written and seen.numbers < 0.5:
        return Guess(
            Role.STAKEHOLDER,
            SURE if seen.voices >= 0.5 else LIKELY,
            "qualité du répondant d'après l'intitulé",
        )
    if _has("stakeholder_if_told", words) and seen.voices >= VOICES_SHARE and not written:
        return Guess(Role.STAKEHOLDER, LIKELY, "qualités reconnues dans les cellules")
    if _has("commune", words) and not written and seen.longest < 100 and seen.numbers < 0.5:
        return Guess(Role.COMMUNE, SURE, "lieu d'après l'intitulé")
    if _has("wave", words) and seen.longest < 20:
        return Guess(Role.WAVE, LIKELY, "vague d'après l'intitulé")
    if _has("title", words) and seen.words < 12:
        return Guess(Role.CLOSED_ANSWER, LIKELY, "titre donné à la contribution : gardé comme contexte")
    return None


def _guess_from_values(words: str, group: str, seen: Profile, values: list[str]) -> Guess:  # noqa: PLR0911, PLR0912
    asked = _has("free_text", words) or _has("free_text", group)
    if not seen.filled:
        if _has("free_text", words):
            return Guess(Role.FREE_TEXT, UNSURE, "aucune réponse, mais l'intitulé demande un texte")
        return Guess(Role.CLOSED_ANSWER, UNSURE, "aucune réponse")
    codes = _guess_codes(values)
    if codes:
        return codes
    if _share_of_communes(values) >= COMMUNES_SHARE and seen.words < SENTENCE_WORDS:
        return Guess(Role.COMMUNE, UNSURE + 0.2, "noms de communes reconnus dans les cellules")
    if seen.dates >= 0.8 and seen.distinct > 0.1:
        return Guess(Role.DATE, UNSURE, "dates, d'après les cellules")
    if seen.numbers >= 0.7 and not (asked and _is_written(seen)):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "nombres")
    marks = _choice_mark(values, seen)
    if marks and not (asked and seen.sentences >= 0.3):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "choix multiples", marks)
    if seen.voices >= 0.8 and seen.words < 5 and not asked and seen.filled >= 3:
        return Guess(Role.STAKEHOLDER, UNSURE + 0.1, "qualités reconnues dans les cellules")
    if _is_written(seen) and seen.top_share < 0.5:
        return Guess(Role.FREE_TEXT, SURE if asked else LIKELY, "phrases toutes différentes")
    if _has("precision", words) and not _is_written(seen):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "précision d'un choix « autre »")
    if asked and (seen.words >= SHORT_ANSWER_WORDS or seen.distinct > 0.8 or seen.top_share == 1):
        return Guess(
            Role.FREE_TEXT, LIKELY if seen.words >= 2 else UNSURE + 0.1, "l'intitulé demande un texte"
        )
    if seen.sentences >= 0.5 and seen.distinct >= 0.2 and seen.words >= 8:
        return Guess(Role.FREE_TEXT, UNSURE + 0.1, "phrases, dont beaucoup se répètent")
    if _has("other_choice", words):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "précision d'un choix « autre »")
    if seen.distinct >= 0.7 and seen.sentences >= 0.15 and seen.words >= 3:
        return Guess(Role.FREE_TEXT, UNSURE - 0.1, "textes courts, presque tous différents")
    return Guess(Role.CLOSED_ANSWER, LIKELY if seen.distinct < 0.5 else UNSURE, "réponses courtes")


def _guess_codes(values: list[str]) -> Guess | None:
    """Five-digit codes under a heading that says nothing: postcodes end in 0, nine times in ten; INSEE codes do not."""
    answered = _sample(values)
    codes = [value for value in answered if _FRENCH_CODE.match(value)]
    if len(codes) < MIN_CODES or len(codes) < 0.9 * len(answered):
        return None
    rounded = sum(code.endswith("0") for code in codes) / len(codes)
    if rounded >= POSTCODES_ROUND:
        return Guess(Role.POSTCODE, UNSURE + 0.1, "codes à cinq chiffres finissant par 0")
    if rounded <= INSEE_ROUND:
        return Guess(Role.INSEE, UNSURE + 0.1, "codes à cinq chiffres")
    return None


def _share_of_communes(values: list[str]) -> float:
    """Share of the values that begin with the name of a commune of the table shipped with the project."""
    answered = _sample(values)
    known = sum(
        plain(split_place(value).get("commune", "")) in commune_names()
        for value in answered
        if len(value) < 60
    )
    return known / max(len(answered), 1)


def _choice_mark(values: list[str], seen: Profile) -> str | None:
    """The separator of multiple choices: once cut, the same few short labels come back."""
    answered = _sample(values)
    for mark in _CHOICE_MARKS:
        holders = [value for value in answered if mark in value]
        if len(holders) < 2:
            continue
        parts = Counter(part.strip() for value in answered for part in value.split(mark))
        total = sum(parts.values())
        repeated = sum(count for count in parts.values() if count > 1)
        if repeated >= 0.9 * total and len(parts) <= 30 and max(len(part) for part in parts) <= 120:
            return mark
    return None
