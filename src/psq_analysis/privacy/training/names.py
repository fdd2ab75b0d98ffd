"""Names of invented people, from the lists of Faker (MIT licence), the first names of this project, and syllables.

Faker's lists are short, hand-made and per country; nobody's data stands behind them. Surnames of the South-West,
of Brittany, the Basque country and overseas are made of syllables, since a surname is best known by looking
like no word.
"""

from __future__ import annotations

import importlib
import random
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from psq_analysis.packaged import read_yaml
from psq_analysis.privacy.name_lexicon import also_surnames, is_word, lexicon, plain

# Lists of ``names.yml`` that stand beside Faker's, and the origin of the first names that go with them.
_WITH = {
    "reunion": "fr_FR", "antilles": "fr_FR", "west_africa": "yo_NG", "maghreb": "fr_DZ", "breton": "fr_FR", "gascon": "fr_FR",
    "elsewhere": "made",
}  # fmt: skip
# Origin → weight. The first half of the people of a French consultation bear names long usual in France.
ORIGINS = {
    "fr_FR": 12, "made": 16, "fr_DZ": 6, "pt_PT": 3, "es_ES": 3, "it_IT": 3, "tr_TR": 2, "pl_PL": 2, "ro_RO": 2,
    "vi_VN": 1, "en_GB": 3, "de_DE": 1, "nl_NL": 1, "hr_HR": 1, "en_NG": 1, "tw_GH": 1, "yo_NG": 1, "fr_CH": 1,
    "en_IN": 1, "ha_NG": 1, "sw": 1, "cs_CZ": 1, "ga_IE": 1,
    "reunion": 4, "antilles": 3, "west_africa": 4, "maghreb": 3, "breton": 2, "gascon": 5, "elsewhere": 4,
}  # fmt: skip
_FRENCH = ("fr_FR", "made", "gascon", "reunion", "antilles", "breton")
_OF_AFRICA = ("Ben ", "El ", "M'", "N'", "Aït ", "Ould ", "Bou")
_PARTICLES = {
    "pt_PT": ("Da ", "da ", "Dos ", "de ", "De "),
    "fr_DZ": _OF_AFRICA,
    "en_NG": _OF_AFRICA,
    "ha_NG": _OF_AFRICA,
}


class Person(NamedTuple):
    """A first name and a surname."""

    first: str
    last: str


def someone(chance: random.Random) -> Person:
    """Return a person; nearly always of one origin."""
    origin = chance.choices(list(ORIGINS), list(ORIGINS.values()))[0]
    other = _WITH.get(origin, origin) if chance.random() < 0.8 else ("fr_FR", "made")[chance.random() < 0.5]
    first = chance.choice(_first_names(other))
    if other in _FRENCH and chance.random() < 0.25:
        first = f"{first}-{chance.choice(_first_names('fr_FR'))}"
    return Person(first, _surname(origin, chance))


def village(chance: random.Random) -> str:
    """A hamlet, a quarter, a village nobody has heard of: « Castelarrigue », « Bordère-sur-Baloz », « le Moufiet »."""
    name = _made(chance).replace(" ", "")
    kind = chance.random()
    if kind < 0.2:
        return f"Saint-{chance.choice(_first_names('fr_FR'))}"
    if kind < 0.4:
        return f"{name}-{chance.choice(('sur', 'sous', 'lès', 'de', 'en'))}-{_made(chance).replace(' ', '')}"
    return f"{name}-{_made(chance).replace(' ', '')}" if kind < 0.5 else name


def eponym(chance: random.Random) -> str:
    """Whom a street, a school, a stop is named after: « Clément-Ader », « du Docteur Lacaze », « Jean Rostand »."""
    who = someone(chance)
    kind = chance.random()
    if kind < 0.15:
        rank = chance.choice(("Docteur", "Général", "Colonel", "Capitaine", "Abbé", "Maréchal", "Président"))
        return f"du {rank}{chance.choice('- ')}{who.last}"
    return f"{who.first}{'-' if kind < 0.65 else ' '}{who.last}"


