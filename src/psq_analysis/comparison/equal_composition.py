"""Is it the territory, or who answers there? A logistic model per code, territory and voice together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

from psq_analysis.comparison import weights as comparison_weights
from psq_analysis.comparison.contrasts import MIN_GROUP
from psq_analysis.disclosure import combined_shares
from psq_analysis.proportions import LEVEL
from psq_analysis.respondents.groups import group_of
from psq_analysis.tables import selections
from psq_analysis.tables.schema import UNDETERMINED, VOICE_FAMILIES

GROUPING, FAMILY = "territory", "voice_family"
_PAIR = ["scheme", "code", "group", "reference"]

COLUMNS = [
    "scheme",
    "code",
    "grouping",
    "group",
    "reference",
    "difference",
    "difference_adjusted",
    "low_adjusted",
    "high_adjusted",
    "odds_ratio",
    "low",
    "high",
    "p_value",
]
Reals = NDArray[np.float64]


def adjusted_differences(
    respondent_codes: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    grouping: str = "territory",
    by: str = "stakeholder",
    min_group: int = MIN_GROUP,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare each group with the largest one, at equal composition over ``by``.

    Per code, a logistic regression of « mentions it » on group and voice, with one row per respondent. Groups under ``min_group`` and
    ``indetermine`` are left out; voices under ``min_group`` are taken together. A code that some group or voice mentions never or always
    has no finite estimate (separation) and is left out. Where each voice answers in one group only, territory and voice cannot be told
    apart, and both tables are empty.

    Returns two tables. The first has a row per code × group: ``difference`` of the plain shares, ``difference_adjusted`` (mean difference of the
    predicted shares were all these respondents in the one group or in the other, with its 95 % interval), ``odds_ratio`` with ``low``, ``high``,
    ``p_value``. The second has a row per scheme: Wald's test that no code depends on the group once voices are accounted for
    (``statistic``, ``degrees``, ``p_value``), where all answers of a respondent form a cluster (Liang & Zeger 1986).
    """
    groups, voices = group_of(respondents, grouping), group_of(respondents, by)
    sizes = groups[groups != UNDETERMINED].value_counts()
    kept = sizes[sizes >= min_group].sort_index().sort_values(ascending=False, kind="stable").index
    inside = groups.isin(kept) & voices.notna()
    people = respondents.loc[inside, "contribution_id"]
    groups, voices = groups[inside], _rare_together(voices[inside], min_group)
    rows: list[tuple[object, ...]] = []
    tests: list[tuple[object, ...]] = []
    if len(kept) < 2:
        return pd.DataFrame(rows, columns=COLUMNS), _tests(tests)
    reference, others = kept[0], list(kept[1:])
    dummies = np.column_stack([(groups == name).to_numpy(float) for name in others])
    several = pd.get_dummies(voices, drop_first=True).to_numpy(float)
    design = np.column_stack([np.ones(len(people)), dummies, several])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return pd.DataFrame(rows, columns=COLUMNS), _tests(tests)
    places = slice(1, 1 + len(others))
    for scheme, said in respondent_codes.groupby("scheme"):
        mentioned = (
            pd.crosstab(said["contribution_id"], said["code"]).reindex(people, fill_value=0).clip(upper=1)
        )
        effects, influences = [], []
        for code in mentioned.columns:
            y = mentioned[code].to_numpy(float)
            if _is_separated(y, groups) or _is_separated(y, voices):
                continue
            fitted = _fit(y, design)
            if fitted is None:
                continue
            coefficients, influence = fitted
            effects.append(coefficients[places])
            influences.append(influence[:, places])
            plain = pd.Series(y, index=groups.index).groupby(groups).mean()
            for at, name in enumerate(others, start=1):
                crude = plain[name] - plain[reference]
                rows.append(
                    (
                        scheme,
                        code,
                        grouping,
                        name,
                        reference,
                        crude,
                        *_effect(coefficients, influence, design, places, at),
                    )
                )
        if effects:
            tests.append((scheme, grouping, by, *_wald(np.concatenate(effects), np.hstack(influences))))
    return pd.DataFrame(rows, columns=COLUMNS), _tests(tests)


