"""Names for clusters of ideas: a few words or short phrases that the cluster says and its neighbours do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from psq_analysis.content_words import ContentWords, surface_forms
from psq_analysis.features import lemma, unaccent

MAX_TERMS = 3
# A phrase tells more than either of its words (« patrouilles de nuit », « crottes de chien »).
PHRASE_BONUS = 1.6
# A word found mostly inside one phrase is shown as that phrase.
MOSTLY = 0.5
# Terms whose ideas overlap this much (Jaccard) are parts of one expression; the name says it once.
MAX_OVERLAP = 0.5
# The weakest term of a name is said by one idea in twenty of the cluster, and by three at least: one voice names nothing.
MIN_COVERAGE = 0.05
MIN_VOICES = 3
# Texts read to learn how a term is written; spelling varies little beyond.
TEXTS_READ = 150
_PARTICIPLE = ("é", "ée", "és", "ées", "i", "ie", "is", "ies", "u", "ue", "us", "ues")
_INFINITIVE = ("er", "ir", "re", "oir")
_SAME_FAMILY_LETTERS = 4


def name_clusters(words: ContentWords, members: Sequence[np.ndarray], texts: Sequence[str]) -> list[str]:
    """Return a name for each cluster: its most distinctive terms as people write them, joined by commas.

    ``members`` holds the row numbers (in ``words.counts`` and ``texts``) of each cluster. A term names one cluster only.
    """
    if not members:
        return []
    counts = words.counts.tocsc()
    scores = _distinctiveness(counts, members) * np.where(words.is_phrase, PHRASE_BONUS, 1.0)
    owner = scores.argmax(axis=0)
    names = []
    for number, rows in enumerate(members):
        inside = counts[rows].tocsc()
        candidates = np.flatnonzero((owner == number) & (scores[number] > 0))
        ranked = candidates[np.argsort(-scores[number, candidates], kind="stable")]
        write = _Writer(inside, words, rows, texts)
        names.append(", ".join(_choose(inside, words, ranked.tolist(), write)))
    return names


def _distinctiveness(counts: sparse.csc_matrix, members: Sequence[np.ndarray]) -> np.ndarray:
    """Clusters × terms: ideas with the term × log of how many times commoner it is here than in all clusters.

    The contribution of the term to the information a cluster carries (Kullback–Leibler); 0 when it is not commoner.
    """
    inside = np.vstack([np.asarray(counts[rows].sum(axis=0)).ravel() for rows in members])
    sizes = np.array([len(rows) for rows in members], dtype=float)[:, None]
    share, overall = inside / sizes, inside.sum(axis=0) / sizes.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.log(share / overall) if len(members) > 1 else np.ones_like(share)
        scores = np.where(inside > 0, inside * lift, 0.0)
    needed = np.maximum(np.clip(np.ceil(sizes / 4), np.minimum(2, sizes), MIN_VOICES), MIN_COVERAGE * sizes)
    return np.where((inside >= needed) & (scores > 0), scores, 0.0)


def _choose(
    inside: sparse.csc_matrix, words: ContentWords, ranked: Sequence[int], write: _Writer
) -> list[str]:
    """Pick terms from the most distinctive on, none repeating another by its words or by the ideas that say it."""
    said_by = np.asarray(inside.sum(axis=0)).ravel()
    least = min(MIN_VOICES, said_by.max(initial=0))
    commonest = [t for t in np.argsort(-said_by, kind="stable")[:20].tolist() if said_by[t] >= least]
    chosen: list[str] = []
    written: list[str] = []
    taken: list[int] = []
    for is_strict, candidates in ((True, ranked), (False, ranked), (False, commonest)):
        for term in candidates:
            if len(chosen) >= (MAX_TERMS if is_strict else 2):
                break
            if is_strict and any(_overlap(inside, term, other) > MAX_OVERLAP for other in taken):
                continue
            for name in dict.fromkeys([_longest_phrase(inside, words, term, ranked), words.terms[term]]):
                surface = None if _repeats(name, chosen) else write(name)
                if surface:
                    chosen.append(name)
                    taken.append(term)
                    written.append(surface)
                    break
    return written


def _repeats(name: str, chosen: Sequence[str]) -> bool:
    return any(_same_family(one, two) for other in chosen for one in other.split() for two in name.split())


def _rows(inside: sparse.csc_matrix, term: int) -> np.ndarray:
    return inside.indices[inside.indptr[term] : inside.indptr[term + 1]]


def _overlap(inside: sparse.csc_matrix, one: int, other: int) -> float:
    first, second = set(_rows(inside, one).tolist()), set(_rows(inside, other).tolist())
    return len(first & second) / len(first | second)


def _longest_phrase(inside: sparse.csc_matrix, words: ContentWords, term: int, ranked: Sequence[int]) -> str:
    """Return the term within the phrase that mostly holds it: « ordre » → « force ordre »."""
    name = words.terms[term]
    for _ in range(2):
        parts = name.split()
        ideas = set(_rows(inside, term).tolist())
        best, most = None, MOSTLY * len(ideas)
        for other in ranked:
            pair = words.terms[other].split()
            if len(pair) < 2:
                continue
            longer = _joined(parts, pair)
            shared = len(ideas.intersection(_rows(inside, other).tolist())) if longer else 0
            if longer and shared > most:
                best, most = longer, shared
        if best is None:
            break
        name = " ".join(best)
    return name


def _joined(parts: list[str], pair: list[str]) -> list[str] | None:
    """Overlap a term with a phrase of two words: (force, ordre) + (ordre, public) → three words; None when they do not."""
    if len(parts) == 1:
        return pair if parts[0] in pair else None
    if len(parts) == 2 and pair != parts:
        if pair[0] == parts[-1] and pair[1] not in parts:
            return [*parts, pair[1]]
        if pair[1] == parts[0] and pair[0] not in parts:
            return [pair[0], *parts]
    return None


def _same_family(one: str, two: str) -> bool:
    """True for words that share a root, roughly: sanction and sanctionner, éduquer and éducation."""
    if one == two:
        return True
    roots = [word.replace("qu", "c").replace("ge", "g") for word in (one, two)]
    shared = next((n for n, (a, b) in enumerate(zip(*roots, strict=False)) if a != b), min(map(len, roots)))
    return shared >= _SAME_FAMILY_LETTERS and 2 * shared > min(map(len, roots))


@dataclass(frozen=True)
class _Writer:
    """How the ideas of a cluster write a term."""

    inside: sparse.csc_matrix
    words: ContentWords
    rows: np.ndarray
    texts: Sequence[str]

    def __call__(self, name: str) -> str | None:
        """Return the term as most ideas write it, a verb alone in the infinitive; None for a piece of a sentence."""
        known = name if name in self.words.number else " ".join(name.split()[:2])
        said = [
            self.texts[row] for row in self.rows[_rows(self.inside, self.words.number[known])[:TEXTS_READ]]
        ]
        surface = surface_forms([name], said).get(name)
        if surface is None:
            return None if " " in name else name
        if " " not in surface:
            return lemma(surface) if _is_conjugated(surface) else surface
        return None if any(map(_is_conjugated, re.split(r"[\s']+", surface))) else surface


def _is_conjugated(word: str) -> bool:
    """Whether the word is a verb with a person (« paient »): neither infinitive nor participle.

    >>> [_is_conjugated(word) for word in ["paient", "payer", "jetés", "quartiers", "patrouilles"]]
    [True, False, False, False, False]
    """
    base, plain = unaccent(lemma(word)), unaccent(word)
    is_verb = base.endswith(_INFINITIVE) and not plain.startswith(base)
    return is_verb and not word.endswith(_PARTICIPLE)
