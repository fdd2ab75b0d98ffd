"""Sums that hold for any table: nothing is lost, nothing is invented, identities do not depend on order."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from psq_analysis.errors import BadInput
from psq_analysis.sources import Intake, read_files

SEPARATORS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
WORDS = (
    "plus",
    "de",
    "rondes",
    "le",
    "soir",
    "accueil",
    "fermé",
    "vitesse",
    "école",
    "hameau",
    "peur",
    "l’été",
    "à",
    "pied",
)

sentences = st.lists(st.sampled_from(WORDS), min_size=5, max_size=12).map(
    lambda words: " ".join(words).capitalize() + "."
)
marks = st.sampled_from(["", "; ", ", ", ' "vite" ', "\n", " | ", "\t"])
remarks = st.builds(lambda first, mark, second: f"{first}{mark}{second}", sentences, marks, sentences)
cells = st.one_of(remarks, st.sampled_from(["RAS", "", "néant"]))
tables = st.lists(
    st.tuples(
        st.sampled_from(["habitant", "maire", "gendarme"]),
        st.sampled_from(["Auch", "Pavie", "Vic-Fezensac"]),
        remarks,
        cells,
    ),
    min_size=2,
    max_size=12,
)
HEADINGS = ("Qualité", "Commune", "Vos remarques", "Vos propositions")
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _csv(rows: list[tuple[str, ...]], separator: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
    return text.getvalue()


def _read(content: bytes, name: str = "table.csv") -> Intake:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_files([path])


def _add_up(intake: Intake) -> bool:
    whole_rows = intake.rejects["source_row"].notna() & intake.rejects["column"].isna()
    ledger = intake.ledger
    return (
        (ledger["rows_in"] == ledger["rows_out"] + ledger["rows_merged"] + ledger["rows_rejected"]).all()
        and ledger["rows_out"].sum() == len(intake.contributions)
        and ledger["rows_rejected"].sum() == int(whole_rows.sum())
    )


NOTHING_PROPOSED = [
    ("habitant", "Auch", "Plus de rondes le soir, à pied.", cell) for cell in ("RAS", "RAS", "néant")
]


@few
@given(tables, st.sampled_from(SEPARATORS), st.sampled_from(ENCODINGS))
@example(NOTHING_PROPOSED, ";", "utf-8")
def test_every_cell_of_a_delimited_file_comes_back_word_for_word(rows, separator, encoding) -> None:
    intake = _read(_csv(rows, separator).encode(encoding))
    assert _add_up(intake)
    assert len(intake.contributions) == len(rows)
    said = [text.strip() for row in rows for text in row[2:] if text.strip()]
    assert sorted(intake.remarks["text"]) == sorted(said)


@few
@given(tables, st.sampled_from(SEPARATORS), st.data())
def test_a_row_with_one_field_too_many_is_rejected_and_the_others_stay_in_place(
    rows, separator, data
) -> None:
    spoiled = data.draw(st.integers(0, len(rows) - 1))
    lines = [HEADINGS, *rows, *rows]
    lines[spoiled + 1] = (*lines[spoiled + 1], "en trop")
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(lines)
    intake = _read(text.getvalue().encode())
    assert _add_up(intake)
    assert intake.rejects["source_row"].tolist() == [spoiled + 2]
    assert set(intake.contributions["place_commune"]) <= {"Auch", "Pavie", "Vic-Fezensac"}
    assert "en trop" not in intake.remarks.to_csv() + intake.rejects.to_csv()


@few
@given(tables)
def test_identities_are_the_same_whatever_the_order_of_the_rows(rows) -> None:
    one, other = _read(_csv(rows, ";").encode()), _read(_csv(rows[::-1], ";").encode())
    assert one.contributions["contribution_id"].is_unique
    assert one.remarks["remark_id"].is_unique
    assert set(one.contributions["contribution_id"]) == set(other.contributions["contribution_id"])
    assert set(one.remarks["remark_id"]) == set(other.remarks["remark_id"])
    assert set(one.remarks["contribution_id"]) <= set(one.contributions["contribution_id"])


@few
@given(tables, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_a_file_whose_lines_change_encoding_is_read_line_by_line(rows, choices) -> None:
    assume(
        any(len(proposal) > len("néant") for *_, proposal in rows)
    )  # « RAS » alone does not make a column of free text
    plain = [tuple(cell.replace("\n", " ") for cell in row) for row in rows]
    lines = _csv(plain, ";").split("\r\n")
    content = b"\r\n".join(
        line.encode("cp1252" if choices[number % 12] == 0 and number else "utf-8")
        for number, line in enumerate(lines)
    )
    intake = _read(content)
    said = [text.strip() for row in plain for text in row[2:] if text.strip()]
    assert sorted(intake.remarks["text"]) == sorted(said)


@settings(max_examples=12, deadline=None)
@given(tables)
def test_a_workbook_reads_like_the_text_file_of_the_same_rows(rows) -> None:
    workbook = openpyxl.Workbook()
    for row in [HEADINGS, *rows]:
        workbook.active.append([cell.replace("\t", " ") for cell in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    book = _read(buffer.getvalue(), "table.xlsx")
    text = _read(_csv([tuple(cell.replace("\t", " ") for cell in row) for row in rows], ";").encode())
    assert book.remarks["text"].tolist() == text.remarks["text"].tolist()
    assert book.contributions["stakeholder"].tolist() == text.contributions["stakeholder"].tolist()
    assert _add_up(book)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(min_size=0, max_size=400))
def test_no_bytes_whatever_give_anything_but_tables_that_add_up_or_one_sentence(content) -> None:
    try:
        intake = _read(content)
    except BadInput as refusal:
        sentence = str(refusal)
    else:
        sentence = ""
        assert _add_up(intake)
    assert "\n" not in sentence


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.data())
def test_a_damaged_file_never_loses_count(rows, data) -> None:
    content = bytearray(_csv(rows, ";").encode())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.sampled_from(list(b'";\n\x00\xe9|,\r'))
        )
    try:
        intake = _read(bytes(content))
    except BadInput:
        return
    assert _add_up(intake)
