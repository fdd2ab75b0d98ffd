"""The words a group uses more than the others: Lafon's specificities, counted in respondents.

A word is counted once per respondent, so that one person who repeats it makes no difference: the hypergeometric model draws
respondents, not occurrences, which depend on each other (Lafon 1980, Mots 1: 127-165). Counts of groups are moved by random keys, and
p-values allow for it. Respondents of one meeting or commune share words too: counts are tested as those of the independent respondents
they are worth (Kish 1965; Rao & Scott 1992, Biometrics 48: 577-585). Organised answers are left out of the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from psq_analysis.comparison.contrasts import FALSE_DISCOVERIES
from psq_analysis.disclosure.cell_keys import MOST, moved_counts, shift_law
from psq_analysis.quotes.quotable import may_be_quoted
from psq_analysis.respondents.design import EVERYONE, PLACE, design
from psq_analysis.respondents.groups import group_of
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import UNDETERMINED

MOST_READ = 200  # commonest words, on which the likeness of the words of one place is measured
VERBATIMS = 3  # enough to see in which sense the word is used
CONTEXT = 60  # characters each side, about one line of a report
Reals = NDArray[np.float64]
COLUMNS = [
    "grouping",
    "group",
    "lemma",
    "word",
    "respondents",
    "mentions",
    "others",
    "mentions_others",
    "specificity",
    "log_ratio",
    "p_value",
    "q_value",
]


def specificity(
    in_part: ArrayLike, in_corpus: ArrayLike, part_size: ArrayLike, corpus_size: ArrayLike
) -> NDArray[np.float64]:
    """Return Lafon's specificity: the signed order of magnitude of the hypergeometric probability of so extreme a count.

    Positive: −log10 P(X ≥ f), when the count is at least the expected one; negative: log10 P(X ≤ f). In the notation of the R
    package textometry: f occurrences ``in_part``, F ``in_corpus``, t = ``part_size``, T = ``corpus_size``. Its published example,
    « peuple » (F = 296 of T = 61,449) in the discourses of Robespierre, in D4 (14 of 6,903) and D9 (4 of 1,084):

    >>> specificity([14, 4], 296, [6903, 1084], 61449).round(4).tolist()
    [-4.1743, -0.3977]
    """
    f, total, size, corpus = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (in_part, in_corpus, part_size, corpus_size))
    )
    over = stats.hypergeom.logsf(f - 1, corpus, total, size)
    under = stats.hypergeom.logcdf(f, corpus, total, size)
    more = f >= total * size / corpus
    # − 0.0 and rounding beyond certainty would show as « −0 »
    return np.where(more, np.maximum(-over, 0.0), np.minimum(under, 0.0)) / np.log(10) + 0.0


def distinctive_words(
    tokens: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    grouping: str,
    min_cell: int = MIN_CELL,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the words each group uses more than all other respondents, the most specific first.

    ``tokens``: one row per word said, with ``contribution_id``, ``lemma``, ``surface``; ``respondents``: those of
    :func:`psq_analysis.respondents.counted.respondents`; ``is_part``: they are some of a run's, and counts over all of them are moved too. Tested are the lemmas of at least ``min_cell`` respondents, in each group;
    kept are those over-used at a false discovery rate of 5 % over all of them (twice the smaller tail, Benjamini–Hochberg) by at least
    ``min_cell`` of the group.

    One row per ``group`` × ``lemma``: ``word`` (its commonest spelling), ``respondents`` and ``mentions`` in the group (moved), ``others`` and
    ``mentions_others`` outside it, ``specificity``, ``log_ratio`` (base 2, of the shares, with half a respondent added to each count),
    ``p_value``, ``q_value``.
    """
    said = tokens.loc[
        tokens["contribution_id"].isin(respondents["contribution_id"]),
        ["contribution_id", "lemma", "surface"],
    ]
    counts = _counts(said, respondents, grouping, min_cell, is_part=is_part)
    if counts.empty:
        return pd.DataFrame(columns=COLUMNS)
    f, total, size, everyone = (
        counts[name].to_numpy(float) for name in ("mentions", "total", "respondents", "everyone")
    )
    over, under = _tails(
        f, total, size, everyone, _effects(said, respondents, counts, grouping), is_part=is_part
    )
    p_value = np.minimum(1.0, 2 * np.minimum(over, under))
    tested = counts.assign(
        grouping=grouping,
        others=counts["everyone"] - counts["respondents"],
        mentions_others=counts["total"] - counts["mentions"],
        log_ratio=np.log2((f + 0.5) / (size + 1)) - np.log2((total - f + 0.5) / (everyone - size + 1)),
        p_value=p_value,
        q_value=stats.false_discovery_control(p_value),
    )
    kept = tested[
        (tested["q_value"] <= FALSE_DISCOVERIES)
        & (over <= under)
        & (tested["mentions"] >= min_cell)
        & (tested["group"] != UNDETERMINED)
    ]
    kept = kept.assign(
        specificity=specificity(kept["mentions"], kept["total"], kept["respondents"], kept["everyone"])
    )
    ordered = kept.sort_values(
        ["group", "specificity", "lemma"], ascending=[True, False, True], ignore_index=True
    )
    spelling = _commonest_spelling(said[said["lemma"].isin(ordered["lemma"])])
    return ordered.assign(word=ordered["lemma"].map(spelling))[COLUMNS]


