"""A person's contributions can be found however their name is written, and forgotten everywhere but in the raw files."""

from __future__ import annotations

import datetime as dt
import shutil

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.errors import BadInput
from psq_analysis.runs import rights
from psq_analysis.sources import read_files
from psq_analysis.tables import schema
from support import PROJECT, psq_here

SURVEY = """id;Nom;Courriel;Que faut-il améliorer ?;Que proposez-vous ?
1;Sabathé;m.sabathe@courriel.example;Plus de rondes le soir près de la gare;Des horaires affichés
2;Ducos;;Rappelez-moi au 06 39 98 41 27, je dors mal depuis le cambriolage;Un numéro direct
3;;;Mon voisin René Sabathé fait du bruit;De la médiation
4;Larrieu;;Rien ne change depuis dix ans dans le quartier;Des patrouilles à pied
"""
TODAY = dt.date(2017, 12, 12)


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "avis.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SABATHE", [2, 4]),
        ("sabathé rené", [4]),
        ("M.Sabathe@courriel.example", [2]),
        ("0639984127", [3]),
        ("+33 6 39 98 41 27", [3]),
        ("06.39.98.41.27", [3]),
        ("cambriolage gare", []),
        ("Peyrelongue", []),
    ],
)
def test_a_person_is_found_whatever_the_case_the_accents_and_the_grouping_of_digits(survey, text, rows):
    hits = rights.find(text, [survey])
    ids = read_files([survey]).contributions.set_index("source_row")["contribution_id"]
    assert [hit.row for hit in hits] == rows
    assert [hit.contribution_id for hit in hits] == [ids[row] for row in rows]


def test_the_command_tells_file_row_and_identifier_and_quotes_nothing(survey):
    done = psq_here("find", "sabathe", survey)
    assert done.returncode == 0
    assert [line.split(" : ")[0] for line in done.stdout.splitlines()] == [
        "avis.csv, ligne 2",
        "avis.csv, ligne 4",
    ]
    assert "abath" not in done.stdout.lower()


def test_nothing_to_look_for_is_bad_input(survey):
    with pytest.raises(BadInput, match="Rien à chercher"):
        rights.find(" ?! ", [survey])


def test_what_must_be_forgotten_leaves_every_table_of_the_intake_and_rows_still_add_up(survey):
    intake = read_files([survey])
    gone = intake.contributions["contribution_id"].iloc[:2].tolist()
    kept = rights.leave_out(intake, pd.DataFrame({"id": gone}))
    for table in (kept.contributions, kept.answers, kept.remarks):
        assert not table["contribution_id"].isin(gone).any()
    assert len(kept.contributions) == 2
    assert kept.rejects[["source_file", "source_row"]].values.tolist() == [["avis.csv", 2], ["avis.csv", 3]]
    (row,) = kept.ledger.itertuples()
    assert (row.rows_in, row.rows_out, row.rows_rejected) == (4, 2, 2)
    assert len(intake.contributions) == 4, "the frame given is not changed"


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 3)))
def test_whoever_is_forgotten_nobody_else_is(tmp_path_factory, chosen):
    path = tmp_path_factory.mktemp("avis") / "avis.csv"
    path.write_text(SURVEY, encoding="utf-8")
    intake = read_files([path])
    ids = intake.contributions["contribution_id"].tolist()
    kept = rights.leave_out(intake, pd.DataFrame({"id": [ids[at] for at in chosen]}, dtype="string"))
    expected = {one for at, one in enumerate(ids) if at not in chosen}
    assert set(kept.contributions["contribution_id"]) == expected
    assert set(kept.remarks["contribution_id"]) == expected
    assert (
        kept.ledger["rows_in"] == kept.ledger[["rows_out", "rows_merged", "rows_rejected"]].sum(axis=1)
    ).all()


def test_the_list_of_what_is_forgotten_holds_each_identifier_once_with_its_reason_and_day(tmp_path):
    assert rights.load_forgotten(tmp_path).empty
    rights.note_forgotten(tmp_path, ["0" * 16, "a" * 16], reason="demande du 10 décembre", on=TODAY)
    rights.note_forgotten(tmp_path, ["a" * 16, "b" * 16], reason="autre demande", on=TODAY)
    listed = rights.load_forgotten(tmp_path)
    assert listed["id"].tolist() == ["0" * 16, "a" * 16, "b" * 16]
    assert listed["reason"].tolist() == ["demande du 10 décembre"] * 2 + ["autre demande"]
    assert set(listed["on"]) == {"2017-12-12"}


