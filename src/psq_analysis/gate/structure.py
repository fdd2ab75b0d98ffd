"""What a page needs to be read without seeing it: language, title, headings in order, described tables and images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SCOPES = {"col", "row", "colgroup", "rowgroup"}
Trouble = tuple[HtmlElement, str]


def troubles(root: HtmlElement) -> Iterator[Trouble]:
    """Yield each element of a whole page that breaks its structure, with the kind of trouble (WCAG 2.1: 1.1.1, 1.3.1, 2.4.2, 3.1.1).

    >>> import lxml.html
    >>> page = lxml.html.document_fromstring("<html><head><title>Avis</title></head><body><h1>Avis</h1><h3>Nuit</h3></body></html>")
    >>> [kind for _, kind in troubles(page)]
    ['lang', 'heading_order']
    """
    if not (root.get("lang") or "").strip():
        yield root, "lang"
    if not (root.findtext(".//title") or "").strip():
        yield root, "title"
    yield from _heading_troubles(root)
    for table in root.iter("table"):
        yield from _table_troubles(table)
    yield from _image_troubles(root)
    identifiers = [element for element in root.iter() if isinstance(element.tag, str) and element.get("id")]
    counted = Counter(element.get("id") for element in identifiers)
    seen: set[str | None] = set()
    for element in identifiers:
        if counted[element.get("id")] > 1 and element.get("id") in seen:
            yield element, "duplicate_id"
        seen.add(element.get("id"))


def _heading_troubles(root: HtmlElement) -> Iterator[Trouble]:
    headings = [element for element in root.iter(*_HEADINGS) if not _is_hidden(element)]
    titles = [heading for heading in headings if heading.tag == "h1"]
    if len(titles) != 1 or not _words(titles[0]):
        yield (titles[1] if len(titles) > 1 else root), "h1"
    above = 0
    for heading in headings:
        level = int(heading.tag[1])
        if level > above + 1 and not (above == 0 and level == 2):
            yield heading, "heading_order"
        if not _words(heading) and level > 1:
            yield heading, "heading_empty"
        above = level


def _table_troubles(table: HtmlElement) -> Iterator[Trouble]:
    if (table.get("role") or "") in ("presentation", "none"):
        return
    caption = table.find("caption")
    named = (caption is not None and _words(caption)) or (table.get("aria-label") or "").strip()
    if not (named or table.get("aria-labelledby")):
        yield table, "caption"
    headers = list(table.iter("th"))
    if not headers:
        yield table, "header"
    for header in headers:
        if (header.get("scope") or "").lower() not in _SCOPES or not _words(header):
            yield header, "header"


def _image_troubles(root: HtmlElement) -> Iterator[Trouble]:
    for image in root.iter("img", "area"):
        if image.get("alt") is None and not _is_hidden(image):
            yield image, "alt"
    for drawing in root.iter("svg", "canvas"):
        named = drawing.get("aria-label") or drawing.get("aria-labelledby") or drawing.findtext("title")
        if not (named or _is_hidden(drawing) or (drawing.get("role") or "") in ("presentation", "none")):
            yield drawing, "alt"
    for figure in root.iter("figure"):
        caption = figure.find("figcaption")
        if not (
            figure.get("aria-label")
            or figure.get("aria-labelledby")
            or (caption is not None and _words(caption))
        ):
            yield figure, "alt"


def _is_hidden(element: HtmlElement) -> bool:
    return any(
        one.get("aria-hidden") == "true" or one.get("hidden") is not None
        for one in (element, *element.iterancestors())
    )


def _words(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split()) or (element.get("aria-label") or "").strip()