def _tails(
    f: Reals, total: Reals, size: Reals, everyone: Reals, effects: tuple[Reals, Reals], *, is_part: bool
) -> tuple[Reals, Reals]:
    """Return the probabilities of a count as large, and as small: of the hypergeometric count and the shifts together, on effective counts."""
    of_group, of_others = effects
    inside, outside = (size / of_group).round(), ((everyone - size) / of_others).round()
    over, under = np.zeros(f.shape), np.zeros(f.shape)
    law_of_shifts = list(zip(*shift_law(MOST), strict=True))
    of_total = law_of_shifts if is_part else [(0, 1.0)]
    for (shift, part_of_group), (shift_of_total, part_of_total) in product(law_of_shifts, of_total):
        part = part_of_group * part_of_total
        count = ((f - shift) / of_group).clip(0, inside).round()
        others = ((total - f + shift - shift_of_total) / of_others).clip(0, outside).round()
        law = stats.hypergeom(inside + outside, count + others, inside)
        over += part * law.sf(count - 1)
        under += part * law.cdf(count)
    return over, under


def _effects(
    said: pd.DataFrame, respondents: pd.DataFrame, counts: pd.DataFrame, grouping: str
) -> tuple[Reals, Reals]:
    """Return the design effects of the shares of each row's group, and of all others: one likeness for all words, for a word alone tells little of it."""
    once = said[["contribution_id", "lemma"]].drop_duplicates()
    commonest = once["lemma"].value_counts().index[:MOST_READ]
    read = once[once["lemma"].isin(commonest)].rename(columns={"lemma": "code"}).assign(scheme="word")
    alike = design(read, respondents)
    likeness = float(alike.correlation[PLACE].median())
    pairs = alike.pairs(group_of(respondents.set_index("contribution_id"), grouping))[PLACE]
    own = counts["group"].map(pd.Series(np.diag(pairs), index=pairs.index)).to_numpy(float)
    across = counts["group"].map(pairs[EVERYONE]).to_numpy(float)
    others = float(pairs.at[EVERYONE, EVERYONE]) - 2 * across + own
    size = counts["respondents"].to_numpy(float)
    outside = np.maximum(1, counts["everyone"].to_numpy(float) - size)
    return 1 + likeness * own / size, 1 + likeness * others / outside


