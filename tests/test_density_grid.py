"""The density grid is fetched from a server of the test, never from INSEE."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from psq_analysis import territories
from psq_analysis.density_grid import FetchFailed, fetch_density

pytest.importorskip("pooch", reason="pooch is not installed")


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that refuses, like INSEE's, a client without a name."""

    def do_GET(self) -> None:
        if not self.headers.get("User-Agent"):
            self.send_error(403)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "insee"
    folder.mkdir()
    grid = pd.DataFrame({"CODGEO": ["32013", "32107"], "LIBGEO": ["Auch", "Condom"], "DENS": [2, 5]})
    grid.to_excel(folder / "grille.xlsx", index=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}/grille.xlsx"
    server.shutdown()


def test_the_grid_is_fetched_recorded_and_read(served, tmp_path):
    folder, url = served
    fetched = fetch_density(url=url, folder=tmp_path / "cache")
    assert fetched.sha256 == hashlib.sha256((folder / "grille.xlsx").read_bytes()).hexdigest()
    assert (tmp_path / "cache/grille.xlsx.sha256").read_text().split() == [fetched.sha256, "grille.xlsx"]
    communes = territories.load_communes(fetched.path)
    assert communes.set_index("code")["density_level"].to_dict() == {"32013": 2, "32107": 5}


def test_a_file_already_in_the_cache_is_not_fetched_again(served, tmp_path):
    folder, url = served
    once = fetch_density(url=url, folder=tmp_path / "cache")
    (folder / "grille.xlsx").unlink()
    assert fetch_density(url=url, folder=tmp_path / "cache") == once


def test_a_file_that_changed_is_refused_until_the_analyst_accepts_it(served, tmp_path):
    folder, url = served
    fetched = fetch_density(url=url, folder=tmp_path / "cache")
    fetched.path.unlink()
    (folder / "grille.xlsx").write_bytes(b"something else")
    with pytest.raises(FetchFailed, match="empreinte"):
        fetch_density(url=url, folder=tmp_path / "cache")


def test_without_network_the_error_says_what_to_do(tmp_path):
    with pytest.raises(FetchFailed, match="à la main"):
        fetch_density(url="http://127.0.0.1:9/grille.xlsx", folder=tmp_path)


def test_a_missing_page_is_no_grid(served, tmp_path):
    _, url = served
    with pytest.raises(FetchFailed, match="ne répond pas"):
        fetch_density(url=url.replace("grille", "absente"), folder=tmp_path)
