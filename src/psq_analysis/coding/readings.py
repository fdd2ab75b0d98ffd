"""What people found in the remarks they read: the file ``data/manual/readings.csv``.

One row is a remark and a reader: ``key`` (the remark and its text, by hash), ``reader``, ``on`` (date), then a column a scheme with the codes found,
separated by semicolons, by name or by label. An empty cell was not read; :data:`NONE` was read and holds no code. Two readers of a remark have a
row each: where they differ nothing is decided by the order of rows, it stays open until :data:`AGREED` has a row for it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from filelock import FileLock

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.human_codes import HUMAN_COLUMN, trace
from psq_analysis.tables.record_files import BadRemarkFile, bad_file
from psq_analysis.tables.schema import OUT_OF_SCOPE
from psq_analysis.text.plain import plain_words

SCHEMES = tuple(HUMAN_COLUMN)
COLUMNS = ["key", "reader", "on", *SCHEMES]
FRAME = ["key", "reader", "on", "scheme", "codes", "where"]
NONE = "aucun"  # read, and nothing fits
AGREED = "accord"  # the reader under whose name two readers settle what they read differently
SEPARATOR = ";"
ALWAYS_GIVEN = "tone"  # the scheme of which every remark has a code
ALIKE = 0.6  # of the letters of two names, for one to be taken as a slip for the other
LONGEST_TOLD = 40  # characters of a wrong cell that a message repeats
MOST_TOLD = 20  # wrong cells one message names
_KEY = re.compile(r"[0-9A-Za-z]+-[0-9a-f]{16}")


class Line(NamedTuple):
    """A row of a file of readings, whatever its kind; ``cells``: scheme, heading and content of each cell of codes."""

    where: str
    key: str
    reader: str
    on: str
    cells: Sequence[tuple[str, str, str]]


def key_of(remark_id: str, question: object, text: object) -> str:
    """Return the key of a remark: its identifier, then its question and text by hash, so that it is found again on another wave.

    >>> key_of("5f1d7a84", "Que faire ?", "Plus de  rondes") == key_of("5f1d7a84", "Que faire ?", "plus de rondes")
    True
    """
    return f"{remark_id}-{trace(f'{_text(question)} ; {_text(text)}')}"


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def keys_of(remarks: pd.DataFrame) -> list[str]:
    """Return the key of each remark of a run."""
    return [
        key_of(*one) for one in zip(remarks["remark_id"], remarks["question"], remarks["text"], strict=True)
    ]


def no_readings() -> pd.DataFrame:
    """Return the frame of readings without a row: ``key``, ``reader``, ``on``, ``scheme``, ``codes`` (tuple), ``where``."""
    return pd.DataFrame(columns=FRAME)


def read_readings(path: Path, codebook: Codebook, remarks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what the file holds, a row per remark, reader and scheme read; no row where there is no file.

    ``remarks``: those of a run, where only the lines about them are wanted: the others may follow another codebook. Raises
    :class:`~psq_analysis.tables.record_files.BadRemarkFile`, naming file, line and column, on a missing column, an unknown code, or two lines of one
    reader that differ.
    """
    lines = _lines(path)
    if remarks is not None:
        ids, texts = set(remarks["remark_id"]), {key.rsplit("-", 1)[1] for key in keys_of(remarks)}
        lines = [
            one for one in lines if (key := one.key.strip().rpartition("-"))[0] in ids or key[2] in texts
        ]
    return readings_of(lines, codebook)


def read_whole(path: Path) -> pd.DataFrame:
    """Return every reading of the file as it is written there, whatever codebook it follows."""
    rows = []
    for one in _lines(path):
        for scheme, _, content in one.cells:
            pieces = tuple(piece.strip() for piece in content.split(SEPARATOR) if piece.strip())
            if pieces:
                codes = () if pieces == (NONE,) else pieces
                rows.append((one.key.strip(), one.reader.strip(), one.on, scheme, codes, one.where))
    return _once(pd.DataFrame(rows, columns=FRAME))


