"""Shares by group and contrasts between groups; the unit is the respondent.

Shares carry Wilson intervals; contrasts Newcombe intervals, and p-values corrected over all contrasts of the run. Contrasts are
computed from the published shares alone, so they can reveal nothing that these withhold. Why each method: ``docs/methods.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from psq_analysis import proportions
from psq_analysis.schema import STAKEHOLDERS, TERRITORIES, conform, empty
from psq_analysis.settings import CROSSING
from psq_analysis.territories import UNDETERMINED, disjoint

# Published by default. `territory_type`, `overseas`, `density_level` and crossings can be asked for; but each further table
# that overlaps with these costs more of their cells, since nothing withheld may be found by subtraction. `campaign` (who sent an
# organised answer, the others) is there only when somebody did.
GROUPINGS = ("all", "territory", "stakeholder", "wave", "campaign")
# Few groups: every pair. Many: each with all other respondents, or the contrasts would outnumber what can be told apart.
PAIRED = ("territory", "territory_type", "overseas", "wave")
AGAINST_OTHERS = ("stakeholder", "density_level")
TESTED_TOGETHER = ("territory", "stakeholder", "wave")  # who sent an organised answer differs by definition
# Found in these very answers, sub-themes are counted where that describes them, and compared with nothing (docs/methods.md).
SUBTHEME = "subtheme"
GROUPINGS_OF_SUBTHEMES = ("all", "territory")
FALSE_DISCOVERIES = 0.05  # of the differences a run announces, at most 5 % may be due to chance
MIN_GROUP = 11  # a group smaller than a publishable cell says nothing that may be printed
_ORDER = {
    "territory": TERRITORIES,
    "territory_type": TERRITORIES,
    "stakeholder": STAKEHOLDERS,
    "overseas": ("mainland", "overseas"),
    "campaign": ("campaign", "spontaneous"),
}


def respondents(
    remarks: pd.DataFrame, contributions: pd.DataFrame, *, include_incomplete: bool = False
) -> pd.DataFrame:
    """Return the contributions that count: submitted, with at least one usable remark; with their disjoint ``territory``.

    These are the denominators of every share. ``include_incomplete`` counts questionnaires that were not submitted too. Where some of
    them sent an organised answer, ``campaign`` says who did (``campaign``) and who did not (``spontaneous``).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, True, False],
    ...     "territory_type": "rural", "overseas": pd.array([False] * 3, dtype="boolean")})
    >>> remarks = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_noise": [False, True, False]})
    >>> respondents(remarks, contributions)[["contribution_id", "territory"]].values.tolist()
    [['a', 'rural']]
    """
    heard = contributions["contribution_id"].isin(remarks.loc[~remarks["is_noise"], "contribution_id"])
    counted = contributions[heard & (contributions["is_complete"] | include_incomplete)]
    return _with_campaign(counted.assign(territory=disjoint(counted)).reset_index(drop=True), remarks)


def _with_campaign(counted: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    if "campaign_id" not in remarks:
        return counted
    organised = remarks.loc[remarks["campaign_id"].notna(), "contribution_id"]
    sent = counted["contribution_id"].isin(organised)
    named = sent.map({True: "campaign", False: "spontaneous"}).astype("string")
    return counted.assign(campaign=named) if sent.any() else counted


def respondent_codes(
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    include_incomplete: bool = False,
) -> pd.DataFrame:
    """Return who mentions what: one row per counted respondent × ``scheme`` × ``code``, however often they say it.

    >>> codes = pd.DataFrame({"idea_id": ["i1", "i2"], "scheme": "theme", "code": "presence"})
    >>> ideas = pd.DataFrame({"idea_id": ["i1", "i2"], "remark_id": "r1"})
    >>> remarks = pd.DataFrame({"remark_id": ["r1"], "contribution_id": ["a"], "is_noise": [False]})
    >>> contributions = pd.DataFrame({"contribution_id": ["a"], "is_complete": [True], "territory_type": ["rural"],
    ...     "overseas": pd.array([False], dtype="boolean")})
    >>> respondent_codes(codes, ideas, remarks, contributions).values.tolist()
    [['a', 'theme', 'presence']]
    """
    counted = respondents(remarks, contributions, include_incomplete=include_incomplete)
    usable = remarks.loc[~remarks["is_noise"], ["remark_id", "contribution_id"]]
    said = (
        codes[["idea_id", "scheme", "code"]]
        .merge(ideas[["idea_id", "remark_id"]], on="idea_id")
        .merge(usable, on="remark_id")
    )
    said = said[said["contribution_id"].isin(counted["contribution_id"])]
    return (
        said[["contribution_id", "scheme", "code"]]
        .drop_duplicates()
        .sort_values(["contribution_id", "scheme", "code"], ignore_index=True)
    )


def with_subthemes(respondent_codes: pd.DataFrame, respondent_subthemes: pd.DataFrame) -> pd.DataFrame:
    """Return who mentions which code and speaks of which sub-theme, in one table.

    >>> said = pd.DataFrame([("a", "theme", "presence")], columns=["contribution_id", "scheme", "code"])
    >>> with_subthemes(said, said.assign(scheme="subtheme", code="presence/1"))["code"].tolist()
    ['presence', 'presence/1']
    """
    columns = ["contribution_id", "scheme", "code"]
    return pd.concat([respondent_codes[columns], respondent_subthemes[columns]], ignore_index=True)


def group_of(respondents: pd.DataFrame, grouping: str) -> pd.Series:
    """Return the group of each respondent under a grouping, missing where unknown; ``territory×stakeholder`` crosses two.

    >>> table = pd.DataFrame({"territory": ["rural"], "stakeholder": ["élus"], "overseas": pd.array([False], dtype="boolean")})
    >>> group_of(table, "territory×stakeholder").to_list(), group_of(table, "overseas").to_list()
    (['rural × élus'], ['mainland'])
    """
    if CROSSING in grouping:
        parts = [group_of(respondents, one.strip()) for one in grouping.split(CROSSING)]
        crossed = parts[0].str.cat(parts[1:], sep=f" {CROSSING} ")
        return crossed.rename("group")
    if grouping == "all":
        return pd.Series("all", index=respondents.index, dtype="string", name="group")
    values = respondents[grouping]
    if grouping == "overseas":
        values = values.map({True: "overseas", False: "mainland"})
    return values.astype("string").rename("group")


def shares(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    codes: Mapping[str, Iterable[str]],
    groupings: Iterable[str] = GROUPINGS,
) -> pd.DataFrame:
    """Return ``prevalence``: the share of each group's respondents who mention each code, with its Wilson interval.

    ``codes``: the codes of each scheme; those nobody mentions get their zero. Groupings the respondents do not have are left out,
    and so are respondents of unknown group (except ``indetermine``, which is a group). Sub-themes are counted overall and by territory
    alone. Nothing is suppressed yet (:func:`psq_analysis.disclosure.suppress`).

    >>> people = pd.DataFrame({"contribution_id": list("abcd"), "territory": ["rural", "rural", "rural", "urbain"]})
    >>> said = pd.DataFrame({"contribution_id": ["a", "d"], "scheme": "theme", "code": "presence"})
    >>> table = shares(said, people, codes={"theme": ["presence", "acces"]}, groupings=["territory"])
    >>> table[["code", "group", "respondents", "mentions"]].values.tolist()
    [['presence', 'urbain', 1, 1], ['presence', 'rural', 3, 1], ['acces', 'urbain', 1, 0], ['acces', 'rural', 3, 0]]
    """
    known = _all_codes(codes, respondent_codes)
    tables = []
    for grouping in groupings:
        if any(one.strip() != "all" and one.strip() not in respondents for one in grouping.split(CROSSING)):
            continue
        groups = group_of(respondents, grouping)
        sizes = groups.value_counts()
        if sizes.empty:
            continue
        sizes = (
            sizes.reindex(_ordered(grouping, sizes.index))
            .rename_axis("group")
            .rename("respondents")
            .reset_index()
        )
        of_respondent = pd.Series(groups.to_numpy(), index=respondents["contribution_id"])
        said = respondent_codes.assign(group=respondent_codes["contribution_id"].map(of_respondent))
        mentions = said.groupby(["scheme", "code", "group"]).size().rename("mentions")
        counted = known if grouping in GROUPINGS_OF_SUBTHEMES else known[known["scheme"] != SUBTHEME]
        table = counted.merge(sizes, how="cross").join(mentions, on=["scheme", "code", "group"])
        tables.append(table.assign(grouping=grouping, mentions=table["mentions"].fillna(0).astype("int64")))
    if not tables:
        return empty("prevalence")
    cells = pd.concat(tables, ignore_index=True)
    low, high = proportions.wilson(cells["mentions"], cells["respondents"])
    return conform(
        cells.assign(
            share=cells["mentions"] / cells["respondents"],
            low=low,
            high=high,
            share_corrected=pd.NA,
            low_corrected=pd.NA,
            high_corrected=pd.NA,
            is_suppressed=False,
        ),
        "prevalence",
    )


def contrasts(prevalence: pd.DataFrame, *, min_group: int = MIN_GROUP) -> pd.DataFrame:
    """Return ``contrasts``: every pair of territories and of waves, and every voice against all other respondents (``others``).

    So with the groupings that were asked for besides: types of territory and mainland or overseas by pairs, density levels and
    crossings each against all others.

    ``prevalence`` as published: what it withholds, or a group under ``min_group`` respondents, gives ``too_few`` and no number.
    p-values: :func:`psq_analysis.proportions.two_sided_p`; q-values: Benjamini and Hochberg (1995) over all contrasts of the
    table; a difference is announced when q ≤ 5 %. ``indetermine`` is no territory and is compared with nothing.
    """
    cells = prevalence[["scheme", "code", "grouping", "group", "respondents", "mentions", "is_suppressed"]]
    against_others = [one for one in cells["grouping"].unique() if one in AGAINST_OTHERS or CROSSING in one]
    pairs = [_paired(cells, grouping) for grouping in PAIRED]
    pairs += [_against_others(cells, grouping) for grouping in against_others]
    compared = pd.concat(pairs, ignore_index=True)
    if compared.empty:
        return empty("contrasts")
    counts = compared[["mentions_a", "respondents_a", "mentions_b", "respondents_b"]].astype("Float64")
    known = counts.notna().all(axis=1) & ~compared["is_suppressed_a"] & ~compared["is_suppressed_b"]
    enough = (
        known
        & (counts["respondents_a"].fillna(0) >= min_group)
        & (counts["respondents_b"].fillna(0) >= min_group)
    )
    columns = [counts[name].where(enough).to_numpy(float, na_value=np.nan) for name in counts]
    low, high = proportions.newcombe(*columns)
    p_value = np.full(len(compared), np.nan)
    p_value[enough] = proportions.two_sided_p(*(column[enough] for column in columns))
    q_value = np.full(len(compared), np.nan)
    q_value[enough] = stats.false_discovery_control(p_value[enough]) if enough.any() else []
    difference = columns[0] / columns[1] - columns[2] / columns[3]
    verdict = np.select(
        [
            ~enough,
            (q_value <= FALSE_DISCOVERIES) & (difference > 0),
            (q_value <= FALSE_DISCOVERIES) & (difference < 0),
        ],
        ["too_few", "more_often", "less_often"],
        default="no_detectable_difference",
    )
    return conform(
        compared.assign(
            difference=difference,
            low=low,
            high=high,
            risk_ratio=proportions.risk_ratio(*columns),
            p_value=p_value,
            q_value=q_value,
            cramers_v=proportions.cramers_v(*columns),
            verdict=verdict,
        ),
        "contrasts",
    )


def unnoticed(prevalence: pd.DataFrame, contrasts: pd.DataFrame) -> pd.Series:
    """Return, for each contrast, the difference below which the run would likely have noticed nothing (80 % power).

    The level is the one the correction asks of the next contrast: 5 % × (announced + 1) / contrasts tested. A fraction, indexed
    like ``contrasts``; missing where the contrast is ``too_few``.
    """
    tested = contrasts["verdict"] != "too_few"
    announced = contrasts["verdict"].isin(["more_often", "less_often"]).sum()
    smallest = pd.Series(np.nan, index=contrasts.index, name="unnoticed")
    if not tested.any():
        return smallest
    cells = prevalence.set_index(["scheme", "code", "grouping", "group"])[["mentions", "respondents"]]
    rows = contrasts[tested]
    a = (
        cells.reindex(pd.MultiIndex.from_frame(rows[["scheme", "code", "grouping", "group_a"]]))
        .astype(float)
        .to_numpy()
    )
    b = (
        cells.reindex(pd.MultiIndex.from_frame(rows[["scheme", "code", "grouping", "group_b"]]))
        .astype(float)
        .to_numpy()
    )
    total = cells.reindex(
        pd.MultiIndex.from_frame(rows[["scheme", "code"]].assign(grouping="all", group="all"))
    ).astype(float)
    b = np.where((rows["group_b"] == "others").to_numpy()[:, None], total.to_numpy() - a, b)
    level = FALSE_DISCOVERIES * min(announced + 1, tested.sum()) / tested.sum()
    smallest[tested] = proportions.detectable_difference(a[:, 0], a[:, 1], b[:, 0], b[:, 1], level=level)
    return smallest


def omnibus(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    groupings: Iterable[str] = TESTED_TOGETHER,
    min_group: int = MIN_GROUP,
) -> pd.DataFrame:
    """Test, per scheme and grouping, whether the groups differ at all, where one respondent may mention several codes.

    The statistic is the sum over codes of the chi-square of group × mentioned. As answers of one respondent depend on each
    other it does not follow a chi-square; Rao and Scott's second-order correction uses the correlation of the codes between
    respondents (Bilder & Loughin 2004, Biometrics 60: 241-248). Groups under ``min_group`` and ``indetermine`` are left out.

    One row per scheme × grouping with two groups and a code that varies: ``statistic``, ``degrees`` (both after correction),
    ``p_value``, ``q_value`` (Benjamini and Hochberg over the rows), ``respondents``, ``groups``. Sub-themes are not tested.
    """
    rows = []
    for grouping in groupings:
        if grouping not in respondents:
            continue
        groups = group_of(respondents, grouping)
        sizes = groups[groups != UNDETERMINED].value_counts()
        kept = sizes[sizes >= min_group].index
        inside = groups.isin(kept)
        if len(kept) < 2:
            continue
        people = respondents.loc[inside, "contribution_id"]
        membership = pd.get_dummies(groups[inside]).to_numpy(float)
        for scheme, said in respondent_codes[respondent_codes["scheme"] != SUBTHEME].groupby("scheme"):
            mentioned = (
                pd.crosstab(said["contribution_id"], said["code"])
                .reindex(people, fill_value=0)
                .to_numpy(float)
            )
            result = _rao_scott(mentioned, membership)
            if result is not None:
                rows.append((scheme, grouping, *result, len(people), len(kept)))
    tests = pd.DataFrame(
        rows, columns=["scheme", "grouping", "statistic", "degrees", "p_value", "respondents", "groups"]
    )
    return tests.assign(q_value=stats.false_discovery_control(tests["p_value"]) if rows else [])


def _rao_scott(mentioned: np.ndarray, membership: np.ndarray) -> tuple[float, float, float] | None:
    varies = mentioned.std(axis=0) > 0
    mentioned = mentioned[:, varies]
    if not mentioned.shape[1]:
        return None
    share = mentioned.mean(axis=0)
    sizes = membership.sum(axis=0)
    gap = membership.T @ (mentioned - share)
    # N - 1 rather than N: the exact variance under permutation of the groups (as in `proportions.two_sided_p`)
    correction = (len(mentioned) - 1) / len(mentioned)
    statistic = correction * (gap**2 / sizes[:, None] / (share * (1 - share))).sum()
    eigenvalues = np.linalg.eigvalsh(np.atleast_2d(np.corrcoef(mentioned, rowvar=False)))
    scale = (eigenvalues**2).sum() / eigenvalues.sum()
    degrees = (membership.shape[1] - 1) * eigenvalues.sum() / scale
    corrected = float(statistic / scale)
    return corrected, float(degrees), float(stats.chi2.sf(corrected, degrees))


def _all_codes(codes: Mapping[str, Iterable[str]], respondent_codes: pd.DataFrame) -> pd.DataFrame:
    listed = pd.DataFrame(
        [(scheme, code) for scheme, several in codes.items() for code in several], columns=["scheme", "code"]
    )
    seen = respondent_codes[["scheme", "code"]].drop_duplicates().sort_values(["scheme", "code"])
    return pd.concat([listed, seen], ignore_index=True).drop_duplicates(ignore_index=True)


def _ordered(grouping: str, groups: pd.Index) -> list[str]:
    order = {name: rank for rank, name in enumerate(_ORDER.get(grouping, ()))}
    return sorted(groups, key=lambda name: (order.get(name, len(order)), name))


def _paired(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & (cells["group"] != UNDETERMINED)]
    names = _ordered(grouping, pd.Index(inside["group"].unique()))
    pairs = pd.DataFrame(list(combinations(names, 2)), columns=["group_a", "group_b"])
    keys = ["scheme", "code", "grouping"]
    first = inside.rename(
        columns={name: f"{name}_a" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    second = inside.rename(
        columns={name: f"{name}_b" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    return first.merge(pairs, on="group_a").merge(second, on=[*keys, "group_b"])


def _against_others(cells: pd.DataFrame, grouping: str) -> pd.DataFrame:
    inside = cells[(cells["grouping"] == grouping) & ~cells["group"].str.contains(UNDETERMINED)]
    total = cells[cells["grouping"] == "all"].set_index(["scheme", "code"])[
        ["respondents", "mentions", "is_suppressed"]
    ]
    both = inside.rename(
        columns={name: f"{name}_a" for name in ("group", "respondents", "mentions", "is_suppressed")}
    )
    both = both.join(total, on=["scheme", "code"], how="inner")
    return both.assign(
        group_b="others",
        respondents_b=both["respondents"] - both["respondents_a"],
        mentions_b=both["mentions"] - both["mentions_a"],
        is_suppressed_b=both["is_suppressed"],
    ).drop(columns=["respondents", "mentions", "is_suppressed"])
