"""In JupyterLab, the notebooks run from the first cell to the last without error and write the tables of ``psq run``."""

from __future__ import annotations

import nbformat
import pytest

from support import PROJECT, hashes

pytestmark = pytest.mark.slow
CHAIN = ("01_clean", "02_cluster", "03_compare", "04_report", "explore", "mon_carnet")
RUN_ALL = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
STATE = """() => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets.map(one => one.model.toJSON());
    const code = cells.filter(cell => cell.cell_type === 'code' && String(cell.source).trim());
    return { left: code.filter(cell => !cell.execution_count).length,
             errors: code.flatMap(cell => cell.outputs).filter(one => one.output_type === 'error').map(one => one.ename) };
}"""
PRINTED = """() => window.jupyterapp.shell.currentWidget.content.widgets.map(one => one.model.toJSON())
    .flatMap(cell => cell.outputs || []).filter(one => one.output_type === 'stream').map(one => [one.text].flat().join(''))"""
BARS = {
    "01_clean": ["Lecture des fichiers : 100 %", "Masquage des données personnelles : 100 %"],
    "02_cluster": ["Codage des idées : 100 %", "Recherche de sous-thèmes : 100 %"],
}
PATIENCE = 240_000  # ms a notebook; a loaded machine takes ten times the usual 10 s


def test_run_all_in_jupyterlab_gives_the_tables_of_psq_run(lab, sample_run):
    for name in CHAIN:
        page = lab.open(nbformat.read(PROJECT / f"notebooks/{name}.ipynb", as_version=4), f"{name}.ipynb")
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )
        page.evaluate(RUN_ALL)
        page.wait_for_function(
            f"() => {{ const state = ({STATE})(); return state.errors.length || !state.left; }}",
            timeout=PATIENCE,
        )
        assert page.evaluate(STATE) == {"left": 0, "errors": []}, name
        assert page.dialogs == []
        printed = " ".join(page.evaluate(PRINTED))
        assert [bar for bar in BARS.get(name, []) if bar not in printed] == []
        page.close()
        lab.pages.remove(page)
    assert hashes(lab.folder / "data/processed/concertation") == hashes(
        sample_run / "data/processed/concertation"
    )
