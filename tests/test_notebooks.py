"""The notebooks are thin, stored clean, and take the parameters of the run and no other."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from psq_analysis.settings import RunSettings
from support import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
CHAIN = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]


def _code(path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _parameters(path) -> dict[str, object]:
    (cell,) = [cell for cell in _code(path) if "parameters" in cell.metadata.get("tags", [])]
    return {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}


def test_the_chain_is_complete():
    assert [path.stem for path in CHAIN] == ["01_clean", "02_cluster", "03_compare", "04_report"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path):
    assert all(not cell.outputs and cell.execution_count is None for cell in _code(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_defines_nothing_loops_over_nothing_and_knows_no_path(path):
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda, ast.comprehension)
    for cell in _code(path):
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(isinstance(node, forbidden) for node in nodes), cell.id
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert not names & {"Path", "os", "open", "glob"}, cell.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_parameters_are_those_of_the_run_with_the_same_defaults(path):
    defaults = RunSettings()
    for name, value in _parameters(path).items():
        expected = getattr(defaults, name)
        assert value == (list(expected) if isinstance(expected, tuple) else expected), name


def test_every_setting_reaches_some_notebook_of_the_chain():
    taken = set().union(*(_parameters(path) for path in CHAIN))
    assert taken == set(RunSettings.model_fields)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_number_of_the_data_is_typed_in_the_prose(path):
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    assert not any(re.search(r"\d+\s?%|\bn = \d", text.replace("95 %", "")) for text in prose)


def _imported(path) -> set[str]:
    return {
        alias.name
        for cell in _code(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


SETUP = re.compile(r"run = runs\.open_run|report\.style\(\)")
# a sentence about what the cell before left
NOTES = ("report.sentence(report.abstention_sentence", "report.how_to_read_voices_map")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_a_handful_of_names(path):
    assert 0 < len(_imported(path)) <= 7


@pytest.mark.parametrize(
    "path", [path for path in CHAIN if path.stem != "04_report"], ids=lambda path: path.stem
)
def test_a_cell_that_shows_something_leaves_what_it_shows_under_a_name(path):
    for cell in _code(path):
        *before, last = ast.parse(cell.source).body
        shows = isinstance(last, ast.Expr) and not SETUP.search(cell.source)
        if shows and not cell.source.startswith(NOTES):
            assert any(isinstance(node, ast.Assign) for node in before), cell.source


def test_the_report_reads_tables_and_computes_none():
    """It knows where the tables are and how they are shown; whoever counts or compares is not even imported."""
    (report,) = [path for path in CHAIN if path.stem == "04_report"]
    assert _imported(report) == {"report", "runs"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_is_shown_in_the_style_of_the_pages(path):
    assert any("report.style()" in cell.source for cell in _code(path))
