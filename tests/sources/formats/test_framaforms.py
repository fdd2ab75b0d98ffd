"""Framaforms: ticked columns belong to their question."""

from __future__ import annotations

from psq_analysis.sources import read_files
from small_exports import SAID, texts_of, write_csv


def test_framaforms_groups_ticked_columns_under_their_question(tmp_path) -> None:
    system = [
        "Numéro de série",
        "SID",
        "Heure de soumission",
        "Brouillon",
        "Adresse IP",
        "UID",
        "Nom d'utilisateur",
    ]
    rows = [
        ["Concertation"] + [""] * 11,
        ["Détails de la soumission"] + [""] * 8 + ["Vos priorités", "", ""],
        [*system, "Vous êtes", "Commune", "Présence", "Accueil", "Ce qui fonctionne mal"],
    ]
    for number, text in enumerate(SAID, start=1):
        rows.append(
            [
                str(number),
                "90",
                "01/12/2017 - 20:50",
                "1" if number == 2 else "0",
                "192.0.2.9",
                "0",
                "",
                "Particulier",
                "Vic-Fezensac",
                "X",
                "",
                text,
            ]
        )
    for separator in ("\t", "|"):
        intake = read_files([write_csv(tmp_path / "frama.csv", rows, separator=separator)])
        assert intake.contributions["source_format"].iloc[0].startswith("framaforms_webform")
        assert texts_of(intake) == SAID
        assert intake.contributions["is_complete"].tolist() == [True, False, True, True]
        assert set(zip(intake.answers["question"], intake.answers["value"], strict=True)) == {
            ("Vos priorités", "Présence")
        }
        assert intake.contributions["submitted_on"].dt.strftime("%d/%m/%Y").unique().tolist() == [
            "01/12/2017"
        ]
