"""Real bad files: each reads exactly right or stops with one French sentence, within 1 GiB and 20 s, whatever its name."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from psq_analysis.errors import BadInput
from psq_analysis.sources import describe_file
from psq_analysis.sources.files.opening import open_document
from psq_analysis.sources.mapping import Mapping
from support import SHARED

FOLDER = SHARED / "badinputs"
MANIFEST = FOLDER / "MANIFEST.csv"
FILES = [row["file"] for row in csv.DictReader(MANIFEST.open(encoding="utf-8"))] if MANIFEST.exists() else []
REFUSED_CLASSES = ("archive", "bomb", "active", "cache", "notebook", "truncated", "disguise")

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real data is not beside the project")


def _is_one_french_sentence(message: str) -> bool:
    return (
        bool(re.search(r"[.)»]$", message))
        and "\n" not in message
        and "Traceback" not in message
        and " ; " in message
    )


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_read_or_refused_in_one_sentence_that_says_what_to_do(name: str) -> None:
    started = time.monotonic()
    problem, counts_add_up = _outcome(FOLDER / name)
    assert counts_add_up
    assert problem is None or _is_one_french_sentence(problem), problem
    assert time.monotonic() - started < 20


def _outcome(path: Path) -> tuple[str | None, bool]:
    try:
        description = describe_file(path)
    except BadInput as refusal:
        return str(refusal), True
    counted = description.kept + description.merged + description.rejected
    return (str(description.problem) if description.problem else None), description.rows_in == counted


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.split("/")[0] in REFUSED_CLASSES and "OOM_alloc2" not in name]
)
def test_archives_bombs_macros_and_intermediate_files_are_refused_without_being_opened(name: str) -> None:
    with pytest.raises(BadInput):
        describe_file(FOLDER / name)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("must-parse/")])
def test_cells_are_exactly_those_of_the_reference_parser(name: str) -> None:
    """csv-spectrum's JSON is not kept beside the files; its cells, read by hand from the CSV, are restated here."""
    gold = {
        "comma_in_quotes": [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]],
        "empty": [["1", "", ""], ["2", "3", "4"]],
        "empty_crlf": [["1", "", ""], ["2", "3", "4"]],
        "escaped_quotes": [["1", 'ha "ha" ha'], ["3", "4"]],
        "json": [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']],
        "newlines": [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]],
        "quotes_and_newlines": [["1", 'ha \n"ha" \nha'], ["3", "4"]],
        "utf8": [["1", "2", "3"], ["4", "5", "ʤ"]],
    }
    key = Path(name).stem.removeprefix("sp__")
    rows = open_document(FOLDER / name, Mapping()).sheets[0].rows[1:]
    if key in gold:
        assert rows == gold[key]
    else:
        assert rows[0][0] == "2095257564"
        assert rows[0][2:] == ["Modesto", "Stanislaus"]


@pytest.mark.parametrize(
    ("name", "kept", "rejected"),
    [
        ("structure/fr__structure-errors.csv", 2, 2),
        ("structure/fr__long.csv", 6, 0),
        ("structure/fr__blank-cells.csv", 5, 0),
        ("duplicates/fr__duplicate-rows.csv", 3, 0),
        ("header/fr__matrix-with-comment.csv", 4, 0),
        ("types/fr__issue-1232.csv", 5, 0),
        ("quoting/fr__doublequote.csv", 5, 0),
        ("dialect/fr__issue-1138.csv", 7, 0),
        ("dialect/fr__delimiter.csv", 2, 0),
        ("newline/ck__mac_newlines.csv", 2, 0),
        ("encoding/ck__test_utf16_big.csv", 2, 0),
        ("encoding/ck__test_utf16_little.csv", 2, 0),
        ("encoding/ck__test_utf8_bom.csv", 2, 0),
        ("encoding/ck__test_latin1.csv", 2, 0),
        ("encoding/fr__table-with-accents.csv", 638, 0),
        ("huge/fr__issue-1066-largecellsizewithdeviation.csv", 19, 0),
    ],
)
def test_rows_are_counted_where_plain_pandas_would_lose_or_shift_them(
    name: str, kept: int, rejected: int
) -> None:
    description = describe_file(FOLDER / name)
    assert (description.kept, description.rejected) == (kept, rejected)


def test_codes_keep_their_leading_zeros() -> None:
    rows = open_document(FOLDER / "types/fr__issue-1232.csv", Mapping()).sheets[0].rows
    assert rows[1][:4] == ["030151360", "03", "015", "1360"]


def test_an_unsure_encoding_is_an_error_that_asks_for_a_mapping() -> None:
    description = describe_file(FOLDER / "encoding/fr__table-infer-iso-8859-7.csv")
    assert description.encoding_certainty < 0.8
    assert description.problem is not None


HEAVY = [name for name in FILES if name.startswith(("bomb/", "huge/", "malformed/", "truncated/"))]
# Each file in a process of its own, forked from one that has imported the project: what it takes, and what those it starts take.
MEASURE = """
import json, os, resource, sys
from psq_analysis.errors import BadInput
from psq_analysis.sources import describe_file

for path in sys.argv[1:]:
    sys.stdout.flush()
    if os.fork() == 0:
        try:
            describe_file(path)
        except BadInput:
            pass
        used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(json.dumps([path, sum(used)]), flush=True)
        os._exit(0)
    _, status = os.wait()
    if status:
        sys.exit(f"{path} left with {status}")
"""


@pytest.fixture(scope="module")
def memory() -> dict[str, int]:
    """What describing each heavy file takes at most, in the unit of the system."""
    paths = [str(FOLDER / name) for name in HEAVY]
    done = subprocess.run([sys.executable, "-c", MEASURE, *paths], capture_output=True, text=True, check=True)
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_no_bad_file_takes_a_gibibyte(memory: dict[str, int], name: str) -> None:
    unit = 1 if sys.platform == "darwin" else 1024
    assert memory[str(FOLDER / name)] * unit < 1 << 30
