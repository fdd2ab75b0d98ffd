"""Descending hierarchical classification of Reinert, as French readers know it from ALCESTE and IRaMuTeQ.

Method: Reinert (1983), « Une méthode de classification descendante hiérarchique », *Les Cahiers de l'analyse des données* 8(2).
The table says which idea holds which word and raises which lexical field: ideas are much shorter than the segments of some forty
words the method was made for, and on words alone half of them would share none. The largest class is cut in two along the first
axis of its correspondence analysis, where the χ² between the two halves is greatest; ideas then change sides as long as the χ²
grows; each half keeps what is not typical of the other one. This goes on until the classes asked for are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import dendrogram
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from psq_analysis.subthemes.names import name_clusters
from psq_analysis.text.content_words import ContentWords, read_content_words, surface_forms
from psq_analysis.text.lexical_fields import read_fields

# A word said in fewer ideas of a class says nothing of how to cut it (the usual setting of ALCESTE).
MIN_IDEAS_WITH_WORD = 3
# Ideas are short: rare words tie two or three of them into a knot that takes the whole first axis. Words said by one
# idea in a hundred are the usual active vocabulary of open questions.
MIN_WORD_SHARE = 0.01
# Contingency coefficient from which a word counts as typical of one half (Reinert's own value).
TYPICAL = 0.3
# A class smaller than this is a handful of people, not a world of words; one in twenty is what a sub-theme must hold too.
MIN_CLASS_IDEAS = 10
MIN_CLASS_SHARE = 0.05
# The words that may tell a class; some of them few people say, and those are not shown.
CLASS_WORDS = 40
# Texts read to learn how a word is written; spelling varies little beyond.
TEXTS_READ = 300
# Ideas that still change sides after this many rounds swing between two equal places.
MAX_ROUNDS = 10


@dataclass(frozen=True)
class Tree:
    """The classes of a divisive classification and how they parted.

    ``ideas``: ``idea_id``, ``class_number`` (from 1, empty for an idea with no word in the table). ``classes``:
    ``class_number``, ``label``, ``ideas``, ``share`` of the classified ideas. ``words``: the words most typical of each class, forty at most:
    ``class_number``, ``word`` as the class writes it, ``lemma``, ``voices`` (respondents of the class who say it, or ideas where no
    respondent is given), ``chi2`` of the word with the class, the highest first. ``splits``: one row a cut, in order: ``split`` (from 1), ``chi2`` between the halves,
    ``ideas_left``, ``ideas_right``. ``linkage``: the tree in the format of
    :func:`scipy.cluster.hierarchy.dendrogram`, leaf ``i`` being class ``i + 1``; the first cut is the highest.
    """

    ideas: pd.DataFrame
    classes: pd.DataFrame
    words: pd.DataFrame
    splits: pd.DataFrame
    linkage: np.ndarray

    def branches(self) -> pd.DataFrame:
        """Return the lines to draw: one bracket a cut, ``x`` and ``y`` the lists of its four points.

        The leaves stand at x = 5, 15, 25… from left to right, in the order of :meth:`leaves`.
        """
        if not len(self.linkage):
            return pd.DataFrame({"x": [], "y": []})
        drawn = dendrogram(self.linkage, no_plot=True)
        return pd.DataFrame({"x": drawn["icoord"], "y": drawn["dcoord"]})

    def leaves(self) -> list[int]:
        """Return the class numbers from left to right, as :meth:`branches` draws them."""
        if not len(self.linkage):
            return self.classes["class_number"].tolist()
        return [leaf + 1 for leaf in dendrogram(self.linkage, no_plot=True)["leaves"]]


def divide(ideas: pd.DataFrame, *, classes: int = 6) -> Tree:
    """Classify ``ideas`` (``idea_id``, ``text``, maybe ``contribution_id``) into at most ``classes`` classes, the largest first.

    Fewer classes come back when the ideas are too few to be cut further. The order of rows does not matter.

    >>> ideas = pd.DataFrame({"idea_id": range(40), "text": ["patrouille de nuit", "rondes la nuit"] * 10
    ...                       + ["attente au guichet", "guichet fermé"] * 10})
    >>> divide(ideas, classes=2).classes[["label", "ideas"]].values.tolist()
    [['patrouille de nuit, rondes', 20], ['guichet, attente', 20]]
    """
    ordered = ideas.sort_values("idea_id", ignore_index=True)
    texts = ordered["text"].tolist()
    words, fields = read_content_words(texts), read_fields(texts)
    table = sparse.hstack([words.counts[:, ~words.is_phrase], fields.fields], format="csr")
    said_by = np.asarray(table.sum(axis=0)).ravel()
    table = table[:, said_by >= max(MIN_IDEAS_WITH_WORD, MIN_WORD_SHARE * len(ordered))]
    classified = np.flatnonzero(np.diff(table.indptr) > 0)
    smallest = max(MIN_CLASS_IDEAS, int(MIN_CLASS_SHARE * len(classified)))
    with threadpool_limits(limits=1):
        found, cuts = _grow(table, classified, classes=classes, smallest=smallest)
    order = sorted(range(len(found)), key=lambda number: (-len(found[number]), found[number].min()))
    number_of_class = np.full(len(ordered), -1)
    for number, place in enumerate(order):
        number_of_class[found[place]] = number
    members = [found[place] for place in order]
    sizes = [len(rows) for rows in members]
    return Tree(
        ideas=pd.DataFrame(
            {
                "idea_id": ordered["idea_id"],
                "class_number": pd.Series(number_of_class + 1, dtype="Int64").mask(number_of_class < 0),
            }
        ),
        classes=pd.DataFrame(
            {
                "class_number": range(1, len(members) + 1),
                "label": name_clusters(words, members, texts, fields=fields),
                "ideas": sizes,
                "share": [size / len(classified) for size in sizes],
            }
        ),
        words=_typical_words_of(
            words, members, texts, ordered.get("contribution_id", ordered["idea_id"]).to_numpy()
        ),
        splits=pd.DataFrame(
            [(number, cut.chi2, cut.sizes[0], cut.sizes[1]) for number, cut in enumerate(cuts, start=1)],
            columns=["split", "chi2", "ideas_left", "ideas_right"],
        ),
        linkage=_linkage(cuts, [order.index(place) for place in range(len(found))]),
    )


def _typical_words_of(
    words: ContentWords, members: list[np.ndarray], texts: Sequence[str], voices: np.ndarray
) -> pd.DataFrame:
    """Return the words each class says most beyond its share, by the χ² of word × class over the classified ideas."""
    single = np.flatnonzero(~words.is_phrase)
    counts = words.counts[:, single].tocsr()
    sizes = np.array([len(rows) for rows in members], dtype=float)
    said = np.zeros((len(members), len(single)))
    for number, of_class in enumerate(members):
        said[number] = np.asarray(counts[of_class].sum(axis=0)).ravel()
    total, everyone = said.sum(axis=0), sizes.sum()
    rows = []
    for number, of_class in enumerate(members):
        cross = said[number] * everyone - total * sizes[number]
        margins = total * (everyone - total) * sizes[number] * (everyone - sizes[number])
        chi2 = np.divide(everyone * cross**2, margins, out=np.zeros(len(single)), where=margins > 0)
        chi2[(cross <= 0) | (said[number] < MIN_IDEAS_WITH_WORD)] = 0.0
        best = [column for column in np.argsort(-chi2, kind="stable")[:CLASS_WORDS] if chi2[column] > 0]
        for column in best:
            lemma = words.terms[single[column]]
            holding = of_class[counts[of_class][:, [column]].toarray().ravel() > 0]
            surface = surface_forms([lemma], [texts[row] for row in holding[:TEXTS_READ]]).get(lemma, lemma)
            rows.append((number + 1, surface, lemma, len(set(voices[holding])), float(chi2[column])))
    return pd.DataFrame(rows, columns=["class_number", "word", "lemma", "voices", "chi2"])


@dataclass(frozen=True)
class _Cut:
    """A cut of class ``parent``: its left half keeps the number, its right half becomes class ``child``."""

    parent: int
    child: int
    chi2: float
    sizes: tuple[int, int]


def _grow(
    table: sparse.csr_matrix, rows: np.ndarray, *, classes: int, smallest: int
) -> tuple[list[np.ndarray], list[_Cut]]:
    """Cut the largest class that can be cut until there are ``classes`` of them."""
    if not len(rows):
        return [], []
    found, vocabularies = [rows], [np.arange(table.shape[1])]
    cuts: list[_Cut] = []
    cannot_be_cut: set[int] = set()
    while len(found) < classes:
        open_classes = [number for number in range(len(found)) if number not in cannot_be_cut]
        if not open_classes:
            break
        number = max(open_classes, key=lambda number: (len(found[number]), -number))
        halves = _bisect(table[found[number]][:, vocabularies[number]], smallest)
        if halves is None:
            cannot_be_cut.add(number)
            continue
        is_left, chi2 = halves
        parent, words = found[number], vocabularies[number]
        left, right = parent[is_left], parent[~is_left]
        keep_left, keep_right = _typical_words(table[left][:, words], table[right][:, words])
        found[number], vocabularies[number] = left, words[keep_left]
        found.append(right)
        vocabularies.append(words[keep_right])
        cuts.append(_Cut(number, len(found) - 1, chi2, (len(left), len(right))))
    return found, cuts


def _bisect(table: sparse.csr_matrix, smallest: int) -> tuple[np.ndarray, float] | None:
    """Return which ideas go left and the χ² between the halves; None when no cut leaves two classes large enough."""
    total = np.asarray(table.sum(axis=0)).ravel()
    table = table[:, total > 0].tocsr()
    empty = np.diff(table.indptr) == 0
    if min(table.shape) < 2 or (~empty).sum() < 2 * smallest:
        return None
    said = table[~empty].tocsr()
    is_left, chi2 = _swap(said, _best_cut_on_axis(said, _first_axis(said), smallest), smallest)
    sides = np.ones(table.shape[0], dtype=bool)
    sides[~empty] = is_left
    # An idea whose words were all dropped on the way stays with the larger half.
    sides[empty] = is_left.sum() * 2 >= len(is_left)
    return sides, chi2


def _first_axis(table: sparse.csr_matrix) -> np.ndarray:
    """Coordinates of the ideas on the first axis of the correspondence analysis of the table."""
    rows, columns = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    scaled = sparse.diags(rows**-0.5) @ table @ sparse.diags(columns**-0.5)
    # The first singular pair of the scaled table is the trivial one (the margins); the second is the axis.
    vectors, _, _ = randomized_svd(scaled.tocsr(), 2, n_iter=12, random_state=0)
    return vectors[:, 1] / np.sqrt(rows)


def _best_cut_on_axis(table: sparse.csr_matrix, axis: np.ndarray, smallest: int) -> np.ndarray:
    """Cut the ideas, ordered along the axis, where the χ² of the 2 × words table is greatest."""
    order = np.argsort(axis, kind="stable")
    ordered = table[order].tocsc()
    ordered.sort_indices()
    columns = np.asarray(table.sum(axis=0)).ravel()
    before_in_column = np.arange(ordered.nnz) - np.repeat(ordered.indptr[:-1], np.diff(ordered.indptr))
    gain = (2 * before_in_column + 1) / np.repeat(columns, np.diff(ordered.indptr))
    squares = np.cumsum(np.bincount(ordered.indices, weights=gain, minlength=len(order)))
    left = np.cumsum(np.asarray(table.sum(axis=1)).ravel()[order])
    chi2 = _chi2(squares[:-1], left[:-1], columns.sum())
    chi2[: smallest - 1] = chi2[len(chi2) - smallest + 1 :] = -np.inf
    is_left = np.zeros(len(order), dtype=bool)
    is_left[order[: int(chi2.argmax()) + 1]] = True
    return is_left


def _chi2(squares: np.ndarray, left: np.ndarray, total: float) -> np.ndarray:
    """χ² of the 2 × words table from Σ (left count)² / (column total), the left total and the grand total."""
    right = total - left
    return total * (squares / left + (total - 2 * left + squares) / right - 1.0)


def _swap(table: sparse.csr_matrix, is_left: np.ndarray, smallest: int) -> tuple[np.ndarray, float]:
    """Let ideas change sides, one at a time, as long as the χ² grows and neither half gets too small."""
    is_left = is_left.copy()
    sides = [int((~is_left).sum()), int(is_left.sum())]
    columns = np.asarray(table.sum(axis=0)).ravel()
    total = float(columns.sum())
    counts = np.asarray(table[is_left].sum(axis=0)).ravel()
    squares, left = float((counts**2 / columns).sum()), float(counts.sum())
    best = float(_chi2(np.array(squares), np.array(left), total))
    for _ in range(MAX_ROUNDS):
        moved = False
        for row in range(table.shape[0]):
            words = table.indices[table.indptr[row] : table.indptr[row + 1]]
            sign = -1.0 if is_left[row] else 1.0
            new_left = left + sign * len(words)
            if sides[int(is_left[row])] <= smallest:
                continue
            new_squares = squares + float(((2 * sign * counts[words] + 1) / columns[words]).sum())
            chi2 = float(_chi2(np.array(new_squares), np.array(new_left), total))
            if chi2 > best * (1 + 1e-12):
                sides[int(is_left[row])] -= 1
                is_left[row] = not is_left[row]
                sides[int(is_left[row])] += 1
                counts[words] += sign
                squares, left, best, moved = new_squares, new_left, chi2, True
        if not moved:
            break
    return is_left, best


def _typical_words(left: sparse.csr_matrix, right: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return the words each half keeps: said often enough there, and not typical of the other half."""
    said_left, said_right = (np.asarray(half.sum(axis=0)).ravel() for half in (left, right))
    n_left, n_right = left.shape[0], right.shape[0]
    n, said = n_left + n_right, said_left + said_right
    cross = said_left * (n_right - said_right) - said_right * (n_left - said_left)
    margins = said * (n - said) * n_left * n_right
    chi2 = np.divide(n * cross**2, margins, out=np.zeros(len(said)), where=margins > 0)
    is_typical = np.sqrt(chi2 / (chi2 + n)) > TYPICAL
    keeps_left = (said_left >= MIN_IDEAS_WITH_WORD) & ~(is_typical & (cross < 0))
    keeps_right = (said_right >= MIN_IDEAS_WITH_WORD) & ~(is_typical & (cross > 0))
    return keeps_left, keeps_right


def _linkage(cuts: list[_Cut], leaf_of_class: list[int]) -> np.ndarray:
    """Write the cuts, last first, as merges: SciPy's linkage, heights counting the cuts from the last one."""
    n_leaves = len(cuts) + 1
    node_of_class = dict(enumerate(leaf_of_class))
    size = dict.fromkeys(range(n_leaves), 1)
    merges = []
    for height, cut in enumerate(reversed(cuts), start=1):
        one, other = node_of_class[cut.parent], node_of_class[cut.child]
        node = n_leaves + height - 1
        size[node] = size[one] + size[other]
        merges.append([min(one, other), max(one, other), float(height), size[node]])
        node_of_class[cut.parent] = node
    return np.array(merges, dtype=float).reshape(-1, 4)
