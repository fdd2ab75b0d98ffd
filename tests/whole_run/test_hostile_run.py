"""A whole run on hostile files: remarks, questions, columns, communes, file names, codebook and title; nothing of it runs."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

from hostile import IMAGE, SAID, SCRIPT
from support import notebooks_run_here, psq_here

pytestmark = pytest.mark.slow
PAGES = ("index", "01_clean", "02_cluster", "03_compare")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_a_hostile_run_does_anything(browser, hostile_run, name):
    page = browser.new_page()
    dialogs, faults, requests = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: requests.append(sent.url))
    url = (hostile_run.reports / f"{name}.html").as_uri()
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
    page.goto((hostile_run.reports / "index.html").as_uri())
    assert page.locator("h1").text_content() == f"=1+1 et @SUM(A1) {SCRIPT} {IMAGE}"
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
    with notebooks_run_here():
        done = psq_here("run", answers, "--out", tmp_path / "out", "-p", setting, given)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.html"))


@pytest.mark.parametrize("name", ["01_clean", "04_report"])
def test_an_executed_notebook_opened_in_jupyterlab_runs_none(lab, hostile_run, name):
    notebook = nbformat.read(hostile_run.reports / f"{name}.ipynb", as_version=4)
    page = lab.open(notebook, f"{name}.ipynb")
    page.wait_for_timeout(3000)
    assert page.dialogs == []
    assert page.evaluate("window.ran") is None
    assert page.locator(".jp-RenderedHTMLCommon img[src='x']").count() == 0
