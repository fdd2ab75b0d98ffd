"""A notebook run by hand refuses what psq run refuses, and leaves a published analysis as it is."""

from __future__ import annotations

import os
import types

import pandas as pd
import pytest

from psq_analysis.runs import by_hand
from psq_analysis.runs.run import RunError, open_run
from psq_analysis.settings import SettingsError
from small_runs import write_small_run


@pytest.fixture
def cells(monkeypatch):
    """Cells run so far in a notebook."""
    import IPython  # noqa: PLC0415

    said: list[str] = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: types.SimpleNamespace(user_ns={"In": said}))
    return said


@pytest.mark.parametrize("cell", ["# Parameters\nsead = 7\n", 'name = "gers"  # nom\nsead = 7'])
def test_a_misspelt_parameter_is_refused_however_the_notebook_is_run(cells, cell):
    cells += ["", 'name = "gers"', cell]
    with pytest.raises(SettingsError, match=r"« sead » : vouliez-vous dire « seed »"):
        open_run(name="gers")


def test_an_ill_typed_parameter_is_refused():
    with pytest.raises(SettingsError, match="un nombre entier est attendu"):
        open_run(name="gers", seed="sept")


def test_what_is_no_parameter_is_let_be(cells):
    cells += ["x = len('a')\nname = 'gers'", "import os", "def f(): pass", "a = b = 3 +"]
    by_hand.refuse_unknown_parameters()


def test_over_a_published_analysis_a_notebook_writes_beside_and_says_so(tmp_path, capsys):
    published = write_small_run(tmp_path)
    before = {path: path.read_bytes() for path in published.processed.iterdir()}
    assert not open_run(
        name="petite", out=str(tmp_path)
    ).by_hand  # nothing is published yet: it writes in place
    published.reports.mkdir(parents=True)
    (published.reports / "manifest.json").write_text("{}")
    run = open_run(name="petite", out=str(tmp_path))
    assert "à côté, dans data/processed/petite.essai" in capsys.readouterr().out
    codes = run.read("codes")
    run.write(codes=codes.head(3))
    assert {path: path.read_bytes() for path in published.processed.iterdir()} == before
    assert len(run.read("codes")) == 3
    assert len(run.read("remarks")) == 100
    with pytest.raises(RunError, match="exécutez d'abord les carnets précédents"):
        run.read("prevalence")


def test_what_was_written_by_hand_before_the_last_publication_is_dropped(tmp_path):
    published = write_small_run(tmp_path)
    published.reports.mkdir(parents=True)
    manifest = published.reports / "manifest.json"
    manifest.write_text("{}")
    run = open_run(name="petite", out=str(tmp_path))
    run.write(codes=run.read("codes").head(3))
    later = manifest.stat().st_mtime + 60
    os.utime(manifest, (later, later))
    again = open_run(name="petite", out=str(tmp_path))
    pd.testing.assert_frame_equal(again.read("codes"), published.read("codes"))
