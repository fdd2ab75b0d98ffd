"""The end of a message: where the signature starts, and the quality and the place it says."""

from __future__ import annotations

import re

from psq_analysis.sources.free_line import known_place, read_line
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import HABITANTS

LONGEST_SIGNATURE_LINE = 90  # characters of a quality with its service
LINES_ABOVE_CONTACT = 4  # name, quality, service, street
SHORT_LINE = 60
SHORTEST_SURNAME = 4  # letters; « de », « la », « M. » are in many lines
LONGEST_QUALITY = 9  # words of « Le maire délégué de Saint-Germain-sur-Ille »
LONGEST_NAME_LINE = 5  # words of a line that is only a name
_POSTAL = re.compile(r"(?<!\d)(\d{2}\s?\d{3}\s+\D{2,50})$")
_STREET = re.compile(
    r"^\s*(\d{1,4}\s*(bis|ter)?,?\s+(?!\d)|lieu[- ]?dit|rue|avenue|chemin|route|place|impasse|boulevard|allée|bp\s*\d|cs\s*\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+33|0)[\s.\-]?\d(?:[\s.\-]?\d){7,9}")
_ADDRESS = re.compile(r"\S+@\S+|https?://|www\.")
_POSTSCRIPT = re.compile(r"^\s*(?:p\.?\s?-?s\.?|post[- ]scriptum|nb|n\.b\.)\s*[:.–-]?\s+\S", re.IGNORECASE)
_SELF = re.compile(
    r"\b(?:je suis|nous sommes|en tant que|en qualité de|j['’]habite|nous habitons|je vis|je r[ée]side|domicili[ée]e?s? [àa]|je tiens|je g[èe]re|je dirige"
    r"|je pr[ée]side|au nom d(?:u|e la|es|e l['’]|e|['’])|i am an?|i live in|we run|i run|i own|we live in)\s+(?:qu['’])?(?P<clause>[^.:;!?\n]{3,80})",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r"(?:^|[.!?]\s+)(?P<clause>[A-ZÀ-Ý][^,.;!?\n]{4,90}),\s+(?:je|j['’]|nous|on|i|we)\b",
    re.IGNORECASE | re.MULTILINE,
)
# « Ici à Saint-Clar tout va bien », « dans notre village de Fourcès »
_HERE = re.compile(
    r"\b(?:[Ii]ci|[Cc]hez (?:nous|moi)|(?:[Mm]on|[Nn]otre|[Mm]a) (?:village|commune|ville|bourg|hameau)),?\s+(?P<clause>(?:à|au|aux|en|de|du|d['’])\s*[A-ZÀ-Ý][^,.;!?\n]{2,60})"
)
# « habitant de Simorre je constate que… », typed without a comma at the very beginning
_OPENING = re.compile(r"^\s*(?P<clause>[^\W\d_][^,.;!?\n]{4,60}?)\s+(?:je|j['’]|nous|on)\b", re.IGNORECASE)
# « Odile Casta, habitante » : what a line says after the name
_AFTER_NAME = re.compile(r"\s*,\s*|\s+[–—-]\s+|\s*[(/]\s*")
_HABITATION = re.compile(r"habit|vis\b|r[ée]sid|domicili|live", re.IGNORECASE)


