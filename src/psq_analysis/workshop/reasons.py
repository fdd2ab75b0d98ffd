"""Why a remark has its codes: what the expressions of the codebook claim, and the remark coded by people that is most like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_matches import Reading
from psq_analysis.coding.human_codes import HUMAN_COLUMN, as_text, codes_in, same_text
from psq_analysis.coding.taught import coded_remarks
from psq_analysis.coding.text_model import features
from psq_analysis.french.labels import label
from psq_analysis.runs.run import Run
from psq_analysis.tables.terms import SCHEMES
from psq_analysis.workshop.said import Said

COLUMNS = ["kind", "label", "score", "origin", "expression", "weight", "text"]


@dataclass(frozen=True)
class Explainer:
    """The codebook of a run and the remarks coded by people that teach it, read once."""

    codebook: Codebook
    said: Said
    ideas: pd.DataFrame
    taught: pd.DataFrame

    @classmethod
    def of(cls, run: Run, said: Said, ideas: pd.DataFrame) -> Explainer:
        """Read what explains the codes of a run."""
        codebook = run.codebook()
        return cls(codebook, said, ideas, coded_remarks(codebook, run.human_codes()))

    def reasons(self, remark: pd.Series) -> pd.DataFrame:
        """Return, per code of a remark, the expressions that speak for it; then expressions that were not enough; then the nearest coded remark.

        ``kind``: the family of the code, or « remarque codée la plus proche »; ``label``, ``score`` and ``origin`` of the code (no score: not
        given); ``expression`` as the codebook writes it, with its ``weight`` (the chance that it alone is right); ``text``: the idea, or the coded remark.
        """
        own = self.ideas[self.ideas["remark_id"] == remark["remark_id"]]
        given = self.said._replace(ideas=self.said.ideas[self.said.ideas["idea_id"].isin(own["idea_id"])])
        codes = given.labelled.merge(own[["idea_id", "text"]], on="idea_id")
        codes = codes[codes["scheme"].isin(SCHEMES)]
        matched = _matched(self.codebook, own, str(remark["question"] or ""), self.said)
        rows = codes.merge(matched, on=["idea_id", "scheme", "code"], how="outer", suffixes=("", "_said"))
        rows = rows.assign(
            kind=[label("schemes", scheme) for scheme in rows["scheme"]],
            label=rows["label"].fillna(rows["label_said"]),
            text=rows["text"].fillna(rows["text_said"]),
            origin=[
                label("origins", one) if isinstance(one, str) else label("words", "not_given") for one in rows["origin"]
            ],
            is_given=rows["score"].notna(),
            order=rows["scheme"].map({scheme: place for place, scheme in enumerate(SCHEMES)}),
        )  # fmt: skip
        order = ["is_given", "order", "score", "weight"]
        rows = rows.sort_values(order, ascending=[False, True, False, False], kind="stable")
        return pd.concat([rows[COLUMNS], self._nearest(remark)], ignore_index=True)

    @cached_property
    def _read(self) -> sparse.csr_matrix:
        asked = as_text(self.taught["question"]) if "question" in self.taught else [""] * len(self.taught)
        return normalize(features(Reading.of(self.codebook, as_text(self.taught["remark"]), asked)))

    def _nearest(self, remark: pd.Series) -> pd.DataFrame:
        """The remark coded by people that the learner finds most like this one, with its codes, one row; none where none teaches."""
        if self.taught.empty:
            return pd.DataFrame(columns=COLUMNS)
        own = features(Reading.of(self.codebook, [str(remark["text"])], [str(remark["question"] or "")]))
        near = np.asarray((self._read @ normalize(own).T).todense()).ravel()
        itself = [
            same_text(text) == same_text(str(remark["text"])) for text in as_text(self.taught["remark"])
        ]
        best = int(np.where(itself, -1.0, near).argmax())
        row = self.taught.iloc[best]
        codes = [
            self.codebook.label(scheme, code)
            for scheme, column in HUMAN_COLUMN.items()
            if column in self.taught and scheme in self.codebook.schemes
            for code in codes_in(row[column])
        ]
        told = (label("words", "nearest_coded"), " ; ".join(codes), round(float(near[best]), 2), label("origins", "human"), "", np.nan, str(row["remark"]))  # fmt: skip
        return pd.DataFrame([told], columns=COLUMNS)


def _matched(codebook: Codebook, ideas: pd.DataFrame, question: str, said: Said) -> pd.DataFrame:
    """The expressions each idea says, where the question lets them be heard."""
    columns = ["idea_id", "scheme", "code", "expression", "weight", "label_said", "text_said"]
    if ideas.empty:
        return pd.DataFrame(columns=columns)
    reading = Reading.of(codebook, ideas["text"].tolist(), [question] * len(ideas))
    idea, expression = reading.said.nonzero()
    rows = [
        (
            ideas["idea_id"].iloc[at], one.scheme, one.code, one.pattern, one.weight,
            said.names.get((one.scheme, one.code), one.code), ideas["text"].iloc[at],
        )
        for at, one in ((at, codebook.expressions[number]) for at, number in zip(idea, expression, strict=True))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
