"""What is known about words when looking for names: first names, titles, functions, and the words of French."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from psq_analysis.packaged import read_yaml
from psq_analysis.places.communes import shipped_names
from psq_analysis.text.plain import plain_words

_ANNOUNCING = (
    "titles",
    "ranks",
    "officers",
    "functions",
    "kin",
    "naming",
    "before_a_person",
    "eponyms",
    "eponyms_beside",
)
_JOINED = re.compile(r"[\-‑’']")


class Lexicon(NamedTuple):
    """The words around a name (``person_context.yml``) and the first names (``first_names.yml``)."""

    titles: frozenset[str]
    ranks: frozenset[str]
    officers: frozenset[str]
    functions: frozenset[str]
    modifiers: frozenset[str]
    kin: frozenset[str]
    kin_of_surname: frozenset[str]
    naming: frozenset[str]
    naming_any_case: frozenset[str]
    eponyms: frozenset[str]
    eponyms_beside: frozenset[str]
    saints: frozenset[str]
    particles: frozenset[str]
    links: frozenset[str]
    plural_verbs: frozenset[str]
    final_acute: frozenset[str]
    abbreviated_ranks: frozenset[str]
    name_abbreviations: frozenset[str]
    before_a_person: frozenset[str]
    never_names: frozenset[str]
    towns: frozenset[str]
    openers: frozenset[str]
    certain: frozenset[str]
    first_names: frozenset[str]


@lru_cache(maxsize=65536)  # the words of a corpus repeat; more would hold no more hits
def plain(word: str) -> str:
    """Return one word without capitals or accents; apostrophes become hyphens.

    >>> plain("Marie-Hélène"), plain("N’Diaye")
    ('marie-helene', 'n-diaye')
    """
    return "-".join(plain_words(part) for part in _JOINED.split(word))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the vocabulary, read once."""
    context = {name: frozenset(words) for name, words in _read("person_context.yml").items()}
    names = _read("first_names.yml")
    certain = frozenset(plain(name) for names_of in names["certain"].values() for name in names_of.split())
    nouns = ("not_names", "titles", "ranks", "officers", "functions", "eponyms", "eponyms_beside")
    known = {name: words for name, words in context.items() if name in Lexicon._fields}
    return Lexicon(
        **known,
        never_names=frozenset().union(*(context[name] for name in nouns))
        - certain
        - context["also_surnames"],
        openers=certain.union({"les"}, *(context[name] for name in _ANNOUNCING)),
        towns=(context["places"] | _communes()) - certain,
        certain=certain,
        first_names=certain | frozenset(plain(name) for name in names["ambiguous"].split()),
    )


def is_word(plain_form: str) -> bool:
    """True for a French word, given without accents; proper names are hardly among them.

    >>> is_word("patrouilles"), is_word("reellement"), is_word("dulhoste")
    (True, True, False)
    """
    words = _french_words()
    if plain_form in words or plain_form.endswith("ment") or plain_form.removesuffix("s") in words:
        return True
    parts = plain_form.split("-")
    return len(parts) > 1 and all(part in words for part in parts)


def is_borrowed_word(plain_form: str) -> bool:
    """True for an English word: « Street Art », « Big Data » are no names."""
    return plain_form in _english_words()


@lru_cache(maxsize=1)
def cues() -> frozenset[str]:
    """Return the words that make a text without capitals worth reading."""
    known = lexicon()
    return (
        known.titles
        | known.ranks
        | known.naming
        | frozenset(name for name in known.certain if not is_word(name))
    )


@lru_cache(maxsize=1)
def readable_first_words() -> frozenset[str]:
    """Return the words such a name begins with: without one of them, the pattern need not be tried."""
    return frozenset(
        plain(re.split(r"[ .]", phrase)[0]) for phrase in _read("person_context.yml")["readable"]
    )


@lru_cache(maxsize=1)
def readable_pattern() -> re.Pattern[str]:
    """Return a pattern of the names that stand for anyone, a product or a figure of fiction."""
    phrases = sorted(map(re.escape, _read("person_context.yml")["readable"]), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?:['’]?s)?(?!\w)", re.IGNORECASE)


def _communes() -> frozenset[str]:
    names = [name.removeprefix("L'").removeprefix("Le ").removeprefix("La ") for name in shipped_names()]
    return frozenset(map(plain, names))


def _read(file: str) -> dict[str, Any]:
    return read_yaml(__package__, file)


@lru_cache(maxsize=1)
def _french_words() -> frozenset[str]:
    forms = DefaultDictionaryFactory().get_dictionary("fr")
    listed = frozenset(
        plain(str(form)) for form in forms if len(str(form)) > 1 and not str(form)[0].isupper()
    )
    return listed.union(_read("person_context.yml")["more_words"])


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    return frozenset(str(form) for form in DefaultDictionaryFactory().get_dictionary("en"))
