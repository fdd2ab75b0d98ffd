"""Requests a browser would send out when it opens a page: what is loaded, never what is only named or linked to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

# Attributes whose address is fetched as the page is shown; on these elements « href » is fetched too.
_LOADED = (
    "src",
    "poster",
    "background",
    "data",
    "action",
    "formaction",
    "ping",
    "manifest",
    "codebase",
    "classid",
)
_LOADED_HREF = {
    "link",
    "base",
    "image",
    "use",
    "feimage",
    "script",
    "pattern",
    "lineargradient",
    "radialgradient",
}
_ONLY_NAMED = {"canonical", "license", "author", "alternate", "help", "next", "prev", "bookmark", "me"}
_OUTSIDE = re.compile(
    r"(?:(?!(?:data|blob|about|javascript|mailto|tel):)[a-z][a-z0-9+.-]*:(?=\S)|//)", re.IGNORECASE
)
_IN_STYLE = re.compile(
    r"(?:url\(|@import|image-set\(|src\()\s*(?:url\(\s*)?[\"']?\s*(?:https?:|ftp:|//|\\0*68\s?ttp)",
    re.IGNORECASE,
)
_IN_SCRIPT = re.compile(
    r"(?:\b(?:fetch|import|importScripts|sendBeacon|Request|Worker|SharedWorker|EventSource|WebSocket|open|Image|register)\s*\("
    r"|\bfrom|\bimport|\.(?:src|href|action|location)\s*=|\blocation\s*=|\.open\s*\(\s*[\"'`]\w+[\"'`]\s*,)\s*[\"'`]\s*(?:(?:https?|wss?|ftp):)?//",
    re.IGNORECASE,
)  # fmt: skip
_MARKDOWN_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?\s*(?:https?:|ftp:|//)", re.IGNORECASE)
_REFRESH = re.compile(r"url\s*=\s*[\"']?(.*)", re.IGNORECASE)
# Browsers drop these inside an address, and read « \ » as « / ».
_DROPPED = re.compile(r"[\x00-\x20\u200b]")


def is_outside(address: str) -> bool:
    """Tell whether a browser that loads ``address`` leaves the page and its folder.

    >>> [is_outside(address) for address in ("//cdn.example/a.js", "HTTPS://x.example", "data:image/png;base64,AA", "#haut", "a.html")]
    [True, True, False, False, False]
    """
    return _OUTSIDE.match(_DROPPED.sub("", address).replace("\\", "/")) is not None


def in_style(css: str) -> bool:
    """Tell whether a style sheet, or a style attribute, fetches something outside."""
    return _IN_STYLE.search(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace("\\/", "/")) is not None


def in_script(program: str) -> bool:
    """Tell whether a script fetches an address written in it.

    >>> in_script("import('https://cdn.example/x.mjs')"), in_script("// voir https://cdn.example/x.mjs")
    (True, False)
    """
    return _IN_SCRIPT.search(program.replace("\\/", "/")) is not None


def in_markdown(text: str) -> bool:
    """Tell whether Markdown shows an image from outside.

    >>> in_markdown("![plan](https://x.example/plan.png)"), in_markdown("[plan](https://x.example/plan.png)")
    (True, False)
    """
    return _MARKDOWN_IMAGE.search(text) is not None


def of_page(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of a page that make a browser ask something of the outside."""
    for element in root.iter():
        if isinstance(element.tag, str) and _asks(element):
            yield element


def _asks(element: HtmlElement) -> bool:
    tag = element.tag.lower().rpartition("}")[2].rpartition(":")[2]
    for name, value in element.attrib.items():
        bare = name.lower().rpartition("}")[2].rpartition(":")[2]
        if bare in _LOADED or (bare == "href" and tag in _LOADED_HREF and not _is_only_named(element)):
            if is_outside(value):
                return True
        elif bare in ("srcset", "imagesrcset"):
            if any(is_outside(part.split()[0]) for part in value.split(",") if part.split()):
                return True
        elif (
            (bare == "style" and in_style(value))
            or (bare.startswith("on") and in_script(value))
            or (bare == "srcdoc" and re.search(r"(?:https?:)?//", value))
        ):
            return True
    text = element.text or ""
    if tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
        target = _REFRESH.search(element.get("content") or "")
        return target is not None and is_outside(target[1])
    is_data = "json" in (element.get("type") or "")
    return (tag == "style" and in_style(text)) or (tag == "script" and not is_data and in_script(text))


def _is_only_named(element: HtmlElement) -> bool:
    relations = (element.get("rel") or "").lower().split()
    return bool(relations) and set(relations) <= _ONLY_NAMED
