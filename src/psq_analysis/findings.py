"""The sentences of the report: what the tables say, and not a word more.

A finding is written from rows of ``prevalence`` and ``contrasts``; each carries its number, its 95 % interval and its n.
Nothing is computed here but which row to speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from psq_analysis import french
from psq_analysis.codebook import Codebook
from psq_analysis.comparison import unnoticed
from psq_analysis.labels import label, say, short
from psq_analysis.schema import OTHER, OUT_OF_SCOPE, SCHEMES
from psq_analysis.settings import CROSSING
from psq_analysis.territories import UNDETERMINED

Names = Mapping[tuple[str, str], str]
NOT_SUBJECTS = (OTHER, OUT_OF_SCOPE)
HOLDS = ("more_often", "less_often")
SUBJECTS = ("theme", "objective")
# Where the report says more of a finding: the anchors of its sections.
SECTIONS = {
    "theme": "les-themes",
    "objective": "les-objectifs",
    "territory": "selon-les-territoires",
    "stakeholder": "selon-les-acteurs",
}
MOST = 5  # tenths of the respondents from which « most » is said
GENERIC_VOICES = ("sécurité privée",)  # a sector, not people: « de la », not « des »


def codes_of(grid: Codebook) -> dict[str, list[str]]:
    """The codes of each scheme, « Autre » included: those whose share is computed even when nobody speaks of them."""
    return {scheme: list(grid.labels(scheme)) for scheme in grid.schemes}


def names_of(grid: Codebook) -> Names:
    """The French label of every code of every scheme."""
    return {(scheme, code): name for scheme in grid.schemes for code, name in grid.labels(scheme).items()}


def group_name(grouping: str, group: str) -> str:
    """Return the French name of a group, as a sentence or a table writes it.

    >>> group_name("territory", "outre_mer"), group_name("density_level", "5"), group_name("territory×stakeholder", "rural × élus")
    ('outre-mer', 'niveau 5 (bourgs ruraux)', 'territoires ruraux × élus')
    """
    if group == "others":
        return label("groups", group)
    if CROSSING in grouping:
        joined = f" {CROSSING} "
        parts = zip(grouping.split(CROSSING), group.split(joined), strict=True)
        return joined.join(group_name(part, name) for part, name in parts)
    if grouping == "wave":
        return say("wave_name", wave=group)
    return label("density_levels" if grouping == "density_level" else "groups", group)


@dataclass(frozen=True)
class Finding:
    """One sentence, its number in large, its picture (share or difference with its interval) and the section that shows more."""

    sentence: str
    section: str
    headline: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_difference: bool = False


def overall(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Rows of one scheme over all respondents, the most frequent first, published ones only."""
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    return rows[rows["share"].notna()].sort_values("share", ascending=False, kind="stable")


def subjects(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The same without « Autre » and « Hors champ », which are results but not subjects."""
    rows = overall(prevalence, scheme)
    return rows[~rows["code"].isin(NOT_SUBJECTS)]


def shown_overall(prevalence: pd.DataFrame, scheme: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme over all respondents, ready for a chart: the largest share first, what is no subject last.

    Adds ``label``, ``short`` and ``is_subject``.
    """
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    shown = rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        is_subject=~rows["code"].isin(NOT_SUBJECTS),
    )
    return shown.sort_values(["is_subject", "share"], ascending=False, na_position="last", kind="stable")


def shown_by_group(prevalence: pd.DataFrame, scheme: str, grouping: str, names: Names) -> pd.DataFrame:
    """Rows of one scheme by group with ``label`` and ``group_label``: subjects by overall share, groups in their order.

    Undetermined places and groups of which nothing may be published are left out.
    """
    rows = prevalence[
        (prevalence["scheme"] == scheme)
        & (prevalence["grouping"] == grouping)
        & ~prevalence["code"].isin(NOT_SUBJECTS)
        & ~prevalence["group"].str.contains(UNDETERMINED)
    ]
    publishable = rows.groupby("group")["share"].transform("count") > 0
    rows = rows[publishable]
    order = {code: rank for rank, code in enumerate(subjects(prevalence, scheme)["code"])}
    rank = rows["code"].map(order).fillna(len(order))
    rows = rows.loc[rank.sort_values(kind="stable").index]
    return rows.assign(
        label=[names[scheme, code] for code in rows["code"]],
        short=[short(names[scheme, code]) for code in rows["code"]],
        group_label=[french.capitalised(group_name(grouping, group)) for group in rows["group"]],
    )


