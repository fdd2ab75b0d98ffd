"""Any executed notebook becomes one offline page, by the command and by the template's name alike."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest

from support import psq_here

FIGURE = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {"height": 300}}


@pytest.fixture
def executed(tmp_path):
    shown = nbformat.v4.new_output("display_data", {"application/vnd.plotly.v1+json": FIGURE})
    cells = [nbformat.v4.new_markdown_cell("# Mon carnet\n\n## Une figure"), nbformat.v4.new_code_cell("figure", outputs=[shown])]  # fmt: skip
    path = tmp_path / "mien.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_the_page_of_a_notebook_holds_its_figures_and_asks_nothing_of_the_network(executed):
    done = psq_here("render", executed)
    page = executed.with_suffix(".html")
    assert (done.returncode, done.stdout.strip()) == (0, str(page))
    text = page.read_text(encoding="utf-8")
    assert 'class="plot"' in text
    assert "default-src 'none'" in text


@pytest.mark.slow
def test_the_template_of_that_name_gives_the_same_page(executed):
    psq_here("render", executed, "--to", executed.with_name("autre.html"))
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "psq", str(executed)], check=True, capture_output=True,
    )  # fmt: skip
    assert executed.with_suffix(".html").read_text() == executed.with_name("autre.html").read_text()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "introuvable"), ("pas un carnet", "n'est pas un carnet"), ("", "n'est pas un carnet"), ("{}", "n'est pas un carnet")]
)  # fmt: skip
def test_what_is_no_executed_notebook_is_refused(tmp_path, content, said):
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_text(content)
    done = psq_here("render", path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_notebook_never_executed_is_refused(project):
    done = psq_here("render", project / "notebooks/01_clean.ipynb")
    assert done.returncode == 2
    assert "n'a pas été exécuté" in done.stderr
