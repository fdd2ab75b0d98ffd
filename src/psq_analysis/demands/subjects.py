"""Which asks are one demand: an action and an object, each with its synonyms, inflections and nouns; negations kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from psq_analysis.demands.asking import Ask, asking_words
from psq_analysis.features import lemma, unaccent


class Subject(NamedTuple):
    """What is asked, in the words of ``data/vocabulary.yml`` or, for what it does not know, in lemmas."""

    is_negative: bool
    action: str  # "" where a thing is wanted, or more of it
    object: str  # "" where the action is understood without it


@dataclass(frozen=True)
class Vocabulary:
    """The synonyms of ``data/vocabulary.yml``, by word."""

    verbs: dict[str, str]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    contrary: dict[str, str]
    named: frozenset[str]
    alone: frozenset[str]
    objects: tuple[tuple[tuple[str, ...], str], ...]
    generic: frozenset[str]
    actors: frozenset[str]
    empty: frozenset[str]
    troubles: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Return the synonyms, the longest expressions first."""
    folder = files("psq_analysis.demands") / "data"
    words = yaml.safe_load((folder / "vocabulary.yml").read_text(encoding="utf-8"))
    concerns = yaml.safe_load((folder / "concerns.yml").read_text(encoding="utf-8"))
    by_part = {
        part: {str(word): name for name, kinds in words["actions"].items() for word in kinds.get(part, ())}
        for part in ("verbs", "nouns", "adjectives", "contrary")
    }
    objects = [
        (tuple(str(words).split()), name) for name, many in words["objects"].items() for words in many
    ]
    troubles = (one for many in concerns["troubles"].values() for one in many)
    return Vocabulary(
        **by_part,
        named=frozenset(words["actions"]),
        alone=frozenset(name for name, kinds in words["actions"].items() if kinds.get("alone")),
        objects=tuple(sorted(objects, key=lambda one: -len(one[0]))),
        generic=frozenset(map(str, words["generic"])),
        actors=frozenset(words["actors"]),
        empty=frozenset(map(str, words["empty"])),
        troubles=frozenset(unaccent(lemma(one)) for one in troubles if one.isalpha()),
    )


def subject(ask: Ask) -> Subject | None:
    """Return the demand an ask belongs to; None where it names no action on anything (« faire quelque chose »).

    >>> from psq_analysis.demands.grammar import parse
    >>> from psq_analysis.demands.asking import asks
    >>> def read(text): return subject(asks(next(parse([text])))[0])
    >>> read("Plus de caméras") == read("Il faudrait installer des caméras"), read("Pas de caméras")
    (True, Subject(is_negative=True, action='', object='camera'))
    >>> read("Punir plus sévèrement") == read("Des sanctions")
    True
    """
    known = vocabulary()
    action, thing, negative = ask.action, ask.object, ask.is_negative
    is_light = not action or action in asking_words()["light"]
    if negative:
        for word in (f"{action} {ask.complements[0]}" if ask.complements else "", f"{action} {thing}".strip(), "" if is_light and thing else action, thing):
            if word in known.contrary:
                return Subject(False, known.contrary[word], "")
    for word in (*(f"{thing} {one}" for one in ask.complements), f"{action} {thing}", *(f"{action} {one}" for one in ask.complements)):
        name = known.nouns.get(word) or known.verbs.get(word) or known.adjectives.get(word)
        if name:
            return Subject(negative, name, "")
    if is_light:
        return _wanted(ask, known)
    if action in known.empty:
        return None
    name = known.verbs.get(action) or known.adjectives.get(action) or known.nouns.get(action) or action
    if name == action and not thing and action not in known.objects:
        return Subject(negative, action, "") if action not in known.generic else None
    if (not thing or thing in known.generic or thing in known.empty) and name in known.named and name not in known.alone:
        return _settled(Subject(negative, name, ""), known) if name == "respecter" else None
    if thing in known.generic or thing in known.empty:
        return Subject(negative, name, "")
    thing = _object(thing, ask.complements, known)
    return _settled(Subject(negative, name, thing), known)


def _wanted(ask: Ask, known: Vocabulary) -> Subject | None:
    """A thing is wanted, or more of it: « mettre des caméras », « plus de sanctions »."""
    thing = ask.object or (ask.action if ask.action not in asking_words()["light"] else "")
    if not thing or thing in known.empty:
        return None
    name = known.nouns.get(thing) or known.adjectives.get(thing)
    if name:
        objects = (_object(one, (), known) for one in ask.complements if one not in known.empty)
        return _settled(Subject(ask.is_negative, name, next((one for one in objects if one not in known.generic), "")), known)
    thing_class = _object(thing, ask.complements, known)
    if thing in known.generic or thing_class in known.generic or thing_class == "autrui":
        return None
    if not ask.action and (thing in known.troubles or (ask.is_bare and thing_class in known.actors)):
        return None
    return Subject(ask.is_negative, "", thing_class)


def _object(thing: str, complements: Iterable[str], known: Vocabulary) -> str:
    """The class of an object, by its noun and what specifies it; the noun itself where no class holds it."""
    said = {thing, *complements}
    return next((name for words, name in known.objects if words[0] == thing and said.issuperset(words)), thing)


def _settled(found: Subject, known: Vocabulary) -> Subject:
    """Bring together the ways to say some actions: an education in civics is taught, a public works sentence is wanted."""
    action, thing = found.action, found.object
    if action in ("eduquer", "enseigner") and thing in ("civisme", "respect", "valeur"):
        return found._replace(action="enseigner")
    if thing == "travail interet general":
        return found._replace(action="")
    if thing in ("peine", "sanction") and action in ("sanctionner", "fermete", "appliquer"):
        return found._replace(action="sanctionner", object="")
    if action == "respecter" and not thing:
        return found._replace(object="autrui")
    if action == thing or thing in known.generic:
        return found._replace(object="")
    return found