def words_table(of_groupings: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The table ``distinctive_words`` of a run: the words of several groupings, one after the other."""
    rows = [words for words in of_groupings if len(words)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)


def in_context(
    words: pd.DataFrame,
    tokens: pd.DataFrame,
    remarks: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    most: int = VERBATIMS,
) -> pd.DataFrame:
    """Return, for each distinctive word, up to ``most`` verbatims of different respondents of its group.

    ``words``: of :func:`distinctive_words`; ``tokens`` with ``remark_id``, ``start``, ``end`` (characters in ``remarks.text``) besides.
    Chosen are the remarks that hold most distinctive words of the group, for they show the word in its company; ties by identifier.

    One that :func:`psq_analysis.quotes.quotable.may_be_quoted` refuses gives way to the next.

    One row per verbatim: ``grouping``, ``group``, ``lemma``, ``remark_id``, and ``before``, ``word``, ``after``: exact pieces of the masked text.
    """
    columns = ["grouping", "group", "lemma", "remark_id", "before", "word", "after"]
    if words.empty:
        return pd.DataFrame(columns=columns)
    grouping = words["grouping"].iloc[0]
    groups = group_of(respondents, grouping).set_axis(respondents["contribution_id"])
    found = tokens[["contribution_id", "remark_id", "lemma", "start", "end"]].assign(
        group=tokens["contribution_id"].map(groups)
    )
    found = found.merge(words[["group", "lemma"]], on=["group", "lemma"])
    company = found.groupby(["group", "remark_id"])["lemma"].nunique().rename("company")
    found = found.join(company, on=["group", "remark_id"]).sort_values(
        ["company", "remark_id", "start"], ascending=[False, True, True]
    )
    found = found.drop_duplicates(["group", "lemma", "contribution_id"])
    texts = remarks.set_index("remark_id")["text"]
    rows = []
    for (group, lemma), uses in found.groupby(["group", "lemma"]):
        shown = (_use(texts[use.remark_id], use.start, use.end, use.remark_id) for use in uses.itertuples())
        publishable = islice((use for use in shown if use is not None), most)
        rows += [(grouping, group, lemma, *use) for use in publishable]
    return pd.DataFrame(rows, columns=columns).sort_values(["group", "lemma", "remark_id"], ignore_index=True)


def _use(text: str, start: int, end: int, remark_id: str) -> tuple[str, str, str, str] | None:
    """Cut a word with its context out of a remark; None where that may not be quoted."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if not may_be_quoted(before + text[start:end] + after, remark=text):
        return None
    return remark_id, before, text[start:end], after


def _counts(
    said: pd.DataFrame, respondents: pd.DataFrame, grouping: str, min_cell: int, *, is_part: bool
) -> pd.DataFrame:
    """Return how many of each group use each lemma, moved by random keys, and how many of all respondents: exact, but for a part of a run."""
    once = said[["contribution_id", "lemma"]].drop_duplicates()
    total = once["lemma"].value_counts()
    frequent = total[total >= min_cell]
    if frequent.empty:
        return pd.DataFrame()
    once = once[once["lemma"].isin(frequent.index)]
    by_id = respondents.set_index("contribution_id")
    lemmas = pd.DataFrame({"lemma": frequent.index.sort_values()})
    keys = by_id["record_key"]
    counts = moved_counts(once, group_of(by_id, grouping), keys, lemmas, is_part=is_part)
    counts = counts[counts["respondents"] >= min_cell].drop(columns="is_told")
    if is_part:
        whole = moved_counts(once, group_of(by_id, EVERYONE), keys, lemmas, is_part=True)
        frequent = whole.set_index("lemma")["mentions"]
    counts = counts.assign(total=counts["lemma"].map(frequent), everyone=len(respondents))
    # the shift of a group and that of all are drawn apart
    least, most = counts["mentions"], counts["everyone"] - counts["respondents"] + counts["mentions"]
    counts["total"] = counts["total"].clip(least, most)
    return counts.reset_index(drop=True)


def _commonest_spelling(said: pd.DataFrame) -> pd.Series:
    spelt = (
        said.assign(surface=said["surface"].str.lower())
        .groupby(["lemma", "surface"])
        .size()
        .rename("times")
        .reset_index()
    )
    first = spelt.sort_values(["times", "surface"], ascending=[False, True]).drop_duplicates("lemma")
    return first.set_index("lemma")["surface"]


def specificities(
    words: pd.DataFrame,
    tokens: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    grouping: str,
    min_cell: int = MIN_CELL,
    is_part: bool = False,
) -> pd.DataFrame:
    """Return the specificity of each distinctive word in every group that may be shown.

    ``words``: of :func:`distinctive_words`. Columns: ``word``, ``group``, ``specificity``; words in their order, groups by name.
    """
    columns = ["word", "group", "specificity"]
    said = tokens[
        tokens["contribution_id"].isin(respondents["contribution_id"]) & tokens["lemma"].isin(words["lemma"])
    ]
    counts = _counts(said, respondents, grouping, min_cell, is_part=is_part)
    if words.empty or counts.empty:
        return pd.DataFrame(columns=columns)
    named = words.drop_duplicates("lemma").set_index("lemma")["word"]
    shown = counts[counts["group"] != UNDETERMINED]
    value = specificity(shown["mentions"], shown["total"], shown["respondents"], shown["everyone"])
    rows = shown.assign(word=shown["lemma"].map(named), specificity=value)
    rank = {word: at for at, word in enumerate(named)}
    ordered = rows.sort_values(
        ["word", "group"], key=lambda one: one.map(rank) if one.name == "word" else one
    )
    return ordered[columns].reset_index(drop=True)
