"""A number is hidden for what announces it, or because nothing says what it counts."""

from __future__ import annotations

import pytest

from psq_analysis.privacy.mask import find_personal_data, mask_records


def hidden(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_personal_data(text)]


@pytest.mark.parametrize(
    "readable",
    [
        "Le radar a compté 1 203 454 passages et 1203454 excès.",
        "12450000 € pour un rond-point, budget de 12 450 000.",
        "L'arrêté n° 2021-07-00318 du 12 juillet 2021 n'est pas appliqué.",
        "Entre 2013 et 2017, du 12/03/2018 au 15/04/2018, 2016-2017.",
        "Le 0 805 20 05 05 et le 0800 123 456 sont gratuits.",
        "Candidature « Village d'avenir » 2024/032/0091 refusée.",
        "SIRET 799 123 456 00012, code APE 5610A : j'ai tout donné trois fois.",
        "Cerfa 12485*01, train TER 871204, loi n° 83-634.",
    ],
)
def test_money_laws_years_and_counts_stay_readable(readable: str) -> None:
    assert hidden(readable) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mon dossier 604417390 dort quelque part.", "604417390"),
        ("Réponse signée brigadier n° 0287733, sans nom.", "0287733"),
        ("L'homme portait le numéro 31-0458 sur la poitrine.", "31-0458"),
        ("Plainte n° 2018/004417 jamais traitée.", "2018/004417"),
        ("Ma carte pro CAR-032-2023-07-14-20180123456 est refusée.", "CAR-032-2023-07-14-20180123456"),
        ("Auto-entrepreneur, SIRET 512 347 896 00021, cambriolé.", "512 347 896 00021"),
        ("Passeport 19FV48213 volé.", "19FV48213"),
    ],
)
def test_a_number_that_leads_to_someone_is_hidden(text: str, number: str) -> None:
    assert hidden(text) == [number]


def test_explaining_says_in_french_why_each_datum_was_hidden() -> None:
    [record] = mask_records([{"text": "Voir Mme Castaing, RIO 1248807."}], explain=True)
    assert [span["why"] for span in record["spans"]] == [
        "nom après un titre (M., Mme, maître, docteur…)",
        "numéro d'agent annoncé (RIO, matricule, NIGEND, grade suivi de « n° »)",
    ]
    [record] = mask_records([{"text": "Voir Mme Castaing"}])
    assert record["spans"] == [{"start": 9, "end": 17, "type": "PERSON"}]