@pytest.mark.parametrize("content", ["", "nom\nSabathé\n", "id,reason,on\nSabathé,demande,2017-12-12\n"])
def test_a_list_that_cannot_be_read_stops_the_run_rather_than_forgetting_nobody(tmp_path, content):
    path = tmp_path / rights.FORGOTTEN
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="illisible"):
        rights.load_forgotten(tmp_path)


def test_identifiers_come_one_by_one_or_in_a_file_and_a_wrong_one_is_refused_without_being_repeated(tmp_path):
    listing = tmp_path / "ids.csv"
    listing.write_text(f"contribution_id,vu\n{'a' * 16},oui\n{'b' * 16},non\n", encoding="utf-8")
    assert rights.read_identifiers(["c" * 16, str(listing)]) == ["c" * 16, "a" * 16, "b" * 16]
    with pytest.raises(BadInput, match="n° 2 refusé") as refused:
        rights.read_identifiers(["c" * 16, "Sabathé"])
    assert "Sabath" not in str(refused.value)


@pytest.fixture
def two_tables(tmp_path):
    """A run as the chain writes it, cut down to the tables that name people, idea by idea."""
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    shutil.copy(PROJECT / "notebooks/01_clean.ipynb", project / "notebooks")
    processed = project / "data/processed/avis"
    processed.mkdir(parents=True)
    people = ["a" * 16, "b" * 16]
    remarks = pd.DataFrame(
        {
            "remark_id": ["r1" * 8, "r2" * 8, "r3" * 8], "contribution_id": [people[0], people[0], people[1]],
            "question_id": "q", "question": "Que faut-il ?", "text": "Des rondes", "is_noise": False,
            "duplicate_group": pd.NA, "campaign_id": pd.NA, "weight": 1.0,
        }
    )  # fmt: skip
    ideas = pd.DataFrame(
        {
            "idea_id": ["i1", "i2", "i3"],
            "remark_id": remarks["remark_id"],
            "start": 0,
            "end": 10,
            "text": "Des rondes",
        }
    )
    codes = pd.DataFrame(
        {"idea_id": ["i1", "i3"], "scheme": "theme", "code": "presence", "score": 1.0, "origin": "model"}
    )
    for table, rows in {"remarks": remarks, "ideas": ideas, "codes": codes}.items():
        schema.conform(rows, table).to_parquet(processed / f"{table}.parquet")
    return project, processed, people


def test_forgetting_takes_a_person_out_of_every_table_and_says_what_changed(two_tables):
    project, processed, people = two_tables
    done = psq_here("forget", people[0], cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "avis : remarks 3 → 1, ideas 3 → 1, codes 2 → 1"
    assert pd.read_parquet(processed / "remarks.parquet")["contribution_id"].tolist() == [people[1]]
    assert pd.read_parquet(processed / "codes.parquet")["idea_id"].tolist() == ["i3"]
    assert rights.load_forgotten(project)["id"].tolist() == [people[0]]
    again = psq_here("forget", people[0], cwd=project)
    assert again.stdout.splitlines()[0] == "avis : aucune de ces contributions n'y figure"


def test_a_report_that_quotes_the_person_is_named(two_tables):
    project, _, people = two_tables
    page = project / "reports/avis/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<blockquote>Des rondes <footer>réf. r2r2r2r2</footer></blockquote>", encoding="utf-8")
    assert not any(
        "cite" in line for line in rights.erase(project, project, [people[1]], reason="x", on=TODAY)
    )
    assert any("cite" in line for line in rights.erase(project, project, [people[0]], reason="x", on=TODAY))


def test_raw_files_are_never_touched(two_tables, survey):
    project, _, people = two_tables
    before = survey.read_bytes()
    shutil.copy(survey, project / "data/avis.csv")
    psq_here("forget", *people, cwd=project)
    assert (project / "data/avis.csv").read_bytes() == before
