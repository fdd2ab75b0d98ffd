"""HTML written by rich-text editors to plain text: list items on lines of their own, entities decoded."""

from __future__ import annotations

import re

from lxml import html

_BLOCKS = {"p", "div", "li", "br", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote"}
_HAS_MARKUP = re.compile(r"</?[a-z][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)


def text_of_html(text: str) -> str:
    """Return the text of an HTML fragment; text without markup is returned as it is.

    >>> text_of_html("<ul><li>éclairage</li><li>ralentisseurs&nbsp;!</li></ul>").split("\\n")
    ['éclairage', 'ralentisseurs\\xa0!']
    >>> text_of_html("vitesse > 60 & bruit < 14")
    'vitesse > 60 & bruit < 14'
    """
    if not _HAS_MARKUP.search(text):
        return text
    root = html.fragment_fromstring(text, create_parent="div")
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
