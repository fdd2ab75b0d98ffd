"""The rights of a respondent: find what they wrote, for an access request; take it out of every table, for an erasure.

Raw files are never touched: what must be forgotten is noted in ``data/manual/forgotten.csv`` and left out by the next run, right after
reading. What is found is told by file and row, for the terminal of the analyst only; it is written nowhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from psq_analysis import french
from psq_analysis.errors import BadInput
from psq_analysis.packaged import read_yaml
from psq_analysis.runs.run import BESIDE, DERIVED
from psq_analysis.sources import read_files
from psq_analysis.sources.intake import ID_LENGTH, Intake
from psq_analysis.sources.mapping import load_mapping
from psq_analysis.sources.model import Document
from psq_analysis.sources.recognise import read_document
from psq_analysis.tables.schema import SHEET, TABLES, conform
from psq_analysis.text.plain import plain_words

FORGOTTEN = "data/manual/forgotten.csv"
COLUMNS = ["id", "reason", "on"]
# Under six digits a number is an age, a time, a postcode: too many people share it.
MIN_DIGITS = 6
# As many letters of a remark's identifier as a quote shows of it.
REFERENCE_LETTERS = 8
_IDENTIFIER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")


class RightsError(BadInput):
    """An identifier is ill-written, or the list of what is forgotten cannot be read."""


class Hit(NamedTuple):
    """A row that holds what was looked for; ``contribution_id`` is empty when the row gave no contribution of its own."""

    file: str
    sheet: str
    row: int
    contribution_id: str


def read_identifiers(given: Sequence[str]) -> list[str]:
    """Return identifiers given one by one or in files (one a line, or the first column of a CSV).

    Raises :class:`RightsError` naming the first that is none.

    >>> read_identifiers(["0123456789abcdef"])
    ['0123456789abcdef']
    """
    written: list[str] = []
    for one in given:
        if Path(one).is_file():
            lines = Path(one).read_text(encoding="utf-8-sig").splitlines()
            cells = [re.split(r"[,;\t]", line)[0].strip().strip('"') for line in lines]
            written += [cell for cell in cells if cell and cell not in ("id", "contribution_id")]
        else:
            written.append(one.strip())
    wrong = next((at for at, one in enumerate(written, start=1) if not _IDENTIFIER.fullmatch(one)), None)
    if wrong is not None or not written:
        raise RightsError(
            f"Identifiant n° {wrong or 1} refusé : il en faut de {ID_LENGTH} caractères (chiffres et lettres de a à f), comme "
            "psq find les donne, ou un fichier qui en contient un par ligne."
        )
    return list(dict.fromkeys(written))


def load_forgotten(project: Path) -> pd.DataFrame:
    """Return what must be forgotten (``id``, ``reason``, ``on``); empty when nobody asked."""
    path = project / FORGOTTEN
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS, dtype="string")
    try:
        listed = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError):
        listed = pd.DataFrame()
    if (
        list(listed.columns) != COLUMNS
        or not listed["id"].fillna("").str.fullmatch(_IDENTIFIER.pattern).all()
    ):
        raise RightsError(
            f"Fichier {FORGOTTEN} illisible : il faut les colonnes id, reason, on et un identifiant par ligne. Corrigez-le et "
            "relancez ; d'ici là, rien n'est calculé."
        )
    return listed


def note_forgotten(project: Path, ids: Sequence[str], *, reason: str, on: dt.date) -> pd.DataFrame:
    """Add identifiers to the list of what must be forgotten, once each; return the list."""
    known = load_forgotten(project)
    new = pd.DataFrame({"id": [one for one in ids if one not in set(known["id"])]}, dtype="string")
    listed = pd.concat([known, new.assign(reason=reason, on=on.isoformat())], ignore_index=True)[COLUMNS]
    path = project / FORGOTTEN
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")
    listed.to_csv(partial, index=False, quoting=csv.QUOTE_MINIMAL)
    partial.replace(path)
    return listed


def leave_out(intake: Intake, forgotten: pd.DataFrame) -> Intake:
    """Return the intake without the contributions listed in ``forgotten`` (column ``id``); each becomes a reject, and rows still add up."""
    gone = intake.contributions[intake.contributions["contribution_id"].isin(forgotten["id"])]
    if gone.empty:
        return intake
    ids = set(gone["contribution_id"])
    per_file = intake.ledger["source_file"].map(gone["source_file"].value_counts()).fillna(0).astype("int64")
    rejects = gone[["source_file", SHEET, "source_row"]].assign(column=pd.NA, reason=_say("reject"))
    return replace(
        intake,
        contributions=_without(intake.contributions, "contribution_id", ids),
        answers=_without(intake.answers, "contribution_id", ids),
        remarks=_without(intake.remarks, "contribution_id", ids),
        rejects=conform(pd.concat([intake.rejects, rejects], ignore_index=True), "rejects"),
        ledger=intake.ledger.assign(
            rows_out=intake.ledger["rows_out"] - per_file,
            rows_rejected=intake.ledger["rows_rejected"] + per_file,
        ),
    )


def take_out(tables: Mapping[str, pd.DataFrame], ids: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return the tables that name people, idea by idea, without the rows of these contributions; counts are left to the next run."""
    gone: dict[str, set[str]] = {"contribution_id": set(ids)}
    for table, key, through in (
        ("remarks", "remark_id", "contribution_id"),
        ("ideas", "idea_id", "remark_id"),
    ):
        rows = tables.get(table, pd.DataFrame(columns=[key, through]))
        gone[key] = set(rows.loc[rows[through].isin(gone[through]), key])
    left = {}
    for table in [name for name in TABLES if name in tables]:
        rows = tables[table]
        # the widest thing a row belongs to: a quotation is of a remark before it is of an idea
        keys = [name for name in gone if name in rows.columns]
        if keys:
            left[table] = _without(rows, keys[0], gone[keys[0]])
    return left


