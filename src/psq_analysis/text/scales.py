"""Answers of closed questions in their order: degrees, frequencies, numbers; and what gives no opinion."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import folded

# A step of a scale without a degree (« satisfait ») stands between « plutôt » and « très ».
PLAIN_DEGREE = 2.0
# « moins de 2 » stands before « 2 à 5 », « plus de 20 » after « 11 à 20 ».
BESIDE = 0.5
_DIGITS = re.compile(r"\d+")


@cache
def _words() -> dict[str, Any]:
    return read_yaml(__package__, "scales.yml")


def plain_answer(value: str) -> str:
    """Return an answer as answers are compared: no case, accent nor punctuation.

    >>> plain_answer("  Plutôt d’accord. ")
    'plutot d accord'
    """
    return " ".join(re.findall(r"[a-z0-9]+", folded(value)))


def is_unsure(value: str) -> bool:
    """Tell whether an answer gives no opinion, or another one than those listed.

    >>> is_unsure("Ne sait pas"), is_unsure("NSP / sans réponse"), is_unsure("Pas du tout")
    (True, True, False)
    """
    plain = plain_answer(value)
    return plain in _words()["unsure"] or any(
        plain_answer(part) in _words()["unsure"] for part in value.split("/")
    )


def says_several(question: str) -> bool:
    """Tell whether a question says that several answers may be chosen.

    >>> says_several("Vos priorités ? (3 choix maximum)"), says_several("Votre priorité ?")
    (True, False)
    """
    return _holds(plain_answer(question), _words()["more_than_one"])


def asks_where(question: str) -> bool:
    """Tell whether a question asks where people live or work.

    >>> asks_where("Dans quelle commune habitez-vous ?"), asks_where("Votre ancienneté")
    (True, False)
    """
    return _holds(plain_answer(question), _words()["places"])


def in_order(values: Collection[str]) -> list[str] | None:
    """Return the answers of a scale in its order, what gives no opinion last; None where they are no scale.

    Opinions and frequencies go from the strongest to the weakest, numbers upwards.

    >>> in_order(["Pas du tout satisfait", "Ne sait pas", "Plutôt satisfait", "Très satisfait", "Plutôt pas satisfait"])
    ['Très satisfait', 'Plutôt satisfait', 'Plutôt pas satisfait', 'Pas du tout satisfait', 'Ne sait pas']
    >>> in_order(["Plus de 20 ans", "De 2 à 5 ans", "Moins de 2 ans", "De 6 à 20 ans"])
    ['Moins de 2 ans', 'De 2 à 5 ans', 'De 6 à 20 ans', 'Plus de 20 ans']
    >>> in_order(["Bruit et incivilités", "Cambriolages"]) is None
    True
    """
    told = [value for value in values if not is_unsure(value)]
    unsure = [value for value in values if is_unsure(value)]
    for rank, sign in ((_number, 1), (_degree, -1)):
        ranks = {value: rank(plain_answer(value)) for value in told}
        known = {value: sign * one for value, one in ranks.items() if one is not None}
        if len(known) == len(told) and len(set(known.values())) > 1:
            return [*sorted(told, key=known.__getitem__), *unsure]
    return None


def _number(plain: str) -> float | None:
    words = [_words()["numbers"].get(word, word) for word in plain.split()]
    numbers = [float(word) for word in words if _DIGITS.fullmatch(str(word))]
    if not numbers or not any(map(str.isdigit, plain.split())):
        return None
    unit = next((_words()["units"][word] for word in plain.split() if word in _words()["units"]), 1.0)
    if _holds(plain, _words()["less"]):
        return (numbers[0] - BESIDE) * unit
    return (numbers[-1] + BESIDE if _holds(plain, _words()["more"]) else numbers[0]) * unit


def _degree(plain: str) -> float | None:
    wholes = _words()["wholes"]
    if plain in wholes:
        return float(wholes[plain])
    if plain.startswith("ni "):
        return 0.0
    found = _longest(plain, _words()["degrees"])
    is_positive, is_negative = (_holds(plain, _words()[side]) for side in ("positive", "negative"))
    if is_negative:
        return -_words()["degrees"][found] if found else -PLAIN_DEGREE
    if is_positive:
        return float(_words()["degrees"][found]) if found else PLAIN_DEGREE
    whole = _longest(plain, wholes)
    if found and whole in ("oui", "non", None):
        rest = _longest(plain.removeprefix(f"{whole} "), _words()["degrees"])
        return float(_words()["degrees"][rest or found])
    return float(wholes[whole]) if whole else None


def _longest(plain: str, expressions: Collection[str]) -> str | None:
    """The longest of the expressions that ``plain`` holds as whole words."""
    held = [one for one in expressions if _holds(plain, [one])]
    return max(held, key=len, default=None)


def _holds(plain: str, expressions: Collection[str]) -> bool:
    return any(f" {one} " in f" {plain} " for one in expressions)
