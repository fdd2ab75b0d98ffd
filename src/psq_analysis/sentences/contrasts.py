"""Contrasts in words: what differs, told once per subject or per voice; then every comparison made, group by group.

A contrast never stands alone: its interval, both numbers of respondents, its q and what was corrected for are beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import label, say, short
from psq_analysis.sentences import words
from psq_analysis.settings import CROSSING
from psq_analysis.tables import selections

MOST_SENTENCES = 8  # what a reader takes in; the table holds the rest
MOST_IN_SENTENCE = 4  # contrasts told in one sentence before it can no longer be read
Sizes = Mapping[tuple[str, str], int]


def contrast_sentences(
    contrasts: pd.DataFrame, prevalence: pd.DataFrame, grouping: str, names: Names
) -> list[str]:
    """The contrasts of a grouping that are announced on themes and objectives, the clearest first; then how many comparisons were made.

    Where groups are compared two by two, a sentence tells one subject and what one group has of it against several; where each is
    compared with all others, a sentence tells one group. A difference that does not hold among people asked the same questions is told apart, as one
    of questionnaires; so is one that cannot be checked there.
    """
    on_subjects = selections.on_subjects(contrasts)
    rows = selections.announced(on_subjects)
    rows = rows[rows["grouping"] == grouping]
    of_people = selections.clearest(on_subjects, grouping)
    if rows.empty:
        return []
    sizes = selections.sizes_of(prevalence)
    by_group = (rows["group_b"] == "others").all()
    texts = _by_group(of_people, names, sizes) if by_group else _by_subject(of_people, names, sizes)
    last = say(
        "how_many_hold",
        holding=french.count(len(rows), "écart annoncé", "écarts annoncés"),
        compared=french.count(selections.compared(on_subjects, grouping), "comparaison"),
        corrected=french.number(int(contrasts["p_value"].notna().sum())),
        rest=_what_of_the_rest(on_subjects, grouping),
        more=say("more_in_table") if len(texts) > MOST_SENTENCES else "",
    )
    notes = [
        say(f"contrasts_{key}_{'one' if len(some) == 1 else 'many'}", named=_named(some, names))
        for key, some in (
            ("of_questionnaire", rows[selections.of_questionnaire(rows)]),
            ("unchecked", of_people[of_people["within_source"].isna()]),
        )
        if len(some)
    ]
    return [*texts[:MOST_SENTENCES], *notes, french.capitalised(last)]


def _what_of_the_rest(contrasts: pd.DataFrame, grouping: str) -> str:
    """Say how many of the other comparisons are equivalent, and how many nobody can tell."""
    made = contrasts[(contrasts["grouping"] == grouping) & contrasts["p_value"].notna()]
    same, unknown = (int((made["verdict"] == verdict).sum()) for verdict in ("equivalent", "unknown"))
    parts = [
        say(f"rest_{key}", count=french.number(count))
        for key, count in (("equivalent", same), ("unknown", unknown))
        if count
    ]
    return say("rest", parts=" ; ".join(parts)) if parts else ""


def _named(rows: pd.DataFrame, names: Names) -> str:
    """Name contrasts: the subject, both groups and the difference."""
    parts = [
        say(
            "contrast_named",
            name=words.quoted(names, row),
            a=words.group_name(row["grouping"], row["group_a"]),
            b=words.group_name(row["grouping"], row["group_b"]),
            points=french.points(row["difference"]),
        )
        for _, row in rows.head(MOST_SENTENCES).iterrows()
    ]
    more = (
        [say("campaign_more", count=french.number(len(rows) - MOST_SENTENCES))]
        if len(rows) > MOST_SENTENCES
        else []
    )
    return " ; ".join([*parts, *more])


def _by_subject(rows: pd.DataFrame, names: Names, sizes: Sizes) -> list[str]:
    """One sentence per subject and group most often involved, against all those it differs from in the same direction."""
    texts = []
    left = rows
    while not left.empty:
        first = left.iloc[0]
        of_code = left[(left["scheme"] == first["scheme"]) & (left["code"] == first["code"])]
        hub = _hub(of_code)
        told = pd.DataFrame(
            [_seen_from(row, hub) for _, row in of_code.iterrows() if hub in (row["group_a"], row["group_b"])]
        )
        told = told[(told["difference"] > 0) == (told["difference"].iloc[0] > 0)].head(MOST_IN_SENTENCE)
        left = left.drop(index=told.index)
        opening = say(
            "contrast_hub",
            name=words.quoted(names, first),
            often=words.often(told.iloc[0]),
            of_a=words.of_group(first["grouping"], hub),
        )
        against = [
            say(
                "contrast_against",
                of_b=words.of_group(row["grouping"], row["group_b"]),
                numbers=_numbers(row, sizes),
            )
            for _, row in told.iterrows()
        ]
        texts.append(f"{opening} {french.enumeration(against)}.")
    return texts


def _hub(rows: pd.DataFrame) -> str:
    """The group that takes part in most of the contrasts; of equals, one of the clearest contrast."""
    taking_part = pd.concat([rows["group_a"], rows["group_b"]]).value_counts()
    clearest = [rows["group_a"].iloc[0], rows["group_b"].iloc[0]]
    return max(taking_part.index, key=lambda group: (taking_part[group], group in clearest, group == clearest[0]))  # fmt: skip


def _seen_from(row: pd.Series, group: str) -> pd.Series:
    """The contrast with ``group`` first."""
    if row["group_a"] == group:
        return row
    turned = {"group_a": group, "group_b": row["group_a"], "difference": -row["difference"]}
    seen = row.copy()
    for name, value in (turned | {"low": -row["high"], "high": -row["low"]}).items():
        seen[name] = value
    return seen


def _by_group(rows: pd.DataFrame, names: Names, sizes: Sizes) -> list[str]:
    texts = []
    for group, of_one in rows.groupby("group_a", sort=False):
        told = of_one.head(MOST_IN_SENTENCE)
        size_a, size_b = selections.both_sizes(told.iloc[0], sizes)
        directions = [
            say(
                "contrast_of",
                often=words.often(one_way.iloc[0]),
                than="" if rank else say("contrast_than", n=french.number(size_b or 0)),
                subjects=french.enumeration(
                    [
                        say(
                            "contrast_subject",
                            name=french.inside_quotes(short(names[row["scheme"], row["code"]])),
                            points=french.points(row["difference"]),
                            interval=french.interval(row["low"], row["high"]),
                            q=words.q_text(row["q_value"]),
                        )
                        for _, row in one_way.iterrows()
                    ]
                ),
            )
            for rank, (_, one_way) in enumerate(told.groupby(told["difference"] < 0, sort=False))
        ]
        grouping = told["grouping"].iloc[0]
        texts.append(
            say(
                "contrast_of_group",
                who=_who_speaks(grouping, str(group), size_a or 0),
                directions=" ; ".join(directions),
            )
        )
    return texts


def _who_speaks(grouping: str, group: str, size: int) -> str:
    """The group as the subject of a sentence, with its size and its verb.

    >>> _who_speaks("stakeholder", "élus", 42), _who_speaks("stakeholder", "sécurité privée", 15)
    ('Les élus (n = 42) parlent', 'La sécurité privée (n = 15) parle')
    """
    key = "who_group"
    if grouping == "stakeholder":
        key = "who_generic" if group in words.GENERIC_VOICES else "who_voice"
    return say(key, group=words.group_name(grouping, group), n=french.number(size))


def _numbers(row: pd.Series, sizes: Sizes) -> str:
    size_a, size_b = selections.both_sizes(row, sizes)
    return say(
        "contrast_numbers",
        points=french.points(row["difference"]),
        interval=french.interval(row["low"], row["high"]),
        a=french.number(size_a or 0),
        b=french.number(size_b or 0),
        q=words.q_text(row["q_value"]),
    )


def grouping_name(grouping: str) -> str:
    """Return the French name of a grouping.

    >>> grouping_name("stakeholder"), grouping_name("territory×stakeholder")
    ('Voix', 'Territoire × voix')
    """
    joined = f" {CROSSING} "
    return joined.join(label("groupings", part) for part in grouping.split(CROSSING)).capitalize()


def shown_contrasts(contrasts: pd.DataFrame, names: Names, sizes: Sizes, unseen: pd.Series) -> pd.DataFrame:
    """The comparisons as their reader sees them; ``unseen``: the difference each would have left unnoticed."""
    rows = []
    for index, row in contrasts.iterrows():
        size_a, size_b = selections.both_sizes(row, sizes)
        verdict = words.often(row) if row["verdict"] == "different" else label("verdicts", row["verdict"])
        if row["verdict"] == "unknown":
            points = french.count(round(100 * unseen[index]), "point")
            verdict = say("verdict_unnoticed", verdict=verdict, unseen=points)
        if row["verdict"] == "different":
            told = (
                "unchecked"
                if pd.isna(row["within_source"])
                else "holds"
                if row["within_source"]
                else "of_questionnaire"
            )
            verdict = f"{verdict}{say(f'verdict_{told}')}"
        ratio = label("words", "none") if pd.isna(row["risk_ratio"]) else french.number(row["risk_ratio"], digits=1)  # fmt: skip
        strength = label("words", "none") if pd.isna(row["cramers_v"]) else french.number(row["cramers_v"], digits=2)  # fmt: skip
        rows.append(
            {
                "label": short(names[row["scheme"], row["code"]]),
                "group_a": _with_size(row["grouping"], row["group_a"], size_a),
                "group_b": _with_size(row["grouping"], row["group_b"], size_b),
                "difference": f"{french.signed(round(row['difference'], 2))} {french.interval(row['low'], row['high'])}",
                "risk_ratio": ratio,
                "cramers_v": strength,
                "q_value": words.q_number(row["q_value"]),
                "verdict": verdict,
            }
        )
    return pd.DataFrame(rows).map(french.typeset) if rows else pd.DataFrame()


def _with_size(grouping: str, group: str, size: int | None) -> str:
    name = words.group_name(grouping, group)
    return name if size is None else f"{name} ({words.n_text(size)})"
