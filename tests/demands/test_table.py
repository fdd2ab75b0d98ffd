"""The table of demands, on sentences a person could have written."""

from __future__ import annotations

import pandas as pd

from psq_analysis.demands.table import find_demands

SAID = [
    ("ana", "Il faudrait plus de patrouilles à pied.", "proposition", None),
    ("bob", "Des patrouilles à pied le soir.", "proposition", None),
    ("cléa", "Patrouiller à pied dans le village", "proposition", None),
    ("dan", "Installer des caméras", "proposition", None),
    ("eve", "Pas de caméras chez nous", "proposition", None),
    ("fred", "On a attendu deux heures au guichet.", "constat_negatif", None),
    ("gus", "J'ai attendu trois heures sur un banc.", "constat_negatif", None),
    ("hugo", "Bravo aux gendarmes, toujours à l'écoute.", "constat_positif", None),
    ("iris", "Nous demandons la réouverture de la brigade la nuit.", "proposition", "campagne-1"),
    ("jean", "Nous demandons la réouverture de la brigade la nuit.", "proposition", "campagne-1"),
]


def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    names = [who for who, *_ in SAID]
    ideas = pd.DataFrame({"idea_id": names, "remark_id": names, "text": [text for _, text, *_ in SAID]})
    remarks = pd.DataFrame(
        {
            "remark_id": names,
            "contribution_id": names,
            "is_noise": False,
            "campaign_id": [said[3] for said in SAID],
        }
    )
    codes = pd.DataFrame(
        {"idea_id": names, "scheme": "tone", "code": [said[2] for said in SAID], "score": 1.0}
    )
    return ideas, remarks, codes


def found() -> pd.DataFrame:
    return find_demands(*tables(), may_be_quoted=lambda text: True)


def of(who: str) -> set[str]:
    table = found()
    return set(table.loc[table["idea_id"] == who, "demand_id"])


def test_three_who_ask_for_patrols_on_foot_ask_for_one_thing():
    assert of("ana") & of("bob") & of("cléa")


def test_no_cameras_is_not_cameras():
    assert of("dan")
    assert not of("dan") & of("eve")


def test_complaints_praise_and_demands_stand_apart():
    table = found().set_index("idea_id")["kind"]
    assert set(table.loc["fred"] if isinstance(table.loc["fred"], pd.Series) else [table.loc["fred"]]) == {
        "irritant"
    }
    assert of("fred") & of("gus")
    assert (table.loc[["hugo"]] == "satisfaction").all()
    assert (table.loc[["ana"]] == "demande").all()


def test_a_petition_is_one_demand_named_by_what_it_asks():
    table = found()
    signed = table[table["idea_id"].isin(["iris", "jean"])]
    assert signed["demand_id"].unique().tolist() == ["demande/campagne-1"]
    assert signed["label"].iloc[0].startswith("La réouverture de la brigade")


def test_the_order_of_rows_changes_nothing():
    ideas, remarks, codes = tables()
    turned = find_demands(ideas[::-1], remarks[::-1], codes[::-1], may_be_quoted=lambda text: True)
    pd.testing.assert_frame_equal(turned, found())
