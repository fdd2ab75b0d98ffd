"""Where a respondent is, as written: place cells are cut into commune, postcode, EPCI, département; nothing is resolved."""

from __future__ import annotations

import re
from functools import cache

from psq_analysis.packaged import read_yaml
from psq_analysis.places.communes import shipped_names
from psq_analysis.sources.vocabulary import plain

MANY_DEPARTMENTS = (
    5  # a national survey: a column of numbers then surely lost the zeros of the départements 01 to 09
)

_POSTCODE_INSIDE = re.compile(r"(?<!\d)(\d{2}[\s\u00a0\u202f]?\d{3})(?!\d)")
_ADDRESS = re.compile(r"(?<!\d)(\d{5})\s+([^,;\d]{2,60})")
_DITTO = {"idem", "id", "ditto", "dito", "meme commune", "meme lieu", "le meme"}
LONGEST_DITTO = 20  # « même commune » and the like
_DITTO_MARKS = {'"', "''", "″", "〃", "“", "”", "»", "« »", '-"-', "//", "'' ''", '""'}
_EPCI = re.compile(
    r"\b(?:communaute (?:de communes?|d agglomeration|urbaine)|agglomeration|cdc|cc|ca|metropole|epci)\b"
)
_REFUSED = re.compile(
    r"\b(?:ne (?:souhaite|veux|desire) pas|prefere ne pas|sans reponse|anonyme|confidentiel)\b"
)
_NAME = r"(?:L[ae]s?\s+|L['’])?[A-ZÉÈÎÂ][\w'’-]+(?:[\s-](?:[a-zéè]{1,3}[\s-])?[A-ZÉÈÎ][\w'’-]+)*"
_AFTER_QUALITY = re.compile(
    r"\b(?i:maire|adjointe?|mairie|élue?|habitante?s?|brigade|commissariat|commerçante?s?|conseill\w+ municipal\w*|municipale?)"
    r"\s+(?:de la commune\s+)?(?:de\s+|d['’]|du\s+(?=[A-ZÉÈ]))(?P<place>" + _NAME + ")"
)
_EMPTY = {
    "",
    "nc",
    "na",
    "n a",
    "ns",
    "nsp",
    "inconnu",
    "inconnue",
    "non renseigne",
    "non renseignee",
    "autre",
    "aucune",
}


@cache
def _department_names() -> dict[str, str]:
    data = read_yaml("psq_analysis.places", "departments.yml")
    left_out = {plain(name) for name in data["also_communes"]}
    return {plain(name): code for code, name in data["departments"].items() if plain(name) not in left_out}


@cache
def commune_names() -> frozenset[str]:
    """Names of the communes of the small table shipped with the project, as plain words."""
    return frozenset(map(plain, shipped_names()))


def is_ditto(text: str) -> bool:
    """Tell whether a cell says « same as above ».

    >>> is_ditto("idem"), is_ditto('"'), is_ditto("Auch")
    (True, True, False)
    """
    stripped = text.strip()
    return len(stripped) <= LONGEST_DITTO and (stripped in _DITTO_MARKS or plain(stripped) in _DITTO)


def split_place(text: str) -> dict[str, str]:
    """Cut a place as written into the fields it holds: commune, postcode, epci, department.

    >>> split_place("Auch (32000)")
    {'postcode': '32000', 'commune': 'Auch'}
    >>> split_place("Avenue de la Gare, 32100 Condom, France")
    {'postcode': '32100', 'commune': 'Condom'}
    >>> split_place("Gers"), split_place("CC Bastides de Lomagne")
    ({'department': 'Gers'}, {'epci': 'CC Bastides de Lomagne'})
    """
    place = " ".join(text.split())
    if plain(place) in _EMPTY or _REFUSED.search(plain(place)):
        return {}
    found: dict[str, str] = {}
    address = _ADDRESS.search(place)
    inside = _POSTCODE_INSIDE.search(place)
    if address and "," in place:
        found["postcode"], place = address[1], address[2].strip()
    elif inside:
        found["postcode"] = re.sub(r"\s", "", inside[1])
        place = (place[: inside.start()] + " " + place[inside.end() :]).strip(" ()-–—,;/")
        place = " ".join(re.sub(r"\(\s*\)", "", place).split())
    if not place or plain(place) in _EMPTY or "," in place:
        name = place.split(",")[-1].strip() if "," in place and not address else place
        place = "" if "," in place and plain(name) in {"france", ""} else place
    words = plain(place)
    if not words:
        return found
    if words in _department_names() or re.fullmatch(
        r"(?:departement (?:du |de la |de l |des |de )?)?(?:\d{2}|2[ab]|97\d)", words
    ):
        found["department"] = place
    elif _EPCI.search(words):
        found["epci"] = place
    else:
        found["commune"] = place
    return found


def place_after_quality(quality: str) -> str | None:
    """Return the commune a quality names, or None.

    >>> place_after_quality("Maire de L'Isle-Jourdain"), place_after_quality("Une habitante")
    ("L'Isle-Jourdain", None)
    """
    found = _AFTER_QUALITY.search(quality)
    return found["place"] if found else None


def restore_leading_zeros(values: list[str], *, are_numbers: bool) -> list[str]:
    """Give codes of four digits their leading zero back, only where it is certain that it was lost.

    Certain means: the column is stored as numbers and covers many départements, or most of its codes have four digits and
    none of five begins with 0. One four-digit code among others is a misprint, and stays.

    >>> restore_leading_zeros(["1000", "1160", "01250"], are_numbers=False), restore_leading_zeros(["3226", "32000"], are_numbers=False)
    (['1000', '1160', '01250'], ['3226', '32000'])
    >>> restore_leading_zeros(["1000", "1160"], are_numbers=False)
    ['01000', '01160']
    """
    codes = [re.sub(r"[\s\u00a0\u202f.]", "", value) for value in values]
    full = [code for code in codes if re.fullmatch(r"\d{5}", code)]
    short = [code for code in codes if re.fullmatch(r"\d{4}", code)]
    none_kept = not any(code.startswith("0") for code in full)
    mostly_short = len(short) > len(full)
    many_departments = are_numbers and len({code[:2] for code in full}) >= MANY_DEPARTMENTS
    if not (short and none_kept and (mostly_short or many_departments)):
        return values
    return [
        "0" + code if re.fullmatch(r"\d{4}", code) else value
        for code, value in zip(codes, values, strict=True)
    ]
