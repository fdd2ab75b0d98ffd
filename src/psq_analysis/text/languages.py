"""Which language a remark is written in: French unless most of its words are not, and a library then names another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import without_accents

FRENCH = "fr"
CREOLE = "cpf"  # ISO 639-5, French-based creoles; Haitian, Guadeloupean and Guianese are told by the library
FEWEST_WORDS = 3  # « Education », « No comment »: too few to tell
MOSTLY_FRENCH = (
    0.55  # of 19,000 real answers, one in a thousand has fewer words of the dictionary, all of them French
)
SURE = 0.8  # of the library; below, a misspelt French answer is the likelier
NEARLY = 0.2  # Catalan and Occitan share their words; in France, Occitan is the likelier
CREOLE_WORDS, CREOLE_SHARE = 2, 0.25
_LIBRARY = (
    "fr",
    "en",
    "es",
    "pt",
    "oc",
    "ca",
    "eu",
    "br",
    "de",
    "it",
    "nl",
    "ar",
    "tr",
    "ro",
    "pl",
    "ht",
    "gcf",
    "gcr",
)
_CREOLES = {"ht", "gcf", "gcr"}
_KIN = {"oc": {"oc", "ca"}, "ca": {"oc", "ca"}}  # too close to be told apart by a sentence
_ACRONYM = re.compile(r"[A-ZÀ-Ý]{2,5}")
_WORD = re.compile(r"[^\W\d_]+")


def languages_of(texts: Iterable[str]) -> list[str]:
    """Return the language of each text: ``fr``, an ISO 639 code, or ``other`` where the letters are of another alphabet.

    >>> languages_of(["Plus de rondes le soir.", "More patrols please, and lights near the station.", "RAS"])
    ['fr', 'en', 'fr']
    >>> languages_of(["Volèm mai de gendarmas dins los vilatges.", "I fo la polis i pas plis souvan dann kartyé."])
    ['oc', 'cpf']
    """
    return [language_of(text) for text in texts]


def language_name(code: str) -> str:
    """Return the French name of a language.

    >>> language_name("cpf"), language_name("oc")
    ('créole', 'occitan')
    """
    names = read_yaml(__package__, "languages.yml")["names"]
    return str(names.get(code, names["other"]))


@lru_cache(maxsize=100_000)
def language_of(text: str) -> str:
    """Return the language of one text, as :func:`languages_of`."""
    words = [word.lower() for word in _WORD.findall(text) if not _ACRONYM.fullmatch(word)]
    if len(words) < FEWEST_WORDS or _share_of_french(words) >= MOSTLY_FRENCH:
        return FRENCH
    scores = _scores(text)
    named = max(scores, key=lambda language: scores[language])
    is_foreign = (
        named not in _CREOLES | {FRENCH} and sum(scores[one] for one in _KIN.get(named, {named})) >= SURE
    )
    creole = sum(word in _creole_words() for word in words)
    if creole >= max(CREOLE_WORDS, CREOLE_SHARE * len(words)) or (
        named in _CREOLES and scores[named] >= SURE
    ):
        return named if is_foreign and creole < CREOLE_WORDS else CREOLE
    if not is_foreign:
        return FRENCH
    return "oc" if named == "ca" and scores["oc"] >= NEARLY else named


def _share_of_french(words: list[str]) -> float:
    # the dictionary is loaded by those who read texts only
    import simplemma  # noqa: PLC0415

    long = [word for word in words if len(word) > 1] or words
    known = sum(_is_french(word, simplemma.is_known) for word in long)
    return known / len(long)


def _is_french(word: str, is_known) -> bool:
    return is_known(word, lang="fr") or (not word.isascii() and is_known(without_accents(word), lang="fr"))


@cache
def _creole_words() -> frozenset[str]:
    return frozenset(read_yaml(__package__, "languages.yml")["creole"])


@cache
def _identifier():
    # 1.5 s to load, and only where some text has few French words
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LIBRARY))
    return identifier


def _scores(text: str) -> dict[str, float]:
    """How likely each language is, by py3langid."""
    ranked = _identifier().rank(text.lower() if text.isupper() else text)
    return {str(language): float(score) for language, score in ranked}
