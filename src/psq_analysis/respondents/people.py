"""What is known of each respondent besides what they say: where they are, how large their commune is, what they ticked.

These are the columns respondents are chosen and grouped by (:mod:`psq_analysis.respondents.chosen`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from psq_analysis.places.regions import region_of_department
from psq_analysis.tables.schema import disjoint
from psq_analysis.tables.terms import COMMUNE_SIZES

SEVERAL = " ; "  # between the answers one person gave to one question
PLACE_COLUMNS = ("departement", "region", "epci", "commune", "commune_size")
# what may be asked for by a name of its own; closed questions come besides
COLUMNS = ("stakeholder", "territory", "territory_type", "overseas", "density_level", *PLACE_COLUMNS, "wave", "source_file")  # fmt: skip
NUMBERS = ("population", "density_level")


def people(contributions: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return ``contributions`` with what their commune tells: one row per contribution, in the same order.

    Added: ``territory`` (disjoint), ``departement`` (code), ``region`` and ``epci`` (names), ``commune`` (« Auch (32) »),
    ``population`` (of the commune) and ``commune_size`` (its class); missing where unknown.

    >>> from psq_analysis.places.communes import load_communes
    >>> given = pd.DataFrame({"contribution_id": ["a"], "commune_code": ["32013"], "department_code": ["32"], "territory_type": "urbain",
    ...     "overseas": pd.array([False], dtype="boolean")})
    >>> people(given, load_communes())[["commune", "epci", "commune_size"]].values.tolist()
    [['Auch (32)', 'CA Grand Auch Cœur de Gascogne', '20 000 à 49 999 hab.']]
    """
    known = communes.set_index("code")
    at = contributions["commune_code"]
    department = contributions["department_code"].astype("string")
    population = at.map(known["population"]).astype("Int64")
    name = at.map(known["name"]).astype("string")
    return contributions.assign(
        territory=disjoint(contributions),
        departement=department,
        region=department.map(region_of_department()).astype("string"),
        epci=at.map(known["epci"]).astype("string").replace("", pd.NA),
        commune=name + " (" + at.map(known["department_code"]).astype("string") + ")",
        population=population,
        commune_size=size_classes(population),
    )


def size_classes(population: pd.Series) -> pd.Series:
    """Return the class of each population, missing where it is.

    >>> size_classes(pd.Series([499, 2000, None], dtype="Int64")).tolist()
    ['moins de 500 hab.', '2 000 à 4 999 hab.', <NA>]
    """
    least = np.array(list(COMMUNE_SIZES.values()))
    at = np.searchsorted(least, population.fillna(0).to_numpy(float), side="right") - 1
    names = pd.Series(np.array(list(COMMUNE_SIZES), dtype=object)[at], index=population.index, dtype="string")
    return names.where(population.notna()).rename("commune_size")


def with_answers(people: pd.DataFrame, answers: pd.DataFrame, questions: Sequence[str]) -> pd.DataFrame:
    """Return ``people`` with a column per closed question (as asked): the answer, or all of them joined where several were given.

    >>> given = pd.DataFrame({"contribution_id": ["a", "a"], "question": "Où ?", "value": ["Gare", "Bus"]})
    >>> with_answers(pd.DataFrame({"contribution_id": ["a", "b"]}), given, ["Où ?"])["Où ?"].fillna("").tolist()
    ['Bus ; Gare', '']
    """
    asked = answers[answers["question"].isin(questions)].drop_duplicates(
        ["contribution_id", "question", "value"]
    )
    asked = asked.sort_values("value", kind="stable")
    joined = asked.groupby(["contribution_id", "question"])["value"].agg(SEVERAL.join)
    columns = {
        question: people["contribution_id"].map(
            joined.xs(question, level="question") if question in set(asked["question"]) else {}
        )
        for question in questions
    }
    return people.assign(**{name: values.astype("string") for name, values in columns.items()})
