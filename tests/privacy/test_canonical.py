"""What is written in a hundred ways is read in one, and told where it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psq_analysis.privacy.canonical import Reading, number_reading, plain_reading, web_reading
from psq_analysis.privacy.mask import mask
from psq_analysis.privacy.spans import Span


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("zéro six trente-neuf quatre-vingt-dix-huit douze cinquante-cinq", "0 6 39 98 12 55"),
        ("soixante et onze, soixante dix huit, quatre vingt onze, vingt et un", "71, 78, 91, 21"),
        ("au quarante-deux rue du Pradet", "au 42 rue du Pradet"),
        ("né le douze mars mille neuf cent cinquante-huit", "né le 12 mars 1958"),
        ("deux ou trois patrouilles, une par nuit", "deux ou trois patrouilles, une par nuit"),
        ("O6 44 2I 98 O3", "06 44 21 98 03"),
        ("tel.0639984152", "tel 0639984152"),
        ("il y a 120 lits et 80 SDF", "il y a 120 lits et 80 SDF"),
    ],
)
def test_numbers_in_words_and_letters_taken_for_digits_are_read_as_digits(written: str, read: str) -> None:
    assert number_reading(Reading.of(written)).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("jo point roy arobase exemple point fr", "jo.roy@exemple.fr"),
        ("jo(point)roy [at] exemple[.]fr", "jo.roy@exemple.fr"),
        ("un point c'est tout, rendez-vous chez nous", "un point c'est tout, rendez-vous chez nous"),
    ],
)
def test_signs_in_words_are_read_as_signs(written: str, read: str) -> None:
    assert web_reading(Reading.of(written)).text == read


@pytest.mark.parametrize(
    "written",
    [
        "Rappelez le 06\u200b39 98 41 52 merci",
        "Rappelez le ０６ ３９ ９８ ４１ ５２ merci",
        "Rappelez le 06\u202f39\u202f98\u202f41\u202f52 merci",
        "Rappelez le 06‑39‑98‑41‑52 merci",
        "Rappelez le 06/39/98/41/52 merci",
        "Rappelez le 06_39_98_41_52 merci",
        "Rappelez le O6 39 98 4l 52 merci",
        "Rappelez le zéro six trente-neuf quatre-vingt-dix-huit quarante et un cinquante-deux merci",
    ],
)
def test_a_telephone_is_masked_whole_however_it_is_written(written: str) -> None:
    assert mask(written).text == "Rappelez le [TÉLÉPHONE 1] merci"


@given(st.text(alphabet="ab 06.@é０\u200b\u0301-\n", max_size=40))
def test_every_character_of_a_reading_comes_from_a_place_of_the_text(text: str) -> None:
    for reading in (
        plain_reading(Reading.of(text)),
        number_reading(web_reading(plain_reading(Reading.of(text)))),
    ):
        assert len(reading.text) == len(reading.starts) == len(reading.ends)
        for place in range(len(reading.text)):
            span = reading.in_raw_text(Span(place, place + 1, "PHONE"))
            assert 0 <= span.start < span.end <= len(text)
