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


def test_check_tells_in_its_first_lines_what_a_whole_file_seems_to_say_and_nothing_was_read_of(
    tmp_path,
) -> None:
    rows = [["Catégorie", "Canton", "Avancement", "Remarque"], *(
        [who, "Nord", state, f"Plus de rondes le soir, rue {at}."]
        for at, (who, state) in enumerate([("A", "phase 1"), ("B", "phase 2"), ("A", "phase 1"), ("B", "phase 2")])
    )]  # fmt: skip
    lines = format_description(describe_file(write_csv(tmp_path / "avis.csv", rows))).splitlines()[:6]
    for told in (
        "qui parle : « Catégorie »",
        "en donne peut-être un : « Canton »",
        "le contraire : « Avancement »",
    ):
        assert any(told in line for line in lines)


def test_check_tells_how_many_voices_are_not_recognised(tmp_path) -> None:
    said = ["habitant", "profil T1", "profil T2", "élu"]
    rows = [
        ["Vous êtes", "Remarque"],
        *([who, f"Plus de rondes le soir, rue {at}."] for at, who in enumerate(said)),
    ]
    lines = format_description(describe_file(write_csv(tmp_path / "avis.csv", rows))).splitlines()[:4]
    assert any("2 voix sur 4" in line for line in lines)
