"""Quotes that must be read by a person first: they accuse somebody who can be recognised, or say of whom and where they come.

Rules over words kept as data. They look for one recognisable person (a placeholder, « mon voisin du 12 », « le maire », « un
adjudant de la brigade de Mirande ») and for what accuses (an offence, a misconduct, an insult) in one sentence or the next. A quote
wrongly held costs another choice; one wrongly published cannot be taken back: in doubt the rules hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from psq_analysis.packaged import read_yaml
from psq_analysis.places.communes import load_communes
from psq_analysis.text.plain import without_accents

# « Il deale » belongs to the person of the sentence before.
_POINTS_BACK = re.compile(
    r"\b(?:il|elle|lui|celui|celle|celui-ci|celle-ci|c'est|cet?te?|qui|l'a|son|sa|ses|dernier)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;!?\n]+[.;!?\n]*")
_ABBREVIATION = re.compile(r"\b(M|MM|Mr|Mme|Mlle|Dr|Me|St|Ste|n|av|bd)\.(?=\s)")
# A complement that says which one: « du 12 », « d'en face », « de la brigade », « qui habite ».
_WHICH_ONE = (
    r"(?:\s[\w'-]+){0,2}?\s(?:du|de\sla|de\sl'|de|d'|des|au|aux|a\sla|a\scote|a|chez|qui|numero|n°)\s?[\w'-]+"
)
_PROPER_NOUN = re.compile(r"\b(?:a|de|d'|du|sur|pour)\s?(?:la\s|les\s|l')?[A-Z][a-z]{2,}")
_WORD, _WORD_AT = re.compile(r"\w"), re.compile(r"\w+")
_OF_A_PLACE = r"(?:\s[\w'-]+){0,5}?\s(?:de|du|d'|a|des|au|de\sla)\s?(?-i:[A-Z])[\w'-]+"


def accuses(text: str) -> bool:
    """Tell whether a text accuses or insults a named or recognisable person.

    >>> [accuses(text) for text in ("Mon voisin du 12 deale devant l'école.", "Les dealers sont revenus.", "Le maire lutte contre les dealers.")]
    [True, False, False]
    """
    designated_before = False
    for sentence in _sentences(text):
        designated = designates(sentence)
        points_back = designated_before and _POINTS_BACK.search(sentence) is not None
        if (designated or points_back) and _accusing(sentence):
            return True
        designated_before = designated or (designated_before and points_back)
    return False


def designates(text: str) -> bool:
    """Tell whether a text points at one person who can be recognised: named (a placeholder), near, or one of a kind.

    >>> [designates(text) for text in ("[PERSONNE 1] passe souvent", "le boulanger", "un gendarme", "un gendarme de Mirande")]
    [True, True, False, True]
    """
    return _rules().designation.search(_bare(text)) is not None


def blames(text: str) -> bool:
    """Tell whether a text holds an offence, a misconduct or an insult somebody is said to be guilty of, whoever it is."""
    return any(_accusing(sentence) for sentence in _sentences(text))


def tells_place_and_function(text: str) -> bool:
    """Tell whether a text gives together a commune and the function of one person.

    >>> tells_place_and_function("Je suis infirmière à Mirande."), tells_place_and_function("Les infirmières de Mirande sont inquiètes.")
    (True, False)
    """
    bare = _bare(text)
    return _rules().function.search(bare) is not None and _names_a_commune(bare)


def must_be_reviewed(text: str, *, remark: str | None = None) -> bool:
    """Tell whether a quote is to be held for review; ``remark`` is the whole from which it is cut.

    A part that accuses is held when the whole says whom.

    >>> must_be_reviewed("Il deale tous les soirs.", remark="Mon voisin du 12 fait du bruit. Il deale tous les soirs.")
    True
    """
    if accuses(text) or tells_place_and_function(text):
        return True
    return remark is not None and accuses(remark) and (designates(text) or blames(text))


class _Rules(NamedTuple):
    designation: re.Pattern[str]
    function: re.Pattern[str]
    accusing: re.Pattern[str]
    not_accusing: re.Pattern[str]


def _accusing(sentence: str) -> bool:
    return _rules().accusing.search(_rules().not_accusing.sub(" ", sentence)) is not None


def _sentences(text: str) -> Iterator[str]:
    yield from (match[0] for match in _SENTENCE.finditer(_ABBREVIATION.sub(r"\1", _bare(text))))


def _bare(text: str) -> str:
    """Take accents off and straighten apostrophes; capitals stay.

    >>> _bare("L’élu d’Eauze")
    "L'elu d'Eauze"
    """
    return without_accents(text.replace("’", "'"))


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    words = read_yaml(__package__, "accusations.yml")
    before = f"(?:(?:{_any(words['before_the_noun'])})[\\s-])?"
    near, unique = _any(words["near"]), _any(words["one_of_a_kind"])
    labels = "|".join(_bare(label) for label in words["placeholders"])
    definite = rf"(?:{_any(words['definite'])})(?:\s|(?<='))"
    designation = (
        rf"(?-i:\[(?:{labels}) \d+\])",
        rf"\b(?:{_any(words['said_to_be'])})\b",
        rf"\b(?:{_any(words['possessives'])})\s{before}(?:{near}|{unique})\b",
        rf"(?<![\w'])(?:{definite})\s?{before}(?:{unique})\b",
        rf"(?<![\w'])(?:{definite})\s?{before}(?:{near})\b{_WHICH_ONE}",
        rf"\b(?:{_any(words['indefinite'])})\s{before}(?:{near}|{unique})\b{_OF_A_PLACE}",
    )
    accusing = [
        rf"\b(?:{_any(words['accusing'])})\b",
        *(rf"\b{phrase}" for phrase in words["accusing_phrases"]),
    ]
    return _Rules(
        designation=re.compile("|".join(designation), re.IGNORECASE),
        function=re.compile(rf"\b(?:{unique}|gendarme|policier|policiere|agent|agente|agriculteur|agricultrice|commercant|commercante|eleveur)\b", re.IGNORECASE),
        accusing=re.compile("|".join(accusing), re.IGNORECASE),
        not_accusing=re.compile("|".join(rf"\b{phrase}" for phrase in words["not_accusing"]), re.IGNORECASE),
    )  # fmt: skip


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(map(str, words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s") for word in longest_first)


def _names_a_commune(bare: str) -> bool:
    """Tell whether a text holds the name of a commune of the shipped table, or any proper noun after « à », « de »."""
    if _PROPER_NOUN.search(bare):
        return True
    return any(
        bare.startswith(name, word.start()) and not _WORD.match(bare, word.start() + len(name))
        for word in _WORD_AT.finditer(bare)
        for name in _communes().get(word[0], ())
    )


@lru_cache(maxsize=1)
def _communes() -> dict[str, list[str]]:
    """Names of communes as written in a text, by their first word: one pattern of them all takes over a second to compile."""
    by_first_word: dict[str, list[str]] = {}
    for name in {_bare(name) for name in load_communes()["name"]}:
        by_first_word.setdefault(_WORD_AT.findall(name)[0], []).append(name)
    return by_first_word
