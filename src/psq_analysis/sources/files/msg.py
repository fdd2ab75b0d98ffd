"""A message saved from Outlook (.msg): a compound file of properties, opened by olefile.

Source: [MS-OXMSG] for the layout of streams, [MS-OXPROPS] for the numbers of properties. Outlook writes the plain text of each message
beside its other forms; a message without it is read from its HTML.
"""

from __future__ import annotations

import datetime
import re
import struct
from pathlib import Path

import olefile

from psq_analysis.sources.errors import DamagedFile
from psq_analysis.sources.files.mail import Mail, text_of_body

_SUBJECT, _BODY, _HTML, _CLASS, _TO = "0037", "1000", "1013", "001A", "0E04"
_SENDERS, _ADDRESSES = ("0C1A", "0042"), ("5D01", "5D02", "0C1F", "0065")
_SENT, _DELIVERED, _CODEPAGE = (
    0x0039,
    0x0E06,
    0x3FFD,
)  # PidTagClientSubmitTime, MessageDeliveryTime, MessageCodepage
_TOP_HEADER = 32  # bytes before the properties of the message itself
_EPOCH = datetime.datetime(1601, 1, 1)
_NOT_WRITTEN = re.compile(r"^(?:REPORT\.|IPM\.(?:Appointment|Schedule|Task|Note\.Rules))", re.IGNORECASE)


def read_msg(path: Path) -> Mail:
    """Return the message of a file saved by Outlook."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            if not ole.exists(f"__substg1.0_{_CLASS}001F") and not ole.exists(f"__substg1.0_{_CLASS}001E"):
                raise ValueError("a message without class")
            return _mail(ole)
    except (OSError, ValueError, LookupError, struct.error, TypeError) as error:
        raise DamagedFile(
            f"{path.name} : le message Outlook est abîmé ; enregistrez-le à nouveau depuis Outlook, ou au format texte."
        ) from error


def _mail(ole: olefile.OleFileIO) -> Mail:
    fixed = _fixed(ole)
    codepage = f"cp{fixed.get(_CODEPAGE, 1252)}".replace("cp65001", "utf-8")
    sender = next((text for tag in _SENDERS if (text := _text(ole, tag, codepage))), "")
    address = next((text for tag in _ADDRESSES if "@" in (text := _text(ole, tag, codepage))), "")
    body = _text(ole, _BODY, codepage)
    if not body.strip():
        markup = _text(ole, _HTML, codepage)
        body = text_of_body(markup) if markup else ""
    sent = fixed.get(_SENT) or fixed.get(_DELIVERED)
    kind = _text(ole, _CLASS, codepage)
    files = {
        entry[0] for entry in ole.listdir(streams=False, storages=True) if entry[0].startswith("__attach")
    }
    return Mail(
        line=1,
        sender=sender,
        address=address.lower(),
        recipients=tuple(part.strip().lower() for part in _text(ole, _TO, codepage).split(";") if part.strip()),
        subject=_text(ole, _SUBJECT, codepage),
        day=(_EPOCH + datetime.timedelta(microseconds=sent / 10)).date().isoformat() if sent else None,
        body=body.replace("\r\n", "\n").strip("\x00"),
        automatic="réponse automatique, invitation ou accusé : pas une contribution" if _NOT_WRITTEN.match(kind) else "",
        unread=tuple("pièce jointe non lue" for _ in files),
    )  # fmt: skip


def _text(ole: olefile.OleFileIO, tag: str, codepage: str) -> str:
    """A text property, in Unicode, in the code page of the message or as bytes."""
    for kind, encoding in (("001F", "utf-16-le"), ("001E", codepage), ("0102", codepage)):
        name = f"__substg1.0_{tag}{kind}"
        if ole.exists(name):
            return str(ole.openstream(name).read().decode(encoding, "replace")).strip("\x00")
    return ""


def _fixed(ole: olefile.OleFileIO) -> dict[int, int]:
    """The numbers and times of the message, by the number of their property."""
    content = ole.openstream("__properties_version1.0").read()
    found: dict[int, int] = {}
    for at in range(_TOP_HEADER, len(content) - 15, 16):
        kind, tag = struct.unpack_from("<HH", content, at)
        if kind in (0x0003, 0x0040):
            found[tag] = struct.unpack_from("<Q" if kind == 0x0040 else "<I", content, at + 8)[0]
    return found
