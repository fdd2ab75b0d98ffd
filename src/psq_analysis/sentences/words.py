"""Names of groups and numbers inside a French sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.coding.code_names import Names
from psq_analysis.french.labels import department_name, label, say
from psq_analysis.settings import CROSSING

Code = tuple[str, str]
# groups whose name takes an article after « les réponses »: « des élus »; any other is quoted
NAMED_WITH_ARTICLE = ("all", "territory", "territory_type", "overseas", "stakeholder", "wave", "campaign")
GENERIC_VOICES = ("sécurité privée",)  # a sector, not people: « de la », not « des »


def group_name(grouping: str, group: str) -> str:
    """Return the French name of a group, as a sentence or a table writes it.

    >>> group_name("territory", "outre_mer"), group_name("density_level", "5"), group_name("territory×stakeholder", "rural × élus")
    ('outre-mer', 'niveau 5 (bourgs ruraux)', 'territoires ruraux × élus')
    """
    if group == "others":
        return label("groups", group)
    joined = f" {CROSSING} "
    if grouping == "voice" and group.startswith(f"others{joined}"):
        return say("others_of_family", family=group.removeprefix(f"others{joined}"))
    if CROSSING in grouping:
        parts = zip(grouping.split(CROSSING), group.split(joined), strict=True)
        return joined.join(group_name(part, name) for part, name in parts)
    if grouping == "wave":
        return say("wave_name", wave=group)
    if grouping == "departement":
        return department_name(group)
    return label("density_levels" if grouping == "density_level" else "groups", group)


def value_name(column: str, value: str) -> str:
    """Return the French name of a value of a column of respondents; of the column itself where ``column`` is empty.

    >>> value_name("departement", "974"), value_name("", "epci"), value_name("stakeholder", "élus")
    ('La Réunion', 'Intercommunalité', 'élus')
    """
    return group_name(column, value) if column else label("groupings", value)


def tie_text(rows: pd.DataFrame, rank: int, names: Names, tied: Collection[Code]) -> str:
    """Name the code that follows where the order of the two is not established among the same people.

    ``tied``: of :func:`psq_analysis.comparison.same_people.tied`.
    """
    if len(rows) <= rank + 1 or (rows["scheme"].iloc[rank], rows["code"].iloc[rank]) not in tied:
        return ""
    following = rows.iloc[rank + 1]
    return say(
        "tie", name=quoted(names, following), share=share_text(following), interval=interval_text(following)
    )


def tied_codes(trace: Mapping[str, Any]) -> frozenset[Code]:
    """Return the codes whose lead over the next one is not established, as the run noted them.

    >>> sorted(tied_codes({"tied": [["theme", "presence"]]}))
    [('theme', 'presence')]
    """
    return frozenset((str(scheme), str(code)) for scheme, code in trace.get("tied", ()))


def q_text(q_value: float) -> str:
    """Write a corrected p-value without false precision.

    >>> q_text(0.0004), q_text(0.031)
    ('q < 0,001', 'q = 0,031')
    """
    number = q_number(q_value)
    return f"q {number}" if number.startswith("<") else f"q = {number}"


def q_number(q_value: float) -> str:
    """Write a corrected p-value for a column that is headed by its name.

    >>> q_number(0.0004), q_number(0.031)
    ('< 0,001', '0,031')
    """
    return "< 0,001" if q_value < 0.001 else french.number(q_value, digits=3)


def n_text(respondents: int) -> str:
    """Write a number of respondents as the reports do.

    >>> n_text(1046)
    'n = 1\u202f046'
    """
    return f"n = {french.number(respondents)}"


def of_group(grouping: str, group: str) -> str:
    """Put a group after « les réponses »: « des élus », « de l'ensemble des autres », « d'outre-mer », « de la vague 2 ».

    >>> of_group("stakeholder", "élus"), of_group("density_level", "5"), of_group("wave", "2")
    ('des élus', 'du groupe « niveau 5 (bourgs ruraux) »', 'de la vague 2')
    """
    name = group_name(grouping, group)
    if name.startswith("ensemble"):
        return f"de l'{name}"
    if CROSSING in grouping or grouping not in NAMED_WITH_ARTICLE:
        return f"du groupe « {name} »"
    if name == label("groups", "outre_mer"):
        return f"d'{name}"
    if group == "mainland":
        return f"de l'{name}"
    if grouping == "wave" or group in GENERIC_VOICES:
        return f"de la {name}"
    return f"des {name}"


def share_text(row: Any) -> str:
    """Write a share as published; of two people at most, its upper bound, and of all but two at most, its lower one.

    >>> share_text(pd.Series({"share": 1 / 40, "low": 0.0, "high": 0.15, "respondents": 40, "edge": "few"}))
    'au plus 5\u202f%'
    """
    edge = getattr(row, "edge", "")
    if edge in ("few", "nearly_all"):
        bound = 2 / row.respondents
        return say(f"share_{edge}", share=french.percent(bound if edge == "few" else 1 - bound))
    return french.estimate(row.share, row.low, row.high)


def mentions_text(row: Any) -> str:
    """Write how many of a group mention a code: a number, « 2 au plus », or « tous, ou tous sauf 2 au plus ».

    >>> mentions_text(pd.Series({"mentions": 39, "edge": "nearly_all"}))
    'tous, ou tous sauf 2 au plus'
    """
    edge = getattr(row, "edge", "")
    return say(f"mentions_{edge}") if edge in ("few", "nearly_all") else french.number(row.mentions)


def often(row: pd.Series) -> str:
    """Say which way a difference goes: « plus souvent » or « moins souvent » in the first group."""
    return label("directions", "more_often" if row["difference"] > 0 else "less_often")


def quoted(names: Names, row: pd.Series) -> str:
    """The name of a row's code, ready to be put between quotation marks."""
    return french.inside_quotes(names[row["scheme"], row["code"]])


def interval_text(row: pd.Series) -> str:
    return french.interval(row["low"], row["high"])
