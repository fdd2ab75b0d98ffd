"""The kinds of personal data are listed once; whatever names or replaces one reads that list."""

from __future__ import annotations

import re

import pytest

from psq_analysis.gate.words import kind
from psq_analysis.packaged import read_yaml
from psq_analysis.privacy.mask import find_personal_data, mask
from psq_analysis.privacy.published_text import scan_text
from psq_analysis.privacy.spans import kinds, vocabulary
from support import PROJECT

PRIVACY = PROJECT / "src/psq_analysis/privacy"


def test_every_kind_a_recogniser_writes_is_listed_and_every_listed_kind_is_written() -> None:
    written = {
        found
        for module in PRIVACY.glob("*.py")
        for found in re.findall(r"\"([A-Z]+(?:_[A-Z]+)?)\"", module.read_text(encoding="utf-8"))
        if len(found) > 1
    }
    assert set(kinds()) <= written


def test_the_gate_has_words_for_every_kind_and_keeps_no_list_of_its_own() -> None:
    assert all(kind(name) for name in kinds())
    assert set(read_yaml("psq_analysis.gate", "gate.yml")["kinds"]).isdisjoint(kinds())


def test_placeholders_that_hold_a_quotation_for_review_are_those_masking_writes() -> None:
    held = set(read_yaml("psq_analysis.quotes", "accusations.yml")["placeholders"])
    assert held <= {told.placeholder for told in kinds().values()}


def test_every_reason_a_recogniser_gives_is_told_in_french() -> None:
    given = {
        reason
        for module in PRIVACY.glob("*.py")
        for reason in re.findall(
            r"Span\([^\n]*\"[A-Z_]+\", \"([a-z_]+)\"\)", module.read_text(encoding="utf-8")
        )
    }
    assert given <= set(vocabulary()["reasons"])


@pytest.mark.parametrize(
    "text",
    [
        "Sécu 1 84 05 75 986 214 82.",
        "Virement sur FR57 9999 0000 0100 0000 0123 478",
        "Utilitaire GT-418-MB sur le trottoir",
        "Rappeler au 06 39 98 41 52",
        "Écrire à collectif.tilleuls@example.org.",
        "Menaces depuis 198.51.100.23.",
    ],
)
def test_what_the_gate_sees_in_print_masking_has_seen_before(text: str) -> None:
    """The gate has narrower shapes of its own; whatever they see, masking sees as the same kind, and nothing is left."""
    [finding] = scan_text(text)
    assert [span.type for span in find_personal_data(text)] == [finding.type]
    assert scan_text(mask(text).text) == []