def forget(processed: Path, ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Rewrite the tables of a run without these contributions; return rows before and after, by table that changed."""
    tables = {path.stem: pd.read_parquet(path) for path in sorted(processed.glob("*.parquet"))}
    for derived in (*processed.glob(f"{DERIVED}.*"), *processed.glob(f".{DERIVED}.*")):
        derived.unlink()  # made again from the tables when it is next asked for
    changed = {}
    for table, kept in take_out(tables, ids).items():
        if len(kept) < len(tables[table]):
            partial = processed / f".{table}.parquet"
            conform(kept, table).to_parquet(partial, index=False)
            partial.replace(processed / f"{table}.parquet")
            changed[table] = (len(tables[table]), len(kept))
    return changed


def erase(project: Path, out: Path, ids: Sequence[str], *, reason: str, on: dt.date) -> list[str]:
    """Forget contributions: note them in ``project``, take them out of every run under ``out``; say what changed, run by run."""
    listed = note_forgotten(project, ids, reason=reason, on=on)
    said = []
    for scratch in out.glob(f"data/processed/*{BESIDE}"):
        shutil.rmtree(scratch)  # what notebooks run by hand wrote beside a published analysis
    for processed in sorted(path.parent for path in out.glob("data/processed/*/remarks.parquet")):
        remarks = pd.read_parquet(processed / "remarks.parquet", columns=["remark_id", "contribution_id"])
        quoted = set(remarks.loc[remarks["contribution_id"].isin(ids), "remark_id"].str[:REFERENCE_LETTERS])
        changed = forget(processed, ids)
        if not changed:
            said.append(_say("unchanged", run=processed.name))
            continue
        counts = [
            f"{table} {french.number(before)} → {french.number(after)}"
            for table, (before, after) in changed.items()
        ]
        said.append(_say("changed", run=processed.name, tables=", ".join(counts)))
        is_quoted = _is_quoted(out / "reports" / processed.name, quoted)
        said.append(_say("counts_remain", run=processed.name, quoted=_say("quoted") if is_quoted else ""))
    count = french.count(len(listed), "contribution effacée", "contributions effacées")
    return [*said, _say("noted", count=count, file=FORGOTTEN)]


def _is_quoted(reports: Path, references: Collection[str]) -> bool:
    pages = [page.read_text(encoding="utf-8", errors="replace") for page in reports.glob("*.html")]
    return any(reference in page for page in pages for reference in references)


def find(text: str, files: Sequence[Path], *, mapping: Path | None = None) -> list[Hit]:
    """Return the rows of raw files in which all the words of ``text`` occur, whatever the case, the accents and their order.

    Six digits or more are found however they are grouped. A row is searched whole: an e-mail address or a name in a column the
    analysis leaves aside is found too.
    """
    wanted = _Wanted.of(text)
    intake = read_files(files, mapping=mapping)
    known = {
        (row.source_file, row.source_sheet, row.source_row): row.contribution_id
        for row in intake.contributions.fillna({SHEET: ""}).itertuples()
    }
    checked = load_mapping(mapping)
    names = _names(files)
    hits = {}
    for file in files:
        document, _ = read_document(file, checked)
        for sheet, row, content in _rows(document):
            if wanted.is_in(content):
                identifier = known.get((names[file], sheet, row), "")
                hits[names[file], sheet, row] = Hit(names[file], sheet, row, identifier)
    found_rows = {(hit.file, hit.sheet, hit.row) for hit in hits.values()}
    said = pd.concat(
        [intake.remarks[["contribution_id", "text"]], intake.answers.rename(columns={"value": "text"})]
    )
    speaking = {row.contribution_id for row in said.itertuples() if wanted.is_in(str(row.text))}
    for (file_name, sheet, row), identifier in known.items():
        if identifier in speaking and (file_name, sheet, row) not in found_rows:
            hits[file_name, sheet, row] = Hit(file_name, sheet, row, identifier)
    return sorted(hits.values())


class _Wanted(NamedTuple):
    words: frozenset[str]
    digits: str

    @classmethod
    def of(cls, text: str) -> _Wanted:
        words, digits = plain_words(text).split(), re.sub(r"\D", "", text)
        if not words:
            raise RightsError(
                "Rien à chercher : donnez un nom, une adresse ou un numéro, avec au moins une lettre ou un chiffre."
            )
        is_number = len(digits) >= MIN_DIGITS and not re.search(r"[a-zA-Z]", text)
        return cls(frozenset(words), digits.removeprefix("33").lstrip("0") if is_number else "")

    def is_in(self, content: str) -> bool:
        if self.digits:
            return self.digits in re.sub(r"\D", "", content)
        return self.words <= set(plain_words(content).split())


def _rows(document: Document) -> Iterator[tuple[str, int, str]]:
    for sheet in document.sheets:
        for number, row in enumerate(sheet.rows, start=1):
            yield sheet.name, number, "\n".join(cell for cell in row if cell)
    for paragraph in document.paragraphs:
        yield "", paragraph.number, paragraph.text


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """Name files as the tables do: the second of a name is told by its number."""
    seen: Counter[str] = Counter()
    names = {}
    for file in files:
        seen[file.name] += 1
        names[file] = file.name if seen[file.name] == 1 else f"{file.name} ({seen[file.name]})"
    return names


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    return read_yaml(__package__, "rights.yml")


def _say(key: str, **values: object) -> str:
    return _sentences()[key].format(**values)


def _without(rows: pd.DataFrame, key: str, gone: Collection[str]) -> pd.DataFrame:
    return rows[~rows[key].isin(gone)].reset_index(drop=True)
