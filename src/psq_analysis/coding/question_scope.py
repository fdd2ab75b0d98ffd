"""Whether the answers to a question belong to the consultation, estimated from the answers themselves.

A codebook foresees some questions; a file brings others (« Constats », « Souhaitez-vous ajouter quelque chose ? »). How often
their answers say something the codebook knows tells which kind of question they are: answers about policing hit its expressions
several times in ten, answers about taxes hardly ever. The estimate is an empirical Bayes one: two kinds of questions, each with
its spread of hit rates (beta-binomial), and a share of each kind estimated over the questions of the same corpus, so that a
question with few answers leans on its neighbours.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit
from scipy.stats import betabinom

# Share of answers in which an expression is found, per kind of question (mean, and weight in answers): 0.25 to 0.8 for
# questions about policing, 0 to 0.2 for answers on taxes, ecology and democracy (docs/coding.md).
ON_TOPIC_HITS = (0.5, 6.0)
OFF_TOPIC_HITS = (0.07, 12.0)
# Before any evidence a question nobody foresaw is off topic: half a question on topic, two off.
PRIOR_QUESTIONS = (0.5, 2.0)
# An answer without any expression is in scope three times in four under a question on topic, one time in fifty elsewhere.
ON_TOPIC_SCOPE, OFF_TOPIC_SCOPE = 0.75, 0.02
# A family of questions counts among those on topic from this scope on.
ON_TOPIC_FAMILY = 0.9
# The share of questions on topic moves less than a hundredth after ten rounds.
ROUNDS = 20


def scope_by_evidence(hits: np.ndarray, questions: np.ndarray, foreseen: np.ndarray) -> np.ndarray:
    """Return, per answer, the chance that it is in scope when nothing is found in it.

    ``hits``: whether an expression is found; ``questions``: the number of the question; ``foreseen``: the scope the codebook
    gives to the question, NaN where it foresees none. All answers are of one corpus.

    >>> answers = np.repeat([0, 1], 20)
    >>> hits = np.concatenate([np.arange(20) < 12, np.arange(20) < 1])
    >>> scope_by_evidence(hits, answers, np.full(40, np.nan))[[0, 20]].round(2).tolist()
    [0.74, 0.04]
    """
    if not len(hits):
        return np.zeros(0)
    number = np.unique(questions, return_inverse=True)[1]
    answers, found = np.bincount(number), np.bincount(number, weights=hits)
    given = np.full(len(answers), np.nan)
    given[number] = foreseen
    unknown = np.isnan(given)
    evidence = _log_chance(found, answers, ON_TOPIC_HITS) - _log_chance(found, answers, OFF_TOPIC_HITS)
    on_topic = np.where(unknown, 0.0, given >= ON_TOPIC_FAMILY)
    before = PRIOR_QUESTIONS[0] / sum(PRIOR_QUESTIONS)
    for _ in range(ROUNDS):
        on_topic[unknown] = expit(np.log(before / (1 - before)) + evidence[unknown])
        before = (PRIOR_QUESTIONS[0] + on_topic.sum()) / (sum(PRIOR_QUESTIONS) + len(on_topic))
    estimated = on_topic * ON_TOPIC_SCOPE + (1 - on_topic) * OFF_TOPIC_SCOPE
    return np.where(unknown, estimated, given)[number]


def _log_chance(found: np.ndarray, answers: np.ndarray, kind: tuple[float, float]) -> np.ndarray:
    mean, weight = kind
    return betabinom.logpmf(found, answers, mean * weight, (1 - mean) * weight)
