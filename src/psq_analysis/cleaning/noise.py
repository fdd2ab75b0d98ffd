"""Answers that say nothing by themselves: « RAS », « néant », « / », « voir plus haut »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from psq_analysis.packaged import read_yaml
from psq_analysis.text.plain import plain_words

EMPTY = "vide"
REFERENCE = "renvoi"

# Of 26,000 real answers the longest that says nothing has 13 words; a longer one need not be looked at.
MAX_NOISE_WORDS = 16
# « Idem que le maire de Barran » names its source in a few words; more words are a statement of their own.
MAX_SOURCE_WORDS = 5
_PLACEHOLDER = re.compile(r"\[[A-ZÉ]+ \d+\]")  # what masking leaves in place of a name, a telephone…
_SPELLED_OUT = re.compile(r"(?<![a-z0-9])(?:[a-z] ){1,3}[a-z](?![a-z0-9])")
_NUMBER = re.compile(r"\b(q|r|n|no)?\d{1,2}(?:e|re|er|ere|eme)?\b")
_LETTER_HELD = re.compile(r"([a-z])\1{2,}")
_ONE_LETTER_REPEATED = re.compile(r"([a-z])(?: ?\1)*")


def noise_kind(text: str) -> str | None:
    """Say why an answer says nothing.

    ``"vide"``: it is empty of content; ``"renvoi"``: it points to another answer; None: it says something.

    >>> answers = ("R.A.S.", "…", "cf. réponse précédente", "Rien. Personne ne passe le soir.")
    >>> [noise_kind(answer) for answer in answers]
    ['vide', 'vide', 'renvoi', None]

    So does one that holds nothing but who wrote it, once masked.

    >>> noise_kind("Mme [PERSONNE 1], tél. [TÉLÉPHONE 1]"), noise_kind("[PERSONNE 1] vend sur la place")
    ('vide', None)
    """
    words = plain_words(text)
    if not words:
        return None if any(char.isalpha() for char in text) else EMPTY
    if words.count(" ") >= MAX_NOISE_WORDS:
        return None
    if _ONE_LETTER_REPEATED.fullmatch(words) or _holds_only_masks(text):
        return EMPTY
    words = _SPELLED_OUT.sub(lambda letters: letters[0].replace(" ", ""), words)
    words = _LETTER_HELD.sub(r"\1\1", words)
    vocabulary = _vocabulary()
    if vocabulary.empty.covers(words):
        return EMPTY
    words = _NUMBER.sub(lambda number: f"{number[1]} 0" if number[1] else "0", words)
    if vocabulary.reference.covers(words) or vocabulary.names_its_source(words):
        return REFERENCE
    return None


def _holds_only_masks(text: str) -> bool:
    bare, masks = _PLACEHOLDER.subn(" ", text)
    return masks > 0 and _vocabulary().around_masks.issuperset(plain_words(bare).split())


def is_courtesy(text: str) -> bool:
    """True for a sentence that only greets, thanks or closes.

    >>> is_courtesy("Bon courage à eux."), is_courtesy("Plus de patrouilles.")
    (True, False)
    """
    return _vocabulary().courtesy.covers(plain_words(text))


@dataclass(frozen=True)
class _Lexicon:
    """Phrases that say it, and the words that may stand around them."""

    says: re.Pattern[str]
    words: frozenset[str]

    def covers(self, words: str) -> bool:
        return self.words.issuperset(words.split()) and bool(self.says.search(words))


@dataclass(frozen=True)
class _Vocabulary:
    empty: _Lexicon
    reference: _Lexicon
    courtesy: _Lexicon
    same_as: re.Pattern[str]
    around_masks: frozenset[str]

    def names_its_source(self, words: str) -> bool:
        match = self.same_as.match(words)
        return match is not None and words[match.end() :].count(" ") <= MAX_SOURCE_WORDS


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    raw = read_yaml(__package__, "noise.yml")
    courtesies = set(raw["courtesies"])

    def lexicon(says: list[str], around: list[list[str]]) -> _Lexicon:
        said = {word for phrase in says for word in phrase.split()}
        return _Lexicon(_phrases(says), frozenset(courtesies.union(said, *around)))

    empty = lexicon(raw["empty"]["says"], raw["empty"]["around"])
    return _Vocabulary(
        empty=empty,
        reference=lexicon(raw["reference"]["says"], raw["reference"]["around"]),
        courtesy=lexicon(raw["courtesy_says"], []),
        same_as=re.compile(f"(?:{'|'.join(raw['reference']['same_as'])}) "),
        around_masks=frozenset(courtesies.union(raw["around_masks"])),
    )


def _phrases(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(phrase) for phrase in phrases) + r")\b")
