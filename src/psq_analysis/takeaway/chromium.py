"""Paper and pictures through the Chromium of the machine: the report as PDF, its figures as SVG and PNG.

Chromium is started without network: every host name resolves to nothing. Where it is not installed, the PDF is refused with a
clear sentence and the pictures are left out.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lxml.html
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from psq_analysis.errors import BadInput
from psq_analysis.html.fragments import render

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PDF, SYNTHESIS, FIGURES = "rapport.pdf", "synthese.pdf", "figures"
PATIENCE = 120  # seconds; the sample takes three, a loaded machine ten times as much
PICTURE_WIDTH = 900  # pixels, the width of a figure in the page
ALWAYS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=20000",
)


class PrintError(BadInput):
    """Chromium is not installed, or could not print."""


def find_chromium() -> str | None:
    """Return the path of the installed Chromium, None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def print_pdf(page: Path, target: Path) -> None:
    """Print a report as tagged PDF with bookmarks; raises :class:`PrintError` when Chromium is absent or fails."""
    chromium = find_chromium()
    if chromium is None:
        raise PrintError(
            "PDF impossible : Chromium n'est pas installé sur cette machine. Installez-le (apt install chromium) ou lancez "
            "sans --pdf, puis imprimez index.html depuis un navigateur."
        )
    _run(
        chromium,
        f"--print-to-pdf={target}",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        "--export-tagged-pdf",
        page.resolve().as_uri(),
    )
    if not target.is_file():
        raise PrintError(
            "PDF impossible : Chromium n'a rien écrit. Relancez ; si cela dure, imprimez index.html."
        )


def print_synthesis(page: Path, target: Path) -> None:
    """Print the first screen of a report, alone under its title, as a PDF of one page; raises as :func:`print_pdf` does."""
    with tempfile.TemporaryDirectory(prefix="psq-synthese-") as scratch:
        alone = Path(scratch) / "synthese.html"
        alone.write_text(first_screen_alone(page.read_text(encoding="utf-8")), encoding="utf-8")
        print_pdf(alone, target)


def first_screen_alone(page: str) -> str:
    """Return a page with its title and its first section only: no program, no summary, no other section.

    >>> page = "<html><body><nav class='summary-nav'></nav><main><section class='part'>A</section><section class='part'>B</section></main></body></html>"
    >>> first_screen_alone(page)
    '<html><body><main><section class="part">A</section></main></body></html>'
    """
    root = lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(huge_tree=True))
    beside = "//script | //nav | //footer[not(ancestor::blockquote)] | //section[@class='part'][preceding::section[@class='part']]"
    for element in root.xpath(f"{beside} | //a[starts-with(@href, '#')]"):
        element.drop_tree()
    return str(
        lxml.html.tostring(
            root, encoding="unicode", doctype="<!doctype html>" if root.find("head") is not None else None
        )
    )


def draw(figures: Mapping[str, dict[str, Any]], folder: Path) -> list[str]:
    """Write each plotly figure as ``NAME.svg`` and ``NAME.png``; return the names written, none without a Chromium that answers."""
    chromium = find_chromium()
    if chromium is None or not figures:
        return []
    with tempfile.TemporaryDirectory(prefix="psq-figures-") as scratch:
        page = Path(scratch) / "figures.html"
        drawing = render(
            "pictures.html.j2",
            plotly=Markup(get_plotlyjs().replace("</script", "<\\/script")),
            figures=Markup(json.dumps(list(figures.values())).replace("<", "\\u003c")),
            width=PICTURE_WIDTH,
        )
        page.write_text(str(drawing), encoding="utf-8")
        try:
            # plotly, a map of all communes and the pictures make more than the ten million characters a parser takes by default
            drawn = lxml.html.fromstring(
                _run(chromium, "--dump-dom", page.as_uri()), parser=lxml.html.HTMLParser(huge_tree=True)
            )
        except PrintError:
            return []
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, picture in zip(figures, drawn.xpath("//pre"), strict=False):
        svg, png = picture.text_content().split("\n", 1)
        (folder / f"{name}.svg").write_bytes(base64.b64decode(svg))
        (folder / f"{name}.png").write_bytes(base64.b64decode(png))
        written += [f"{name}.svg", f"{name}.png"]
    return written


def _run(chromium: str, *words: str) -> str:
    with tempfile.TemporaryDirectory(prefix="psq-chromium-") as profile:
        # root has no sandbox to enter
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        try:
            done = subprocess.run(
                [chromium, *ALWAYS, *sandbox, f"--user-data-dir={profile}", *words],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PrintError(
                f"Chromium ne répond pas après {PATIENCE} secondes. Relancez sans --pdf, ou quand la machine est moins chargée."
            ) from None
    return done.stdout
