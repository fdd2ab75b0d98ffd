"""The answers of a scale stand in its order, whatever its words; what is no scale is left as it is."""

from __future__ import annotations

import itertools

import pytest

from psq_analysis.text.scales import in_order

SCALES = [
    ["Oui, tout à fait", "Oui, plutôt", "Non, plutôt pas", "Non, pas du tout", "Ne sait pas"],
    ["Tout à fait", "Plutôt oui", "Plutôt non", "Pas du tout"],
    ["Toujours", "Souvent", "Parfois", "Rarement", "Jamais"],
    ["Tout à fait en sécurité", "Plutôt en sécurité", "Plutôt en insécurité", "Très en insécurité"],
    ["Tout à fait d'accord", "D'accord", "Ni d'accord ni pas d'accord", "Pas d'accord", "Pas du tout d'accord", "Sans opinion"],
    ["Très bon", "Bon", "Moyen", "Mauvais", "Très mauvais"],
    ["Moins de 18 ans", "18-24 ans", "25-34 ans", "35-64 ans", "65 ans et plus"],
    ["Moins de 6 mois", "De 6 mois à 1 an", "De 1 à 10 ans", "Plus de 10 ans", "Non concerné"],
    ["0", "1", "2", "9", "10"],
]  # fmt: skip


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale[0])
def test_a_scale_comes_back_in_its_order_from_any_other(scale):
    for shuffled in itertools.islice(itertools.permutations(scale), 0, None, 17):
        assert in_order(shuffled) == scale


@pytest.mark.parametrize(
    "answers",
    [["Cambriolages", "Bruit et incivilités"], ["Plus de patrouilles", "Commissariat"], ["Ne sait pas"]],
)
def test_subjects_are_no_scale(answers):
    assert in_order(answers) is None
