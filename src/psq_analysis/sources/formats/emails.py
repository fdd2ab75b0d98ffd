"""Plain text of e-mails copied from a mailbox: one message is one contribution, without greeting, quotation or signature."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Document, Reading, Reject, Role, part_of_text
from psq_analysis.sources.places_written import place_after_quality, split_place
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain
from psq_analysis.sources.voices import HABITANTS, normalise_stakeholder

HEADER_LINES = 12  # a header block is shorter, even with long lists of recipients
LONGEST_SIGNATURE_LINE = 90
LINES_ABOVE_CONTACT = 4  # name, quality, service, street
SHORT_LINE = 60
_FIELDS = {
    "from": ("de", "from", "expediteur"),
    "date": ("envoye", "date", "sent", "envoye le", "recu"),
    "to": ("a", "to", "destinataire", "pour"),
    "copy": ("cc", "cci", "bcc", "copie"),
    "subject": ("objet", "subject", "sujet"),
    "attached": ("pieces jointes", "piece jointe", "attachments", "importance", "reply to", "repondre a"),
}
_FIELD_OF = {name: field_name for field_name, names in _FIELDS.items() for name in names}
_FIELD_LINE = re.compile(r"^\s*\*?(?P<name>[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ \-]{0,20}?)\s*:\*?\s*(?P<value>.*)$")
_RULE = re.compile(r"^\s*[_=*\-]{8,}\s*$")
_POSTAL = re.compile(r"(?<!\d)\d{5}\s+\D{2,}")
_STREET = re.compile(
    r"^\s*(\d{1,4}\s*(bis|ter)?,?\s+|lieu[- ]?dit|rue|avenue|chemin|route|place|impasse|boulevard|allée|bp\s*\d|cs\s*\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+33|0)[\s.\-]?\d(?:[\s.\-]?\d){7,9}")
_ADDRESS = re.compile(r"\S+@\S+|https?://|www\.")


@dataclass
class _Message:
    line: int
    header: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)


def recognises(document: Document) -> bool:
    """Tell whether the text opens with the header of a message (De, Envoyé, À, Objet)."""
    if document.container != "text":
        return False
    lines = document.text.lstrip("\ufeff").splitlines()
    first = next((index for index, line in enumerate(lines) if line.strip() and not _RULE.match(line)), None)
    return first is not None and len(_header_at(lines, first)) >= 3


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per message; automatic replies and newsletters are rejects."""
    lines = [repair(line, document.repairs) for line in document.text.splitlines()]
    messages = _messages(lines)
    mailbox = Counter(plain(message.header.get("to", "")) for message in messages).most_common(1)
    messages = _without_originals(messages, mailbox[0][0] if mailbox else "")
    reading = Reading("courriels_txt", [], [], [], len(messages), survey=frozenset({"message"}))
    for message in messages:
        outcome = _contribution(message)
        if isinstance(outcome, str):
            reading.rejects.append(Reject(message.line, outcome))
        else:
            reading.contributions.append(outcome)
    reading.columns = [
        part_of_text(0, "De, À, Objet", Role.FORBIDDEN, "noms et adresses : jamais repris"),
        part_of_text(1, "Envoyé", Role.DATE, "en-tête du message"),
        part_of_text(2, "signature", Role.STAKEHOLDER, "qualité et commune lues, puis signature retirée"),
        part_of_text(3, "Message", Role.FREE_TEXT, "corps du message"),
    ]
    return reading


def _header_at(lines: list[str], index: int) -> dict[str, str]:
    """The header block that starts at a line, or nothing."""
    found: dict[str, str] = {}
    for line in lines[index : index + HEADER_LINES]:
        match = _FIELD_LINE.match(line)
        name = _FIELD_OF.get(plain(match["name"])) if match else None
        if name is None or match is None:
            break
        found.setdefault(name, match["value"].strip())
    return found if "from" in found and ("subject" in found or "date" in found) else {}


def _messages(lines: list[str]) -> list[_Message]:
    messages: list[_Message] = []
    index = 0
    while index < len(lines):
        header = _header_at(lines, index)
        if header and not _is_quotation(messages, lines[index]):
            messages.append(_Message(index + 1, header))
            index += _header_length(lines, index)
            continue
        if messages:
            messages[-1].body.append(lines[index])
        index += 1
    return messages


def _header_length(lines: list[str], index: int) -> int:
    length = 0
    for line in lines[index : index + HEADER_LINES]:
        match = _FIELD_LINE.match(line)
        if match is None or plain(match["name"]) not in _FIELD_OF:
            break
        length += 1
    return length


def _is_quotation(messages: list[_Message], line: str) -> bool:
    if not messages or line.lstrip().startswith(">"):
        return bool(messages)
    above = next((text for text in reversed(messages[-1].body) if text.strip()), "")
    return matches("emails", "original", plain(above)) and not _RULE.match(above)


