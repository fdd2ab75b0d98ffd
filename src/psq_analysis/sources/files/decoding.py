"""Bytes to text, and the repair of text that went through a wrong decoding; every repair is counted."""

from __future__ import annotations

import codecs
import re
from collections import Counter

import ftfy
from charset_normalizer import from_bytes
from ftfy.fixes import fix_c1_controls

from psq_analysis.sources.errors import DamagedFile

_FRENCH = set("éèêëàâäçùûüôöîïœæÉÈÊËÀÂÇÙÛÔÎÏŒÆ’‘“”«»…–—€°•·\u00a0\u202f²³ºª§£ñáíóúòìß´`¿¡ãõ©®™")
_SINGLE_BYTE = ("cp1252", "iso8859_15", "mac_roman", "cp850")
FRENCH_ENOUGH = 0.9  # share of the non-ASCII characters of a French text that are French letters or signs
SURE = 0.8  # below it, a mapping must state the encoding
UNSURE = 0.5
ENOUGH_TO_GUESS = 30  # foreign letters charset-normalizer needs; on a handful of bytes it answers at random

_VALID_MULTIBYTE = re.compile(rb"[\xc2\xc3\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xf0\x9f[\x80-\xbf]{2}")
_MOJIBAKE = re.compile(
    r"Ã[\u0080-\u00bf\u0152\u0153\u0160-\u0178\u2013-\u2122 ]|Â[\u0080-\u00bf]|â€|â\u0080|ðŸ|Ð|Å“|Å’"
)
_INVISIBLE = re.compile("[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
_LINE_ENDS = re.compile("[\u2028\u2029\x85\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OOXML_ESCAPE = re.compile(r"_x000[dD]_(?:_x000[aA]_|\r?\n)?|_x000[aA]_")
_FORMULA_MASK = re.compile(r"^'(?=[=+\-@])")


def _invalid_bytes_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace") if b"\x81" not in wrong else wrong.decode("latin-1"), error.end


codecs.register_error("invalid_bytes_as_cp1252", _invalid_bytes_as_cp1252)


def decode(
    content: bytes, *, encoding: str | None = None, name: str = "fichier"
) -> tuple[str, str, float, Counter[str]]:
    """Return the text, the encoding found, how sure (0–1), and the count of lines decoded apart.

    A file in which some lines are UTF-8 and others cp1252 is decoded line by line; byte order marks win over everything.

    >>> decode("Élu ; très bien".encode("utf-8"))[:3]
    ('Élu ; très bien', 'utf-8', 1.0)
    >>> decode("Élu ; l’été déjà".encode("cp1252"))[:2]
    ('Élu ; l’été déjà', 'cp1252')
    >>> text, found, _, repairs = decode("déjà\\n".encode() + "été\\n".encode("cp1252"))
    >>> text, found, dict(repairs)
    ('déjà\\nété\\n', 'utf-8', {'lignes décodées en cp1252 dans un fichier UTF-8': 1})
    """
    if encoding:
        try:
            return content.decode(encoding), encoding, 1.0, Counter()
        except (UnicodeDecodeError, LookupError):
            raise DamagedFile(
                f"{name} : le fichier n'est pas lisible avec l'encodage « {encoding} » de la correspondance ; corrigez-la."
            ) from None
    for mark, found in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            if found == "utf-8-sig":
                content = content[3:]
                break
            return content.decode(found, "replace"), found, 1.0, Counter()
    wide = _utf16_without_mark(content)
    if wide:
        return content.decode(wide, "replace"), wide, SURE, Counter()
    try:
        return content.decode("utf-8"), "utf-8", 1.0, Counter()
    except UnicodeDecodeError:
        return _decode_mixed_or_single_byte(content)


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:4000]
    if len(sample) < 4 or sample.count(0) < len(sample) // 3:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _decode_mixed_or_single_byte(content: bytes) -> tuple[str, str, float, Counter[str]]:
    lines = content.splitlines(keepends=True) if b"\n" in content else content.split(b"\r")
    damaged = [line for line in lines if not _is_utf8(line)]
    healthy = sum(1 for line in lines if not line.isascii() and _is_utf8(line))
    mixed_in_line = sum(1 for line in damaged if _VALID_MULTIBYTE.search(line))
    if healthy or mixed_in_line > len(damaged) // 2:
        text = content.decode("utf-8", "invalid_bytes_as_cp1252")
        return text, "utf-8", 1.0, Counter({"lignes décodées en cp1252 dans un fichier UTF-8": len(damaged)})
    found, certainty = _single_byte(content)
    return content.decode(found, "replace"), found, certainty, Counter()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(content: bytes) -> tuple[str, float]:
    """French bytes are told by their letters; anything else is left to charset-normalizer, and announced as unsure."""
    foreign = bytes(byte for byte in content if byte > 127)
    scores = [
        (_share_of_french(foreign.decode(name, "replace")), -rank, name)
        for rank, name in enumerate(_SINGLE_BYTE)
    ]
    best, _, name = max(scores)
    if best >= FRENCH_ENOUGH:
        return name, best
    guess = from_bytes(content[:200_000]).best() if len(foreign) >= ENOUGH_TO_GUESS else None
    return (guess.encoding, UNSURE) if guess is not None else ("cp1252", UNSURE)


def _share_of_french(text: str) -> float:
    return sum(letter in _FRENCH for letter in text) / max(len(text), 1)


def repair(text: str, repairs: Counter[str]) -> str:
    """Undo damage of encoding and transport in one cell; the words themselves are never changed.

    >>> counts = Counter()
    >>> repair("L\u2019accueil est trÃ¨s loin_x000D_\\n", counts)
    'L’accueil est très loin\\n'
    >>> sorted(counts)
    ['mojibake réparé', 'retours à la ligne échappés (_x000D_)']
    """
    if (
        text.isascii()
        and "\r" not in text
        and "_x" not in text
        and "'" not in text[:1]
        and text.isprintable()
    ):
        return text
    if _MOJIBAKE.search(text):
        mended = ftfy.fix_encoding(text)
        if mended != text:
            repairs["mojibake réparé"] += 1
            text = mended
    if _C1.search(text):
        text = fix_c1_controls(text)
        repairs["mojibake réparé"] += 1
    if "_x000" in text:
        text = _OOXML_ESCAPE.sub("\n", text)
        repairs["retours à la ligne échappés (_x000D_)"] += 1
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_ENDS.sub("\n", text)
    if _CONTROL.search(text):
        repairs["caractères de contrôle retirés"] += 1
        text = _CONTROL.sub("", text)
    if _INVISIBLE.search(text):
        repairs["caractères invisibles retirés"] += 1
        text = _INVISIBLE.sub("", text)
    if _FORMULA_MASK.match(text) and not text.endswith("'"):
        repairs["apostrophes de masquage retirées"] += 1
        text = text[1:]
    if "\ufffd" in text:
        repairs["caractères perdus avant l'export (�)"] += 1
    return text
