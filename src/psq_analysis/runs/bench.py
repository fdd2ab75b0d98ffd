"""The analyst's bench: find remarks by words, theme, territory and voice; read the contribution around one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from psq_analysis.errors import BadInput
from psq_analysis.french.labels import label
from psq_analysis.quotes.choice import REFERENCE_LETTERS
from psq_analysis.runs.run import Run
from psq_analysis.tables.schema import disjoint
from psq_analysis.text.search import matches


class UnknownReference(BadInput):
    """No remark, theme, territory or voice answers to this name."""


@dataclass(frozen=True)
class Bench:
    """The tables of a run, joined once: one row a remark, with its themes, territory and voice."""

    remarks: pd.DataFrame
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def find(
        self, *, words: str = "", theme: str = "", territory: str = "", stakeholder: str = "", most: int = 20
    ) -> pd.DataFrame:
        """Remarks that hold every term of ``words`` (see :func:`word_search.matches`) under a theme, a territory and a voice.

        Returns at most ``most`` rows: ``reference``, ``stakeholder``, ``territory``, ``themes``, ``text``. Raises
        :class:`UnknownReference` when a theme, territory or voice does not occur, naming those that do.
        """
        found = self.remarks
        for name, wanted in (("territory", territory), ("stakeholder", stakeholder)):
            if wanted:
                known = sorted(found[name].dropna().unique())
                _require(wanted, known, label("groupings", name))
                found = found[found[name] == wanted]
        if theme:
            known = sorted({code for codes in self.remarks["themes"] for code in codes})
            _require(theme, known, label("schemes", "theme"))
            found = found[[theme in codes for codes in found["themes"]]]
        if words.strip():
            found = found[matches(found["text"].tolist(), words)]
        shown = found.assign(
            themes=found["themes"].map(self._theme_names),
            reference=found["remark_id"].str[:REFERENCE_LETTERS],
        )
        return (
            shown[["reference", "stakeholder", "territory", "themes", "text"]]
            .head(most)
            .reset_index(drop=True)
        )

    def _theme_names(self, codes: list[str]) -> str:
        return " · ".join(self.names.get(("theme", code), code) for code in codes)

    def around(self, reference: str) -> pd.DataFrame:
        """The whole contribution of the remark whose reference (first characters of its id) is given."""
        chosen = (
            self.remarks[self.remarks["remark_id"].str.startswith(reference)]
            if reference
            else self.remarks.head(0)
        )
        if chosen["contribution_id"].nunique() != 1:
            raise UnknownReference(
                f"Référence « {reference} » introuvable ou trop courte : copiez-la de la colonne « Référence »."
            )
        contribution = self.remarks[self.remarks["contribution_id"] == chosen["contribution_id"].iloc[0]]
        return contribution.assign(reference=contribution["remark_id"].str[:REFERENCE_LETTERS])[
            ["reference", "question", "text"]
        ]

    @property
    def choices(self) -> pd.DataFrame:
        """What a search can be narrowed to: ``kind``, ``value`` (as :meth:`find` takes it), its ``label`` and number of remarks."""
        counts = {
            label("schemes", "theme"): self.remarks["themes"].explode().value_counts(),
            label("groupings", "territory"): self.remarks["territory"].value_counts(),
            label("groupings", "stakeholder"): self.remarks["stakeholder"].value_counts(),
        }
        rows = [
            (kind, value, self.names.get(("theme", value)) or label("groups", value), int(n))
            for kind, of_kind in counts.items()
            for value, n in of_kind.items()
        ]
        return pd.DataFrame(rows, columns=["kind", "value", "label", "remarks"])

    @property
    def first_reference(self) -> str:
        """Reference of the first remark that says something, to start from; empty when none does."""
        usable = self.remarks.loc[~self.remarks["is_noise"], "remark_id"]
        return str(usable.iloc[0])[:REFERENCE_LETTERS] if len(usable) else ""


def open_bench(run: Run) -> Bench:
    """Join the tables of a run for exploration."""
    remarks, contributions = run.read("remarks"), run.read("contributions")
    coded = run.read("codes").merge(run.read("ideas")[["idea_id", "remark_id"]], on="idea_id")
    themes = (
        coded[coded["scheme"] == "theme"].groupby("remark_id")["code"].agg(lambda codes: sorted(set(codes)))
    )
    joined = remarks.merge(
        contributions.assign(territory=disjoint(contributions))[
            ["contribution_id", "territory", "stakeholder"]
        ],
        on="contribution_id",
    )
    with_themes = joined.assign(
        themes=[themes.get(remark_id, []) for remark_id in joined["remark_id"]],
    )
    return Bench(remarks=with_themes, names=run.code_names())


def _require(wanted: str, known: list[str], kind: str) -> None:
    if wanted not in known:
        raise UnknownReference(f"{kind} « {wanted} » absent des réponses. Possibles : {', '.join(known)}.")
