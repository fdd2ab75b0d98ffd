"""What an idea is about: its meaningful words and short phrases, counted; grammar and thin words left out.

Clusters, their names and the divisive classification all read ideas through these tables, so that what forms a cluster
is what names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from scipy import sparse

from psq_analysis.packaged import read_yaml
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemmatise

# A placeholder such as « [PERSONNE 1] » ends the phrase it stands in: it becomes a sentence mark of the same length.
PLACEHOLDER = re.compile(r"\[[A-ZÀ-Ý][A-ZÀ-Ý0-9 _’'-]*\]")
# « dépôt de la plainte »: at most this many grammatical words inside a phrase.
MAX_JOINERS = 3
# One writer in ten who sets the accents knows better than nine who leave them out; a lone one may have mistyped.
MIN_ACCENTED = 0.1
# Shorter roots meet by accident (citer and cité, porter and port).
MIN_ROOT_LETTERS = 4
# Endings of the noun that names what a verb does, the commonest first; « » is the bare root (sanction, respect).
NOUN_ENDINGS = ("", "ation", "ion", "ement", "e", "age", "ition")
# Fewer letters are initials, list marks and typing accidents.
MIN_LETTERS = 3


# A word after another word of its sentence: capital then small letters, or small letters alone.
_INSIDE_SENTENCE = re.compile(r"(?<=[a-zà-ÿ,'’] |[a-zà-ÿ]['’])([A-ZÀ-Ýa-zà-ÿ][a-zà-ÿ]{2,})\b")
# A comma, a bracket or a dash between blanks ends a phrase as a full stop does.
PAUSE = re.compile(r"[,:()/«»\"“”\[\]]|(?<=\s)[-–—](?=\s)")
_BREAK = re.compile(r"[^\w\s'-]")


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the word lists of ``stop_words.yml``: ``joiners``, ``grammar``, ``leaning``, ``thin`` and ``lone``."""
    return {
        name: frozenset(map(str, words)) for name, words in read_yaml(__package__, "stop_words.yml").items()
    }


@cache
def _empty_words() -> frozenset[str]:
    stop = stop_words()
    return stop["joiners"] | stop["grammar"] | stop["thin"]


def _word_families() -> dict[str, str]:
    """Return the head of each word of ``word_families.yml``."""
    return {word: head for head, *others in read_yaml(__package__, "word_families.yml") for word in others}


def content_lemmas(text: str) -> list[str]:
    """Return the lemmas, without accents, of the meaningful words of a short phrase.

    >>> content_lemmas("les dépôts d'ordures")
    ['depot', 'ordure']
    """
    spelt = [(unaccent(token.lemma), unaccent(token.surface)) for token in lemmatise([text])[0]]
    return [lemma for lemma, surface in spelt if not {lemma, surface} & _empty_words()]


def without_placeholders(text: str) -> str:
    """Return the text, same length, with full stops where personal data was masked.

    >>> without_placeholders("Merci à [PERSONNE 1] du poste")
    'Merci à ............. du poste'
    """
    return PLACEHOLDER.sub(lambda match: "." * len(match.group()), text) if "[" in text else text


@dataclass(frozen=True)
class ContentWords:
    """Words and phrases of many texts.

    ``counts`` has a row per text and a column per term, 1 where the text has the term. A term is a lemma without accents
    (« patrouille ») or two joined by a space (« patrouille nuit », for « patrouilles de nuit »).
    """

    counts: sparse.csr_matrix
    terms: list[str]

    @cached_property
    def number(self) -> dict[str, int]:
        """The column of each term."""
        return {term: position for position, term in enumerate(self.terms)}

    @property
    def is_phrase(self) -> np.ndarray:
        """For each term, whether it is a phrase of two words."""
        return np.array([" " in term for term in self.terms], dtype=bool)


def read_content_words(texts: Sequence[str]) -> ContentWords:
    """Count the meaningful words and two-word phrases of each text; proper nouns are left out.

    >>> words = read_content_words(["Des patrouilles de nuit à Condom", "Nous voulons une patrouille la nuit !"])
    >>> words.terms
    ['nuit', 'patrouille', 'patrouille nuit']
    >>> words.counts.toarray().tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    readable = [without_placeholders(text) for text in texts]
    corpus = Corpus.read([PAUSE.sub(".", text) for text in readable])
    lemmas = _lemmas(corpus)
    joiners, left_out = stop_words()["joiners"], _empty_words() | proper_nouns(readable)
    spellings = list(zip(lemmas, corpus.robust_forms, strict=True))
    is_content = np.array(
        [
            len(lemma) >= MIN_LETTERS and lemma[0].isalpha() and not {lemma, robust} & left_out
            for lemma, robust in spellings
        ],
        dtype=bool,
    )
    is_joiner = np.array([not joiners.isdisjoint(spelling) for spelling in spellings], dtype=bool)
    names = sorted(set(lemmas))
    number = {lemma: position for position, lemma in enumerate(names)}
    number_of_form = np.array([number[lemma] for lemma in lemmas], dtype=np.int64)

    place = np.flatnonzero(is_content[corpus.token_form])
    word, text = number_of_form[corpus.token_form[place]], corpus.token_text[place]
    left, right = place[:-1], place[1:]
    between = right - left - 1
    joiners_before = np.cumsum(is_joiner[corpus.token_form])
    joined = (
        (between <= MAX_JOINERS)
        & (corpus.token_sentence[left] == corpus.token_sentence[right])
        & (joiners_before[right] - joiners_before[left] == between)
        & (word[:-1] != word[1:])
    )
    pair = word[:-1][joined] * len(names) + word[1:][joined]
    words, word_column = np.unique(word, return_inverse=True)
    pairs, pair_column = np.unique(pair, return_inverse=True)
    terms = [names[one] for one in words.tolist()]
    terms += [f"{names[one // len(names)]} {names[one % len(names)]}" for one in pairs.tolist()]
    columns = np.concatenate([word_column, len(words) + pair_column])
    rows = np.concatenate([text, text[:-1][joined]])
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(terms)))
    counts.data[:] = 1.0
    return ContentWords(counts, terms)


def proper_nouns(texts: Sequence[str]) -> frozenset[str]:
    """Return the words, without accents, that the texts mostly write with a capital inside a sentence.

    A cluster is not a place, and a place in its name would point at few people.

    >>> sorted(proper_nouns(["La brigade de Nogaro", "Personne à Nogaro ni au Garros", "la Police, la police"]))
    ['garros', 'nogaro']
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for match in _INSIDE_SENTENCE.finditer(text):
            (capital if match[1][0].isupper() else small)[match[1].lower()] += 1
    return frozenset(unaccent(word) for word, times in capital.items() if times > small[word])


