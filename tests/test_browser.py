"""What a reader's browser sees: nothing from outside, no accessibility fault, no error, nothing wider than the screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow
PAGES = ("index", "01_clean", "02_cluster", "03_compare")
WIDTHS = {"desktop": 1280, "phone": 390, "narrow": 320}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=PAGES)
def url(request, sample_run) -> str:
    return (sample_run / "reports/concertation" / f"{request.param}.html").as_uri()


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def opened(request, browser, url):
    page = browser.new_page(viewport={"width": request.param, "height": 900}, color_scheme="light")
    page.requests, page.faults = [], []
    page.on("request", lambda sent: page.requests.append(sent.url))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    yield page
    page.close()


def test_nothing_is_asked_of_the_network_and_no_script_fails(opened, url):
    assert opened.requests == [url]
    assert opened.faults == []


def test_axe_finds_no_fault(opened):
    found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.response["violations"] == [], found.generate_report()


def test_nothing_is_wider_than_the_screen(opened):
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_figure_is_drawn_and_has_its_table(browser, sample_run):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((sample_run / "reports/concertation/index.html").as_uri())
    page.wait_for_timeout(1000)
    figures = page.locator("figure").count()
    assert figures >= 3
    assert page.locator("figure .plot-area svg.main-svg").count() >= figures
    assert page.locator("figure details.data table").count() == figures
    assert page.locator(".modebar").count() == 0
    page.close()


def test_the_page_holds_in_the_pocket_of_a_mail(sample_run):
    size = (sample_run / "reports/concertation/index.html").stat().st_size
    assert size < 6_000_000
