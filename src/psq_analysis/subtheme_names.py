"""Names for clusters of ideas: a few words or short phrases that the cluster says and its neighbours do not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse

from psq_analysis.content_words import (
    ContentWords,
    best_written,
    content_lemmas,
    stop_words,
    surface_forms,
)
from psq_analysis.features import Token, lemma, lemmatise, unaccent
from psq_analysis.lexical_fields import FieldCounts, load_fields

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
# Endings of adverbs; « signalement » and « comportement » are nouns.
_ADVERB = re.compile(r"(?:ique|able|ible|ive|euse|am|em)ment$")
_SAME_FAMILY_LETTERS = 4


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
        write = _Writer(inside, words, rows, texts)
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


@cache
def _naming_terms() -> dict[str, frozenset[str]]:
    """What names a lexical field, and how: nouns, although a verb may be written alike (« une patrouille », « il patrouille »)."""
    spelt: dict[str, set[str]] = {}
    for field in load_fields():
        for (term, _), expression in zip(field.shown, field.expressions, strict=True):
            spelt.setdefault(term, set()).add(expression.lower())
    return {term: frozenset(forms) for term, forms in spelt.items() if term not in stop_words()["lone"]}


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
    inside: sparse.csc_matrix, words: ContentWords, ranked: Sequence[int], write: _Writer, heading: str = ""
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
            is_whole = " " in alone and alone in _naming_terms()
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
            if len(pair) != 2:
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

    def commonest(self) -> str:
        """The word most ideas hold, whatever it is: where nothing better names them."""
        term = self.words.terms[int(np.asarray(self.inside.sum(axis=0)).argmax())]
        return surface_forms([term], [self.texts[row] for row in self.rows[:TEXTS_READ]]).get(term, term)

    def __call__(self, name: str) -> str | None:
        """Return the term as most ideas write it; None for a verb or a time alone and for a piece of a sentence."""
        known = name if name in self.words.number else " ".join(name.split()[:2])
        said = [
            self.texts[row] for row in self.rows[_rows(self.inside, self.words.number[known])[:TEXTS_READ]]
        ]
        surface = surface_forms([name], said).get(name)
        if surface is None:
            return None if " " in name else name
        if " " not in surface:
            return self._alone(name, surface, said)
        return None if any(map(_is_conjugated, re.split(r"[\s']+", surface))) else surface

    def _alone(self, name: str, surface: str, said: Sequence[str]) -> str | None:
        """The word, when it names something by itself: as the field it names is written (« le 17 »), and no adjective."""
        forms = _naming_terms().get(name)
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
