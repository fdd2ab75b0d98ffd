"""The documents say what the code does: decisions, reasons, columns, rooms, commands."""

from __future__ import annotations

import ast
import importlib
import itertools
import json
import re
import shlex
import shutil
from functools import reduce
from pathlib import Path

import pytest

from psq_analysis.tables.schema import TABLES
from rooms import BLOCK, rooms_table
from support import PROJECT, notebooks_run_here, psq_here

HOUSE = PROJECT / "src/psq_analysis"
DOCS = PROJECT / "docs"
COMMANDS = {
    "run",
    "check",
    "code",
    "evaluate",
    "mask",
    "verify",
    "find",
    "forget",
    "fetch",
    "density",
    "lab",
    "review",
    "sample",
    "read",
    "agree",
    "apply",
    "rerun",
    "render",
}
PAGES = [PROJECT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISION = re.compile(
    r"^\| (?P<said>[^|]+) \| (?P<where>[^|]+) \| (?P<reason>[^|]+) \| (?P<source>[^|]+) \|$", re.MULTILINE
)


# ---------------------------------------------------------------------------------------------------------------------
# Numbers


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.UnaryOp(operand=operand):
            return _is_number(operand)
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(_is_number, elements))
    return False


def _named(target: ast.expr) -> list[str]:
    """Return the names a target assigns, one by one where it unpacks."""
    if isinstance(target, ast.Tuple):
        return [name for element in target.elts for name in _named(element)]
    return [target.id] if isinstance(target, ast.Name) else []


def _constants(source: str) -> list[tuple[list[str], int, int]]:
    """Return the numbers a module names in capitals, alone or several at once: names, first line, last line."""
    found = []
    for node in ast.parse(source).body:
        if (
            not isinstance(node, ast.Assign | ast.AnnAssign)
            or node.value is None
            or not _is_number(node.value)
        ):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [name for target in targets for name in _named(target)]
        if names and all(re.fullmatch(r"_?[A-Z][A-Z_0-9]+", name) for name in names):
            found.append((names, node.lineno, node.end_lineno))
    return found


def _without_reason(source: str) -> list[str]:
    """Return the named numbers with no comment on their line, above it, or above the block of numbers they stand in."""
    lines = source.splitlines()
    blank, bare = {number for number, line in enumerate(lines, 1) if not line.strip()}, []
    explained_to = -1
    for names, first, last in _constants(source):
        above = lines[first - 2].strip() if first > 1 else ""
        if (
            any("#" in line for line in lines[first - 1 : last])
            or above.startswith("#")
            or (explained_to == first - 1 and first - 1 not in blank)
        ):
            explained_to = last
        else:
            bare += names
    return bare


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("WIDTH = 12  # pixels, a letter\n", []),
        ("# pixels, of a letter\nWIDTH, HEIGHT = 12, 20\n", []),
        ("WIDTH, HEIGHT = (12, 20), (6, 8)\n", ["WIDTH", "HEIGHT"]),
        ("# a reason for both\nLOW = 0.3\nHIGH: float = 0.5\n", []),
        ("# a reason for one\nLOW = 0.3\n\nHIGH = 0.5\n", ["HIGH"]),
        ("NAMES = ('a', 'b')\nON = True\nlow = 3\n", []),
    ],
)
def test_a_number_without_a_reason_is_seen(source, bare):
    assert _without_reason(source) == bare


def test_every_number_the_code_names_has_its_reason_beside_it():
    bare = {
        str(path.relative_to(HOUSE)): names
        for path in sorted(HOUSE.rglob("*.py"))
        if (names := _without_reason(path.read_text(encoding="utf-8")))
    }
    assert bare == {}


# ---------------------------------------------------------------------------------------------------------------------
# Decisions


def _decisions() -> list[dict[str, str]]:
    page = (DOCS / "assumptions.md").read_text(encoding="utf-8")
    return [row.groupdict() for row in DECISION.finditer(page) if row["said"] not in ("decision", "---")]