def _without_originals(messages: list[_Message], mailbox: str) -> list[_Message]:
    """A message sent by the mailbox itself is the original one that a reply quotes."""
    if not mailbox:
        return messages
    return [
        message
        for number, message in enumerate(messages)
        if number == 0 or plain(_name(message.header["from"])) != mailbox
    ]


def _name(sender: str) -> str:
    return re.sub(r"<[^>]*>|\[[^\]]*\]|\S+@\S+", " ", sender).strip(" \"'")


def _contribution(message: _Message) -> Contribution | str:
    subject, body = plain(message.header.get("subject", "")), "\n".join(message.body)
    if matches("emails", "automatic_subject", subject) or matches(
        "emails", "automatic_body", plain(body[:400])
    ):
        return "réponse automatique : pas une contribution"
    if matches("emails", "newsletter", f"{subject} {plain(body)}"):
        return "lettre d'information : pas une contribution"
    text_lines, signature = _split_signature(_own_lines(message.body), _name(message.header["from"]))
    text = "\n".join(text_lines).strip()
    if not text:
        return "message sans texte"
    contribution = Contribution(
        message.line, source_key=f"{message.header.get('date', '')}\x1f{text}", has_time=True
    )
    day = parse_date(message.header.get("date", ""))
    contribution.submitted_on = day.isoformat() if day else None
    qualities = [line for line in signature if _is_quality(line, _name(message.header["from"]))]
    contribution.stakeholder = normalise_stakeholder(" ".join(qualities)) if qualities else HABITANTS
    _place(contribution, signature, qualities)
    contribution.remarks.append(("Message", "Message", text))
    return contribution


def _own_lines(body: list[str]) -> list[str]:
    """The message without what it quotes and without the lines mail programs add."""
    own: list[str] = []
    for line, following in zip(body, [*body[1:], ""], strict=True):
        words = plain(line)
        if matches("emails", "original", words) or matches(
            "emails", "original_on_two_lines", plain(f"{line} {following}")
        ):
            break
        if line.lstrip().startswith(">") or _RULE.match(line) or matches("emails", "added_by_program", words):
            continue
        own.append(line.rstrip())
    while own and (not own[0].strip() or _is_greeting(own[0])):
        own.pop(0)
    while own and not own[-1].strip():
        own.pop()
    return own


def _is_greeting(line: str) -> bool:
    return len(line) < 60 and matches("emails", "greeting", plain(line))


def _split_signature(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
    """Cut at the closing formula or at the sender's own name, whichever comes first near the end."""
    name = set(plain(sender).split())
    cut = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        words = plain(lines[index])
        is_name = bool(words) and set(words.split()) <= name
        if (
            is_name
            or lines[index].strip() == "--"
            or (
                _is_contact(lines[index])
                and index >= cut - 3
                and all(_short(line) for line in lines[index:cut])
            )
            or (
                not lines[index - 1].strip()
                and matches("emails", "closing", words)
                and len(words) < 140
                and all(_short(line) for line in lines[index + 1 :])
            )
        ):
            cut = index
    if cut < len(lines) and _is_contact(lines[cut]):
        cut = _above_contact(lines, cut)
    return lines[:cut], lines[cut:]


def _above_contact(lines: list[str], cut: int) -> int:
    """Above a postal address or a telephone stand the name and the quality: short lines, without a full stop, up to a blank."""
    for index in range(cut - 1, max(cut - 1 - LINES_ABOVE_CONTACT, 0), -1):
        line = lines[index].strip()
        if not line:
            return index + 1
        if len(line) > SHORT_LINE or re.search(r"[.!?…;:,]$", line) or re.match(r"[-–•*]", line):
            return index + 1
    return cut


def _short(line: str) -> bool:
    return len(line) <= LONGEST_SIGNATURE_LINE


def _is_contact(line: str) -> bool:
    stripped = line.strip()
    return bool(
        _PHONE.fullmatch(
            re.sub(r"^(?:tél|tel|port|mobile|fax)\w*\.?\s*:?\s*", "", stripped, flags=re.IGNORECASE)
        )
        or re.fullmatch(r"\d{5}\s+\D{2,50}", stripped)
        or (_ADDRESS.search(stripped) and len(stripped.split()) <= 3)
    )


def _is_quality(line: str, sender: str) -> bool:
    words = plain(line)
    if not words or set(words.split()) <= set(plain(sender).split()) or not _short(line):
        return False
    if _POSTAL.search(line) or _STREET.match(line) or _PHONE.search(line) or _ADDRESS.search(line):
        return False
    return not matches("emails", "closing", words) and not matches("emails", "added_by_program", words)


def _place(contribution: Contribution, signature: list[str], qualities: list[str]) -> None:
    for line in signature:
        postal = re.search(r"(?<!\d)(\d{5}\s+\D{2,50})$", line.strip())
        if postal:
            found = split_place(postal[1])
            contribution.postcode, contribution.commune = found.get("postcode"), found.get("commune")
            return
    for line in qualities:
        contribution.commune = contribution.commune or place_after_quality(line)
