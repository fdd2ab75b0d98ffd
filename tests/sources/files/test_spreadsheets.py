"""Workbooks and open documents: what they repeat is read as it is meant, what must not be opened is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from psq_analysis.errors import BadInput
from psq_analysis.sources import read_files
from small_exports import SAID, write_xlsx


def _ods(path: Path, rows_xml: str) -> Path:
    office, table, text = (
        "urn:oasis:names:tc:opendocument:xmlns:" + part + ":1.0" for part in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="Feuille1">{rows_xml}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr("content.xml", content)
    return path


def _ods_row(*cells: str, repeated: int = 1) -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'


def test_a_row_an_ods_repeats_twice_is_two_respondents(tmp_path) -> None:
    rows = (
        _ods_row("QUALITE", "LIEU", "REMARQUE")
        + _ods_row("HABITANT", "MARCIAC", "RAS", repeated=2)
        + _ods_row("MAIRE", "RISCLE", "Les gens roulent trop vite.")
    )
    intake = read_files([_ods(tmp_path / "bta.ods", rows)])
    assert intake.contributions["source_row"].tolist() == [2, 3, 4]
    assert intake.contributions["contribution_id"].is_unique


def test_an_ods_that_repeats_cells_by_the_million_is_refused_at_once(tmp_path) -> None:
    path = _ods(tmp_path / "bombe.ods", _ods_row("REMARQUE") + _ods_row("ha", repeated=1_000_000) * 5)
    with pytest.raises(BadInput, match="millions de cellules"):
        read_files([path])


def test_a_workbook_whose_parts_declare_entities_is_refused(tmp_path) -> None:
    source = write_xlsx(tmp_path / "sain.xlsx", Feuille=[["Remarque"], [SAID[0]]])
    target = tmp_path / "piege.xlsx"
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(target, "w") as trap:
        for name in sound.namelist():
            trap.writestr(name, sound.read(name))
        trap.writestr(
            "xl/sharedStrings2.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>'
        )
    with pytest.raises(BadInput, match="entités"):
        read_files([target])
