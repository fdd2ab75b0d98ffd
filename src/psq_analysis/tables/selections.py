"""Rows of the published tables, by what they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from psq_analysis.tables.schema import OTHER, OUT_OF_SCOPE, SCHEMES, UNDETERMINED

NOT_SUBJECTS = (OTHER, OUT_OF_SCOPE)
SUBJECTS = ("theme", "objective")


def overall(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Rows of one scheme over all respondents, the most frequent first, published ones only."""
    rows = prevalence[(prevalence["scheme"] == scheme) & (prevalence["grouping"] == "all")]
    return rows[rows["share"].notna()].sort_values("share", ascending=False, kind="stable")


def subjects(prevalence: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The same without « Autre » and « Hors champ », which are results but not subjects."""
    rows = overall(prevalence, scheme)
    return rows[~rows["code"].isin(NOT_SUBJECTS)]


def has_groups(prevalence: pd.DataFrame, grouping: str) -> bool:
    """Tell whether the files place respondents in groups at all."""
    rows = prevalence[(prevalence["grouping"] == grouping) & (prevalence["group"] != UNDETERMINED)]
    return not rows.empty


def comparable(prevalence: pd.DataFrame, *, without: Collection[tuple[str, str]] = ()) -> pd.DataFrame:
    """The rows worth a contrast: all that is shown by group, but sub-themes, which were found in these very answers.

    What is out of scope is no difference of opinion. ``without``: codes that are left out besides.
    """
    codes = pd.MultiIndex.from_frame(prevalence[["scheme", "code"]])
    left_out = codes.isin(list(without)) | prevalence["code"].isin(NOT_SUBJECTS)
    return prevalence[prevalence["scheme"].isin(SCHEMES) & ~left_out]


def on_subjects(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of themes and objectives, of which the report speaks first."""
    return rows[rows["scheme"].isin(SUBJECTS)]


def compared(contrasts: pd.DataFrame, grouping: str) -> int:
    """Count the contrasts of a grouping that could be made."""
    return int(((contrasts["grouping"] == grouping) & contrasts["p_value"].notna()).sum())


def announced(contrasts: pd.DataFrame) -> pd.DataFrame:
    """The contrasts that are announced as differences."""
    return contrasts[contrasts["verdict"] == "different"]


def of_questionnaire(contrasts: pd.DataFrame) -> pd.Series:
    """Tell which contrasts do not hold among people asked the same questions."""
    return ~contrasts["within_source"].fillna(True).astype(bool)


def clearest(contrasts: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """The announced contrasts of a grouping, the one whose interval stays farthest from zero first; without those of questionnaires alone."""
    rows = announced(contrasts)
    rows = rows[(rows["grouping"] == grouping) & ~of_questionnaire(rows)]
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


def shown_subthemes(clusters: pd.DataFrame, *, min_cell: int) -> pd.DataFrame:
    """Return the rows of ``clusters`` a reader may see: stable, and of at least ``min_cell`` respondents.

    >>> clusters = pd.DataFrame({"respondents": [40, 8, 95, 40], "is_stable": [True, True, True, False]})
    >>> shown_subthemes(clusters, min_cell=11).index.tolist()
    [0, 2]
    """
    return clusters[clusters["is_stable"] & (clusters["respondents"] >= min_cell)]


def differences_that_hold(contrasts: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """The contrasts of a grouping that hold on themes and objectives, the clearest first."""
    return clearest(on_subjects(contrasts), grouping)


def quotes_of_section(quotes: pd.DataFrame, section: str) -> pd.DataFrame:
    """The quotations of one section of the report, in the order they were chosen."""
    return quotes[quotes["section"] == section].reset_index(drop=True)
