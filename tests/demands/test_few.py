"""With one remark, or none that asks, tables and sections stay readable."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.demands.summary import summarise_demands
from psq_analysis.demands.table import find_demands
from psq_analysis.quotes.choice import choose_for_demands, headlines
from psq_analysis.quotes.quotable import may_be_quoted
from psq_analysis.report.themes import demands
from psq_analysis.tables.schema import TABLES


@pytest.mark.parametrize(
    "texts", [["Plus de patrouilles la nuit dans notre rue"], ["Il fait beau ce matin."], []], ids=len
)
def test_few_answers_give_empty_tables_of_the_right_shape_and_a_sentence(texts):
    many = range(len(texts))
    ideas = pd.DataFrame({"idea_id": [f"i{n}" for n in many], "remark_id": "r", "text": texts}).astype(
        "string"
    )
    remarks = pd.DataFrame(
        {"remark_id": ["r"], "contribution_id": ["c"], "text": [" ".join(texts)], "is_noise": False}
    ).assign(campaign_id=pd.array([None], dtype="string"), duplicate_group=pd.array([None], dtype="string"))
    codes = pd.DataFrame({"idea_id": ideas["idea_id"], "scheme": "tone", "code": "neutre", "score": 1.0})
    people = pd.DataFrame({"contribution_id": ["c"]})
    table = find_demands(ideas, remarks, codes, may_be_quoted=may_be_quoted)
    groups = summarise_demands(table, codes, ideas, remarks, people)
    quotes = choose_for_demands(table, groups, ideas, remarks, people, most=20)
    placed = ideas[["idea_id"]].assign(theme="x", subtheme_id="x/1", label="patrouilles", distance=0.1)
    assert headlines(placed, ideas, remarks, people).size <= len(texts)
    for name, frame in (("demands", table), ("demand_groups", groups), ("demand_quotes", quotes)):
        assert list(frame.columns) == list(TABLES[name].columns)
    assert not groups["is_shown"].any()
    shares = pd.DataFrame(columns=["scheme", "code", "grouping", "group", "share"])
    assert "Aucune demande" in demands(groups, quotes, shares, {}, kind="demande")
