"""Messages copied into a text file: « De, Envoyé, À, Objet », then the body, again and again."""

from __future__ import annotations

import re
from collections import Counter

from psq_analysis.sources.files.mail import Mail
from psq_analysis.sources.formats.emails.quotes import HeaderBlock, header_at, is_marker
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import plain

RULE = re.compile(r"^\s*[_=*\-]{8,}\s*$")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+")


def opens_with_a_message(text: str) -> bool:
    """Tell whether the first lines are the header of a message."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip() and not RULE.match(line)), None)
    block = header_at(lines, first) if first is not None else None
    return block is not None and len(block.fields) >= 3


def messages_of(lines: list[str]) -> list[Mail]:
    """Return the messages in order; the header of a message that a reply quotes stays in the body of the reply."""
    starts: list[tuple[int, HeaderBlock]] = []
    at = 0
    while at < len(lines):
        block = header_at(lines, at)
        if block is not None and not (
            starts and (lines[at].lstrip().startswith(">") or _is_announced(lines, at))
        ):
            starts.append((at, block))
            at += block.length
        else:
            at += 1
    boxes = Counter(plain(block.fields.get("to", "")) for _, block in starts if block.fields.get("to"))
    mailbox = boxes.most_common(1)[0][0] if boxes else ""
    kept = [
        (at, block)
        for number, (at, block) in enumerate(starts)
        if number == 0 or not _is_from(block, mailbox)
    ]
    return [
        _mail(lines, at, block, until)
        for (at, block), until in zip(kept, [*(at for at, _ in kept[1:]), len(lines)], strict=True)
    ]


def _is_from(block: HeaderBlock, mailbox: str) -> bool:
    """A message of the mailbox itself is the one that a reply quotes."""
    name = plain(name_of(block.fields["from"]))
    address = _ADDRESS.search(block.fields["from"])
    return bool(mailbox) and (
        name == mailbox
        or (len(name) > 2 and name in mailbox)
        or (address is not None and plain(address[0]) in mailbox)
    )


def _is_announced(lines: list[str], at: int) -> bool:
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    return is_marker(above)


def name_of(sender: str) -> str:
    """The name in « Odile Casta <odile@courriel.example> »."""
    return re.sub(r"<[^>]*>|\[[^\]]*\]|\S+@\S+|\(de la part de.*", " ", sender).strip(" \"'*")


def _mail(lines: list[str], at: int, block: HeaderBlock, until: int) -> Mail:
    address = _ADDRESS.search(block.fields["from"])
    day = parse_date(block.fields.get("date", ""))
    return Mail(
        line=at + 1,
        sender=name_of(block.fields["from"]),
        address=address[0].lower() if address else "",
        recipients=tuple(_ADDRESS.findall(block.fields.get("to", "").lower()))
        or (block.fields.get("to", ""),),
        subject=block.fields.get("subject", ""),
        day=day.isoformat() if day else None,
        body="\n".join(lines[at + block.length : until]),
        unread=("pièce jointe non lue",) if block.fields.get("attached") else (),
    )
