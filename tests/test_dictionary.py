"""docs/dictionary.md says of every column what the schema says."""

from __future__ import annotations

import re

from psq_analysis.tables.schema import TABLES


def _documented(project) -> dict[tuple[str, str], str]:
    table, found = "", {}
    for line in (project / "docs" / "dictionary.md").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## `(\w+)`.*", line):
            table = heading.group(1)
        elif row := re.fullmatch(r"\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|", line):
            found[table, row.group(1)] = row.group(2)
    return found


def test_every_column_of_every_table_is_documented_in_the_words_of_the_schema(project):
    promised = {
        (table, name): column.description
        for table, model in TABLES.items()
        for name, column in model.columns.items()
    }
    assert _documented(project) == promised
