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
ANNOUNCED = selections.HOLDS
Sizes = Mapping[tuple[str, str], int]


def contrast_sentences(
    contrasts: pd.DataFrame, prevalence: pd.DataFrame, grouping: str, names: Names
) -> list[str]:
    """The contrasts of a grouping that hold on themes and objectives, the clearest first; then how many comparisons were made.

    Where groups are compared two by two, a sentence tells one subject and what one group has of it against several; where each is
    compared with all others, a sentence tells one group.
    """
    tested = contrasts["verdict"] != "too_few"
    on_subjects = selections.on_subjects(contrasts)
    rows = selections.clearest(on_subjects, grouping)
    if rows.empty:
        return []
    sizes = selections.sizes_of(prevalence)
    by_group = (rows["group_b"] == "others").all()
    texts = _by_group(rows, names, sizes) if by_group else _by_subject(rows, names, sizes)
    holding = french.count(len(rows), "écart annoncé", "écarts annoncés")
    last = say(
        "how_many_hold",
        holding=holding,
        compared=french.count(selections.compared(on_subjects, grouping), "comparaison"),
        corrected=french.number(int(tested.sum())),
        more=say("more_in_table") if len(texts) > MOST_SENTENCES else "",
    )
    return [*texts[:MOST_SENTENCES], french.capitalised(last)]


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
        told = told[told["verdict"] == told["verdict"].iloc[0]].head(MOST_IN_SENTENCE)
        left = left.drop(index=told.index)
        opening = say(
            "contrast_hub",
            name=words.quoted(names, first),
            often=label("verdicts", told["verdict"].iloc[0]),
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
    verdict = {"more_often": "less_often", "less_often": "more_often"}[row["verdict"]]
    turned = {"group_a": group, "group_b": row["group_a"], "difference": -row["difference"]}
    seen = row.copy()
    for name, value in (turned | {"low": -row["high"], "high": -row["low"], "verdict": verdict}).items():
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
                often=label("verdicts", verdict),
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
                        for _, row in told[told["verdict"] == verdict].iterrows()
                    ]
                ),
            )
            for rank, verdict in enumerate(dict.fromkeys(told["verdict"]))
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
        verdict = label("verdicts", row["verdict"])
        if row["verdict"] not in ANNOUNCED:
            points = french.count(round(100 * unseen[index]), "point")
            verdict = say("verdict_unnoticed", verdict=verdict, unseen=points)
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
