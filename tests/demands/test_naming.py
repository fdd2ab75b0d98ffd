"""The name of a group of ideas: said by several, understood alone, never one writer's case."""

from __future__ import annotations

import pytest

from psq_analysis.demands.naming import Wording, name


def _named(said: dict[str, int], *, group: str, **how: bool) -> str | None:
    """Name a group from phrases and how many people said each; its words are those of ``group``."""
    wordings = [
        Wording(text, 0, f"{at}-{number}")
        for at, (text, people) in enumerate(said.items())
        for number in range(people)
    ]
    return name(wordings, may_be_quoted=lambda text: True, common=set(group.split()).__contains__, **how)


@pytest.mark.parametrize(
    ("said", "group", "how", "wanted"),
    [
        # one writer's long phrase among many names nobody else
        ({"Intervenir": 19, "intervenir ne plus": 1, "intervenir en groupe": 1}, "intervenir", {"is_alone": True}, "Intervenir"),
        ({"payer": 5, "faire payer les casseurs": 3, "payer les dégâts": 1}, "payer", {"is_alone": True}, "Faire payer les casseurs"),
        # the place and the time of one case are left out; what all say stays
        ({"une ronde à l'arrivée du train": 1, "une ronde à la fermeture des bars": 1}, "ronde", {"is_brief": True, "is_cut": True}, "Une ronde"),
        ({"éducation civique à l'école": 2, "l'école": 1}, "eduquer education ecole", {"is_cut": True}, "Éducation civique à l'école"),
        # a phrase of thin words means something too
        ({"donner les moyens": 4, "mettre de l'argent": 1}, "moyen donner argent mettre", {}, "Donner les moyens"),
        # a verb that needs its object keeps it
        ({"répondre": 2, "répondre au courrier": 1}, "repondre", {}, "Répondre au courrier"),
    ],
)  # fmt: skip
def test_a_group_is_named_by_what_several_say(said, group, how, wanted):
    assert _named(said, group=group, **how) == wanted