def nickname(chance: random.Random) -> str:
    """« Momo », « Grand Sam », « Fouine »."""
    syllable = chance.choice(_pieces()["syllables"])
    short = (syllable * 2).capitalize()
    first = chance.choice(_first_names("fr_FR"))
    kind = chance.random()
    if kind < 0.3:
        return short
    if kind < 0.4:
        return first[: chance.choice((3, 4))] + chance.choice(("ou", "o", "i", "ette"))
    if kind < 0.75:
        return chance.choice(_pieces()["nicknames"])
    size = chance.choice(("Grand", "Petit", "Gros", "Vieux", "gros", "petit", "grand", "vieux"))
    return f"{size} {chance.choice((short, first))}"


def _surname(origin: str, chance: random.Random) -> str:
    """Return a surname: bare, double, with a particle, or one that is also a town or a trade."""
    kind = chance.random()
    last = _made(chance) if origin == "made" else chance.choice(_surnames(origin))
    if kind > 0.94 and origin in _FRENCH:
        last = chance.choice(_towns_and_trades())
    elif kind > 0.84 and origin in _FRENCH:
        last = chance.choice(_surname_words())
    elif kind > 0.8 and origin in _FRENCH:
        last = chance.choice(_first_names("fr_FR"))
    elif kind < 0.09:
        last = f"{last}-{_made(chance) if chance.random() < 0.5 else chance.choice(_surnames('fr_FR'))}"
    elif kind < 0.15 and origin in _FRENCH:
        particle = chance.choice(("de ", "d'", "Le ", "La ", "de La ", "Du ", "du ", "Des "))
        last = f"{particle}{last}" if particle != "d'" or last[0] in "AEIOUÉÈ" else f"de {last}"
    elif kind < 0.2 and origin in _PARTICLES:
        last = chance.choice(_PARTICLES[origin]) + last
    elif kind < 0.25 and origin == "vi_VN":
        last = f"{last} {chance.choice(('Van', 'Thi'))}"
    return last


def _made(chance: random.Random) -> str:
    head, tail = chance.choice(_pieces()["heads"]), chance.choice(_pieces()["tails"])
    middle = chance.choice(("", "", "a", "e", "ag", "al", "an", "ar", "er", "ill", "on", "our"))
    return (
        f"{head}{middle}{tail}"
        if middle or tail[0] not in "aeiouéè" or head[-1] not in "aeiou"
        else f"{head}r{tail}"
    )


def _pieces() -> dict[str, list[str]]:
    return read_yaml(__package__, "names.yml")  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _surname_words() -> tuple[str, ...]:
    return tuple(name.capitalize() for name in sorted(lexicon().surname_words))


@lru_cache(maxsize=1)
def _towns_and_trades() -> tuple[str, ...]:
    known = lexicon()
    return tuple(
        name.capitalize()
        for name in sorted(known.towns | also_surnames())
        if name.isalpha() and len(name) > 4
    )


@lru_cache(maxsize=64)
def _provider(origin: str) -> type:
    return importlib.import_module(f"faker.providers.person.{origin}").Provider  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _surnames(origin: str) -> tuple[str, ...]:
    if origin in _WITH:
        return tuple(_pieces()[origin])
    provider = _provider(origin)
    names: list[str] = []
    for attribute in ("last_names", "unisex_last_names", "last_names_male"):
        names += list(getattr(provider, attribute, ()))
    return _latin(name for name in names if name != "Doe")


@lru_cache(maxsize=64)
def _first_names(origin: str) -> tuple[str, ...]:
    if origin == "made":
        known = sorted(name for name in lexicon().first_names if not is_word(name))
        return tuple("-".join(part.capitalize() for part in name.split("-")) for name in known)
    provider = _provider(origin)
    names: list[str] = []
    for attribute in ("first_names", "first_names_male", "first_names_female"):
        names += list(getattr(provider, attribute, ()))
    return _latin(names)


def _latin(names: object) -> tuple[str, ...]:
    """Keep names in Latin letters that are no common word of French in disguise, in a fixed order."""
    kept = {
        unicodedata.normalize("NFC", str(name)).strip()
        for name in names  # type: ignore[attr-defined]
        if re.fullmatch(r"[A-ZÀ-ÝŁŠŽÇİŞ][^\W\d_'’]*(?:[ '’-][^\W\d_]+)*", str(name)) and len(str(name)) > 2
    }
    return tuple(sorted(name for name in kept if plain(name) not in {"alias", "marine", "claire-obscure"}))
