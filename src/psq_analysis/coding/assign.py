"""Ideas × codebook → codes with scores.

What is learnt, and from what, is in :mod:`psq_analysis.coding.learners`; here it is decided. Codes given by people always win over
the model; what no code reaches is « autre », never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from psq_analysis import progress
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import HUMAN_COLUMN, as_text, code_table, find_codes, is_coded
from psq_analysis.coding.learners import Coder
from psq_analysis.coding.taught import taught_coders
from psq_analysis.coding.text_model import features
from psq_analysis.tables.schema import NO_CONTENT, OTHER, OUT_OF_SCOPE, conform

# A code is given from this score on: between 0.40 and 0.55 the figures on human-coded remarks stay within 0.01 to 0.02, below
# 0.40 the codebook alone loses 0.01 to 0.04, and a code forgotten costs the reader more than one too many.
DECISION = 0.40
# A remark whose best theme stays below is « autre ». Higher (0.40 and more) starts to lose right codes on human-coded remarks.
ABSTENTION = 0.35


def code_ideas(
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    codebook: Codebook,
    *,
    human: pd.DataFrame | None = None,
    sentence_model: str = "",
    seed: int,
) -> pd.DataFrame:
    """Return the codes of each idea (table ``codes``).

    Every idea has at least one theme row: themes, or ``hors_champ`` alone, or ``autre`` when it is in scope and no theme can
    be decided. Objectives may be none; fundamental is at most one; tone is exactly one.

    ``human``: codes given by people to remarks or ideas of this run (:mod:`psq_analysis.coding.human_codes`). A remark coded by them gives exactly their codes, each to the idea it fits best.

    ``sentence_model``: a sentence-transformers model, by path or name, whose vectors the learners receive beside the words;
    raises :class:`BadInput` when it cannot be loaded.
    """
    asked = ideas[["idea_id", "remark_id", "text"]].merge(
        remarks[["remark_id", "question", "text"]].rename(columns={"text": "remark"}),
        on="remark_id",
        how="left",
    )
    texts, questions = as_text(asked["text"]), as_text(asked["question"])
    row_of_idea, distinct = pd.MultiIndex.from_arrays(
        [texts, questions, as_text(asked["remark"])]
    ).factorize()
    distinct_texts, distinct_questions, wholes = (distinct.get_level_values(n).tolist() for n in range(3))
    scores, origin = score(
        distinct_texts,
        distinct_questions,
        codebook,
        schemes=codebook.schemes,
        human=human,
        wholes=wholes,
        sentence_model=sentence_model,
        seed=seed,
    )
    given = []
    for scheme, scores_of_texts in scores.items():
        scores_of_ideas = scores_of_texts.iloc[row_of_idea].reset_index(drop=True)
        chosen = decide(scores_of_ideas, codebook, scheme)
        by_people = np.zeros(len(ideas), dtype=bool)
        if human is not None:
            chosen, by_people = _people_first(chosen, scores_of_ideas, asked, human, scheme)
        given.append(
            _code_rows(
                ideas["idea_id"], scheme, chosen, scores_of_ideas, by_people=by_people, origin=origin[scheme]
            )
        )
    return conform(pd.concat(given, ignore_index=True), "codes")


def code_remarks(
    remarks: pd.DataFrame,
    codebook: Codebook,
    *,
    human: pd.DataFrame | None = None,
    sentence_model: str = "",
    seed: int,
) -> pd.DataFrame:
    """Return ``remarks`` (column ``remark``, optional ``question``) with ``themes``, ``objectives`` and ``scores``.

    ``themes`` is ``["hors_champ"]`` for a remark out of scope and ``[]`` for one in scope that no theme fits; ``scores`` gives
    the score of every theme and objective. Remarks that people coded keep their codes, with score 1. ``sentence_model``: as in
    :func:`code_ideas`.
    """
    texts = as_text(remarks["remark"])
    questions = as_text(remarks["question"]) if "question" in remarks else [""] * len(remarks)
    row_of_remark, distinct = pd.MultiIndex.from_arrays([texts, questions]).factorize()
    distinct_texts, distinct_questions = (distinct.get_level_values(level).tolist() for level in (0, 1))
    schemes = [scheme for scheme in ("theme", "objective") if scheme in codebook.schemes]
    scores, _ = score(
        distinct_texts,
        distinct_questions,
        codebook,
        schemes=schemes,
        human=human,
        sentence_model=sentence_model,
        seed=seed,
    )
    columns: dict[str, Any] = {}
    kept_scores: list[pd.DataFrame] = []
    for scheme in ("theme", "objective"):
        if scheme not in scores:
            columns[HUMAN_COLUMN[scheme]] = [[] for _ in range(len(remarks))]
            continue
        scores_of_remarks = scores[scheme].iloc[row_of_remark].reset_index(drop=True)
        chosen = decide(scores_of_remarks, codebook, scheme).drop(columns=OTHER, errors="ignore")
        if human is not None and is_coded(human, HUMAN_COLUMN[scheme]).any():
            taught = human[is_coded(human, HUMAN_COLUMN[scheme])]
            ids = remarks if "remark_id" in remarks else None
            rows = find_codes(taught, texts=texts, questions=questions, ids=ids, id_column="remark_id")
            found = rows >= 0
            table = code_table(taught, HUMAN_COLUMN[scheme], list(chosen.columns))
            chosen[found] = table.to_numpy()[rows[found]]
            scores_of_remarks[found] = table.to_numpy()[rows[found]].astype(float)
        columns[HUMAN_COLUMN[scheme]] = _lists(chosen)
        kept_scores.append(scores_of_remarks)
    return remarks.assign(**columns, scores=_score_maps(kept_scores, len(remarks)))


@threadpool_limits.wrap(
    limits=1
)  # the order of additions, hence the last digits, would follow the number of threads
def score(
    texts: Sequence[str],
    questions: Sequence[str],
    codebook: Codebook,
    *,
    schemes: Iterable[str],
    human: pd.DataFrame | None = None,
    wholes: Sequence[str] | None = None,
    sentence_model: str = "",
    seed: int,
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return, per scheme, the scores of the texts (texts × codes), and whether they come from ``codebook`` or ``model``.

    What the coded examples of the codebook and ``human`` teach is in :mod:`psq_analysis.coding.learners`; an example that is one of the texts to
    code teaches nothing. ``wholes``: the remark each text
    is a part of; a part is in scope when its remark is. ``sentence_model``: as in :func:`code_ideas`.
    """
    asked = Reading.of(codebook, texts, questions, sentence_model=sentence_model)
    if wholes is not None:
        row_of_part, remarks = pd.MultiIndex.from_arrays([wholes, questions]).factorize()
        whole = Reading.of(codebook, *(remarks.get_level_values(level).tolist() for level in (0, 1)))
        asked = asked.within(whole, row_of_part)
    read = features(asked)
    schemes = list(schemes)
    if not len(texts):  # learning takes seconds
        nothing = {scheme: Coder(scheme).predict_proba(asked, read) for scheme in schemes}
        return nothing, dict.fromkeys(schemes, "codebook")
    coders = taught_coders(codebook, human, asked=wholes or texts, sentence_model=sentence_model, seed=seed)
    scores, origin = {}, {}
    for scheme in progress.over(schemes, "code"):
        scores[scheme] = coders[scheme].predict_proba(asked, read)
        origin[scheme] = "codebook" if coders[scheme].words is None else "model"
    return scores, origin


