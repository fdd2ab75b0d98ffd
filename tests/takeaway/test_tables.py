"""What leaves with the report: the same numbers in every format, described, safe for spreadsheets; paper through Chromium."""

from __future__ import annotations

import json
import re
import zipfile

import pandas as pd
import pytest

from psq_analysis.tables import schema
from psq_analysis.takeaway import chromium, tables

SHARES = schema.conform(
    pd.DataFrame(
        {
            "scheme": "theme", "code": ["presence", "acces"], "grouping": "territory", "group": ["rural", "=1+1"],
            "respondents": [145, pd.NA], "mentions": [48, pd.NA], "share": [0.331, pd.NA], "low": [0.26, pd.NA],
            "high": [0.41, pd.NA], "share_corrected": pd.NA, "low_corrected": pd.NA, "high_corrected": pd.NA,
            "edge": "", "is_shown": [True, False],
        }
    ),
    "prevalence",
)  # fmt: skip


@pytest.fixture
def written(tmp_path):
    tables.write_tables({"prevalence": SHARES}, tmp_path, name="Gers 2017", title="Concertation")
    return tmp_path


def test_csv_workbook_and_open_document_hold_the_same_cells(written):
    csv = pd.read_csv(written / "tables/prevalence.csv")
    xlsx = pd.read_excel(written / "tables/tables.xlsx", sheet_name="prevalence", engine="calamine")
    ods = pd.read_excel(written / "tables/tables.ods", sheet_name="prevalence", engine="calamine")
    pd.testing.assert_frame_equal(csv, xlsx, check_dtype=False)
    pd.testing.assert_frame_equal(csv, ods, check_dtype=False)
    assert csv["share"].tolist()[0] == 0.331
    assert csv["group"].tolist() == ["rural", "'=1+1"]


def test_the_numbers_of_a_group_not_shown_are_empty_never_zero(written):
    second = (written / "tables/prevalence.csv").read_text(encoding="utf-8").splitlines()[2]
    assert second == "theme,acces,territory,'=1+1,,,,,,,,,,False"


def test_no_cell_of_a_workbook_is_a_formula(written):
    sheet = zipfile.ZipFile(written / "tables/tables.xlsx").read("xl/worksheets/sheet1.xml").decode()
    content = zipfile.ZipFile(written / "tables/tables.ods").read("content.xml").decode()
    assert "<f>" not in sheet
    assert "table:formula" not in content


