"""The page of the case study says what the chain finds, to the last digit."""

from __future__ import annotations

import importlib.util
import json
import re
from types import ModuleType

import pandas as pd
import pytest

from psq_analysis.coding.codebook_file import load_codebook
from support import PROJECT

pytestmark = pytest.mark.slow
BLOCK = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- /\1 -->", re.DOTALL)


IMPOTS = {
    "A Aucun": "aucun", "Écologie, environnement": "ecologie", "Éducation": "education", "Santé": "sante", "Hôpital": "hopital",
    "Dépendance, vieillesse": "dependance", "Aménager le territoire, infrastructures": "territoire", "Justice": "justice",
    "Pauvreté et solidarité": "solidarite", "Recherche, innovation": "recherche", "Y Lutte fraude": "fraude",
    "Emploi, formation pro": "emploi", "Sécurité": "securite", "Transports": "transports", "Retraite": "retraite",
    "Economie, aide aux entreprises": "economie", "Enfance, famille": "enfance", "Défense": "defense", "Numérique": "numerique",
    "Y Remboursement dette": "dette", "Services publics de proximité": "proximite", "Logement": "logement",
    "Handicap, invalidité": "handicap",
}  # fmt: skip


@pytest.fixture(scope="module")
def case_study() -> ModuleType:
    """The command that prints the page, as a module."""
    spec = importlib.util.spec_from_file_location("case_study", PROJECT / "benchmarks/case_study.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def people(case_study, shared) -> pd.DataFrame:
    """What annotators gave each answer to the question on taxes."""
    return case_study.annotated(shared / "data/grande_annotation_dev.csv", load_codebook(case_study.CODEBOOK))


@pytest.fixture(scope="module")
def printed(case_study, people, taxes_run) -> dict[str, str]:
    """The tables the command prints of the run, by name."""
    return case_study.tables(taxes_run / "data/processed/impots", people, load_codebook(case_study.CODEBOOK))


def test_a_label_of_the_annotators_counts_when_two_gave_it(case_study, people, shared):
    answers = pd.read_csv(shared / "data/grande_annotation_dev.csv")
    answers = answers[answers["question"].str.contains("payer plus d'impôts")]
    given = answers["labels_json"].map(json.loads)
    expected = [
        sorted(IMPOTS[name] for name, count in row.items() if count >= 2 and name in IMPOTS) for row in given
    ]
    assert people["themes"].tolist() == expected
    assert set(IMPOTS.values()) == set(load_codebook(case_study.CODEBOOK).codes("theme"))


def test_another_codebook_is_another_file_and_people_s_codes_do_it_no_harm(printed):
    cold, taught = (float(found) for found in re.findall(r"\| (0\.\d+) \[[^|]+\] \| 0", printed["quality"]))
    assert cold >= 0.58
    assert taught >= cold


def test_every_table_of_the_case_study_is_what_the_command_prints(printed):
    page = (PROJECT / "docs/case-study.md").read_text(encoding="utf-8")
    assert set(printed) == {"respondents", "shares", "territories", "contrasts", "quality"}
    assert dict(BLOCK.findall(page)) == {name: f"{table}\n" for name, table in printed.items()}
    # what the page concludes in words
    assert "plus souvent" not in printed["contrasts"]
    assert "moins souvent" not in printed["contrasts"]
    policies = re.findall(r"^\| (.+?) \| \d", printed["shares"], re.MULTILINE)
    assert policies[0] == "Aucun"
    assert {"Éducation", "Écologie, environnement", "Santé"} == set(policies[1:4])
