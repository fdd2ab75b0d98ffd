"""Messages saved from a mailbox (.eml, .mbox): decoded by Python's ``email``, told by their headers and not by a name."""

from __future__ import annotations

import email
import email.policy
import email.utils
import mailbox
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from lxml import html

from psq_analysis.sources.files.html import text_of_html

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]")
_MBOX = re.compile(rb"From \S+.*\r?\n(?:>?[A-Za-z][A-Za-z0-9-]+:[ \t])")
_FROM_ESCAPED = re.compile(
    rb"^>(>*From )", re.MULTILINE
)  # mboxes escape the lines that would start a message
_TRANSPORT = (
    "mime-version",
    "message-id",
    "received",
    "content-type",
    "return-path",
    "x-mailer",
    "user-agent",
)
_HEAD_BYTES = 4096  # the headers of a message start in its first lines


@dataclass(frozen=True)
class Mail:
    """One message; ``line`` is its rank in the file from 1, ``automatic`` says why it is nobody's, ``unread`` what of it is not read."""

    line: int
    sender: str
    address: str
    recipients: tuple[str, ...]
    subject: str
    day: str | None
    body: str
    automatic: str = ""
    unread: tuple[str, ...] = ()


def read_mails(path: Path) -> list[Mail] | None:
    """Return the messages of a file saved by a mail program, or None when it is none."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if _MBOX.match(head):
        box = mailbox.mbox(str(path), create=False)
        return [
            _mail(
                rank,
                email.message_from_bytes(
                    _FROM_ESCAPED.sub(rb"\1", box.get_bytes(key)), policy=email.policy.default
                ),
            )
            for rank, key in enumerate(box.keys(), start=1)
        ]
    if not _HEADER.match(head):
        return None
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if message["from"] is None or not any(name in message for name in _TRANSPORT):
        return None
    return [_mail(1, message)]


def _mail(rank: int, message: EmailMessage) -> Mail:
    sender, address = email.utils.parseaddr(_header(message, "from"))
    recipients = [_header(message, name) for name in ("to", "cc", "delivered-to")]
    attachments = [part for part in message.walk() if part.get_content_disposition() == "attachment"]
    return Mail(
        line=rank,
        sender=sender,
        address=address.lower(),
        recipients=tuple(address.lower() for _, address in email.utils.getaddresses(recipients) if address),
        subject=_header(message, "subject"),
        day=_day(_header(message, "date")),
        body=_body(message),
        automatic=_automatic(message, address),
        unread=tuple("pièce jointe non lue" for _ in attachments),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except (ValueError, IndexError, AttributeError, TypeError):  # a header no standard foresaw
        return ""


def _day(written: str) -> str | None:
    try:
        return email.utils.parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def _automatic(message: EmailMessage, address: str) -> str:
    """Why a message was written by no one: RFC 3834's header, a report of delivery, a mailing list."""
    if message.get_content_type() == "multipart/report" or re.match(
        r"(?:mailer-daemon|postmaster)@", address.lower()
    ):
        return "avis de non-remise ou accusé : pas une contribution"
    if _header(message, "auto-submitted").lower().strip() not in ("", "no") or "x-autoreply" in message:
        return "réponse automatique : pas une contribution"
    if "list-unsubscribe" in message or _header(message, "precedence").lower() in ("bulk", "list"):
        return "lettre d'information : pas une contribution"
    if message.get_content_type() in ("application/pkcs7-mime", "multipart/encrypted"):
        return "message chiffré : non lu"
    return ""


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError, ValueError):
        payload = part.get_payload(decode=True)
        content = payload.decode("cp1252", "replace") if isinstance(payload, bytes) else ""
    content = content.replace("\r\n", "\n")
    if part.get_content_subtype() == "html":
        return text_of_body(content)
    if "flowed" in str(part.get("content-type", "")):
        content = re.sub(r"(?<![-\n]) \n(?=[^>\n])", " ", content)
    return content


def text_of_body(content: str) -> str:
    """The text of an HTML body; the lines of quotations begin with ``>``, as in plain text."""
    content = re.sub(r"^\s*<\?xml[^>]*\?>", "", content)
    root = html.document_fromstring(content) if content.strip() else None
    if root is None:
        return ""
    for node in list(root.iter("blockquote")):
        quoted = text_of_html(html.tostring(node, encoding="unicode", with_tail=False))
        block = html.Element("div")
        for line in quoted.split("\n"):
            row = html.Element("div")
            row.text = f"> {line}"
            block.append(row)
        block.tail = node.tail
        parent = node.getparent()
        if parent is not None:
            parent.replace(node, block)
    body = root.find("body")
    text = _lines(body if body is not None else root)
    return re.sub(r"\n{3,}", "\n\n", text)


def _lines(root: html.HtmlElement) -> str:
    for node in list(root.iter("script", "style", "head", "title")):
        node.drop_tree()
    parts: list[str] = []
    _collect(root, parts)
    return "\n".join(line.strip(" \t") for line in "".join(parts).split("\n")).strip()


def _collect(node: html.HtmlElement, parts: list[str]) -> None:
    if not isinstance(node.tag, str):
        return
    block = node.tag in {"p", "div", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "hr"}
    if node.tag == "br" or (block and parts and not parts[-1].endswith("\n")):
        parts.append("\n")
    parts.append(re.sub(r"\s+", " ", node.text or "") if (node.text or "").strip() else "")
    for child in node:
        _collect(child, parts)
        if (child.tail or "").strip():
            parts.append(re.sub(r"\s+", " ", child.tail or ""))
    if block:
        parts.append("\n\n" if node.tag == "p" else "\n")
