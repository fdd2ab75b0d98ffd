"""INSEE's communal density grid, fetched once into the cache with its checksum recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from psq_analysis.errors import BadInput

# https://www.insee.fr/fr/information/6439600: earlier editions stay at the same address, only the year changes
GRID = "https://www.insee.fr/fr/statistiques/fichier/6439600/grille_densite_7_niveaux_{year}.xlsx"
YEAR = 2024  # the geography of the project's own table of communes
USER_AGENT = "psq-analysis"  # INSEE refuses requests without one


class FetchFailed(BadInput):
    """A reference file could not be fetched, or is not the one fetched before."""


@dataclass(frozen=True)
class Fetched:
    """A file in the cache, where it came from and its SHA-256."""

    path: Path
    url: str
    sha256: str


def fetch_density(*, year: int = YEAR, url: str = "", folder: str | Path | None = None) -> Fetched:
    """Return INSEE's density grid of a year, downloaded into ``folder`` (by default the user's cache) unless it is there.

    The checksum of the first download is written beside the file (``….sha256``); later ones must match it. The file can be given to
    :func:`psq_analysis.places.communes.load_communes`. Raises :class:`FetchFailed` without network, or when the file has changed.
    """
    # only `psq fetch` uses the network: the rest of the project starts without its libraries
    import pooch  # noqa: PLC0415
    import requests  # noqa: PLC0415

    address = url or GRID.format(year=year)
    place = Path(folder) if folder else Path(pooch.os_cache("psq-analysis"))
    name = address.rsplit("/", maxsplit=1)[-1]
    record = place / f"{name}.sha256"
    known = record.read_text(encoding="ascii").split()[0] if record.is_file() else None
    try:
        path = Path(
            pooch.retrieve(
                address,
                known_hash=known and f"sha256:{known}",
                fname=name,
                path=place,
                downloader=pooch.HTTPDownloader(headers={"User-Agent": USER_AGENT}),
            )
        )
    except requests.RequestException as error:
        raise FetchFailed(
            f"Grille de densité : {address} ne répond pas ({type(error).__name__}). Vérifiez la connexion, ou téléchargez le "
            "fichier à la main et donnez-le par -p territories FICHIER."
        ) from error
    except ValueError as error:
        raise FetchFailed(
            f"Grille de densité : le fichier servi par {address} n’est plus celui dont l’empreinte est notée dans {record}. "
            "Supprimez cette note pour accepter le nouveau fichier."
        ) from error
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    record.write_text(f"{digest}  {name}\n", encoding="ascii")
    return Fetched(path, address, digest)
