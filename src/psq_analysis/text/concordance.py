"""Find expressions in many texts at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA

from psq_analysis.text.corpus import Corpus
from psq_analysis.text.expressions import Both, Either, Gap, Not, Phrase, Step, Word

# One letter off is a typing error only in long words: in short ones it is another word (vol/sol,
# maire/faire).
MIN_LETTERS_TO_MEND = 7
# « voisins » asks for « voisin » too; « plus », « sans », « vers », « fois » are no plurals.
MIN_LETTERS_OF_PLURAL = 5


Spans = tuple[np.ndarray, np.ndarray]  # first position, position after the last one; sorted by the first
_NOWHERE: Spans = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass
class Concordance:
    """Where a corpus says what a codebook looks for."""

    corpus: Corpus
    known_words: frozenset[str] = frozenset()
    ignored: tuple[Either, ...] = ()
    _found: dict[object, Spans] = field(default_factory=dict)

    @cached_property
    def _forms_by_spelling(self) -> dict[str, list[int]]:
        by_spelling: dict[str, list[int]] = {}
        pairs = zip(self.corpus.robust_forms, self.corpus.lemmas, strict=True)
        for number, (robust, lemma) in enumerate(pairs):
            for spelling in {robust, lemma, *_singulars(robust)}:
                by_spelling.setdefault(spelling, []).append(number)
        for number, meant in self._mended.items():
            by_spelling.setdefault(meant, []).append(number)
        return by_spelling

    @cached_property
    def _mended(self) -> dict[int, str]:
        """Misspelt words of the corpus that are one typing error away from a word the codebook knows."""
        targets: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.known_words):
            if len(word) >= MIN_LETTERS_TO_MEND:
                targets.setdefault((word[:1], len(word)), []).append(word)
        mended = {}
        for number, (robust, lemma) in enumerate(
            zip(self.corpus.robust_forms, self.corpus.lemmas, strict=True)
        ):
            if len(robust) < MIN_LETTERS_TO_MEND - 1 or lemma != robust or not robust.isalpha():
                continue
            if {robust, *_singulars(robust)} & self.known_words:
                continue
            for spelling in (robust, *_singulars(robust)):
                near = [w for n in (-1, 0, 1) for w in targets.get((spelling[:1], len(spelling) + n), ())]
                found = next((w for w in near if OSA.distance(spelling, w, score_cutoff=1) <= 1), None)
                if found:
                    mended[number] = found
                    break
        return mended

    @cached_property
    def _sorted_forms(self) -> list[tuple[str, int]]:
        return sorted((robust, number) for number, robust in enumerate(self.corpus.robust_forms))

    @cached_property
    def _positions(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.corpus.token_form, kind="stable")
        order = order[~self._hidden[order]]
        bounds = np.searchsorted(self.corpus.token_form[order], np.arange(len(self.corpus.forms) + 1))
        return order, bounds

    @cached_property
    def _hidden(self) -> np.ndarray:
        """Which positions hold words the codebook says not to read."""
        edges = np.zeros(len(self.corpus.token_form) + 1, dtype=np.int64)
        if self.ignored:
            plain = Concordance(self.corpus)
            for tree in self.ignored:
                starts, ends = plain.spans(tree)
                np.add.at(edges, starts, 1)
                np.add.at(edges, ends, -1)
        return np.cumsum(edges)[:-1] > 0

    def _forms(self, word: Word) -> list[int]:
        if word.kind == "prefix":
            first = bisect_left(self._sorted_forms, (word.text, -1))
            last = bisect_left(self._sorted_forms, (word.text + "\uffff", -1))
            return [number for _, number in self._sorted_forms[first:last]]
        if word.kind == "suffix":
            return [n for n, robust in enumerate(self.corpus.robust_forms) if robust.endswith(word.text)]
        if word.kind == "exact":
            return [
                n
                for n in self._forms_by_spelling.get(word.text, ())
                if self.corpus.robust_forms[n] == word.text
            ]
        spellings = (word.text, word.text[:-1]) if _is_plural(word.text) else (word.text,)
        return sorted(
            {number for spelling in spellings for number in self._forms_by_spelling.get(spelling, ())}
        )

    def spans(self, tree: Step | Phrase) -> Spans:
        """Return the places where ``tree`` is said, as first and after-last positions in the corpus."""
        if tree not in self._found:
            self._found[tree] = self._search(tree)
        return self._found[tree]

    def _search(self, tree: Step | Phrase) -> Spans:
        match tree:
            case Word():
                order, bounds = self._positions
                runs = [order[bounds[n] : bounds[n + 1]] for n in self._forms(tree)]
                starts = np.sort(np.concatenate(runs)) if runs else _NOWHERE[0]
                return starts, starts + 1
            case Either():
                return _union([self.spans(sequence) for sequence in tree.sequences])
            case Phrase():
                return self._sequence(tree)
            case Both():
                return self._together(tree)
        raise TypeError(tree)

    def _sequence(self, sequence: Phrase) -> Spans:
        found: Spans | None = None
        gap, forbidden_before = 0, []
        for step in sequence.steps:
            if isinstance(step, Gap):
                gap = step.words
            elif isinstance(step, Not):
                if found is None:
                    forbidden_before.append(self.spans(step.of))
                else:
                    found = self._not_followed(found, self.spans(step.of))
            else:
                spans = self.spans(step)
                found = spans if found is None else self._follow(found, spans, gap)
                gap = 0
        if found is None:
            return _NOWHERE
        for spans in forbidden_before:
            found = self._not_preceded(found, spans)
        return found

    def _together(self, both: Both) -> Spans:
        starts, ends = self.spans(both.parts[0])
        sentence = self.corpus.token_sentence
        for part in both.parts[1:]:
            shared = np.isin(sentence[starts], sentence[self.spans(part)[0]])
            starts, ends = starts[shared], ends[shared]
        return starts, ends

    def _same_sentence(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return self.corpus.token_sentence[left] == self.corpus.token_sentence[right]

    def _follow(self, left: Spans, right: Spans, gap: int) -> Spans:
        pairs = []
        for skipped in range(gap + 1):
            wanted = left[1] + skipped
            first, last = np.searchsorted(right[0], wanted), np.searchsorted(right[0], wanted, side="right")
            repeats = last - first
            index = np.repeat(first - np.cumsum(repeats) + repeats, repeats) + np.arange(repeats.sum())
            starts, ends, joints = np.repeat(left[0], repeats), right[1][index], right[0][index]
            kept = self._same_sentence(starts, joints)
            pairs.append((starts[kept], ends[kept]))
        return _union(pairs)

    def _not_followed(self, found: Spans, forbidden: Spans) -> Spans:
        followed = np.isin(found[1], forbidden[0])
        inside = followed.copy()
        inside[followed] = self._same_sentence(found[0][followed], found[1][followed])
        return found[0][~inside], found[1][~inside]

    def _not_preceded(self, found: Spans, forbidden: Spans) -> Spans:
        preceded = np.isin(found[0], forbidden[1])
        inside = preceded.copy()
        inside[preceded] = self._same_sentence(found[0][preceded], found[0][preceded] - 1)
        return found[0][~inside], found[1][~inside]

    def texts(self, tree: Either, unless: Sequence[Either] = ()) -> np.ndarray:
        """Return the numbers of the texts that say ``tree`` in a sentence that says none of ``unless``."""
        starts = self.spans(tree)[0]
        for veto in unless:
            vetoed = self.corpus.token_sentence[self.spans(veto)[0]]
            starts = starts[~np.isin(self.corpus.token_sentence[starts], vetoed)]
        return np.unique(self.corpus.token_text[starts])


def _union(many: Sequence[Spans]) -> Spans:
    if len(many) == 1:
        return many[0]
    starts, ends = (np.concatenate([spans[side] for spans in many]) for side in (0, 1))
    if not len(starts):
        return _NOWHERE
    pairs = np.unique(np.column_stack([starts, ends]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _is_plural(text: str) -> bool:
    return len(text) >= MIN_LETTERS_OF_PLURAL and text.endswith(("s", "x"))


def _singulars(robust: str) -> list[str]:
    """Return what the word may be without the marks of plural and feminine that unaccented input hides."""
    found = []
    for ending in ("s", "x", "es", "ee", "ees"):
        if robust.endswith(ending) and len(robust) - len(ending) >= 3:
            found.append(robust[: -len(ending)] + ("e" if ending in ("ee", "ees") else ""))
    return found
