"""A whole run on hostile files: remarks, questions, columns, communes, file names, codebook and title; nothing of it runs."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from support import psq

pytestmark = pytest.mark.slow
SCRIPT = "<script>window.ran=1</script>"
IMAGE = "<img src=x onerror=window.ran=1>"
SAID = "Il faut plus de patrouilles à pied la nuit dans le quartier."
PAGES = ("index", "01_clean", "02_cluster", "03_compare")


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory, shared, project) -> Path:
    """Every payload in a remark, half of them after a sentence that has a theme; the folder of the reports."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = (shared / "xss/payloads_dev.jsonl").read_text(encoding="utf-8").splitlines()
    payloads = [json.loads(line)["payload"] for line in lines]
    export = folder / f"{IMAGE} $x$ {{{{7*7}}}}.csv"
    with export.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ["id", "commune", f"Que demandez-vous ? {SCRIPT}", f"Autre chose ${{x}} {IMAGE}", "Vous êtes"]
        )
        for number, (payload, other) in enumerate(zip(payloads[::2], payloads[1::2], strict=False)):
            place = f"Villeneuve {IMAGE}" if number % 2 else f"Bourg {SCRIPT}"
            voice = ("Gendarme", "Habitant", "Élu")[number % 3]
            rows.writerow([number, place, payload, f"{SAID} {other}", voice])
    communes = folder / "communes.csv"
    communes.write_text(
        "code,name,density_level,population,postcodes\n"
        f"32001,Villeneuve {IMAGE},6,300,32100\n31999,Bourg {SCRIPT},1,9000,31100\n",
        encoding="utf-8",
    )
    manual = shutil.copytree(project / "data/manual", folder / "manual")
    codebook = manual / "codebook.yml"
    grid = codebook.read_text(encoding="utf-8")
    grid = re.sub(
        r"(?m)^(\s+label: )(.+)$",
        lambda found: f"{found[1]}'{SCRIPT} {found[2].replace(chr(39), chr(39) * 2)} {IMAGE}'",
        grid,
    )
    grid = re.sub(r"(?m)^(title: ).*$", lambda found: f"{found[1]}'Grille {SCRIPT} {IMAGE}'", grid)
    codebook.write_text(grid, encoding="utf-8")
    human = folder / f"relu {IMAGE}.jsonl"
    coded = [{"remark": f"{SAID} {payload}", "themes": ["presence"], "objectives": [], "by": payload, "reason": payload, "on": SCRIPT}
             for payload in payloads[1::2]]  # fmt: skip
    human.write_text("\n".join(json.dumps(row) for row in coded) + "\n", encoding="utf-8")
    contours = folder / f"contours {IMAGE}.geojson"
    square = [[0.0, 43.5], [1.5, 43.5], [1.5, 44.0], [0.0, 44.0], [0.0, 43.5]]
    outline = {"type": "Feature", "properties": {"name": IMAGE, SCRIPT: SCRIPT}, "geometry": {"type": "Polygon", "coordinates": [square]}}  # fmt: skip
    contours.write_text(
        json.dumps({"type": "FeatureCollection", "name": SCRIPT, "features": [outline]}), encoding="utf-8"
    )
    done = psq(
        "run", export, "--out", folder / "out", "-p", "name", "hostile", "-p", "title", f"Titre {SCRIPT} {IMAGE}",
        "-p", "codebook", codebook, "-p", "territories", communes, "-p", "min_cell", 1,
        "-p", "human", human, "-p", "contours", contours, "-p", "groupings", "density_level,territory*stakeholder",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out/reports/hostile"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_a_hostile_run_does_anything(browser, hostile_run, name):
    page = browser.new_page()
    dialogs, faults, requests = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: requests.append(sent.url))
    url = (hostile_run / f"{name}.html").as_uri()
    page.goto(url)
    page.wait_for_timeout(1000)
    assert (dialogs, faults, requests) == ([], [], [url])
    assert page.evaluate("window.ran") is None
    assert (
        page.locator("img, script:not([type='application/json']), iframe, form").count()
        == page.locator("body > script").count()
    )
    page.close()


def test_title_questions_and_file_name_are_read_as_written(browser, hostile_run):
    page = browser.new_page()
    page.goto((hostile_run / "index.html").as_uri())
    assert page.locator("h1").text_content() == f"Titre {SCRIPT} {IMAGE}"
    assert f"{IMAGE} $x$ {{{{7*7}}}}.csv" in page.locator("main").text_content()
    assert f"{SCRIPT} Présence sur la voie publique {IMAGE}" in page.locator("main").text_content()
    page.close()


@pytest.mark.parametrize(
    ("setting", "name", "content"),
    [
        ("human", "relu.jsonl", json.dumps({"remark": SAID, "themes": [SCRIPT], "objectives": []})),
        (
            "weights",
            "populations.csv",
            f"grouping,group,population\nterritory,{IMAGE},12\n{SCRIPT},rural,3\n",
        ),
        ("contours", "contours.geojson", json.dumps({"type": SCRIPT, "features": [IMAGE]})),
        ("mapping", "roles.yml", f"colonnes:\n  '{IMAGE}': '{SCRIPT}'\n"),
        ("typology", "typologie.yml", f"'{SCRIPT}': '{IMAGE}'\n"),
        ("groupings", "", SCRIPT),
        ("name", "", IMAGE),
    ],
    ids=lambda value: value if re.fullmatch(r"[a-z]+", str(value)) else "",
)
def test_a_hostile_setting_is_refused_in_one_sentence(tmp_path, setting, name, content):
    answers = tmp_path / "avis.csv"
    answers.write_text("id,commentaire\n1,Plus de rondes le soir\n2,Un accueil le samedi\n", encoding="utf-8")
    given = content
    if name:
        given = tmp_path / name
        given.write_text(content, encoding="utf-8")
    done = psq("run", answers, "--out", tmp_path / "out", "-p", setting, given)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.html"))


@pytest.mark.parametrize("name", ["01_clean", "04_report"])
def test_an_executed_notebook_opened_in_jupyterlab_runs_none(lab, hostile_run, name):
    notebook = nbformat.read(hostile_run / f"{name}.ipynb", as_version=4)
    page = lab.open(notebook, f"{name}.ipynb")
    page.wait_for_timeout(3000)
    assert page.dialogs == []
    assert page.evaluate("window.ran") is None
    assert page.locator(".jp-RenderedHTMLCommon img[src='x']").count() == 0
