"""The codebook is checked whole, and every mistake names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from psq_analysis.coding.codebook_file import BadCodebook, load_codebook
from psq_analysis.coding.codebook_matches import Reading

SOUND = """\
title: Essai
lists:
  forces: [police, gendarme]
questions:
  rue:
    asks: [rue]
    scope: 0.5
    theme: presence
schemes:
  theme:
    label: Thèmes
    multiple: true
    codes:
      presence:
        label: Présence
        definition: Voir des agents dehors.
        belongs: patrouilles
        excludes: guichet
        seeds:
          - plus de <forces>
          - pattern: patrouill*
            question: rue
            unless: [pain]
        examples: [Plus de patrouilles.]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "grille.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_codebook_has_the_themes_and_objectives_of_the_consultation(project: Path) -> None:
    codebook = load_codebook(project / "data/manual/codebook.yml")
    assert codebook.codes("theme") == (
        "presence",
        "efficacite",
        "confiance",
        "partenaires",
        "acces",
        "adaptation",
        "hors_champ",
    )
    assert codebook.codes("objective") == (
        "sur_mesure",
        "connectee",
        "respectee",
        "partenariale",
        "recentree",
    )
    assert codebook.codes("fundamental") == ("besoins", "protection", "resolution")
    assert codebook.codes("tone") == ("constat_negatif", "constat_positif", "proposition", "neutre")
    assert codebook.label("theme", "acces") == "Accès du public au service de la sécurité"
    assert codebook.labels("theme")["autre"] == "Autre"


def test_a_sound_codebook_loads(tmp_path: Path) -> None:
    codebook = load_codebook(write(tmp_path, SOUND))
    assert codebook.code("theme", "presence").seeds[1].question == ("rue",)


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("excludes: guichet", "exclude: guichet", 18, "exclude"),
        ("label: Présence", "label: Présence\n        couleur: bleu", 16, "couleur"),
        ("multiple: true", "multiple: souvent", 12, "multiple"),
        ("question: rue", "question: gare", 21, "gare"),
        ("theme: presence", "theme: accueil", 8, "accueil"),
        ("plus de <forces>", "plus de <agents>", 20, "agents"),
        ("plus de <forces>", "plus (de", 20, "parenthèse"),
        ("plus de <forces>", "…", 20, "aucun mot"),
        ("plus de <forces>", "dans la", 20, "presque tout"),
        ("plus de <forces>", "p*", 20, "presque tout"),
        ("unless: [pain]", "unless: [patrouill*]", 21, "rien reconnaître"),
        ("examples: [Plus de patrouilles.]", "examples: []", 24, "vide"),
        ("  theme:\n    label", "  themes:\n    label", 10, "themes"),
        ("        examples: [Plus de patrouilles.]\n",
         "        examples: [Plus de patrouilles.]\n      presence:\n        label: Encore\n", 25, "deux fois"),
        ("title: Essai", "title: [Essai", 2, "YAML"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_what_is_wrong(
    tmp_path: Path, before: str, after: str, line: int, word: str
) -> None:
    assert before in SOUND
    with pytest.raises(BadCodebook) as caught:
        load_codebook(write(tmp_path, SOUND.replace(before, after)))
    assert f"ligne {line} :" in str(caught.value)
    assert word in str(caught.value)


def test_a_file_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadCodebook, match=r"absente\.yml : le fichier ne se lit pas"):
        load_codebook(tmp_path / "absente.yml")


def test_codes_with_a_name_and_one_line_each_work_at_once(tmp_path: Path) -> None:
    text = """
title: Voirie
schemes:
  theme:
    label: Thèmes
    multiple: true
    codes:
      eclairage: {label: Éclairage public, definition: "Lampadaires, rues sombres."}
      trottoirs: {label: Trottoirs, definition: "Revêtement, largeur, poussettes."}
      pistes: {label: Pistes cyclables}
      hors_champ: {label: Hors champ}
"""
    codebook = load_codebook(write(tmp_path, text))
    remarks = [
        "Les trottoirs sont défoncés",
        "Des pistes cyclables partout",
        "Rues sombres, lampadaires en panne",
    ]
    scores = Reading.of(codebook, remarks, [""] * len(remarks)).claims("theme")
    assert scores[["eclairage", "trottoirs", "pistes"]].idxmax(axis=1).tolist() == [
        "trottoirs",
        "pistes",
        "eclairage",
    ]
    assert (scores[["trottoirs", "pistes"]].max(axis=1).iloc[:2] >= 0.6).all()
    assert (scores["hors_champ"] == 0).all()
