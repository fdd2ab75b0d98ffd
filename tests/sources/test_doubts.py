"""What is said before anybody counts: turns without a person, other languages, texts cut by a spreadsheet."""

from __future__ import annotations

import docx

from psq_analysis.sources import describe_file, format_description
from small_exports import write_csv, write_xlsx


def test_check_tells_other_languages_in_its_first_lines(tmp_path) -> None:
    rows = [
        ["Commune", "Remarque"],
        ["Auch", "Plus de rondes le soir devant la gare."],
        ["Auch", "More patrols please, the street lights are off near the station at night."],
    ]
    lines = format_description(describe_file(write_csv(tmp_path / "avis.csv", rows))).splitlines()
    assert any("anglais (1)" in line for line in lines[:5])


def test_check_tells_turns_nobody_can_be_given_in_its_first_lines(tmp_path) -> None:
    document = docx.Document()
    document.add_heading("Vitesse", 1)
    document.add_paragraph("Mme Soubiran : Les camions traversent le bourg sans ralentir.")
    document.add_paragraph("Une habitante : Le radar est débranché depuis la Toussaint.")
    document.save(tmp_path / "minutes.docx")
    lines = format_description(describe_file(tmp_path / "minutes.docx")).splitlines()
    assert any("1 intervention(s) sur 2" in line for line in lines[:5])


def test_check_tells_a_text_of_the_length_at_which_spreadsheets_cut(tmp_path) -> None:
    long_text = ("Plus de rondes le soir. " * 2000)[:32_767]
    rows = [["Commune", "Remarque"], ["Auch", long_text], ["Auch", "Un accueil ouvert le samedi."]]
    lines = format_description(describe_file(write_xlsx(tmp_path / "avis.xlsx", A=rows))).splitlines()
    assert any("32 767" in line for line in lines[:6])
