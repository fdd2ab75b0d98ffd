"""One test per code over all groups at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from psq_analysis.comparison.contrasts import MIN_GROUP
from psq_analysis.respondents.counted import SUBTHEME
from psq_analysis.respondents.groups import TESTED_TOGETHER, group_of
from psq_analysis.tables.schema import UNDETERMINED


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
