"""Counting respondents of a finished run as its report does: same people, same moved numbers, same intervals, any filter and grouping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from psq_analysis import french
from psq_analysis.comparison.contrasts import contrasts
from psq_analysis.comparison.distinctive_words import distinctive_words
from psq_analysis.comparison.shares import Whole, shares
from psq_analysis.comparison.spoken_words import spoken_words
from psq_analysis.french.labels import label, short
from psq_analysis.respondents import campaigns, counted
from psq_analysis.respondents.chosen import BadFilter, Choice, enough
from psq_analysis.respondents.design import design
from psq_analysis.respondents.groups import GROUPINGS, PAIRED
from psq_analysis.sentences.contrasts import grouping_name
from psq_analysis.sentences.words import group_name
from psq_analysis.settings import RunSettings
from psq_analysis.tables.schema import UNDETERMINED
from psq_analysis.tables.selections import NOT_SUBJECTS, sizes_of
from psq_analysis.workshop import results
from psq_analysis.workshop.said import DEMAND_KINDS, Said, scheme_asked

# Tables of shares know the schemes of a codebook alone: whatever is counted here is counted under this one, and named afterwards.
_COUNTED_AS = "theme"
_SCHEMES_FR = {"theme": "thème", "objective": "objectif", "fundamental": "fondamental", "tone": "intention", "subtheme": "sous-thème"}  # fmt: skip
MOST_DEMANDS = 40  # of a kind: past these, hardly anybody says it
FOUND = "trouvé"

Only = str | Mapping[str, object]


@dataclass(frozen=True)
class Counting:
    """What counting needs, read once: settings of the run, columns of respondents, remarks, ideas, contributions, and what ideas say."""

    settings: RunSettings
    choice: Choice
    remarks: pd.DataFrame
    ideas: pd.DataFrame
    contributions: pd.DataFrame
    said: Said

    @cached_property
    def heard(self) -> campaigns.Heard:
        """The remarks and ideas the run counts."""
        return campaigns.heard(self.remarks, self.ideas, include_campaigns=self.settings.include_campaigns)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """The respondents of the run, whatever its filter."""
        return counted.respondents(
            self.heard.remarks, self.contributions, include_incomplete=self.settings.include_incomplete
        )

    @cached_property
    def everyone(self) -> pd.DataFrame:
        """The respondents the run counts."""
        if not self.settings.only:
            return self.whole
        kept = self.choice.chosen(self.settings.only)
        return self.whole[self.whole["contribution_id"].isin(kept)].reset_index(drop=True)

    def is_part(self, only: Only) -> bool:
        """Whether the respondents of a filter are some of the run's, whose counts are all moved."""
        return bool(only or self.settings.only)

    def people(self, only: Only, groupings: Sequence[str]) -> pd.DataFrame:
        """The respondents of a filter, with the columns that groupings need; raises where these are too few."""
        kept = self.everyone
        if only:
            kept = kept[kept["contribution_id"].isin(self.choice.chosen(only))].reset_index(drop=True)
        return self.choice.with_groups(enough(kept, only, min_cell=self.settings.min_cell), groupings)

    def mentions(self, scheme: str) -> pd.DataFrame:
        """Who says which code of a scheme: one row per respondent and code."""
        usable = self.heard.remarks.loc[~self.heard.remarks["is_noise"], ["remark_id", "contribution_id"]]
        rows = self.said.of(scheme).merge(self.heard.ideas[["idea_id", "remark_id"]], on="idea_id")
        rows = rows.merge(usable, on="remark_id")
        rows = rows[rows["contribution_id"].isin(self.whole["contribution_id"])]
        return rows[["contribution_id", "code"]].drop_duplicates().assign(scheme=_COUNTED_AS)

    def shares(self, by: str = "", *, only: Only = "", scheme: str = "thème") -> results.Shares:
        """See :meth:`psq_analysis.workshop.door.Analysis.shares`."""
        family, grouping = scheme_asked(scheme), self.choice.grouping(by) if by else "all"
        mentions = self.mentions(family)
        codes = self._codes(family, mentions)
        people = self.people(only, [grouping])
        table = self._table(mentions[mentions["code"].isin(codes)], people, codes, grouping, only)
        caption = _caption(family, grouping, only)
        return self._named(table, family, codes, grouping, caption)

    def _table(
        self, mentions: pd.DataFrame, people: pd.DataFrame, codes: Collection[str], grouping: str, only: Only
    ) -> pd.DataFrame:
        own = mentions[mentions["contribution_id"].isin(people["contribution_id"])]
        keys = self.whole.set_index("contribution_id")["record_key"]
        is_part = self.is_part(only)
        return shares(
            own, people, design=design(own, people), codes={_COUNTED_AS: list(codes)},
            groupings=["all", grouping] if grouping != "all" else ["all"], min_cell=self.settings.min_cell,
            whole=Whole(mentions, keys) if is_part else None,
        )  # fmt: skip

    def _codes(self, family: str, mentions: pd.DataFrame) -> dict[str, str]:
        """The codes to count, with their names; of demands, those most people make."""
        known = self.said.codes(family)
        if family in DEMAND_KINDS:
            known = {code: known[code] for code in mentions["code"].value_counts().head(MOST_DEMANDS).index if code in known}  # fmt: skip
        return known

    def _named(
        self, table: pd.DataFrame, family: str, codes: Mapping[str, str], grouping: str, caption: str
    ) -> results.Shares:
        """Give shares their French names, the commonest code first, groups in their order."""
        overall = table[table["grouping"] == "all"].set_index("code")
        subject = ~overall.index.isin(NOT_SUBJECTS)
        order = overall.assign(subject=subject).sort_values(["subject", "share"], ascending=False, kind="stable").index  # fmt: skip
        rows = table[table["grouping"] == grouping]
        rank = rows["code"].map({code: place for place, code in enumerate(order)})
        rows = rows.loc[rank.sort_values(kind="stable").index]
        named = rows.assign(
            scheme=family,
            label=[codes.get(code, code) for code in rows["code"]],
            short=[short(codes.get(code, code)) for code in rows["code"]],
            group_label=[french.capitalised(group_name(grouping, group)) for group in rows["group"]],
            is_subject=~rows["code"].isin(NOT_SUBJECTS),
        )
        first = ["scheme", "code", "label", "grouping", "group", "group_label", "respondents", "mentions", "share", "low", "high", "edge", "is_shown"]  # fmt: skip
        return results.Shares.of(named[[*first, "short", "is_subject"]], caption=caption)  # type: ignore[return-value]

    def contrasts(self, by: str, between: Sequence[str], *, only: Only, scheme: str) -> results.Contrasts:
        """See :meth:`psq_analysis.workshop.door.Analysis.contrasts`."""
        family, grouping = scheme_asked(scheme), self.choice.grouping(by)
        mentions = self.mentions(family)
        codes = self._codes(family, mentions)
        people = self.people(only, [grouping])
        if between:
            groups = self.choice.groups(grouping, between)
            if len(set(groups)) < 2:
                raise BadFilter("Comparer demande deux groupes différents : between=[« l'un », « l'autre »].")
            people = people.assign(**{grouping: people[grouping].where(people[grouping].isin(groups))})
        kept = [code for code in codes if code not in NOT_SUBJECTS]
        mentions = mentions[mentions["code"].isin(kept)]
        table = self._table(mentions, people, kept, grouping, only)
        mentions = mentions[mentions["contribution_id"].isin(people["contribution_id"])]
        found = contrasts(
            table, mentions, people, design=design(mentions, people), paired=(*PAIRED, *([grouping] if between else [])),
            is_part=self.is_part(only),
        )  # fmt: skip
        caption = _caption(family, grouping, only)
        rows = found.assign(
            scheme=family,
            label=[codes.get(code, code) for code in found["code"]],
            group_a_label=[group_name(grouping, group) for group in found["group_a"]],
            group_b_label=[group_name(grouping, group) for group in found["group_b"]],
            verdict_label=[label("verdicts", verdict) for verdict in found["verdict"]],
        )
        rows = rows.sort_values("q_value", kind="stable", na_position="last")
        shown = self._named(table, family, codes, grouping, caption)
        names = {(family, code): name for code, name in codes.items()}
        return results.Contrasts.of(rows, caption=caption, shares=shown, names=names, sizes=sizes_of(table))  # type: ignore[return-value]

    def words(self, by: str, *, only: Only) -> results.Words:
        """See :meth:`psq_analysis.workshop.door.Analysis.words`."""
        grouping = self.choice.grouping(by)
        people = self.people(only, [grouping])
        found = distinctive_words(
            spoken_words(self.heard.remarks, people), people, grouping=grouping, min_cell=self.settings.min_cell,
            is_part=self.is_part(only),
        )  # fmt: skip
        named = found.assign(group_label=[french.capitalised(group_name(grouping, group)) for group in found["group"]])  # fmt: skip
        return results.Words.of(
            named, caption=f"Mots propres à chaque groupe : {grouping_name(grouping).lower()}{_of(only)}"
        )  # type: ignore[return-value]

    def distribution(self, who: Collection[str], by: str, *, caption: str) -> results.Shares:
        """Return the share of each group that is among ``who`` (identifiers), as published."""
        grouping = self.choice.grouping(by)
        people = self.people("", [grouping])
        inside = people.loc[people["contribution_id"].isin(who), "contribution_id"]
        mentions = pd.DataFrame({"contribution_id": inside, "scheme": _COUNTED_AS, "code": FOUND})
        table = self._table(mentions, people, [FOUND], grouping, self.settings.only)
        table = table[~table["group"].str.contains(UNDETERMINED)]
        return self._named(table, FOUND, {FOUND: caption}, grouping, f"{caption} : {grouping_name(grouping).lower()}")  # fmt: skip


def _caption(family: str, grouping: str, only: Only) -> str:
    subject = " × ".join(_SCHEMES_FR.get(part, part) for part in family.split("×"))
    groups = "" if grouping == "all" else f" et par {grouping_name(grouping).lower()}"
    return f"Part des répondants par {subject}{groups}{_of(only)}"


def _of(only: Only) -> str:
    if not only:
        return ""
    told = only if isinstance(only, str) else "; ".join(f"{name}={value}" for name, value in only.items())
    return f" ({told})"


__all__ = ["GROUPINGS", "Counting"]