def _tests(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scheme", "grouping", "by", "statistic", "degrees", "p_value"])


def _rare_together(voices: pd.Series, min_group: int) -> pd.Series:
    sizes = voices.value_counts()
    return voices.where(voices.map(sizes) >= min_group, "others")


def _is_separated(mentioned: Reals, groups: pd.Series) -> bool:
    share = pd.Series(mentioned, index=groups.index).groupby(groups).mean()
    return bool(((share == 0) | (share == 1)).any())


def _fit(mentioned: Reals, design: Reals) -> tuple[Reals, Reals] | None:
    """Return the coefficients and each respondent's influence on them; influences squared and summed are the robust variance.

    None where the estimates run to infinity (a combination of group and voice that mentions the code always or never).
    """
    fitted = sm.Logit(mentioned, design).fit(disp=False, method="newton", maxiter=100, warn_convergence=False)
    if not fitted.mle_retvals["converged"]:
        return None
    predicted = fitted.predict()
    bread = np.linalg.pinv((design * (predicted * (1 - predicted))[:, None]).T @ design)
    score = design * (mentioned - predicted)[:, None]
    return np.asarray(fitted.params), score @ bread * np.sqrt(len(design) / (len(design) - 1))


def _effect(
    coefficients: Reals, influence: Reals, design: Reals, places: slice, at: int
) -> tuple[float, ...]:
    z = stats.norm.isf(LEVEL / 2)
    error = np.sqrt((influence[:, at] ** 2).sum())
    here, there = design.copy(), design.copy()
    here[:, places], there[:, places] = 0.0, 0.0
    here[:, at] = 1.0
    share_here, share_there = (1 / (1 + np.exp(-one @ coefficients)) for one in (here, there))
    difference = (share_here - share_there).mean()
    slope = (here * (share_here * (1 - share_here))[:, None]).mean(axis=0) - (
        there * (share_there * (1 - share_there))[:, None]
    ).mean(axis=0)
    # two sources of doubt: the coefficients, and which respondents the mean is taken over
    doubt = np.sqrt(((influence @ slope + (share_here - share_there - difference) / len(design)) ** 2).sum())
    effect = coefficients[at]
    return (
        difference,
        difference - z * doubt,
        difference + z * doubt,
        np.exp(effect),
        np.exp(effect - z * error),
        np.exp(effect + z * error),
        2 * stats.norm.sf(abs(effect) / error),
    )


def _wald(effects: Reals, influences: Reals) -> tuple[float, int, float]:
    covariance = influences.T @ influences
    degrees = int(np.linalg.matrix_rank(covariance))
    statistic = float(effects @ np.linalg.pinv(covariance) @ effects)
    return statistic, degrees, float(stats.chi2.sf(statistic, degrees))


class Composed(NamedTuple):
    """Plain and adjusted differences with the reference territory, Wald's test per scheme, shares at equal composition.

    ``differences``: ``scheme``, ``code``, ``group``, ``reference``, the plain ``difference`` with ``low``, ``high`` and ``verdict`` as published, and
    ``difference_adjusted`` with ``low_adjusted``, ``high_adjusted``, ``q_adjusted``. ``shares``: ``scheme``, ``code``, ``group``, the plain ``share``, the
    ``share_equal`` with ``low_equal``, ``high_equal``, ``respondents``, ``covered``. ``reason``: why there is nothing, else empty.
    """

    differences: pd.DataFrame
    tests: pd.DataFrame
    shares: pd.DataFrame
    reason: str = ""


def compose(
    said: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame,
    *,
    min_cell: int,
) -> Composed:
    """Compare the territories at equal composition by family of voices.

    ``said``, ``counted``: who mentions what, and who counts; ``prevalence`` and ``contrasts`` as published.
    """
    people = _placed(counted)
    reason = _why_not(people)
    if reason:
        return Composed(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), reason)
    comparable = selections.on_subjects(selections.comparable(said))
    effects, tests = adjusted_differences(comparable, people, grouping=GROUPING, by=FAMILY)
    if effects.empty:
        return Composed(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), "equal_inseparable")
    return Composed(
        _beside_plain(effects, contrasts),
        tests.assign(q_value=stats.false_discovery_control(tests["p_value"])),
        _equal_shares(comparable, people, counted, prevalence, min_cell=min_cell),
    )


