"""What a sheet kept by hand says outside its rows: banners between them, its title, its name: where and when people spoke."""

from __future__ import annotations

import re

from psq_analysis.places.place_names import commune_names
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.places_written import split_place
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import normalise_stakeholder

_DATE = re.compile(
    r"(?<!\d)(\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}(?:er)? [a-zéû]{3,9} \d{4}|\d{4}-\d{2}-\d{2})(?!\d)",
    re.IGNORECASE,
)
_AROUND = re.compile(r"\s*(?:\bet (?:ses )?(?:environs|alentours|hameaux|communes voisines)|\bville\b|\bcentre\b|\(.*\)|\bsecteur (?:de |d['’])?|\bcommune (?:de |d['’])|\b(?:mairie|brigade|permanence|réunion)\s+(?:de |d['’]))\s*", re.IGNORECASE)  # fmt: skip
_MEANING = re.compile(r"\b([A-Za-zÀ-ÿ]{1,4}\d?)\s*(?:=|:|→)\s*([^,;=:|\n]{3,60})")
LONGEST_BANNER = 80  # characters; longer, a lone cell is a note


def place_of_banner(text: str) -> str | None:
    """Return the commune a banner names, and nothing else but its surroundings; None for any other lone cell.

    >>> place_of_banner("MARSAN ET ENVIRONS"), place_of_banner("Commune de Gimont :"), place_of_banner("sous-total")
    ('MARSAN', 'Gimont', None)
    """
    name = _AROUND.sub(" ", text).strip(" :–—-*\t")
    if not name or len(text) > LONGEST_BANNER:
        return None
    found = split_place(name)
    return found.get("commune") if plain(found.get("commune", "")) in commune_names() else None


def place_in_title(text: str) -> str | None:
    """Return the one commune that a title or the name of a sheet holds, None when it holds none or several.

    >>> place_in_title("Réunion de proximité – Mirande – 12/01/18"), place_in_title("semaine 12")
    ('Mirande', None)
    """
    found = read_line(text.replace("_", " ")).place.get("commune", "")
    return found if plain(found) in commune_names() else None


def day_in_title(text: str) -> str | None:
    """Return the day a title or the name of a sheet gives, as ISO 8601.

    >>> day_in_title("Lectoure 19-01-18"), day_in_title("Réunion du 14 décembre 2017")
    ('2018-01-19', '2017-12-14')
    """
    days = {day.isoformat() for match in _DATE.finditer(text) if (day := parse_date(match[1]))}
    return days.pop() if len(days) == 1 else None


def voice_of_group(title: str) -> str | None:
    """The voice of all who speak under a title that names a group of people, and nothing else.

    >>> voice_of_group("Table 1 – Habitants"), voice_of_group("Transports")
    ('habitants', None)
    """
    words = plain(title)
    return normalise_stakeholder(title) if matches("minutes", "group_of_people", words) else None


def legend_of(rows: list[list[str]]) -> dict[str, str]:
    """The voices of the codes that a lone cell explains, by their plain words; none without two of them.

    >>> legend_of([["Légende : H = habitant, E = élu ; C = commerçant"], ["Qui", "Remarque"]])
    {'h': 'habitants', 'e': 'élus', 'c': 'commerçants'}
    """
    found: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row if cell.strip()]
        pairs = _MEANING.findall(cells[0]) if len(cells) == 1 else []
        voices = {plain(code): normalise_stakeholder(meaning) for code, meaning in pairs}
        if sum(voice is not None for voice in voices.values()) > 1:
            found |= {code: voice for code, voice in voices.items() if voice is not None}
    return found
