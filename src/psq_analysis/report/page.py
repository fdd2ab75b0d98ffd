"""Executed notebook → one accessible HTML file that asks nothing of the network.

nbconvert drives the page template; figures stay interactive through plotly.js, written once in the page and admitted
by its hash in a Content-Security-Policy that forbids everything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
from markupsafe import Markup, escape
from nbconvert import HTMLExporter
from nbconvert.filters import ansi2html, markdown2html
from nbconvert.preprocessors import Preprocessor
from plotly.offline import get_plotlyjs

from psq_analysis import french
from psq_analysis.charts.style import TITLE
from psq_analysis.french.labels import label, say
from psq_analysis.html.fragments import render as render_fragment
from psq_analysis.html.fragments import sentence, table_of_texts

PLOTLY = "application/vnd.plotly.v1+json"
TEMPLATES = resources.files("psq_analysis.html") / "templates"
ONLY_IN_NOTEBOOK = "notebook-only"
BANNER = "banner"


def render(
    executed: Path,
    *,
    with_code: bool,
    siblings: Sequence[tuple[str, str]] = (),
    downloads: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> str:
    """Render an executed notebook as a whole page.

    ``with_code`` shows the code of each cell behind a disclosure (technical annexes). Cells tagged ``notebook-only``
    are left out; the output of the cell tagged ``banner`` opens the page. ``siblings`` and ``downloads``: file and title of the
    pages beside it and of what may be taken away; ``note`` says what is missing among the latter.
    """
    return render_node(
        nbformat.read(executed, as_version=4), with_code=with_code, siblings=siblings, downloads=downloads, note=note
    )  # fmt: skip


def render_node(
    notebook: nbformat.NotebookNode,
    *,
    with_code: bool,
    siblings: Sequence[tuple[str, str]] = (),
    downloads: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> str:
    """Render a notebook that was read already; the arguments are those of :func:`render`."""
    page = _page(notebook, with_code=with_code, siblings=siblings, downloads=downloads, note=note)
    exporter = HTMLExporter(template_name="psq_page", extra_template_basedirs=[str(TEMPLATES)])
    html, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(), resources={"page": page})
    return html


def _page(
    notebook: nbformat.NotebookNode,
    *,
    with_code: bool,
    siblings: Sequence[tuple[str, str]],
    downloads: Sequence[tuple[str, str]],
    note: str,
) -> dict[str, Any]:
    cells = [cell for cell in notebook.cells if ONLY_IN_NOTEBOOK not in _tags(cell)]
    banner = _body([cell for cell in cells if BANNER in _tags(cell)], with_code=False)
    body = _body([cell for cell in cells if BANNER not in _tags(cell)], with_code=with_code)
    if not banner:
        banner, body = _split_title(body)
    body, headings = _sections(body)
    return {
        "title": _text(re.search(r"<h1\b.*?</h1>", banner, flags=re.DOTALL)),
        "banner": banner,
        "body": body,
        "headings": headings,
        "siblings": siblings,
        "downloads": downloads,
        "note": note,
        "style": _style(),
        "scripts": [
            *(_scripts() if 'class="plot"' in body else []),
            *(_search() if 'class="search"' in body else []),
        ],
    }


class PageOfNotebook(Preprocessor):
    """What ``jupyter nbconvert --to html --template psq`` shows: the offline page of a notebook, its code folded, every figure inside."""

    def preprocess(
        self, notebook: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Give the template the page of the notebook."""
        return notebook, {**resources, "page_of_notebook": render_node(notebook, with_code=True)}


def title_of(executed: Path) -> str:
    """The first heading of a notebook, as its reader sees it."""
    notebook = nbformat.read(executed, as_version=4)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return next(
        (line[2:].strip() for text in prose for line in text.splitlines() if line.startswith("# ")), ""
    )


def strip_paths(executed: Path, parameters: Mapping[str, Any]) -> None:
    """Remove from an executed notebook what papermill noted of the machine: paths of input and output, and of the parameters.

    ``parameters``: those of the run as they may be published.
    """
    # takes seconds to import; commands that run no notebook do not pay for it
    from papermill.translators import translate_parameters  # noqa: PLC0415

    notebook = nbformat.read(executed, as_version=4)
    noted = notebook.metadata.get("papermill", {})
    for key in ("input_path", "output_path"):
        noted.pop(key, None)
    noted["parameters"] = {name: parameters[name] for name in noted.get("parameters", {})}
    for cell in notebook.cells:
        if "injected-parameters" in _tags(cell):
            cell.source = translate_parameters("python3", "python", noted["parameters"], "Parameters")
    nbformat.write(notebook, executed)


def figures(executed: Path, *, with_meta: bool = False) -> dict[str, dict[str, Any]]:
    """The figures of an executed notebook, as plotly JSON, by a name made of their caption; ``with_meta``: with what their module says of them."""
    notebook = nbformat.read(executed, as_version=4)
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    drawn = [output["data"][PLOTLY] for output in outputs if PLOTLY in output.get("data", {})]
    named: dict[str, dict[str, Any]] = {}
    for figure in drawn:
        meta = figure["layout"].get("meta", {})
        name = french.slug(meta.get("table", {}).get("caption", "")) or "figure"
        named[name if name not in named else f"{name}-{len(named) + 1}"] = {
            "data": figure["data"],
            "layout": {key: value for key, value in figure["layout"].items() if with_meta or key != "meta"},
        }
    return named


