"""What each column is for: its heading proposes a role, its values confirm or overrule it, and we say how sure we are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psq_analysis.places.place_names import commune_names
from psq_analysis.sources.choices import Choices, find_choices
from psq_analysis.sources.free_line import common_words
from psq_analysis.sources.model import Role
from psq_analysis.sources.tables.column_profile import SENTENCE_WORDS, Profile, profile, sample
from psq_analysis.sources.tables.heading_text import Heading, heading_of
from psq_analysis.sources.tables.values import is_status
from psq_analysis.sources.vocabulary import matches, plain

SHORT_ANSWER_WORDS = 1.3  # on average; « Bon », « Moyen » under « Votre avis » are choices, « vitesse », « bon accueil » are not
PERSONAL_SHARE = (
    0.5  # half of the values are addresses, numbers…: the column holds personal data whatever its heading
)
COMMUNES_SHARE = (
    0.5  # half of the values name a known commune; misspelt ones and other départements make the rest
)
MIN_CODES = 5
SHORTEST_COMMUNE = 3  # letters: « Y » is a village of the Somme, and a tick
POSTCODES_ROUND, INSEE_ROUND = 0.8, 0.4  # 85 % of French postcodes end in 0, and 10 % of INSEE codes
VOICES_SHARE = 0.4  # « statut », « service »: a quality only when the cells name voices; free answers under « autre » name none
WORDS_BESIDE_OTHER = 12  # on average; more, and people tell something instead of naming one more choice
NAMES_SHARE = 0.8  # four values in five are two or three capitalised words, all different: names of persons
SURE, LIKELY, UNSURE = 0.95, 0.8, 0.5
LONGEST_QUALITY = 60  # characters of « conseillère en économie sociale et familiale, Mirande »
CONTACT_WORDS = 4  # « adresse e mail de contact »: a heading so short asks for nothing else
SCALE_SHARE = 0.6  # of the answers are words of a scale: oui, souvent, plutôt satisfait
REPEATED_SHARE = (
    0.6  # of the answers are given by two people at least: labels; names and pseudonyms come once
)
LARGEST_MARK = 100  # marks, counts and percentages stay below; years of birth, postcodes, identifiers do not

_SIGNS = re.compile(r"^(?:[+=~-]{1,4}|[☺☹😀🙂😐🙁😡★☆⭐]+)$")  # « ++ », « - », « ★★★ »
_FRENCH_CODE = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-8]|2[ABab])\d{3}$")
FEW_AUTHORS = 3  # two answers may look like names by chance
AUTHOR_SHARE = 0.5  # of the answers look like a name, a pseudonym, a token or a position on a map


@dataclass(frozen=True)
class Guess:
    """A role, how sure (0–1), and the reason in French."""

    role: Role
    certainty: float
    reason: str
    choices: Choices | None = None
    is_other: bool = False


def guess_role(heading: str, values: list[str], *, group: str = "") -> Guess:
    """Return what a column is for, from its heading and its values.

    A column of which neither says what it is for is set aside: short answers, nearly all different, may tell who answered.

    >>> guess_role("1. Vos remarques", ["Plus de rondes le soir.", "RAS"]).role.value
    'free_text'
    >>> guess_role("colonne 3", ["a.b@courriel.example", "c@boite.example"]).role.value
    'forbidden'
    >>> guess_role("Pour vous situer", ["mamie.lucette", "zizou-du-32", "tonton_raymond"]).role.value
    'forbidden'
    """
    asked = heading_of(heading)
    seen = profile(values)
    if seen.filled and seen.personal >= PERSONAL_SHARE:
        return Guess(
            Role.FORBIDDEN,
            SURE,
            "adresses (postales, de courriel, de page, IP) ou numéros de téléphone dans les cellules",
        )
    if (
        seen.names >= NAMES_SHARE
        and seen.distinct >= NAMES_SHARE
        and seen.filled >= 3
        and not _names_a_place(asked)
    ):
        return Guess(Role.FORBIDDEN, LIKELY, "ressemble à une liste de noms de personnes")
    if seen.filled and _is_ticked_label(asked, sample(values)):
        return Guess(Role.CLOSED_ANSWER, UNSURE + 0.1, "le libellé d'un choix, coché")
    return _guess_from_heading(asked, seen, values) or _guess_from_values(
        asked, heading_of(group), seen, values
    )


def _is_ticked_label(asked: Heading, values: list[str]) -> bool:
    """Every cell repeats the heading, or the label at its end: « Quels lieux évitez-vous ? - La gare »."""
    label = plain(values[0])
    ends = asked.words == label or (
        asked.words.endswith(f" {label}") and re.search(r"[-–:?\]/>]", asked.text)
    )
    return bool(label and ends) and all(plain(value) == label for value in values)


def _may_tell_status(asked: Heading) -> bool:
    return any(_has(key, asked) for key in ("status", "status_done", "status_draft", "status_progress"))


def _names_a_place(asked: Heading) -> bool:
    return any(_has(key, asked) for key in ("commune", "epci", "department", "free_text", "title"))


def _has(key: str, asked: Heading) -> bool:
    return matches("columns", key, asked.words) or matches("columns", key, asked.bare)


def is_contact(asked: Heading) -> bool:
    """Tell whether a heading asks for a name, an address, a number: nothing but a contact, whatever the cells hold."""
    if matches("columns", "said_by_contact", asked.words):
        return False
    return _has("forbidden", asked) and (
        len(asked.bare.split()) <= CONTACT_WORDS or not asks_for_words(asked)
    )


def _is_said_of_a_place(asked: Heading, seen: Profile, values: list[str]) -> bool:
    """« Dans votre commune, vous vous sentez », answered by no commune at all: what people say of a place."""
    return (
        len(asked.words.split()) > CONTACT_WORDS
        and seen.filled >= 3
        and _share_of_communes(values) == 0
        and seen.repeated > 0
    )


def _asks_about_contact(asked: Heading, seen: Profile, values: list[str]) -> bool:
    """« Quels moyens de contact utilisez-vous ? », « FREQUENCE_CONTACT », answered by the same few words: about contacts, and no contact."""
    return _is_labelled_contact(asked, seen, values) or (
        matches("columns", "asks_about_contact", asked.words)
        and seen.personal == 0
        and seen.names < NAMES_SHARE / 2
        and (
            seen.repeated >= REPEATED_SHARE / 2
            or _is_written(seen)
            or find_choices(sample(values)) is not None
        )
    )


def _is_labelled_contact(asked: Heading, seen: Profile, values: list[str]) -> bool:
    """Nothing but the word « contact » makes the heading personal, and the cells are labels that come back."""
    others = re.sub(r"\bcontacts?\b", "", asked.words).strip()
    return (
        others not in ("", asked.words)
        and not matches("columns", "forbidden", others)
        and max(seen.personal, seen.names, seen.authors) == 0
        and (seen.repeated >= REPEATED_SHARE or find_choices(sample(values)) is not None)
    )


def asks_for_words(asked: Heading) -> bool:
    """Tell whether a heading invites an answer in words: a remark, an opinion, « ce que… », « dites-nous… »."""
    return _has("free_text", asked) or _has("open_question", asked)


def _are_voices(seen: Profile) -> bool:
    """« Identité du répondant », answered by qualities alone."""
    return (
        seen.filled >= FEW_AUTHORS
        and seen.voices >= NAMES_SHARE
        and max(seen.personal, seen.names, seen.authors) == 0
        and seen.longest < LONGEST_QUALITY
    )


def _is_written(seen: Profile) -> bool:
    return seen.sentences >= 0.3 and seen.distinct >= 0.5


def _guess_from_heading(asked: Heading, seen: Profile, values: list[str]) -> Guess | None:  # noqa: PLR0911, PLR0912
    written = _is_written(seen)
    if _has("not_a_remark", asked):
        return Guess(Role.IGNORED, SURE, "écrit par l'administration, et non par les répondants")
    if (
        _has("person_met", asked)
        and seen.voices >= VOICES_SHARE
        and max(seen.names, seen.authors) < NAMES_SHARE / 2
        and seen.personal == 0
        and seen.longest < LONGEST_QUALITY
    ):
        return Guess(Role.STAKEHOLDER, LIKELY, "qualités reconnues dans les cellules")
    if is_contact(asked) and _are_voices(seen):
        return Guess(Role.STAKEHOLDER, LIKELY, "qualités reconnues dans les cellules")
    aside = not (
        matches("columns", "said_by_contact", asked.words) or _asks_about_contact(asked, seen, values)
    )
    if (aside and is_contact(asked)) or (
        aside
        and (_has("forbidden", asked) or _has("timing", asked))
        and not (written and asks_for_words(asked))
    ):
        return Guess(Role.FORBIDDEN, SURE, "donnée personnelle ou technique d'après l'intitulé")
    if _has("insee", asked):
        return Guess(Role.INSEE, SURE, "code INSEE d'après l'intitulé")
    if _has("postcode", asked) and not written and not (_has("commune", asked) and seen.numbers < 0.5):
        return Guess(Role.POSTCODE, SURE, "code postal d'après l'intitulé")
    if _has("question_id", asked):
        return Guess(Role.QUESTION_ID, LIKELY, "numéro de question d'après l'intitulé")
    if _has("question", asked) and (seen.words >= 3 or seen.repeated >= REPEATED_SHARE):
        return Guess(Role.QUESTION, LIKELY, "question posée, répétée de ligne en ligne")
    if _has("respondent", asked) and not written:
        return Guess(Role.RESPONDENT, LIKELY, "identifiant du répondant d'après l'intitulé")
    if _has("identifier", asked) and not written:
        return Guess(Role.IDENTIFIER, SURE, "identifiant d'après l'intitulé")
    if _may_tell_status(asked) and is_status(sample(values), asked.words):
        return Guess(Role.STATUS, LIKELY, "dit si la réponse a été envoyée")
    if _has("technical", asked) and not (written and asks_for_words(asked)):
        return Guess(Role.IGNORED, LIKELY, "colonne technique d'après l'intitulé")
    if _has("date", asked) and (seen.dates >= 0.5 or not seen.filled):
        return Guess(Role.DATE, SURE, "dates")
    if _has("epci", asked) and not written:
        return Guess(Role.EPCI, LIKELY, "intercommunalité d'après l'intitulé")
    if _has("department", asked) and not written:
        return Guess(Role.DEPARTMENT, LIKELY, "département d'après l'intitulé")
    if (
        matches("columns", "respondent_code", asked.words)
        and not seen.voices
        and seen.words < SHORT_ANSWER_WORDS
    ):
        return Guess(Role.RESPONDENT, LIKELY, "codes des répondants")
    if (
        _has("commune", asked)
        and _share_of_communes(values) >= COMMUNES_SHARE
        and seen.words < SENTENCE_WORDS
    ):
        return Guess(Role.COMMUNE, SURE, "lieu d'après l'intitulé")  # « Et vous êtes de quelle commune ? »
    if _has("stakeholder", asked) and (not written or seen.voices >= NAMES_SHARE) and seen.numbers < 0.5:
        return Guess(
            Role.STAKEHOLDER,
            SURE if seen.voices >= 0.5 else LIKELY,
            "qualité du répondant d'après l'intitulé",
        )
    if _has("stakeholder_if_told", asked) and seen.voices >= VOICES_SHARE and not written:
        return Guess(Role.STAKEHOLDER, LIKELY, "qualités reconnues dans les cellules")
    if (
        _has("commune", asked)
        and not written
        and seen.longest < 100
        and seen.numbers < 0.5
        and not _is_said_of_a_place(asked, seen, values)
    ):
        return Guess(Role.COMMUNE, SURE, "lieu d'après l'intitulé")
    if _has("wave", asked) and seen.longest < 20:
        return Guess(Role.WAVE, LIKELY, "vague d'après l'intitulé")
    if _has("title", asked) and seen.words < 12:
        return Guess(Role.CLOSED_ANSWER, LIKELY, "titre donné à la contribution : gardé comme contexte")
    return None


def _guess_from_values(asked: Heading, group: Heading, seen: Profile, values: list[str]) -> Guess:  # noqa: PLR0911, PLR0912
    wanted = _has("free_text", asked) or _has("free_text", group)
    if not seen.filled:
        if _has("free_text", asked):
            return Guess(Role.FREE_TEXT, UNSURE, "aucune réponse, mais l'intitulé demande un texte")
        return Guess(Role.CLOSED_ANSWER, UNSURE, "aucune réponse")
    if all(_SIGNS.match(value) for value in sample(values)):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "signes d'une échelle")
    codes = _guess_codes(values)
    if codes:
        return codes
    if (
        _share_of_communes(values) >= COMMUNES_SHARE
        and seen.words < SENTENCE_WORDS
        and seen.scales < SCALE_SHARE
    ):
        return Guess(Role.COMMUNE, UNSURE + 0.2, "noms de communes reconnus dans les cellules")
    if seen.dates >= 0.8 and seen.distinct > 0.1:
        return Guess(Role.DATE, UNSURE, "dates, d'après les cellules")
    if wanted and all(matches("columns", "says_nothing", plain(value)) for value in sample(values)):
        return Guess(Role.FREE_TEXT, UNSURE, "rien n'est dit, mais l'intitulé demande un texte")
    if seen.numbers >= 0.7 and not (wanted and _is_written(seen)):
        return _guess_numbers(asked, seen, values)
    choices = find_choices(sample(values))
    if choices and not (
        wanted
        and seen.sentences >= 0.3
        and any(len(label.split()) > SENTENCE_WORDS for label in choices.labels)
    ):
        return Guess(Role.CLOSED_ANSWER, LIKELY, "choix multiples", choices)
    if (
        seen.voices >= 0.8
        and seen.words < 5
        and not wanted
        and seen.filled >= FEW_AUTHORS
        and seen.authors < AUTHOR_SHARE
    ):
        return Guess(Role.STAKEHOLDER, UNSURE + 0.1, "qualités reconnues dans les cellules")
    if (
        seen.authors >= AUTHOR_SHARE
        and seen.distinct >= NAMES_SHARE
        and seen.filled >= FEW_AUTHORS
        and (not _is_written(seen) or seen.authors >= NAMES_SHARE)
    ):
        return _set_aside("noms, pseudonymes ou identifiants possibles")
    if (
        _has("precision", asked)
        and re.search(r"\bautre|\bother", asked.words)
        and seen.words < WORDS_BESIDE_OTHER
        and seen.authors < AUTHOR_SHARE
    ):
        return Guess(Role.CLOSED_ANSWER, UNSURE + 0.1, "précision d'un choix « autre »", is_other=True)
    if _is_written(seen) and seen.top_share < 0.5:
        return Guess(Role.FREE_TEXT, SURE if wanted else LIKELY, "phrases toutes différentes")
    if _has("precision", asked) and not _is_written(seen):
        return Guess(Role.CLOSED_ANSWER, UNSURE + 0.1, "précision d'un choix « autre »", is_other=True)
    if seen.authors >= AUTHOR_SHARE:
        return _set_aside("noms, pseudonymes ou identifiants possibles")
    if seen.scales >= SCALE_SHARE and seen.distinct <= 1 - REPEATED_SHARE / 2 and not seen.sentences:
        return Guess(Role.CLOSED_ANSWER, LIKELY, "mots d'une échelle")
    if wanted and (seen.words >= SHORT_ANSWER_WORDS or seen.distinct > 0.8 or seen.top_share == 1):
        return Guess(
            Role.FREE_TEXT, LIKELY if seen.words >= 2 else UNSURE + 0.1, "l'intitulé demande un texte"
        )
    if seen.sentences >= 0.5 and seen.distinct >= 0.2 and seen.words >= 8:
        return Guess(Role.FREE_TEXT, UNSURE + 0.1, "phrases, dont beaucoup se répètent")
    if _are_labels(seen):
        return Guess(
            Role.CLOSED_ANSWER, LIKELY if seen.distinct < 0.5 else UNSURE, "réponses qui se répètent"
        )
    if _has("other_choice", asked):
        return Guess(Role.CLOSED_ANSWER, UNSURE + 0.1, "précision d'un choix « autre »", is_other=True)
    if seen.distinct >= 0.7 and seen.sentences >= 0.15 and seen.words >= 3:
        return Guess(Role.FREE_TEXT, UNSURE - 0.1, "textes courts, presque tous différents")
    if _has("open_question", asked):
        return Guess(Role.FREE_TEXT, UNSURE, "réponses courtes à une question ouverte")
    return _set_aside("réponses courtes presque toutes différentes, d'un rôle inconnu")


def _set_aside(reason: str) -> Guess:
    return Guess(
        Role.FORBIDDEN,
        UNSURE,
        f"mise à l'écart par prudence : {reason} ; dites son rôle dans une correspondance pour la garder",
    )


def _are_labels(seen: Profile) -> bool:
    """The same few answers come back, or they are words of a scale."""
    return seen.scales >= SCALE_SHARE or (seen.repeated >= REPEATED_SHARE and seen.distinct <= 0.75)


def _guess_numbers(asked: Heading, seen: Profile, values: list[str]) -> Guess:
    """Marks and counts are answers; numbers nearly all different and large are identifiers, positions, telephone numbers."""
    numbers = [
        value.replace(",", ".").replace("\xa0", "").replace(" ", "").rstrip("%") for value in sample(values)
    ]
    if seen.filled >= MIN_CODES and sorted(numbers, key=lambda number: (len(number), number)) == [
        str(rank) for rank in range(1, len(numbers) + 1)
    ]:
        return Guess(Role.IDENTIFIER, LIKELY, "numéros qui se suivent")
    small = sum(_is_small(number) for number in numbers) / len(numbers)
    if small >= 0.9 or _has("number", asked) or seen.repeated >= REPEATED_SHARE:
        return Guess(Role.CLOSED_ANSWER, LIKELY, "nombres")
    return _set_aside("grands nombres presque tous différents")


def _is_small(number: str) -> bool:
    try:
        return abs(float(number)) <= LARGEST_MARK
    except ValueError:
        return False


def _guess_codes(values: list[str]) -> Guess | None:
    """Five-digit codes under a heading that says nothing: postcodes end in 0, nine times in ten; INSEE codes do not."""
    answered = sample(values)
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
    """Share of the values that are the name of a commune, with at most its postcode or département beside it."""
    answered = sample(values)
    known = sum(_names_a_commune(value) for value in answered if SHORTEST_COMMUNE <= len(value) < 60)
    return known / max(len(answered), 1)


def _names_a_commune(value: str) -> bool:
    """« Bar » and « Gare » are communes, and words: they tell no column of places."""
    name = plain(re.split(r"[(,;/]|\s[-–—]\s", re.sub(r"\d+", " ", value).strip(" -–—("))[0])
    return name in commune_names() and name not in common_words()
