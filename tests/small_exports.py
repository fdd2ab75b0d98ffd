"""Small exports as tests write them, and what they say."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl

from psq_analysis.sources import Intake

SAID = [
    "Plus de patrouilles à pied le soir, surtout près de la gare ; merci.",
    'On m\'a répondu "revenez demain", puis plus rien.',
    "RAS",
    "L'accueil est correct,\nmais il ferme à 18 h.",
]


def write_csv(path: Path, rows: list[list[str]], *, separator: str = ";", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def texts_of(intake: Intake) -> list[str]:
    return intake.remarks["text"].tolist()


def column_of(intake: Intake, name: str) -> list[str | None]:
    return [
        None if value is None else value
        for value in intake.contributions[name].astype(object).where(intake.contributions[name].notna(), None)
    ]


def limesurvey_rows(headings: list[str]) -> list[list[str]]:
    rows = [headings]
    for number, text in enumerate(SAID, start=1):
        submitted = "" if number == 3 else f"2017-11-2{number} 08:07:10"
        rows.append(
            [
                str(number),
                submitted,
                "5",
                "fr",
                "jetonsecret",
                "192.0.2.7",
                "HAB" if number < 3 else "ELU",
                "",
                "Auch",
                "A1",
                text,
                "12.5",
                "31.2",
            ]
        )
    return rows


FULL = ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Jeton", "Adresse IP", "Vous êtes :", "Vous êtes : [Autre]",
        "Votre commune", "Votre sentiment", "Quelles difficultés rencontrez-vous ?", "Temps total", "Durée pour la question : QDIFF"]  # fmt: skip