def split_signature(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
    """Cut at the closing formula, the sender's own name or « -- », whichever comes first near the end; a post-scriptum is text.

    >>> split_signature(["Trop de bruit.", "", "Cordialement,", "Odile C.", "Habitante, 32300 Mirande", "PS : et les chiens !"], "Odile Casta")
    (['Trop de bruit.', '', 'PS : et les chiens !'], ['Cordialement,', 'Odile C.', 'Habitante, 32300 Mirande'])
    """
    lines = _trimmed(lines)
    cut = len(lines)
    for at in range(len(lines) - 1, 0, -1):
        if _starts_signature(lines, at, cut, sender):
            cut = at
    cut = min(cut, _closing_block(lines, sender))
    if cut < len(lines) and _is_contact(lines[cut]):
        cut = _above_contact(lines, cut)
    below = next((at for at in range(cut, len(lines)) if _POSTSCRIPT.match(lines[at])), len(lines))
    return _trimmed([*lines[:cut], *lines[below:]]), _trimmed(lines[cut:below])


def _trimmed(lines: list[str]) -> list[str]:
    lines = list(lines)
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _starts_signature(lines: list[str], at: int, cut: int, sender: str) -> bool:
    line, words = lines[at], plain(lines[at])
    if line.strip() in ("--", "—") or is_name(_AFTER_NAME.split(line, maxsplit=1)[0], sender):
        return True
    if _is_quality_alone(lines, at):
        return True
    if _is_contact(line) and at >= cut - 3 and all(_short(one) for one in lines[at:cut]):
        return True
    return (
        matches("emails", "closing", words)
        and len(words) < 140
        and (not lines[at - 1].strip() or len(words.split()) <= LONGEST_NAME_LINE)
        and all(_short(one) or _POSTSCRIPT.match(one) for one in lines[at + 1 :])
    )


def _closing_block(lines: list[str], sender: str) -> int:
    """Where the last lines begin, when they stand apart, are short, end without a full stop and one of them is the sender's or says a quality."""
    start = next((at + 1 for at in range(len(lines) - 1, 0, -1) if not lines[at].strip()), len(lines))
    block = lines[start:]
    surnames = {word for word in plain(sender).split() if len(word) >= SHORTEST_SURNAME}
    if not 1 < len(block) <= LINES_ABOVE_CONTACT + 1 or any(
        len(line) > SHORT_LINE or re.search(r"[.!?…:;]$", line.strip()) or re.match(r"\s*[-–•*\d]", line)
        for line in block
    ):
        return len(lines)
    is_signed = any(
        surnames & set(plain(line).split()) or read_line(line).voice is not None for line in block
    )
    return start if is_signed else len(lines)


def _is_quality_alone(lines: list[str], at: int) -> bool:
    """« Le maire de Varilhes », alone below a blank at the end, signs like a name."""
    line = lines[at].strip()
    return (
        not lines[at - 1].strip()
        and at >= len(lines) - LINES_ABOVE_CONTACT - 1
        and len(line.split()) <= LONGEST_QUALITY
        and re.match(r"(?:L[ae]|L['’]|Un|Une|Les|Pour)\b|[A-ZÀ-Ý]", line) is not None
        and not re.search(r"[.!?:;…]$", line)
        and (
            read_line(line.rstrip(",")).voice is not None
            or matches("minutes", "unique_function", re.sub(r"^(?:le|la|l) ", "", plain(line)))
        )
        and all(_short(one) for one in lines[at:])
    )


def is_name(line: str, sender: str) -> bool:
    """The sender's name, whole or cut to an initial.

    >>> is_name("Odile C.", "Odile Casta"), is_name("Jean D.", "Odile Casta"), is_name("La maire", "Odile Casta")
    (True, False, False)
    """
    words, name = plain(line).split(), plain(sender).split()
    if not words or not name or len(words) > LONGEST_NAME_LINE:
        return False
    return all(
        any(word == part or (len(word) == 1 and part.startswith(word)) for part in name) for word in words
    ) and any(len(word) > 1 for word in words)


def who_and_where(signature: list[str], text: str, sender: str) -> tuple[str, dict[str, str]]:
    """The voice and the place a message says: in its signature, else in what the person says of themselves."""
    voices: list[str] = []
    place: dict[str, str] = {}
    for line in signature:
        if matches("emails", "closing", plain(line)):
            continue
        postal = _POSTAL.search(line.strip())
        if (_PHONE.search(line) or _ADDRESS.search(line) or _STREET.match(line)) and not postal:
            continue
        said = _without_name(line, sender)
        found = read_line(said)
        if postal and not place.get("postcode"):
            place = dict(read_line(postal[1]).place)
        elif not place and (found.voice or "," in said or said != line.strip() or len(signature) > 1):
            place = known_place(found)
        if found.voice and _short(line):
            voices.append(found.voice)
    voice, told_place = _told(text)
    voice = voice or read_line(sender).voice  # « Association Ti Kaz », « Mairie de Fleurance »
    if not told_place and read_line(sender).voice not in (None, HABITANTS):
        told_place = known_place(read_line(sender))
    known = [one for one in voices if one != HABITANTS] or voices
    return (
        known[0]
        if len(set(known)) == 1
        else voice
        if not known and voice
        else known[0]
        if known
        else HABITANTS
    ), (place or told_place)


def _without_name(line: str, sender: str) -> str:
    """What a line says besides the name of the sender.

    >>> _without_name("Gérard T. – Ordan-Larroque", "Gérard Tourné"), _without_name("Habitante, Auch", "Odile Casta")
    ('Ordan-Larroque', 'Habitante, Auch')
    """
    head, *tail = _AFTER_NAME.split(line.strip(), maxsplit=1)
    if not is_name(head, sender):
        return line.strip()
    return tail[0].rstrip(") ") if tail else ""


def _told(text: str) -> tuple[str | None, dict[str, str]]:
    """« Je suis retraité à Condom », « J'habite Pavie »."""
    voice: str | None = None
    place: dict[str, str] = {}
    for said in _SELF.finditer(text):
        clause = re.split(
            r"\s(?:et|and|qui|je|nous|on|depuis|avec|mais|car|où|since|for)\s|\sj['’]", said["clause"]
        )[0]
        line = read_line(clause)
        if _HABITATION.search(said[0][: said.start("clause") - said.start()]):
            place = place or {
                name: value for name, value in line.place.items() if len(value.split()) <= LONGEST_NAME_LINE
            }
        else:
            voice = voice or line.voice
            place = place or known_place(line)
    for said in _APPOSITION.finditer(text):
        line = read_line(said["clause"])
        if line.voice:
            voice, place = voice or line.voice, place or known_place(line)
    for said in _HERE.finditer(text):
        place = place or known_place(read_line(said["clause"]))
    if opening := _OPENING.match(text):
        line = read_line(opening["clause"])
        if line.voice and known_place(line):
            voice, place = voice or line.voice, place or known_place(line)
    return voice, place


def _above_contact(lines: list[str], cut: int) -> int:
    """Above a postal address or a telephone stand the name and the quality: short lines, without a full stop, up to a blank."""
    for at in range(cut - 1, max(cut - 1 - LINES_ABOVE_CONTACT, 0), -1):
        line = lines[at].strip()
        if not line:
            return at + 1
        if len(line) > SHORT_LINE or re.search(r"[.!?…;:,]$", line) or re.match(r"[-–•*]", line):
            return at + 1
    return cut


def _short(line: str) -> bool:
    return len(line) <= LONGEST_SIGNATURE_LINE


def _is_contact(line: str) -> bool:
    stripped = line.strip()
    return bool(
        _PHONE.fullmatch(
            re.sub(r"^(?:tél|tel|port|mobile|fax)\w*\.?\s*:?\s*", "", stripped, flags=re.IGNORECASE)
        )
        or re.fullmatch(r"\d{2}\s?\d{3}\s+\D{2,50}", stripped)
        or (_ADDRESS.search(stripped) and len(stripped.split()) <= 3)
    )
