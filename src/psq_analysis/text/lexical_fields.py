"""The subjects an idea raises, read through lexical fields: words and phrases of general French about everyday safety.

Few ideas of one consultation share a word; « siphonnage », « cuve » and « gasoil » raise one subject all the same. The
fields (``lexical_fields.yml``) say which words do; they assign nothing to a sub-theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse

from psq_analysis.packaged import read_yaml
from psq_analysis.text.concordance import Concordance
from psq_analysis.text.content_words import PAUSE, content_lemmas, without_placeholders
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.expressions import Either, parse


@dataclass(frozen=True)
class Field:
    """A lexical field: what may name it, as lemmas and as people write it (``heading`` above all), and what else says it."""

    name: str
    heading: str
    domain: str
    shown: tuple[tuple[str, Either], ...]
    expressions: tuple[str, ...]
    also: tuple[Either, ...]


@dataclass(frozen=True)
class FieldCounts:
    """The lexical fields of many texts, 1 where a text raises the field.

    ``fields`` and ``domains`` have a row per text and a column per field, per domain. ``shown`` has a column per
    expression that may name a field: the lemmas of column ``i`` are ``terms[i]``, its field is column ``field_of[i]``.
    """

    fields: sparse.csr_matrix
    domains: sparse.csr_matrix
    shown: sparse.csr_matrix
    terms: list[str]
    field_of: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> FieldCounts:
        return FieldCounts(self.fields[rows], self.domains[rows], self.shown[rows], self.terms, self.field_of)


@cache
def load_fields() -> tuple[Field, ...]:
    """Return the fields of ``lexical_fields.yml``, in its order."""
    return tuple(
        Field(
            name,
            words["shown"][0],
            domain,
            tuple((" ".join(content_lemmas(expression)), parse(expression)) for expression in words["shown"]),
            tuple(words["shown"]),
            tuple(parse(expression) for expression in words["also"]),
        )
        for domain, fields in read_yaml(__package__, "lexical_fields.yml").items()
        for name, words in fields.items()
    )


def read_fields(texts: Sequence[str]) -> FieldCounts:
    """Return which lexical fields each text raises.

    >>> counts = read_fields(["On nous siphonne les cuves", "Vols de gasoil", "Une plainte en ligne"])
    >>> [field.name for field, said in zip(load_fields(), counts.fields.toarray()[1]) if said]
    ['vols_sur_exploitations', 'vols_simples']
    >>> (counts.fields @ counts.fields.T).toarray().astype(int).tolist()
    [[1, 1, 0], [1, 2, 0], [0, 0, 2]]
    """
    known = load_fields()
    said = Concordance(Corpus.read([PAUSE.sub(".", without_placeholders(text)) for text in texts]))
    shown = [(number, term, tree) for number, field in enumerate(known) for term, tree in field.shown if term]
    by_expression = [said.texts(tree) for _, _, tree in shown]
    field_of = np.array([number for number, _, _ in shown])
    by_field = [
        np.unique(
            np.concatenate(
                [by_expression[place] for place in np.flatnonzero(field_of == number)]
                + [said.texts(tree) for tree in field.also]
            )
        )
        for number, field in enumerate(known)
    ]
    domains = sorted({field.domain for field in known})
    by_domain = [
        np.unique(np.concatenate([by_field[n] for n, field in enumerate(known) if field.domain == domain]))
        for domain in domains
    ]
    return FieldCounts(
        _table(by_field, len(texts)),
        _table(by_domain, len(texts)),
        _table(by_expression, len(texts)),
        [term for _, term, _ in shown],
        field_of,
    )


def _table(columns: Sequence[np.ndarray], n_rows: int) -> sparse.csr_matrix:
    rows = np.concatenate(columns)
    column = np.repeat(np.arange(len(columns)), [len(texts) for texts in columns])
    return sparse.csr_matrix((np.ones(len(rows)), (rows, column)), shape=(n_rows, len(columns)))
