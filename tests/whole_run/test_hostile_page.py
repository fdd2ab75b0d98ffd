"""Whatever a respondent, a column or a file name holds, a page shows it as the text it is and runs none of it."""

from __future__ import annotations

import json

import nbformat
import pandas as pd
import pytest

from psq_analysis.charts import dot_plot
from psq_analysis.html import fragments
from psq_analysis.report import opening, themes
from psq_analysis.report import page as report_page
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences.key_findings import Finding, table_of
from psq_analysis.takeaway import tables as takeaway_tables
from support import SHARED

TRICKS = [
    "</script><script>window.ran = 1</script>",
    "</style><img src=x onerror='window.ran = 1'>",
    "${alert(1)} #{alert(1)} {{7*7}} {% include 'x' %} {{ config }}",
    "$\\href{javascript:alert(1)}{x}$ \\(\\require{html}\\) $$x$$",
    "```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]-->B\n```",
    "\x1b[31mrouge\x1b[0m \x1b]8;;javascript:alert(1)\x07lien\x1b]8;;\x07",
    "abc\u202e\u2066txt.exe\u2069",
    '" onmouseover="window.ran = 1" x="',
    "<b>gras</b><br>&lt;i&gt;",
    "=HYPERLINK(\"http://exemple.invalid\";\"ici\")",
    "%{hovertext} %{x} \u2028 \u2029",
]  # fmt: skip
FLOW = Flow(received=3, incomplete=1, silent=1, counted=1, remarks=1)
WATCH = """() => { window.ran = undefined; ['alert', 'confirm', 'prompt', 'print'].forEach(name => {
    window[name] = () => { window.ran = name; }; }); }"""


@pytest.fixture(scope="module")
def payloads(request) -> list[str]:
    """Tricks of our own and, where real data is at hand, a thousand collected ones."""
    listing = SHARED / "xss/payloads_dev.jsonl"
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    return TRICKS + [json.loads(line)["payload"] for line in lines]


def _notebook(payloads: list[str]) -> nbformat.NotebookNode:
    frame = pd.DataFrame({"text": payloads, "question": payloads[::-1]}).rename(
        columns={"question": TRICKS[0]}
    )
    numbers = {"share": 0.4, "low": 0.3, "high": 0.5, "mentions": 40, "respondents": 100}
    rows = pd.DataFrame(
        [
            numbers | {"label": one, "short": one, "group": one, "group_label": one, "is_subject": True}
            for one in payloads
        ]
    )
    few = rows.head(60)
    shown = [
        *(opening.banner(one, subtitle=one, fictional=True, flow=FLOW.table(), files=1) for one in TRICKS),
        opening.essentials(table_of([Finding(one, "les-themes", one, 0.1, 0.0, 0.2) for one in payloads])),
        fragments.table(frame, caption=TRICKS[1]),
        *(themes.quote(one, "0a1b2c3d", one) for one in payloads),
        fragments.sentence(TRICKS[3]),
    ]
    outputs = [nbformat.v4.new_output("display_data", {"text/html": str(one)}) for one in shown]
    for figure in (
        dot_plot.shares(few, title=TRICKS[0], caption=TRICKS[1]),
        dot_plot.shares_by_group(few, title=TRICKS[2], caption=TRICKS[0]),
    ):
        outputs.append(
            nbformat.v4.new_output(
                "display_data",
                {
                    report_page.PLOTLY: figure.to_plotly_json()
                    | {"data": [json.loads(trace.to_json()) for trace in figure.data]}
                },
            )
        )
    outputs += [
        nbformat.v4.new_output("stream", name="stdout", text="\n".join(payloads)),
        nbformat.v4.new_output("execute_result", {"text/plain": "\n".join(payloads)}),
    ]
    cells = [
        nbformat.v4.new_markdown_cell("# Titre\n\n## Section"),
        nbformat.v4.new_code_cell(TRICKS[0], outputs=outputs),
    ]
    return nbformat.v4.new_notebook(cells=cells)  # fmt: skip


def _seen(text: str) -> str:
    """What a reader sees of a text: blanks run together, control characters shown as nothing or as a mark."""
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())


@pytest.mark.slow
def test_a_page_shows_every_payload_as_text_and_runs_none(browser, payloads, tmp_path):
    notebook = tmp_path / "hostile.ipynb"
    nbformat.write(_notebook(payloads), notebook)
    page_file = tmp_path / "hostile.html"
    siblings = [("01_clean.html", one) for one in TRICKS]
    page_file.write_text(report_page.render(notebook, with_code=True, siblings=siblings), encoding="utf-8")
    page = browser.new_page()
    dialogs, faults, requests = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: requests.append(sent.url))
    page.add_init_script(f"({WATCH})()")
    page.goto(page_file.as_uri())
    page.wait_for_timeout(1500)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for place in page.locator(".plot").all():
        place.hover()
    page.wait_for_timeout(300)
    assert dialogs == []
    assert faults == []
    assert [url for url in requests if not url.startswith("data:")] == [page_file.as_uri()]
    assert page.evaluate("window.ran") is None
    quoted = page.locator("blockquote bdi").all_text_contents()
    cells = page.locator(".table-wrap tbody th").all_text_contents()
    assert [_seen(one) for one in quoted] == [_seen(one) for one in payloads]
    assert {_seen(one) for one in payloads} <= {_seen(one) for one in cells}
    drawn = {_seen(one) for one in page.locator(".plot .annotation-text").all_text_contents()}
    assert {_seen(one) for one in TRICKS if "\n" not in one} <= drawn
    page.close()


def test_what_a_spreadsheet_would_run_is_kept_as_text(payloads, shared):
    formulas = (shared / "badinputs/formula_payloads.txt").read_text(encoding="utf-8").splitlines()
    texts = [*payloads, *(line for line in formulas if line), "\t=1+1", "\r@SUM(1)", "＝1+1", "-1", "+33 6"]
    kept = takeaway_tables.neutralised(pd.DataFrame({"text": texts}))["text"]
    assert not kept.str.match(r"\s*[=+\-@＝＋－＠\t\r]").any()
    assert [one.removeprefix("'") for one in kept] == [
        takeaway_tables._ILLEGAL.sub("\ufffd", one).removeprefix("'") for one in texts
    ]
