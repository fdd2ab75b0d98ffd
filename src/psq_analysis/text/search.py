"""What a search asks for, and the words an index of texts holds: whatever the inflexion, the accents and the case.

A text is indexed as two lines of words, one of *stems* (the dictionary form, without accents) and one of *forms* (as written, without
accents); both begin with a mark every text has, and a mark stands between two sentences, so that a phrase stays within one. A query
becomes an expression of SQLite's full-text search (FTS5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from psq_analysis.errors import BadInput
from psq_analysis.text.content_words import without_placeholders
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma, raw_words

EVERY, NEXT = "0tous", "0phrase"  # no word of a text mixes letters and digits
_AND, _OR, _NOT = {"ET", "AND"}, {"OU", "OR"}, {"SAUF", "NON", "NOT"}
_PIECE = re.compile(
    r'"(?P<a>[^"]*)"(?P<a_star>\*)?|«\s*(?P<b>[^»]*?)\s*»|(?P<paren>[()])|(?P<word>[^\s()"«»]+)'
)
_SHORTEST_START = 2  # letters of a beginning: one would match a tenth of all words


class BadQuery(BadInput):
    """A search cannot be read."""


@dataclass(frozen=True)
class Term:
    """Words that follow each other; ``is_start``: the last one is only the beginning of a word."""

    words: tuple[str, ...]
    is_start: bool = False


@dataclass(frozen=True)
class All:
    """Everything in it must be said."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Any:
    """One thing in it must be said."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Without:
    """The thing must not be said."""

    of: Query


Query = Term | All | Any | Without
Stems = Callable[[str], Collection[str]]


def stems_of(forms: Iterable[str]) -> dict[str, str]:
    """Return the stem of each form (lower case, as typed): its lemma without accents.

    A form that no dictionary knows takes the lemma of the word it is but for its accents (« eclairent » of « éclairent »).

    >>> stems_of(["éclairent", "eclairent", "patrouilles", "rues"])
    {'éclairent': 'eclairer', 'eclairent': 'eclairer', 'patrouilles': 'patrouille', 'rues': 'rue'}
    """
    known, meant = _known(), _meant()
    return {
        form: unaccent(lemma(form if form in known else meant.get(unaccent(form), form))) for form in forms
    }


@cache
def _known() -> frozenset[str]:
    """The words of the dictionary, as spelt."""
    return frozenset(word for word in DefaultDictionaryFactory().get_dictionary("fr") if word == word.lower())


@cache
def _meant() -> dict[str, str]:
    """The accented word each unaccented spelling stands for, where that spelling is no word itself."""
    plain = {word for word in _known() if word.isascii()}
    meant: dict[str, str] = {}
    for word in sorted(_known()):
        if not word.isascii() and (bare := unaccent(word)) not in plain:
            meant.setdefault(bare, word)
    return meant


def inflexions(stems: Collection[str]) -> list[tuple[str, str]]:
    """Return every word of the dictionary, without accents, whose stem is one of ``stems``, with that stem."""
    found = {(unaccent(word), stem) for word in _known() if (stem := unaccent(lemma(word))) in stems}
    return sorted(found)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a masked text (lower case) with their places; personal data masked is no word, an empty word ends a sentence."""
    return [(word or "", start, end) for word, start, end in raw_words(without_placeholders(text))]


