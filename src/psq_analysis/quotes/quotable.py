"""Whether a sentence may be quoted."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from psq_analysis.privacy.mask import find_personal_data
from psq_analysis.privacy.published_text import scan_text
from psq_analysis.quotes.review_rules import must_be_reviewed
from psq_analysis.text.content_words import PLACEHOLDER, stop_words
from psq_analysis.text.plain import unaccent

# Under 50 characters a quote lacks its subject; over 240 it is no longer read.
MIN_LENGTH, MAX_LENGTH = 50, 240
_FIRST_WORD = re.compile(r"\A[^\w\[]*([^\W\d_]*)")
# Links, markup and line breaks are read by machines and list-makers.
_NOT_PROSE = re.compile(r"https?:|www\.|[<>{}]|\n")
# Where a sentence ends: its mark and what closes after it; « M. » and « 3.5 » end none.
_SENTENCE_END = re.compile(r"(?<!\b[A-ZÀ-Ý])(?:[.!?…]+[\s»\")]*(?=\s|\Z)|\n)")
_ENDS_WHOLE = re.compile(r"[.!?…][\s»\")]*\Z")


def may_be_quoted(text: str, *, remark: str | None = None) -> bool:
    """Tell whether a text may be published as a quote; ``remark`` is the whole from which it is cut.

    >>> may_be_quoted("Une patrouille à pied le soir."), may_be_quoted("Le boulanger deale."), may_be_quoted("Voir Mme Peyrelongue.")
    (True, False, False)
    """
    return not must_be_reviewed(text, remark=remark) and not scan_text(text) and not find_personal_data(text)


def held_for_review(remarks: pd.DataFrame, contributions: pd.DataFrame) -> pd.DataFrame:
    """Return the usable remarks of ``contributions`` of which no quote is made before a person has read them.

    Columns: ``remark_id``, ``contribution_id``. They count in every share; they are only not quoted.
    """
    usable = remarks[~remarks["is_noise"] & remarks["contribution_id"].isin(contributions["contribution_id"])]
    is_held = usable["text"].map(must_be_reviewed).astype(bool)
    return usable.loc[is_held, ["remark_id", "contribution_id"]].reset_index(drop=True)


def quotable_ideas(
    placed: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, contributions: pd.DataFrame
) -> pd.DataFrame:
    """Join ``placed`` (by ``idea_id``) with the text to quote, who said it, and how well it can be quoted (``tier``)."""
    usable = remarks.loc[
        ~remarks["is_noise"] & remarks["contribution_id"].isin(contributions["contribution_id"]),
        ["remark_id", "contribution_id", "text", "duplicate_group"],
    ].rename(columns={"text": "remark_text"})
    said = ideas[["idea_id", "remark_id", "text"]].rename(columns={"text": "idea_text"})
    joined = placed.merge(said, on="idea_id", validate="many_to_one").merge(
        usable, on="remark_id", validate="many_to_one"
    )
    pairs = zip(joined["idea_text"], joined["remark_text"], strict=True)
    sentence = pd.Series([_sentence_around(*pair) for pair in pairs], index=joined.index, dtype=object)
    poor = sentence.str.len().lt(MIN_LENGTH) | leans(sentence)
    whole = poor & _is_easy(joined["remark_text"]) & ~leans(joined["remark_text"])
    text = sentence.mask(whole, joined["remark_text"])
    return joined.assign(
        text=text,
        copy_of=joined["duplicate_group"].fillna(joined["remark_id"]),
        tier=np.select(
            [
                _is_easy(text) & ~leans(text) & ends_whole(text),
                ~_is_masked(text) & ~_is_cut(text),
                ~_is_masked(text),
            ],
            [0, 1, 2],
            default=3,
        ),
    )


def _sentence_around(idea: str, remark: str) -> str:
    """Return the whole sentences of a remark in which an idea stands; the idea when they are too long, or when it is not there.

    >>> _sentence_around("Le soir, on sonne", "Bonjour. Le soir, on sonne, et personne ne répond. Voilà.")
    'Le soir, on sonne, et personne ne répond.'
    """
    start = remark.find(idea)
    if start < 0:
        return idea
    ends = [match.end() for match in _SENTENCE_END.finditer(remark)]
    first = max((end for end in ends if end <= start), default=0)
    last = min((end for end in ends if end >= start + len(idea.rstrip())), default=len(remark))
    sentence = remark[first:last].strip()
    return sentence if len(sentence) <= MAX_LENGTH else idea


def ends_whole(texts: pd.Series) -> pd.Series:
    """Whether each text ends as a sentence does."""
    return texts.map(lambda text: _ENDS_WHOLE.search(text) is not None).astype(bool)


def _is_cut(texts: pd.Series) -> pd.Series:
    """Whether each text ends where its sentence goes on."""
    return texts.str.rstrip().str.endswith((",", ";", ":", "(", "-", "–")).astype(bool)


def _is_masked(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: PLACEHOLDER.search(text) is not None).astype(bool)


def leans(texts: pd.Series) -> pd.Series:
    """Whether each text opens with a word that leans on the sentence before it (« et », « mais », « ceux »)."""
    leaning = stop_words()["leaning"]
    return texts.map(lambda text: unaccent(_FIRST_WORD.findall(text)[0]) in leaning).astype(bool)


def _is_easy(texts: pd.Series) -> pd.Series:
    is_prose = ~texts.map(lambda text: _NOT_PROSE.search(text) is not None).astype(bool)
    return texts.str.len().between(MIN_LENGTH, MAX_LENGTH).astype(bool) & is_prose & ~_is_masked(texts)
