"""One door to a finished run: every question an analyst has takes a line, and a wrong word is refused with the right ones."""

from __future__ import annotations

import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import psq_analysis as psq
from psq_analysis.errors import BadInput
from psq_analysis.runs import rights
from small_runs import CLOSED, write_small_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("petite")
    write_small_run(out)
    return psq.open("petite", out=str(out))


def test_opening_the_door_loads_nothing_heavy():
    asked = "import sys, psq_analysis; print([name for name in ('pandas', 'numpy', 'yaml', 'sklearn', 'plotly') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_people_have_their_place_its_population_and_french_names_beside_codes(run):
    people = run.people.set_index("contribution_id")
    assert people.loc["c000", ["commune", "departement", "departement_label", "epci"]].tolist() == ["Auch (32)", "32", "Gers", "CA Grand Auch Cœur de Gascogne"]  # fmt: skip
    assert people.loc["c000", "population"] > 20_000
    assert people.loc["c000", ["commune_size", "themes", "themes_label"]].tolist() == ["20 000 à 49 999 hab.", "presence", "Présence sur la voie publique"]  # fmt: skip
    assert people.loc["c099", ["commune", "population"]].isna().all()
    assert people.loc["c001", CLOSED] == "Non"


@pytest.mark.parametrize(
    ("only", "n"),
    [
        ("voix=élus", 34),
        ("VOIX = elus", 34),
        ("departement=32", 50),
        ("département=Gers; voix=élus", 34),
        ("departement=32,974; voix=élus,habitants", 69),
        ("commune=Auch", 36),
        ("taille de la commune=20 000 à 49 999 hab.", 36),
        ("population<20000", 14),
        ("voix!=élus", 66),
        (f'"{CLOSED}"=Oui', 50),
        ("satisfait=oui", 50),
        ({"voix": ["élus", "commerçants"]}, 50),
    ],
)
def test_a_filter_keeps_those_who_fit_all_its_conditions(run, only, n):
    assert set(run.shares(only=only)["respondents"]) == {n}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda run: run.shares("teritoire"), "Colonne « teritoire » introuvable. Vouliez-vous dire"),
        (lambda run: run.shares(only="voix=élux"), "Voix « élux » introuvable. Vouliez-vous dire « élus »"),
        (lambda run: run.shares(scheme="themme"), "Famille de codes « themme » introuvable"),
        (lambda run: run.find(theme="presense"), "Thème « presense » introuvable. Vouliez-vous dire « presence"),
        (lambda run: run.contrasts("departement", ["Gers", "Réunnion"]), "Vouliez-vous dire « 974 (La Réunion) »"),
        (lambda run: run.contrasts("departement", ["Gers", "32"]), "deux groupes différents"),
        (lambda run: run.around("zz"), "introuvable ou trop courte"),
        (lambda run: run.shares(only="commune=Condom; voix=commerçants"), "moins de 11 répondants"),
        (lambda run: run.find("nuit").export("nuit.pdf"), "terminez le nom par .xlsx ou .csv"),
        (lambda run: run.find('"'), "illisible"),
        (lambda run: run.people.chart(), "pas de figure"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused_in_french_with_the_nearest(run, call, said):
    with pytest.raises(BadInput) as refused:
        call(run)
    assert said in str(refused.value)


def test_an_unknown_analysis_is_refused_with_the_nearest(run):
    with pytest.raises(BadInput, match="Vouliez-vous dire « petite »"):
        psq.open("petitte", out=str(run.files.out))


def test_counts_over_everyone_are_exact_and_those_of_a_filter_are_moved_as_any_group(run, exact_counts):
    overall = run.shares().set_index("code")
    assert overall.loc[["presence", "acces", "adaptation"], "mentions"].tolist() == [34, 50, 16]
    by_voice = run.shares("voix").set_index(["code", "group"])["mentions"]
    assert by_voice["presence", "élus"] == 33  # all of them: told as all but two at most
    assert by_voice["presence", "habitants"] == 1  # none: told as two at most


def test_numbers_of_a_filter_never_move_by_more_than_three_and_not_twice_differently(run):
    first, again = run.shares(only="departement=32"), run.shares(only="département=Gers")
    moved = first.set_index("code")["mentions"]
    assert abs(int(moved["presence"]) - 34) <= 3
    assert moved.tolist() == again["mentions"].tolist()
    by_department = run.shares("departement")
    inside = by_department[by_department["group"] == "32"].set_index("code")["mentions"]
    assert inside["presence"] == moved["presence"]


def test_a_group_of_too_few_is_there_without_numbers(run):
    rows = run.shares("commune*voix", only="voix=élus,commerçants", scheme="thème")
    assert rows["is_shown"].all()
    few = psq.open("petite", out=str(run.files.out), min_cell=15).shares("commune", only="departement=32")
    hidden = few[few["group"] == "Condom (32)"]
    assert not hidden["is_shown"].any()
    assert hidden[["respondents", "mentions", "share"]].isna().all(axis=None)


def test_theme_and_tone_are_crossed_idea_by_idea(run, exact_counts):
    crossed = run.shares(scheme="thème*intention").set_index("code")["mentions"]
    assert crossed["presence × proposition"] == 34
    assert crossed["presence × constat_negatif"] == 0


def test_two_departments_are_compared_with_each_other_alone(run, exact_counts):
    rows = run.contrasts("departement", ["Gers", "La Réunion"])
    assert set(rows["group_a_label"]) | set(rows["group_b_label"]) == {"Gers", "La Réunion"}
    presence = rows.set_index("code").loc["presence"]
    assert presence["difference"] == pytest.approx(
        34 / 50 - 1 / 35
    )  # none in La Réunion, told as two at most
    assert "Gers" in rows._repr_html_()


def test_the_demands_of_a_place_are_counted(run, exact_counts):
    rows = run.shares(scheme="demande", only="epci=Grand Auch")
    assert rows[["label", "respondents", "mentions"]].values.tolist() == [["Des patrouilles la nuit", 36, 20]]


def test_words_of_one_place_are_no_words_of_a_group(run):
    """All officials of this run are of two communes and say the same: nothing tells the group from the place."""
    words = run.words("voix")
    assert words.empty
    assert "rien à montrer" in words._repr_html_()
    with pytest.raises(BadInput, match="Rien à dessiner"):
        words.chart()


@pytest.mark.parametrize(
    ("criteria", "n"),
    [
        ({"words": "patrouille"}, 34),
        ({"words": "eclairent la rue"}, 16),
        ({"words": "ECLAIRAGE"}, 0),
        ({"words": "commer*"}, 16),
        ({"words": "nuit OU soir"}, 84),
        ({"words": "(nuit OU soir) SAUF accueil"}, 34),
        ({"words": "SAUF accueil"}, 50),
        ({"words": '"patrouille la nuit"'}, 34),
        ({"words": "« nuit patrouille »"}, 0),
        ({"theme": "Présence sur la voie publique"}, 34),
        ({"theme": "presence,acces"}, 84),
        ({"tone": "proposition", "only": "voix=commerçants"}, 16),
        ({"demand": "patrouilles"}, 34),
        ({"question": "attendez"}, 100),
        ({"score": 0.95}, 0),
        ({"words": "soir", "only": "departement=974", "most": 5}, 5),
    ],
)
def test_a_search_finds_what_all_its_criteria_hold(run, criteria, n):
    assert len(run.find(**criteria)) == n


def test_what_is_found_tells_its_total_where_it_is_said_and_is_marked(run, exact_counts):
    found = run.find("rues OU soir")
    assert found.total == "66\xa0remarques trouvées, de 66\xa0répondants."
    shares = found.distribution("voix").set_index("group")["share"]
    assert shares[["élus", "commerçants", "habitants"]].tolist() == [
        1 / 34,
        15 / 16,
        49 / 50,
    ]  # « two at most », « all but two at most »
    assert "<mark>rues</mark>" in found._repr_html_()


def test_a_workbook_keeps_references_and_runs_nothing(run, tmp_path):
    found = run.find("rue", only="voix=commerçants")
    found.loc[0, "text"] = "=1+1"
    sheet = openpyxl.load_workbook(found.export(tmp_path / "rues.xlsx")).active
    assert sheet.max_row == 17
    heads = [cell.value for cell in sheet[1]]
    assert {"Référence", "Remarque", "Fichier", "Ligne"} <= set(heads)
    assert sheet.cell(2, heads.index("Remarque") + 1).value == "'=1+1"
    first = pd.read_csv(found.export(tmp_path / "rues.csv"), sep=";", dtype=str)
    assert len(first) == 16


def test_a_reference_opens_the_contribution_the_similar_ones_and_the_reasons_of_its_codes(run):
    reference = run.find("patrouille").first_reference
    assert run.around(reference)["text"].tolist() == ["Des patrouilles la nuit, à pied"]
    similar = run.similar(reference)
    assert similar["text"].is_unique
    assert similar["similarity"].is_monotonic_decreasing
    assert run.similar("Éclairer les rues")["text"].iloc[0] == "Éclairer les rues commerçantes"
    reasons = run.why(reference)
    presence = reasons[(reasons["kind"] == "Thème") & (reasons["label"] == "Présence sur la voie publique")]
    assert presence["expression"].str.contains("patrouill").any()
    assert presence["weight"].between(0, 1).all()
    assert reasons["kind"].iloc[-1] == "Remarque codée la plus proche"


def test_the_index_is_made_again_when_the_tables_change_and_goes_with_what_is_erased(tmp_path):
    files = write_small_run(tmp_path)
    assert len(psq.open("petite", out=str(tmp_path)).find("patrouille")) == 34
    rights.forget(files.processed, ["c000"])
    assert not list(files.processed.glob("recherche.*"))
    assert len(psq.open("petite", out=str(tmp_path)).find("patrouille")) == 33


def test_tables_show_themselves_in_french(run):
    for table in (run.people, run.remarks, run.ideas, run.demands, run.columns, run.codes, run.shares("voix")):  # fmt: skip
        assert "<caption>" in table._repr_html_()
    assert "territoires ruraux" in run.shares("territoire")._repr_html_().lower()
    assert run.shares("voix").chart().layout.meta["table"]["rows"]
    assert isinstance(run.people[["commune"]].head(), pd.DataFrame)