def indexed(texts: Sequence[str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return, per text, its line of stems and its line of forms, and the stem of each form met.

    >>> indexed(["Des rondes. La nuit !"])[0]
    [('0tous un ronde 0phrase le nuit 0phrase', '0tous des rondes 0phrase la nuit 0phrase')]
    """
    read = [[word for word, _, _ in words_of(text)] for text in texts]
    stems = stems_of(sorted({word for words in read for word in words if word}))
    plain = {word: unaccent(word) for word in stems}
    lines = [
        (
            " ".join([EVERY, *(stems[word] if word else NEXT for word in words)]),
            " ".join([EVERY, *(plain[word] if word else NEXT for word in words)]),
        )
        for words in read
    ]
    return lines, stems


def parse(asked: str) -> Query:
    """Read a search: words, « phrases », beginnings (``patrouill*``), ``ET`` (understood), ``OU``, ``SAUF``, brackets; raises :class:`BadQuery`.

    >>> parse('éclairage OU "lampe de rue"')
    Any(parts=(Term(words=('éclairage',), is_start=False), Term(words=('lampe', 'de', 'rue'), is_start=False)))
    >>> parse("nuit SAUF bruit")
    All(parts=(Term(words=('nuit',), is_start=False), Without(of=Term(words=('bruit',), is_start=False))))
    >>> parse("(nuit OU")
    Traceback (most recent call last):
        ...
    psq_analysis.text.search.BadQuery: Recherche « (nuit OU » illisible : il manque un mot après OU, ou une parenthèse.
    """
    pieces = list(_PIECE.finditer(asked.replace("’", "'")))
    tree, rest = _any(pieces, asked)
    if rest:
        raise _unreadable(asked, "une parenthèse est de trop")
    return tree


def _unreadable(asked: str, why: str) -> BadQuery:
    return BadQuery(f"Recherche « {asked} » illisible : {why}.")


def _any(pieces: list[re.Match[str]], asked: str) -> tuple[Query, list[re.Match[str]]]:
    parts = []
    while True:
        part, pieces = _all(pieces, asked)
        parts.append(part)
        if not pieces or pieces[0]["word"] not in _OR:
            return (parts[0] if len(parts) == 1 else Any(tuple(parts))), pieces
        pieces = pieces[1:]


def _all(pieces: list[re.Match[str]], asked: str) -> tuple[Query, list[re.Match[str]]]:
    parts: list[Query] = []
    while pieces and pieces[0]["word"] not in _OR and pieces[0]["paren"] != ")":
        word = pieces[0]["word"]
        if word in _AND:
            pieces = pieces[1:]
            continue
        is_not = word in _NOT or bool(word and word.startswith("-") and len(word) > 1)
        if is_not and word in _NOT:
            pieces = pieces[1:]
        one, pieces = _one(pieces, asked)
        if one is not None:
            parts.append(Without(one) if is_not else one)
    if not parts:
        raise _unreadable(asked, "il manque un mot après OU, ou une parenthèse" if pieces or "OU" in asked.split() or "OR" in asked.split() else "il y faut un mot au moins")  # fmt: skip
    return (parts[0] if len(parts) == 1 and not isinstance(parts[0], Without) else All(tuple(parts))), pieces


def _one(pieces: list[re.Match[str]], asked: str) -> tuple[Query | None, list[re.Match[str]]]:
    if not pieces:
        raise _unreadable(asked, "il manque un mot à la fin")
    first, rest = pieces[0], pieces[1:]
    if first["paren"] == ")":
        raise _unreadable(asked, "il manque un mot avant la parenthèse")
    if first["paren"] == "(":
        inside, rest = _any(rest, asked)
        if not rest or rest[0]["paren"] != ")":
            raise _unreadable(asked, "une parenthèse n'est pas fermée")
        return inside, rest[1:]
    text = first["a"] if first["a"] is not None else first["b"] if first["b"] is not None else first["word"]
    is_start = bool(first["a_star"]) or text.rstrip().endswith("*")
    words = tuple(word for word, _, _ in raw_words(text) if word)
    if not words:
        return None, rest  # punctuation, an elided article
    if is_start and len(words[-1]) < _SHORTEST_START:
        raise _unreadable(asked, f"un début de mot a {_SHORTEST_START} lettres au moins")
    return Term(words, is_start), rest


def expression(query: Query, stems: Stems) -> str:
    """Return a query as FTS5 reads it; ``stems``: those a word of the query may have."""
    match query:
        case Term():
            return _term(query, stems)
        case Any():
            return "(" + " OR ".join(expression(part, stems) for part in query.parts) + ")"
        case Without():
            return f'({{stems}} : "{EVERY}" NOT {expression(query.of, stems)})'
        case All():
            said = [part for part in query.parts if not isinstance(part, Without)]
            unsaid = [part.of for part in query.parts if isinstance(part, Without)]
            held = " AND ".join(expression(part, stems) for part in said) or f'{{stems}} : "{EVERY}"'
            return f"(({held})" + "".join(f" NOT {expression(part, stems)}" for part in unsaid) + ")"
    raise TypeError(query)


def _term(term: Term, stems: Stems) -> str:
    if term.is_start:
        return f'({{forms}} : "{" ".join(map(unaccent, term.words))}" *)'
    phrases = [""]
    for word in term.words:
        phrases = [f"{phrase} {stem}".strip() for phrase in phrases for stem in sorted(stems(word))]
    return "(" + " OR ".join(f'{{stems}} : "{phrase}"' for phrase in phrases) + ")"


def with_verb(stem: str, known: Callable[[str], bool]) -> set[str]:
    """Return a stem and, where texts hold it, its homograph: « patrouille » is a noun and a form of « patrouiller ».

    >>> sorted(with_verb("patrouille", {"patrouiller"}.__contains__)), sorted(with_verb("vol", {"voler"}.__contains__))
    (['patrouille', 'patrouiller'], ['vol'])
    """
    other = stem + "r" if stem.endswith("e") else stem[:-1] if stem.endswith("er") else ""
    return {stem, other} if other and known(other) else {stem}


def matches(texts: Sequence[str], asked: str) -> list[bool]:
    """Tell which texts say what a search asks for; without an index, for a few thousand texts.

    >>> matches(["Des PATROUILLES la nuit", "Patrouillez la journée", "La nuit, rien"], "patrouille SAUF journée")
    [True, False, False]
    """
    query = parse(asked)

    @cache
    def stems(word: str) -> frozenset[str]:
        return frozenset(with_verb(stems_of([word])[word], lambda _: True))

    return [_holds(text, query, stems) for text in texts]


def _holds(text: str, query: Query, stems: Stems) -> bool:
    match query:
        case Term():
            return bool(places(text, query, stems))
        case All():
            return all(_holds(text, part, stems) for part in query.parts)
        case Any():
            return any(_holds(text, part, stems) for part in query.parts)
        case Without():
            return not _holds(text, query.of, stems)
    raise TypeError(query)


def places(text: str, query: Query, stems: Stems) -> list[tuple[int, int]]:
    """Return where a text says what a query asks for (first and after-last characters), in order, none inside another.

    >>> places("Des rondes la nuit", parse("ronde OU bruit"), lambda word: {unaccent(lemma(word))})
    [(4, 10)]
    """
    words = words_of(text)
    said = [stems(word) if word else () for word, _, _ in words]
    plain = [unaccent(word) for word, _, _ in words]
    found = []
    for term in _terms(query):
        wanted = [stems(word) for word in term.words]
        for at in range(len(words) - len(wanted) + 1):
            inside = range(at, at + len(wanted))
            if all(
                _fits(term, place - at, plain[place], said[place], wanted[place - at]) for place in inside
            ):
                found.append((words[at][1], words[at + len(wanted) - 1][2]))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return [(start, start + len(text[start:end].rstrip("'’"))) for start, end in kept]


def _fits(term: Term, position: int, plain: str, said: Collection[str], wanted: Collection[str]) -> bool:
    if not plain:
        return False
    if term.is_start:
        own = unaccent(term.words[position])
        return plain.startswith(own) if position == len(term.words) - 1 else plain == own
    return bool(set(said) & set(wanted))


def _terms(query: Query) -> list[Term]:
    match query:
        case Term():
            return [query]
        case All() | Any():
            return [term for part in query.parts for term in _terms(part)]
    return []
