"""How a word or phrase is written where it stands in a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse

from psq_analysis.text.content_words import (
    ContentWords,
    best_written,
    stop_words,
    surface_forms,
)
from psq_analysis.text.lexical_fields import load_fields
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import Token, lemma, lemmatise

# A word found mostly inside one phrase is shown as that phrase.
MOSTLY = 0.5
# Texts read to learn how a term is written; spelling varies little beyond.
TEXTS_READ = 150
_PARTICIPLE = ("é", "ée", "és", "ées", "i", "ie", "is", "ies", "u", "ue", "us", "ues")
_INFINITIVE = ("er", "ir", "re", "oir")
# Endings of adverbs; « signalement » and « comportement » are nouns.
_ADVERB = re.compile(r"(?:ique|able|ible|ive|euse|am|em)ment$")
_SAME_FAMILY_LETTERS = 4  # shorter beginnings meet by accident (cite, citer)


@cache
def naming_terms() -> dict[str, frozenset[str]]:
    """What names a lexical field, and how: nouns, although a verb may be written alike (« une patrouille », « il patrouille »)."""
    spelt: dict[str, set[str]] = {}
    for field in load_fields():
        for (term, _), expression in zip(field.shown, field.expressions, strict=True):
            spelt.setdefault(term, set()).add(expression.lower())
    return {term: frozenset(forms) for term, forms in spelt.items() if term not in stop_words()["lone"]}


def rows_of_terms(inside: sparse.csc_matrix, term: int) -> np.ndarray:
    return inside.indices[inside.indptr[term] : inside.indptr[term + 1]]


def same_family(one: str, two: str) -> bool:
    """True for words that share a root, roughly: sanction and sanctionner, éduquer and éducation."""
    if one == two:
        return True
    roots = [word.replace("qu", "c").replace("ge", "g") for word in (one, two)]
    shared = next((n for n, (a, b) in enumerate(zip(*roots, strict=False)) if a != b), min(map(len, roots)))
    return shared >= _SAME_FAMILY_LETTERS and 2 * shared > min(map(len, roots))


@dataclass(frozen=True)
class Writer:
    """How the ideas of a cluster write a term."""

    inside: sparse.csc_matrix
    words: ContentWords
    rows: np.ndarray
    texts: Sequence[str]

    def commonest(self) -> str:
        """The word most ideas hold, whatever it is: where nothing better names them."""
        term = self.words.terms[int(np.asarray(self.inside.sum(axis=0)).argmax())]
        return surface_forms([term], [self.texts[row] for row in self.rows[:TEXTS_READ]]).get(term, term)

    def __call__(self, name: str) -> str | None:
        """Return the term as most ideas write it; None for a verb or a time alone and for a piece of a sentence."""
        known = name if name in self.words.number else " ".join(name.split()[:2])
        said = [
            self.texts[row]
            for row in self.rows[rows_of_terms(self.inside, self.words.number[known])[:TEXTS_READ]]
        ]
        surface = surface_forms([name], said).get(name)
        if surface is None:
            return None if " " in name else name
        if " " not in surface:
            return self._alone(name, surface, said)
        return None if any(map(_is_conjugated, re.split(r"[\s']+", surface))) else surface

    def _alone(self, name: str, surface: str, said: Sequence[str]) -> str | None:
        """The word, when it names something by itself: as the field it names is written (« le 17 »), and no adjective."""
        forms = naming_terms().get(name)
        if forms and not surface.isalpha():
            return min(forms)
        if forms:
            return _as_spelt(name, forms, said)
        return surface if _may_stand_alone(surface) and not _leans_on_a_noun(name, said) else None


def _is_spelt(word: str, forms: Collection[str]) -> bool:
    """Whether a word is one of the forms, inflected: « menacé » is no « menace », « élevés » are no « élèves ».

    >>> [_is_spelt(word, ["menace", "élèves"]) for word in ("menaces", "menacé", "eleves", "élevés")]
    [True, False, True, False]
    """
    plain = unaccent(word)
    meant = {lemma(form) for form in forms} | set(forms)
    return lemma(word) in meant or (word == plain and plain in {unaccent(form) for form in meant})


def _as_spelt(name: str, forms: Collection[str], texts: Sequence[str]) -> str | None:
    """The commonest spelling of a word with the accents of ``forms``; None when most texts write another word.

    >>> texts = ["Une menace", "Des menaces", "Ces menaces", "Il m'a menacé"]
    >>> _as_spelt("menace", ["menace"], texts), _as_spelt("menace", ["menace"], texts[3:])
    ('menaces', None)
    """
    written = Counter(
        token.surface.lower()
        for tokens in lemmatise(texts)
        for token in tokens
        if name in {unaccent(token.lemma), unaccent(token.surface), unaccent(token.surface).rstrip("sx")}
    )
    spelt = Counter({form: times for form, times in written.items() if _is_spelt(form, forms)})
    return best_written(spelt) if spelt.total() > MOSTLY * written.total() else None


def _leans_on_a_noun(name: str, texts: Sequence[str]) -> bool:
    """Whether a word mostly stands right after a noun, as an adjective does (« main courante », « lieux publics »).

    >>> _leans_on_a_noun("courant", ["Une main courante", "Ma main courante"]), _leans_on_a_noun("gardien", ["Des gardiens"])
    (True, False)
    """
    times = leaning = 0
    for text, tokens in zip(texts, lemmatise(texts), strict=True):
        places = [
            place
            for place, token in enumerate(tokens)
            if name in (unaccent(token.lemma), unaccent(token.surface))
        ]
        times += len(places)
        for place in filter(None, places):
            before, gap = tokens[place - 1], text[tokens[place - 1].end : tokens[place].start]
            leaning += _is_noun(before) and not gap.strip()
    return leaning > MOSTLY * times


def _is_noun(token: Token) -> bool:
    """Whether a word may be what an adjective goes with: neither grammar nor a verb."""
    plain = {unaccent(token.lemma), unaccent(token.surface)}
    word = token.surface.lower()
    is_verb = word.endswith(_INFINITIVE) and _is_infinitive(word)
    return (
        not plain & (stop_words()["grammar"] | stop_words()["joiners"])
        and not is_verb
        and not _is_conjugated(word)
    )


def _is_conjugated(word: str) -> bool:
    """Whether the word is a verb with a person (« paient »): neither infinitive nor participle.

    >>> [_is_conjugated(word) for word in ["paient", "payer", "jetés", "quartiers", "patrouilles"]]
    [True, False, False, False, False]
    """
    base, plain = unaccent(lemma(word)), unaccent(word)
    is_verb = base.endswith(_INFINITIVE) and not plain.startswith(base)
    return is_verb and not word.endswith(_PARTICIPLE)


def _may_stand_alone(word: str) -> bool:
    """Whether the word names something by itself: no verb in any form, no adverb, no time of the day or of the year.

    >>> [_may_stand_alone(word) for word in ["gardiens", "signalement", "porter", "change", "fermées", "récemment", "nuit"]]
    [True, True, False, False, False, False, False]
    """
    plain = unaccent(word)
    if {plain, unaccent(lemma(word))} & stop_words()["lone"] or _is_conjugated(word) or _ADVERB.search(plain):
        return False
    roots = [word.removesuffix(ending) for ending in _PARTICIPLE if word.endswith(ending)]
    infinitives = [f"{root}{ending}" for root in roots for ending in _INFINITIVE]
    infinitives += [word, f"{word}r", f"{word[:-2]}yer"]
    return not any(_is_infinitive(infinitive) for infinitive in infinitives)


def _is_infinitive(word: str) -> bool:
    """Whether the imperfect made of the word is known as a form of it (« porter », « portaient »)."""
    if not word.endswith(_INFINITIVE):
        return False
    root = word[:-2]
    forms = [f"{root}{ending}" for ending in ("aient", "issaient", "eaient", "ait", "ant", "ez")]
    forms.append(f"{word[:-3]}aient")  # apprendre, apprenaient
    return any(lemma(form) == word for form in forms)
