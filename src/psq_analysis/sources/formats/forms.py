"""Forms copied out one after the other (TXT, DOCX, ODT): « Fiche n° 3 », « Vous êtes : habitante », a question, the answer below it.

Nobody's software writes these: paper forms transcribed by a town hall, answers received by a contact page, notes of interviews. What makes
them forms is that the same labels come back. They become a table with one row a form, and that table is read like any other: what each
label is for is told by its words and by what stands under it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from psq_analysis.sources.choices import Choices
from psq_analysis.sources.errors import NotATable
from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.free_line import known_place, read_line
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Reject, Sheet
from psq_analysis.sources.tables.answers_in_rows import labelled
from psq_analysis.sources.tables.headers import Header
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.sheet import read_sheet
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

LONGEST_LABEL, LONGEST_QUESTION = 90, 200  # characters before a colon; of a question on a line of its own
FEWEST_LABELS = 3  # labels that come back: two may be the verbal tic of a writer
OFTEN = 0.5  # of the forms hold a label; fewer, and it is a line of an answer
FEWEST_IN_ONE = 5  # labels of a form given alone
_LABEL = re.compile(rf"^\s*(?:[-•*·–]\s+)?(?P<label>[^:\n]{{2,{LONGEST_LABEL}}}?)\s*:(?!//)\s*(?P<value>.*)$")
_QUESTION = re.compile(
    rf"^\s*(?:[-•*·–]\s+)?(?P<label>[^\n]{{4,{LONGEST_QUESTION}}}\?)\s*:?\s*(?P<value>.*)$"
)
_RULE = re.compile(r"^\s*[-_=*~#—–+.]{4,}\s*$")
_MARKER = re.compile(
    r"^\W*(?:(?:fiche|observation|remarque|d[ée]position|dol[ée]ance|questionnaire|r[ée]ponse|contribution|formulaire|t[ée]moignage|bulletin|coupon|personne|participante?|habitante?|avis"
    r"|feuille|entretien|d[ée]p[ôo]t|carte|r[ée]pondante?|demande|signalement|message|ticket|appel|courrier)s?\s*(?:papier\s*)?(?:n[°ºo]?\.?\s*|#\s*)?[A-Z]{0,3}-?\d{1,5}"
    r"|n[°º]\s?\d{1,5}|#\s?\d{1,5})\b[^:?]{0,100}:?\W*$",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"^\W*(?:vide|blanc|sans r[ée]ponse|pas de r[ée]ponse|non r[ée]pondu|non renseign[ée]e?|non rempli|case vide|rien d['’][ée]crit|laiss[ée] (?:en )?blanc|pas rempli)\W*$",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?P<box>[☐☒☑■□✓✔✗]|[\[(]\s?[xX✓✔]?\s?[\])])\s*(?P<label>[^☐☒☑■□✓✔✗\[(;\n]+)")
_TICKED = re.compile(r"[☒☑■✓✔✗xX]")
FEWEST_ENTRIES = 3  # of a register
_ENTRY = {"date": "Date", "qualite": "Qualité", "commune": "Commune", "observation": "Observation"}
_BETWEEN = "\u241e"


@dataclass
class _Form:
    """One form: the number of its first line, and what stands under each label, as plain words of the label."""

    line: int
    said: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Line:
    number: int
    text: str
    label: str = ""
    shown: str = ""
    value: str = ""


def recognises(document: Document) -> bool:
    """Tell whether the same labels come back along a text, some of them saying who or where people are."""
    if document.container not in ("text", "docx", "odt"):
        return False
    lines = _lines(document)
    if document.separator and sum(bool(_MARKER.match(line.text)) for line in lines) < 2:
        return False  # a delimited table, whose headings may ask questions
    return _labels(lines) is not None or bool(_entries(lines))


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution a form; what stands above the first one is a reject.

    Raises :class:`NotATable` where the mapping asks for forms and no label comes back.
    """
    lines = _lines(document)
    labels = _labels(lines)
    forms, above = _forms(lines, labels) if labels else (_entries(lines), 0)
    labels = labels or (_ENTRY if forms else None)
    if labels is None:
        raise NotATable(
            f"{document.path_name} : aucune fiche n'a été reconnue (les mêmes libellés, « Commune : », « Vous êtes : », doivent revenir) ; "
            "saisissez les réponses dans un tableur."
        )
    headings = list(labels.values())
    cells = [[_cell(form.said.get(label, [])) for label in labels] for form in forms]
    ticked = {
        at: {label for row in rows if (found := _boxes(row)) for label in found[1]}
        for at, rows in enumerate(zip(*cells, strict=True))
    }
    one_each = {
        at
        for at, rows in enumerate(zip(*cells, strict=True))
        if ticked[at] and _tells_voice(list(labels)[at], rows)
    }
    choices = {
        plain(headings[at]): Choices(separator=_BETWEEN, labels=frozenset(found))
        for at, found in ticked.items()
        if found and at not in one_each
    }
    rows = [[_ticked(cell) if ticked[at] else cell for at, cell in enumerate(row)] for row in cells]
    sheet = Sheet("", [headings, *rows])
    header = Header(top=0, bottom=0, headings=tuple(headings), groups=("",) * len(headings), certainty=1.0)
    suffix = "txt" if document.container == "text" else document.container
    reading = read_sheet(
        document, sheet, TableFormat(name=f"fiches_{suffix}", header_row=1), replace(mapping, choices={**choices, **mapping.choices}), header
    )  # fmt: skip
    number_of = [form.line for form in forms]
    for contribution in reading.contributions:
        contribution.row = number_of[contribution.row - 2]
    reading.rejects = [
        replace(reject, row=number_of[reject.row - 2] if reject.row else None) for reject in reading.rejects
    ]
    if above:
        reading.rejects.append(
            Reject(None, f"{above} ligne(s) au-dessus de la première fiche : présentation")
        )
    reading.header_rows = ()
    return reading


