"""What a reader is not sure of, said before anybody counts: a format known only in general, what seems to be there and is empty, codes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import islice

from psq_analysis.sources.errors import CUT
from psq_analysis.sources.files.decoding import SURE
from psq_analysis.sources.model import PLACE_ROLES, Document, Reading, Role
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.vocabulary import matches
from psq_analysis.text.languages import FRENCH, language_name, languages_of

CREDIBLE = 0.75  # a free-text column guessed with less certainty is worth a look
LANGUAGE_SAMPLE = 2000  # remarks looked at in a file: languages are counted over all of them once read
MANY_REJECTED = 0.1  # of the rows: more than the totals, notes and blank lines of a sheet kept by hand
CODES_SHARE = 0.8  # of the answers to a question look like « A1 » or « SQ003 »
MANY_UNHEARD = 0.4  # of the people: more than those who answer « autre » or nothing
SURE_ROLE = 0.9  # a role known from the heading or the format
_GENERAL = ("tableur_", "tableau_long_")
_CODE = re.compile(r"^(?:[A-Z]{1,3}\d{1,4}|[a-z]{1,2}\d{1,3})$")


def doubts_of(document: Document, reading: Reading) -> list[str]:
    """Return, in French, each thing to check before the answers of a file are used; none when all was recognised."""
    people = reading.contributions
    doubts = []
    if reading.source_format.startswith(_GENERAL):
        doubts.append("format connu seulement comme tableau : vérifiez le rôle des colonnes")
    if document.encoding_certainty < SURE:
        doubts.append("encodage du texte incertain")
    doubts += [
        f"la colonne « {column.heading} » est lue comme réponses libres sans certitude"
        for column in reading.columns
        if column.role is Role.FREE_TEXT and column.certainty < CREDIBLE and not column.is_other
    ]
    doubts += _of_people(reading)
    turns = sum(one.is_turn for one in people)
    if turns:
        doubts.append(f"{turns} intervention(s) sur {len(people)} sans personne à qui les attribuer")
    texts = list(islice((text for one in people for _, _, text in one.remarks), LANGUAGE_SAMPLE))
    foreign = Counter(language for language in languages_of(texts) if language != FRENCH)
    if foreign:
        named = ", ".join(
            f"{language_name(language)} ({count})" for language, count in foreign.most_common(3)
        )
        doubts.append(f"remarques dans une autre langue, qui ne seront pas codées : {named}")
    aside = [column.heading for column in reading.columns if column.reason.startswith("mise à l'écart")]
    if aside:
        doubts.append(f"{len(aside)} colonne(s) d'un rôle inconnu mise(s) à l'écart : {_some(aside)}")
    lost = sum(
        reject.column is not None and ("erreur" in reject.reason or "formule" in reject.reason)
        for reject in reading.rejects
    )
    if lost:
        doubts.append(f"{lost} cellule(s) en erreur ou sans valeur : des réponses manquent peut-être")
    cut = sum(reject.reason == CUT for reject in reading.rejects)
    if cut:
        doubts.append(f"{cut} texte(s) de 32 767 caractères, la limite des tableurs : probablement coupé(s)")
    if reading.header_rows and reading.rows_rejected > MANY_REJECTED * max(reading.rows_in, 1):
        doubts.append(f"{reading.rows_rejected} lignes sur {reading.rows_in} écartées")
    coded = coded_answers(reading)
    if coded:
        doubts.append(f"réponses en codes sans libellés : {_some(list(coded))}")
    return doubts


def _of_people(reading: Reading) -> list[str]:
    """What a whole file seems to say of who speaks, where and how far, and of which nothing, or little, was read."""
    people = reading.contributions
    if not people:
        return []
    doubts = []
    unheard = sum(one.stakeholder is None for one in people)
    if not _has(reading, (Role.STAKEHOLDER,)):
        if hidden := _may_tell(reading, "may_tell_voice"):
            doubts.append(f"aucune voix n'est lue ; dit peut-être qui parle : {_some(hidden)}")
    elif unheard == len(people):
        doubts.append(
            "aucune voix n'est reconnue, alors qu'une colonne semble dire qui parle : complétez « qualites »"
        )
    elif unheard >= MANY_UNHEARD * len(people):
        doubts.append(f"{unheard} voix sur {len(people)} ne sont pas reconnues : complétez « qualites »")
    if not _has(reading, PLACE_ROLES):
        if hidden := _may_tell(reading, "may_tell_place"):
            doubts.append(f"aucun lieu n'est lu ; en donne peut-être un : {_some(hidden)}")
    elif not any(
        (one.commune, one.insee, one.postcode, one.epci, one.department) != (None,) * 5 for one in people
    ):
        doubts.append("aucun lieu n'est lu, alors qu'une colonne semble en donner")
    if not any(one.is_complete for one in people):
        doubts.append("aucun questionnaire n'est complet : ils sont tous hors des parts")
    elif all(one.is_complete for one in people) and (hidden := _may_tell(reading, "may_tell_status")):
        doubts.append(f"tout est tenu pour complet ; dit peut-être le contraire : {_some(hidden)}")
    return doubts


def _may_tell(reading: Reading, key: str) -> list[str]:
    """The columns kept for something else, without certainty, whose heading says that they might tell who, where or how far."""
    return [
        column.heading
        for column in reading.columns
        if column.role in (Role.CLOSED_ANSWER, Role.FORBIDDEN)
        and column.certainty < SURE_ROLE
        and column.choice is None
        and not column.is_other
        and matches("columns", key, heading_of(column.heading).words)
    ]


def coded_answers(reading: Reading) -> dict[str, list[str]]:
    """Return the codes of each question whose answers are codes; their labels are in the software, not in the file."""
    values: dict[str, set[str]] = defaultdict(set)
    for one in reading.contributions:
        for question_id, _, value in one.answers:
            values[question_id].add(value)
    return {
        question: sorted(found)
        for question, found in values.items()
        if sum(bool(_CODE.match(value)) for value in found) >= CODES_SHARE * len(found)
    }


def mapping_to_fill_in(coded: dict[str, list[str]]) -> list[str]:
    """Return the lines of a mapping that gives each code its label, to be filled in.

    >>> mapping_to_fill_in({"Q4": ["A1", "A2"]})
    ['codes:', '  "Q4":', '    "A1": ""', '    "A2": ""']
    """
    lines = ["codes:"]
    for question, codes in coded.items():
        lines += [f'  "{question}":', *(f'    "{code}": ""' for code in codes)]
    return lines


def _has(reading: Reading, roles: tuple[Role, ...]) -> bool:
    return any(column.role in roles for column in reading.columns)


def _some(names: list[str]) -> str:
    shown = ", ".join(f"« {' '.join(name.split())[:50]} »" for name in names[:3])
    return shown + (" …" if len(names) > 3 else "")
