"""Who is read, by whom: respondents drawn by voice, all remarks of each, without a word of what the program found in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from psq_analysis.coding.readings import keys_of
from psq_analysis.comparison.corrected import READ_BY_DEFAULT, sample_respondents
from psq_analysis.errors import BadInput
from psq_analysis.respondents import campaigns, counted
from psq_analysis.review.words import say
from psq_analysis.runs.run import Run

READERS = 2  # a second person reads a part of what the first reads, and of the rest each reads half
COLUMNS = ["key", "reader", "respondent", "question", "text"]


def counted_remarks(run: Run) -> pd.DataFrame:
    """Return the remarks that say something of the respondents a run counts."""
    contributions, remarks = run.chosen("contributions", "remarks")
    settings = run.settings
    heard, _ = campaigns.heard(remarks, run.read("ideas"), include_campaigns=settings.include_campaigns)
    people = counted.respondents(heard, contributions, include_incomplete=settings.include_incomplete)
    kept = ~heard["is_noise"] & heard["contribution_id"].isin(people["contribution_id"])
    return heard[kept].reset_index(drop=True)


def sample(run: Run, *, size: int = READ_BY_DEFAULT) -> pd.DataFrame:
    """Return what each reader reads: a row per reader and remark (:data:`COLUMNS`), all remarks of a respondent together.

    Respondents are drawn by voice (:func:`psq_analysis.comparison.corrected.sample_respondents`); the same run and ``size`` give the same ones. What
    two people read comes first, the rest follows in an order drawn too, so that a reading stopped half-way still holds every voice.
    """
    remarks = counted_remarks(run)
    if remarks.empty:
        raise BadInput(say("nobody", name=run.settings.name))
    contributions = run.read("contributions")
    people = contributions[contributions["contribution_id"].isin(remarks["contribution_id"])]
    chosen = sample_respondents(people, size=size, seed=run.settings.seed)
    order = np.random.default_rng(run.settings.seed).permutation(len(chosen))
    drawn = chosen.iloc[order].sort_values("read_twice", ascending=False, kind="stable", ignore_index=True)
    drawn = drawn.assign(rank=range(len(drawn)), respondent=range(1, len(drawn) + 1))
    # among those read once, one for each reader in turn
    turn = (~drawn["read_twice"]).cumsum() % READERS
    parts = [
        drawn[drawn["read_twice"] | turn.eq(number)].assign(reader=say("reader", number=number + 1))
        for number in range(READERS)
    ]
    said = remarks.assign(key=keys_of(remarks), place=range(len(remarks)))
    rows = pd.concat(parts).merge(said, on="contribution_id").sort_values(["reader", "rank", "place"])
    return rows[[*COLUMNS, "read_twice"]].reset_index(drop=True)
