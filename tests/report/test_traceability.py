"""What the page says it does not know."""

from __future__ import annotations

from psq_analysis.report.traceability import _reading


def test_the_limits_tell_what_the_reading_of_the_files_left_open() -> None:
    told = _reading({"doubts": 3, "turns": 12, "other_languages": 1})
    assert "3" in told[0]
    assert "12" in told[1]
    assert _reading({"doubts": 0}) == _reading({}) == []