def test_an_open_document_names_its_type_first_and_uncompressed(written):
    first = zipfile.ZipFile(written / "tables/tables.ods").infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_the_data_package_describes_every_column_of_every_file(written):
    package = json.loads((written / "datapackage.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    (resource,) = package["resources"]
    columns = pd.read_csv(written / resource["path"], nrows=0).columns
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert list(fields) == list(columns)
    assert fields["mentions"]["type"] == "integer"
    assert fields["share"]["type"] == "number"
    assert fields["is_shown"]["type"] == "boolean"
    assert all(field["description"] for field in fields.values())


def _run(**tables):
    """Stand-in for the tables of a run: those given, the others empty."""
    return lambda name: schema.conform(tables[name], name) if name in tables else schema.empty(name)


def test_unstable_and_small_subthemes_do_not_leave():
    clusters = pd.DataFrame(
        {"theme": "acces", "subtheme_id": list("abc"), "label": ["plainte", "standard", "horaires"], "headline": pd.NA,
         "respondents": [30, 30, 4], "counted": 100, "share": [0.3, 0.3, 0.04], "low": 0.02, "high": 0.4,
         "ideas": 40, "stability": [0.8, 0.3, 0.9], "is_stable": [True, False, True]}
    )  # fmt: skip
    leaving = tables.publishable(_run(clusters=clusters), {("theme", "acces"): "Accès"}, min_cell=11)[
        "clusters"
    ]
    assert leaving[["theme_label", "label"]].values.tolist() == [["Accès", "plainte"]]


def test_every_demand_that_three_people_say_leaves_and_no_other_each_kind_apart_from_the_first():
    people = [30, *[3] * 40, 2]
    groups = pd.DataFrame(
        {"kind": ["demande"] * 42 + ["irritant"], "demand_id": [f"d{n}" for n in range(43)], "label": "Éclairer la gare",
         "respondents": [*people, 5], "counted": 200, "share": 0.1, "low": 0.0, "high": 0.2, "ideas": 9, "objective": pd.NA,
         "theme": "presence", "is_campaign": False, "is_shown": [*(count >= 3 for count in people), True]}
    )  # fmt: skip
    leaving = tables.publishable(_run(demand_groups=groups), {("theme", "presence"): "Présence"}, min_cell=11)
    assert leaving["demands"]["people"].tolist() == people[:-1]
    assert leaving["demands"]["rank"].tolist() == list(range(1, 42))
    assert leaving["irritants"]["demand_id"].tolist() == ["d42"]
    assert leaving["praise"].empty
    assert leaving["demands"]["theme_label"].iloc[0] == "Présence"


def test_no_code_of_ours_stands_without_the_name_a_reader_knows():
    shares = SHARES.assign(group=["outre_mer", "rural"])
    leaving = tables.publishable(_run(prevalence=shares), {("theme", "presence"): "Présence"}, min_cell=11)[
        "prevalence"
    ]
    assert leaving["group_label"].tolist() == ["outre-mer", "territoires ruraux"]
    assert leaving["code_label"].tolist() == ["Présence", "acces"]


def test_a_sheet_explains_every_column_of_every_table_that_leaves(tmp_path):
    leaving = tables.publishable(_run(), {}, min_cell=11)
    tables.write_tables(leaving, tmp_path, name="gers", title="Concertation")
    for workbook in tables.WORKBOOKS:
        sheet = pd.read_excel(tmp_path / workbook, sheet_name=0, engine="calamine")
        told = set(sheet.iloc[:, :2].itertuples(index=False, name=None))
        assert {(table, column) for table, frame in leaving.items() for column in frame.columns} <= told
        assert sheet.iloc[:, 2].str.len().gt(10).all()


def test_the_same_reports_give_the_same_archive_byte_for_byte(written, tmp_path):
    archives = [written / "gers.zip", tmp_path / "autre.zip"]
    tables.pack(written, archives[0])
    first = archives[0].read_bytes()
    tables.pack(written, archives[0])
    assert archives[0].read_bytes() == first
    inside = zipfile.ZipFile(archives[0]).namelist()
    assert "gers/tables/prevalence.csv" in inside
    assert not any(name.endswith(".zip") for name in inside)


def test_without_chromium_a_pdf_is_refused_in_french_and_pictures_are_left_to_others(monkeypatch, tmp_path):
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    with pytest.raises(chromium.PrintError, match="Chromium n'est pas installé"):
        chromium.print_pdf(tmp_path / "index.html", tmp_path / "rapport.pdf")
    assert chromium.draw({"figure": {"data": [], "layout": {"height": 100}}}, tmp_path / "figures") == []
    assert not (tmp_path / "figures").exists()


@pytest.mark.slow
def test_a_pdf_is_tagged_with_bookmarks_and_its_title(sample_run, tmp_path, browser):
    chromium.print_pdf(sample_run / "reports/concertation/index.html", tmp_path / "rapport.pdf")
    content = (tmp_path / "rapport.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content
    assert b"/Marked true" in content
    assert b"/Outlines" in content
    assert b"/Lang (fr)" in content


@pytest.mark.slow
def test_the_figures_of_the_report_lie_beside_it_as_svg_and_png(sample_run, browser):
    figures = sorted((sample_run / "reports/concertation/figures").iterdir())
    assert {path.suffix for path in figures} == {".svg", ".png"}
    assert len({path.stem for path in figures}) * 2 == len(figures)
    for path in figures:
        content = path.read_bytes()
        if path.suffix == ".svg":
            assert b"<svg" in content[:200]
            assert b"<script" not in content
        else:
            assert content.startswith(b"\x89PNG")
