"""What people read has their codes; what they did not read keeps those of the program, in the same order."""

import pandas as pd

from psq_analysis.coding.corrections import before_readings, recode
from psq_analysis.tables.schema import conform

IDEAS = pd.DataFrame(
    [("i1", "r", 0, 30), ("i2", "r", 31, 40), ("i3", "s", 0, 12), ("i4", "t", 0, 9)],
    columns=["idea_id", "remark_id", "start", "end"],
)
CODES = conform(
    pd.DataFrame(
        [
            ("i1", "theme", "acces", 0.6, "model"),
            ("i2", "theme", "presence", 0.8, "model"),
            ("i3", "theme", "presence", 0.9, "model"),
            ("i4", "theme", "confiance", 0.7, "model"),
            ("i1", "objective", "connectee", 0.6, "model"),
        ],
        columns=["idea_id", "scheme", "code", "score", "origin"],
    ),
    "codes",
)


def _read(*rows: tuple[str, str, str, tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["remark_id", "reader", "scheme", "codes"])


def _given(codes: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(codes["idea_id"], codes["code"], strict=True))


def test_a_code_stays_where_the_program_saw_it_and_a_new_one_goes_to_the_idea_without_any() -> None:
    found = recode(CODES, IDEAS, _read(("r", "1", "theme", ("presence", "confiance"))))
    assert _given(found.codes) == [("i1", "confiance"), ("i2", "presence"), ("i3", "presence"), ("i4", "confiance"), ("i1", "connectee")]  # fmt: skip
    assert found.codes["origin"].tolist() == ["human", "human", "model", "model", "model"]
    assert found.codes["score"].tolist() == [1.0, 1.0, 0.9, 0.7, 0.6]


def test_a_remark_without_a_theme_is_other_and_without_an_objective_has_none() -> None:
    found = recode(CODES, IDEAS, _read(("r", "1", "theme", ()), ("r", "1", "objective", ())))
    assert _given(found.codes) == [("i1", "autre"), ("i2", "autre"), ("i3", "presence"), ("i4", "confiance")]


def test_an_idea_left_without_a_code_takes_that_of_its_neighbour() -> None:
    found = recode(CODES, IDEAS, _read(("r", "1", "theme", ("presence",))))
    assert _given(found.codes)[:2] == [("i1", "presence"), ("i2", "presence")]


def test_what_two_readers_differ_about_is_left_to_the_program() -> None:
    found = recode(CODES, IDEAS, _read(("s", "1", "theme", ("acces",)), ("s", "2", "theme", ("presence",))))
    pd.testing.assert_frame_equal(found.codes, CODES)
    assert found.replaced.empty


def test_what_the_program_had_given_can_be_found_again() -> None:
    found = recode(CODES, IDEAS, _read(("r", "1", "theme", ("confiance",)), ("s", "1", "theme", ("acces",))))
    assert sorted(_given(before_readings(found.codes, found.replaced))) == sorted(_given(CODES))


def test_a_code_people_add_where_the_program_gave_none_is_not_credited_to_the_program() -> None:
    found = recode(CODES, IDEAS, _read(("s", "1", "objective", ("connectee",)), ("t", "1", "objective", ())))
    assert ("i3", "connectee") in _given(found.codes)
    assert found.replaced[["idea_id", "scheme"]].values.tolist() == [["i3", "objective"], ["i4", "objective"]]
    assert found.replaced["code"].isna().all()
    assert sorted(_given(before_readings(found.codes, found.replaced))) == sorted(_given(CODES))
