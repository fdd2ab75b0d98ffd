"""Is it the territory, or who answers there? A logistic model per code, territory and voice together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

from psq_analysis.comparison import MIN_GROUP, group_of
from psq_analysis.proportions import LEVEL
from psq_analysis.territories import UNDETERMINED

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
