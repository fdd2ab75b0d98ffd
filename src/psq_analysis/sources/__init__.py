"""Read what administrations receive: one reader per export format, one intake, and every row accounted for.

>>> import pathlib, tempfile
>>> path = pathlib.Path(tempfile.mkdtemp()) / "avis.csv"
>>> _ = path.write_text("Commune;Remarque\\nAuch;Plus de rondes le soir.\\n", encoding="utf-8")
>>> read_files([path]).remarks["text"].tolist()
['Plus de rondes le soir.']
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

from psq_analysis import progress
from psq_analysis.sources.describe import Description, describe_file, format_description
from psq_analysis.sources.doubts import doubts_of
from psq_analysis.sources.errors import MissingFile
from psq_analysis.sources.files.guard import MAX_FILE_BYTES
from psq_analysis.sources.intake import Intake, assemble
from psq_analysis.sources.mapping import Mapping, load_mapping
from psq_analysis.sources.model import NamedReading
from psq_analysis.sources.recognise import read_document

__all__ = [
    "Description",
    "Intake",
    "Mapping",
    "describe_file",
    "format_description",
    "load_mapping",
    "read_files",
]


def read_files(
    paths: Iterable[str | Path], *, mapping: Mapping | AnyMapping[str, Any] | str | Path | None = None
) -> Intake:
    """Return the contributions, closed answers, remarks, rejects and ledger of one corpus of files.

    ``mapping`` is a YAML file (or its content) that overrides what is guessed. The same file (or a copy) given twice is an error; an
    export that repeats rows of another (same survey, same row to the minute) is merged into it and counted.

    Raises a kind of :class:`~psq_analysis.errors.BadInput` for the first file that cannot be read.
    """
    checked = load_mapping(mapping)
    files = [Path(path) for path in paths]
    if not files:
        raise MissingFile("aucun fichier n'a été donné ; indiquez au moins un export à lire.")
    repeated = [path.name for path, count in Counter(path.resolve() for path in files).items() if count > 1]
    if repeated:
        raise MissingFile(f"{repeated[0]} : le fichier est donné deux fois ; ne l'indiquez qu'une fois.")
    _refuse_copies(files)
    readings = []
    names: Counter[str] = Counter()
    for path in progress.over(files, "read"):
        names[path.name] += 1
        name = path.name if names[path.name] == 1 else f"{path.name} ({names[path.name]})"
        document, reading = read_document(path, checked)
        readings.append(
            NamedReading(name, reading, tuple(document.rejects), tuple(doubts_of(document, reading)))
        )
    return assemble(readings)


def _refuse_copies(files: list[Path]) -> None:
    """The same bytes under two names would count everybody twice."""
    seen: dict[str, Path] = {}
    for path in files:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            continue  # the reader says what is wrong with it
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest in seen and path.stat().st_size:
            raise MissingFile(
                f"{path.name} : le fichier est la copie exacte de {seen[digest].name} ; n'en donnez qu'un des deux."
            )
        seen[digest] = path
