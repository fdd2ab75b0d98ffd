"""The words respondents use, one row per word said: what the search for distinctive words reads."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from psq_analysis.text.content_words import MIN_LETTERS, proper_nouns, stop_words, without_placeholders
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import Token, lemmatise

COLUMNS = ["contribution_id", "remark_id", "lemma", "surface", "start", "end"]


def spoken_words(remarks: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return the meaningful words of the usable remarks of ``counted`` respondents, with their place in the text.

    Organised answers are left out: their words are those of whoever wrote the text. So are grammatical words, words too thin to
    mean anything, proper nouns and masked data. Columns: ``contribution_id``,
    ``remark_id``, ``lemma``, ``surface``, ``start``, ``end`` (characters in ``remarks.text``).

    >>> remarks = pd.DataFrame({"remark_id": ["r"], "contribution_id": ["c"], "is_noise": [False], "campaign_id": [None],
    ...                         "text": ["Des patrouilles la nuit"]})
    >>> spoken_words(remarks, pd.DataFrame({"contribution_id": ["c"]}))[["lemma", "surface", "start"]].values.tolist()
    [['patrouille', 'patrouilles', 4], ['nuit', 'nuit', 19]]
    """
    is_own = ~remarks["is_noise"] & remarks["campaign_id"].isna()
    usable = remarks[is_own & remarks["contribution_id"].isin(counted["contribution_id"])]
    texts = [without_placeholders(text) for text in usable["text"]]
    stop = stop_words()
    left_out = stop["joiners"] | stop["grammar"] | stop["thin"] | proper_nouns(texts)
    rows = [
        (contribution, remark, *token)
        for contribution, remark, tokens in zip(
            usable["contribution_id"], usable["remark_id"], lemmatise(texts), strict=True
        )
        for place, token in enumerate(tokens)
        if len(token.surface) >= MIN_LETTERS
        and not _is_been(tokens, place)
        and not {unaccent(token.lemma), unaccent(token.surface)} & left_out
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _is_been(tokens: Sequence[Token], place: int) -> bool:
    """Whether « été » is the participle, within two words after a form of « avoir » (« n'ont pas été »), not the season.

    >>> [_is_been(lemmatise([text])[0], -1 % len(lemmatise([text])[0])) for text in ("Elle a été", "Il y a du bruit cet été")]
    [True, False]
    """
    before = tokens[max(0, place - 2) : place]
    return unaccent(tokens[place].surface) == "ete" and any(token.lemma == "avoir" for token in before)
