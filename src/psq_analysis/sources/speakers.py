"""Who spoke in a sentence of minutes, and what was said: « Le maire de Barran : … », « Une habitante indique : « … » »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from psq_analysis.sources.vocabulary import load, matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

LONGEST_SPEAKER = (
    130  # characters of « L'adjointe au maire d'Auch chargée de la tranquillité publique » and the like
)
LONGEST_SPEAKER_WORDS = 18
WORDS_AFTER_VERB = 3  # « indique : », « souligne les points suivants : »; more words are the sentence itself
_SENTENCE_INSIDE = re.compile(r"[!?;]\s|(?<!\bM)(?<!\bMM)(?<!\bMme)(?<!\bMlle)\.\s+(?=[A-ZÀ-Ý«])")
_TITLE = r"(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame|Messieurs|Mesdames)"
# « Jean DUPONT », « DUPONT (Auch) »: capitalised words only, with a surname in capitals or a place in brackets.
_BARE_NAME = re.compile(
    r"^(?=.*\s)(?=.*(?:\b[A-ZÀ-Ý][A-ZÀ-Ý'’-]{3,}\b|\([A-ZÀ-Ý]))[A-ZÀ-Ý][\w.'’-]*(?:\s+[A-ZÀ-Ý][\w.'’-]*){0,3}(?:\s*\([^()]{2,40}\))?$"
)
_QUOTED = re.compile(r"^[«“\"]\s*(.+?)\s*[»”\"]$", re.DOTALL)
_SPOKEN = re.compile(rf"^(?P<who>[^:«»\n]{{2,{LONGEST_SPEAKER}}}?)\s*:\s*(?P<said>.+)$", re.DOTALL)


_DASHED = re.compile(r"^(?P<who>[^:«»–—\n]{2,60}?)\s+[–—]\s+(?P<said>\S.*)$", re.DOTALL)
_ANNOUNCED = re.compile(
    r"^(?:question|intervention|remarque|demande|observation|proposition)s?\s+(?:de\s+|du\s+|des\s+|d['’])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Speech:
    """``who`` is empty when nobody is named; ``said`` is always a part of the paragraph, word for word."""

    who: str
    said: str


@cache
def _verb() -> re.Pattern[str]:
    verbs = "|".join(sorted(load("minutes")["verbs"], key=len, reverse=True))
    return re.compile(
        rf"\s(?:(?:nous|lui|leur|y|en|ne|n['’]|se|s['’])\s?)?(?P<verb>{verbs})\b", re.IGNORECASE
    )


def speech_of(text: str) -> Speech:
    """Return who spoke and what was said; the whole paragraph when no speaker is told.

    >>> speech_of("M. DABOS, agriculteur (Bassoues) indique : « Les dépôts sauvages s'accumulent. »")
    Speech(who='M. DABOS, agriculteur (Bassoues)', said="Les dépôts sauvages s'accumulent.")
    >>> speech_of("Une habitante (Mirande) : Il fait noir. Proposition : éclairer.").said
    'Il fait noir. Proposition : éclairer.'
    >>> speech_of("M. Durand, gardien d'immeuble explique que personne ne répond.")
    Speech(who="M. Durand, gardien d'immeuble", said='explique que personne ne répond.')
    >>> speech_of("Le problème : personne ne répond.").who
    ''
    >>> speech_of("La situation demande une réponse.").who
    ''
    """
    spoken = _SPOKEN.match(text) or _DASHED.match(text)
    verb = _first_verb(spoken["who"]) if spoken else None
    if spoken and (verb is None or len(spoken["who"][verb.end() :].split()) <= WORDS_AFTER_VERB):
        who = spoken["who"][: verb.start() if verb else None].strip()
        if _is_speaker(who):
            return Speech(who, _without_quotes(spoken["said"]))
    return _told(text) or Speech("", _without_quotes(text))


def _first_verb(text: str) -> re.Match[str] | None:
    """The first verb of speech after at least two words: « La juge des enfants remarque », and not « juge »."""
    return next((verb for verb in _verb().finditer(text) if len(text[: verb.start()].split()) > 1), None)


def _told(text: str) -> Speech | None:
    """« X souligne que … »: only when X is a known voice or bears a title; else the sentence is left whole."""
    verb = _first_verb(text[: LONGEST_SPEAKER + 30])
    if verb is None:
        return None
    who = text[: verb.start()].strip(" ,")
    titled = re.match(rf"{_TITLE}\s", who) is not None
    if _SENTENCE_INSIDE.search(who) or len(who.split()) > LONGEST_SPEAKER_WORDS:
        return None
    if not titled and not (
        matches("minutes", "speaker", plain(who)) and normalise_stakeholder(quality_of(who))
    ):
        return None
    return Speech(who, text[verb.start() :].strip())


def _is_speaker(who: str) -> bool:
    """A quality, a title or a word for a person before the colon; « Le problème : … » and the end of a sentence are not."""
    who = _ANNOUNCED.sub("", who)
    words = plain(who)
    if not words or _SENTENCE_INSIDE.search(who) or len(words.split()) > LONGEST_SPEAKER_WORDS:
        return False
    if matches("minutes", "not_a_speaker", words):
        return False
    return (
        normalise_stakeholder(who) is not None
        or matches("minutes", "person", words)
        or _BARE_NAME.match(who) is not None
    )


def _without_quotes(text: str) -> str:
    text = text.strip()
    quoted = _QUOTED.match(text)
    if quoted and quoted[1].count("«") == quoted[1].count("»"):
        return quoted[1]
    return text


def quality_of(who: str) -> str:
    """Return the quality without name and place, so that a name never decides a voice.

    >>> quality_of("M. DABOS, agriculteur (Bassoues)"), quality_of("Mme FERREIRA (Bassoues)"), quality_of("Le maire de Barran")
    ('agriculteur', '', 'Le maire')
    """
    who = _ANNOUNCED.sub("", re.sub(r"\([^()]*\)", " ", who).strip())
    if _BARE_NAME.match(who) and normalise_stakeholder(who) is None:
        return ""
    named = re.match(rf"^{_TITLE}\s+(?:[A-ZÉÈ][\w'’-]*\s*){{1,4}}(?:,\s*(?P<rest>.*))?$", who)
    if named:
        return (named["rest"] or "").strip()
    who = re.sub(rf"^{_TITLE}\s+", "", who)
    return " ".join(
        re.sub(
            r"(?:\b(?:de la|du|de)\s+|\bd['’])[A-ZÉÈÎ][\w'’-]*(?:[\s-][A-ZÉÈÎ][\w'’-]*)*", " ", who
        ).split()
    )
