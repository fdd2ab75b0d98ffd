"""The page of the case study says what the chain finds, to the last digit."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from support import PROJECT

pytestmark = pytest.mark.slow
BLOCK = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- /\1 -->", re.DOTALL)


def test_every_table_of_the_case_study_is_what_the_command_prints(shared):
    answers, communes = (
        shared / "data" / name for name in ("grande_annotation_dev.csv", "territoire_communes_2024.csv")
    )
    if not (answers.is_file() and communes.is_file()):
        pytest.skip("the annotated answers or the table of communes are not beside the project")
    script = PROJECT / "benchmarks/case_study.py"
    done = subprocess.run(
        [sys.executable, script, answers, communes], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    printed = dict(BLOCK.findall(done.stdout))
    page = (PROJECT / "docs/case-study.md").read_text(encoding="utf-8")
    assert set(printed) == {"respondents", "shares", "territories", "contrasts", "quality"}
    assert dict(BLOCK.findall(page)) == printed
    # what the page concludes in words
    assert "plus souvent" not in printed["contrasts"]
    assert "moins souvent" not in printed["contrasts"]
    policies = re.findall(r"^\| (.+?) \| \d", printed["shares"], re.MULTILINE)
    assert policies[0] == "Aucun"
    assert {"Éducation", "Écologie, environnement", "Santé"} == set(policies[1:4])
