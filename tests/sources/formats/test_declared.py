"""Exports as the real software writes them: each respondent, answer and place comes out, and nothing that tells who answered.

``exports/`` writes them from fictional respondents, so that what must be read is known before any file is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pandas as pd
import pytest

from psq_analysis.sources import Intake, read_files

from .exports import round_one, round_three, round_two
from .exports.people import COMMUNES, Case, Expected

MAKERS = [*round_one.CASES, *round_two.CASES, *round_three.CASES]


@pytest.fixture(scope="module", params=MAKERS, ids=lambda maker: maker.__name__)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Intake]:
    maker: Callable[[], Case] = request.param
    case = maker()
    path = tmp_path_factory.mktemp(maker.__name__) / case.name
    path.write_bytes(case.content)
    return case, read_files([path], mapping=case.mapping)


def _people(export: tuple[Case, Intake]) -> list[tuple[Expected, pd.Series]]:
    case, intake = export
    assert len(intake.contributions) == len(case.respondents)
    return [(meant, intake.contributions.iloc[n]) for n, meant in enumerate(case.respondents)]


def _said(table: pd.DataFrame, contribution_id: str, text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    own = table[table["contribution_id"] == contribution_id]
    for question, words in zip(own["question"], own[text], strict=True):
        found[" ".join(question.split())].append(" ".join(words.split()))
    return dict(found)


def test_everyone_is_counted_once_with_their_voice_their_place_and_whether_they_finished(export) -> None:
    for meant, row in _people(export):
        voice = None if pd.isna(row["stakeholder"]) else row["stakeholder"]
        places = {row[f"place_{kind}"] for kind in ("commune", "insee")} - {pd.NA}
        assert voice == meant.voice
        assert bool(row["is_complete"]) is meant.is_complete
        assert not meant.commune or places & {meant.commune, COMMUNES.get(meant.commune.title())}


def test_every_remark_arrives_word_for_word_under_its_question(export) -> None:
    for meant, row in _people(export):
        wanted = {
            question: [" ".join(text.split()) for text in ([said] if isinstance(said, str) else said)]
            for question, said in meant.remarks.items()
        }
        assert _said(export[1].remarks, row["contribution_id"], "text") == wanted


def test_every_closed_answer_is_the_label_of_its_source_cell(export) -> None:
    for meant, row in _people(export):
        given = _said(export[1].answers, row["contribution_id"], "value")
        for question, values in meant.closed.items():
            assert sorted(given.get(question, [])) == sorted(values)


def test_nothing_that_tells_who_answered_reaches_a_table(export) -> None:
    case, intake = export
    tables = (intake.contributions, intake.answers, intake.remarks, intake.rejects, intake.ledger)
    keys = ["contribution_id", "remark_id"]
    written = "\n".join(
        table.drop(columns=keys, errors="ignore").astype("string").to_csv(index=False) for table in tables
    )
    assert [number for number, secret in enumerate(case.secrets) if secret in written] == []


def test_rows_add_up(export) -> None:
    ledger = export[1].ledger.iloc[0]
    assert ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"]