def decide(scores: pd.DataFrame, codebook: Codebook, scheme: str) -> pd.DataFrame:
    """Return the codes given (remarks × codes, boolean); themes have the additional column ``autre``.

    >>> from psq_analysis.coding.codebook import Codebook, Scheme
    >>> codebook = Codebook("", (), {}, {}, {"theme": Scheme.model_construct(label="", multiple=True, codes={})})
    >>> decide(pd.DataFrame({"presence": [0.9, 0.2, 0.1], "hors_champ": [0.1, 0.2, 0.8]}), codebook, "theme").astype(int)
       presence  hors_champ  autre
    0         1           0      0
    1         0           0      1
    2         0           1      0
    """
    best = np.zeros(scores.shape, dtype=bool)
    best[np.arange(len(scores)), scores.to_numpy().argmax(axis=1)] = True
    if scheme == "tone":
        return pd.DataFrame(best, columns=scores.columns)
    enough = scores.to_numpy() >= DECISION
    chosen = pd.DataFrame(
        enough if codebook.schemes[scheme].multiple else enough & best, columns=scores.columns
    )
    if scheme != "theme":
        return chosen
    undecided = ~chosen.to_numpy().any(axis=1) & (scores.max(axis=1).to_numpy() >= ABSTENTION)
    chosen = chosen | (best & undecided[:, None])
    if OUT_OF_SCOPE in chosen:
        outside = scores[OUT_OF_SCOPE].to_numpy() == scores.max(axis=1).to_numpy()
        chosen = chosen & ~outside[:, None]
        chosen[OUT_OF_SCOPE] = outside & (scores[OUT_OF_SCOPE].to_numpy() >= ABSTENTION)
    return chosen.assign(**{OTHER: ~chosen.any(axis=1)})


