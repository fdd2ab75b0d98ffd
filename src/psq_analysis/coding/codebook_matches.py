"""What a codebook finds in remarks before anything is learnt: expressions said, family of the question, scores.

One :class:`Reading` serves every scheme and every learner, so that 100,000 remarks are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.question_scope import ON_TOPIC_SCOPE, scope_by_evidence
from psq_analysis.tables.schema import OUT_OF_SCOPE
from psq_analysis.text.concordance import Concordance
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.sentence_models import sentence_vectors

# A question nobody foresaw is on topic when its silent answers are as likely in scope as not.
ON_TOPIC = 0.5
# What answers to a question usually mean to do counts as a hint does.
USUAL_TONE = 0.6
# An expression claims a code from this score on: one seed, or several hints.
CLAIMED = 0.5


@dataclass(frozen=True)
class Reading:
    """Remarks (a text and the question it answers) as read through a codebook.

    ``said`` is remarks × expressions (1 where the expression is said and the question allows it); ``family`` is, per
    remark, the row of the question's family in ``codebook.questions``, or −1; ``scope`` is the chance that the remark belongs
    to the consultation when no expression is found in it; ``words`` is remarks × ``lemmas`` (counts); ``corpus`` holds the words
    in their places; ``meaning`` is remarks × dimensions of a sentence model (rows of length 1), None when none was asked for.
    """

    codebook: Codebook
    said: sparse.csr_matrix
    family: np.ndarray
    scope: np.ndarray
    words: sparse.csr_matrix
    lemmas: list[str]
    corpus: Corpus
    asked: list[str]
    question: np.ndarray
    on_topic: np.ndarray
    meaning: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.family)

    @classmethod
    def of(
        cls,
        codebook: Codebook,
        texts: Sequence[str],
        questions: Sequence[str],
        *,
        sentence_model: str = "",
    ) -> Reading:
        """Read the remarks of one corpus, each with the question it answers (empty text when unknown).

        The scope of questions that the codebook does not foresee is estimated from their answers
        (:mod:`psq_analysis.coding.question_scope`); where they turn out to belong to the consultation, expressions that the codebook
        keeps for such questions are heard too. ``sentence_model`` (path or name) adds ``meaning``; raises :class:`BadInput` when
        it cannot be loaded.
        """
        corpus = Corpus.read(texts)
        asked, question = np.unique(np.array(list(questions), dtype=object), return_inverse=True)
        family = question_families(codebook, asked.tolist())[question] if len(texts) else np.zeros(0, int)
        concordance = Concordance(corpus, codebook.known_words, codebook.ignored)
        found = [concordance.texts(e.tree, e.unless) for e in codebook.expressions]
        everywhere = (
            np.concatenate(found) if found else np.zeros(0, dtype=int),
            np.repeat(np.arange(len(found)), [len(texts_found) for texts_found in found]),
        )
        heard = _heard(codebook)
        scopes = [np.nan if q.scope is None else q.scope for q in codebook.questions.values()]
        foreseen = np.array([*scopes, np.nan])[family]
        sure = np.where(np.isnan(foreseen), -1, family)
        read = cls(
            codebook,
            _said(everywhere, heard, sure),
            family,
            foreseen,
            *corpus.lemma_counts,
            corpus,
            asked.tolist(),
            question,
            np.zeros(len(texts), bool),
        )
        scope = scope_by_evidence(read.hits, question, foreseen)
        stands_for = next((n for n, q in enumerate(codebook.questions.values()) if q.unforeseen), -1)
        on_topic = np.where(family < 0, stands_for, family)
        read_as = np.where(np.isnan(foreseen), np.where(scope >= ON_TOPIC, on_topic, -1), family)
        meaning = sentence_vectors(texts, sentence_model) if sentence_model and len(texts) else None
        return replace(
            read,
            scope=scope,
            on_topic=scope >= ON_TOPIC,
            said=_said(everywhere, heard, read_as),
            meaning=meaning,
        )

    def take(self, rows: np.ndarray) -> Reading:
        """Return the reading of some of the remarks, in the order of ``rows``."""
        return replace(
            self,
            said=self.said[rows],
            family=self.family[rows],
            scope=self.scope[rows],
            question=self.question[rows],
            on_topic=self.on_topic[rows],
            words=self.words[rows],
            corpus=self.corpus.take(np.unique(rows)),
            meaning=None if self.meaning is None else self.meaning[rows],
        )

    def within(self, whole: Reading, row_of_part: np.ndarray) -> Reading:
        """Return the reading of parts of remarks: a part of a remark that says something in scope is in scope by default.

        ``whole`` is the reading of the remarks, ``row_of_part`` the row of the remark of each part.
        """
        inherited = np.where(whole.hits, ON_TOPIC_SCOPE, whole.scope)
        scope = np.maximum(self.scope, inherited[row_of_part])
        return replace(self, scope=scope, on_topic=scope >= ON_TOPIC)

    @property
    def hits(self) -> np.ndarray:
        """Per remark, whether its expressions claim a theme of the consultation or an objective."""
        themes = self.claims("theme").drop(columns=OUT_OF_SCOPE, errors="ignore")
        found = (themes >= CLAIMED).any(axis=1)
        if "objective" in self.codebook.schemes:
            found |= (self.claims("objective") >= CLAIMED).any(axis=1)
        return found.to_numpy()

    def scores(self, scheme: str, *, claims: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return remarks × codes: how strongly the expressions speak for each code, 0 to 1.

        These are the claims (``claims``: others to use in their place); under ``theme``, what no theme claims is shared between ``hors_champ`` and the theme the question presumes; a remark that only an objective claims is not out of scope.
        """
        scores = self.claims(scheme) if claims is None else claims
        if scheme == "tone":
            return self._with_usual_tone(scores)
        if OUT_OF_SCOPE not in scores:
            return scores
        themes = [code for code in scores if code != OUT_OF_SCOPE]
        unclaimed = (1 - scores[themes]).prod(axis=1).to_numpy()
        outside = (1 - self.scope) + self.scope * scores[OUT_OF_SCOPE].to_numpy()
        if "objective" in self.codebook.schemes:
            outside = outside * (1 - self.claims("objective").max(axis=1).to_numpy())
        presumed = {
            question.theme: np.zeros(len(self))
            for question in self.codebook.questions.values()
            if question.theme
        }
        for number, question in enumerate(self.codebook.questions.values()):
            if question.theme:
                presumed[question.theme] += (self.family == number) * self.scope * (1 - scores[OUT_OF_SCOPE])
        filled = {theme: np.maximum(scores[theme], unclaimed * chance) for theme, chance in presumed.items()}
        return scores.assign(**filled, **{OUT_OF_SCOPE: unclaimed * outside})

    def _with_usual_tone(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Add, as one more reason, what answers to such a question usually mean to do."""
        usual = [question.tone for question in self.codebook.questions.values()]
        doubts = {
            tone: 1 - USUAL_TONE * np.isin(self.family, [n for n, other in enumerate(usual) if other == tone])
            for tone in scores
        }
        return pd.DataFrame({tone: 1 - (1 - scores[tone]) * doubts[tone] for tone in scores})

    def claims(self, scheme: str) -> pd.DataFrame:
        """Return remarks × codes: what the expressions alone claim, combined as independent reasons (noisy or), 0 to 1."""
        codes = self.codebook.codes(scheme)
        against = np.ones((len(self), len(codes)))
        for column, code in enumerate(codes):
            numbers = [
                n for n, e in enumerate(self.codebook.expressions) if (e.scheme, e.code) == (scheme, code)
            ]
            doubts = np.log1p([-self.codebook.expressions[n].weight for n in numbers])
            against[:, column] = np.exp(self.said[:, numbers] @ doubts)
        return pd.DataFrame(1 - against, columns=list(codes))


def _heard(codebook: Codebook) -> np.ndarray:
    """Return expressions × families of questions (and none): where each expression is heard."""
    names = [*codebook.questions, ""]
    wider = {name: {name, q.within or name} for name, q in codebook.questions.items()}
    return np.array(
        [
            [not e.questions or bool(wider.get(name, set()) & set(e.questions)) for name in names]
            for e in codebook.expressions
        ]
    )


def _said(places: tuple[np.ndarray, np.ndarray], heard: np.ndarray, family: np.ndarray) -> sparse.csr_matrix:
    rows, expressions = places
    kept = heard[expressions, family[rows]]
    cells = (np.ones(kept.sum()), (rows[kept], expressions[kept]))
    return sparse.csr_matrix(cells, shape=(len(family), len(heard)))


def question_families(codebook: Codebook, questions: Sequence[str]) -> np.ndarray:
    """Return, per question, the row of its family in ``codebook.questions`` (the first that recognises it), or −1."""
    concordance = Concordance(Corpus.read(list(questions)))
    families = np.full(len(questions), -1)
    for number, trees in reversed(list(enumerate(codebook.question_trees.values()))):
        for tree in trees:
            families[concordance.texts(tree)] = number
    return families
