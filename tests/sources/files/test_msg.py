"""A message saved from Outlook; the file was written by extract-msg's own writer and kept."""

from __future__ import annotations

import pytest

from psq_analysis.sources import read_files
from psq_analysis.sources.errors import DamagedFile
from support import PROJECT

MESSAGE = PROJECT / "tests/data/message_outlook.msg"


def test_an_outlook_message_gives_its_words_its_voice_and_its_day() -> None:
    intake = read_files([MESSAGE])
    assert intake.remarks["text"].tolist() == [
        "Les camions passent à 80 devant l'école de Miélan. Il faudrait un radar."
    ]
    one = intake.contributions.iloc[0]
    assert (one["stakeholder"], one["place_commune"], str(one["submitted_on"].date())) == (
        "élus",
        "Miélan",
        "2017-12-07",
    )
    assert intake.rejects["reason"].tolist() == ["message 1 : pièce jointe non lue"]


def test_a_truncated_outlook_message_is_one_clear_error(tmp_path) -> None:
    path = tmp_path / "message.msg"
    path.write_bytes(MESSAGE.read_bytes()[:2000])
    with pytest.raises(DamagedFile, match="Outlook"):
        read_files([path])
