"""Languages are told where most words are not French; misspelt French stays French."""

from __future__ import annotations

import json

import pytest

from psq_analysis.text.languages import language_of
from support import SHARED

SAID = [
    ("en", "There is nobody at the police station after six."),
    ("en", "Speeding cars on the D930, every single day"),
    ("es", "Faltan agentes por la tarde y hay mucho ruido"),
    ("es", "Los jóvenes no tienen donde ir"),
    ("pt", "Há muito barulho à noite e ninguém faz nada"),
    ("oc", "Los gendarmas son pas pro sovent dins lo vilatge"),
    ("oc", "I a tròp de bruch la nuèch dins nòstra carrièra"),
    ("cpf", "Nou bezwin plis lapolis dann kartié, tro bann jène i traîne"),
    ("cpf", "Mwen pè sòti lè i ka fè nwè, pa ni pyès limyè"),
    ("cpf", "Nou vlé lapolis pasé pli souvan bò lékòl la"),
    ("de", "Die Polizei kommt viel zu spät und die Straße ist dunkel"),
    ("fr", "incivilitées, deal, squat, tags, rodeos"),
    ("fr", "PSQ CLSPD CISPD PM BTA"),
    ("fr", "jconpren pa pk ya person le soir"),
    ("fr", "Ras le bol des scoot ki font du bruit tte la nuit"),
    ("fr", "Hall B, bât. C : squat permanent"),
]


@pytest.mark.parametrize(("language", "text"), SAID)
def test_a_remark_is_in_the_language_a_reader_says(language, text) -> None:
    assert language_of(text) == language


def test_the_languages_of_the_reported_cases_are_told_apart() -> None:
    file = SHARED / "field/29-other-languages/langues.jsonl"
    if not file.is_file():
        pytest.skip("the folder of reported cases is not beside the project")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    meant = [
        {"rcf": "cpf", "gcf": "cpf"}.get(line["id"].split("-")[0], line["id"].split("-")[0]) for line in lines
    ]
    assert [language_of(line["remark"]) for line in lines] == meant
