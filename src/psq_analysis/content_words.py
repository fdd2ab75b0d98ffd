"""What an idea is about: its meaningful words and short phrases, counted; grammar and thin words left out.

Clusters, their names and the divisive classification all read ideas through these tables, so that what forms a cluster
is what names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

import numpy as np
import yaml
from scipy import sparse

from psq_analysis.features import Corpus, lemmatise, unaccent

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


_BREAK = re.compile(r"[^\w\s'-]")


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the word lists of ``data/label_stopwords.yml``: ``joiners``, ``grammar``, ``leaning`` and ``thin``."""
    source = (files("psq_analysis") / "data" / "label_stopwords.yml").read_text(encoding="utf-8")
    return {name: frozenset(map(str, words)) for name, words in yaml.safe_load(source).items()}


@cache
def _empty_words() -> frozenset[str]:
    stop = stop_words()
    return stop["joiners"] | stop["grammar"] | stop["thin"]


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

    @property
    def is_phrase(self) -> np.ndarray:
        """For each term, whether it is a phrase of two words."""
        return np.array([" " in term for term in self.terms], dtype=bool)


def read_content_words(texts: Sequence[str]) -> ContentWords:
    """Count the meaningful words and two-word phrases of each text.

    >>> words = read_content_words(["Des patrouilles de nuit", "Nous voulons une patrouille la nuit !"])
    >>> words.terms
    ['nuit', 'patrouille', 'patrouille nuit']
    >>> words.counts.toarray().tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    corpus = Corpus.read([without_placeholders(text) for text in texts])
    lemma_of_form = _lemmas(corpus)
    joiners, empty_words = stop_words()["joiners"], _empty_words()
    is_content = np.array(
        [
            len(lemma) >= MIN_LETTERS and lemma[0].isalpha() and not {lemma, robust} & empty_words
            for lemma, robust in zip(lemma_of_form, corpus.robust_forms, strict=True)
        ],
        dtype=bool,
    )
    is_joiner = np.array(
        [
            bool({lemma, robust} & joiners)
            for lemma, robust in zip(lemma_of_form, corpus.robust_forms, strict=True)
        ],
        dtype=bool,
    )
    names, lemma_number = (
        np.unique(np.array(lemma_of_form, dtype=object), return_inverse=True) if lemma_of_form else ([], [])
    )
    names, lemma_number = list(names), np.asarray(lemma_number, dtype=np.int64)

    place = (
        np.flatnonzero(is_content[corpus.token_form])
        if len(corpus.token_form)
        else np.zeros(0, dtype=np.int64)
    )
    word = lemma_number[corpus.token_form[place]]
    text = corpus.token_text[place]
    joiners_before = (
        np.concatenate([[0], np.cumsum(is_joiner[corpus.token_form])])
        if len(corpus.token_form)
        else np.zeros(1)
    )
    left, right = place[:-1], place[1:]
    between = right - left - 1
    joined = (
        (between <= MAX_JOINERS)
        & (corpus.token_sentence[left] == corpus.token_sentence[right])
        & (joiners_before[right] - joiners_before[left + 1] == between)
        & (word[:-1] != word[1:])
    )
    pair = word[:-1][joined] * len(names) + word[1:][joined]
    pair_keys, pair_number = np.unique(pair, return_inverse=True)
    used, word_number = np.unique(word, return_inverse=True)
    terms = [names[number] for number in used] + [
        f"{names[key // len(names)]} {names[key % len(names)]}" for key in pair_keys.tolist()
    ]
    columns = np.concatenate([word_number, len(used) + pair_number]).astype(np.int64)
    rows = np.concatenate([text, text[:-1][joined]])
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(terms)))
    counts.data[:] = 1.0
    return ContentWords(counts, terms)


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
    """Return the counts with a verb and its noun in one column: sanction and sanctionner, éduquer and éducation.

    >>> words = read_content_words(["Sanctionner les rodéos", "Une sanction", "Des sanctions"])
    >>> words.terms, merge_families(words).toarray().tolist()
    (['rodeo', 'sanction', 'sanctionner', 'sanctionner rodeo'], [[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    """
    single = {term for term in words.terms if " " not in term}
    noun_of: dict[str, str] = {}
    for verb in sorted(single):
        root = verb[:-2] if verb.endswith(("er", "ir")) else ""
        if len(root) < MIN_ROOT_LETTERS:
            continue
        roots = {root, root.removesuffix("n"), root.replace("qu", "c"), f"{root}i"}
        noun = next(
            (one + ending for ending in NOUN_ENDINGS for one in sorted(roots) if one + ending in single), None
        )
        if noun:
            noun_of[verb] = noun
    families = [" ".join(noun_of.get(word, word) for word in term.split()) for term in words.terms]
    names, column = np.unique(np.array(families, dtype=object), return_inverse=True) if families else ([], [])
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
        content = [
            (unaccent(token.lemma), token)
            for token in tokens
            if not {unaccent(token.lemma), unaccent(token.surface)} & empty_words
        ]
        for first in range(len(content)):
            for length in lengths:
                run = content[first : first + length]
                spellings = [{name, name.removesuffix("s")} for name, _ in run]
                for name in {" ".join(parts) for parts in product(*spellings)} & seen.keys():
                    stretch = text[run[0][1].start : run[-1][1].end].lower().replace("’", "'")
                    if not _BREAK.search(stretch):
                        seen[name][" ".join(stretch.split())] += 1
    return {term: _best_written(written) for term, written in seen.items() if written}


def _best_written(written: Counter[str]) -> str:
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