def has_groups(prevalence: pd.DataFrame, grouping: str) -> bool:
    """Tell whether the files place respondents in groups at all."""
    rows = prevalence[(prevalence["grouping"] == grouping) & (prevalence["group"] != UNDETERMINED)]
    return not rows.empty


def comparable(prevalence: pd.DataFrame) -> pd.DataFrame:
    """The rows worth a contrast: all that is shown by group, but sub-themes, which were found in these very answers.

    What is out of scope is no difference of opinion.
    """
    return prevalence[prevalence["scheme"].isin(SCHEMES) & ~prevalence["code"].isin(NOT_SUBJECTS)]


def on_subjects(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of themes and objectives, of which the report speaks first."""
    return rows[rows["scheme"].isin(SUBJECTS)]


def key_findings(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    names: Names,
    *,
    said: pd.DataFrame,
    counted: int,
    min_cell: int,
) -> list[Finding]:
    """The findings that matter, at most five: first theme, second theme, first objective, territories, voices.

    What respondents say out of scope comes first when they say it more than anything else. Where nothing may be published, where
    nobody speaks of the grid, or nothing could be compared, that is a finding. ``said``: who mentions what
    (:func:`psq_analysis.comparison.respondent_codes`); ``counted``: respondents of the run.
    """
    themes, goals = subjects(prevalence, "theme"), subjects(prevalence, "objective")
    about = [
        out_of_scope(prevalence) or mostly_elsewhere(said, counted=counted, min_cell=min_cell),
        first_subject(prevalence, "theme", names),
        second_subject(prevalence, names),
        first_subject(prevalence, "objective", names),
    ]
    found = [finding for finding in about if finding is not None]
    if overall(prevalence, "theme").empty:
        sentence = say("nothing_published", counted=french.count(counted, "répondant"), min_cell=min_cell)
        return [Finding(sentence, SECTIONS["theme"], say("not_published"))]
    if not found or (themes["mentions"].sum() == 0 and goals["mentions"].sum() == 0):
        sentence = say("nobody_speaks", min_cell=min_cell, n=n_text(counted))
        found.append(Finding(sentence, SECTIONS["theme"], say("not_published")))
    groups = [strongest(prevalence, contrasts, grouping, names) for grouping in ("territory", "stakeholder")]
    return (found[:4] + groups)[:5]


def out_of_scope(prevalence: pd.DataFrame) -> Finding | None:
    """Say first that respondents speak of something else, when they do so more than of any theme."""
    rows = overall(prevalence, "theme")
    themes = rows[~rows["code"].isin(NOT_SUBJECTS)]
    out = rows[rows["code"] == OUT_OF_SCOPE]
    if out.empty or (not themes.empty and themes["share"].iloc[0] >= out["share"].iloc[0]):
        return None
    return _about(out.iloc[0], "out_of_scope")


def mostly_elsewhere(said: pd.DataFrame, *, counted: int, min_cell: int) -> Finding | None:
    """Say in tenths that most respondents speak of no theme of the grid; None where they do not, or are too few to say it so.

    In tenths, for an exact count would let a reader compute the small ones; a tenth is then no small cell itself.
    """
    about = said[(said["scheme"] == "theme") & ~said["code"].isin(NOT_SUBJECTS)]["contribution_id"].nunique()
    tenths = 10 * (counted - about) // counted if counted else 0
    if counted < 10 * min_cell or tenths < MOST or not about:
        return None
    sentence = say("mostly_elsewhere", tenths=tenths, n=n_text(counted))
    return Finding(sentence, SECTIONS["theme"], say("tenths", tenths=tenths))


def first_subject(prevalence: pd.DataFrame, scheme: str, names: Names) -> Finding | None:
    """Name the most frequent code of a scheme; « sans se détacher » when its interval meets that of the second."""
    rows = subjects(prevalence, scheme)
    if rows.empty or rows["mentions"].iloc[0] == 0:
        return None
    among = say("among_published") if _is_partly_withheld(prevalence, scheme) else ""
    return _about(
        rows.iloc[0],
        f"first_{scheme}",
        name=quoted(names, rows.iloc[0]),
        tie=_tie(rows, 0, names),
        among=among,
    )


def second_subject(prevalence: pd.DataFrame, names: Names) -> Finding | None:
    """Name the second most frequent theme and, in passing, the least, where no share is withheld below it."""
    rows = subjects(prevalence, "theme")
    if len(rows) < 2 or rows["mentions"].iloc[1] == 0:
        return None
    last = rows.iloc[-1]
    tail = say("last_theme", name=quoted(names, last), share=_share(last), interval=_interval(last))
    is_last_known = len(rows) > 3 and not _is_partly_withheld(prevalence, "theme")
    return _about(
        rows.iloc[1],
        "second_theme",
        name=quoted(names, rows.iloc[1]),
        tie=_tie(rows, 1, names),
        tail=tail if is_last_known else "",
    )


def _about(row: pd.Series, key: str, **values: str) -> Finding:
    sentence = say(key, share=_share(row), interval=_interval(row), n=n_text(row["respondents"]), **values)
    return Finding(
        sentence,
        SECTIONS[row["scheme"]],
        _share(row),
        float(row["share"]),
        float(row["low"]),
        float(row["high"]),
    )


def _tie(rows: pd.DataFrame, rank: int, names: Names) -> str:
    """Name the code that follows when the intervals meet: the order of the two is then not established."""
    if len(rows) <= rank + 1 or rows["high"].iloc[rank + 1] <= rows["low"].iloc[rank]:
        return ""
    following = rows.iloc[rank + 1]
    return say("tie", name=quoted(names, following), share=_share(following), interval=_interval(following))


def _is_partly_withheld(prevalence: pd.DataFrame, scheme: str) -> bool:
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    return bool(rows.loc[~rows["code"].isin(NOT_SUBJECTS), "share"].isna().any())


def strongest(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Finding:
    """State the clearest difference between groups; or that none could be detected, or why nothing was compared."""
    rows = clearest(on_subjects(contrasts), grouping)
    if not rows.empty:
        row = rows.iloc[0]
        return Finding(
            contrast_sentence(row, names, sizes=sizes_of(prevalence)),
            SECTIONS[grouping],
            french.points(row["difference"]),
            float(row["difference"]),
            float(row["low"]),
            float(row["high"]),
            is_difference=True,
        )
    headline = say("no_difference" if compared(on_subjects(contrasts), grouping) else "not_compared")
    return Finding(nothing_differs(prevalence, contrasts, grouping), SECTIONS[grouping], headline)


def compared(contrasts: pd.DataFrame, grouping: str) -> int:
    """Count the contrasts of a grouping that could be made."""
    return int(((contrasts["grouping"] == grouping) & (contrasts["verdict"] != "too_few")).sum())


def clearest(contrasts: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """Contrasts of a grouping that hold, the one whose interval stays farthest from zero first."""
    rows = contrasts[(contrasts["grouping"] == grouping) & contrasts["verdict"].isin(HOLDS)]
    clearance = rows[["low", "high"]].abs().min(axis=1)
    return rows.loc[clearance.sort_values(ascending=False, kind="stable").index]


def sizes_of(prevalence: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Published numbers of respondents by grouping and group."""
    sizes = (
        prevalence.dropna(subset=["respondents"])
        .groupby(["grouping", "group"], sort=False)["respondents"]
        .first()
    )
    return {key: int(size) for key, size in sizes.items()}


def both_sizes(row: pd.Series, sizes: Mapping[tuple[str, str], int]) -> tuple[int | None, int | None]:
    """Return the published numbers of respondents of the two groups of a contrast, None where withheld."""
    size_a = sizes.get((row["grouping"], row["group_a"]))
    size_b = sizes.get((row["grouping"], row["group_b"]))
    if row["group_b"] == "others" and size_a is not None and ("all", "all") in sizes:
        size_b = sizes["all", "all"] - size_a
    return size_a, size_b


def contrast_sentence(
    row: pd.Series, names: Names, *, sizes: Mapping[tuple[str, str], int] | None = None
) -> str:
    """Put one contrast that holds in words, with its difference, interval, the n of both groups and q.

    >>> row = pd.Series({"scheme": "theme", "code": "presence", "grouping": "territory", "group_a": "rural", "group_b": "urbain",
    ...                  "difference": 0.2, "low": 0.08, "high": 0.31, "q_value": 0.004, "verdict": "more_often"})
    >>> contrast_sentence(row, {("theme", "presence"): "Présence"}, sizes={("territory", "rural"): 145, ("territory", "urbain"): 107})
    '« Présence » revient plus souvent dans les réponses des territoires ruraux que dans celles des quartiers urbains : +20\xa0points [8\u202f; 31] (n = 145 et 107), q = 0,004.'
    """
    size_a, size_b = both_sizes(row, sizes or {})
    return say(
        "contrast",
        name=quoted(names, row),
        often=label("verdicts", row["verdict"]),
        of_a=of_group(row["grouping"], row["group_a"]),
        of_b=of_group(row["grouping"], row["group_b"]),
        points=french.points(row["difference"]),
        interval=_interval(row),
        sizes=""
        if size_a is None or size_b is None
        else say("contrast_sizes", a=french.number(size_a), b=french.number(size_b)),
        q=q_text(row["q_value"]),
    )


def nothing_differs(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str) -> str:
    """Say that nothing differs detectably and how large a difference would have gone unnoticed; or why nothing was compared."""
    groups = prevalence[(prevalence["grouping"] == grouping) & (prevalence["group"] != UNDETERMINED)]
    sizes = groups.dropna(subset=["respondents"]).drop_duplicates("group")
    if groups.empty:
        return say({"territory": "no_place", "stakeholder": "no_voice"}[grouping])
    tested = on_subjects(contrasts)
    tested = tested[(tested["grouping"] == grouping) & (tested["verdict"] != "too_few")]
    if tested.empty and len(sizes) == 1:
        group, respondents = sizes["group"].iloc[0], sizes["respondents"].iloc[0]
        return say(f"one_group_{grouping}", group=label("groups", group), n=n_text(respondents))
    if tested.empty:
        return say(f"nothing_compared_{grouping}")
    unseen = unnoticed(prevalence, contrasts).reindex(tested.index).median()
    return say(
        f"nothing_differs_{grouping}",
        compared=french.count(len(tested), "comparaison"),
        unseen=french.count(round(100 * unseen), "point"),
    )


def shares_title(prevalence: pd.DataFrame, scheme: str, names: Names) -> str:
    """The finding a chart of shares shows: what comes first, or the two that cannot be told apart."""
    rows = subjects(prevalence, scheme)
    if rows.empty or rows["mentions"].iloc[0] == 0:
        return say("title_all_withheld")
    first, name = rows.iloc[0], quoted(names, rows.iloc[0])
    if _tie(rows, 0, names):
        second = rows.iloc[1]
        return say(
            "title_first_tie",
            name=french.inside_quotes(short(names[scheme, first["code"]])),
            second=french.inside_quotes(short(names[scheme, second["code"]])),
            share=_share(first),
            share_second=_share(second),
        )
    return say("title_first", name=name, share=_share(first))


def group_title(contrasts: pd.DataFrame, grouping: str, scheme: str, names: Names) -> str:
    """The finding a chart by group shows: the clearest difference of its scheme, or that none is seen."""
    rows = contrasts[contrasts["scheme"] == scheme]
    announced = clearest(rows, grouping)
    if announced.empty:
        return say("title_no_difference" if compared(rows, grouping) else "title_not_compared")
    row = announced.iloc[0]
    return say(
        "title_difference",
        name=quoted(names, row),
        points=french.points(row["difference"]),
        a=group_name(grouping, row["group_a"]),
        b=group_name(grouping, row["group_b"]),
    )


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
    if CROSSING in grouping or grouping == "density_level":
        return f"du groupe « {name} »"
    if name == label("groups", "outre_mer"):
        return f"d'{name}"
    if group == "mainland":
        return f"de l'{name}"
    if grouping == "wave" or group in GENERIC_VOICES:
        return f"de la {name}"
    return f"des {name}"


def _share(row: pd.Series) -> str:
    return french.estimate(row["share"], row["low"], row["high"])


def quoted(names: Names, row: pd.Series) -> str:
    """The name of a row's code, ready to be put between quotation marks."""
    return french.inside_quotes(names[row["scheme"], row["code"]])


def _interval(row: pd.Series) -> str:
    return french.interval(row["low"], row["high"])
