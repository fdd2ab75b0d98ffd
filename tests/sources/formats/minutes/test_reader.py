"""Minutes, messages and corpora say the same to the program as to a person: who, where, and what each one said."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from psq_analysis.places import territories
from psq_analysis.places.communes import load_communes
from psq_analysis.places.typology import load_typology
from psq_analysis.sources import read_files
from support import PROJECT

sys.path.insert(0, str(Path(__file__).parents[2]))
import documents_written

NOT_YET = {"04 agriculteurs.docx"}  # « plusieurs exploitants » without a voice in one reading of it


@pytest.fixture(scope="module", params=[1, 2, 3])
def written(request: pytest.FixtureRequest, tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    return folder, getattr(documents_written, f"round_{request.param}")(str(folder))


def _squeezed(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("\xa0", " ").split())


def test_each_person_has_one_contribution_with_all_that_was_said(written) -> None:
    folder, expected = written
    communes = load_communes()
    typology = load_typology(PROJECT / "data/manual/typology.yml")
    codes = {
        f"{name}|{department}": code
        for name, department, code in zip(
            communes["name"], communes["department_code"], communes["code"], strict=True
        )
    }
    wrong = {}
    for name, meant in expected.items():
        intake = read_files([Path(folder) / name])
        placed = territories.place(intake.contributions, communes, typology).set_index("contribution_id")
        said = intake.remarks.groupby("contribution_id")["text"].agg(
            lambda texts: _squeezed(" ¶ ".join(texts))
        )
        problems = [] if len(placed) in meant.get("n_in", [meant["n"]]) else [f"{len(placed)} people"]
        for person in meant["people"]:
            holders = [key for key, text in said.items() if _squeezed(person["remarks"][0]) in text]
            if len(holders) != 1 or any(
                _squeezed(text) not in said[holders[0]] for text in person["remarks"]
            ):
                problems.append(person["remarks"][0])
                continue
            row = placed.loc[holders[0]]
            voice = None if pd.isna(row["stakeholder"]) else row["stakeholder"]
            commune = None if pd.isna(row["commune_code"]) else row["commune_code"]
            accepted = [person["commune"], *person.get("accept_commune", [])]
            if voice not in [person["voice"], *person.get("accept_voice", [])]:
                problems.append(f"voice of {person['remarks'][0]}")
            if commune not in [codes.get(one, one) for one in accepted]:
                problems.append(f"place of {person['remarks'][0]}")
        everything = _squeezed(" ¶ ".join(said))
        problems += [f"leak {text}" for text in meant.get("nots", []) if _squeezed(text) in everything]
        reasons = " ".join(intake.rejects["reason"]).lower()
        problems += [f"unsaid {text}" for text in meant.get("rejects_say", []) if text not in reasons]
        if problems:
            wrong[name] = problems
    assert wrong == {}
