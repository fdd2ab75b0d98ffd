"""Where a respondent is, as written: place cells are cut into commune, postcode, EPCI, département; nothing is resolved."""

from __future__ import annotations

import re

from psq_analysis.places.place_names import department_names, towns_like_departments
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.vocabulary import plain

MANY_DEPARTMENTS = (
    5  # a national survey: a column of numbers then surely lost the zeros of the départements 01 to 09
)

_TYPED_POSTCODE = re.compile(r"^(?:F-?|FR-?\s?)?(\d{2})[ .\u00a0\u202f]?(\d{3})(?:[.,]0)?[\s–-]*([^\d,;(]*)$")
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


def is_ditto(text: str) -> bool:
    """Tell whether a cell says « same as above ».

    >>> is_ditto("idem"), is_ditto('"'), is_ditto("Auch")
    (True, True, False)
    """
    stripped = text.strip()
    return len(stripped) <= LONGEST_DITTO and (stripped in _DITTO_MARKS or plain(stripped) in _DITTO)


def split_place(text: str) -> dict[str, str]:  # noqa: PLR0911 (one line a kind of place)
    """Cut a place as written into the fields it holds: commune, postcode, epci, department.

    >>> split_place("Auch (32000)")
    {'commune': 'Auch', 'postcode': '32000'}
    >>> split_place("Avenue de la Gare, 32100 Condom, France")
    {'postcode': '32100', 'commune': 'Condom'}
    >>> split_place("Gers"), split_place("CC Bastides de Lomagne")
    ({'department': 'Gers'}, {'epci': 'CC Bastides de Lomagne'})
    """
    place = " ".join(text.split())
    words = plain(place)
    if words in _EMPTY or _REFUSED.search(words):
        return {}
    if words in department_names() or re.fullmatch(
        r"(?:departement (?:du |de la |de l |des |de )?)?(?:\d{2}|2[ab]|97\d|98\d)", words
    ):
        return {"commune": place} if words in towns_like_departments() else {"department": place}
    if _EPCI.search(words):
        return {"epci": place}
    typed = _TYPED_POSTCODE.match(place)
    if typed:
        return {
            "postcode": typed[1] + typed[2],
            **({"commune": typed[3].strip()} if typed[3].strip() else {}),
        }
    address = _ADDRESS.search(place)
    if address and "," in place:
        return {"postcode": address[1], "commune": address[2].strip()}
    line = read_line(place)
    if line.place or line.voice:
        return dict(line.place)
    return {"commune": place}


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
