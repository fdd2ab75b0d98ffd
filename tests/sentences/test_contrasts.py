"""Contrasts in words: one sentence for several, nothing turned round, no number without its interval, its n and its q."""

from __future__ import annotations

import re

import lxml.html
import pandas as pd
import pytest

from consultations import published
from psq_analysis.report import differences
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
    return published(codes, respondents, codes=CODES, groupings=["all", grouping])


@pytest.fixture
def three_territories(exact_counts: None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Presence: 80 % in the countryside, 30 and 32 % elsewhere; access: 40 % everywhere."""
    return _run(
        {"urbain": (100, 30, 40), "periurbain": (100, 32, 40), "rural": (100, 80, 40)}, grouping="territory"
    )


def test_one_subject_against_several_territories_is_told_in_one_sentence(three_territories):
    prevalence, contrasts = three_territories
    assert len(selections.announced(contrasts)) == 2
    told, last = sentences_contrasts.contrast_sentences(contrasts, prevalence, "territory", NAMES)
    assert told.startswith(
        "« Présence sur la voie publique » revient plus souvent dans les réponses des territoires ruraux que dans celles des quartiers urbains (+50\xa0points ["
    )
    assert "et des zones péri-urbaines (+48\xa0points [" in told
    assert told.count("n = 100 et 100, q < 0,001") == 2
    assert last.startswith("2\xa0écarts annoncés sur 6\xa0comparaisons")


def test_a_contrast_seen_from_the_other_group_keeps_its_interval():
    row = pd.Series({"group_a": "urbain", "group_b": "rural", "difference": -0.2, "low": -0.3, "high": -0.1})  # fmt: skip
    seen = sentences_contrasts._seen_from(row, "rural")
    assert (seen["group_a"], seen["group_b"]) == ("rural", "urbain")
    assert (seen["difference"], seen["low"], seen["high"]) == (0.2, 0.1, 0.3)


def test_what_a_voice_says_more_and_less_than_the_others_is_one_sentence(exact_counts):
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
    page = lxml.html.fromstring(str(differences.comparisons(prevalence, contrasts, NAMES)))
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath(".//tbody/tr")]
    assert len(rows) == 6
    for row in rows:
        assert re.fullmatch(r".+ \(n = 100\)", row[1])
        assert re.fullmatch(r"[+−]?\d+ \[[+−]?\d+ ; [+−]?\d+\]", row[3])
        assert (
            "plus souvent" in row[-1]
            or "moins souvent" in row[-1]
            or re.search(
                r"parts équivalentes|on ne peut conclure \(un écart de moins de \d+ points aurait pu passer inaperçu\)",
                row[-1],
            )
        )
    assert page.xpath(".//details/@open") == []
    assert "Territoire : 6 comparaisons, dont 2 écarts annoncés" in " ".join(page.text_content().split())


def test_a_difference_of_questionnaires_is_not_told_as_one_of_people(exact_counts):
    """Officers answer another questionnaire, in which everybody speaks of equipment; where both were asked the same, they agree."""
    rows = []
    for voice, questionnaire, size, speak in (
        ("policiers", "A", 60, 50),
        ("policiers", "B", 40, 8),
        ("habitants", "B", 200, 40),
    ):
        rows += [(f"{voice}{questionnaire}{n}", voice, questionnaire, n < speak) for n in range(size)]
    people = pd.DataFrame(rows, columns=["contribution_id", "stakeholder", "questionnaire", "speaks"])
    said = people.loc[people["speaks"], ["contribution_id"]].assign(scheme="theme", code="presence")
    prevalence, contrasts = published(said, people, codes=CODES)
    assert selections.announced(contrasts)["within_source"].eq(False).all()
    told = sentences_contrasts.contrast_sentences(contrasts, prevalence, "stakeholder", NAMES)
    assert any(text.startswith("Tiennent au questionnaire") for text in told)
    assert not any("parlent plus souvent" in text for text in told)
