"""What an analyst decides about demands is carried out, and what cannot be is said in French with its line."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.demands.decisions import apply, load_decisions
from psq_analysis.tables.decision_files import DecisionError

IDEAS = pd.Series(
    {"a": "Des patrouilles la nuit", "b": "Des patrouilles à pied", "c": "Des rondes", "d": "Des caméras"}
)
TABLE = pd.DataFrame(
    {
        "idea_id": list("abcd"),
        "demand_id": ["demande/patrouilles", "demande/patrouilles", "demande/rondes", "demande/cameras"],
        "label": ["Des patrouilles", "Des patrouilles", "Des rondes", "Des caméras"],
    }
)


def decide(tmp_path, text: str) -> pd.DataFrame:
    path = tmp_path / "names.yml"
    path.write_text(text, encoding="utf-8")
    return apply(TABLE, load_decisions(path), IDEAS, key="demand_id", kind="demande")


def why(**words: str) -> str:
    return ", ".join(
        f'{key}: "{value}"' for key, value in {**words, "reason": "relu", "source": "M. D."}.items()
    )


def test_a_demand_is_renamed(tmp_path):
    table = decide(
        tmp_path, "- {group: demande/cameras, do: rename, " + why(label="Filmer les entrées") + "}"
    )
    assert table.loc[table["idea_id"] == "d", "label"].tolist() == ["Filmer les entrées"]


def test_two_demands_become_one(tmp_path):
    table = decide(tmp_path, "- {group: demande/rondes, do: merge, " + why(into="demande/patrouilles") + "}")
    assert table["label"].tolist() == ["Des patrouilles"] * 3 + ["Des caméras"]


def test_a_demand_is_split_by_its_words(tmp_path):
    words = why(words="nuit", into="demande/nuit", label="Des patrouilles la nuit")
    table = decide(tmp_path, "- {group: demande/patrouilles, do: split, " + words + "}")
    assert table["demand_id"].tolist() == [
        "demande/nuit",
        "demande/patrouilles",
        "demande/rondes",
        "demande/cameras",
    ]


def test_a_group_is_found_by_a_sentence_it_holds(tmp_path):
    table = decide(tmp_path, "- {do: rename, " + why(holds="des CAMÉRAS", label="Filmer") + "}")
    assert table["label"].tolist()[-1] == "Filmer"


def test_a_group_this_run_does_not_have_changes_nothing(tmp_path):
    text = "- {group: demande/autre, do: rename, " + why(label="Autre chose") + "}"
    pd.testing.assert_frame_equal(decide(tmp_path, text), TABLE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n- {group: x, do: rename, label: Y, source: moi}", "names.yml, ligne 2 : il manque « reason »"),
        ("- {group: x, do: renomme, reason: r, source: s}", "« do: renomme » est inconnu"),
        ("- {group: x, do: merge, vers: y, reason: r, source: s}", "« vers » est inconnu"),
        ("- {do: rename, label: Y, reason: r, source: s}", "dites de quel groupe"),
        ("- {group: [", "le fichier ne se lit pas"),
        ("group: x", "une liste de décisions"),
        ("- {group: demande/rondes, do: split, words: jamais, into: z, label: Z, reason: r, source: s}", "aucune idée"),
        ("- {holds: patrouilles, do: rename, label: Y, reason: r, source: s}", "demande/patrouilles"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_carried_out_says_where_and_why(tmp_path, text, told):
    if "holds" in text:
        table = decide(tmp_path, text)
        assert (table.loc[table["demand_id"] == told, "label"] == "Y").all()
        return
    with pytest.raises(DecisionError, match=told):
        decide(tmp_path, text)