def _value(dotted: str) -> object:
    """Return what a dotted name of the package stands for: a module, or something in one."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(["psq_analysis", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        return reduce(_attribute, parts[cut:], module)
    raise AssertionError(f"{dotted} is no module of the project")


def _attribute(owner: object, name: str) -> object:
    fields = getattr(owner, "model_fields", {})
    return fields[name].default if name in fields else getattr(owner, name)


def test_the_decisions_that_matter_have_a_reason_and_a_source():
    decisions = _decisions()
    assert 20 <= len(decisions) <= 30
    assert [one["said"] for one in decisions if len(one["reason"]) < 30 or len(one["source"]) < 3] == []


@pytest.mark.parametrize("decision", _decisions(), ids=lambda one: one["said"][:40])
def test_a_decision_is_what_the_code_does(decision):
    for place, value in re.findall(r"`([\w./]+)`(?: = (\([^)]*\)|[^,\s]+))?", decision["where"]):
        if "/" in place:
            assert (PROJECT / place).is_file()
        elif value:
            number = eval(value, {}, {})
            assert _value(place) == number, place
        else:
            _value(place)


# ---------------------------------------------------------------------------------------------------------------------
# Pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_read_in_one_sitting_and_its_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), target
        if anchor:
            assert anchor in _anchors(linked), target


def _anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as a forge writes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _documented_columns() -> dict[tuple[str, str], str]:
    table, found = "", {}
    pages = sorted(DOCS.glob("dictionary*.md"))
    for line in "\n".join(page.read_text(encoding="utf-8") for page in pages).splitlines():
        if heading := re.fullmatch(r"## `(\w+)`.*", line):
            table = heading.group(1)
        elif row := re.fullmatch(r"\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|", line):
            found[table, row.group(1)] = row.group(2)
    return found


def test_every_column_of_every_table_is_documented_in_the_words_of_the_schema():
    promised = {
        (table, name): column.description
        for table, model in TABLES.items()
        for name, column in model.columns.items()
    }
    assert _documented_columns() == promised


def test_the_rooms_of_the_architecture_are_those_of_the_house():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert rooms_table() in BLOCK.search(page)[0]


# ---------------------------------------------------------------------------------------------------------------------
# Commands


def _typed(page: Path) -> list[list[str]]:
    """Return the commands a page shows in its blocks of code, word by word."""
    blocks = re.findall(
        r"^```(?:sh|bash)?\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith(("psq ", "make "))]


SHOWN = [(page, words) for page in PAGES for words in _typed(page)]


@pytest.mark.parametrize(
    ("page", "words"), SHOWN, ids=[f"{page.name}: {' '.join(words)}" for page, words in SHOWN]
)
def test_a_command_of_a_page_exists_with_its_options(page, words, monkeypatch):
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return
    monkeypatch.setenv("COLUMNS", "200")
    command = list(itertools.takewhile(lambda word: word in COMMANDS, words[1:3]))
    told = psq_here(*command, "--help")
    assert command
    assert told.returncode == 0
    assert {word for word in words if re.fullmatch(r"--?[a-z-]+", word)} <= set(
        re.findall(r"--?[a-z-]+", told.stdout)
    )


@pytest.mark.slow
def test_the_commands_of_the_readme_do_what_it_says(tmp_path, project):
    """In a folder that holds the files they name, in the order of the page."""
    folder = tmp_path / "bureau"
    for part in ("notebooks", "data/manual"):
        shutil.copytree(project / part, folder / part)
    answers = "Numéro;Commune;Que faut-il améliorer ?\n" + "".join(
        f"{number};Auch;Il faudrait plus de rondes le soir dans la rue n° {number}.\n"
        for number in range(1, 25)
    )
    (folder / "my exports").mkdir()
    for name in ("my exports/avis.csv", "results.csv"):
        (folder / name).write_text(answers, encoding="utf-8")
    (folder / "remarks.jsonl").write_text('{"remark": "Plus de patrouilles"}\n', encoding="utf-8")
    (folder / "texts.jsonl").write_text('{"text": "Appelez M. Zarouki"}\n', encoding="utf-8")
    typed = [words for words in _typed(PROJECT / "README.md") if words[0] == "psq"]
    assert [words[1] for words in typed] == ["run", "rerun", "review", "check", "code", "evaluate", "mask"]
    for words in typed:
        names = [
            str(path) for word in words[1:] for path in (sorted(folder.glob(word)) if "*" in word else [word])
        ]
        with notebooks_run_here():
            done = psq_here(*names, cwd=folder)
        assert done.returncode == 0, done.stderr
    assert (folder / "reports/gers-2017/index.html").is_file()
    assert json.loads((folder / "coded.jsonl").read_text(encoding="utf-8"))["themes"] == ["presence"]
    assert "Zarouki" not in json.loads((folder / "masked.jsonl").read_text(encoding="utf-8"))["masked"]