def outcomes(codes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Return how many remarks ended coded, ``autre``, ``hors_champ`` or ``sans_contenu`` (``outcome``, ``remarks``, ``share``).

    A remark counts under the best that was found in it: a theme, else ``autre``, else ``hors_champ``; one without any idea
    has no content.
    """
    themes = codes[codes["scheme"] == "theme"].merge(ideas[["idea_id", "remark_id"]], on="idea_id")
    rank = themes["code"].map({OUT_OF_SCOPE: 2, OTHER: 1}).fillna(0)
    best = rank.groupby(themes["remark_id"]).min().reindex(remarks["remark_id"]).fillna(3)
    names = ["coded", OTHER, OUT_OF_SCOPE, NO_CONTENT]
    counts = best.value_counts().reindex(range(4), fill_value=0).to_numpy()
    return pd.DataFrame({"outcome": names, "remarks": counts, "share": counts / max(1, len(remarks))})


def _people_first(
    chosen: pd.DataFrame, scores: pd.DataFrame, asked: pd.DataFrame, human: pd.DataFrame, scheme: str
) -> tuple[pd.DataFrame, np.ndarray]:
    column = HUMAN_COLUMN[scheme]
    human = human[is_coded(human, column)]
    if human.empty:
        return chosen, np.zeros(len(asked), dtype=bool)
    codes = [code for code in chosen.columns if code != OTHER]
    table = code_table(human, column, codes).to_numpy()
    questions = as_text(asked["question"])
    own = find_codes(human, texts=as_text(asked["text"]), questions=questions, ids=asked, id_column="idea_id")
    whole = find_codes(
        human, texts=as_text(asked["remark"]), questions=questions, ids=asked, id_column="remark_id"
    )
    wanted = np.zeros((len(asked), len(codes)), dtype=bool)
    wanted[own >= 0] = table[own[own >= 0]]
    values = scores[codes].to_numpy()
    shared = (own < 0) & (whole >= 0)
    for _, positions in pd.Series(np.flatnonzero(shared)).groupby(asked["remark_id"].to_numpy()[shared]):
        rows = positions.to_numpy()
        wanted[rows] = _shared_out(table[whole[rows[0]]], values[rows])
    by_people = (own >= 0) | shared
    settled = chosen.copy()
    settled.loc[by_people, codes] = wanted[by_people]
    if OTHER in settled:
        settled.loc[by_people, OTHER] = ~wanted[by_people].any(axis=1)
    return settled, by_people


def _shared_out(codes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Give each code of a remark to the idea it fits best, and each idea left without one the code that fits it best."""
    numbers = np.flatnonzero(codes)
    given = np.zeros(scores.shape, dtype=bool)
    if len(numbers) == 0:
        return given
    given[scores[:, numbers].argmax(axis=0), numbers] = True
    left = ~given.any(axis=1)
    given[left, numbers[scores[left][:, numbers].argmax(axis=1)]] = True
    return given


def _code_rows(
    idea_ids: pd.Series,
    scheme: str,
    chosen: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    by_people: np.ndarray,
    origin: str,
) -> pd.DataFrame:
    rows, columns = np.nonzero(chosen.to_numpy())
    known = scores.reindex(columns=chosen.columns)
    if OTHER in chosen:
        known[OTHER] = (1 - scores.max(axis=1)).to_numpy()
    values = np.where(by_people[rows], 1.0, known.to_numpy()[rows, columns])
    return pd.DataFrame(
        {
            "idea_id": idea_ids.to_numpy()[rows],
            "scheme": scheme,
            "code": chosen.columns.to_numpy()[columns],
            "score": values.clip(0, 1),
            "origin": np.where(by_people[rows], "human", origin),
        }
    )


def _lists(chosen: pd.DataFrame) -> list[list[str]]:
    names = chosen.columns.to_numpy()
    return [names[row].tolist() for row in chosen.to_numpy()]


def _score_maps(scores: list[pd.DataFrame], rows: int) -> list[Mapping[str, float]]:
    if not scores:
        return [{} for _ in range(rows)]
    return pd.concat(scores, axis=1).round(3).to_dict("records")
