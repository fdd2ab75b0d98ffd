"""Exports put together in one workbook: every sheet of the exporter is read, every other sheet is named."""

from __future__ import annotations

import pytest

from psq_analysis.sources import read_files
from small_exports import write_xlsx

LIMESURVEY = ["id", "submitdate", "lastpage", "startlanguage", "seed", "QCOM", "QDIFF"]
DECIDIM = [
    "id",
    "title/fr",
    "body/fr",
    "category/name/fr",
    "scope/name/fr",
    "participatory_space/id",
    "component/id",
    "published_at",
]
GRAND_DEBAT = [
    "id",
    "reference",
    "title",
    "createdAt",
    "publishedAt",
    "trashed",
    "authorType",
    "authorZipCode",
    "QUXVlc3Rpb246MTA3 - Que faut-il changer ?",
]
WEBFORM = [
    "Numéro de série",
    "SID",
    "Heure de soumission",
    "Brouillon",
    "Adresse IP",
    "UID",
    "Nom d'utilisateur",
    "Commune",
    "Ce qui fonctionne mal",
]


def _limesurvey(number: int, text: str) -> list[str]:
    return [str(number), "2017-12-01 10:00:00", "3", "fr", "123", "Auch", text]


def _decidim(number: int, text: str) -> list[str]:
    return [
        str(number),
        f"Titre {number}",
        f"<p>{text}</p>",
        "Sécurité",
        "Auch",
        "7",
        "9",
        f"2017-12-0{number} 10:00:00",
    ]


def _grand_debat(number: int, text: str) -> list[str]:
    return [
        f"c{number}",
        f"2-{number}",
        f"Titre {number}",
        f"2019-01-2{number} 10:00:00",
        f"2019-01-2{number} 10:00:01",
        "false",
        "Citoyen / Citoyenne",
        "32000",
        text,
    ]


def _webform(number: int, text: str) -> list[str]:
    return [str(number), "9", f"0{number}/12/2017 - 10:00", "0", "192.0.2.1", "0", "", "Auch", text]


@pytest.mark.parametrize(
    ("headings", "row"),
    [(LIMESURVEY, _limesurvey), (DECIDIM, _decidim), (GRAND_DEBAT, _grand_debat), (WEBFORM, _webform)],
    ids=["limesurvey", "decidim", "grand_debat", "framaforms"],
)
def test_every_sheet_with_the_exporter_s_columns_is_read_and_the_others_are_named(
    tmp_path, headings, row
) -> None:
    one = [
        row(1, "Plus de rondes le soir devant la gare."),
        row(2, "Un accueil ouvert le samedi matin serait utile."),
    ]
    other = [
        row(3, "Les camions passent bien trop vite rue haute."),
        row(4, "Il faut de la lumière autour du stade."),
    ]
    path = write_xlsx(
        tmp_path / "export.xlsx",
        **{"Lisez-moi": [["Export du 12 janvier"], ["à usage interne"]], "Gers": [headings, *one], "Landes": [headings, *other]},
    )  # fmt: skip
    intake = read_files([path])
    assert intake.contributions["source_sheet"].tolist() == ["Gers", "Gers", "Landes", "Landes"]
    assert len(intake.remarks) == 4
    assert any("Lisez-moi" in reason for reason in intake.rejects["reason"])
    ledger = intake.ledger.iloc[0]
    assert ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"] == 4
