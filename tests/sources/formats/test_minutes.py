"""Minutes of a meeting, by their agenda."""

from __future__ import annotations

import docx

from psq_analysis.sources import read_files
from small_exports import column_of


def test_minutes_without_heading_styles_are_read_by_their_agenda(tmp_path) -> None:
    document = docx.Document()
    for text in (
        "Réunion de proximité du 5 décembre 2017", "Ordre du jour", "1. Présence sur le terrain", "2. Accueil du public",
        "1. Présence sur le terrain", "Le maire de Pavie : Plus de patrouilles dans les hameaux.",
        "M. LABORDE, boulanger (Auch) indique : « On m'a volé deux fois la recette. »", "2. Accueil du public",
        "Les habitants demandent :", "- un accueil ouvert le soir ;", "- un interprète.", "Réponse de la préfecture : un essai sera fait.",
        "La séance est levée à 20 h.",
    ):  # fmt: skip
        document.add_paragraph(text)
    path = tmp_path / "cr.docx"
    document.save(str(path))
    intake = read_files([path])
    assert list(zip(intake.remarks["question"], intake.remarks["text"], strict=True)) == [
        ("Présence sur le terrain", "Plus de patrouilles dans les hameaux."),
        ("Présence sur le terrain", "On m'a volé deux fois la recette."),
        ("Accueil du public", "un accueil ouvert le soir ;"),
        ("Accueil du public", "un interprète."),
    ]
    assert column_of(intake, "stakeholder") == ["élus", "commerçants", "habitants", "habitants"]
    assert column_of(intake, "place_commune") == ["Pavie", "Auch", None, None]
    assert "LABORDE" not in intake.remarks.to_csv() + intake.rejects.to_csv()
