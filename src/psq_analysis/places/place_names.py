"""What a written place holds: a name, a code, a postcode, a département."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache

from psq_analysis.packaged import read_text, read_yaml
from psq_analysis.places.communes import CODE as INSEE_CODE
from psq_analysis.places.communes import (
    department_of,
    load_former_names,
    plain_name,
    plain_names,
    shipped_names,
)

SHORT_NAME, LONG_NAME = (
    5,
    9,
)  # one slip is forgiven from 5 letters (« Mirrande »), two from 9: shorter names differ by less
_ARTICLE = re.compile(r"^(?:le|la|les|l) ")
_ARRONDISSEMENT_CODES = {"751": "75056", "6938": "69123", "132": "13055"}
# 75000 is no postcode, yet people write it
ARRONDISSEMENT_POSTCODES = re.compile(
    r"(?:75|69|13)000|75(?:0(?:0[1-9]|1\d|20)|116)|6900[1-9]|130(?:0[1-9]|1[0-6])"
)
ARRONDISSEMENT_CITIES = {"75": "75056", "69": "69123", "13": "13055"}
ARRONDISSEMENT_NAME = re.compile(
    r"(paris|lyon|marseille)(?: (?:\d{1,2}|[ivx]+)(?: ?(?:e|er|eme|ieme|nd))?)?(?: ?arr(?:ondissement|dt)?)?"
)
SEPARATORS = re.compile(r"[(),;:/+&]|\s[-–—]\s|\s(?:et|ou)\s")
_DEPARTMENT_LEAD = re.compile(r"^(?:departement |ile (?=de ))?(?:de la |de l |des |du |de |d )?")
_OTHER_POSTCODES = {
    "97133": "977",
    "97150": "978",
}  # islands that kept the postcodes they had within Guadeloupe
_EPCI_LEAD = re.compile(
    r"^(?:cc|ca|cu|cdc|epci|communaute (?:de communes|d agglomeration|urbaine)|metropole|agglomeration|agglo)"
    r"(?: (?:de la|de l|de|du|des|d))? "
)


@cache
def department_codes() -> dict[str, str]:
    return {
        plain_name(name): str(code)
        for code, name in read_yaml(__package__, "departments.yml")["departments"].items()
    }


@cache
def commune_names() -> frozenset[str]:
    """Return the names of all communes, former ones included, as plain words, with and without their article.

    >>> {"vic fezensac", "l isle jourdain", "isle jourdain", "barbotan les thermes"} <= commune_names()
    True
    """
    names = {*plain_names(shipped_names()), *load_former_names()["name"], *collectivity_communes()}
    bare = {_ARTICLE.sub("", name, count=1) for name in names}
    return frozenset(
        names | {name for name in bare if len(name) > SHORT_NAME and name not in department_names()}
    )


@cache
def towns_like_departments() -> frozenset[str]:
    """Return the names that are said of a town before the département of the same name: Paris, Mayenne."""
    return frozenset(map(plain_name, read_yaml(__package__, "departments.yml")["also_communes"]))


@cache
def department_names() -> frozenset[str]:
    """Return the names of the départements and overseas collectivities as plain words, with and without « la »."""
    return frozenset(department_codes()) | {name.removeprefix("la ") for name in department_codes()}


@cache
def collectivity_communes() -> dict[str, str]:
    """Return the département code of the communes of the overseas collectivities, which the density grid leaves out."""
    rows = csv.DictReader(read_text(__package__, "collectivities.csv").splitlines())
    return {plain_name(row["name"]): row["department_code"] for row in rows}


@cache
def words_around() -> dict[str, frozenset[str]]:
    return {place: frozenset(words) for place, words in read_yaml(__package__, "commune_words.yml").items()}


def bare_name(name: str) -> str:
    """Take off the words around the name of a commune.

    >>> bare_name("centre bourg de mielan"), bare_name("auch nord"), bare_name("la ville")
    ('mielan', 'auch', 'la ville')
    """
    around, words = words_around(), name.split()
    end = len(words)
    while end > 1 and words[end - 1] in around["after"]:
        end -= 1
    start = next((at for at in range(end) if words[at] not in around["before"] | around["joining"]), end)
    if not set(words[:start]) & around["before"]:
        start = 0
    bare = words[start:end]
    return " ".join(bare) if set(bare) - around["joining"] else name


def _without_article(name: str) -> str:
    return _ARTICLE.sub("", name, count=1)


def compact(name: str) -> str:
    return _without_article(name).replace(" ", "")


def epci_name(text: str) -> str:
    return _EPCI_LEAD.sub("", plain_name(re.sub(r"\(.*?\)", "", text)))


def only_one(values: Iterable[str]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def department_written(text: str) -> str | None:
    name = _DEPARTMENT_LEAD.sub("", plain_name(text))
    number = re.fullmatch(r"\d{1,2}|2[ab]|9[78]\d", name)
    if number:
        return only_one({number[0].upper().zfill(2)} & set(department_codes().values()))
    names = {_without_article(known): code for known, code in department_codes().items()}
    return names.get(_without_article(name))


def department_of_postcode(postcode: str) -> str | None:
    if postcode in _OTHER_POSTCODES:
        return _OTHER_POSTCODES[postcode]
    corsican = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}.get(postcode[:3])
    return only_one({corsican or department_of(postcode)} & set(department_codes().values()))


def insee_code(insee: str) -> str:
    code = re.sub(r"\s", "", insee).upper()
    if not INSEE_CODE.fullmatch(code):
        return ""
    return next((city for start, city in _ARRONDISSEMENT_CODES.items() if code.startswith(start)), code)


def postcode_and_name(postcode: str, commune: str) -> tuple[str, str]:
    digits = re.sub(r"\s", "", postcode)
    inside = re.search(r"(?<!\d)(\d{5})(?!\d)", commune)
    if inside:
        commune = f"{commune[: inside.start()]} {commune[inside.end() :]}"
        digits = digits if re.fullmatch(r"\d{5}", digits) else inside[1]
    commune = re.sub(r"\bcedex\b(?:\s*\d{1,2})?", "", commune, flags=re.IGNORECASE)
    return (digits if re.fullmatch(r"\d{5}", digits) else ""), commune.strip(" -–—,;()/")


def split_department(name: str) -> tuple[str, str | None]:
    """Cut the département off a name.

    >>> split_department("montreal du gers"), split_department("condom 32"), split_department("auch")
    (('montreal', '32'), ('condom', '32'), ('auch', None))
    """
    words = name.split()
    for cut in range(1, len(words)):
        tail = " ".join(words[cut:])
        department = department_written(re.sub(r"^(?:dans |en )", "", tail))
        if department:
            return " ".join(words[:cut]), department
    return name, None
