"""Messages copied from a forum, a chat or a telephone: who and when above each, or before it on its line."""

from __future__ import annotations

import re

from psq_analysis.sources.files.mail import Mail
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

FEWEST_MESSAGES = 3  # dated lines: fewer, and a date in a text is no header
LONGEST_WHO = 60  # characters of a name with its quality in brackets
LONGEST_QUALITY = 9  # words of « Habitante de Saint-Jean-Poutge »
_MONTH = r"(?:janv|f[ée]vr|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)[a-zé]*\.?"
_DAY = rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|(?:[a-z]{{3,8}}\.?\s+)?\d{{1,2}}(?:er)?\s+{_MONTH}(?:\s+\d{{4}})?)"
_HOUR = r"\d{1,2}\s?[:hH]\s?\d{2}(?::\d{2})?(?:\s?[APap][Mm])?"
_BEFORE = re.compile(
    rf"^\[?(?P<when>{_DAY}),?\s*(?:à\s*|-\s*|–\s*)?{_HOUR}\]?\s*(?:[-–—|]\s*)?(?P<who>[^:\n]{{2,{LONGEST_WHO}}}?)\s*:\s*(?P<said>.*)$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"^\W*(?:#?\d+\W+)?(?P<who>[^\n]{{0,{LONGEST_WHO}}}?)[\s,»|–—(·\-]*(?:\ble\s+)?(?P<when>{_DAY}),?\s*(?:à|-|–|·|,|\|)?\s*{_HOUR}\)?\s*(?:UTC\S*)?\s*:?\s*$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:re\s*:\s*)?(?:(?:message|post|contribution|r[ée]ponse|commentaire)\b)?\s*(?:(?:publi[ée]e?|post[ée]e?|[ée]crite?|envoy[ée]e?|d[ée]pos[ée]e?|ajout[ée]e?|re[çc]ue?)\b)?\s*(?:(?:de|par|from)\s*:?\s+)?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\(([^()]{3,60})\)")


def thread_of(lines: list[str]) -> list[Mail]:
    """Return the messages of a thread in order, none when the lines are no thread.

    >>> said = thread_of(["[12/01/18 09:12] Zoé : Trop de bruit.", "[12/01/18 09:15] Max : La nuit ?", "[12/01/18 09:16] Zoé : Oui."])
    >>> [(mail.sender, mail.body) for mail in said]
    [('Zoé', 'Trop de bruit.'), ('Max', 'La nuit ?'), ('Zoé', 'Oui.')]
    """
    heads = [(at, head) for at, line in enumerate(lines) if (head := _head(lines, at, line)) is not None]
    if len(heads) < FEWEST_MESSAGES:
        return []
    ends = [start for _, (start, *_) in heads[1:]] + [len(lines)]
    return [
        _message(at + 1, who, when, [said, *lines[at + 1 : end]])
        for (at, (_, who, when, said)), end in zip(heads, ends, strict=True)
    ]


def _head(lines: list[str], at: int, line: str) -> tuple[int, str, str, str] | None:
    """Where a message begins, who wrote it, when, and the words that follow on its line."""
    before = _BEFORE.match(line)
    if before:
        return at, before["who"].strip(), before["when"], before["said"]
    above = _ABOVE.match(line) if line.strip() and not line.lstrip().startswith(">") else None
    if above is None:
        return None
    who = _VERB.sub("", above["who"].strip(" *,»|–—-(")).strip(" *,»|–—-(")
    if who:
        return at, who, above["when"], ""
    name = lines[at - 1].strip() if at else ""
    if not name or len(name) > LONGEST_WHO or re.search(r"[!?:]$|\w{2,}\.$", name):
        return None
    return at - 1, name, above["when"], ""


def _message(line: int, who: str, when: str, said: list[str]) -> Mail:
    day = parse_date(when)
    bracket = _BRACKET.search(who)
    written = [one for one in said if not matches("emails", "forum_noise", plain(one))]
    quality = [bracket[1]] if bracket else []
    first = next((at for at, one in enumerate(written) if one.strip()), None)
    if first is not None and len([one for one in written if one.strip()]) > 1 and _is_quality(written[first]):
        quality.append(written.pop(first).strip())
    body = "\n".join(written).strip()
    name = _BRACKET.sub("", who).strip()
    return Mail(
        line=line,
        sender=name,
        address=f"{plain(name)}@fil" if plain(name) else "",
        recipients=(),
        subject="",
        day=day.isoformat() if day else None,
        body="\n\n".join([body, *quality]) if body else "",
        automatic="message de l'animateur du fil ou du logiciel : pas une contribution"
        if matches("emails", "forum_staff", plain(name)) or matches("emails", "forum_system", plain(body))
        else "",
    )


def _is_quality(line: str) -> bool:
    return (
        len(line.split()) <= LONGEST_QUALITY
        and not re.search(r"[.!?…:;]$", line.strip())
        and read_line(line.strip()).voice is not None
    )
