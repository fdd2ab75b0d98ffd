"""What a file is, from its first bytes; kinds that are not safe to open are refused here.

Nothing is decompressed beyond stated limits, no entity is expanded and no external reference is followed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from psq_analysis.sources.errors import DamagedFile, EmptyFile, MissingFile, RefusedFile

MAX_FILE_BYTES = (
    400_000_000  # twenty times a national consultation exported as CSV (70,000 questionnaires, 20 MB)
)
MAX_UNPACKED_BYTES = 400_000_000  # same bound for what an .xlsx, .ods or .docx unpacks to
MAX_COMPRESSION_RATIO = 1000  # deflate reaches 1032 at most; office files stay below 200
MAX_WORD_BYTES = (
    60_000_000  # minutes of a hundred pages take 3; a document is held whole in memory, ten times its size
)
RATIO_FLOOR_BYTES = 20_000_000  # below this size a high ratio is only an empty, very regular sheet
MAX_ZIP_ENTRIES = 5000
MAX_ODS_REPEAT = 2_000_000  # cells that ODS repetitions may stand for, once trailing blanks are left out

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "une archive compressée (gzip)"),
    (b"BZh", "une archive compressée (bzip2)"),
    (b"\xfd7zXZ", "une archive compressée (xz)"),
    (b"7z\xbc\xaf\x27\x1c", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"\x28\xb5\x2f\xfd", "une archive compressée (zstd)"),
    (b"PAR1", "un fichier Parquet (fichier intermédiaire, et non un export de questionnaire)"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"SQLite format 3", "une base de données SQLite"),
    (b"FEA1", "un fichier Feather"),
    (b"ARROW1", "un fichier Arrow"),
)
_TO_SAVE_AGAIN: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "un PDF, dont le texte n'a ni colonnes ni paragraphes sûrs ; demandez le document d'origine, ou ouvrez le PDF dans Word ou "
        "LibreOffice et enregistrez-le au format DOCX, après relecture",
    ),
    (
        b"{\\rtf",
        "un document RTF ; ouvrez-le dans Word ou LibreOffice et enregistrez-le au format DOCX ou ODT",
    ),
)
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    r"^[\s\ufeff]*(<\?xml|<!doctype|<!entity|<html|<head|<body|<meta|<style|<table|<(?:ss:)?workbook|<!--)",
    re.IGNORECASE,
)
# A DOCTYPE that only names its grammar is what Ruby's and Java's writers put in a manifest; one with a subset may declare entities.
_DECLARATION = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]{0,400}\[", re.IGNORECASE)
_HEAD_BYTES = 4096  # signatures of formats stand in the first bytes of a file, tar's at 257


def container_of(path: Path) -> str:
    """Return what the file contains: ``xlsx``, ``xlsb``, ``xls``, ``ods``, ``docx``, ``odt``, ``msg`` or ``text``.

    Raises :class:`MissingFile`, :class:`EmptyFile`, :class:`RefusedFile` or :class:`DamagedFile`, each with a sentence
    that says what to do.
    """
    head = _first_bytes(path)
    if head.startswith(b"PK\x03\x04"):
        return _office_container(path)
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise _refused(path, "une archive ZIP")
    if head.startswith(_COMPOUND_FILE):
        return _compound_container(path)
    if head[257:262] == b"ustar":
        raise _refused(path, "une archive TAR")
    for signature, advice in _TO_SAVE_AGAIN:
        if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(signature):
            raise RefusedFile(f"{path.name} : c'est {advice}.")
    for signature, name in _SIGNATURES:
        if head.startswith(signature) and not (signature == b"MZ" and b"\x00" not in head):
            raise _refused(path, name)
    return "text"


def _first_bytes(path: Path) -> bytes:
    if not path.exists():
        raise MissingFile(f"{path.name} : le fichier n'existe pas ; vérifiez son chemin ({path}).")
    if not path.is_file():
        raise MissingFile(f"{path.name} : ce n'est pas un fichier ; indiquez les fichiers un par un.")
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{path.name} : le fichier est vide (0 octet) ; refaites l'export.")
    if size > MAX_FILE_BYTES:
        raise RefusedFile(
            f"{path.name} : le fichier dépasse {MAX_FILE_BYTES // 1_000_000} Mo ; découpez-le en plusieurs exports."
        )
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError as error:
        raise MissingFile(f"{path.name} : le fichier ne peut pas être lu ({error.strerror}).") from None


def _refused(path: Path, kind: str) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : c'est {kind}, qui n'est pas lu ; donnez l'export lui-même "
        "(CSV, XLSX, ODS, DOCX, ODT, TXT, EML, MSG ou JSON), décompressé s'il le faut."
    )


def is_markup(text: str) -> bool:
    """Tell whether a text is a page or an XML document, whatever its name."""
    return bool(_MARKUP.match(text))


def refuse_markup(path: Path, text: str) -> None:
    """Stop at an XML document that declares entities, or whose grammar is not HTML."""
    head = text[:_HEAD_BYTES]
    is_page = re.search(r"<!doctype\s+html", head, re.IGNORECASE)
    if re.search(r"<!ENTITY", text, re.IGNORECASE) or (
        re.search(r"<!DOCTYPE", head, re.IGNORECASE) and not is_page
    ):
        raise RefusedFile(
            f"{path.name} : c'est un fichier XML qui déclare des entités ; il n'est pas ouvert, "
            "par sécurité ; exportez les réponses en CSV ou en XLSX."
        )


def page_without_table(path: Path) -> RefusedFile:
    """Return the refusal of a page or an XML document that holds no table."""
    return RefusedFile(
        f"{path.name} : c'est une page HTML ou un fichier XML sans tableau, même si son nom dit autre chose ; "
        "ouvrez-le dans un tableur et enregistrez-le en XLSX ou en CSV."
    )


def _office_container(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(path, entries)
            names = {entry.filename for entry in entries}
            kind = _office_kind(archive, names)
            if kind is None:
                raise _refused(path, "une archive ZIP")
            if (
                kind in ("docx", "odt")
                and sum(entry.file_size for entry in entries if entry.filename.endswith(".xml"))
                > MAX_WORD_BYTES
            ):
                raise _oversized(path)
            _refuse_active_content(path, archive, names)
            _refuse_entities(path, archive, entries)
            return kind
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise _password(path) from None
        raise DamagedFile(
            f"{path.name} : le fichier est tronqué ou abîmé ; demandez-le à nouveau à son auteur."
        ) from None


def _check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    too_dense = unpacked > RATIO_FLOOR_BYTES and unpacked / packed > MAX_COMPRESSION_RATIO
    if unpacked > MAX_UNPACKED_BYTES or too_dense or len(entries) > MAX_ZIP_ENTRIES:
        raise _oversized(path)


def _oversized(path: Path) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : une fois décompressé, le fichier serait démesuré ; il n'est pas ouvert ; "
        "enregistrez seulement les réponses dans un nouveau fichier."
    )


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    opendocument = _opendocument_kind(archive, names)
    if opendocument:
        return opendocument
    lowered = {name.lower() for name in names}
    if "[content_types].xml" not in lowered:
        return None
    if "xl/workbook.bin" in lowered:
        return "xlsb"
    if any(name.startswith("word/") for name in lowered):
        return "docx"
    is_workbook = any(name.startswith("xl/") or "workbook" in name for name in lowered)
    return "xlsx" if is_workbook else None


def _opendocument_kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    """Told by its declared type, or by its content where the writer declared none."""
    if "mimetype" in names:
        declared = archive.open("mimetype").read(200)
        kinds = ((b"opendocument.spreadsheet", "ods"), (b"opendocument.text", "odt"))
    else:
        declared = archive.open("content.xml").read(_HEAD_BYTES * 16) if "content.xml" in names else b""
        kinds = ((b"<office:spreadsheet", "ods"), (b"<office:text", "odt"))
    return next((kind for mark, kind in kinds if mark in declared), None)


def _password(path: Path) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : le fichier est protégé par un mot de passe ; enregistrez-en une copie sans mot de passe."
    )


def _refuse_active_content(path: Path, archive: zipfile.ZipFile, names: set[str]) -> None:
    lowered = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in lowered):
        raise _macros(path)
    if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
        raise _password(path)
    if "META-INF/manifest.xml" in names:
        manifest = archive.open("META-INF/manifest.xml").read(1_000_000)
        if b"encryption-data" in manifest:
            raise _password(path)


def _macros(path: Path) -> RefusedFile:
    return RefusedFile(
        f"{path.name} : le fichier contient des macros ; enregistrez-le au format XLSX ou DOCX, sans macros."
    )


def _refuse_entities(path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        tail = b""
        with archive.open(entry) as part:
            while block := part.read(1 << 20):
                searched = (tail + block).replace(b"\x00", b"")
                if _DECLARATION.search(searched):
                    raise RefusedFile(
                        f"{path.name} : le fichier déclare des entités XML, ce qu'aucun tableur n'écrit ; "
                        "il n'est pas ouvert, par sécurité ; enregistrez-le à nouveau depuis un tableur."
                    )
                tail = block[-500:]
        if entry.filename == "content.xml":
            _refuse_repetition_bomb(path, archive)


def _refuse_repetition_bomb(path: Path, archive: zipfile.ZipFile) -> None:
    """ODS writes « this row 1,048,576 times » in a few bytes; only blank repetitions may be large."""
    from lxml import etree  # noqa: PLC0415  only for ODS: importing it costs time

    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    cells = 0
    row_has_content = False
    row_cells = 0
    with archive.open("content.xml") as part:
        for _, node in etree.iterparse(part, events=("end",), resolve_entities=False, no_network=True):
            if node.tag in (f"{table}table-cell", f"{table}covered-table-cell"):
                if len(node) or any("value" in key for key in node.attrib):
                    row_has_content = True
                    row_cells += _repeat(node.get(f"{table}number-columns-repeated"))
                node.clear()
            elif node.tag == f"{table}table-row":
                if row_has_content:
                    cells += row_cells * _repeat(node.get(f"{table}number-rows-repeated"))
                row_has_content, row_cells = False, 0
                node.clear()
                if cells > MAX_ODS_REPEAT:
                    raise RefusedFile(
                        f"{path.name} : le fichier annonce des millions de cellules répétées ; il n'est pas ouvert ; "
                        "enregistrez seulement les réponses dans un nouveau classeur."
                    )


def _repeat(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 1


def _compound_container(path: Path) -> str:
    content = path.read_bytes()
    wide = {
        name: name.encode("utf-16-le")
        for name in (
            "EncryptedPackage",
            "WordDocument",
            "VBA",
            "Workbook",
            "Book",
            "__substg1.0_",
            "__properties_version1.0",
        )
    }
    if wide["EncryptedPackage"] in content:
        raise _password(path)
    if wide["__properties_version1.0"] in content and wide["__substg1.0_"] in content:
        return "msg"
    if wide["WordDocument"] in content:
        raise RefusedFile(
            f"{path.name} : c'est un document Word ancien (.doc) ; ouvrez-le dans Word ou LibreOffice et enregistrez-le au format DOCX."
        )
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros(path)
    if wide["Workbook"] not in content and wide["Book"] not in content:
        raise _refused(path, "un fichier bureautique ancien d'un type inconnu")
    return "xls"
