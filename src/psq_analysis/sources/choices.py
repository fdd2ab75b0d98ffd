"""Which labels a multiple choice offers, found before any separator cuts them; what is left of a cell is a free « Autre »."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

MOST_LABELS = 40  # a list of choices that a person reads; beyond it, texts that share commas
LONGEST_LABEL = 160
FREE_CELLS = 0.3  # of the cells may hold no label at all: « Autre » is ticked alone by one person in ten, in a small file by three
COVERED = 0.6  # of the letters belong to labels: words added to them stay the exception
CAPITALS = 0.8  # of the cells begin with a capital: then so do the labels, and words in small letters are added by hand
ALWAYS_TOGETHER = 5  # times two pieces never seen apart are one label, whatever their capitals
_SEPARATORS = (";", "|", "\n", " / ", " + ", "•", ",")
_OTHER = re.compile(
    r"^(?P<label>autres?|other|otro)\b[\s\xa0]*(?:[(:–—-]|,?\s*pr[ée]cis\w*\s*:?)[\s\xa0]*(?P<text>.*?)\)?$",
    re.IGNORECASE | re.DOTALL,
)
OTHER = "Autre"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The separator between the choices of a cell and the labels they may take; a blank separator means one choice a cell."""

    separator: str
    labels: frozenset[str]


def find_choices(values: list[str]) -> Choices | None:
    """Return the separator and labels of a column of multiple choices, None when the cells are anything else.

    A label is found whole although it holds the separator; a few cells may add words of their own.

    >>> found = find_choices(["Bruit, tapage et voisinage, Vols", "Vols", "Bruit, tapage et voisinage", "Vols, Vitesse", "Vitesse"])
    >>> sorted(found.labels)
    ['Bruit, tapage et voisinage', 'Vitesse', 'Vols']
    >>> find_choices(["Le bruit, surtout le soir.", "La vitesse, et les camions."]) is None
    True
    """
    cells = [value.strip() for value in values if value.strip()]
    if len(cells) < 2:
        return None
    for separator in _SEPARATORS:
        if sum(separator in cell for cell in cells) < 2:
            continue
        found = _labels(cells, separator)
        if found and _explains(cells, Choices(separator=separator, labels=found)):
            return Choices(separator=separator, labels=found)
    return None


def codes_of_cells(values: list[str]) -> Choices | None:
    """Return the codes that cells hold apart by spaces (« gare ecole »), None when some cell holds other words or none holds two.

    >>> sorted(codes_of_cells(["gare ecole", "gare", "ecole rue_haute", "rue_haute"]).labels)
    ['ecole', 'gare', 'rue_haute']
    """
    cells = [value.strip() for value in values if value.strip()]
    labels = frozenset(code for cell in cells for code in cell.split())
    is_code = all(re.fullmatch(r"[a-z0-9_-]+", code) for code in labels)
    if not is_code or len(labels) > MOST_LABELS or not any(" " in cell for cell in cells):
        return None
    return Choices(separator=" ", labels=labels)


def cut(value: str, choices: Choices) -> tuple[list[str], list[str]]:
    """Return the labels ticked in a cell, and the words its author added.

    >>> cut("Bruit, Vols, le soir, surtout en hiver", Choices(separator=",", labels=frozenset({"Bruit", "Vols"})))
    (['Bruit', 'Vols'], ['le soir, surtout en hiver'])
    >>> cut("Vols, Autre (les quads, le dimanche)", Choices(separator=",", labels=frozenset({"Bruit", "Vols"})))
    (['Vols', 'Autre'], ['les quads, le dimanche'])
    """
    ticked: list[str] = []
    added: list[str] = []
    pieces = _pieces(value, choices.separator)
    longest = max((label.count(choices.separator) for label in choices.labels), default=0) + 1
    position, pending = 0, ""
    while position < len(pieces):
        for span in range(min(longest, len(pieces) - position), 0, -1):
            label = _joined(pieces[position : position + span], choices.separator, value)
            if label in choices.labels:
                ticked.append(label)
                position += span
                if pending:
                    added.append(pending)
                    pending = ""
                break
        else:
            piece = pieces[position]
            other = _OTHER.match(piece)
            if other and not pending:
                ticked.append(OTHER)
                pending = other["text"].strip()
            else:
                pending = _joined([pending, piece], choices.separator, value) if pending else piece
            position += 1
    if pending:
        added.append(pending)
    return ticked, added


