"""Imports run downwards only, rooms touch what they may, and tests stand in the room of what they test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from support import PROJECT

HOUSE = PROJECT / "src/psq_analysis"
ROOMS = sorted(path.parent for path in HOUSE.rglob("__init__.py"))
MODULES = sorted(path for path in HOUSE.rglob("*.py"))
MOST_LINES, MOST_MODULES = 350, 14  # what a newcomer reads in one sitting, and sees in one look at a folder


def _lines_of_code(source: str) -> int:
    """Count the lines that hold code: no blank, no comment, no docstring."""
    tree = ast.parse(source)
    told = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            text = body[0].value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                told |= set(range(text.lineno, text.end_lineno + 1))
    return sum(
        1
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in told and line.strip() and not line.strip().startswith("#")
    )


def test_every_contract_of_imports_holds(capfd: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(config_filename=str(PROJECT / "pyproject.toml"), no_cache=True) == 0, (
        capfd.readouterr().out
    )


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.relative_to(HOUSE.parent)))
def test_a_room_says_its_question_and_is_seen_in_one_look(room: Path) -> None:
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    modules = [path for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES


def test_every_module_is_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path in MODULES
        if path.name != "schema.py"  # declarations
        and (lines := _lines_of_code(path.read_text(encoding="utf-8"))) > MOST_LINES
    }
    assert long == {}


TESTS = PROJECT / "tests"


@pytest.mark.parametrize(
    "path", sorted(path for path in TESTS.rglob("test_*.py") if path.parent not in (TESTS, TESTS / "whole_run")),
    ids=lambda path: str(path.relative_to(TESTS)),
)  # fmt: skip
def test_a_test_stands_in_a_room_and_with_the_module_it_names_if_it_names_one(path: Path) -> None:
    room, named = HOUSE / path.parent.relative_to(TESTS), path.stem.removeprefix("test_")
    assert (room / "__init__.py").is_file()
    assert (room / f"{named}.py").is_file() or named not in {module.stem for module in MODULES}
