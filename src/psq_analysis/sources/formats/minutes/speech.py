"""Who spoke in a sentence of minutes, and what was said: « Le maire de Barran : … », « Une habitante indique : « … » »."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from psq_analysis.sources.free_line import known_place, read_line
from psq_analysis.sources.vocabulary import load, matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

LONGEST_SPEAKER = (
    130  # characters of « L'adjointe au maire d'Auch chargée de la tranquillité publique » and the like
)
LONGEST_SPEAKER_WORDS = 18
LONGEST_NAME = 3  # words of a bare name that the attendance list knows
WORDS_AFTER_VERB = 3  # « indique : », « souligne les points suivants : »; more words are the sentence itself
_SENTENCE_INSIDE = re.compile(
    r"[!?;]\s|(?<!\b[A-ZÀ-Ý])(?<!\b[A-ZÀ-Ý][a-z])(?<!\bM)(?<!\bMM)(?<!\bMme)(?<!\bMlle)\.\s+(?=[A-ZÀ-Ý«])"
)
_TITLE = r"(?:M\.?|MM\.|Mme|Mmes|Mlle|Mr|Mrs|Ms|Monsieur|Madame|Messieurs|Mesdames)"
_RANK = r"(?:[Ll][ea]\s|[Ll]['’])?(?i:docteure?|dr|ma[iî]tre|s[œo]eur|p[èe]re|abb[ée]|g[ée]n[ée]rale?|colonel(?:le)?|capitaine|lieutenante?|commandante?|major|adjudante?(?:-chef(?:fe)?)?|mar[ée]chal des logis|gendarme|brigadi[eè]re?(?:-chef(?:fe)?)?|commissaire|ltn?|cne|cdt|col|adj|adc|mdl|maj|brig)\.?"
_NAME_WORD = r"(?!(?:Le|La|Les|L)\b)[A-ZÀ-Ý][\w'’.-]*"
_FULL_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:de|du|d['’]|des|le|la)\s?)?{_NAME_WORD}){{0,3}}"
_TITLED_NAME = re.compile(
    rf"^(?:{_TITLE}\s+(?:{_RANK}\s+)?|(?P<rank>{_RANK})\s+)(?P<name>{_FULL_NAME})(?P<rest>.*)$", re.DOTALL
)
# « Jean DUPONT », « DUPONT Jean », « DUPONT (Auch) »: a label in capitals (« SÉCURITÉ ROUTIÈRE ») is no name
_BARE_NAME = re.compile(
    r"^(?P<name>(?=\S*[a-zà-ÿ.])[A-ZÀ-Ý][\w.'’-]*\s+[A-ZÀ-Ý][A-ZÀ-Ý'’-]{2,}|[A-ZÀ-Ý][A-ZÀ-Ý'’-]{2,}\s+[A-ZÀ-Ý][a-zà-ÿ][\w'’-]*"
    r"|(?:[A-ZÀ-Ý][a-z]?\.[ -]?){1,2}\s?[A-ZÀ-Ý][\w'’-]+|[A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w'’-]+)?(?=\s*\())(?P<rest>(?:\s*[,(–-].*)?)$",
    re.DOTALL,
)
_UNIQUE = re.compile(r"^(?:(?:m|mme|mlle|monsieur|madame) )?(?:le|la|l) (?P<function>.+)$")
_QUOTED = re.compile(r"^[«“\"]\s*(.+?)\s*[»”\"]$", re.DOTALL)
_SPOKEN = re.compile(rf"^(?P<who>[^:«»\n]{{2,{LONGEST_SPEAKER}}}?)\s*:\s*(?P<said>.+)$", re.DOTALL)


_DASHED = re.compile(r"^(?P<who>[^:«»–—\n]{2,60}?)\s+[–—]\s+(?P<said>\S.*)$", re.DOTALL)
# « On ne voit plus personne. » (une habitante de Condom)
_SIGNED = re.compile(
    r"^[«“\"]\s*(?P<said>[^«»“”]+?)\s*[»”\"]\s*[.,]?\s*(?:\((?P<bracket>[^()]{2,80}(?:\([^()]*\))?)\)|[–—-]\s*(?P<dash>[^«»:]{2,80}?))\s*\.?$",
    re.DOTALL,
)
# Plus d'éclairage après 23 h (un jeune de Samatan)
_WHO_AFTER = re.compile(
    r"^(?P<said>[^()]{12,}?)\s*\((?P<who>[^()]{3,80}(?:\([^()]*\))?)\)\s*[.;]?$", re.DOTALL
)
# Pour le maire de Saint-Clar, la vitesse…
_ACCORDING = re.compile(
    r"^(?:Pour|Selon|D['’]après)\s+(?P<who>[^,:.;]{3,90}),\s+(?P<said>\S.{12,})$", re.DOTALL
)
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


@dataclass(frozen=True)
class Speaker:
    """``key`` tells one person from the others of the meeting; it is empty for « une habitante », « les élus », nobody."""

    key: str
    voice: str | None
    place: Mapping[str, str] = field(default_factory=dict)


Roster = dict[str, Speaker]  # the people of the attendance list, by surname and by function, as plain words


def name_in(who: str, roster: Mapping[str, Speaker] = {}) -> tuple[str, str]:
    """Cut the name off: the surname as plain words (empty without one) and the rest.

    >>> name_in("M. DABOS, agriculteur (Bassoues)"), name_in("Le maire de Barran"), name_in("Carole LESTRADE")
    (('dabos', 'agriculteur (Bassoues)'), ('', 'Le maire de Barran'), ('lestrade', ''))
    """
    who = who.strip()
    found = _TITLED_NAME.match(who) or (
        _BARE_NAME.match(who) if normalise_stakeholder(who.split("(")[0]) is None else None
    )
    if found:
        words = re.findall(r"[\w'’-]+", found["name"])
        surname = next((word for word in words if len(word) > 2 and word == word.upper()), words[-1])
        rank = found.groupdict().get("rank") or ""
        return plain(surname), f"{rank} {found['rest'].strip(' ,–-')}".strip(" ,")
    first = re.match(r"^([A-ZÀ-Ý][\w'’-]+)(.*)$", who, re.DOTALL)
    if first and plain(first[1]) in roster:
        return plain(first[1]), first[2].strip(" ,–-")
    words = who.split()
    if words and len(words) <= LONGEST_NAME and plain(words[-1]) in roster and who[:1].isupper():
        return plain(words[-1]), ""
    return "", who


def _key(surname: str, who: str) -> str:
    """One person: the surname, and « m » or « f » where the title tells Mme Ader from M. Ader."""
    gender = (
        "f"
        if re.match(r"(?:Mme|Mlle|Madame|Mrs|Ms|S[œo]eur)\b", who)
        else "m"
        if re.match(r"(?:M|Mr|Monsieur)\b", who)
        else ""
    )
    return f"nom {surname} {gender}".strip()


def same_person(one: str, other: str) -> bool:
    """Tell whether two keys are of one person: the same, or the same surname with the title left out once.

    >>> same_person("nom ader f", "nom ader"), same_person("nom ader f", "nom ader m")
    (True, False)
    """
    if not (one.startswith("nom ") and other.startswith("nom ")):
        return one == other
    return (
        one == other
        or one.removesuffix(" f").removesuffix(" m") == other
        or other.removesuffix(" f").removesuffix(" m") == one
    )


def speaker_of(who: str, roster: Mapping[str, Speaker]) -> Speaker:
    """Return who is meant, with the quality and place said here or, failing that, in the attendance list.

    >>> speaker_of("La directrice du CCAS (Mirande)", {})
    Speaker(key='directrice du ccas mirande', voice='bailleurs et services sociaux', place={'commune': 'Mirande'})
    >>> speaker_of("Une habitante (Mirande)", {}).key
    ''
    """
    who = _ANNOUNCED.sub("", who.strip())
    surname, rest = name_in(who, roster)
    line = read_line(rest)
    if surname:
        known = roster.get(surname)
        return Speaker(
            _key(surname, who),
            line.voice or (known.voice if known else None),
            known_place(line) or (known.place if known else {}),
        )
    words = plain(who)
    unique = _UNIQUE.match(words)
    if unique is None or unique["function"].split()[0] in load("minutes")["crowd"]:
        return Speaker("", line.voice, known_place(line))  # « Le facteur » is no place
    known = roster.get(unique["function"])
    if known is not None:
        return Speaker(known.key, line.voice or known.voice, known_place(line) or known.place)
    return Speaker(unique["function"], line.voice, known_place(line))


def speech_of(text: str, roster: Mapping[str, Speaker] = {}) -> Speech:
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
    signed = _SIGNED.match(text)
    if signed:
        who = (signed["bracket"] or signed["dash"]).strip()
        if _is_speaker(who, roster) or read_line(who).voice:
            return Speech(who, signed["said"].strip())
    told_after = _WHO_AFTER.match(text)
    if (
        told_after
        and _is_speaker(told_after["who"], roster)
        and read_line(name_in(told_after["who"])[1]).voice
    ):
        return Speech(told_after["who"].strip(), _without_quotes(told_after["said"].strip()))
    spoken = _SPOKEN.match(text) or _DASHED.match(text)
    verb = _first_verb(spoken["who"]) if spoken else None
    if spoken and (verb is None or len(spoken["who"][verb.end() :].split()) <= WORDS_AFTER_VERB):
        who = spoken["who"][: verb.start() if verb else None].strip()
        if _is_speaker(who, roster):
            return Speech(who, _without_quotes(spoken["said"]))
    according = _ACCORDING.match(text)
    if according and _told_of(according["who"], roster):
        return Speech(according["who"].strip(), according["said"].strip())
    return _told(text, roster) or Speech("", _without_quotes(text))


def _told_of(who: str, roster: Mapping[str, Speaker]) -> bool:
    """A title, or an article and a quality: « Selon le maire de Barran », and not « Pour la sécurité »."""
    words = plain(who)
    return bool(name_in(who, roster)[0]) or (
        matches("minutes", "speaker", words) and read_line(who).voice is not None
    )


def _first_verb(text: str) -> re.Match[str] | None:
    """The first verb of speech after at least two words: « La juge des enfants remarque », and not « juge »."""
    return next((verb for verb in _verb().finditer(text) if len(text[: verb.start()].split()) > 1), None)


def _told(text: str, roster: Mapping[str, Speaker]) -> Speech | None:
    """« X souligne que … »: only when X is a known voice or bears a title; else the sentence is left whole."""
    verb = _first_verb(text[: LONGEST_SPEAKER + 30])
    if verb is None:
        return None
    who = text[: verb.start()].strip(" ,")
    titled = re.match(rf"(?:{_TITLE}|{_RANK})\s", who) is not None
    if _SENTENCE_INSIDE.search(who) or len(who.split()) > LONGEST_SPEAKER_WORDS:
        return None
    if not titled and not (
        matches("minutes", "speaker", plain(who))
        and (read_line(name_in(who)[1]).voice or matches("minutes", "person", plain(who)))
    ):
        return None
    return Speech(who, text[verb.start() :].strip())


def _is_speaker(who: str, roster: Mapping[str, Speaker]) -> bool:
    """A quality, a title or a word for a person before the colon; « Le problème : … » and the end of a sentence are not."""
    who = _ANNOUNCED.sub("", who)
    words = plain(who)
    if not words or _SENTENCE_INSIDE.search(who) or len(words.split()) > LONGEST_SPEAKER_WORDS:
        return False
    if matches("minutes", "not_a_speaker", words):
        return False
    return (
        bool(name_in(who, roster)[0])
        or normalise_stakeholder(who) is not None
        or matches("minutes", "person", words)
    )


def _without_quotes(text: str) -> str:
    text = text.strip()
    quoted = _QUOTED.match(text)
    if quoted and quoted[1].count("«") == quoted[1].count("»"):
        return quoted[1]
    return text
