"""Number plates of France and elsewhere, and what only looks like one."""

from __future__ import annotations

import pytest

from psq_analysis.privacy.mask import find_personal_data


@pytest.mark.parametrize(
    "plate",
    [
        "AB-123-CD",
        "ab123cw",
        "AB.123.CD",
        "AB 123 CD",
        "3117TB32",
        "1234 AB 32",
        "WW-318-QK",
        "W-318-BD",
        "1-XKD-472",
    ],
)
def test_a_plate_is_found_in_every_writing(plate: str) -> None:
    text = f"La voiture {plate} tourne autour de l'école."
    assert [text[span.start : span.end] for span in find_personal_data(text)] == [plate]


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("Une remorque allemande, GE-RS 4410, dans le champ.", "GE-RS 4410"),
        ("Immatriculée en Espagne (4471 KLM), elle revient.", "4471 KLM"),
        ("Plaque anglaise LB07 XKT sur le camion.", "LB07 XKT"),
    ],
)
def test_a_foreign_plate_is_found_where_a_word_announces_it(text: str, plate: str) -> None:
    assert [text[span.start : span.end] for span in find_personal_data(text)] == [plate]


@pytest.mark.parametrize(
    "text",
    [
        "On roule à plus de 300 en moyenne.",
        "Sa Clio 3, une BMW X5 et une Audi A4.",
        "Trop de 125 et de 50 cm3 le soir.",
    ],
)
def test_speeds_and_models_are_no_plates(text: str) -> None:
    assert find_personal_data(text) == []