def _lines(path: Path) -> list[Line]:
    if not path.exists():
        return []
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as trouble:
        raise bad_file(
            path, None, "ce n'est pas un fichier CSV en UTF-8", "enregistrez-le de nouveau"
        ) from trouble
    absent = [column for column in COLUMNS[:2] if column not in rows]
    if absent:
        raise bad_file(
            path, 1, f"la colonne « {absent[0]} » manque", f"colonnes attendues : {', '.join(COLUMNS)}"
        )
    return [
        Line(
            f"{path.name}, ligne {number}",
            row["key"],
            row["reader"],
            row.get("on", ""),
            [(scheme, scheme, row[scheme]) for scheme in SCHEMES if scheme in row],
        )
        for number, row in enumerate(rows.to_dict("records"), start=2)
    ]


def readings_of(lines: Iterable[Line], codebook: Codebook) -> pd.DataFrame:
    """Return the readings of some lines, checked against the codebook; raises :class:`BadRemarkFile` naming every cell that is wrong."""
    names = {scheme: _names(codebook, scheme) for scheme in SCHEMES if scheme in codebook.schemes}
    rows, wrong = [], []
    for line in lines:
        found: dict[str, list[str]] = {}
        for scheme, heading, content in line.cells:
            if not content.strip():
                continue
            where = f"{line.where}, colonne « {heading} »"
            if scheme not in names:
                wrong.append(f"{where} : la grille n'a pas cette famille de codes")
                continue
            codes, trouble = _codes_of(content, names[scheme])
            wrong += [f"{where} : {trouble}"] if trouble else []
            found.setdefault(scheme, []).extend(codes)
        if found and not _KEY.fullmatch(line.key.strip()):
            wrong.append(
                f"{line.where} : la clé manque ou a été changée, remettez celle du fichier d'origine"
            )
        if found and not line.reader.strip():
            wrong.append(f"{line.where} : le nom du lecteur manque")
        for scheme, codes in found.items():
            trouble = _misfit(codes, codebook, scheme)
            wrong += [f"{line.where} : {trouble}"] if trouble else []
            kept = tuple(code for code in codebook.codes(scheme) if code in codes)
            rows.append((line.key.strip(), line.reader.strip(), line.on, scheme, kept, line.where))
    if wrong:
        more = f" ; et {len(wrong) - MOST_TOLD} autres" if len(wrong) > MOST_TOLD else ""
        raise BadRemarkFile(
            f"{' ; '.join(wrong[:MOST_TOLD])}{more}. Corrigez ces cellules, puis relancez : rien n'a été écrit."
        )
    return _once(pd.DataFrame(rows, columns=FRAME))


def _names(codebook: Codebook, scheme: str) -> dict[str, tuple[str, str]]:
    """Return what may be written for each code of a scheme: spelling → code and label."""
    codes = codebook.schemes[scheme].codes
    spelt = {
        plain_words(one): (code, given.label) for code, given in codes.items() for one in (code, given.label)
    }
    if scheme == ALWAYS_GIVEN:
        return spelt
    return spelt | {plain_words(one): ("", NONE) for one in (NONE, "aucune")}


def _codes_of(content: str, names: Mapping[str, tuple[str, str]]) -> tuple[list[str], str]:
    """Return the codes written in a cell, :data:`NONE` as an empty name, and what is wrong with it."""
    whole = plain_words(content)
    pieces = [content] if whole in names else [one for one in content.split(SEPARATOR) if one.strip()]
    codes = []
    for piece in pieces:
        written = plain_words(piece)
        nothing = written.split(" ")[0] in {"aucun", "aucune"} and "aucun" in names
        if written not in names and not nothing:
            near = difflib.get_close_matches(written, names, n=1, cutoff=ALIKE) or [
                name for name in names if written and name.startswith(written)
            ]
            hint = f", vouliez-vous dire « {names[near[0]][1]} » ?" if near else ""
            told = piece.strip()[:LONGEST_TOLD]
            return [], f"« {told} » n'est pas dans la grille{hint}"
        codes.append("" if nothing else names[written][0])
    return codes, ""


