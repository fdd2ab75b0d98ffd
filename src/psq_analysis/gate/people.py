"""Columns that list people: an attacker reads a column down, and names that no rule announces tell who answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from psq_analysis.privacy.name_lexicon import communes, is_word, lexicon, plain

FEWEST = 5  # cells; fewer short words may be anything
DISTINCT_SHARE = 0.8  # of the cells are different: names come once, labels come back
NAMES_SHARE = 0.6  # of the cells look like a name
LONGEST, MOST_WORDS = 40, 4  # characters and words of « Marie-Hélène de La Tour »
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "d", "l", "von", "van"})
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


def columns_of_people(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[int]:
    """Yield the columns (from 0) whose cells are, for the most part, different names of persons.

    >>> people = [["Zoé Castéran"], ["Guy Dupouts"], ["Inès Vaquié"], ["Loïc F."], ["Sonia Bégarie"]]
    >>> list(columns_of_people(["Pour finir"], people)), list(columns_of_people(["Commune"], [["Auch"], ["Pavie"], ["Condom"], ["Eauze"], ["Mirande"]]))
    ([0], [])
    """
    for column in range(len(headings)):
        cells = [
            str(row[column]).strip() for row in rows if column < len(row) and row[column] not in (None, "")
        ]
        if len(cells) < FEWEST or len(set(cells)) < DISTINCT_SHARE * len(cells):
            continue
        if sum(map(_may_be_a_name, cells)) >= NAMES_SHARE * len(cells):
            yield column


def _may_be_a_name(cell: str) -> bool:
    words = _WORD.findall(cell)
    if (
        not words
        or len(cell) > LONGEST
        or len(words) > MOST_WORDS
        or re.search(r"[\d:;!?%€]|\.\s*\S{3,}", cell)
    ):
        return False
    known = [plain(word.rstrip(".")) for word in words]
    if plain(cell) in communes() or any(word in lexicon().towns for word in known):
        return False
    if not all(word[:1].isupper() or form in _PARTICLES for word, form in zip(words, known, strict=True)):
        return False
    first_name = any(form in lexicon().certain for form in known)
    unknown = [form for form in known if len(form) > 1 and form not in _PARTICLES and not is_word(form)]
    return (len(words) > 1 and (first_name or len(unknown) == len(words))) or (len(words) == 1 and first_name)
