"""HTML written by rich-text editors to plain text: list items on lines of their own, entities decoded."""

from __future__ import annotations

import re

from lxml import etree, html

WIDEST_SPAN = 2000  # columns a cell may stand for; no export is wider
_BLOCKS = {"p", "div", "li", "br", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote"}
# What an editor writes: blocks, links, entities. « <souvent> », « <10 minutes » and a lone « <b> » are what somebody typed.
_TAGS = (
    "p|br|div|span|a|em|strong|strike|del|ins|ul|ol|li|h[1-6]|blockquote|pre|code|font|sub|sup|hr|img|center|"
    "table|thead|tbody|tr|td|th|figure|figcaption|iframe|oembed|script|style|o:p|label|section|article|html|body|head"
)
_HAS_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]*|\s*/)?>|&(?:#\d+|#x[0-9a-f]+|[a-z]{{2,8}}\d?);", re.IGNORECASE
)


def text_of_html(text: str) -> str:
    """Return the text of an HTML fragment; text without markup is returned as it is.

    >>> text_of_html("<ul><li>éclairage</li><li>ralentisseurs&nbsp;!</li></ul>").split("\\n")
    ['éclairage', 'ralentisseurs\\xa0!']
    >>> text_of_html("vitesse > 60 & bruit < 14")
    'vitesse > 60 & bruit < 14'
    >>> text_of_html("<html lang=fr><body>Plus de rondes."), text_of_html("<html onload=x()>")
    ('Plus de rondes.', '')
    >>> text_of_html("Qu'elle passe <souvent>, et pas <10 minutes.")
    "Qu'elle passe <souvent>, et pas <10 minutes."
    """
    if not _HAS_MARKUP.search(text):
        return text
    # as a page: a fragment that is itself « <html> » or « <body> » breaks the reader of fragments
    root = html.document_fromstring(f"<html><body><div>{text}</div></body></html>")
    for node in list(root.iter("script", "style")):
        node.drop_tree()
    parts: list[str] = []
    _collect(root, parts)
    lines = [line.strip(" \t") for line in "".join(parts).split("\n")]
    return "\n".join(line for line in lines if line)


def _collect(node: html.HtmlElement, parts: list[str]) -> None:
    is_block = isinstance(node.tag, str) and node.tag in _BLOCKS
    if is_block:
        parts.append("\n")
    if isinstance(node.tag, str):
        parts.append(node.text or "")
        for child in node:
            _collect(child, parts)
            parts.append(child.tail or "")
    if is_block and node.tag != "br":
        parts.append("\n")


def tables_of_page(text: str, *, most_cells: int) -> list[tuple[str, list[list[str]]]] | None:
    """Return name and rows of each table of a page, or of each sheet of an « XML Spreadsheet »; None beyond ``most_cells``.

    >>> tables_of_page("<html><table><tr><th>Avis</th></tr><tr><td>Plus de<br>rondes.</td></tr></table></html>", most_cells=100)
    [('', [['Avis'], ['Plus de\\nrondes.']])]
    """
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000]:
        root = etree.fromstring(
            text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        )
        return _sheets_of_xml(root, most_cells) if root is not None else []
    page = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text.lstrip("\ufeff")))
    tables = []
    cells = 0
    for table in page.iter("table"):
        if any(True for _ in table.iterancestors("table")):
            continue
        rows = [_cells_of_row(row) for row in table.iter("tr")]
        cells += sum(map(len, rows))
        if cells > most_cells:
            return None
        if any(any(cell.strip() for cell in row) for row in rows):
            tables.append(("", rows))
    return tables


def _cells_of_row(row: html.HtmlElement) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        parts: list[str] = []
        _collect(cell, parts)
        lines = [line.strip() for line in "".join(parts).split("\n")]
        span = cell.get("colspan", "1")
        cells.append("\n".join(lines).strip())
        cells += [""] * (min(int(span), WIDEST_SPAN) - 1 if span.isdigit() else 0)
    return cells


def _sheets_of_xml(root: etree._Element, most_cells: int) -> list[tuple[str, list[list[str]]]] | None:
    space = "{urn:schemas-microsoft-com:office:spreadsheet}"
    sheets = []
    cells = 0
    for sheet in root.iter(f"{space}Worksheet"):
        rows: list[list[str]] = []
        for row in sheet.iter(f"{space}Row"):
            values: list[str] = []
            for cell in row.iter(f"{space}Cell"):
                index = cell.get(f"{space}Index", "")
                if index.isdigit() and len(values) < int(index) - 1 <= WIDEST_SPAN:
                    values += [""] * (int(index) - 1 - len(values))
                values.append("".join("".join(data.itertext()) for data in cell.iter(f"{space}Data")))
            rows.append(values)
            cells += len(values)
            if cells > most_cells:
                return None
        sheets.append((sheet.get(f"{space}Name", ""), rows))
    return sheets