def _misfit(codes: Sequence[str], codebook: Codebook, scheme: str) -> str:
    given = set(codes)
    if "" in given and len(given) > 1:
        return f"« {NONE} » et un code à la fois, choisissez"
    if OUT_OF_SCOPE in given and len(given) > 1:
        return f"« {codebook.label(scheme, OUT_OF_SCOPE)} » va seul, choisissez"
    if not codebook.schemes[scheme].multiple and len(given) > 1:
        return f"un seul code est possible pour « {codebook.schemes[scheme].label} »"
    return ""


def _once(readings: pd.DataFrame) -> pd.DataFrame:
    """Return the readings without repeated lines; raises :class:`BadRemarkFile` where two lines of one reader differ."""
    by_reader = ["key", "reader", "scheme"]
    distinct = readings.drop_duplicates([*by_reader, "codes"])
    twice = distinct[distinct.duplicated(by_reader, keep=False)]
    if len(twice):
        clashes = [" et ".join(rows["where"]) for _, rows in twice.groupby("key", sort=False)]
        clashes = list(dict.fromkeys(clashes))[:MOST_TOLD]
        raise BadRemarkFile(
            f"Deux lignes du même lecteur codent autrement la même remarque : {' ; '.join(clashes)}. "
            "Gardez la bonne de chaque paire, puis relancez : rien n'a été écrit."
        )
    return distinct.reset_index(drop=True)


