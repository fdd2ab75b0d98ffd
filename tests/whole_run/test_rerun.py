"""One report for each group of a finished analysis, and the page that lists them."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from filelock import FileLock

from support import hashes, notebooks_run_here, psq, psq_here, text_of

pytestmark = pytest.mark.slow
PLACES = {"Auch": ("32000", 12), "Condom": ("32100", 7), "Saint-Denis": ("97400", 14), "Tarbes": ("65000", 5)}
SAID = (
    "Plus de patrouilles à pied le soir dans le centre.",
    "Il faut éclairer le parking derrière les halles, on n'y voit rien.",
    "La brigade est fermée quand on en a besoin.",
    "Les rodéos de moto la nuit nous empêchent de dormir.",
    "Un interlocuteur unique pour les maires.",
)
VOICES = ("Habitant", "Commerçant", "Élu")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A finished analysis of 38 people: 19 in the Gers, 14 on La Réunion, 5 elsewhere in Occitanie."""
    out = tmp_path_factory.mktemp("ensemble")
    voices = itertools.cycle(VOICES)
    pairs = itertools.cycle(itertools.combinations(SAID, 2))
    rows = [
        f"{postcode};{place};{next(voices)};{' '.join(next(pairs))}"
        for place, (postcode, people) in PLACES.items()
        for _ in range(people)
    ]
    file = out / "avis.csv"
    file.write_text(
        "\n".join(["Code postal;Commune;Vous êtes;Que faut-il changer ?", *rows]) + "\n", encoding="utf-8"
    )
    with notebooks_run_here():
        done = psq_here("run", file, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def by_departement(whole) -> Path:
    with notebooks_run_here():
        done = psq_here("rerun", "avis", "--by", "département", "--out", whole)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(whole / "reports/avis.departement/index.html")
    return whole


def test_each_group_large_enough_has_its_report_and_the_list_leads_to_it(by_departement):
    page = by_departement / "reports/avis.departement/index.html"
    links = lxml.html.parse(str(page)).getroot().xpath("//table//a/@href")
    assert sorted(links) == [
        "../avis.departement.gers/index.html",
        "../avis.departement.la-reunion/index.html",
    ]
    assert all((page.parent / link).is_file() for link in links)
    assert "Hautes-Pyrénées" in text_of(page)  # five people: told to have no report


def test_a_report_is_about_the_people_of_its_group_alone(by_departement):
    for part, people in (("gers", 19), ("la-reunion", 14)):
        flow = pd.read_parquet(by_departement / f"data/processed/avis.departement.{part}/flow.parquet")
        assert flow.set_index("step")["count"]["counted"] == people


def test_reading_and_coding_are_those_of_the_whole(by_departement):
    whole = hashes(by_departement / "data/processed/avis")
    for part in ("gers", "la-reunion"):
        own = hashes(by_departement / f"data/processed/avis.departement.{part}")
        assert {own[table] == whole[table] for table in ("contributions", "remarks", "ideas", "codes")} == {
            True
        }
        assert not (by_departement / f"data/processed/avis.departement.{part}/repris").exists()


def test_a_report_that_cannot_be_made_leaves_the_others_and_is_made_by_the_next_call(whole, by_departement):
    shutil.rmtree(whole / "reports/avis.departement.gers")
    before = hashes(whole / "data/processed/avis.departement.gers")
    with notebooks_run_here():
        with FileLock(whole / ".psq-avis.departement.gers.lock"):
            stopped = psq_here("rerun", "avis", "--by", "departement", "--out", whole)
        assert stopped.returncode == 3
        assert "Gers : à refaire" in stopped.stderr
        assert "La Réunion : déjà à jour" in stopped.stderr
        again = psq_here("rerun", "avis", "--by", "departement", "--out", whole)
    assert again.returncode == 0, again.stderr
    assert "Gers : publié" in again.stderr
    assert hashes(whole / "data/processed/avis.departement.gers") == before


def test_several_at_once_give_the_same_bytes(by_departement, tmp_path):
    shutil.copytree(by_departement / "data/processed/avis", tmp_path / "data/processed/avis")
    shutil.copytree(by_departement / "reports/avis", tmp_path / "reports/avis")
    done = psq("rerun", "avis", "--by", "departement", "--jobs", "2", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    for part in ("gers", "la-reunion"):
        name = f"data/processed/avis.departement.{part}"
        assert hashes(tmp_path / name) == hashes(by_departement / name)


DIES_ONCE = """
import os, signal, sys
from pathlib import Path
from psq_analysis.runs.workers import each

def dies_once(folder, number):
    mark = Path(folder) / str(number)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number

print(sorted(dict(each(dies_once, [(sys.argv[1], number) for number in range(3)], jobs=2)).items()))
"""


def test_a_process_that_is_lost_costs_its_own_task_only(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", DIES_ONCE, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[(0, 0), (1, 1), (2, 4)]", done.stderr


@pytest.mark.parametrize(("words", "told"), [
    (("gers", "--by", "departement"), "avis"), (("avis", "--by", "departemant"), "departement"),
    (("avis", "--by", "voix", "--values", "maires"), "maires"),
])  # fmt: skip
def test_a_wrong_name_is_refused_with_the_nearest(whole, words, told):
    done = psq_here("rerun", *words, "--out", whole)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
