"""The sentences say what the tables carry and no more: ties, withheld shares, groups of one, nothing at all."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.comparison import contrasts as comparison_contrasts
from psq_analysis.proportions import wilson
from psq_analysis.respondents.design import design
from psq_analysis.sentences import contrasts as sentences_contrasts
from psq_analysis.sentences import key_findings, words
from psq_analysis.tables import selections
from psq_analysis.tables.schema import conform, empty

NAMES = {
    ("theme", "presence"): "Présence sur la voie publique",
    ("theme", "acces"): "Accès",
    ("theme", "confiance"): "Confiance",
    ("theme", "adaptation"): "Adaptation",
    ("theme", "hors_champ"): "Hors champ",
    ("objective", "connectee"): "Une police connectée",
}
CODES = {"theme": ["presence", "acces", "confiance", "adaptation", "hors_champ"], "objective": ["connectee"]}


def _prevalence(
    mentions: dict[str, int], n: int = 100, *, grouping: str = "all", group: str = "all"
) -> pd.DataFrame:
    """Shares of ``n`` respondents of one group, as published."""
    rows = [
        {
            "scheme": scheme,
            "code": code,
            "grouping": grouping,
            "group": group,
            "respondents": n,
            "mentions": mentions.get(code, 0),
        }
        for scheme, codes in CODES.items()
        for code in codes
    ]
    table = pd.DataFrame(rows)
    low, high = wilson(table["mentions"], table["respondents"])
    blank = dict.fromkeys(("share_corrected", "low_corrected", "high_corrected"), pd.NA)
    return conform(
        table.assign(share=table["mentions"] / n, low=low, high=high, edge="", is_shown=n >= 11, **blank),
        "prevalence",
    )


def _sentences(
    prevalence: pd.DataFrame,
    contrasts: pd.DataFrame | None = None,
    counted: int = 100,
    about: int = 100,
    tied: tuple[tuple[str, str], ...] = (),
) -> list[str]:
    """The findings of a report; ``about``: respondents who speak of at least one theme."""
    said = pd.DataFrame({"contribution_id": range(about), "scheme": "theme", "code": "presence"})
    hidden = ["respondents", "mentions", "share", "low", "high"]
    published = prevalence.assign(**{name: prevalence[name].where(prevalence["is_shown"]) for name in hidden})
    compared = _contrasts(published) if contrasts is None else contrasts
    return [
        one.sentence
        for one in key_findings.key_findings(
            published, compared, NAMES, said=said, counted=counted, tied=tied, min_cell=11
        )
    ]


def _contrasts(prevalence: pd.DataFrame) -> pd.DataFrame:
    """The contrasts of published shares, where nothing is known of clusters or questionnaires."""
    nobody = pd.DataFrame(
        {"contribution_id": [], "territory": [], "stakeholder": [], "cluster_kind": [], "record_key": []}
    )
    nothing = pd.DataFrame({"contribution_id": [], "scheme": [], "code": []})
    compared = selections.comparable(prevalence)
    groups = compared[compared["grouping"] != "all"].drop_duplicates("group")
    people = pd.DataFrame({"contribution_id": groups["group"], "territory": groups["group"]})
    alike = design(nothing, people if len(people) else nobody)
    return comparison_contrasts.contrasts(compared, nothing, people if len(people) else nobody, design=alike)


def test_a_clear_first_theme_is_named_with_its_number_interval_and_n():
    first = _sentences(_prevalence({"presence": 60, "acces": 20, "confiance": 15, "adaptation": 12}))[0]
    # Wilson 95 % for 60 of 100: 50.2 to 69.1 %, as R's prop.test(60, 100, correct = FALSE) prints
    assert (
        first
        == "« Présence sur la voie publique » est le sujet le plus cité : 60\u202f% des répondants en parlent [50\u202f; 69] (n = 100)."
    )


def test_a_lead_that_is_not_established_among_the_same_people_is_said_so():
    table = _prevalence({"presence": 45, "acces": 40, "confiance": 15, "adaptation": 12})
    first, second, *_ = _sentences(table, tied=(("theme", "presence"),))
    assert "sans que son avance sur « Accès » (40\u202f% [31\u202f; 50]) soit établie" in first
    assert "soit établie" not in second


def test_out_of_scope_is_said_first_when_it_leads():
    first = _sentences(
        _prevalence({"presence": 30, "hors_champ": 80, "acces": 20, "confiance": 15, "adaptation": 12})
    )[0]
    assert first.startswith("Le hors champ arrive en tête : 80\u202f% des répondants [71\u202f; 87]")


def test_one_respondent_gives_one_finding_in_the_singular():
    assert _sentences(_prevalence({"presence": 1}, n=1), counted=1) == [
        "Trop peu de répondants pour montrer une part : 1\xa0répondant, quand il en faut 11."
    ]


def test_when_nobody_speaks_of_the_grid_the_report_says_so():
    sentences = _sentences(_prevalence({}))
    assert sentences[0].startswith(
        "Personne, parmi les répondants, ne parle des sujets de la grille (n = 100)"
    )


def test_without_places_nor_voices_the_reader_is_told():
    sentences = _sentences(_prevalence({"presence": 60, "acces": 20}))
    assert (
        "Les fichiers ne disent pas d'où viennent les réponses : aucun territoire n'est comparé." in sentences
    )
    assert "Les fichiers ne disent pas qui répond : les voix ne sont pas comparées." in sentences


def test_one_known_territory_has_nothing_to_be_compared_with():
    both = [
        _prevalence({"presence": 60, "acces": 20}),
        _prevalence({"presence": 60, "acces": 20}, grouping="territory", group="rural"),
    ]
    prevalence = pd.concat(both, ignore_index=True)
    said = key_findings.nothing_differs(prevalence, empty("contrasts"), "territory")
    assert (
        said
        == "Un seul territoire compte assez de répondants : territoires ruraux (n = 100). Il n'y a rien à quoi le comparer."
    )


@pytest.fixture
def two_territories() -> pd.DataFrame:
    """Urban 75 of 100, rural 40 of 100: a difference of 35 points, Newcombe 21.4 to 46.7 (method 10, no correction)."""
    return pd.concat(
        [
            _prevalence({"presence": 115, "acces": 60, "confiance": 60, "adaptation": 60}, n=200),
            _prevalence(
                {"presence": 75, "acces": 30, "confiance": 30, "adaptation": 30},
                grouping="territory",
                group="urbain",
            ),
            _prevalence(
                {"presence": 40, "acces": 30, "confiance": 30, "adaptation": 30},
                grouping="territory",
                group="rural",
            ),
        ],
        ignore_index=True,
    )


def test_a_difference_that_holds_comes_with_its_interval_both_n_and_q(two_territories):
    (sentence,) = [one for one in _sentences(two_territories, counted=200) if "que dans celles" in one]
    assert (
        "plus souvent dans les réponses des quartiers urbains que dans celles des territoires ruraux"
        in sentence
    )
    # Newcombe 21.4 to 46.7, a little wider for the random keys
    assert "+35\xa0points [21\u202f; 47] (n = 100 et 100), q < 0,001." in sentence


def test_the_number_of_comparisons_is_said_after_the_differences(two_territories):
    contrasts = _contrasts(two_territories)
    said = sentences_contrasts.contrast_sentences(contrasts, two_territories, "territory", NAMES)
    assert said[-1].startswith(
        "1\xa0écart annoncé sur 5\xa0comparaisons de thèmes et d'objectifs, après correction sur les 5 comparaisons de l'analyse"
    )


def test_no_difference_says_what_would_have_gone_unnoticed(two_territories):
    same = two_territories.assign(mentions=two_territories["respondents"] * 3 // 10)
    same = same.assign(share=same["mentions"] / same["respondents"])
    said = key_findings.nothing_differs(same, _contrasts(same), "territory")
    assert said.startswith(
        "Aucune différence établie entre les territoires, sur 5\xa0comparaisons : on ne peut conclure ni à un écart, ni à des parts équivalentes"
    )
    assert said.endswith("points aurait pu passer inaperçu.")


@pytest.mark.parametrize(
    ("grouping", "group", "said"),
    [
        ("territory", "outre_mer", "d'outre-mer"), ("stakeholder", "others", "de l'ensemble des autres"), ("stakeholder", "élus", "des élus"),
        ("stakeholder", "sécurité privée", "de la sécurité privée"), ("overseas", "overseas", "d'outre-mer"), ("overseas", "mainland", "de l'Hexagone"),
        ("density_level", "1", "du groupe « niveau 1 (grands centres urbains) »"), ("wave", "2", "de la vague 2"),
        ("territory×stakeholder", "rural × élus", "du groupe « territoires ruraux × élus »"),
    ],
)  # fmt: skip
def test_a_group_takes_its_article(grouping, group, said):
    assert words.of_group(grouping, group) == said


def test_most_respondents_elsewhere_is_said_in_tenths_when_no_exact_share_may_be():
    prevalence = _prevalence({"presence": 20}, n=300)
    first, second, *_ = _sentences(prevalence, counted=300, about=21)
    assert (
        first
        == "Au moins 9 répondants sur dix ne parlent d'aucun thème de la grille : leurs réponses portent sur autre chose (n = 300)."
    )
    assert second.startswith("« Présence sur la voie publique » est le sujet le plus cité")
    assert "sur dix" not in " ".join(_sentences(prevalence, counted=100, about=5))


def test_a_quoted_name_takes_inner_quotation_marks():
    names = NAMES | {("theme", "presence"): "Une police « sur-mesure »"}
    row = selections.subjects(_prevalence({"presence": 60}), "theme").iloc[0]
    assert words.quoted(names, row) == "Une police “sur-mesure”"