def _lines(document: Document) -> list[_Line]:
    if document.container == "text":
        texts = list(enumerate(document.text.lstrip("\ufeff").splitlines(), start=1))
    else:
        texts = [
            (paragraph.number, line)
            for paragraph in document.paragraphs
            for line in (paragraph.text.split("\n") if paragraph.table is None else _rows(paragraph.table))
        ]
    return [_line(number, repair(text, document.repairs).rstrip()) for number, text in texts]


def _rows(table: Sheet) -> list[str]:
    """A table of two columns, labels and answers, as the lines of a form; nothing of any other table."""
    return [
        line
        for label, said in labelled(table).items()
        for line in (f"{label} {said}" if label.endswith("?") else f"{label} : {said}").split("\n")
    ]


def _line(number: int, text: str) -> _Line:
    if _RULE.match(text) or _MARKER.match(text):
        return _Line(number=number, text=text)
    found = _QUESTION.match(text) or _LABEL.match(text)
    if found is None:
        return _Line(number=number, text=text)
    return _Line(
        number=number,
        text=text,
        label=heading_of(found["label"]).words,
        shown=found["label"].strip(" *-•·–_"),
        value=found["value"].strip(),
    )


def _labels(lines: list[_Line]) -> dict[str, str] | None:
    """The labels that come back, in the order of their first use, each as it is first written; None when the text is no series of forms."""
    counts = Counter(line.label for line in lines if line.label)
    marked = sum(bool(_MARKER.match(line.text)) for line in lines)
    most = max([*counts.values(), marked], default=0)
    often = {
        label for label, count in counts.items() if label and count >= max(2 if most > 1 else 1, OFTEN * min(most, marked or most))
    }  # fmt: skip
    shown: dict[str, str] = {}
    for line in lines:
        if line.label in often:
            shown.setdefault(line.label, line.shown)
    told = sum(_tells_who(label) for label in shown)
    asked = any(_asks(label) for label in shown) or any("?" in text for text in shown.values())
    least = FEWEST_LABELS if most > 1 else FEWEST_IN_ONE
    if len(shown) < least or told < (1 if marked > 1 else 2) or not asked or _is_mail(shown):
        return None
    return shown


def _tells_who(label: str) -> bool:
    return any(
        matches("columns", key, label) or matches("columns", key, heading_of(label).bare)
        for key in ("stakeholder", "commune", "postcode", "date", "forbidden", "identifier", "department", "stakeholder_if_told")
    )  # fmt: skip


