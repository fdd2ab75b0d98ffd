"""A search finds words whatever their inflexion and accents, phrases within a sentence, and what is not said."""

from __future__ import annotations

import sqlite3
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.text import search
from psq_analysis.text.plain import unaccent

TEXTS = ["Les patrouilles de nuit. Le jour, rien", "Patrouillez davantage", "La rue est mal eclairée", "Pas d'éclairage ; la mairie dort", "Voler un vélo"]  # fmt: skip


@cache
def _index() -> tuple[sqlite3.Connection, dict[str, set[str]], frozenset[str]]:
    """The texts in FTS5, the stems each form may have, and every stem."""
    lines, stems = search.indexed(TEXTS)
    forms: dict[str, set[str]] = {}
    met = [(unaccent(form), stem) for form, stem in stems.items()]
    for form, stem in [*met, *search.inflexions(set(stems.values()))]:
        forms.setdefault(form, set()).add(stem)
    index = sqlite3.connect(":memory:")
    index.execute("create virtual table words using fts5 (stems, forms, content='')")
    rows = [(at, *line) for at, line in enumerate(lines)]
    index.executemany("insert into words (rowid, stems, forms) values (?, ?, ?)", rows)
    return index, forms, frozenset(stems.values())


def _in_sqlite(asked: str) -> list[bool]:
    """The same search through FTS5, as the index of a run does it."""
    index, forms, every = _index()

    def of(word: str) -> set[str]:
        known = forms.get(unaccent(word), {unaccent(word)})
        return set().union(*(search.with_verb(stem, every.__contains__) for stem in known))

    expression = search.expression(search.parse(asked), of)
    found = {row for (row,) in index.execute("select rowid from words where words match ?", (expression,))}
    return [at in found for at in range(len(TEXTS))]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("patrouille", [0, 1]),
        ("patrouiller", [0, 1]),
        ("PATROUILLENT", [0, 1]),
        ("patrouill*", [0, 1]),
        ("éclairer", [2]),
        ("eclairée", [2]),
        ("eclair*", [2, 3]),
        ("éclairage OU éclairer", [2, 3]),
        ("maire", []),
        ("vol", []),
        ("vole", [4]),
        ('"patrouille de nuit"', [0]),
        ("« nuit le jour »", []),
        ("patrouille SAUF nuit", [1]),
        ("patrouille -nuit", [1]),
        ("SAUF (patrouille OU rue)", [3, 4]),
        ("(nuit ET jour) OR vélo", [0, 4]),
        ("l'éclairage", [3]),
    ],
)
def test_a_query_means_the_same_with_and_without_an_index(asked, found):
    expected = [at in found for at in range(len(TEXTS))]
    assert search.matches(TEXTS, asked) == expected
    assert _in_sqlite(asked) == expected


@pytest.mark.parametrize("asked", ["", "(", "nuit)", "nuit OU", "SAUF", "a*", "()"])
def test_what_cannot_be_read_is_refused_in_french(asked):
    with pytest.raises(search.BadQuery, match="illisible"):
        search.parse(asked)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_query_breaks_the_index(asked):
    try:
        _in_sqlite(asked)
    except search.BadQuery:
        return


def test_what_was_masked_is_no_word():
    assert search.matches(["Merci à [PERSONNE 1]", "Une personne"], "personne") == [False, True]
