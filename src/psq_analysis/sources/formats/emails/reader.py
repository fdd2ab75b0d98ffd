"""From messages to contributions: one per person; automatic replies, bounces and newsletters are rejects that say so."""

from __future__ import annotations

import re
from dataclasses import replace

from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.files.mail import Mail
from psq_analysis.sources.formats.emails.letters import letters_of
from psq_analysis.sources.formats.emails.quotes import Body, split_body
from psq_analysis.sources.formats.emails.signature import split_signature, who_and_where
from psq_analysis.sources.formats.emails.text_export import messages_of, name_of, opens_with_a_message
from psq_analysis.sources.formats.emails.threads import thread_of
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Document, Reading, Reject, Role, part_of_text
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

FIRST_WORDS = 400  # characters in which an automatic reply says that it is one
LONGEST_NOTE = 3  # words of « Bonjour à tous », « Le secrétariat »
GREETING = 60
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+")
_PLACE = ("commune", "insee", "postcode", "epci", "department")


def recognises(document: Document) -> bool:
    """Tell whether the file holds messages saved by a mail program, or a text that opens with the header of one."""
    if document.container == "text" and not opens_with_a_message(document.text):
        return document.separator is None and bool(_told_apart(_lines(document))[0])
    if document.container in ("docx", "odt"):
        return not document.sheets and bool(letters_of(_lines(document)))
    return document.container in ("mail", "text")


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per person, with all the messages of the same sender."""
    del mapping
    if document.mails:
        mails = [replace(mail, body=repair(mail.body, document.repairs)) for mail in document.mails]
        name = "courriels_eml"
    else:
        lines = _lines(document)
        suffix = "txt" if document.container == "text" else document.container
        if document.container == "text" and opens_with_a_message(document.text):
            mails, name = messages_of(lines), "courriels_txt"
        else:
            mails, kind = _told_apart(lines)
            name = f"{kind}_{suffix}"
    reading = Reading(name, [], [], [], 0, survey=frozenset({"message"}))
    people: dict[str, Contribution] = {}
    for mail in mails:
        reading.rejects += [Reject(None, f"message {mail.line} : {what}") for what in mail.unread]
        _add(reading, people, mail)
    reading.columns = [
        part_of_text(0, "De, À, Objet", Role.FORBIDDEN, "noms et adresses : jamais repris"),
        part_of_text(1, "Envoyé", Role.DATE, "en-tête du message"),
        part_of_text(2, "signature", Role.STAKEHOLDER, "qualité et commune lues, puis signature retirée"),
        part_of_text(3, "Message", Role.FREE_TEXT, "corps du message"),
    ]
    return reading


def _lines(document: Document) -> list[str]:
    if document.container == "text":
        return [repair(line, document.repairs) for line in document.text.lstrip("\ufeff").splitlines()]
    written = (paragraph.text for paragraph in document.paragraphs if paragraph.table is None)
    return [repair(line, document.repairs) for text in written for line in text.split("\n")]


def _told_apart(lines: list[str]) -> tuple[list[Mail], str]:
    """The letters of a text or, failing that, the messages of its thread, with the name of what they are."""
    letters = letters_of(lines)
    return (letters, "courriers") if letters else (thread_of(lines), "fil")


def _add(reading: Reading, people: dict[str, Contribution], mail: Mail) -> None:
    reading.rows_in += 1
    reason = mail.automatic or _automatic(mail)
    body = split_body(mail.body.splitlines())
    passed_on = None if reason else _passed_on(mail, body)
    text, signature = _said(body.own, mail.sender)
    if passed_on is not None and _only_covers(text):
        reason = "mot d'accompagnement d'un message transmis"
    if reason or not text:
        reading.rejects.append(Reject(mail.line, reason or "message sans texte"))
    else:
        _add_person(reading, people, mail, text, signature)
    if passed_on is not None:
        _add(reading, people, passed_on)


def _only_covers(text: str) -> bool:
    """Each sentence only passes the message on, greets or signs."""
    sentences = [one for one in re.split(r"[.!?\n]+", text) if one.strip()]
    covers = [matches("emails", "covering_note", plain(one)) for one in sentences]
    return any(covers) and all(
        covered or len(one.split()) <= LONGEST_NOTE for covered, one in zip(covers, sentences, strict=True)
    )


def _add_person(
    reading: Reading, people: dict[str, Contribution], mail: Mail, text: str, signature: list[str]
) -> None:
    key = mail.address or plain(mail.sender)
    known = people.get(key) if key else None
    if known is not None:
        reading.rows_merged += 1
        if text not in [said for _, _, said in known.remarks]:
            known.remarks.append(("Message", "Message", text))
        return
    contribution = Contribution(mail.line, source_key=f"{mail.day or ''}\x1f{text}", has_time=True)
    contribution.submitted_on = mail.day
    contribution.stakeholder, place = who_and_where(signature, text, mail.sender)
    for name in _PLACE:
        setattr(contribution, name, place.get(name))
    contribution.remarks.append(("Message", "Message", text))
    reading.contributions.append(contribution)
    people[key or f"message {mail.line}"] = contribution


def _passed_on(mail: Mail, body: Body) -> Mail | None:
    """A message somebody else wrote and the sender passes on is that person's; one of the mailbox itself is a quotation."""
    if body.header is None or not (
        body.is_forward or re.match(r"\s*(?:tr|fwd?|wg)\s*:", mail.subject, re.IGNORECASE)
    ):
        return None
    sender = body.header.fields["from"]
    address = _ADDRESS.search(sender)
    boxes = {plain(box) for box in mail.recipients}
    name = plain(name_of(sender))
    if (address and plain(address[0]) in boxes) or any(name and name in box for box in boxes):
        return None
    day = parse_date(body.header.fields.get("date", ""))
    return Mail(
        line=mail.line, sender=name_of(sender), address=address[0].lower() if address else "", recipients=mail.recipients,
        subject=body.header.fields.get("subject", ""), day=day.isoformat() if day else mail.day, body="\n".join(body.quoted),
    )  # fmt: skip


def _automatic(mail: Mail) -> str:
    subject, body = plain(mail.subject), plain(mail.body[:FIRST_WORDS])
    if matches("emails", "automatic_subject", subject) or matches("emails", "automatic_body", body):
        return "réponse automatique : pas une contribution"
    if matches("emails", "newsletter", f"{subject} {plain(mail.body)}"):
        return "lettre d'information : pas une contribution"
    return ""


def _said(own: list[str], sender: str) -> tuple[str, list[str]]:
    """The words of a message and its signature."""
    lines = list(own)
    while lines and (not lines[0].strip() or _is_greeting(lines[0])):
        lines.pop(0)
    lines, signature = split_signature(lines, sender)
    return "\n".join(lines).strip(), signature


def _is_greeting(line: str) -> bool:
    says_more = (
        re.search(r"[.!?]\s+\S", line) is not None or re.search(r"[^,!.\s]\.$", line.strip()) is not None
    )
    return len(line) < GREETING and not says_more and matches("emails", "greeting", plain(line))
