"""A made-up consultation whose groups differ in known ways, for the tests of several rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from psq_analysis.comparison import contrasts, shares
from psq_analysis.respondents.design import design
from psq_analysis.respondents.groups import GROUPINGS
from psq_analysis.tables import selections


def keyed(people: pd.DataFrame) -> pd.DataFrame:
    """Return the respondents with a record key each, as a raw row would give it."""
    hashes = [hashlib.blake2b(str(one).encode(), digest_size=5).digest() for one in people["contribution_id"]]
    return people.assign(record_key=np.array([int.from_bytes(one, "big") for one in hashes], dtype="int64"))


def published(
    said: pd.DataFrame,
    people: pd.DataFrame,
    *,
    codes: Mapping[str, Iterable[str]],
    groupings: Iterable[str] = GROUPINGS,
    min_cell: int = 11,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``prevalence`` and ``contrasts`` of a consultation, as a run publishes them."""
    people = people if "record_key" in people else keyed(people)
    alike = design(said, people)
    prevalence = shares.shares(
        said, people, design=alike, codes=codes, groupings=groupings, min_cell=min_cell
    )
    return prevalence, contrasts.contrasts(selections.comparable(prevalence), said, people, design=alike)


def consultation(size: int = 600, seed: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what respondents said and who they are: each type of territory prefers one theme, voices prefer nothing."""
    generator = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "contribution_id": [f"r{n}" for n in range(size)],
            "territory": generator.choice(
                ["rural", "urbain", "periurbain", "outre_mer", "indetermine"],
                size,
                p=[0.4, 0.25, 0.15, 0.12, 0.08],
            ),
            "stakeholder": generator.choice(["élus", "habitants"], size),
            "record_key": generator.integers(2**40, size=size),
        }
    )
    shares = {
        "rural": [0.7, 0.2, 0.3, 0.2, 0.1],
        "urbain": [0.2, 0.7, 0.3, 0.2, 0.1],
        "periurbain": [0.3, 0.3, 0.6, 0.2, 0.1],
    }
    table = np.array([shares.get(one, [0.3, 0.3, 0.3, 0.6, 0.1]) for one in people["territory"]])
    who, what = np.nonzero(generator.random(table.shape) < table)
    return pd.DataFrame(
        {
            "contribution_id": people["contribution_id"].to_numpy()[who],
            "scheme": "theme",
            "code": np.array(list("abcde"))[what],
        }
    ), people
