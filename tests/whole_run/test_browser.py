"""What a reader's browser sees: nothing from outside, no accessibility fault, no error, nothing wider than the screen."""

from __future__ import annotations

import itertools

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow
PAGES = ("index", "01_clean", "02_cluster", "03_compare")
WIDTHS = {"desktop": 1280, "zoomed twice": 640, "phone": 390, "narrow": 320}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERLAPS = """() => Array.from(document.querySelectorAll('.plot')).flatMap(plot => {
    const boxes = Array.from(plot.querySelectorAll('.annotation')).map(one => [one.textContent, one.getBoundingClientRect()]);
    const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map(b => [a, b]));
    return pairs.filter(([[, a], [, b]]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
        .map(([a, b]) => [a[0], b[0]]);
})"""
LEAVING = """() => Array.from(document.querySelectorAll('.plot')).flatMap(plot => {
    const place = plot.getBoundingClientRect();
    return Array.from(plot.querySelectorAll('.annotation')).filter(one => {
        const box = one.getBoundingClientRect(); return box.left < place.left - 1 || box.right > place.right + 1; }).map(one => one.textContent);
})"""


@pytest.fixture(scope="module")
def reports(sample_run):
    return sample_run / "reports/concertation"


def _open(browser, url: str, *, width: int = 1280, scheme: str = "light"):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.requests, page.faults = [], []
    page.on("request", lambda sent: page.requests.append(sent.url))
    page.on(
        "console",
        lambda message: page.faults.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("load")
    page.wait_for_timeout(300)
    return page


def _open_alone(browser, url, *, width):
    """Open a page that must ask for nothing else, report no fault, and fit the screen with no label over another or cut off."""
    page = _open(browser, url, width=width)
    assert page.requests == [url]
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(LEAVING) == []
    return page


@pytest.fixture
def index(browser, reports):
    page = _open(browser, (reports / "index.html").as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_alone_faultless_no_wider_than_the_screen_and_accessible_by_day_and_by_night(
    browser, reports, name, width
):
    page = _open_alone(browser, (reports / f"{name}.html").as_uri(), width=width)
    assert_accessible(page, schemes=("light", "dark"))
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("run", ["incivilities_run", "taxes_run"])
def test_pages_of_real_answers_are_alone_faultless_and_accessible_too(browser, request, run, name, width):
    (reports,) = (request.getfixturevalue(run) / "reports").iterdir()
    page = _open_alone(browser, (reports / f"{name}.html").as_uri(), width=width)
    assert_accessible(page, schemes=("light",))
    page.close()


def assert_accessible(page, *, schemes):
    """Everything unfolded, axe finds no violation in any of the colour schemes."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        assert found.response["violations"] == [], f"{scheme}\n{found.generate_report()}"


def test_every_figure_is_drawn_in_french_without_a_toolbar_and_has_its_table(index):
    figures = index.locator("figure").count()
    drawn = index.locator("figure:has(.plot-area svg.main-svg)").count()
    heat_maps = index.locator("figure:has(table.heat)").count()
    assert drawn >= 2
    bars = index.locator("figure:has(ul.bars)").count()
    assert drawn + heat_maps + bars == figures == index.locator("figure details.data table").count()
    assert index.locator(".modebar").count() == 0
    contexts = index.evaluate("Array.from(document.querySelectorAll('.plot-area')).map(one => one._context)")
    assert {context["locale"] for context in contexts} == {"fr"}
    assert not any(context["showSendToCloud"] or context["plotlyServerURL"] for context in contexts)


def test_a_figure_follows_the_width_of_the_window(index):
    index.set_viewport_size({"width": 390, "height": 800})
    index.wait_for_timeout(500)
    assert index.evaluate(OVERLAPS) == []
    assert index.evaluate(LEAVING) == []
    assert index.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(index):
    index.keyboard.press("Tab")
    assert index.evaluate("document.activeElement.className") == "skip"
    index.keyboard.press("Enter")
    assert index.url.endswith("#contenu")
    reachable = index.evaluate(
        "Array.from(document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')).filter(one => one.checkVisibility()).length"
    )
    seen = set()
    for _ in range(2 * reachable):
        index.keyboard.press("Tab")
        seen.add(index.evaluate("Array.from(document.querySelectorAll('*')).indexOf(document.activeElement)"))
        style = index.evaluate(
            "(one => [one.tagName, getComputedStyle(one).outlineStyle])(document.activeElement)"
        )
        assert style[0] == "BODY" or style[1] != "none", style
    assert len(seen) >= reachable


def test_headings_step_down_one_level_at_a_time_and_landmarks_are_there(index):
    levels = [
        int(tag[1])
        for tag in index.evaluate(
            "Array.from(document.querySelectorAll('h1,h2,h3,h4')).map(one => one.tagName)"
        )
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert [
        index.locator(mark).count() for mark in ("html[lang=fr]", "main", "header", ".page > footer")
    ] == [
        1,
        1,
        1,
        1,
    ]
    anchors = index.evaluate(
        "Array.from(document.querySelectorAll('a[href^=\"#\"]')).filter(one => !document.querySelector(one.hash)).length"
    )
    assert anchors == 0


def test_a_screen_reader_hears_the_numbers_of_a_figure_in_a_sentence(index):
    heard = index.locator("main").aria_snapshot()
    assert "Part des répondants par thème : " in heard
    assert "blockquote" in heard
    names = index.evaluate(
        "Array.from(document.querySelectorAll('figure, .mini')).map(one => one.getAttribute('aria-label'))"
    )
    assert all(names)


def test_on_paper_the_essentials_stand_alone_on_the_first_page(index):
    index.emulate_media(media="print")
    assert index.locator(".summary-nav").is_hidden()
    first = index.locator("main > .part").first
    assert first.locator("h2").text_content() == "L'essentiel"
    assert first.evaluate("one => getComputedStyle(one).breakAfter") == "page"
    index.set_viewport_size({"width": 688, "height": 1009})  # A4 between its margins, at 96 dots an inch
    assert first.evaluate("one => one.getBoundingClientRect().bottom + window.scrollY") <= 1009


def test_spaced_out_text_is_not_cut(index):
    index.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    )
    assert index.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_admits_two_scripts_and_nothing_from_outside(reports, name):
    page = lxml.html.parse(reports / f"{name}.html").getroot()
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert (reports / f"{name}.html").stat().st_size < 6_000_000
