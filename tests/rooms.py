"""The table of rooms of docs/architecture.md, from the house itself: ``python tests/rooms.py`` puts it in the page.

The order is that of the import contract in pyproject.toml, top floor first; the question is the first line of a room.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from support import PROJECT

HOUSE = PROJECT / "src/psq_analysis"
PAGE = PROJECT / "docs/architecture.md"
LIMITS = ("May use", "Knows", "Reads only", "The top floor")
BLOCK = re.compile(r"(<!-- rooms -->\n).*?(\n<!-- /rooms -->)", re.DOTALL)


def rooms() -> list[str]:
    """Return the rooms, top floor first, as the contract on imports names them."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    (layers,) = [one["layers"] for one in contracts["contracts"] if one["type"] == "layers"]
    return [room for layer in layers for room in layer.split(" | ")]


def rooms_table() -> str:
    """Return the table as Markdown: a room, its question, what it may use."""
    rows = ["| room | the question it answers | what it may touch |", "|---|---|---|"]
    for room in rooms():
        folder = HOUSE / room
        source = folder / "__init__.py" if folder.is_dir() else HOUSE / f"{room}.py"
        question, touches = _told(source)
        rows.append(f"| `{room}` | {question} | {touches} |")
    return "\n".join(rows)


def _told(source: Path) -> tuple[str, str]:
    """Return the first line of a module's docstring, and the first sentence of the paragraph under it when it tells limits."""
    told = (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").replace("``", "`")
    question, *more = [" ".join(part.split()).replace("|", "\\|") for part in told.split("\n\n")]
    limits = more[0].split(". ")[0].rstrip(".") if more and more[0].startswith(LIMITS) else ""
    return question, limits


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda found: f"{found[1]}{rooms_table()}{found[2]}", page), encoding="utf-8")
