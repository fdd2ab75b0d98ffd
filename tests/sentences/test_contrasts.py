"""Contrasts in words: one sentence for several, nothing turned round, no number without its interval, its n and its q."""

from __future__ import annotations

import re

import lxml.html
import pandas as pd
import pytest

from psq_analysis.comparison import contrasts as comparison_contrasts
from psq_analysis.comparison import omnibus, shares
from psq_analysis.disclosure import small_cells
from psq_analysis.report import contrasts as report_contrasts
from psq_analysis.sentences import contrasts as sentences_contrasts
from psq_analysis.tables import selections

NAMES = {("theme", "presence"): "Présence sur la voie publique", ("theme", "acces"): "Accès"}
CODES = {"theme": ["presence", "acces"]}


def _run(mentions: dict[str, tuple[int, int, int]], *, grouping: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Prevalence and contrasts of groups given as n, who speak of presence, who speak of access."""
    people, said = [], []
    for group, (n, presence, access) in mentions.items():
        for rank in range(n):
            who = f"{group}{rank}"
            people.append((who, group))
            said += [(who, "theme", "presence")] * (rank < presence) + [(who, "theme", "acces")] * (rank >= n - access)  # fmt: skip
    respondents = pd.DataFrame(people, columns=["contribution_id", grouping])
    codes = pd.DataFrame(said, columns=["contribution_id", "scheme", "code"])
    prevalence = small_cells.suppress(
        shares.shares(codes, respondents, codes=CODES, groupings=["all", grouping])
    )
    return prevalence, comparison_contrasts.contrasts(selections.comparable(prevalence))


@pytest.fixture(scope="module")
def three_territories() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Presence: 80 % in the countryside, 30 and 32 % elsewhere; access: 40 % everywhere."""
    return _run(
        {"urbain": (100, 30, 40), "periurbain": (100, 32, 40), "rural": (100, 80, 40)}, grouping="territory"
    )


def test_one_subject_against_several_territories_is_told_in_one_sentence(three_territories):
    prevalence, contrasts = three_territories
    assert (contrasts["verdict"].isin(selections.HOLDS)).sum() == 2
    told, last = sentences_contrasts.contrast_sentences(contrasts, prevalence, "territory", NAMES)
    assert told.startswith(
        "« Présence sur la voie publique » revient plus souvent dans les réponses des territoires ruraux que dans celles des quartiers urbains (+50\xa0points ["
    )
    assert "et des zones péri-urbaines (+48\xa0points [" in told
    assert told.count("n = 100 et 100, q < 0,001") == 2
    assert last.startswith("2\xa0écarts annoncés sur 6\xa0comparaisons")


def test_a_contrast_seen_from_the_other_group_keeps_its_interval():
    row = pd.Series({"group_a": "urbain", "group_b": "rural", "difference": -0.2, "low": -0.3, "high": -0.1, "verdict": "less_often"})  # fmt: skip
    seen = sentences_contrasts._seen_from(row, "rural")
    assert (seen["group_a"], seen["group_b"], seen["verdict"]) == ("rural", "urbain", "more_often")
    assert (seen["difference"], seen["low"], seen["high"]) == (0.2, 0.1, 0.3)


def test_what_a_voice_says_more_and_less_than_the_others_is_one_sentence():
    prevalence, contrasts = _run(
        {"élus": (60, 48, 12), "habitants": (140, 40, 90), "gendarmes": (60, 20, 30)}, grouping="stakeholder"
    )
    told = sentences_contrasts.contrast_sentences(contrasts, prevalence, "stakeholder", NAMES)
    (mayors,) = [one for one in told if one.startswith("Les élus (n = 60) parlent")]
    assert "plus souvent que les autres (n = 200) de « Présence » (+" in mayors
    assert "; moins souvent de « Accès » (−" in mayors
    assert mayors.count("q < 0,001") == 2


def test_at_most_eight_sentences_are_told_and_the_table_is_pointed_at():
    voices = ["policiers", "gendarmes", "élus", "polices municipales", "transports", "associations", "commerçants", "habitants",
              "sécurité privée", "bailleurs et services sociaux"]  # fmt: skip
    counts = {voice: (200, 180 if rank % 2 else 20, 100) for rank, voice in enumerate(voices)}
    prevalence, contrasts = _run(counts, grouping="stakeholder")
    told = sentences_contrasts.contrast_sentences(contrasts, prevalence, "stakeholder", NAMES)
    assert len(told) == sentences_contrasts.MOST_SENTENCES + 1
    assert told[-1].endswith("Tous sont dans le tableau des comparaisons.")


def test_every_comparison_says_both_n_its_interval_and_what_would_go_unnoticed(three_territories):
    prevalence, contrasts = three_territories
    page = lxml.html.fromstring(str(report_contrasts.comparisons(prevalence, contrasts, NAMES)))
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath(".//tbody/tr")]
    assert len(rows) == 6
    for row in rows:
        assert re.fullmatch(r".+ \(n = 100\)", row[1])
        assert re.fullmatch(r"[+−]?\d+ \[[+−]?\d+ ; [+−]?\d+\]", row[3])
        assert (
            "plus souvent" in row[-1]
            or "moins souvent" in row[-1]
            or re.search(
                r"pas de différence décelable \(un écart de moins de \d+ points passerait inaperçu\)", row[-1]
            )
        )
    assert page.xpath(".//details/@open") == []
    assert "Territoire : 6 comparaisons, dont 2 écarts annoncés" in " ".join(page.text_content().split())


def test_the_global_question_is_answered_in_words_before_the_numbers():
    people = pd.DataFrame({"contribution_id": range(200), "territory": ["rural", "urbain"] * 100})
    speaks = people["contribution_id"][(people["territory"] == "rural") | (people["contribution_id"] > 150)]
    said = pd.DataFrame({"contribution_id": speaks, "scheme": "theme", "code": "presence"})
    evens = people["contribution_id"][people["contribution_id"] % 4 < 2]
    said = pd.concat(
        [said, pd.DataFrame({"contribution_id": evens, "scheme": "tone", "code": "proposition"})]
    )
    shown = report_contrasts.overall_differences(omnibus.omnibus(said, people))
    text = " ".join(lxml.html.fromstring(str(shown)).text_content().split())
    assert text.startswith(
        "D'un territoire à l'autre, les réponses diffèrent sur les thèmes (q < 0,001) ; aucune différence d'ensemble n'est décelable sur les intentions (q = 1"
    )
    assert "ThèmeTerritoire2200" in text
