"""Google Forms: the workbook reads like its CSV."""

from __future__ import annotations

import datetime

from psq_analysis.sources import read_files
from small_exports import SAID, texts_of, write_xlsx


def test_google_forms_workbook_reads_like_its_csv(tmp_path) -> None:
    rows: list[list[object]] = [
        ["Horodateur", "Adresse e-mail", "Vous êtes...", "Votre commune", "Qu'attendez-vous ?"]
    ]
    rows += [
        [datetime.datetime(2017, 12, 6, 16, 57, n), f"p{n}@boite.example", "Commerçant", "Pavie", text]
        for n, text in enumerate(SAID)
    ]
    intake = read_files([write_xlsx(tmp_path / "reponses.xlsx", Réponses=rows)])
    assert intake.contributions["source_format"].iloc[0] == "google_forms_xlsx"
    assert texts_of(intake) == SAID
    assert intake.contributions["submitted_on"].dt.date.unique().tolist() == [datetime.date(2017, 12, 6)]