def _placed(counted: pd.DataFrame) -> pd.DataFrame:
    """The respondents of territories with enough of them, with the family of their voice."""
    groups = group_of(counted, GROUPING)
    sizes = groups[groups != UNDETERMINED].value_counts()
    inside = counted[groups.isin(sizes[sizes >= MIN_GROUP].index)]
    family = inside["stakeholder"].map(VOICE_FAMILIES)
    return inside.assign(**{FAMILY: family.astype("string")})


def _why_not(people: pd.DataFrame) -> str:
    if people[GROUPING].nunique() < 2:
        return "equal_one_territory"
    sizes = people[FAMILY].value_counts()
    return "" if (sizes >= MIN_GROUP).sum() > 1 else "equal_one_voice"


def _beside_plain(effects: pd.DataFrame, contrasts: pd.DataFrame) -> pd.DataFrame:
    """Put the published plain difference beside each adjusted one; without a published one, neither is shown."""
    tested = contrasts[(contrasts["grouping"] == GROUPING) & (contrasts["verdict"] != "too_few")]
    kept = ["scheme", "code", "group", "reference", "difference", "low", "high", "verdict"]
    there = tested.rename(columns={"group_a": "group", "group_b": "reference"})[kept]
    turned = tested.rename(columns={"group_b": "group", "group_a": "reference"})
    turned = turned.assign(
        difference=-tested["difference"],
        low=-tested["high"],
        high=-tested["low"],
        verdict=tested["verdict"].replace({"more_often": "less_often", "less_often": "more_often"}),
    )[kept]
    adjusted = effects[[*_PAIR, "difference_adjusted", "low_adjusted", "high_adjusted", "p_value"]]
    both = adjusted.merge(pd.concat([there, turned]), on=_PAIR)
    corrected = stats.false_discovery_control(both["p_value"]) if len(both) else []
    return both.assign(q_adjusted=corrected).drop(columns="p_value")


def _equal_shares(
    said: pd.DataFrame,
    people: pd.DataFrame,
    counted: pd.DataFrame,
    prevalence: pd.DataFrame,
    *,
    min_cell: int,
) -> pd.DataFrame:
    pairs = said[["scheme", "code"]].drop_duplicates().itertuples(index=False, name=None)
    codes: dict[str, list[str]] = {}
    for scheme, code in pairs:
        codes.setdefault(scheme, []).append(code)
    shares = comparison_weights.standardised_shares(said, people, codes=codes, grouping=GROUPING, by=FAMILY)
    plain = prevalence[prevalence["grouping"] == GROUPING][
        ["scheme", "code", "group", "share", "low", "high"]
    ]
    equal = shares.rename(columns={"share": "share_equal", "low": "low_equal", "high": "high_equal"})
    both = equal.merge(plain.dropna(subset=["share"]), on=["scheme", "code", "group"])
    weights = comparison_weights.standard_weights(people, grouping=GROUPING, by=FAMILY)
    groups = group_of(people, GROUPING)[weights.index]
    mentions = comparison_weights.mentions_by_code(said, counted, [(s, c) for s in codes for c in codes[s]])
    mentions.columns = pd.MultiIndex.from_tuples([(s, c) for s in codes for c in codes[s]])
    told = []
    for (scheme, code), rows in both.groupby(["scheme", "code"], sort=False):
        combined = [
            combined_shares.Combined(weights[groups == row.group], float(row.share_equal))
            for row in rows.itertuples()
        ]
        published = prevalence[(prevalence["scheme"] == scheme) & (prevalence["code"] == code)]
        mentioned = mentions[scheme, code]
        if combined_shares.may_be_told(combined, mentioned, counted, published, min_cell=min_cell):
            told.append(rows)
    return pd.concat(told, ignore_index=True) if told else both.head(0)
