"""Classes of words over all themes at once, as readers of IRaMuTeQ know them: the divisive classification, counted in respondents.

A second reading beside the sub-themes: it knows neither the codebook nor the themes, so that what both find owes nothing to the grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from psq_analysis.subthemes.cluster import main_themes
from psq_analysis.subthemes.reinert import Tree, divide

# As many as sub-themes of a theme: beyond, a reader no longer keeps classes apart.
MAX_CLASSES = 8
# Beyond this many ideas the tree is drawn from a sample: its classes no longer move and its time grows.
MAX_READ_IDEAS = 10_000
# Words of a class in the table of numbers; a reader of IRaMuTeQ's profiles reads the first ones.
SHOWN_WORDS = 10


@dataclass(frozen=True)
class WordClasses:
    """A divisive classification of ideas and who speaks in it.

    ``tree``: of :func:`psq_analysis.subthemes.reinert.divide`. ``classes``: its classes with ``respondents`` and ``words``, the list of the most
    typical ones. ``in_scope``, ``read``, ``unclassified``: ideas of counted respondents, those the tree was drawn from, those it leaves
    out. ``with_themes``, ``with_subthemes``: adjusted Rand index over the ideas both place; empty where there is nothing to compare.
    """

    tree: Tree
    classes: pd.DataFrame
    in_scope: int
    read: int
    unclassified: int
    with_themes: float
    with_subthemes: float


def classify(
    ideas: pd.DataFrame,
    codes: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    subthemes: pd.DataFrame,
    *,
    min_cell: int,
    seed: int,
) -> WordClasses:
    """Classify the ideas in scope of ``contributions``, organised answers left out, into at most eight classes.

    As few classes as it takes for each, and what is outside it, to hold ``min_cell`` respondents: a smaller class is merged with
    the one it was cut from. A word is shown where ``min_cell`` respondents of the class say it.
    """
    themes = main_themes(codes)
    own = remarks.loc[
        remarks["campaign_id"].isna() & remarks["contribution_id"].isin(contributions["contribution_id"]),
        ["remark_id", "contribution_id"],
    ]
    in_scope = ideas.loc[ideas["idea_id"].isin(themes.index), ["idea_id", "remark_id", "text"]].merge(own)
    read = in_scope.sort_values("idea_id", ignore_index=True)
    if len(read) > MAX_READ_IDEAS:
        read = read.sample(MAX_READ_IDEAS, random_state=seed)
    tree, classes = _large_classes(read, min_cell)
    placed = tree.ideas.dropna().set_index("idea_id")["class_number"].astype(int)
    return WordClasses(
        tree=tree,
        classes=classes,
        in_scope=len(in_scope),
        read=len(read),
        unclassified=len(read) - len(placed),
        with_themes=_agreement(placed, themes),
        with_subthemes=_agreement(placed, subthemes.set_index("idea_id")["subtheme_id"]),
    )


def _large_classes(read: pd.DataFrame, min_cell: int) -> tuple[Tree, pd.DataFrame]:
    """Cut into fewer classes until none is a small cell; one class, whatever its size, is no classification."""
    for count in range(MAX_CLASSES, 0, -1):
        tree = divide(read, classes=count)
        voices = read[["idea_id", "contribution_id"]].merge(tree.ideas.dropna(), on="idea_id")
        people = voices.groupby("class_number")["contribution_id"].nunique()
        everyone = voices["contribution_id"].nunique()
        if len(people) < 2 or ((people >= min_cell) & (everyone - people >= min_cell)).all():
            break
    said = tree.words[tree.words["voices"] >= min_cell]
    words = said.groupby("class_number").head(SHOWN_WORDS).groupby("class_number")["word"].agg(list)
    number = tree.classes["class_number"]
    return tree, tree.classes.assign(
        respondents=number.map(people).fillna(0).astype(int),
        words=[words.get(one, []) for one in number],
    )


def _agreement(placed: pd.Series, other: pd.Series) -> float:
    shared = placed.index.intersection(other.index)
    return float(adjusted_rand_score(other[shared].astype(str), placed[shared])) if len(shared) else np.nan
