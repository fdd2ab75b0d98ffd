"""No share in a report stands without its interval and its n, in its sentence, its caption or the table right below."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

SHARE = re.compile(r"(?<![\d,])\d{1,3}(?:,\d)?\s?%")
INTERVAL = re.compile(r"\[[+−]?\d[\d,]*\s?; [+−]?\d[\d,]*\]".replace(" ", r"\s?"))
SIZE = re.compile(r"\bn\s=\s\d|\d sur \d|Répondants \(n\)")
# Levels and parts of a method, not shares of respondents.
NOT_A_SHARE = re.compile(
    r"intervalles? (?:de \w+ )?à 95\s%|ellipses à 95\s%|[≤<]\s?5\s%|5\s% (?:de fausses découvertes|d'annonces à tort|le sont à tort en moyenne)|à 5\s%"
    r"|\d+\s% des différences|vertical\s?: \d+\s%|qualité de représentation [^;]*|à 95\s%"
)
UNITS = ("p", "li", "figure", "table", "tr", "summary", "h2", "h3")
AROUND = ("li", "figure", "table", "details")


def bare_shares(html: str) -> list[str]:
    """Return the texts that give a share without its interval and its n beside it."""
    page = lxml.html.fromstring(html)
    for element in page.xpath("//script|//style|//svg|//blockquote|//details[@class='code']|//footer"):
        element.drop_tree()
    found = []
    for element in page.iter(*UNITS):
        if any(child.tag in UNITS for child in element.iterdescendants() if isinstance(child.tag, str)):
            continue
        text = " ".join(element.text_content().split())
        if not SHARE.search(NOT_A_SHARE.sub("", text)):
            continue
        beside = [element, *(one for one in element.iterancestors() if one.tag in AROUND or "card" in (one.get("class") or ""))]  # fmt: skip
        if not any(_is_complete(" ".join(one.text_content().split())) for one in beside):
            found.append(text)
    return found


def _is_complete(text: str) -> bool:
    return bool(INTERVAL.search(text) and SIZE.search(text))


@pytest.mark.parametrize(
    ("html", "is_bare"),
    [
        ("<p>46 % des répondants en parlent.</p>", True),
        ("<p>46 % des répondants en parlent [40 ; 52].</p>", True),
        ("<p>46 % des répondants en parlent [40 ; 52] (n = 298).</p>", False),
        ("<ul><li><p>46 %</p><p>46 % des répondants [40 ; 52], soit 137 sur 298.</p></li></ul>", False),
        ("<figure><p>« Présence » : 46 %</p></figure><p>[40 ; 52] (n = 298)</p>", True),
        ("<p>Intervalle à 95 % ; 5 % de fausses découvertes au plus.</p>", False),
        ("<p>Parmi les écarts annoncés, 5 % le sont à tort en moyenne.</p>", False),
    ],
)
def test_the_search_sees_a_share_that_stands_alone(html, is_bare):
    assert bool(bare_shares(f"<main>{html}</main>")) is is_bare


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index.html", "03_compare.html"])
def test_no_share_of_the_sample_stands_without_its_interval_and_its_n(sample_run: Path, page: str):
    html = (sample_run / "reports/concertation" / page).read_text(encoding="utf-8")
    assert SHARE.search(html)
    assert bare_shares(html) == []
