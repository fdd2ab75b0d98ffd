"""The common intake: readings of many files to five tables, with identifiers, waves, overlaps and the count of rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from psq_analysis.sources.model import Contribution, NamedReading, Reject
from psq_analysis.sources.waves import waves_of
from psq_analysis.tables.schema import SHEET, TEXT, conform

KEY_BYTES = 5  # 40 bits: the keys of a million respondents add up without overflow
KEY_OF_HASH = b"psq-analysis: record keys"
ID_LENGTH = 16  # hexadecimal characters: 64 bits, no collision expected below a billion contributions

WORDS_OF_ONE_PERSON = 8  # two people may both write « plus de patrouilles à pied »
FEW_ROWS, REPEATED_SHARE = 3, 0.2  # fewer repeated answers are chance or a campaign, which cleaning tells
TOLD_TWICE = "{count} lignes portent les mêmes réponses que « {where} » : les mêmes personnes y sont peut-être comptées deux fois"
_Origin = tuple[str, str | None]

_CONTRIBUTION_TEXT = (
    "contribution_id", "source_file", SHEET, "source_format", "wave", "stakeholder",
    "place_commune", "place_insee", "place_postcode", "place_epci", "place_department",
)  # fmt: skip


@dataclass(frozen=True)
class Intake:
    """What the files say, before any cleaning; the place of a contribution is as written (``place_*``)."""

    contributions: pd.DataFrame
    answers: pd.DataFrame
    remarks: pd.DataFrame
    rejects: pd.DataFrame
    ledger: pd.DataFrame
    doubts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["source_file", "doubt"], dtype=TEXT)
    )


def assemble(readings: Iterable[NamedReading]) -> Intake:
    """Return the five tables of several readings; for every file, rows in = kept + merged + rejected."""
    named = list(readings)
    waves = waves_of(named)
    contributions: list[tuple[object, ...]] = []
    remarks: list[tuple[str, ...]] = []
    answers: list[tuple[str, ...]] = []
    rejects: list[tuple[object, ...]] = []
    ledger: list[tuple[object, ...]] = []
    first_seen: dict[tuple[frozenset[str], str], _Origin] = {}
    for item in named:
        reading, kept = item.reading, 0
        overlapping = 0
        copies: Counter[str] = Counter()
        repeated: Counter[_Origin] = Counter()
        for contribution in reading.contributions:
            key = (reading.survey, contribution.source_key)
            origin = (item.source_file, contribution.sheet)
            before = first_seen.setdefault(key, origin)
            if before != origin and contribution.is_identified:
                overlapping += 1
                continue
            repeated[before] += before != origin and _says_enough(contribution)
            kept += 1
            contribution_id, record_key = _identifiers(item.source_file, contribution, copies)
            contributions.append(
                _row(contribution_id, record_key, item, contribution, waves[item.source_file])
            )
            remarks.extend(_remark_rows(contribution_id, contribution))
            answers.extend((contribution_id, *answer) for answer in contribution.answers)
        every_reject = [*reading.rejects, *item.extra_rejects, *_told_twice(repeated, kept)]
        rejects.extend(
            (item.source_file, reject.sheet, reject.row, reject.column, reject.reason)
            for reject in every_reject
        )
        rejected = sum(1 for reject in every_reject if reject.row is not None and reject.column is None)
        ledger.append(
            (item.source_file, "read", reading.rows_in, kept, reading.rows_merged + overlapping, rejected)
        )
    return Intake(
        contributions=_contribution_table(contributions),
        answers=conform(
            pd.DataFrame(answers, columns=["contribution_id", "question_id", "question", "value"]), "answers"
        ),
        remarks=pd.DataFrame(
            remarks, columns=["remark_id", "contribution_id", "question_id", "question", "text"]
        ).astype(TEXT),
        rejects=conform(
            pd.DataFrame(rejects, columns=["source_file", SHEET, "source_row", "column", "reason"]), "rejects"
        ),
        ledger=conform(
            pd.DataFrame(
                ledger,
                columns=["source_file", "stage", "rows_in", "rows_out", "rows_merged", "rows_rejected"],
            ),
            "ledger",
        ),
        doubts=pd.DataFrame(
            [(item.source_file, doubt) for item in named for doubt in item.doubts],
            columns=["source_file", "doubt"],
        ).astype(TEXT),
    )


def _says_enough(contribution: Contribution) -> bool:
    """Words that two people do not write alike by chance."""
    return sum(len(text.split()) for _, _, text in contribution.remarks) >= WORDS_OF_ONE_PERSON


def _told_twice(repeated: Counter[_Origin], kept: int) -> list[Reject]:
    """Rows without identifier nor time that repeat another file or sheet stay counted, and are announced."""
    return [
        Reject(None, TOLD_TWICE.format(count=count, where=" – ".join(part for part in origin if part)))
        for origin, count in repeated.items()
        if count >= FEW_ROWS and count >= REPEATED_SHARE * kept
    ]


def _hash(*parts: str) -> str:
    return hashlib.blake2b(
        "\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=ID_LENGTH // 2
    ).hexdigest()


def _identifiers(source_file: str, contribution: Contribution, copies: Counter[str]) -> tuple[str, int]:
    """Hash of origin and content, and the secret record key; the n-th identical row of a file is told by its n.

    The key follows from the whole raw row, not from the file's name: an export sent again under another name moves no count. Its hash
    is keyed apart from that of identifiers, some of which are published in part.
    """
    said = [f"{question_id}\x1e{text}" for question_id, _, text in contribution.remarks]
    content = "\x1f".join([contribution.source_key, *said])
    copies[content] += 1
    copy = str(copies[content])
    raw = f"{content}\x1f{copy}".encode("utf-8", "surrogatepass")
    key = hashlib.blake2b(raw, digest_size=KEY_BYTES, key=KEY_OF_HASH).digest()
    return _hash(source_file, content, copy), int.from_bytes(key, "big")


def _remark_rows(contribution_id: str, contribution: Contribution) -> list[tuple[str, ...]]:
    seen: Counter[str] = Counter()
    rows: list[tuple[str, ...]] = []
    for question_id, question, text in contribution.remarks:
        seen[question_id] += 1
        remark_id = _hash(
            contribution_id, question_id, *([str(seen[question_id])] if seen[question_id] > 1 else [])
        )
        rows.append((remark_id, contribution_id, question_id, question, text))
    return rows


def _row(
    contribution_id: str, record_key: int, item: NamedReading, contribution: Contribution, wave: str
) -> tuple[object, ...]:
    return (
        contribution_id, item.source_file, contribution.sheet, contribution.row, item.reading.source_format, contribution.wave or wave,
        contribution.submitted_on, contribution.stakeholder, contribution.is_complete, contribution.commune,
        contribution.insee, contribution.postcode, contribution.epci, contribution.department, record_key,
        contribution.is_turn,
    )  # fmt: skip


def _contribution_table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(
        rows,
        columns=[
            "contribution_id", "source_file", SHEET, "source_row", "source_format", "wave", "submitted_on", "stakeholder", "is_complete",
            "place_commune", "place_insee", "place_postcode", "place_epci", "place_department", "record_key",
            "is_turn",
        ],
    )  # fmt: skip
    typed = dict.fromkeys(_CONTRIBUTION_TEXT, TEXT) | {
        "source_row": "int64",
        "is_complete": "bool",
        "is_turn": "bool",
        "record_key": "int64",
    }
    return table.astype(typed).assign(
        submitted_on=pd.to_datetime(table["submitted_on"]).astype("datetime64[us]")
    )
