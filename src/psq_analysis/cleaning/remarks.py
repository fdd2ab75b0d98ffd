"""Mark the answers that say nothing and those that copy each other; cut the others into ideas."""

from __future__ import annotations

import hashlib

import pandas as pd

from psq_analysis.cleaning.copies import mark_copies
from psq_analysis.cleaning.ideas import Span, split_ideas
from psq_analysis.cleaning.noise import noise_kind
from psq_analysis.text.languages import FRENCH, languages_of

__all__ = ["Span", "mark_remarks", "noise_kind", "split_ideas", "split_remarks"]


def mark_remarks(remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the remarks with ``language``, ``is_noise``, ``duplicate_group``, ``campaign_id``, ``weight``; no row goes.

    Answers that say nothing are not grouped: two « RAS » are not copies of each other. Those in another language are kept and counted
    apart: the codebook reads French, and would take them for answers that are out of scope.

    >>> answers = pd.DataFrame({"remark_id": ["a", "b"], "contribution_id": ["1", "2"],
    ...                         "text": ["RAS", "Des rondes à pied le soir"]})
    >>> mark_remarks(answers)[["text", "is_noise", "weight"]].values.tolist()
    [['RAS', True, 1.0], ['Des rondes à pied le soir', False, 1.0]]
    """
    says_nothing = remarks["text"].map(lambda text: noise_kind(text) is not None).astype(bool)
    language = pd.Series(languages_of(remarks["text"]), index=remarks.index, dtype="string").mask(
        says_nothing, FRENCH
    )
    is_noise = says_nothing | (language != FRENCH)
    copies = mark_copies(remarks[~is_noise]).reindex(remarks.index)
    return remarks.assign(
        language=language,
        is_noise=is_noise,
        duplicate_group=copies["duplicate_group"],
        campaign_id=copies["campaign_id"],
        weight=copies["weight"].fillna(1.0),
    )


def split_remarks(remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the ideas of the remarks that say something.

    Columns: ``idea_id``, ``remark_id``, ``start``, ``end``, ``text``; offsets count characters of
    ``remarks.text``. ``remarks`` needs ``remark_id``, ``text`` and ``is_noise``.

    >>> answers = pd.DataFrame(
    ...     {"remark_id": ["a"], "text": ["Des rondes ; un accueil le soir"], "is_noise": [False]})
    >>> split_remarks(answers)[["start", "end", "text"]].values.tolist()
    [[0, 10, 'Des rondes'], [13, 31, 'un accueil le soir']]
    """
    meaningful = remarks[~remarks["is_noise"]]
    rows = [
        (_idea_id(remark_id, span), remark_id, span.start, span.end, text[span.start : span.end])
        for remark_id, text in zip(meaningful["remark_id"], meaningful["text"], strict=True)
        for span in split_ideas(text)
    ]
    ideas = pd.DataFrame(rows, columns=["idea_id", "remark_id", "start", "end", "text"])
    return ideas.astype(
        {"idea_id": "string", "remark_id": "string", "start": "int64", "end": "int64", "text": "string"}
    )


def _idea_id(remark_id: str, span: Span) -> str:
    return hashlib.sha256(f"{remark_id}:{span.start}:{span.end}".encode()).hexdigest()[:16]
