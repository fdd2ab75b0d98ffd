"""A made-up consultation whose groups differ in known ways, for the tests of several rooms."""

from __future__ import annotations

import numpy as np
import pandas as pd


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
