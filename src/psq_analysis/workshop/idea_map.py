"""A map of ideas: those whose words mean the same lie near each other.

Their directions (:mod:`psq_analysis.text.word_vectors`) are laid out in the plane by t-SNE (van der Maaten and Hinton, 2008): what lies together is alike,
how far two distant clouds are apart means nothing.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from psq_analysis.french.labels import label
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.word_vectors import word_vectors
from psq_analysis.workshop.results import CannotShow
from psq_analysis.workshop.said import Said, scheme_asked

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST = 20_000  # points: past these, neither the eye nor the browser follows
FEWEST = 20
LAID_OUT = 4_000  # ideas t-SNE lays out; the others stand at the middle of the nearest of them
NEAREST = 3
DIMENSIONS, ROUNDS = 30, 500
WIDTH = 60  # characters of a line of a verbatim under the mouse


def idea_map(ideas: pd.DataFrame, said: Said, *, color: str, most: int, seed: int) -> go.Figure:
    """Return the map of at most ``most`` distinct ideas (drawn at random past that), coloured by the scheme ``color``.

    ``ideas``: ``idea_id``, ``text``, ``reference``. Raises :class:`~psq_analysis.workshop.results.CannotShow` for too few or too many.
    """
    from psq_analysis.charts import point_map  # noqa: PLC0415

    if not 0 < most <= MOST:
        raise CannotShow(f"Carte des idées : entre 1 et {MOST} points (most={most}).")
    distinct = ideas.drop_duplicates("text")
    drawn = distinct.sample(min(most, len(distinct)), random_state=seed).sort_index()
    vectors = word_vectors().of(Corpus.read(drawn["text"].tolist()))
    known = vectors.any(axis=1)
    if known.sum() < FEWEST:
        raise CannotShow(f"Carte des idées : moins de {FEWEST} idées différentes, trop peu pour une carte.")
    drawn, vectors = drawn[known], vectors[known]
    family = scheme_asked(color)
    first = said.of(family).drop_duplicates("idea_id").set_index("idea_id")["label"]
    groups = drawn["idea_id"].map(first).fillna(label("words", "no_code"))
    places = layout(vectors, seed=seed)
    hover = ["<br>".join(textwrap.wrap(text, WIDTH)) for text in map(point_map.escape, drawn["text"])]
    points = pd.DataFrame({"x": places[:, 0], "y": places[:, 1], "group": groups.to_numpy(), "hover": hover, "reference": drawn["reference"].to_numpy()})  # fmt: skip
    return point_map.point_map(points)


@threadpool_limits.wrap(limits=1)  # the order of additions would follow the number of threads
def layout(vectors: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the place of each vector in the plane: near vectors near each other; the same places for the same vectors."""
    draw = np.random.default_rng(seed)
    chosen = np.sort(draw.permutation(len(vectors))[:LAID_OUT])
    reduced = PCA(min(DIMENSIONS, len(chosen) - 1, vectors.shape[1]), random_state=seed).fit(vectors[chosen]).transform(vectors)  # fmt: skip
    perplexity = min(30.0, (len(chosen) - 1) / 3)
    laid = TSNE(2, perplexity=perplexity, init="pca", max_iter=ROUNDS, random_state=seed).fit_transform(reduced[chosen])  # fmt: skip
    places = np.empty((len(vectors), 2))
    places[chosen] = laid
    others = np.setdiff1d(np.arange(len(vectors)), chosen)
    for part in np.array_split(others, max(1, len(others) // 2_000)):
        near = np.argpartition(-(vectors[part] @ vectors[chosen].T), NEAREST, axis=1)[:, :NEAREST] if len(part) else np.empty((0, NEAREST), int)  # fmt: skip
        spread = draw.normal(
            scale=0.3, size=(len(part), 2)
        )  # so that copies of a thought do not hide each other
        places[part] = laid[near].mean(axis=1) + spread
    return places
