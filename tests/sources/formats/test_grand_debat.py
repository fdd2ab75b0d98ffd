"""Grand Débat: questions are known by their words."""

from __future__ import annotations

from pathlib import Path

from psq_analysis.sources import read_files
from small_exports import SAID, column_of, write_csv


def test_grand_debat_questions_are_known_by_their_words_when_their_ids_drift(tmp_path) -> None:
    def vintage(path: Path, first_id: str, second_id: str, day: str) -> Path:
        system = [
            "id",
            "reference",
            "title",
            "createdAt",
            "publishedAt",
            "updatedAt",
            "trashed",
            "trashedStatus",
            "authorId",
            "authorType",
            "authorZipCode",
        ]
        rows = [
            [
                *system,
                f"{first_id} - Quelles difficultés rencontrez-vous ?",
                f"{second_id} - Sur quels sujets agir en premier ?",
            ]
        ]
        rows += [
            [
                f"UHJv{n}",
                f"9-{n}",
                "Mon avis",
                day,
                day,
                "",
                "true" if n == 1 else "false",
                "",
                f"VXNl{n}",
                "Citoyen / Citoyenne",
                "01000",
                text,
                "Accueil|Présence" if n % 2 else "Accueil",
            ]
            for n, text in enumerate(SAID)
        ]
        return write_csv(path, rows, separator=",")

    first = vintage(
        tmp_path / "debat_2017.csv", "QUXVlc3Rpb246MjE1", "QUXVlc3Rpb246MjE2", "2017-11-22 12:54:30"
    )
    second = vintage(
        tmp_path / "debat_2018.csv", "QUXVlc3Rpb246NDAx", "QUXVlc3Rpb246NDAy", "2018-06-22 12:54:30"
    )
    intake = read_files([first, second])
    assert intake.remarks["question"].unique().tolist() == ["Quelles difficultés rencontrez-vous ?"]
    assert intake.contributions.groupby("source_file")["wave"].first().to_dict() == {
        "debat_2017.csv": "1",
        "debat_2018.csv": "2",
    }
    assert intake.contributions["is_complete"].tolist() == [True, False, True, True] * 2
    assert column_of(intake, "place_postcode") == ["01000"] * 8
    assert sorted(intake.answers.loc[intake.answers["question"].str.startswith("Sur"), "value"].unique()) == [
        "Accueil",
        "Présence",
    ]