def one_choice(value: str) -> tuple[list[str], list[str]]:
    """Return the choice of a cell that holds one, and what « Autre : … » adds to it.

    >>> one_choice("Plutôt satisfait, oui"), one_choice("autre : une fois")
    ((['Plutôt satisfait, oui'], []), (['Autre'], ['une fois']))
    """
    other = _OTHER.match(value.strip())
    if other and other["text"].strip():
        return [OTHER], [other["text"].strip()]
    return ([value.strip()], []) if value.strip() else ([], [])


def _joined(pieces: list[str], separator: str, value: str) -> str:
    space = " " if separator == "," and ", " in value else ""
    return f"{separator}{space}".join(pieces)


def _pieces(value: str, separator: str) -> list[str]:
    """The parts of a cell; a list in JSON is opened, a separator inside brackets does not cut."""
    text = value.strip()
    if text[:1] == "[" and text[-1:] == "]":
        parts = _listed(text)
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return [part.strip() for part in parts if part.strip()]
    pieces: list[str] = []
    for part in text.split(separator):
        if pieces and pieces[-1].count("(") > pieces[-1].count(")"):
            pieces[-1] = f"{pieces[-1]}{separator}{part.rstrip()}"
        elif part.strip():
            pieces.append(part.strip())
    return pieces


def _listed(text: str) -> object:
    """The list a program wrote into a cell, in JSON or as Python shows it."""
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return None


def _labels(cells: list[str], separator: str) -> frozenset[str] | None:
    rows = [_pieces(cell, separator) for cell in cells]
    rows = [[piece for piece in row if not _OTHER.match(piece)] for row in rows]
    if separator == ",":
        rows = _merged(rows, cells)
    counts = Counter(piece for row in rows for piece in row)
    repeated = {piece for piece, count in counts.items() if count > 1}
    if not repeated:
        return None
    are_capitals = sum(row[0][:1].isupper() for row in rows if row) >= CAPITALS * sum(map(bool, rows))
    labels = {
        piece
        for piece, count in counts.items()
        if (count > 1 or _may_be_rare(piece, is_alone=any(row == [piece] for row in rows)))
        and not (are_capitals and piece[:1].islower())
    }
    if len(labels) > MOST_LABELS or max(map(len, labels), default=0) > LONGEST_LABEL:
        labels = {piece for piece in labels if counts[piece] > 1}
    return (
        frozenset(labels)
        if 1 < len(labels) <= MOST_LABELS and max(map(len, labels)) <= LONGEST_LABEL
        else None
    )


def _may_be_rare(piece: str, *, is_alone: bool) -> bool:
    """A label ticked once: short, and no sentence."""
    return len(piece.split()) <= (4 if is_alone else 5) and not re.search(r"[.!?]$", piece)


def _merged(rows: list[list[str]], cells: list[str]) -> list[list[str]]:
    """Put together the pieces of one label: always side by side, the second in small letters or seen often enough."""
    for _ in range(4):
        counts = Counter(piece for row in rows for piece in row)
        pairs = Counter(pair for row in rows for pair in pairwise(row))
        together = {
            (one, two)
            for (one, two), count in pairs.items()
            if count == counts[one] == counts[two] and (two[:1].islower() or count >= ALWAYS_TOGETHER)
        }
        if not together:
            return rows
        merged = []
        for row, cell in zip(rows, cells, strict=True):
            done: list[str] = []
            last = ""
            for piece in row:
                if done and (last, piece) in together:
                    done[-1] = _joined([done[-1], piece], ",", cell)
                else:
                    done.append(piece)
                last = piece
            merged.append(done)
        rows = merged
    return rows


def _explains(cells: list[str], choices: Choices) -> bool:
    """Most cells are made of labels alone, some labels are seen both alone and beside others, and few words are added."""
    cuts = [cut(cell, choices) for cell in cells]
    free = sum(not ticked for ticked, _ in cuts)
    several = sum(len(ticked) > 1 for ticked, _ in cuts)
    covered = sum(len(label) for ticked, _ in cuts for label in ticked)
    added = sum(len(text) for ticked, texts in cuts for text in texts if OTHER not in ticked)
    counts = Counter(label for ticked, _ in cuts for label in ticked)
    again = sum(count for count in counts.values() if count > 1) / max(sum(counts.values()), 1)
    mixed = any(
        len({tuple(ticked) for ticked, _ in cuts if label in ticked}) > 1
        for label, count in counts.most_common(5)
        if count > 1
    )
    is_closed = all(cell.endswith(choices.separator) for cell in cells)
    if sum(bool(re.search(r"[.!]$", label)) for label in choices.labels) > len(choices.labels) / 3:
        return False  # sentences that several people wrote alike
    if free > FREE_CELLS * len(cells) or covered < COVERED * (covered + added):
        return False
    return is_closed or (several > 0 and again >= 0.6 and mixed)
