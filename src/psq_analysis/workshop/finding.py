"""Searching the remarks of a run: by words, codes, question and place; around a remark; and those most like it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from psq_analysis.french.labels import label
from psq_analysis.quotes.choice import REFERENCE_LETTERS
from psq_analysis.respondents.nearest import UnknownName, found
from psq_analysis.text import search
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.plain import plain_words, unaccent
from psq_analysis.workshop.index import PEOPLE

CODED = ("theme", "objective", "fundamental", "tone", "subtheme", "demand")
MANY = ("subtheme", "demand")  # their names are phrases, of which one asks by a word
DEMANDS = ("demande", "irritant", "satisfaction")
_COLUMNS = ["row", "remark_id", "contribution_id", "question", "text", "is_noise", "score", "themes", "objectives", "tones", "subthemes", "demands", "irritants", *PEOPLE]  # fmt: skip
_SELECT = f"select {', '.join(_COLUMNS)} from remarks left join people using (contribution_id)"


@dataclass(frozen=True)
class Finder:
    """An open index, and the directions of words of its remarks (read when asked for)."""

    index: sqlite3.Connection
    read_vectors: Callable[[], np.ndarray]
    _stems: dict[str, frozenset[str]] = field(default_factory=dict)

    def stems(self, word: str) -> frozenset[str]:
        """The stems a word may have, whatever its accents; that of a noun and of its verb where they are spelt alike."""
        plain = unaccent(word)
        if plain not in self._stems:
            rows = self.index.execute("select distinct stem from forms where form = ?", (plain,)).fetchall()
            known = {stem for (stem,) in rows} or {plain}
            every = set().union(*(search.with_verb(stem, self._is_stem) for stem in known))
            self._stems[plain] = frozenset(every)
        return self._stems[plain]

    def _is_stem(self, stem: str) -> bool:
        asked = "select 1 from forms where form = ? and stem = ? limit 1"
        return self.index.execute(asked, (stem, stem)).fetchone() is not None

    def find(
        self, words: str = "", *, codes: Mapping[str, str], question: str = "", score: float = 0.0
    ) -> pd.DataFrame:
        """Return the remarks that say ``words`` (:func:`psq_analysis.text.search.parse`) under every code asked for, in the order of the run.

        ``codes``: per scheme of :data:`CODED`, codes or French names, separated by commas (one of them must be given); ``question``: words of
        the question; ``score``: least score of a theme, 0 to 1. Raises :class:`UnknownName` and :class:`psq_analysis.text.search.BadQuery`.
        """
        held, values = [], []
        if words.strip():
            held.append("row in (select rowid from words where words match ?)")
            values.append(search.expression(search.parse(words), self.stems))
        for scheme, asked in codes.items():
            if asked:
                keys = self._codes(scheme, asked)
                held.append(
                    f"row in (select row from codes where (scheme, code) in (values {', '.join(['(?, ?)'] * len(keys))}))"
                )
                values += [part for key in keys for part in key]
        if question:
            asked_here = self._questions(question)
            held.append(f"question in ({', '.join('?' * len(asked_here))})")
            values += asked_here
        if score:
            held.append("score >= ?")
            values.append(str(score))
        condition = f" where {' and '.join(held)}" if held else ""
        rows = self.index.execute(f"{_SELECT}{condition} order by row", values).fetchall()
        return self._frame(rows)

    def _frame(self, rows: list[tuple[object, ...]]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=_COLUMNS)
        return frame.assign(reference=frame["remark_id"].astype("string").str[:REFERENCE_LETTERS])

    def _codes(self, scheme: str, asked: str) -> list[tuple[str, str]]:
        """The codes that names ask for: of a scheme of the codebook one each, of sub-themes and demands all whose name holds the words."""
        of = DEMANDS if scheme == "demand" else (scheme,)
        known = {
            (one, code): name
            for (one, code), name in self._names.items()
            if one in of and (one, code) in self._codes_said
        }
        kept: list[tuple[str, str]] = []
        for part in (part for part in asked.split(",") if part.strip()):
            inside = [
                key for key, name in known.items() if plain_words(part) in plain_words(f"{key[1]} {name}")
            ]
            if scheme in MANY and inside:
                kept += inside
                continue
            code = found(
                part, {code: [name] for (_, code), name in known.items()}, kind=label("schemes", scheme)
            )
            kept += [key for key in known if key[1] == code]
        return kept

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return {(scheme, code): name for scheme, code, name in self.index.execute("select * from names")}

    @cached_property
    def first_reference(self) -> str:
        """Reference of the first remark that says something; empty when none does."""
        row = self.index.execute(
            "select remark_id from remarks where not is_noise order by row limit 1"
        ).fetchone()
        return str(row[0])[:REFERENCE_LETTERS] if row else ""

    @cached_property
    def _codes_said(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.index.execute("select distinct scheme, code from codes"))

    def _questions(self, asked: str) -> list[str]:
        every = [question for (question,) in self.index.execute("select distinct question from remarks")]
        wanted = plain_words(asked)
        inside = [question for question in every if wanted in plain_words(question)]
        return inside or [found(asked, dict.fromkeys(every, ()), kind="Question")]

    def remark(self, reference: str) -> pd.Series:
        """Return the remark a reference names: the first letters of its identifier, as a report prints them."""
        asked = str(reference).strip()
        if len(asked) >= 4 and asked.isalnum():
            rows = self.index.execute(f"{_SELECT} where remark_id >= ? and remark_id < ? limit 2", (asked, asked + "\U0010ffff")).fetchall()  # fmt: skip
            if len(rows) == 1:
                return self._frame(rows).iloc[0]
        raise UnknownName(
            f"Référence « {asked} » introuvable ou trop courte : copiez-la de la colonne « Référence » ou d'une citation du rapport."
        )

    def around(self, reference: str) -> pd.DataFrame:
        """Return every remark of the contribution that a remark belongs to."""
        person = self.remark(reference)["contribution_id"]
        rows = self.index.execute(f"{_SELECT} where contribution_id = ? order by row", (person,)).fetchall()  # fmt: skip
        return self._frame(rows)

    def similar(self, asked: str, *, most: int) -> pd.DataFrame:
        """Return the remarks whose words point the same way as those of a remark (its reference) or of a text, the nearest first.

        ``similarity``: cosine of the directions of their words (:mod:`psq_analysis.text.word_vectors`), at most 1. Copies of one text are shown once.
        """
        vectors = self.read_vectors()
        try:
            row, text = int(self.remark(asked)["row"]), str(self.remark(asked)["text"])
        except UnknownName:
            row, text = -1, asked
        from psq_analysis.text.word_vectors import word_vectors  # noqa: PLC0415

        own = word_vectors().of(Corpus.read([text]))[0]
        if not len(vectors) or not own.any():
            raise UnknownName("Rien de semblable : aucun mot connu dans cette remarque.")
        near = np.asarray(vectors @ own.astype(vectors.dtype), dtype=float)
        order = [int(one) for one in np.argsort(-near, kind="stable")[: 5 * most + 50] if one != row]
        rows = self.index.execute(f"{_SELECT} where row in ({', '.join(map(str, order))})").fetchall()  # fmt: skip
        frame = self._frame(rows).set_index("row", drop=False).loc[order]
        frame = frame.assign(similarity=near[order].round(3)).drop_duplicates("text")
        return frame[frame["text"] != text].head(most).reset_index(drop=True)

    def marked(self, words: str) -> Callable[[str], Markup]:
        """Return what sets the words looked for off in a text, as safe HTML."""
        if not words.strip():
            return lambda text: Markup(escape(text))
        query = search.parse(words)

        def mark(text: str) -> Markup:
            pieces, last = [], 0
            for start, end in search.places(text, query, self.stems):
                pieces += [escape(text[last:start]), Markup("<mark>{}</mark>").format(text[start:end])]
                last = end
            return Markup("").join([*pieces, escape(text[last:])])

        return mark
