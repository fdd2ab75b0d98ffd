"""What each idea says, under one roof: codes of the codebook, sub-themes, demands, irritants and praise, with their French names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from psq_analysis.respondents.nearest import found
from psq_analysis.runs.run import Run
from psq_analysis.settings import CROSSING
from psq_analysis.tables.terms import DEMAND_KINDS, NO_CONTENT, OTHER, OUT_OF_SCOPE, SCHEMES

SUBTHEME = "subtheme"
# what shares are given of, with the names an analyst may use
SCHEMES_ASKED: dict[str, list[str]] = {
    "theme": ["thème", "thèmes", "themes"],
    "objective": ["objectif", "objectifs", "objectives"],
    "fundamental": ["fondamental", "fondamentaux"],
    "tone": ["intention", "intentions", "ton"],
    SUBTHEME: ["sous-thème", "sous-thèmes", "subthemes"],
    "demande": ["demandes", "demand", "demands"],
    "irritant": ["irritants"],
    "satisfaction": ["satisfactions", "éloge"],
}
NOT_ASKED_OF = {NO_CONTENT, OTHER, OUT_OF_SCOPE}


class Said(NamedTuple):
    """``ideas``: one row per idea and thing it says (``idea_id``, ``scheme``, ``code``, ``score``, ``origin``); ``names``: French names by scheme and code."""

    ideas: pd.DataFrame
    names: Mapping[tuple[str, str], str]

    def of(self, scheme: str) -> pd.DataFrame:
        """Return what ideas say under a scheme, or under two crossed by ``×``: then ideas that say both things at once."""
        first, _, second = scheme.partition(CROSSING)
        rows = self.ideas.loc[self.ideas["scheme"] == first, ["idea_id", "code"]]
        if not second:
            return rows.assign(label=[self.names.get((first, code), code) for code in rows["code"]])
        both = self.of(first).merge(self.of(second), on="idea_id", suffixes=("_a", "_b"))
        joined = f" {CROSSING} "
        return pd.DataFrame(
            {
                "idea_id": both["idea_id"],
                "code": both["code_a"] + joined + both["code_b"],
                "label": both["label_a"] + joined + both["label_b"],
            }
        )

    @property
    def labelled(self) -> pd.DataFrame:
        """``ideas`` with the French name of each code; a code without one is its own name."""
        families = self.ideas["scheme"].astype("category")
        label = pd.Series("", index=self.ideas.index, dtype="string")
        for scheme in families.cat.categories:
            codes = self.ideas.loc[families == scheme, "code"]
            own = {code: name for (of, code), name in self.names.items() if of == scheme}
            label.loc[codes.index] = codes.map(own).fillna(codes).astype("string")
        return self.ideas.assign(label=label)

    def codes(self, scheme: str) -> dict[str, str]:
        """Return the codes of a scheme (or of two crossed) that are said, or that the codebook has, with their names."""
        if CROSSING in scheme:
            first, second = (self.codes(part) for part in scheme.split(CROSSING))
            joined = f" {CROSSING} "
            return {
                a + joined + b: first[a] + joined + second[b]
                for a in first
                for b in second
                if a not in NOT_ASKED_OF and b not in NOT_ASKED_OF
            }
        return {code: name for (of, code), name in self.names.items() if of == scheme}


def scheme_asked(asked: str) -> str:
    """Return the scheme a name asks for, two crossed by ``*`` or ``×``; raises when there is none of that name.

    >>> scheme_asked("thème * intention"), scheme_asked("demandes")
    ('theme×tone', 'demande')
    """
    parts = asked.replace("*", CROSSING).split(CROSSING)
    return CROSSING.join(found(part, SCHEMES_ASKED, kind="Famille de codes") for part in parts)


def read_said(run: Run) -> Said:
    """Read what the ideas of a run say."""
    codes = run.read("codes")[["idea_id", "scheme", "code", "score", "origin"]]
    subthemes, clusters, demands = run.read("subthemes"), run.read("clusters"), run.read("demands")
    kept = clusters.loc[clusters["is_stable"], "subtheme_id"]
    of_subthemes = subthemes[subthemes["subtheme_id"].isin(kept)].rename(columns={"subtheme_id": "code"})
    of_demands = demands.rename(columns={"kind": "scheme", "demand_id": "code"})
    parts = [
        codes,
        of_subthemes[["idea_id", "code"]].assign(scheme=SUBTHEME, score=pd.NA, origin=pd.NA),
        of_demands[["idea_id", "scheme", "code"]].assign(score=pd.NA, origin=pd.NA),
    ]
    labels = dict(run.code_names())
    labels |= {(SUBTHEME, row.subtheme_id): f"{labels.get(('theme', row.theme), row.theme)} : {row.label}" for row in clusters[clusters["is_stable"]].itertuples()}  # fmt: skip
    labels |= {(row.kind, row.demand_id): row.label for row in run.read("demand_groups").itertuples()}
    ideas = pd.concat([part.astype({"score": "Float64"}) for part in parts], ignore_index=True)
    return Said(ideas, labels)


def by_remark(said: Said, ideas: pd.DataFrame) -> pd.DataFrame:
    """Return a row per remark and thing it says: ``remark_id``, ``scheme``, ``code``, ``label``, ``score`` (the best of its ideas)."""
    rows = said.labelled.merge(ideas[["idea_id", "remark_id"]], on="idea_id")
    rows = rows.sort_values("score", ascending=False, kind="stable", na_position="last")
    once = rows.drop_duplicates(["remark_id", "scheme", "code"]).sort_index()
    return once[["remark_id", "scheme", "code", "label", "score"]]


__all__ = ["DEMAND_KINDS", "SCHEMES", "Said", "by_remark", "read_said", "scheme_asked"]