def merged(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the readings known with those that are new; what a reader codes anew takes the place of what the same reader had written."""
    by_reader = ["key", "reader", "scheme"]
    both = pd.concat([known, new], ignore_index=True)
    unchanged = both[both.duplicated([*by_reader, "codes"])].index  # keeps the date of the first
    return both.drop(index=unchanged).drop_duplicates(by_reader, keep="last", ignore_index=True)


def record(path: Path, new: pd.DataFrame) -> pd.DataFrame:
    """Put readings into the file beside those it holds, whole or not at all; return what it holds then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        readings = merged(read_whole(path), new)
        write_readings(path, readings)
    return readings


def write_readings(path: Path, readings: pd.DataFrame) -> None:
    """Write readings, a row per remark and reader, in an order that does not depend on who was read in first."""
    cells = readings.assign(codes=[f"{SEPARATOR} ".join(codes) or NONE for codes in readings["codes"]])
    rows = (
        cells.pivot(index=["key", "reader"], columns="scheme", values="codes")
        .reindex(columns=list(SCHEMES))
        .join(readings.groupby(["key", "reader"])["on"].max())
        .reset_index()
        .sort_values(["key", "reader"])
    )
    partial = path.with_name(f".{path.name}")
    rows[COLUMNS].to_csv(partial, index=False, lineterminator="\n")
    partial.replace(path)


def placed(readings: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the readings that speak of remarks of this run, with ``remark_id`` and ``contribution_id``: by identifier, else by question and text.

    >>> run = pd.DataFrame({"remark_id": ["b"], "contribution_id": ["c"], "question": ["Quoi ?"], "text": ["Des rondes"]})
    >>> other_wave = key_of("a", "Quoi ?", "des rondes")
    >>> read = pd.DataFrame([(other_wave, "1", "", "theme", ("presence",), "")], columns=FRAME)
    >>> placed(read, run)[["remark_id", "codes"]].values.tolist()
    [['b', ('presence',)]]
    """
    if readings.empty:
        return readings.assign(remark_id="", contribution_id="")
    own = remarks[["remark_id", "contribution_id"]].assign(
        text_key=[key.rsplit("-", 1)[1] for key in keys_of(remarks)]
    )
    parts = readings["key"].str.rsplit("-", n=1, expand=True)
    told = readings.assign(remark_id=parts[0], text_key=parts[1])
    by_id = told.merge(own, on="remark_id", suffixes=("", "_here"))
    by_id["rank"] = (by_id["text_key"] != by_id["text_key_here"]).astype(int)
    elsewhere = told[~told["remark_id"].isin(own["remark_id"])].drop(columns="remark_id")
    by_text = elsewhere.merge(own, on="text_key").assign(rank=2)
    found = pd.concat([by_id, by_text]).sort_values("rank", kind="stable")
    once = found.drop_duplicates(["remark_id", "reader", "scheme"])
    return once[[*FRAME, "remark_id", "contribution_id"]].reset_index(drop=True)


def without_place(readings: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the readings that no remark of this run answers to: another consultation, or a text that has changed."""
    return readings[~readings["key"].isin(placed(readings, remarks)["key"])]


def settled(readings: pd.DataFrame) -> pd.DataFrame:
    """Return, per remark and scheme, the codes that its readers agree on, or that they settled; what they differ about is left out.

    >>> read = pd.DataFrame({"remark_id": ["r", "r", "s"], "scheme": "theme", "reader": ["1", "2", "1"], "codes": [("acces",), (), ("presence",)]})
    >>> settled(read)[["remark_id", "codes"]].values.tolist()
    [['s', ('presence',)]]
    """
    last_word = _last_words(readings)
    same = last_word.groupby(["remark_id", "scheme"])["codes"].transform("nunique") == 1
    return last_word[same].drop_duplicates(["remark_id", "scheme"], ignore_index=True)


def disputed(readings: pd.DataFrame) -> pd.DataFrame:
    """Return the readings of remarks and schemes that readers code differently and have not settled."""
    last_word = _last_words(readings)
    differ = last_word.groupby(["remark_id", "scheme"])["codes"].transform("nunique") > 1
    return last_word[differ].sort_values(["remark_id", "scheme", "reader"], ignore_index=True)


def _last_words(readings: pd.DataFrame) -> pd.DataFrame:
    """The readings that still count: where readers settled, what they settled alone."""
    agreed = readings["reader"].eq(AGREED)
    keys = pd.MultiIndex.from_frame(readings[["remark_id", "scheme"]])
    return readings[agreed | ~keys.isin(keys[agreed])]


def by_respondent(readings: pd.DataFrame, remarks: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return what people found in each respondent whose every remark was read: ``contribution_id``, ``scheme``, ``code``, ``mentioned``.

    ``mentioned`` is 1 or 0; where two readers differ and have not settled, the share of readers who found the code. ``remarks``: those that
    count; remarks that say nothing need no reading.
    """
    said = remarks.loc[~remarks["is_noise"], ["remark_id", "contribution_id"]]
    last_word = _last_words(readings)[["remark_id", "reader", "scheme", "codes"]].merge(said, on="remark_id")
    number = said.groupby("contribution_id").size()
    rows = []
    for (contribution, scheme), read in last_word.groupby(["contribution_id", "scheme"]):
        if read["remark_id"].nunique() < number[contribution]:
            continue
        found = {
            remark: dict(zip(of_remark["reader"], of_remark["codes"], strict=True))
            for remark, of_remark in read.groupby("remark_id")
        }
        for code in codebook.codes(str(scheme)):
            views = [_says(code, reader, found) for reader in read["reader"].unique()]
            rows.append((contribution, scheme, code, sum(views) / len(views)))
    return pd.DataFrame(rows, columns=["contribution_id", "scheme", "code", "mentioned"]).astype(
        {"mentioned": float}
    )


def _says(code: str, reader: str, found: Mapping[str, Mapping[str, Sequence[str]]]) -> float:
    """How far one reader finds a code in a respondent; for a remark of which only others were the readers, their mean."""
    by_remark = [
        float(code in readers[reader])
        if reader in readers
        else sum(code in codes for codes in readers.values()) / len(readers)
        for readers in found.values()
    ]
    return max(by_remark)
