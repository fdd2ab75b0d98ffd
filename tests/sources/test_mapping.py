"""The analyst's word on a file wins over what is guessed."""

from __future__ import annotations

import pytest

from psq_analysis.errors import BadInput
from psq_analysis.sources import read_files
from small_exports import SAID, column_of, texts_of, write_csv


def test_a_mapping_settles_a_table_without_headings(tmp_path) -> None:
    rows = [["Habitant", "32000", SAID[0]], ["Habitant", "32000", SAID[1]], ["Élu", "32300", SAID[3]]]
    path = write_csv(tmp_path / "sans_entete.csv", rows)
    with pytest.raises(BadInput, match="ligne_entete: 0"):
        read_files([path])
    mapping = {
        "ligne_entete": 0,
        "colonnes": {"colonne 1": "voix", "colonne 2": "code_postal", "colonne 3": "texte_libre"},
    }
    intake = read_files([path], mapping=mapping)
    assert intake.contributions["source_row"].tolist() == [1, 2, 3]
    assert column_of(intake, "stakeholder") == ["habitants", "habitants", "élus"]
    assert texts_of(intake) == [SAID[0], SAID[1], SAID[3]]


def test_a_mapping_file_overrides_roles_and_qualities(tmp_path) -> None:
    rows = [["A", "B", "C"], ["T1", "Auch", SAID[0]], ["T2", "Pavie", SAID[1]], ["T1", "Auch", SAID[3]]]
    path = write_csv(tmp_path / "codes.csv", rows)
    mapping = tmp_path / "correspondance.yml"
    mapping.write_text(
        "fichiers:\n  codes*:\n    colonnes: {A: voix, B: commune, C: texte_libre}\n    qualites: {T1: gendarmes, T2: habitants}\n    vague: 2\n",
        encoding="utf-8",
    )
    intake = read_files([path], mapping=mapping)
    assert column_of(intake, "stakeholder") == ["gendarmes", "habitants", "gendarmes"]
    assert column_of(intake, "wave") == ["2"] * 3
    assert column_of(intake, "place_commune") == ["Auch", "Pavie", "Auch"]
