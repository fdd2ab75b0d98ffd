"""What the coding threshold changes, on shares published with their interval and their n."""

from __future__ import annotations

import pandas as pd

from consultations import keyed
from psq_analysis.comparison.same_people import shares_by_threshold
from psq_analysis.report.differences import thresholds
from psq_analysis.respondents.design import design

NAMES = {("theme", "presence"): "Présence", ("theme", "acces"): "Accès"}


def by_threshold(*, surest: str) -> pd.DataFrame:
    """A hundred respondents: 60 speak of « presence », 40 of « acces », the program sure of ``surest`` alone."""
    who = [f"r{rank}" for rank in range(100)]
    people = keyed(pd.DataFrame({"contribution_id": who}))
    code = ["presence"] * 60 + ["acces"] * 40
    codes = pd.DataFrame({"idea_id": who, "scheme": "theme", "code": code, "origin": "program"})
    codes["score"] = codes["code"].map(lambda one: 0.9 if one == surest else 0.5)
    ideas = pd.DataFrame({"idea_id": who, "remark_id": who})
    remarks = pd.DataFrame({"remark_id": who, "contribution_id": who, "is_noise": False})
    said = codes[["scheme", "code"]].assign(contribution_id=who)
    return shares_by_threshold(codes, ideas, remarks, people, scheme="theme", design=design(said, people))


def test_a_subject_keeps_its_respondents_only_as_long_as_the_program_is_sure():
    shares = by_threshold(surest="acces").pivot(index="score", columns="code", values="mentions")
    assert shares["presence"].tolist() == [60, 0, 0]
    assert shares["acces"].tolist() == [40, 40, 40]


def test_where_the_order_changes_every_share_has_its_interval_and_the_table_its_n():
    told = str(thresholds(by_threshold(surest="acces"), "theme", NAMES))
    assert told.count("[") == 6
    assert "n = 100" in told


def test_where_the_order_stays_no_share_is_shown():
    assert "%" not in str(thresholds(by_threshold(surest="presence"), "theme", NAMES))
