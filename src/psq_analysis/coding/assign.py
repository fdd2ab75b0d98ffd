"""Ideas × codebook → codes with scores.

What is learnt, and from what, is in :mod:`psq_analysis.coding.learners`; here it is decided. Codes given by people always win over
the model; what no code reaches is « autre », never a guess.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from psq_analysis import progress
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import CLAIMED, Reading
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
# An idea gives its remark a code that the whole remark does not bear out only when it is this sure: on 944 remarks read by people, ideas
# taken one by one are right 63 times in 100, whole remarks 70 times, for as many codes found.
BY_ITSELF = 0.80


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
    be decided. An idea is read within its remark: what is given follows the whole remark, shared between its ideas. Objectives may be none; fundamental is at most one; tone is exactly one.

    ``human``: codes given by people to remarks or ideas of this run (:mod:`psq_analysis.coding.human_codes`). A remark coded by them gives exactly their codes, each to the idea it fits best.

    ``sentence_model``: a sentence-transformers model, by path or name, whose vectors the learners receive beside the words;
    raises :class:`BadInput` when it cannot be loaded.
    """
    asked = ideas[["idea_id", "remark_id", "text"]].merge(
        remarks[["remark_id", "question", "text"]].rename(columns={"text": "remark"}),
        on="remark_id",
        how="left",
    )
    read = functools.partial(Reading.of, codebook, sentence_model=sentence_model)
    row_of_idea, distinct = _distinct(asked, ["text", "question", "remark"])
    row_of_remark, wholes = _distinct(asked, ["remark", "question"])
    whole = read(wholes["remark"], wholes["question"])
    part = read(distinct["text"], distinct["question"])
    first_idea = np.unique(row_of_idea, return_index=True)[1]
    part = part.within(whole, row_of_remark[first_idea])
    coders = _coders(wholes["remark"], codebook, human, sentence_model=sentence_model, seed=seed)
    scores, scores_of_remarks = _scores(part, coders), _scores(whole, coders)
    remark_of_idea = pd.factorize(asked["remark_id"])[0]
    speaks = _claims_objective(part)[row_of_idea]
    given = []
    for scheme in codebook.schemes:
        scores_of_ideas = scores[scheme].iloc[row_of_idea].reset_index(drop=True)
        chosen = decide(scores_of_ideas, codebook, scheme)
        if codebook.schemes[scheme].multiple:
            around = scores_of_remarks[scheme].iloc[row_of_remark].reset_index(drop=True)
            chosen, scores_of_ideas = _in_their_remark(
                chosen,
                scores_of_ideas,
                around,
                decide(around, codebook, scheme),
                remark_of_idea=remark_of_idea,
                follows=~speaks if scheme == "theme" else np.zeros(len(ideas), dtype=bool),
            )
        by_people = np.zeros(len(ideas), dtype=bool)
        if human is not None:
            chosen, by_people = _people_first(chosen, scores_of_ideas, asked, human, scheme)
        given.append(
            _code_rows(
                ideas["idea_id"],
                scheme,
                chosen,
                scores_of_ideas,
                by_people=by_people,
                origin=_origin(coders[scheme]),
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
    row_of_remark, distinct = _distinct(
        pd.DataFrame({"remark": texts, "question": questions}), ["remark", "question"]
    )
    schemes = [scheme for scheme in ("theme", "objective") if scheme in codebook.schemes]
    coders = taught_coders(
        codebook, human, asked=distinct["remark"], sentence_model=sentence_model, seed=seed
    )
    whole = Reading.of(codebook, distinct["remark"], distinct["question"], sentence_model=sentence_model)
    scores = _scores(whole, {scheme: coders[scheme] for scheme in schemes})
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


def _coders(
    remarks: list[str], codebook: Codebook, human: pd.DataFrame | None, *, sentence_model: str, seed: int
) -> Mapping[str, Coder]:
    """Return what codes each scheme; without any remark nothing is learnt, which takes seconds."""
    if not remarks:
        return {scheme: Coder(scheme) for scheme in codebook.schemes}
    return taught_coders(codebook, human, asked=remarks, sentence_model=sentence_model, seed=seed)


@threadpool_limits.wrap(
    limits=1
)  # the order of additions, hence the last digits, would follow the number of threads
def _scores(reading: Reading, coders: Mapping[str, Coder]) -> dict[str, pd.DataFrame]:
    """Return, per scheme, the scores of the texts read (texts × codes)."""
    read = features(reading)
    return {
        scheme: coders[scheme].predict_proba(reading, read) for scheme in progress.over(list(coders), "code")
    }


def _origin(coder: Coder) -> str:
    return "codebook" if coder.words is None else "model"


def _distinct(rows: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Return, per row, the number of its distinct texts, and these by column."""
    number, distinct = pd.MultiIndex.from_arrays([as_text(rows[name]) for name in columns]).factorize()
    return number, {name: distinct.get_level_values(level).tolist() for level, name in enumerate(columns)}


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


def _claims_objective(reading: Reading) -> np.ndarray:
    """Return, per text, whether its expressions claim an objective: it has a subject of its own, even where no theme fits it."""
    if "objective" not in reading.codebook.schemes:
        return np.zeros(len(reading), dtype=bool)
    return (reading.claims("objective") >= CLAIMED).any(axis=1).to_numpy()


def _in_their_remark(
    chosen: pd.DataFrame,
    scores: pd.DataFrame,
    scores_of_remarks: pd.DataFrame,
    chosen_for_remarks: pd.DataFrame,
    *,
    remark_of_idea: np.ndarray,
    follows: np.ndarray,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the codes of ideas read within their remark, and their scores.

    A fragment (« Personne ne m'avait prévenu. ») has its meaning from the remark around it: the codes are those of the whole remark, and of ideas
    that speak for a code by themselves (:data:`BY_ITSELF`). Each goes to the ideas that say it, or else to the one that fits it best. An
    idea left without any takes the likeliest of its remark where it ``follows`` (boolean, per idea). All frames have a row an idea.
    """
    codes = [code for code in chosen.columns if code != OTHER]
    own, values = chosen[codes].to_numpy(copy=True), scores[codes].to_numpy(copy=True)
    whole = chosen_for_remarks[codes].to_numpy()
    of_remark = scores_of_remarks[codes].to_numpy()
    scope = np.array([code != OUT_OF_SCOPE for code in codes])
    own &= whole | (values >= BY_ITSELF) | ~scope
    said = np.zeros((remark_of_idea.max(initial=-1) + 1, len(codes)), dtype=bool)
    np.logical_or.at(said, remark_of_idea, own)
    best = np.full(said.shape, -1.0)
    np.maximum.at(best, remark_of_idea, values)
    fits_best = values >= best[remark_of_idea]
    given = own | (whole & ~said[remark_of_idea] & fits_best)
    held = follows & ~given.any(axis=1) & whole.any(axis=1)
    given[held, np.where(whole, values + of_remark, -1.0)[held].argmax(axis=1)] = True
    outside = given[:, ~scope].any(axis=1) & given[:, scope].any(axis=1)
    given[np.ix_(np.flatnonzero(outside), np.flatnonzero(~scope))] = False
    settled = pd.DataFrame(given, columns=codes)
    if OTHER in chosen:
        settled[OTHER] = ~given.any(axis=1)
    kept = pd.DataFrame(
        np.where(given, np.maximum(values, np.where(own, 0, of_remark)), values), columns=codes
    )
    return settled[chosen.columns], kept[scores.columns]


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
