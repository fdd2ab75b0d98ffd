"""What every reader produces and the common intake consumes: sheets in, contributions out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psq_analysis.sources.files.mail import Mail

from psq_analysis.sources.choices import Choices


class Role(StrEnum):
    """What a column is for; the labels analysts see are in ``columns.yml``."""

    FREE_TEXT = "free_text"
    CLOSED_ANSWER = "closed_answer"
    IDENTIFIER = "identifier"
    COMMUNE = "commune"
    COMMUNE_OTHER = "commune_other"
    INSEE = "insee"
    POSTCODE = "postcode"
    EPCI = "epci"
    DEPARTMENT = "department"
    STAKEHOLDER = "stakeholder"
    STAKEHOLDER_OTHER = "stakeholder_other"
    DATE = "date"
    FORBIDDEN = "forbidden"
    STATUS = "status"
    WAVE = "wave"
    QUESTION = "question"
    QUESTION_ID = "question_id"
    RESPONDENT = "respondent"
    IGNORED = "ignored"


PLACE_ROLES = (Role.COMMUNE, Role.INSEE, Role.POSTCODE, Role.EPCI, Role.DEPARTMENT)


@dataclass(frozen=True)
class Sheet:
    """One rectangle of cells, as text; ``rows[0]`` is the first row of the file or sheet.

    ``numeric_cells`` holds the (row, column) positions, from 0, of cells stored as numbers: these lost their leading zeros.
    ``merged_beside`` and ``merged_below`` say what the blank cells of a merged area stand for, to the right and below.
    ``struck`` holds the cells struck through, ``unread`` the cells whose content could not be read, with the reason.
    """

    name: str
    rows: list[list[str]]
    numeric_cells: frozenset[tuple[int, int]] = frozenset()
    merged_beside: dict[tuple[int, int], str] = field(default_factory=dict)
    merged_below: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()
    unread: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Document:
    """A file opened: either sheets of cells, or paragraphs, or plain text, or a JSON value."""

    path_name: str
    container: str
    sheets: list[Sheet] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    text: str = ""
    mails: list[Mail] = field(default_factory=list)
    json: object = None
    encoding: str | None = None
    encoding_certainty: float = 1.0
    separator: str | None = None
    rejects: list[Reject] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a Word document; ``number`` counts those of the body, from 1; a table stands as one, in ``table``."""

    number: int
    style: str
    text: str
    is_listed: bool = False
    is_bold: bool = False
    is_underlined: bool = False
    is_capitals: bool = False
    is_outlined: bool = False
    table: Sheet | None = None


@dataclass(frozen=True)
class Reject:
    """A row (or a cell, or a whole sheet when ``row`` is None) not kept, and why, in French."""

    row: int | None
    reason: str
    column: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table, what it is for, how sure we are (0–1) and why; by name only, since many fields are texts.

    ``choices`` are the labels of a column that holds several choices a cell, ``choice`` the label of a column ticked for one;
    ``is_other`` says that the column holds what people wrote beside « Autre ».
    """

    index: int
    heading: str
    question_id: str
    question: str
    role: Role
    certainty: float
    reason: str
    choices: Choices | None = None
    choice: str | None = None
    is_other: bool = False
    sheet: str | None = None


def part_of_text(index: int, name: str, role: Role, reason: str) -> Column:
    """Return how a part of minutes or of a message is described, where there are no columns."""
    return Column(
        index=index, heading=name, question_id=name, question=name, role=role, certainty=0.9, reason=reason
    )


@dataclass
class Contribution:
    """One respondent, or one speaking turn that nobody can be given (``is_turn``), before it gets its identifier."""

    row: int
    sheet: str | None = None
    source_key: str = ""
    is_identified: bool = False
    submitted_on: str | None = None
    has_time: bool = False
    stakeholder: str | None = None
    wave: str | None = None
    is_complete: bool = True
    commune: str | None = None
    insee: str | None = None
    postcode: str | None = None
    epci: str | None = None
    department: str | None = None
    is_turn: bool = False
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Reading:
    """What one reader understood of one file.

    ``rows_in`` counts the rows below the headings (or the paragraphs, or the messages); each is one contribution,
    or was merged into one (``rows_merged``), or is a reject with a row and no column.
    """

    source_format: str
    contributions: list[Contribution]
    columns: list[Column]
    rejects: list[Reject]
    rows_in: int
    rows_merged: int = 0
    survey: frozenset[str] = frozenset()
    sheet: str | None = None
    header_rows: tuple[int, ...] = ()

    @property
    def rows_rejected(self) -> int:
        return sum(1 for reject in self.rejects if reject.row is not None and reject.column is None)


@dataclass(frozen=True)
class NamedReading:
    """A reading and the name its file bears in the tables."""

    source_file: str
    reading: Reading
    extra_rejects: tuple[Reject, ...] = ()
    doubts: tuple[str, ...] = ()
