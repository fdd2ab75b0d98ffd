"""Which respondents an analysis is about, and by which columns it groups them: names checked against what the run holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from psq_analysis.errors import BadInput
from psq_analysis.packaged import read_yaml
from psq_analysis.respondents.groups import in_order
from psq_analysis.respondents.nearest import found
from psq_analysis.respondents.people import COLUMNS, NUMBERS, SEVERAL, with_answers
from psq_analysis.settings import CROSSING

Labels = Callable[[str, str], str]  # column and value → the French name of the value
_CONDITION = re.compile(r"^\s*(?P<column>.+?)\s*(?P<sign>!=|≠|>=|≥|<=|≤|=|>|<)\s*(?P<values>.+?)\s*$", re.DOTALL)  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|«[^»]*»')
_OVERSEAS = {True: "overseas", False: "mainland"}


class BadFilter(BadInput):
    """A filter cannot be read, or leaves too few respondents."""


class Condition(NamedTuple):
    """One condition of a filter: a column, a sign (``=``, ``≠``, ``≥``, ``≤``, ``>`` or ``<``) and values, as typed."""

    column: str
    sign: str
    values: tuple[str, ...]


def conditions(only: str | Mapping[str, object]) -> list[Condition]:
    """Read a filter: conditions separated by semicolons, all of which must hold; values by commas, one of which must.

    A value that holds a comma or a semicolon stands between quotation marks. A mapping (column → value or values) says the same.

    >>> conditions('departement=32,974; voix≠élus')
    [Condition(column='departement', sign='=', values=('32', '974')), Condition(column='voix', sign='≠', values=('élus',))]
    >>> conditions({"voix": ["élus", "habitants"]})
    [Condition(column='voix', sign='=', values=('élus', 'habitants'))]
    >>> conditions("élus")
    Traceback (most recent call last):
        ...
    psq_analysis.respondents.chosen.BadFilter: Filtre « élus » illisible : écrivez colonne=valeur,valeur ; par exemple departement=32,974; voix=élus.
    """
    if isinstance(only, Mapping):
        return [Condition(str(column), "=", _values_of(values)) for column, values in only.items()]
    read = []
    for part in _split(only, ";"):
        match = _CONDITION.match(part)
        if match is None:
            raise BadFilter(
                f"Filtre « {part.strip()} » illisible : écrivez colonne=valeur,valeur ; par exemple departement=32,974; voix=élus."
            )
        sign = {"!=": "≠", ">=": "≥", "<=": "≤"}.get(match["sign"], match["sign"])
        values = tuple(value.strip().strip('"«» ') for value in _split(match["values"], ","))
        read.append(Condition(match["column"].strip('"«» '), sign, values))
    return read


def _values_of(given: object) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list | tuple | set) else (str(given),)


def _split(text: str, mark: str) -> list[str]:
    """Cut at a mark that stands outside quotation marks; empty parts are left out."""
    hidden = _QUOTED.sub(lambda quoted: quoted[0].replace(mark, "\0"), text)
    return [part.replace("\0", mark) for part in hidden.split(mark) if part.strip()]


class Choice(NamedTuple):
    """The respondents of a run with the columns they may be chosen and grouped by.

    ``people``: of :func:`psq_analysis.respondents.people.people`; ``answers``: their closed answers; ``labels``: the French name of a value.
    """

    people: pd.DataFrame
    answers: pd.DataFrame
    labels: Labels

    @property
    def columns(self) -> dict[str, list[str]]:
        """Every column that may be asked for, with its other names; closed questions by what was asked."""
        other_names = read_yaml(__package__, "columns.yml")
        own = {
            name: list(other_names.get(name, ()))
            for name in (*COLUMNS, "population")
            if name in self.people and self.people[name].notna().any()
        }
        asked = self.answers.drop_duplicates("question")
        return own | {str(row.question): [str(row.question_id)] for row in asked.itertuples()}

    def column(self, asked: str) -> str:
        """Return the column a name asks for; raises :class:`~psq_analysis.respondents.nearest.UnknownName` with the nearest ones."""
        if (
            asked.strip() in COLUMNS and asked.strip() in self.people
        ):  # known, even where the files say it of nobody
            return asked.strip()
        return found(asked, self.columns, kind="Colonne")

    def grouping(self, asked: str) -> str:
        """Return the grouping a name asks for: a column, or two crossed by ``*`` or ``×``.

        A question to which a person gave several answers makes no groups, for these would overlap: raises :class:`BadFilter`.
        """
        parts = [self.column(part) for part in re.split(rf"[{CROSSING}*]", asked) if part.strip()]
        for part in parts:
            if part == "population":
                raise BadFilter("La population fait trop de groupes : prenez la taille de la commune (commune_size).")  # fmt: skip
            if part not in self.people and self._values(part).str.contains(SEVERAL, regex=False).any():
                raise BadFilter(
                    f"« {part} » : une personne y a donné plusieurs réponses, qui ne font pas des groupes à part. "
                    "Prenez une réponse à la fois, dans un filtre."
                )
        return CROSSING.join(parts)

    def with_groups(self, respondents: pd.DataFrame, groupings: Iterable[str]) -> pd.DataFrame:
        """Return ``respondents`` with the columns that ``groupings`` (canonical) need and they lack."""
        wanted = dict.fromkeys(part for grouping in groupings for part in grouping.split(CROSSING))
        missing = [name for name in wanted if name not in respondents and name != "all"]
        known = [name for name in missing if name in self.people]
        placed = respondents.assign(
            **{
                name: respondents["contribution_id"].map(self.people.set_index("contribution_id")[name])
                for name in known
            }
        )
        return with_answers(placed, self.answers, [name for name in missing if name not in known])

    def chosen(self, only: str | Mapping[str, object]) -> pd.Series:
        """Return the identifiers of the contributions a filter keeps; all of them when it is empty."""
        kept = pd.Series(True, index=self.people.index)
        for condition in conditions(only):
            kept &= self._holds(condition)
        return self.people.loc[kept, "contribution_id"]

    def groups(self, column: str, asked: Iterable[str]) -> list[str]:
        """Return the groups of a column that names ask for."""
        known = {
            value: [shown] if (shown := self.labels(column, value)) != value else []
            for value in self.values(column)
        }
        return [found(name, known, kind=self.labels("", column)) for name in asked]

    def values(self, column: str) -> list[str]:
        """Return the values respondents have in a column, in order."""
        return in_order(column, _several(self._values(column).dropna()))

    def _values(self, column: str) -> pd.Series:
        if column not in self.people:
            return with_answers(self.people, self.answers, [column])[column]
        values = self.people[column]
        return (values.map(_OVERSEAS) if column == "overseas" else values).astype("string")

    def _holds(self, condition: Condition) -> pd.Series:
        column = self.column(condition.column)
        if condition.sign not in "=≠" or column == "population":
            return self._compares(column, condition)
        values = self._values(column)
        wanted = set(self.groups(column, condition.values))
        if column in self.people:
            inside = values.isin(wanted)
        else:
            inside = values.fillna("").map(lambda given: bool(wanted & set(given.split(SEVERAL))))
        return inside if condition.sign == "=" else ~inside & values.notna()

    def _compares(self, column: str, condition: Condition) -> pd.Series:
        if column not in NUMBERS:
            raise BadFilter(
                f"Filtre : « {condition.column} » n'est pas un nombre ; écrivez = ou !=. Nombres : {', '.join(NUMBERS)}."
            )
        try:
            (limit,) = (float(re.sub(r"\s", "", value).replace(",", ".")) for value in condition.values)
        except ValueError:
            raise BadFilter(
                f"Filtre : un seul nombre est attendu après « {condition.column} {condition.sign} »."
            ) from None
        compare = {"=": "eq", "≠": "ne", "≥": "ge", "≤": "le", ">": "gt", "<": "lt"}[condition.sign]
        held = getattr(self.people[column].astype("Float64"), compare)(limit)
        return held.fillna(False).astype(bool)


def _several(values: pd.Series) -> Sequence[str]:
    return sorted({one for given in values.unique() for one in str(given).split(SEVERAL)})


def enough(respondents: pd.DataFrame, only: object, *, min_cell: int) -> pd.DataFrame:
    """Return ``respondents`` unless a filter left fewer than ``min_cell`` of them: raises :class:`BadFilter`, which says so.

    >>> enough(pd.DataFrame({"contribution_id": ["a"]}), "voix=élus", min_cell=11)
    Traceback (most recent call last):
        ...
    psq_analysis.respondents.chosen.BadFilter: Le filtre « voix=élus » laisse moins de 11 répondants : trop peu pour en dire quelque chose. Élargissez-le.
    """
    if only and len(respondents) < min_cell:
        raise BadFilter(
            f"Le filtre « {only} » laisse moins de {min_cell} répondants : trop peu pour en dire quelque chose. Élargissez-le."
        )
    return respondents
