"""demarches-simplifiees: repeated blocks, opinions, the same as CSV."""

from __future__ import annotations

import datetime

from psq_analysis.sources import read_files
from small_exports import SAID, column_of, texts_of, write_csv, write_xlsx

DOSSIERS = ["ID", "Email", "Civilité", "Nom", "Prénom", "Archivé", "État du dossier", "Dernière mise à jour le", "Déposé le", "Passé en instruction le",
            "Traité le", "Motivation de la décision", "Instructeurs", "Groupe instructeur", "Commune concernée", "Vous êtes", "Vos constats"]  # fmt: skip


def _dossiers() -> list[list[object]]:
    day = datetime.datetime(2017, 12, 4, 9, 30)
    return [DOSSIERS] + [
        [str(700 + n), f"p{n}@boite.example", "M.", "Dupuy", "Jean", False, "Accepté", day, day, day, day, "Doublon d'un dossier papier", "agent@gers.example",
         "Auch", "Seissan (32260)", "Habitant", text]
        for n, text in enumerate(SAID)
    ]  # fmt: skip


def test_demarches_simplifiees_adds_repeated_blocks_to_their_file_and_leaves_opinions_out(tmp_path) -> None:
    path = write_xlsx(
        tmp_path / "dossiers.xlsx",
        Dossiers=_dossiers(),
        Etablissements=[["Dossier ID", "SIRET"]],
        Avis=[["Dossier ID", "Question / Introduction", "Réponse", "Expert"], ["700", "Pouvez-vous vérifier ?", "Constat exact, deux faits enregistrés.", "c@gers.example"]],
        Faits=[["Dossier ID", "Ligne", "Description du fait"], ["700", 1, "Vol de batterie dans le hangar, au mois d'août."], ["701", 1, "Voiture brûlée près du stade un samedi."],
               ["999", 1, "Un fait sans dossier dans cet export, hélas."]],
    )  # fmt: skip
    intake = read_files([path])
    assert len(intake.contributions) == 4
    assert len(intake.remarks) == 6
    assert intake.remarks["question_id"].value_counts().to_dict() == {
        "Vos constats": 4,
        "Description du fait": 2,
    }
    assert intake.ledger.iloc[0, 2:].tolist() == [7, 4, 2, 1]
    written = intake.remarks.to_csv() + intake.answers.to_csv()
    assert not any(secret in written for secret in ("Dupuy", "boite.example", "Constat exact", "Doublon"))
    assert column_of(intake, "place_postcode") == ["32260"] * 4


def test_demarches_simplifiees_reads_the_csv_alike(tmp_path) -> None:
    rows = [[str(cell) for cell in row] for row in _dossiers()]
    intake = read_files([write_csv(tmp_path / "dossiers.csv", rows, separator=",")])
    assert intake.contributions["source_format"].iloc[0] == "demarches_simplifiees_csv"
    assert texts_of(intake) == SAID