def _lemmas(corpus: Corpus) -> list[str]:
    """Return the lemma of each form; a form typed without accents takes the lemma of its accented, commoner twin."""
    frequency = np.bincount(corpus.token_form, minlength=len(corpus.forms))
    twin: dict[str, tuple[int, str]] = {}
    for robust, lemma, count in zip(corpus.robust_forms, corpus.lemmas, frequency.tolist(), strict=True):
        twin[robust] = max(twin.get(robust, (0, "")), (count, lemma))
    known = {lemma for _, lemma in twin.values()}
    lemmas = []
    for robust in corpus.robust_forms:
        lemma = twin[robust][1]
        singular = lemma[:-1]
        lemmas.append(singular if lemma == robust and lemma.endswith("s") and singular in known else lemma)
    return lemmas


def merge_families(words: ContentWords) -> sparse.csr_matrix:
    """Return the counts with words of one family in one column: a verb and its noun, policier and police.

    >>> words = read_content_words(["Sanctionner les rodéos", "Une sanction", "Des sanctions"])
    >>> words.terms, merge_families(words).toarray().tolist()
    (['rodeo', 'sanction', 'sanctionner', 'sanctionner rodeo'], [[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    """
    single = {term for term in words.terms if " " not in term}
    head_of = _word_families()
    for verb in sorted(single - head_of.keys()):
        root = verb[:-2] if verb.endswith(("er", "ir")) else ""
        if len(root) < MIN_ROOT_LETTERS:
            continue
        roots = {root, root.removesuffix("n"), root.replace("qu", "c"), f"{root}i"}
        noun = next(
            (one + ending for ending in NOUN_ENDINGS for one in sorted(roots) if one + ending in single), None
        )
        if noun:
            head_of[verb] = head_of.get(noun, noun)
    families = [" ".join(head_of.get(word, word) for word in term.split()) for term in words.terms]
    names = sorted(set(families))
    number = {name: position for position, name in enumerate(names)}
    column = [number[family] for family in families]
    gather = sparse.csr_matrix(
        (np.ones(len(families)), (np.arange(len(families)), column)), shape=(len(families), len(names))
    )
    merged = (words.counts @ gather).tocsr()
    merged.data[:] = 1.0
    return merged


def surface_forms(terms: Iterable[str], texts: Sequence[str]) -> dict[str, str]:
    """Return, for each term (one to three lemmas), how the texts write it most often, in lower case with its accents.

    Capitals and missing accents are the writer's haste: « SECURITE » is shown as « sécurité » when others write it so.
    A term that no text holds is absent.

    >>> surface_forms(["patrouille nuit"], ["Des patrouilles de nuit !", "PATROUILLES DE NUIT", "patrouille de nuit"])
    {'patrouille nuit': 'patrouilles de nuit'}
    """
    seen: dict[str, Counter[str]] = {term: Counter() for term in terms}
    lengths = sorted({term.count(" ") + 1 for term in seen})
    empty_words = _empty_words()
    for text, tokens in zip(texts, lemmatise(texts), strict=True):
        spelt = [({unaccent(token.lemma), unaccent(token.surface)}, token) for token in tokens]
        content = [
            (spellings | {spelling.removesuffix("s") for spelling in spellings}, token)
            for spellings, token in spelt
            if not spellings & empty_words
        ]
        for first in range(len(content)):
            for length in lengths:
                run = content[first : first + length]
                for name in {
                    " ".join(parts) for parts in product(*(names for names, _ in run))
                } & seen.keys():
                    stretch = text[run[0][1].start : run[-1][1].end].lower().replace("’", "'")
                    if not _BREAK.search(stretch):
                        seen[name][" ".join(stretch.split())] += 1
    return {term: best_written(written) for term, written in seen.items() if written}


def best_written(written: Counter[str]) -> str:
    """The commonest spelling after joining those that differ by accents alone, shown with its accents."""
    spellings: dict[str, list[str]] = {}
    for form in sorted(written):
        spellings.setdefault(unaccent(form), []).append(form)
    together = max(spellings, key=lambda plain: sum(written[form] for form in spellings[plain]))
    forms = spellings[together]
    accented = [form for form in forms if form != together]
    if accented and sum(written[form] for form in accented) >= MIN_ACCENTED * sum(
        written[form] for form in forms
    ):
        forms = accented
    return max(forms, key=lambda form: written[form])
