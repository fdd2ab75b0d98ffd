"""A table in the minutes: who, where and what was said, told by the headings and the cells, whatever the writer called them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from psq_analysis.sources.formats.minutes.speech import Roster, Speaker, speaker_of, speech_of
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.model import Sheet
from psq_analysis.sources.places_written import is_ditto, split_place
from psq_analysis.sources.tables.banners import place_of_banner
from psq_analysis.sources.vocabulary import matches, plain

SENTENCE_WORDS = 4  # on average; cells of what was said are longer than qualities and places
KNOWN_SHARE = 0.4  # share of the cells of a column that name a voice, or a person, or a place


_ASKED = re.compile(r"ce qu|qu est ce|quel|comment |pourquoi |que ")  # a question, whomever it names
_KINDS = (
    (("answer_column",), ""),
    (("topic_column",), "topic"),
    (("said_column",), "said"),
    (("place_column",), "where"),
    (("name_column", "quality_column"), "who"),
)


@dataclass(frozen=True)
class Row:
    """One row of the table in which something is said: its number from 1, who, the words, the heading of their column, the topic of the row."""

    number: int
    speaker: Speaker
    said: str
    heading: str
    topic: str = ""


@dataclass(frozen=True)
class TableRead:
    """What a table says; ``columns`` is how many columns hold words, ``empty`` the numbers of the rows that say nothing."""

    rows: list[Row]
    columns: int
    empty: list[int]


def read_table(sheet: Sheet, roster: Roster) -> TableRead | None:
    """Return what is said in a table, or None when no column holds anything that was said."""
    width = max((len(row) for row in sheet.rows), default=0)
    headings = _headings(sheet)
    first = 1 if headings else 0
    body = sheet.rows[first:]
    kinds = {
        at: _kind(headings[at] if headings else "", [row[at] for row in body if at < len(row)])
        for at in range(width)
    }
    said = [at for at, kind in kinds.items() if kind == "said"]
    if not said:
        return None
    who = [at for at, kind in kinds.items() if kind == "who"]
    where = [at for at, kind in kinds.items() if kind == "where"]
    rows: list[Row] = []
    empty: list[int] = []
    banner = ""
    for at, row in enumerate(body, start=first):
        texts = [(column, row[column].strip()) for column in said if row[column].strip()]
        is_lone = bool(row[0].strip()) and len({plain(cell) for cell in row if cell.strip()}) == 1
        if is_lone and width > 1 and (place := place_of_banner(row[0])):
            banner = place
            empty.append(at + 1)
            continue
        if headings and [plain(cell) for cell in row] == [plain(cell) for cell in headings]:
            empty.append(at + 1)
            continue
        if not texts or matches("columns", "total_row", plain(next(cell for cell in row if cell.strip()))):
            empty.append(at + 1)
            continue
        filled = [row[column].strip() or sheet.merged_below.get((at, column), "") for column in range(width)]
        topic = next((filled[column] for column, kind in kinds.items() if kind == "topic"), "")
        for column, text in texts:
            for turn in _turns(text, roster):
                speaker, words = _speaker(
                    filled, who, where, turn, roster, row_key=f"{sheet.name} ligne {at + 1}"
                )
                if banner and not speaker.place:
                    speaker = replace(speaker, place={"commune": banner})
                rows.append(Row(at + 1, speaker, words, headings[column] if headings else "", topic))
    return TableRead(rows, len(said), empty)


def _turns(text: str, roster: Roster) -> list[str]:
    """A cell in which several people speak, one a line, is as many turns."""
    lines = [line.strip(" -–•*\t") for line in text.split("\n") if line.strip()]
    return lines if len(lines) > 1 and all(speech_of(line, roster).who for line in lines) else [text]


def _speaker(
    filled: list[str], who: list[int], where: list[int], text: str, roster: Roster, *, row_key: str
) -> tuple[Speaker, str]:
    named = ", ".join(filled[at] for at in who if filled[at] and not is_ditto(filled[at]))
    if not named:
        speech = speech_of(text, roster)
        if speech.who:
            speaker, text = speaker_of(speech.who, roster), speech.said
        else:
            speaker = Speaker("", None)
    else:
        speaker = speaker_of(named, roster)
    place = split_place(", ".join(filled[at] for at in where if filled[at])) if where else {}
    key = speaker.key if speaker.key.startswith("nom ") else row_key if named or place else ""
    return Speaker(key, speaker.voice, place or speaker.place), text


def _headings(sheet: Sheet) -> list[str]:
    """The first row, unless it already holds a speaker or a sentence."""
    first = [cell.strip() for cell in sheet.rows[0]]
    known = sum(
        any(
            matches("minutes", key, plain(cell))
            for key in ("said_column", "name_column", "quality_column", "place_column", "answer_column")
        )
        for cell in first
    )
    if known or (
        sum(bool(cell) for cell in first) > 1
        and not any(len(cell.split()) > 8 or read_line(cell).voice for cell in first)
    ):
        return first
    return []


def _kind(heading: str, cells: list[str]) -> str:
    """What a column holds: ``said``, ``who``, ``where`` or nothing of these; its heading first, then its cells."""
    words = plain(heading)
    written = [cell.strip() for cell in cells if cell.strip()]
    if not written:
        return ""
    length = sum(len(cell.split()) for cell in written) / len(written)
    named = next((kind for keys, kind in _KINDS for key in keys if matches("minutes", key, words)), None)
    if length >= SENTENCE_WORDS and _ASKED.match(words):
        named = "said"
    elif named is None and matches("columns", "forbidden", words):
        named = None if matches("columns", "person_met", words) else ""
    if named is not None:
        return named
    lines = [read_line(cell) for cell in written]
    least = KNOWN_SHARE * len(lines)
    if length < SENTENCE_WORDS * 2 and sum(line.voice is not None for line in lines) >= least:
        return "who"
    if length < SENTENCE_WORDS and sum(bool(line.place) for line in lines) >= least:
        return "where"
    return "said" if length >= SENTENCE_WORDS else ""
