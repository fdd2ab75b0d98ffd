"""IRaMuTeQ corpora: a line of stars and variables (``**** *com_auch *prof_habitant``), then what one person said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psq_analysis.sources.files.decoding import repair
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Document, Reading, Reject, Role, part_of_text
from psq_analysis.sources.places_written import split_place
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import matches, plain

WITHOUT_THEME = "Texte"
_ROLES = (Role.IDENTIFIER, Role.COMMUNE, Role.DEPARTMENT, Role.STAKEHOLDER, Role.DATE, Role.WAVE)
FIRST_LINES = 20  # blank lines may stand above the first starred one
_STARS = re.compile(r"^\s*(?:\*{4}|\d{4})\s+(?=\*\w)")
_VARIABLE = re.compile(r"\*(?P<name>[^\W_]+)(?:_(?P<value>\S*))?")
_THEME = re.compile(r"^\s*-\*(?P<theme>\S+)\s*$")


def recognises(document: Document) -> bool:
    """Tell whether the first written line is a line of stars and variables."""
    lines = document.text.lstrip("\ufeff").splitlines()[:FIRST_LINES] if document.container == "text" else []
    first = next((line for line in lines if line.strip()), "")
    return _STARS.match(first) is not None


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per starred line: its variables are quality, place, date or closed answers; themes are questions."""
    del mapping
    reading = Reading("iramuteq_txt", [], [], [], 0)
    names: dict[str, Role] = {}
    for number, variables, themes in _texts(document):
        reading.rows_in += 1
        contribution = Contribution(number)
        for name, value in variables:
            names.setdefault(name, _take(contribution, name, value))
        contribution.remarks = [(theme, theme, text) for theme, text in themes if text]
        contribution.source_key = "\x1f".join(
            [*(f"{name}_{value}" for name, value in variables), *(text for _, text in themes)]
        )
        if contribution.remarks:
            reading.contributions.append(contribution)
        else:
            reading.rejects.append(Reject(number, "texte vide"))
    reading.survey = frozenset(
        plain(question) for one in reading.contributions for question, _, _ in one.remarks
    )
    reading.columns = [
        part_of_text(at, name, role, "variable étoilée du corpus")
        for at, (name, role) in enumerate(names.items())
    ]
    reading.columns.append(part_of_text(len(names), "texte", Role.FREE_TEXT, "ce que la personne a dit"))
    return reading


def _texts(document: Document) -> Iterator[tuple[int, list[tuple[str, str]], list[tuple[str, str]]]]:
    """The line number, the variables and the texts by theme of each person."""
    current: tuple[int, list[tuple[str, str]], list[tuple[str, list[str]]]] | None = None
    for number, line in enumerate(document.text.lstrip("\ufeff").splitlines(), start=1):
        if _STARS.match(line):
            if current is not None:
                yield _joined(current)
            pairs = [(found["name"], found["value"] or "") for found in _VARIABLE.finditer(line)]
            current = (number, pairs, [(WITHOUT_THEME, [])])
        elif current is not None:
            theme = _THEME.match(line)
            if theme:
                current[2].append((theme["theme"].replace("_", " "), []))
            else:
                current[2][-1][1].append(repair(line, document.repairs))
    if current is not None:
        yield _joined(current)


def _joined(
    current: tuple[int, list[tuple[str, str]], list[tuple[str, list[str]]]],
) -> tuple[int, list[tuple[str, str]], list[tuple[str, str]]]:
    number, variables, themes = current
    return number, variables, [(theme, "\n".join(lines).strip()) for theme, lines in themes]


def _take(contribution: Contribution, name: str, value: str) -> Role:
    """Give a variable its meaning, by its name; return the role it has."""
    said = value.replace("_", " ").strip()
    role = next((role for role in _ROLES if matches("iramuteq", role.value, plain(name))), Role.CLOSED_ANSWER)
    day = parse_date(said.replace(" ", "/")) if role is Role.DATE else None
    if not said:
        return Role.IGNORED
    if role is Role.DATE and day is None:
        role = Role.CLOSED_ANSWER
    if role is Role.COMMUNE:
        for part, written in split_place(said).items():
            setattr(contribution, part, written)
    elif role is Role.DEPARTMENT:
        contribution.department = said
    elif role is Role.STAKEHOLDER:
        contribution.stakeholder = read_line(said).voice
    elif role is Role.DATE and day is not None:
        contribution.submitted_on = day.isoformat()
    elif role is Role.WAVE:
        contribution.wave = said
    elif role is Role.CLOSED_ANSWER:
        contribution.answers.append((name, name, said))
    return role
