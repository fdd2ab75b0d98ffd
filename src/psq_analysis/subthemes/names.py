"""Names for clusters of ideas: a few words or short phrases that the cluster says and its neighbours do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from psq_analysis.subthemes.spelling import MOSTLY, Writer, naming_terms, rows_of_terms, same_family
from psq_analysis.text.content_words import (
    ContentWords,
    content_lemmas,
)
from psq_analysis.text.lexical_fields import FieldCounts, load_fields

# Three terms fit on one line of a phone and still name one subject.
MAX_TERMS = 3
# A phrase tells more than either of its words (« patrouilles de nuit », « crottes de chien »).
PHRASE_BONUS = 1.6
# What names a lexical field names a subject; most of all the field that sets the cluster apart.
FIELD_BONUS = 1.5
LEADING_BONUS = 3.0
# Where its words are said by fewer ideas of the cluster, people raise the subject each in words of their own: the name
# opens with the first expression of the field instead, if two ideas in five raise it and they share no other word.
MIN_LEADING_COVERAGE = 0.1
RAISED_BY_MANY = 0.4
SHARED_WORD = 0.3
# Terms whose ideas overlap this much (Jaccard) are parts of one expression; the name says it once.
MAX_OVERLAP = 0.5
# The weakest term of a name is said by one idea in twenty of the cluster, and by three at least: one voice names nothing.
MIN_COVERAGE = 0.05
MIN_VOICES = 3


def name_clusters(
    words: ContentWords,
    members: Sequence[np.ndarray],
    texts: Sequence[str],
    *,
    fields: FieldCounts | None = None,
) -> list[str]:
    """Return a name for each cluster: its most distinctive terms as people write them, joined by commas.

    ``members`` holds the row numbers (in ``words.counts`` and ``texts``) of each cluster. A term names one cluster only.
    With ``fields`` (the same rows), the lexical field that sets a cluster apart comes first.
    """
    if not members:
        return []
    bonus, leads = np.ones(len(words.terms)), np.full(len(members), -1)
    field_of = np.full(len(words.terms), -1)
    if fields is not None:
        words, field_of = _with_fields(words, fields)
        bonus = np.where(field_of >= 0, FIELD_BONUS, 1.0)
        leads = _leading_fields(fields, members)
    bonus *= np.where(words.is_phrase, PHRASE_BONUS, 1.0)
    counts = words.counts.tocsc()
    is_leading = (field_of[None, :] == leads[:, None]) & (field_of >= 0)
    scores = _distinctiveness(counts, members) * bonus * np.where(is_leading, LEADING_BONUS, 1.0)
    owner = scores.argmax(axis=0)
    names = []
    for number, rows in enumerate(members):
        inside = counts[rows].tocsc()
        candidates = np.flatnonzero((owner == number) & (scores[number] > 0))
        ranked = candidates[np.argsort(-scores[number, candidates], kind="stable")]
        write = Writer(inside, words, rows, texts)
        said_by = np.asarray(inside.sum(axis=0)).ravel()
        heading = ""
        if fields is not None and leads[number] >= 0:
            is_said = (said_by[ranked[:1]] >= MIN_LEADING_COVERAGE * len(rows)) & is_leading[
                number, ranked[:1]
            ]
            is_shared = (said_by[ranked] >= SHARED_WORD * len(rows)).any()
            raised = fields.fields[rows][:, [leads[number]]].mean()
            if not is_said.any() and not is_shared and raised >= RAISED_BY_MANY:
                heading = load_fields()[leads[number]].heading
        spelt = ", ".join(_choose(inside, words, ranked.tolist(), write, heading))
        subject = load_fields()[leads[number]].heading if leads[number] >= 0 else ""
        names.append(spelt or subject or write.commonest())
    return names


def _leading_fields(fields: FieldCounts, members: Sequence[np.ndarray]) -> np.ndarray:
    """The lexical field that sets each cluster apart from the others, -1 where none does; a field leads one cluster."""
    scores = _distinctiveness(fields.fields.tocsc(), members)
    scores = np.where(scores.argmax(axis=0)[None, :] == np.arange(len(members))[:, None], scores, 0.0)
    return np.where(scores.max(axis=1) > 0, scores.argmax(axis=1), -1)


def _with_fields(words: ContentWords, fields: FieldCounts) -> tuple[ContentWords, np.ndarray]:
    """Add to the terms those that name lexical fields; for each term, its field or -1."""
    position, terms = dict(words.number), list(words.terms)
    for term in fields.terms:
        if position.setdefault(term, len(terms)) == len(terms):
            terms.append(term)
    field_of = np.full(len(terms), -1)
    column = np.array([position[term] for term in fields.terms])
    field_of[column[::-1]] = fields.field_of[::-1]
    widened = sparse.csr_matrix(
        (words.counts.data, words.counts.indices, words.counts.indptr),
        shape=(words.counts.shape[0], len(terms)),
    )
    place = sparse.csr_matrix(
        (np.ones(len(column)), (np.arange(len(column)), column)), shape=(len(column), len(terms))
    )
    counts = (widened + fields.shown @ place).tocsr()
    counts.data[:] = 1.0
    return ContentWords(counts, terms), field_of


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
    inside: sparse.csc_matrix, words: ContentWords, ranked: Sequence[int], write: Writer, heading: str = ""
) -> list[str]:
    """Pick terms from the most distinctive on, none repeating another by its words or by the ideas that say it."""
    said_by = np.asarray(inside.sum(axis=0)).ravel()
    least = min(MIN_VOICES, said_by.max(initial=0))
    commonest = [t for t in np.argsort(-said_by, kind="stable")[:20].tolist() if said_by[t] >= least]
    chosen = [" ".join(content_lemmas(heading))] if heading else []
    written = [heading] if heading else []
    taken: list[int] = []
    for is_strict, candidates in ((True, ranked), (False, [] if heading else [*ranked, *commonest])):
        for term in candidates:
            if len(chosen) >= (MAX_TERMS if is_strict else 2):
                break
            if is_strict and any(_overlap(inside, term, other) > MAX_OVERLAP for other in taken):
                continue
            alone = words.terms[term]
            is_whole = " " in alone and alone in naming_terms()
            longest = alone if is_whole else _longest_phrase(inside, words, term, ranked)
            for name in dict.fromkeys([longest, alone]):
                surface = None if _repeats(name, chosen) else write(name)
                if surface:
                    chosen.append(name)
                    taken.append(term)
                    written.append(surface)
                    break
    return written


def _repeats(name: str, chosen: Sequence[str]) -> bool:
    return any(same_family(one, two) for other in chosen for one in other.split() for two in name.split())


def _overlap(inside: sparse.csc_matrix, one: int, other: int) -> float:
    first, second = set(rows_of_terms(inside, one).tolist()), set(rows_of_terms(inside, other).tolist())
    return len(first & second) / len(first | second)


def _longest_phrase(inside: sparse.csc_matrix, words: ContentWords, term: int, ranked: Sequence[int]) -> str:
    """Return the term within the phrase that mostly holds it: « ordre » → « force ordre »."""
    name = words.terms[term]
    for _ in range(2):
        parts = name.split()
        ideas = set(rows_of_terms(inside, term).tolist())
        best, most = None, MOSTLY * len(ideas)
        for other in ranked:
            pair = words.terms[other].split()
            if len(pair) != 2:
                continue
            longer = _joined(parts, pair)
            shared = len(ideas.intersection(rows_of_terms(inside, other).tolist())) if longer else 0
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
