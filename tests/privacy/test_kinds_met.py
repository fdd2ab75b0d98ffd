"""Personal data in the layouts strangers wrote it: texts of our own."""

import pytest

from psq_analysis.privacy.mask import find_personal_data


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_personal_data(text)]


@pytest.mark.parametrize(("text", "datum"), [
    ("Écrire à : Appt 7, 12 rue des Tilleuls.", "Appt 7, 12 rue des Tilleuls"),
    ("Mon frère vit Bât. B, 8 allée des Roses ; le hall est squatté.", "Bât. B, 8 allée des Roses"),
    ("Il est parti en Kangoo GB 417 LE, sans phares.", "GB 417 LE"),
    ("De : Castaing, Odile <boutique@exemple.example>", "Castaing, Odile"),
    ("Épouse de Dargelos, le garde, je l'attends chaque nuit.", "Dargelos"),
    ("la fille de madame mercier a ete suivie hier soir", "mercier"),
    ("Le couple Marques se dispute dans l'escalier.", "Marques"),
    ("L'agent RIO 1 284 531 m'a tutoyé.", "1 284 531"),
    ("Patrice, dit Patoche, vend au pied de la tour.", "Patoche"),
    ("Lucien Bordes (dit le Corbeau) écrit au maire.", "Corbeau"),
    ("Elle vit lot. Les Filaos, villa 12, près de la plage.", "lot. Les Filaos, villa 12"),
    ("Elle vit lotissement Les Filaos, pavillon 7.", "lotissement Les Filaos, pavillon 7"),
    ("Loge imm. Les Tourterelles, esc. D, pte 9, depuis mars.", "imm. Les Tourterelles, esc. D, pte 9"),
])  # fmt: skip
def test_a_datum_is_found_whole(text, datum) -> None:
    assert any(datum in one for one in _found(text)), _found(text)


@pytest.mark.parametrize("text", [
    "Entendu sur France Bleu Gascogne hier matin.",
    "La facture est de 300 HT pour la caméra.",
    "Témoin n° 1 : le gardien du lotissement. Témoin n° 2 : une dame.",
    "un monsieur sage et une madame jeune attendent monsieur facteur",
    "Des rondes, 6 soirs / semaine, 7 j / 7, 365 j par an. C tou.",
    "Les rodéos à Ti Bras durent toute la nuit.",
    "La cité Gambetta et les villas voisines, un lot. Rien à dire de la villa du maire.",
    "Il reste 1 284 531 m de tuyaux à poser.",
    "La famille du bourg et les Familles Rurales demandent une salle.",
    "La consigne dit le Maire, c'est de ne rien faire.",
    "France Travail ne répond plus au guichet.",
])  # fmt: skip
def test_nothing_is_taken_for_a_person_or_a_place_of_one(text) -> None:
    assert _found(text) == []
