"""What is said of each demand, irritant and praise: how many people, who, where, about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import say
from psq_analysis.sentences.words import group_name
from psq_analysis.tables.schema import UNDETERMINED

MOST_GROUPS = 2  # groups named beside a demand: those where it is said most


@dataclass(frozen=True)
class Told:
    """One demand as the report tells it."""

    demand_id: str
    label: str
    people: str
    measure: str
    about: tuple[str, ...]
    is_campaign: bool


def told(
    groups: pd.DataFrame, prevalence: pd.DataFrame | None, names: Names, *, kind: str, most: int
) -> list[Told]:
    """Return the ``most`` first demands of a kind. ``groups``: the table ``demand_groups``; groups of people from ``prevalence``."""
    first = groups[groups["is_shown"] & groups["kind"].eq(kind)].head(most)
    return [_told(row, prevalence, names) for row in first.itertuples()]


def of_objective(groups: pd.DataFrame, objective: str, *, most: int) -> list[str]:
    """Return the names of the first demands under an objective, each with its number of people."""
    of_it = groups[groups["is_shown"] & groups["kind"].eq("demande") & groups["objective"].eq(objective)]
    return [
        f"{row.label} ({french.count(row.respondents, 'personne')})" for row in of_it.head(most).itertuples()
    ]


def _told(row: Any, prevalence: pd.DataFrame | None, names: Names) -> Told:
    people = french.count(row.respondents, "personne")
    about = [say("demand_signed", people=people)] if row.is_campaign else []
    for grouping, key in (("stakeholder", "demand_who"), ("territory", "demand_where")):
        most = _most(prevalence, row.demand_id, grouping)
        if most:
            about.append(say(key, groups=french.enumeration(most)))
    if pd.notna(row.objective) and row.kind == "demande":
        about.append(say("demand_about", objective=names["objective", row.objective]))
    elif pd.notna(row.theme):
        about.append(say("demand_theme", theme=names["theme", row.theme]))
    measure = say(
        "demand_people",
        people=french.number(row.respondents),
        counted=french.number(row.counted),
        share=french.estimate(row.share, row.low, row.high),
        interval=french.interval(row.low, row.high),
    )
    return Told(row.demand_id, row.label, people, measure, tuple(about), bool(row.is_campaign))


def _most(prevalence: pd.DataFrame | None, demand_id: str, grouping: str) -> list[str]:
    """The groups whose published share is above that of everyone, the highest first."""
    if prevalence is None:
        return []
    rows = prevalence[(prevalence["scheme"] == "demand") & (prevalence["code"] == demand_id)]
    everyone = rows.loc[rows["grouping"] == "all", "share"]
    of_groups = rows[(rows["grouping"] == grouping) & (rows["group"] != UNDETERMINED) & rows["share"].notna()]
    if everyone.empty or of_groups.empty:
        return []
    above = of_groups[of_groups["share"] > everyone.iloc[0]].nlargest(MOST_GROUPS, "share")
    return [group_name(grouping, group) for group in above["group"]]