def _tells_voice(label: str, cells: tuple[str, ...]) -> bool:
    """A list of qualities of which each person ticked one."""
    asked = any(matches("columns", key, label) for key in ("stakeholder", "stakeholder_if_told"))
    return asked and all(len(found[0]) <= 1 for cell in cells if (found := _boxes(cell)))


def _asks(label: str) -> bool:
    return matches("columns", "free_text", label) or matches("columns", "open_question", label)


def _is_mail(shown: dict[str, str]) -> bool:
    return {"objet", "de"} <= set(shown) and bool({"a", "envoye", "date"} & set(shown))


def _forms(lines: list[_Line], labels: dict[str, str]) -> tuple[list[_Form], int]:
    """Cut at the markers (« Fiche n° 3 ») when there are some, else where the first label comes back."""
    marked = sum(bool(_MARKER.match(line.text)) for line in lines) > 1
    first = next(iter(labels))
    forms: list[_Form] = []
    above, last = 0, ""
    for line in lines:
        opens = bool(_MARKER.match(line.text)) if marked else line.label == first
        repeats = not marked and bool(forms) and line.label in labels and line.label in forms[-1].said
        if opens or (repeats and line.label != last):
            forms.append(_Form(line.number))
            last = ""
        if not forms:
            above += bool(line.text.strip())
        elif line.label in labels:
            forms[-1].said.setdefault(line.label, []).append(line.value)
            last = line.label
        elif _RULE.match(line.text):
            last = ""
        elif last and not _MARKER.match(line.text):
            forms[-1].said[last].append(line.text.strip())
    return [form for form in forms if form.said], above


def _entries(lines: list[_Line]) -> list[_Form]:
    """The entries of a register: a numbered line that may say the day and who came, and the words below it; none when the text is no register."""
    entries: list[_Form] = []
    for line in lines:
        if _opens_entry(line):
            entries.append(_Form(line.number, _who_and_when(line.text)))
        elif (
            entries and not _RULE.match(line.text) and not matches("columns", "forbidden", line.label or " ")
        ):
            entries[-1].said.setdefault("observation", []).append(line.text.strip())
    told = [entry for entry in entries if any(entry.said.get("observation", []))]
    is_register = len(told) >= FEWEST_ENTRIES and len(told) == len(entries)
    return told if is_register and any(len(entry.said) > 1 for entry in told) else []


def _opens_entry(line: _Line) -> bool:
    """A numbered line, or one that says the day and who came or whence: « Page 2 – le 11/01/2018 – habitante de Pavie »."""
    if line.label or len(line.text) > LONGEST_LABEL + LONGEST_LABEL:
        return False
    if _MARKER.match(line.text):
        return True
    said = _who_and_when(
        f"- - {line.text}" if not re.match(r"^\W*page\b", line.text, re.IGNORECASE) else line.text
    )
    return "date" in said and len(said) > 1


def _who_and_when(marker: str) -> dict[str, list[str]]:
    """« Observation n° 2 – 5 décembre 2017 – M. Carrère, agriculteur à Lalanne » → the day, the quality and the place."""
    said: dict[str, list[str]] = {}
    for part in re.split(r"\s+[–—-]\s+|\s*[|;]\s*|,\s*(?=le \d)|\s+du\s+(?=\d)", marker.strip(" :"))[1:]:
        line = read_line(part)
        if parse_date(re.sub(r"^(?:le|du)\s+", "", part.strip())):
            said["date"] = [re.sub(r"^(?:le|du)\s+", "", part.strip())]
        elif line.voice:
            said["qualite"] = [line.quality]
        if line.voice or known_place(line):
            said.setdefault("commune", []).extend(known_place(line).values())
    return said


def _cell(said: list[str]) -> str:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip()
    return "" if _BLANK.match(text) or not re.search(r"\w", text.replace("_", "")) else text


def _boxes(cell: str) -> tuple[list[str], list[str]] | None:
    """The labels ticked and all labels of a cell of boxes to tick; None when it holds no box or one."""
    found = [(match["box"], match["label"].strip(" .,-–")) for match in _BOX.finditer(cell)]
    if len(found) < 2:
        return None
    return [label for box, label in found if _TICKED.search(box)], [label for _, label in found]


def _ticked(cell: str) -> str:
    found = _boxes(cell)
    return _BETWEEN.join(found[0]) if found else cell
