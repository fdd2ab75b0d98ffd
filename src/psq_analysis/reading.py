"""What a codebook finds in remarks before anything is learnt: expressions said, family of the question, scores.

One :class:`Reading` serves every scheme and every learner, so that 100,000 remarks are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from psq_analysis.codebook import Codebook
from psq_analysis.features import Corpus
from psq_analysis.schema import OUT_OF_SCOPE
from psq_analysis.seeds import Concordance

# An answer to a question of no known family is in scope only if it says so: one in fifty is in scope unnoticed.
SCOPE_OF_OTHER_QUESTIONS = 0.02


@dataclass(frozen=True)
class Reading:
    """Remarks (a text and the question it answers) as read through a codebook.

    ``said`` is remarks × expressions (1 where the expression is said and the question allows it); ``family`` is, per
    remark, the row of the question's family in ``codebook.questions``, or −1; ``words`` is remarks × ``lemmas`` (counts).
    """

    codebook: Codebook
    said: sparse.csr_matrix
    family: np.ndarray
    words: sparse.csr_matrix
    lemmas: list[str]

    def __len__(self) -> int:
        return len(self.family)

    @classmethod
    def of(cls, codebook: Codebook, texts: Sequence[str], questions: Sequence[str]) -> Reading:
        """Read each remark with the question it answers (empty text when unknown)."""
        corpus = Corpus.read(texts)
        asked, question_number = np.unique(np.array(list(questions), dtype=object), return_inverse=True)
        family = (
            question_families(codebook, asked.tolist())[question_number]
            if len(texts)
            else np.zeros(0, dtype=int)
        )
        allowed = {
            name: [n for n, (other, q) in enumerate(codebook.questions.items()) if name in (other, q.within)]
            for name in codebook.questions
        }
        concordance = Concordance(corpus, codebook.known_words, codebook.ignored)
        rows, columns = [], []
        for number, expression in enumerate(codebook.expressions):
            found = concordance.texts(expression.tree, expression.unless)
            if expression.questions:
                wanted = [family_number for name in expression.questions for family_number in allowed[name]]
                found = found[np.isin(family[found], wanted)]
            rows.append(found)
            columns.append(np.full(len(found), number))
        cells = (np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(columns)))
        said = sparse.csr_matrix(cells, shape=(len(texts), len(codebook.expressions)))
        return cls(codebook, said, family, *corpus.lemma_counts)

    def take(self, rows: np.ndarray) -> Reading:
        """Return the reading of some of the remarks, in the order of ``rows``."""
        return replace(self, said=self.said[rows], family=self.family[rows], words=self.words[rows])

    @cached_property
    def scope(self) -> np.ndarray:
        """Per remark, the chance that it belongs to the consultation when no expression is found in it."""
        scopes = [question.scope for question in self.codebook.questions.values()]
        return np.array([*scopes, SCOPE_OF_OTHER_QUESTIONS])[self.family]

    def scores(self, scheme: str) -> pd.DataFrame:
        """Return remarks × codes: how strongly the expressions speak for each code, 0 to 1.

        Expressions are combined as independent reasons (noisy or). Under ``theme``, what no theme claims is shared between
        ``hors_champ`` and the theme the question presumes; a remark that only an objective claims is not out of scope.
        """
        scores = self._claims(scheme)
        if OUT_OF_SCOPE not in scores:
            return scores
        themes = [code for code in scores if code != OUT_OF_SCOPE]
        unclaimed = (1 - scores[themes]).prod(axis=1).to_numpy()
        outside = (1 - self.scope) + self.scope * scores[OUT_OF_SCOPE].to_numpy()
        if "objective" in self.codebook.schemes:
            outside = outside * (1 - self._claims("objective").max(axis=1).to_numpy())
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

    def _claims(self, scheme: str) -> pd.DataFrame:
        codes = self.codebook.codes(scheme)
        against = np.ones((len(self), len(codes)))
        for column, code in enumerate(codes):
            numbers = [
                n for n, e in enumerate(self.codebook.expressions) if (e.scheme, e.code) == (scheme, code)
            ]
            doubts = np.log1p([-self.codebook.expressions[n].weight for n in numbers])
            against[:, column] = np.exp(self.said[:, numbers] @ doubts)
        return pd.DataFrame(1 - against, columns=list(codes))


def question_families(codebook: Codebook, questions: Sequence[str]) -> np.ndarray:
    """Return, per question, the row of its family in ``codebook.questions`` (the first that recognises it), or −1."""
    concordance = Concordance(Corpus.read(list(questions)))
    families = np.full(len(questions), -1)
    for number, trees in reversed(list(enumerate(codebook.question_trees.values()))):
        for tree in trees:
            families[concordance.texts(tree)] = number
    return families
