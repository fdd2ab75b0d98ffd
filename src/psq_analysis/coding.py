"""Ideas × codebook → codes with scores.

Three ways to learn, one interface: the codebook alone, the codebook and the remarks themselves, and codes
given by people, which always win over the model. What cannot be decided is « autre », never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from psq_analysis.codebook import Codebook
from psq_analysis.reading import Reading
from psq_analysis.schema import OTHER, OUT_OF_SCOPE, conform

# A code is given when it is more likely than not.
DECISION = 0.5


def code_ideas(
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    codebook: Codebook,
    *,
    human: pd.DataFrame | None = None,
    seed: int,
) -> pd.DataFrame:
    """Return the codes of each idea (table ``codes``).

    Every idea has at least one theme row: themes, or ``hors_champ`` alone, or ``autre`` when it is in
    scope and no theme can be decided. Objectives may be none; fundamental is at most one; tone is exactly
    one.
    """
    asked = ideas[["remark_id"]].merge(remarks[["remark_id", "question"]], on="remark_id", how="left")[
        "question"
    ]
    texts = ideas["text"].astype(str).tolist()
    questions = asked.fillna("").astype(str).tolist()
    pairs = pd.MultiIndex.from_arrays([texts, questions])
    row_of_idea, distinct = pairs.factorize()
    reading = Reading.of(codebook, [text for text, _ in distinct], [question for _, question in distinct])
    given = []
    for scheme in codebook.schemes:
        scores = reading.scores(scheme)
        chosen = choose(scores, multiple=codebook.schemes[scheme].multiple)
        if scheme == "theme":
            chosen, scores = abstain(chosen, scores)
        elif scheme == "tone":
            chosen = best(scores)
        rows, columns = np.nonzero(chosen.to_numpy()[row_of_idea])
        given.append(
            pd.DataFrame(
                {
                    "idea_id": ideas["idea_id"].to_numpy()[rows],
                    "scheme": scheme,
                    "code": chosen.columns.to_numpy()[columns],
                    "score": scores.to_numpy()[row_of_idea[rows], columns],
                    "origin": "codebook",
                }
            )
        )
    return conform(pd.concat(given, ignore_index=True), "codes")


def best(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the one most likely code of each row (remarks × codes, boolean)."""
    chosen = np.zeros(scores.shape, dtype=bool)
    chosen[np.arange(len(scores)), scores.to_numpy().argmax(axis=1)] = True
    return pd.DataFrame(chosen, columns=scores.columns)


def choose(scores: pd.DataFrame, *, multiple: bool) -> pd.DataFrame:
    """Return the codes given to each row (remarks × codes, boolean): those more likely than not."""
    likely = scores >= DECISION
    chosen = likely if multiple else likely & best(scores)
    if OUT_OF_SCOPE in chosen:
        themes = chosen.drop(columns=OUT_OF_SCOPE)
        chosen = chosen.assign(**{OUT_OF_SCOPE: chosen[OUT_OF_SCOPE] & ~themes.any(axis=1)})
    return chosen


def abstain(chosen: pd.DataFrame, scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the column ``autre``: given, with what likelihood is left, to rows for which nothing was chosen."""
    undecided = ~chosen.any(axis=1)
    left = (1 - scores).prod(axis=1).clip(0, 1)
    return chosen.assign(**{OTHER: undecided}), scores.assign(**{OTHER: left})


def code_remarks(
    remarks: pd.DataFrame, codebook: Codebook, *, human: pd.DataFrame | None = None, seed: int
) -> pd.DataFrame:
    """Return ``remarks`` (column ``remark``, optional ``question``) with ``themes``, ``objectives`` and ``scores``."""
    texts = remarks["remark"].fillna("").astype(str)
    questions = remarks["question"].fillna("").astype(str) if "question" in remarks else [""] * len(remarks)
    reading = Reading.of(codebook, texts.tolist(), list(questions))
    scores = {
        scheme: reading.scores(scheme) for scheme in ("theme", "objective") if scheme in codebook.schemes
    }
    lists = {scheme: _lists(choose(frame, multiple=True)) for scheme, frame in scores.items()}
    empty: list[list[str]] = [[] for _ in range(len(remarks))]
    return remarks.assign(
        themes=lists.get("theme", empty),
        objectives=lists.get("objective", empty),
        scores=_score_maps(scores, len(remarks)),
    )


def _lists(chosen: pd.DataFrame) -> list[list[str]]:
    names = chosen.columns.to_numpy()
    return [names[row].tolist() for row in chosen.to_numpy()]


def _score_maps(scores: Mapping[str, pd.DataFrame], rows: int) -> list[dict[str, Any]]:
    if not scores:
        return [{} for _ in range(rows)]
    return pd.concat(list(scores.values()), axis=1).round(3).to_dict("records")
