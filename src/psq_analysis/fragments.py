"""HTML fragments shown by the notebooks, from Jinja templates that escape every value.

A fragment looks the same in JupyterLab and in the report. It holds no computation: it receives frames and numbers.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from psq_analysis import french
from psq_analysis.labels import column, label

# JupyterLab has a light and a dark theme of its own; the parts follow it
IN_JUPYTERLAB = (
    ".jp-RenderedHTMLCommon { --ink: var(--jp-ui-font-color1); --muted: var(--jp-ui-font-color2); --paper: var(--jp-layout-color0);"
    " --sheet: var(--jp-layout-color1); --line: var(--jp-border-color1); --accent: var(--jp-content-link-color); }"
)


class Fragment(Markup):
    """A piece of safe HTML that a notebook displays."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the text alone where HTML is not shown."""
        printer.text(self.striptags())

    def _repr_html_(self) -> str:
        return str(self)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("psq_analysis", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=french.number,
        percent=french.percent,
        interval=french.interval,
        count=french.count,
        slug=french.slug,
        typeset=french.typeset,
        capitalised=french.capitalised,
    )
    environment.globals.update(label=label, column=column)
    return environment


def render(template: str, **values: Any) -> Fragment:
    """Fill a template of ``templates/``; every value is escaped unless it is a fragment already.

    >>> render("sentence.html.j2", text="<b>RAS</b>", kind="note")
    Fragment('<p class="note">&lt;b&gt;RAS&lt;/b&gt;</p>')
    """
    return Fragment(_environment().get_template(template).render(**values))


def style() -> Fragment:
    """The look of the fragments, for JupyterLab: shown once by a notebook, in the colours of the page around it."""
    css = (resources.files("psq_analysis") / "templates" / "parts.css").read_text(encoding="utf-8")
    return Fragment(f"<style>{css}{IN_JUPYTERLAB}</style>")


def sentence(text: str, *, kind: str = "lead") -> Fragment:
    """Show one computed sentence; ``kind`` is its weight: ``lead``, ``note`` or ``fictional``."""
    return render("sentence.html.j2", text=text, kind=kind)


def table(rows: pd.DataFrame, *, caption: str) -> Fragment:
    """Show a frame as an accessible table: caption, scoped headers, French numbers, no index.

    Columns whose names are keys of the label table get their label; numbers are aligned to the right.

    >>> "26\u202f498" in table(pd.DataFrame({"source_file": ["a.csv"], "rows": [26498]}), caption="Fichiers lus")
    True
    """
    numeric = [
        position for position, name in enumerate(rows.columns) if pd.api.types.is_numeric_dtype(rows[name])
    ]
    headings = [_heading(name) for name in rows.columns]
    cells = [
        [_cell(value, is_number=position in numeric) for position, value in enumerate(row)]
        for row in rows.itertuples(index=False)
    ]
    return render("table.html.j2", caption=caption, columns=headings, rows=cells, numeric=numeric)


def _heading(name: str) -> str:
    try:
        return column(name)
    except KeyError:
        return str(name)


def _cell(value: Any, *, is_number: bool) -> str:
    if pd.isna(value):
        return label("words", "none")
    if is_number and not isinstance(value, bool):
        return french.number(value) if float(value).is_integer() else french.number(value, digits=2)
    return str(value)
