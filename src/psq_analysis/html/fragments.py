"""HTML fragments shown by the notebooks, from Jinja templates that escape every value.

A fragment looks the same in JupyterLab and in the report. It holds no computation: it receives frames and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from psq_analysis import french
from psq_analysis.french.labels import column, label, say
from psq_analysis.packaged import read_text

# JupyterLab has a light and a dark theme of its own; the parts follow it
IN_JUPYTERLAB = (
    ".jp-RenderedHTMLCommon { --ink: var(--jp-ui-font-color1); --muted: var(--jp-ui-font-color2); --paper: var(--jp-layout-color0);"
    " --sheet: var(--jp-layout-color1); --line: var(--jp-border-color1); --accent: var(--jp-content-link-color); }"
    # its own rule aligns every cell to the right, and weighs more than ours: text to the left, numbers to the right, heat in the middle
    " .jp-RenderedHTMLCommon .table-wrap table :is(th, td), .jp-RenderedHTMLCommon table.dataframe :is(th, td) { text-align: left; }"
    " .jp-RenderedHTMLCommon .table-wrap table.stack td:last-child:not(.number) { min-width: 20rem; }"  # what people wrote stands last
    " .jp-RenderedHTMLCommon .table-wrap table :is(th, td).number,"
    " .jp-RenderedHTMLCommon .table-wrap table.grid-table :is(td, thead th:not(:first-child)) { text-align: right; }"
    " .jp-RenderedHTMLCommon .table-wrap table.heat :is(td, thead th:not(:first-child)) { text-align: center; }"
)

# columns that hold codes of the tables, and the family of their labels
CODED = {"scheme": "schemes", "grouping": "groupings", "group": "groups", "territory": "groups"}
_CELL_END = re.compile(r"(</t[dh]>)")
LONG_WORD = 40  # characters: the longest words of French names have 30; a hash has 64 and may be cut anywhere
_NUMBER = re.compile(
    r"(?:[nq]\s)?[\[≤≥<>=~]*\s?(?:moins de )?[+−-]?\d[\d\s.,;:%\[\]+−-]*(?:points?|sur [\d\s]+)?",
    flags=re.IGNORECASE,
)


class Fragment(Markup):
    """A piece of safe HTML that a notebook displays."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the text alone where HTML is not shown; the cells of a row stay apart, as « 1 068 » and « 347 » would make one number."""
        printer.text(Fragment(_CELL_END.sub(r" | \1", str(self))).striptags())

    def _repr_html_(self) -> str:
        return str(self)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
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
        longest=_longest_word,
        capitalised=french.capitalised,
    )
    environment.globals.update(label=label, column=column)
    return environment


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def render(template: str, **values: Any) -> Fragment:
    """Fill a template of ``templates/``; every value is escaped unless it is a fragment already.

    >>> render("sentence.html.j2", text="<b>RAS</b>", kind="note")
    Fragment('<p class="note">&lt;b&gt;RAS&lt;/b&gt;</p>')
    """
    return Fragment(_environment().get_template(template).render(**values))


def style() -> Fragment:
    """The look of the fragments, for JupyterLab: shown once by a notebook, in the colours of the page around it."""
    css = read_text(__package__, "templates/parts.css")
    return Fragment(f"<style>{css}{IN_JUPYTERLAB}</style>")


def sentence(text: str, *, kind: str = "lead") -> Fragment:
    """Show one computed sentence; ``kind`` is its weight: ``lead``, ``note`` or ``fictional``."""
    return render("sentence.html.j2", text=text, kind=kind)


def table(rows: pd.DataFrame, *, caption: str) -> Fragment:
    """Show a frame as an accessible table: caption, scoped headers, French numbers, no index; a note where it has no row.

    Columns whose names are keys of the label table get their label, and so do the codes of schemes, groupings and groups in them; numbers, written ones too, are aligned to the right. What the
    first column repeats from row to row is said to those who hear the table and shown once to those who see it.

    >>> "26\u202f498" in table(pd.DataFrame({"source_file": ["a.csv"], "rows": [26498]}), caption="Fichiers lus")
    True
    >>> table(pd.DataFrame({"word": []}), caption="Mots propres à une voix")
    Fragment('<p class="note">Mots propres à une voix\xa0: rien à montrer.</p>')
    """
    columns = [rows.iloc[:, position] for position in range(rows.shape[1])]
    texts = [
        [
            _cell(value, is_number=pd.api.types.is_numeric_dtype(one), family=CODED.get(str(one.name)))
            for value in one
        ]
        for one in columns
    ]
    return table_of_texts(
        list(zip(*texts, strict=True)), columns=[_heading(name) for name in rows.columns], caption=caption
    )


def table_of_texts(rows: Sequence[Sequence[str]], *, columns: Sequence[str], caption: str) -> Fragment:
    """Show rows already written, under the headings ``columns``, as :func:`table` does."""
    if not rows:
        return sentence(say("empty_table", caption=caption), kind="note")
    by_column = list(zip(*rows, strict=True))
    return render(
        "table.html.j2",
        caption=caption,
        columns=columns,
        rows=rows,
        numeric=[position for position, texts in enumerate(by_column) if position and _are_numbers(texts)],
        again=_repeats(by_column[0]),
        long_word=LONG_WORD,
    )


def _repeats(names: Sequence[str]) -> list[bool]:
    """Tell which rows repeat the name above; none when a name comes back further down, for the rows are then not in groups.

    >>> _repeats(["Accès", "Accès", "Présence"]), _repeats(["Accès", "Présence", "Accès"])
    ([False, True, False], [False, False, False])
    """
    is_again = [False, *(above == name for above, name in pairwise(names))]
    in_groups = len(names) - sum(is_again) == len(set(names))
    return is_again if in_groups else [False] * len(names)


def _are_numbers(texts: Sequence[str]) -> bool:
    """Tell whether a column holds numbers, as such or written with their unit, where they are published.

    >>> _are_numbers(["+38\xa0points", "n.p."]), _are_numbers(["q < 0,001", "—"]), _are_numbers(["17", "accueil"])
    (True, True, False)
    """
    withheld = {label("words", key) for key in ("withheld", "withheld_short", "none")}
    told = [text for text in texts if text and text not in withheld]
    return bool(told) and all(_NUMBER.fullmatch(text) for text in told)


def _heading(name: str) -> str:
    try:
        return column(name)
    except KeyError:
        return str(name)


def _cell(value: Any, *, is_number: bool, family: str | None = None) -> str:
    if isinstance(value, Markup):  # safe already
        return value
    if pd.isna(value):
        return label("words", "none")
    if is_number and not isinstance(value, bool):
        return french.number(value) if float(value).is_integer() else french.number(value, digits=2)
    return label(family, str(value)) if family else str(value)
