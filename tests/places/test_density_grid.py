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

from psq_analysis.places import communes as places_communes
from psq_analysis.places.density_grid import FetchFailed, fetch_density

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
    communes = places_communes.load_communes(fetched.path)
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


TITLES = [
    ["Grille communale de densité"],
    ["Mise en ligne le 20/05/2024"],
    ["Source : Insee, recensement de la population"],
    [],
]
PLACES = [
    ("32013", "Auch", 2),
    ("32107", "Condom", 5),
    ("32256", "Mirande", 5),
    ("97411", "Saint-Denis", 1),
    ("2A004", "Ajaccio", 2),
]


def grid_of_2024() -> dict[str, list[list[object]]]:
    head = ["CODGEO", "LIBGEO", "DENS", "LIBDENS", "PMUN21", "P1", "P2"]
    return {
        "Grille_Densite": [
            *TITLES,
            head,
            *([code, name, str(level), "libellé", 3000, 12.5, 0] for code, name, level in PLACES),
        ]
    }


def grid_of_2025() -> dict[str, list[list[object]]]:
    head = ["CODGEO", "LIBGEO", "DENS", "LIBDENS", "PMUN22", "DENS_AAV", "LIBDENS_AAV", "DENS7", "LIBDENS7"]
    rows = [
        [code, name, min(level, 3), "degré", 3000, min(level, 4), "x", level, "niveau"]
        for code, name, level in PLACES
    ]
    epci = [["200066926", "CA Grand Auch Cœur de Gascogne", 2, "intermédiaire"]]
    return {
        "Documentation": [["La grille de densité à 7 niveaux"], ["DENS7 : de 1 à 7"]],
        "Maille EPCI": [*TITLES, ["EPCI", "LIBEPCI", "DENS", "LIBDENS"], *epci],
        "Arrondissements": [*TITLES, head, ["75101", "Paris 1er Arrondissement", 1, "d", 1, 1, "x", 1, "n"]],
        "Maille communale": [*TITLES, head, *rows],
    }


def detailed_grid_of_2023() -> dict[str, list[list[object]]]:
    head = ["depcom", "libcom", "dens", "libdens", "pmun20"]
    return {
        "Feuil1": [
            ["Grille de densité à 7 niveaux"],
            head,
            *([code, name, level, "l", 3000] for code, name, level in PLACES),
        ]
    }


def detailed_grid_of_2022() -> dict[str, list[list[object]]]:
    head = [
        "Code commune",
        "Libellé commune",
        "Degré de densité",
        "Libellé degré densité",
        "Population \nmunicipale \n2019",
    ]
    return {"Grille": [head, *([code, name, level, "l", 3000] for code, name, level in PLACES)]}


@pytest.mark.parametrize("sheets", [grid_of_2024, grid_of_2025, detailed_grid_of_2023, detailed_grid_of_2022])
def test_insees_workbook_of_any_year_is_read_whatever_its_sheets_and_titles(sheets, tmp_path):
    file = tmp_path / "grille.xlsx"
    with pd.ExcelWriter(file) as book:
        for name, rows in sheets().items():
            width = max(map(len, rows))
            padded = [[*row, *[None] * (width - len(row))] for row in rows]
            pd.DataFrame(padded).to_excel(book, sheet_name=name, header=False, index=False)
    communes = places_communes.load_communes(file).set_index("code")
    assert communes["density_level"].to_dict() == {code: level for code, _, level in PLACES}
    assert communes["name"].to_dict() == {code: name for code, name, _ in PLACES}
    assert communes["population"].eq(3000).all()
    assert communes["department_code"].to_dict()["2A004"] == "2A"
    # what the workbook does not hold is known of the Gers, and of the préfectures for the map
    assert communes.loc["32107", "epci"] == "CC de la Tenarèze"
    assert communes.loc[["2A004", "97411"], ["lat", "lng"]].notna().all(axis=None)
