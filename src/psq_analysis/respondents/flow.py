"""Who spoke, what was set aside and why: counts that add up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import pandas as pd

from psq_analysis import settings
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import OVERSEAS, UNDETERMINED


@dataclass(frozen=True)
class Flow:
    """Numbers that add up: received = incomplete + silent + organised + counted.

    ``organised`` is None where these are too few to be told apart: ``silent`` then counts them. Beside them: ``remarks`` received and
    those that say nothing (``noise``); ``campaigns``, the respondents and remarks they brought, and among how many; the counted respondents
    whose place is ``undetermined``, and those ``overseas``.
    """

    received: int
    incomplete: int
    silent: int
    counted: int
    organised: int | None = 0
    remarks: int = 0
    noise: int = 0
    campaigns: int = 0
    campaign_respondents: int = 0
    campaign_remarks: int = 0
    campaign_among: int = 0
    undetermined: int = 0
    overseas: int = 0

    def table(self) -> pd.DataFrame:
        """The numbers as a table of the run: ``step`` and ``count``.

        >>> Flow(received=3, incomplete=1, silent=1, counted=1).table().head(2).values.tolist()
        [['received', 3], ['incomplete', 1]]
        """
        return pd.DataFrame(asdict(self).items(), columns=["step", "count"]).astype({"count": "Int64"})

    @classmethod
    def of(cls, table: pd.DataFrame) -> Flow:
        """The numbers that a table of the run holds.

        >>> Flow.of(Flow(received=3, incomplete=1, silent=2, counted=0, organised=None).table()).organised is None
        True
        """
        counts = table.set_index("step")["count"]
        read: dict[str, Any] = {
            one.name: None if pd.isna(counts[one.name]) else int(counts[one.name]) for one in fields(cls)
        }
        return cls(**read)


def respondent_flow(
    contributions: pd.DataFrame,
    counted: pd.Index,
    *,
    organised: Collection[str] = (),
    min_cell: int = MIN_CELL,
) -> Flow:
    """Follow the contributions from reception to the denominator of every share.

    ``counted``: identifiers of the respondents the shares rest on; ``organised``: of those whose only usable remarks are organised
    answers that the run leaves out. A contribution that is not counted is incomplete (questionnaire not submitted), organised, or
    silent (no usable remark).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, False, True]})
    >>> flow = respondent_flow(contributions, pd.Index(["a"]))
    >>> flow.received, flow.incomplete, flow.silent, flow.counted, flow.organised
    (3, 1, 1, 1, 0)
    """
    out = contributions[~contributions["contribution_id"].isin(counted)]
    submitted = out[out["is_complete"]]
    of_campaign = int(submitted["contribution_id"].isin(organised).sum())
    is_few = settings.is_small(of_campaign, min_cell=min_cell)
    return Flow(
        received=len(contributions),
        incomplete=len(out) - len(submitted),
        silent=len(submitted) - (0 if is_few else of_campaign),
        counted=int(contributions["contribution_id"].isin(counted).sum()),
        organised=None if is_few else of_campaign,
    )


def flow_of_run(
    contributions: pd.DataFrame,
    remarks: pd.DataFrame,
    respondents: pd.DataFrame,
    *,
    organised: Collection[str] = (),
    include_campaigns: bool = True,
    min_cell: int = MIN_CELL,
) -> pd.DataFrame:
    """Return the table ``flow`` of a run: what was received, what was set aside, who counts, what campaigns brought.

    ``respondents``: those who count; ``organised`` as in :func:`respondent_flow`.
    """
    sent = remarks[remarks["campaign_id"].notna()]
    among = respondents if include_campaigns else remarks.drop_duplicates("contribution_id")
    sent = sent[sent["contribution_id"].isin(among["contribution_id"])]
    steps = respondent_flow(
        contributions, pd.Index(respondents["contribution_id"]), organised=organised, min_cell=min_cell
    )
    return replace(
        steps,
        remarks=len(remarks),
        noise=int(remarks["is_noise"].sum()),
        campaigns=sent["campaign_id"].nunique(),
        campaign_respondents=sent["contribution_id"].nunique(),
        campaign_remarks=len(sent),
        campaign_among=len(among),
        undetermined=int((respondents["territory"] == UNDETERMINED).sum()),
        overseas=int((respondents["territory"] == OVERSEAS).sum()),
    ).table()
