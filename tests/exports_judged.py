"""How far the reading of an export is from what its expectation says: people, completeness, voices, places, questions, answers, leaks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

import pandas as pd

from psq_analysis.sources import Intake

MOST_BESIDE = 4  # words added to « Autre » are remarks for some readers, and not for others
_WHO = re.compile(r"vous etes|profil|a quel titre|en tant que|qualite|statut|repondez")


def spaced(text: object) -> str:
    """One space between words, straight apostrophes."""
    return " ".join(str(text).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").split())


def loose(text: object) -> str:
    """Letters and digits, without the number of a question."""
    ascii_only = unicodedata.normalize("NFKD", spaced(text)).encode("ascii", "ignore").decode().lower()
    bare = re.sub(r"^\W*(q?\d+[a-z]?[.):-]*\s+)+", "", ascii_only)
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def differences(intake: Intake, placed: pd.DataFrame, expected: dict[str, Any]) -> list[str]:
    """Return each point on which the reading is not what a person reads; empty when all is alike."""
    return [
        *_counts(intake, expected),
        *_questions(intake, expected),
        *_leaks(intake, expected),
        *(line for one in expected["respondents"] for line in _respondent(intake, placed, one)),
    ]


def _counts(intake: Intake, expected: dict[str, Any]) -> list[str]:
    people = len(intake.contributions)
    complete = int(intake.contributions["is_complete"].sum())
    found = []
    if people not in [expected["n_respondents_total"], *expected.get("accept_total", [])]:
        found.append(f"people {people}, not {expected['n_respondents_total']}")
    elif people == expected["n_respondents_total"] and complete != expected["n_respondents_complete"]:
        found.append(f"complete {complete}, not {expected['n_respondents_complete']}")
    wanted = [loose(question) for question in expected["n_remarks_by_question"]]
    others = [
        name
        for name in intake.remarks["question"].map(loose)
        if not any(asked in name or name in asked for asked in wanted)
    ]
    remarks = len(intake.remarks) - (len(others) if len(others) <= MOST_BESIDE else 0)
    if remarks not in [expected["n_remarks_nonempty"], *expected.get("accept_remarks", [])]:
        found.append(f"remarks {remarks}, not {expected['n_remarks_nonempty']}")
    return found


def _questions(intake: Intake, expected: dict[str, Any]) -> list[str]:
    got = Counter(
        (loose(key), loose(question))
        for key, question in zip(intake.remarks["question_id"], intake.remarks["question"], strict=True)
    )
    found = []
    for question, counts in expected["n_remarks_by_question"].items():
        wanted, number = loose(question), counts["nonempty"]
        exact = [count for names, count in got.items() if wanted in names]
        near = [
            count
            for (key, asked), count in got.items()
            if wanted and (wanted in key or wanted in asked or key in wanted or (asked and asked in wanted))
        ]
        if number and number not in (exact or near):
            found.append(f"question {question!r}: {exact or near}, not {number}")
    return found


def _leaks(intake: Intake, expected: dict[str, Any]) -> list[str]:
    tables = (intake.contributions, intake.answers, intake.remarks, intake.rejects, intake.ledger)
    written = "\n".join(table.astype("string").to_csv(index=False) for table in tables)
    allowed = expected.get("pii_in_text", [])
    values = expected.get("must_not_leak_values", [])
    return [
        f"leak of value {at}"
        for at, value in enumerate(values)
        if str(value) in written and value not in allowed
    ]


def _texts(one: dict[str, Any]) -> list[str]:
    return [
        spaced(text)
        for value in one["answers"].values()
        for text in (value if isinstance(value, list) else [value])
    ]


def _found(intake: Intake, table: pd.DataFrame, one: dict[str, Any]) -> pd.DataFrame:
    row, texts = one.get("source_row"), _texts(one)
    rows = table[table["source_row"] == row] if isinstance(row, int) else table.iloc[:0]
    if len(rows) > 1 and one.get("source_sheet"):
        rows = rows[rows["source_sheet"] == one["source_sheet"]]
    if len(rows) != 1 and texts:
        said = intake.remarks["text"].map(spaced)
        matching = said.map(lambda text: any(wanted in text for wanted in texts))
        rows = table[table["contribution_id"].isin(intake.remarks.loc[matching, "contribution_id"])]
    return rows


def _respondent(intake: Intake, placed: pd.DataFrame, one: dict[str, Any]) -> list[str]:
    row, texts = one.get("source_row"), _texts(one)
    rows = _found(intake, intake.contributions, one)
    if rows.empty:
        return [f"row {row}: not found"]
    person = rows.iloc[0]
    said = [
        spaced(text)
        for text in intake.remarks.loc[intake.remarks["contribution_id"] == person["contribution_id"], "text"]
    ]
    found = [
        f"row {row}: text {text[:40]!r} is missing"
        for text in texts
        if not any(text == other or (len(text) > 15 and text in other) for other in said)
    ]
    voice = None if pd.isna(person["stakeholder"]) else person["stakeholder"]
    if voice not in [one.get("stakeholder"), *one.get("accept_stakeholder", [])]:
        found.append(f"row {row}: voice {voice}, not {one.get('stakeholder')}")
    if bool(person["is_complete"]) != one.get("complete", True):
        found.append(f"row {row}: complete {person['is_complete']}")
    found += _closed(intake, person["contribution_id"], one)
    where = _found(intake, placed, one)
    if len(where) == 1:
        code = where.iloc[0]["commune_code"]
        code = None if pd.isna(code) else code
        others = [
            other.get("commune_insee") if isinstance(other, dict) else other
            for other in one.get("accept", [])
        ]
        if code not in [one.get("commune_insee"), *others]:
            found.append(f"row {row}: commune {code}, not {one.get('commune_insee')}")
    return found


def _closed(intake: Intake, contribution_id: str, one: dict[str, Any]) -> list[str]:
    given = intake.answers[intake.answers["contribution_id"] == contribution_id]
    found = []
    for question, value in one.get("closed_answers", {}).items():
        wanted = [value] if isinstance(value, str) else value
        asked = loose(question)
        if wanted == [one.get("stakeholder_raw")] or _WHO.search(asked):
            continue  # who speaks is a column of the contributions, and no answer
        rows = given[(given["question_id"].map(loose) == asked) | (given["question"].map(loose) == asked)]
        if rows.empty:
            named = [asked in name or name in asked for name in given["question"].map(loose)]
            rows = given[pd.Series(named, index=given.index, dtype=bool)]
        if sorted(map(spaced, rows["value"])) != sorted(map(spaced, wanted)):
            found.append(
                f"row {one.get('source_row')}: closed {question!r} {sorted(rows['value'])}, not {wanted}"
            )
    return found
