"""What a codebook finds in remarks before anything is learnt: expressions said, family of the question, scores.

One :class:`Reading` serves every scheme and every learner, so that 100,000 remarks are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from psq_analysis.codebook import Codebook
from psq_analysis.features import Corpus
from psq_analysis.question_scope import scope_by_evidence
from psq_analysis.schema import OUT_OF_SCOPE
from psq_analysis.seeds import Concordance

# An expression claims a code from this score on: one seed, or several hints.
CLAIMED = 0.5


@dataclass(frozen=True)
class Reading:
    """Remarks (a text and the question it answers) as read through a codebook.

    ``said`` is remarks × expressions (1 where the expression is said and the question allows it); ``family`` is, per
    remark, the row of the question's family in ``codebook.questions``, or −1; ``scope`` is the chance that the remark belongs
    to the consultation when no expression is found in it; ``words`` is remarks × ``lemmas`` (counts).
    """

    codebook: Codebook
    said: sparse.csr_matrix
    family: np.ndarray
    scope: np.ndarray
    words: sparse.csr_matrix
    lemmas: list[str]

    def __len__(self) -> int:
        return len(self.family)

    @classmethod
    def of(
        cls,
        codebook: Codebook,
        texts: Sequence[str],
        questions: Sequence[str],
        *,
        corpora: np.ndarray | None = None,
    ) -> Reading:
        """Read each remark with the question it answers (empty text when unknown).

        ``corpora``: the number of the corpus of each remark; the scope of questions that the codebook does not foresee is
        estimated within each (:mod:`psq_analysis.question_scope`).
        """
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
        read = cls(codebook, said, family, np.zeros(len(texts)), *corpus.lemma_counts)
        scope, foreseen = (
            np.zeros(len(texts)),
            np.array([*[q.scope for q in codebook.questions.values()], np.nan])[family],
        )
        for number in np.unique(corpora) if corpora is not None else [0]:
            rows = np.flatnonzero(corpora == number) if corpora is not None else np.arange(len(texts))
            scope[rows] = scope_by_evidence(read.hits[rows], question_number[rows], foreseen[rows])
        return replace(read, scope=scope)

    def take(self, rows: np.ndarray) -> Reading:
        """Return the reading of some of the remarks, in the order of ``rows``."""
        return replace(
            self,
            said=self.said[rows],
            family=self.family[rows],
            scope=self.scope[rows],
            words=self.words[rows],
        )

    @property
    def hits(self) -> np.ndarray:
        """Per remark, whether its expressions claim a theme of the consultation or an objective."""
        themes = self.claims("theme").drop(columns=OUT_OF_SCOPE, errors="ignore")
        found = (themes >= CLAIMED).any(axis=1)
        if "objective" in self.codebook.schemes:
            found |= (self.claims("objective") >= CLAIMED).any(axis=1)
        return found.to_numpy()

    def scores(self, scheme: str) -> pd.DataFrame:
        """Return remarks × codes: how strongly the expressions speak for each code, 0 to 1.

        These are the claims; under ``theme``, what no theme claims is shared between ``hors_champ`` and the theme the question presumes; a remark that only an objective claims is not out of scope.
        """
        scores = self.claims(scheme)
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


def question_families(codebook: Codebook, questions: Sequence[str]) -> np.ndarray:
    """Return, per question, the row of its family in ``codebook.questions`` (the first that recognises it), or −1."""
    concordance = Concordance(Corpus.read(list(questions)))
    families = np.full(len(questions), -1)
    for number, trees in reversed(list(enumerate(codebook.question_trees.values()))):
        for tree in trees:
            families[concordance.texts(tree)] = number
    return families