def _tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _body(cells: Sequence[nbformat.NotebookNode], *, with_code: bool) -> str:
    """Cells one after the other; the code of those that show nothing is folded with what follows, or together before prose."""
    parts: list[str] = []
    waiting: list[str] = []
    for cell in cells:
        if cell.cell_type == "markdown":
            parts += [_shown([], waiting, "setup"), _prose(cell.source)]
            waiting = []
        elif cell.cell_type == "code":
            waiting += [cell.source] if with_code else []
            if cell.outputs:
                parts.append(_shown(cell.outputs, waiting, "code"))
                waiting = []
    return "".join([*parts, _shown([], waiting, "setup")])


def _shown(outputs: Sequence[nbformat.NotebookNode], code: Sequence[str], summary: str) -> str:
    return render_fragment(
        "cell.html.j2",
        code="\n\n".join(code),
        summary=label("words", summary),
        outputs=[_output(output) for output in outputs],
    )


def _prose(markdown: str) -> str:
    """Markdown as HTML, without the link nbconvert adds to each heading, with the spaces of French typography."""
    html = re.sub(r'<a class="anchor-link".*?</a>', "", markdown2html(markdown))
    pieces = re.split(r"(<(?:code|pre)\b.*?</(?:code|pre)>|<[^>]*>)", html, flags=re.DOTALL)
    return "".join(piece if piece.startswith("<") else french.typeset(piece) for piece in pieces)


def _output(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return f"<pre>{ansi2html(output.text)}</pre>"
    data = output.get("data", {})
    if PLOTLY in data:
        return _figure(data[PLOTLY])
    if "text/html" in data:
        return data["text/html"]
    if "text/markdown" in data:
        return _prose(data["text/markdown"])
    return f"<pre>{escape(data['text/plain'])}</pre>" if "text/plain" in data else ""


def _figure(figure: dict[str, Any]) -> str:
    """A figure of ``charts`` with its title and its numbers in text; any other plotly figure as it is."""
    meta = {"alt": "", "title": "", "subtitle": ""} | figure["layout"].get("meta", {})
    drawn_apart = ("meta", "title") if meta["title"] else ("meta",)
    layout = {key: value for key, value in figure["layout"].items() if key not in drawn_apart}
    if meta["title"]:
        layout["height"] -= TITLE
        layout["margin"] = layout["margin"] | {"t": 0}
    drawing = {"data": figure["data"], "layout": layout, "narrow": meta.get("narrow")}
    table = meta.get("table")
    return render_fragment(
        "figure.html.j2",
        meta=meta,
        height=layout.get("height", 0),
        json=Markup(_script_json(drawing)),
        table_html=table_of_texts(table["rows"], columns=table["columns"], caption=table["caption"])
        if table
        else "",
    )


def _script_json(value: Any) -> str:
    r"""Serialise for a script element: nothing in it can close the element or start another.

    >>> _script_json({"text": "</script>"})
    '{"text":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    dangerous = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return re.sub("[<>&\u2028\u2029]", lambda found: dangerous[found.group()], text)


def _scripts() -> list[dict[str, str]]:
    drawing = (TEMPLATES / "figures.js").read_text(encoding="utf-8")
    return [
        {"text": text, "digest": _digest(text)}
        for text in (get_plotlyjs().replace("</script", "<\\/script"), drawing)
    ]


def _search() -> list[dict[str, str]]:
    text = (TEMPLATES / "search.js").read_text(encoding="utf-8")
    return [{"text": text, "digest": _digest(text)}]


def _style() -> str:
    return "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "parts.css"))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _split_title(body: str) -> tuple[str, str]:
    """Take the first heading and what introduces it out of the body: it opens the page."""
    title, mark, rest = body.partition("</h1>")
    if not mark:
        return "<h1></h1>", body
    introduction, section, sections = rest.partition("<h2")
    return title + mark + introduction, section + sections


def _sections(body: str) -> tuple[str, list[dict[str, str]]]:
    """Make a section of each second-level heading and what follows it, with a readable anchor; list them for the summary."""
    first, *parts = re.split(r"(?=<h2\b)", body)
    headings: list[dict[str, str]] = []
    sections = []
    for part in parts:
        heading, _, content = part.partition("</h2>")
        text = _text(re.match(r".*", heading, flags=re.DOTALL))
        taken = sum(one["text"] == text for one in headings)
        anchor = french.slug(text) + (f"-{taken + 1}" if taken else "")
        headings.append({"anchor": anchor, "text": text})
        shown = (
            content if _shows_something(content) else sentence(say("empty_section"), kind="note") + content
        )
        sections.append(
            f'<section class="part" aria-labelledby="{anchor}"><h2 id="{anchor}">{escape(text)}</h2>{shown}</section>'
        )
    return first + "\n".join(sections), headings


def _shows_something(content: str) -> bool:
    """Tell whether a section holds anything besides folded code."""
    return bool(re.sub(r"<details class=\"code\">.*?</details>", "", content, flags=re.DOTALL).strip())


def _text(html: re.Match[str] | None) -> str:
    if html is None:
        return ""
    words = lxml.html.fromstring(html.group()).text_content().replace("¶", "")
    return " ".join(words.split(" ")).strip()
