"""What the importer understands of one file, for `psq check`: nothing is written, nothing personal is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psq_analysis.errors import BadInput
from psq_analysis.sources.doubts import coded_answers, doubts_of, mapping_to_fill_in
from psq_analysis.sources.errors import AmbiguousFile
from psq_analysis.sources.files.decoding import SURE
from psq_analysis.sources.files.delimited import SEPARATOR_NAMES
from psq_analysis.sources.files.opening import open_document
from psq_analysis.sources.mapping import Mapping, load_mapping, role_labels
from psq_analysis.sources.model import Column, Document, Reading
from psq_analysis.sources.recognise import read_document

SHOWN_COLUMNS = 200  # a wider table is cut in the printed description, and the description says so
SHOWN_HEADING = 70


@dataclass(frozen=True)
class Description:
    """How a file was understood; ``problem`` is the error a run would stop with, None when the file can be read."""

    source_file: str
    source_format: str
    encoding: str | None
    encoding_certainty: float
    separator: str | None
    sheet: str | None
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    rows_in: int
    kept: int
    merged: int
    rejected: int
    reasons: dict[str, int]
    repairs: dict[str, int]
    remarks: int
    complete: int
    placed: int
    with_stakeholder: int
    problem: BadInput | None = None
    doubts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """``sûr``, ``à lire`` (something is to be checked) or ``inutilisable`` (a run would stop)."""
        return "inutilisable" if self.problem else "à lire" if self.doubts else "sûr"


def describe_file(
    path: str | Path, *, mapping: Mapping | AnyMapping[str, Any] | str | Path | None = None
) -> Description:
    """Return what is understood of a file: format, encoding, columns and their role, rows kept and rejected.

    A file that was read but holds no sure free text is described, with the error as ``problem``.
    Raises a kind of :class:`~psq_analysis.errors.BadInput` for a file that cannot be opened or recognised at all.
    """
    path = Path(path)
    own = load_mapping(mapping).for_file(path.name)
    try:
        document, reading = read_document(path, own)
        return _described(document, reading, None)
    except AmbiguousFile as problem:
        if problem.reading is None:
            raise
        return _described(open_document(path, own), problem.reading, problem)


def _described(document: Document, reading: Reading, problem: BadInput | None) -> Description:
    rejects = [*reading.rejects, *document.rejects]
    return Description(
        source_file=document.path_name,
        source_format=reading.source_format,
        encoding=document.encoding,
        encoding_certainty=document.encoding_certainty,
        separator=document.separator,
        sheet=reading.sheet or None,
        header_rows=reading.header_rows,
        columns=tuple(reading.columns),
        rows_in=reading.rows_in,
        kept=len(reading.contributions),
        merged=reading.rows_merged,
        rejected=reading.rows_rejected,
        reasons=dict(Counter(reject.reason for reject in rejects)),
        repairs=dict(document.repairs),
        remarks=sum(len(contribution.remarks) for contribution in reading.contributions),
        complete=sum(contribution.is_complete for contribution in reading.contributions),
        placed=sum(
            any((c.commune, c.insee, c.postcode, c.epci, c.department)) for c in reading.contributions
        ),
        with_stakeholder=sum(contribution.stakeholder is not None for contribution in reading.contributions),
        problem=problem,
        doubts=tuple(doubts_of(document, reading)),
        codes=tuple(mapping_to_fill_in(coded)) if (coded := coded_answers(reading)) else (),
    )


def format_description(description: Description) -> str:
    """Return the description as French text for a terminal; headings are shown, cells never.

    >>> text = format_description(Description("a.csv", "tableur_csv", "utf-8", 1.0, ";", None, (1,), (), 2, 2, 0, 0, {}, {}, 2, 2, 0, 0))
    >>> text.splitlines()[0], text.splitlines()[-1]
    ('a.csv', '  verdict : sûr')
    >>> text.splitlines()[-2]
    '  lignes lues : 2 = 2 gardées + 0 fusionnées + 0 rejetées ; 2 remarques, 2 complètes, 0 avec un lieu, 0 avec une voix'
    """
    lines = [description.source_file, *(f"  à vérifier : {doubt}" for doubt in description.doubts)]
    lines.append(f"  format : {description.source_format}")
    if description.encoding:
        doubt = (
            ""
            if description.encoding_certainty >= SURE
            else " (peu sûr : précisez « encodage » dans une correspondance)"
        )
        lines.append(f"  encodage : {description.encoding}{doubt}")
    if description.separator:
        lines.append(f"  séparateur : {SEPARATOR_NAMES.get(description.separator, description.separator)}")
    if description.sheet:
        lines.append(f"  feuille : {description.sheet}")
    if description.header_rows:
        lines.append(f"  en-têtes : ligne {' et '.join(str(row) for row in description.header_rows)}")
    lines += _column_lines(description.columns)
    lines += [f"  réparé : {what} ({count})" for what, count in sorted(description.repairs.items())]
    lines += [f"  écarté : {reason} ({count})" for reason, count in sorted(description.reasons.items())]
    lines.append(
        f"  lignes lues : {description.rows_in} = {description.kept} gardées + {description.merged} fusionnées"
        f" + {description.rejected} rejetées ; {description.remarks} remarques, {description.complete} complètes,"
        f" {description.placed} avec un lieu, {description.with_stakeholder} avec une voix"
    )
    if description.problem:
        lines.append(f"  à régler : {description.problem}")
    if description.codes:
        lines.append("  libellés à compléter dans une correspondance :")
        lines += [f"    {line}" for line in description.codes]
    lines.append(f"  verdict : {description.verdict}")
    return "\n".join(lines)


def _column_lines(columns: tuple[Column, ...]) -> list[str]:
    labels = {role: label for label, role in role_labels().items()}
    lines = [
        f"  {labels[column.role]:<18} {column.certainty:>4.0%}  {_shortened(column.heading)} — {column.reason}"
        for column in columns[:SHOWN_COLUMNS]
    ]
    if len(columns) > SHOWN_COLUMNS:
        lines.append(f"  … et {len(columns) - SHOWN_COLUMNS} autres colonnes")
    return lines


def _shortened(heading: str) -> str:
    heading = " ".join(heading.split())
    return heading if len(heading) <= SHOWN_HEADING else heading[: SHOWN_HEADING - 1] + "…"
