"""Which asks are one demand: an action and an object, each with its synonyms, inflections and nouns; negations kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from psq_analysis.demands.asking import Ask, asking_words
from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma


class Subject(NamedTuple):
    """What is asked, in the words of ``vocabulary.yml`` or, for what it does not know, in lemmas."""

    is_negative: bool
    action: str  # "" where a thing is wanted, or more of it
    object: str  # "" where the action is understood without it


@dataclass(frozen=True)
class Vocabulary:
    """The synonyms of ``vocabulary.yml``, by word."""

    verbs: dict[str, str]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    contrary: dict[str, str]
    named: frozenset[str]
    alone: frozenset[str]
    objects: tuple[tuple[tuple[str, ...], str], ...]
    classes: frozenset[str]
    generic: frozenset[str]
    actors: frozenset[str]
    empty: frozenset[str]
    troubles: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Return the synonyms, the longest expressions first."""
    words = read_yaml("psq_analysis.demands", "vocabulary.yml")
    concerns = read_yaml("psq_analysis.demands", "concerns.yml")
    by_part = {
        part: {str(word): name for name, kinds in words["actions"].items() for word in kinds.get(part, ())}
        for part in ("verbs", "nouns", "adjectives", "contrary")
    }
    objects = [(tuple(str(words).split()), name) for name, many in words["objects"].items() for words in many]
    troubles = (one for many in concerns["troubles"].values() for one in many)
    return Vocabulary(
        **by_part,
        named=frozenset(words["actions"]),
        alone=frozenset(name for name, kinds in words["actions"].items() if kinds.get("alone")),
        objects=tuple(sorted(objects, key=lambda one: -len(one[0]))),
        classes=frozenset(words["objects"]),
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
    is_light = not ask.action or ask.action in asking_words()["light"]
    fixed = _contrary(ask, is_light, known) or _expression(ask, known)
    if fixed:
        return fixed
    if is_light:
        return _wanted(ask, known)
    return None if ask.action in known.empty else _done(ask, known)


def _contrary(ask: Ask, is_light: bool, known: Vocabulary) -> Subject | None:
    """« Ne rien laisser passer », « pas de laxisme »: the contrary of a word is an action of its own."""
    if not ask.is_negative:
        return None
    lone = ask.object if is_light and ask.object else ask.action
    first = ask.complements[0] if ask.complements else ""
    words = (f"{ask.action} {first}", f"{ask.action} {ask.object}".strip(), lone, ask.object)
    name = next((known.contrary[word] for word in words if word in known.contrary), "")
    return Subject(False, name, "") if name else None


def _expression(ask: Ask, known: Vocabulary) -> Subject | None:
    """An action said in two words: « tolérance zéro », « rendre compte »."""
    pairs = (
        *(f"{ask.object} {one}" for one in ask.complements),
        f"{ask.action} {ask.object}",
        *(f"{ask.action} {one}" for one in ask.complements),
    )
    for word in pairs:
        name = known.nouns.get(word) or known.verbs.get(word) or known.adjectives.get(word)
        if name:
            return Subject(ask.is_negative, name, "")
    return None


def _done(ask: Ask, known: Vocabulary) -> Subject | None:
    """An action that is more than wanting: « sanctionner », « éclairer la gare »."""
    action, thing = ask.action, ask.object
    name = known.verbs.get(action) or known.adjectives.get(action) or known.nouns.get(action) or action
    if name not in known.named and not thing:
        return None if action in known.generic else Subject(ask.is_negative, action, "")
    if not thing or thing in known.generic or thing in known.empty:
        needs_object = name in known.named and name not in known.alone and name != "respecter"
        return None if needs_object else _settled(Subject(ask.is_negative, name, ""), known)
    return _settled(Subject(ask.is_negative, name, _object(thing, ask.complements, known)), known)


def _wanted(ask: Ask, known: Vocabulary) -> Subject | None:
    """A thing is wanted, or more of it: « mettre des caméras », « plus de sanctions »."""
    thing = ask.object or (ask.action if ask.action not in asking_words()["light"] else "")
    if not thing or thing in known.empty:
        return None
    name = known.nouns.get(thing) or known.adjectives.get(thing)
    if name:
        objects = [_object(one, (), known) for one in ask.complements if one not in known.empty]
        if name in known.alone:  # « des sanctions plus sévères » says how, not what
            objects = [one for one in objects if one in known.classes]
        return _settled(
            Subject(ask.is_negative, name, next((one for one in objects if one not in known.generic), "")),
            known,
        )
    thing_class = _object(thing, ask.complements, known)
    if thing in known.generic or thing_class in known.generic or thing_class == "autrui":
        return None
    if not ask.action and (thing in known.troubles or (ask.is_bare and thing_class in known.actors)):
        return None
    return Subject(ask.is_negative, "", thing_class)


def _object(thing: str, complements: Iterable[str], known: Vocabulary) -> str:
    """The class of an object, by its noun and what specifies it; the noun itself where no class holds it."""
    said = {thing, *complements}
    return next(
        (name for words, name in known.objects if words[0] == thing and said.issuperset(words)), thing
    )


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
