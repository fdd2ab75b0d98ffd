"""The recipes of docs/recettes.md run as they are written, on the sample, in three lines at most."""

from __future__ import annotations

import ast
import contextlib
import re

import pytest

import psq_analysis as psq
from support import PROJECT

PAGE = (PROJECT / "docs/recettes.md").read_text(encoding="utf-8")
OPENING, *RECIPES = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_there_are_ten_of_three_lines_at_most():
    assert len(RECIPES) == 10
    assert max(len(recipe.splitlines()) for recipe in RECIPES) <= 3


@pytest.fixture(scope="module")
def run(sample_run):
    return psq.open("concertation", out=str(sample_run))


@pytest.mark.parametrize("recipe", RECIPES, ids=re.findall(r"^## (\d+)", PAGE, flags=re.MULTILINE))
def test_a_recipe_runs_and_leaves_something(run, recipe, tmp_path):
    names = {"run": run, "psq": psq}
    *before, last = ast.parse(recipe).body
    with contextlib.chdir(tmp_path):
        exec(compile(ast.Module(before, []), "recette", "exec"), names)
        shown = eval(compile(ast.Expression(last.value), "recette", "eval"), names)
    assert shown is not None
    assert not hasattr(shown, "shape") or len(shown)


def test_the_words_of_each_voice_are_shown_and_drawn(run):
    words = run.words("voix")
    assert "élus" in set(words["group"])
    assert "<caption>" in words._repr_html_()
    assert words.chart().data
