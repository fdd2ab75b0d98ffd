"""From a path to a reading: open the file, recognise its format, apply the mapping, turn any crash into a sentence."""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib
from pathlib import Path
from types import ModuleType

from docx.opc.exceptions import OpcError

from psq_analysis.sources.errors import AmbiguousFile, BadMapping, DamagedFile, NotATable
from psq_analysis.sources.files.decoding import SURE
from psq_analysis.sources.files.opening import open_document
from psq_analysis.sources.formats import (
    decidim,
    declared,
    demarches_simplifiees,
    emails,
    forms,
    framaforms,
    google_forms,
    grand_debat,
    iramuteq,
    limesurvey,
    minutes,
    plain_tables,
)
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading
from psq_analysis.sources.questions_asked import only_asked

# One module per export format, each with `recognises(document)` and `read(document, mapping)`; the first that recognises reads.
READERS: dict[str, ModuleType] = {
    "fiches": forms,
    "courriels": emails,
    "compte_rendu": minutes,
    "iramuteq": iramuteq,
    "limesurvey": limesurvey,
    "framaforms": framaforms,
    "grand_debat": grand_debat,
    "decidim": decidim,
    "demarches_simplifiees": demarches_simplifiees,
    "google_forms": google_forms,
    "logiciel_enquete": declared,
    "tableur": plain_tables,
}


# What the libraries underneath raise on content nobody foresaw; the analyst gets a sentence, the cause is kept for us.
_CRASHES = (
    ValueError, LookupError, AttributeError, TypeError, RecursionError, MemoryError, OSError, SyntaxError, EOFError,
    ArithmeticError, AssertionError, NotImplementedError, csv.Error, zipfile.BadZipFile, zlib.error, struct.error, OpcError,
)  # fmt: skip


def read_document(path: Path, mapping: Mapping) -> tuple[Document, Reading]:
    """Return what a file holds and what was understood of it.

    Raises a kind of :class:`~psq_analysis.errors.BadInput`, one French sentence, for any file that cannot be read.
    """
    own = mapping.for_file(path.name)
    try:
        document = open_document(path, own)
        reading = only_asked(reader_of(document, own).read(document, own), own)
    except _CRASHES as error:
        raise DamagedFile(
            f"{path.name} : le contenu n'a pas pu être compris ({type(error).__name__}) ; ouvrez le fichier dans un tableur "
            "et enregistrez-le à nouveau en XLSX, ou refaites l'export."
        ) from error
    if document.encoding_certainty < SURE:
        raise AmbiguousFile(
            f"{path.name} : l'encodage du texte n'est pas sûr (peut-être {document.encoding}) ; indiquez-le dans une "
            "correspondance (« encodage: cp1252 », par exemple), ou enregistrez le fichier en UTF-8.",
            reading,
        )
    if own.wave:
        for contribution in reading.contributions:
            contribution.wave = contribution.wave or own.wave
    return document, reading


def reader_of(document: Document, mapping: Mapping) -> ModuleType:
    """Return the reader of a document: the one the mapping names, or the first that recognises the content."""
    if mapping.source_format:
        if mapping.source_format not in READERS:
            raise BadMapping(
                f"correspondance : format inconnu « {mapping.source_format} » ; formats admis : {', '.join(READERS)}."
            )
        return READERS[mapping.source_format]
    for reader in READERS.values():
        if reader.recognises(document):
            return reader
    raise NotATable(
        f"{document.path_name} : ni tableau, ni compte rendu, ni courriels reconnus ; donnez l'export d'origine."
    )
