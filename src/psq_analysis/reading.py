"""What a codebook finds in remarks before anything is learnt: expressions said, family of the question,
prior scores.

One :class:`Reading` serves every scheme and every learner, so that 100,000 remarks are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from psq_analysis.codebook import Codebook
from psq_analysis.features import Corpus
from psq_analysis.schema import OUT_OF_SCOPE
from psq_analysis.seeds import Concordance

# An answer to a question of no known family is in scope only if it says so; one in fifty does without a
# seed noticing.
SCOPE_OF_OTHER_QUESTIONS = 0.02


@dataclass(frozen=True)
class Reading:
    """Distinct remarks (text and question) as read through a codebook.

    ``said`` is remarks × expressions (1 where the expression is said and the question allows it);
    ``family`` is, per remark, the row of the question's family in ``codebook.questions``, or −1.
    """

    codebook: Codebook
    corpus: Corpus
    said: sparse.csr_matrix
    family: np.ndarray
    questions: tuple[str, ...]

    def __len__(self) -> int:
        return self.corpus.n_texts

    @classmethod
    def of(cls, codebook: Codebook, texts: Sequence[str], questions: Sequence[str]) -> Reading:
        """Read each remark with the question it answers (empty text when unknown)."""
        corpus = Corpus.read(texts)
        asked, question_number = np.unique(np.array(list(questions), dtype=object), return_inverse=True)
        family_of_question = question_families(codebook, asked.tolist())
        family = family_of_question[question_number]
        allowed = {
            name: [n for n, (other, q) in enumerate(codebook.questions.items()) if name in (other, q.within)]
            for name in codebook.questions
        }
        concordance = Concordance(corpus, codebook.known_words)
        rows, columns = [], []
        for number, expression in enumerate(codebook.expressions):
            found = concordance.texts(expression.tree, expression.unless)
            if expression.questions:
                wanted = [number for name in expression.questions for number in allowed[name]]
                found = found[np.isin(family[found], wanted)]
            rows.append(found)
            columns.append(np.full(len(found), number))
        cells = (np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(columns)))
        said = sparse.csr_matrix(cells, shape=(len(texts), len(codebook.expressions)))
        return cls(codebook, corpus, said, family, tuple(questions))

    @cached_property
    def scope(self) -> np.ndarray:
        """Per remark, the chance that it belongs to the consultation when no expression is found in it."""
        scopes = [question.scope for question in self.codebook.questions.values()]
        return np.array([*scopes, SCOPE_OF_OTHER_QUESTIONS])[self.family]

    def scores(self, scheme: str) -> pd.DataFrame:
        """Return remarks × codes: how strongly the expressions speak for each code, 0 to 1.

        Expressions are combined as independent reasons (noisy or). Under ``theme``, what no expression
        claims is shared between
        ``hors_champ`` and the theme the question presumes.
        """
        codes = self.codebook.codes(scheme)
        against = np.ones((len(self), len(codes)))
        for column, code in enumerate(codes):
            numbers = [
                n for n, e in enumerate(self.codebook.expressions) if (e.scheme, e.code) == (scheme, code)
            ]
            doubts = np.log1p([-self.codebook.expressions[n].weight for n in numbers])
            against[:, column] = np.exp(self.said[:, numbers] @ doubts)
        scores = pd.DataFrame(1 - against, columns=list(codes))
        return self._with_scope(scores) if OUT_OF_SCOPE in codes else scores

    def _with_scope(self, scores: pd.DataFrame) -> pd.DataFrame:
        themes = [code for code in scores if code != OUT_OF_SCOPE]
        unclaimed = (1 - scores[themes]).prod(axis=1)
        outside = (1 - self.scope) + self.scope * scores[OUT_OF_SCOPE]
        shared = scores.assign(**{OUT_OF_SCOPE: unclaimed * outside})
        for number, question in enumerate(self.codebook.questions.values()):
            if question.theme:
                presumed = np.where(self.family == number, unclaimed * (1 - outside), 0.0)
                shared[question.theme] = np.maximum(shared[question.theme], presumed)
        return shared


def question_families(codebook: Codebook, questions: Sequence[str]) -> np.ndarray:
    """Return, per question, the row of its family in ``codebook.questions`` (the first that recognises it), or −1."""
    concordance = Concordance(Corpus.read(list(questions)))
    families = np.full(len(questions), -1)
    for number, trees in reversed(list(enumerate(codebook.question_trees.values()))):
        for tree in trees:
            families[concordance.texts(tree)] = number
    return families
