"""Coded examples are part of a codebook: they teach always, win where they speak, and bend nothing they do not know."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from psq_analysis.coding.assign import code_ideas, code_remarks
from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.evaluation import evaluate
from psq_analysis.coding.human_codes import is_coded, read_human_codes, was_read
from psq_analysis.coding.taught import coded_remarks
from psq_analysis.privacy.mask import mask
from psq_analysis.tables.record_files import BadRemarkFile


@pytest.fixture(scope="module")
def codebook(project: Path) -> Codebook:
    return load_codebook(project / "data/manual/codebook.yml")


@pytest.fixture(scope="module")
def examples(codebook: Codebook) -> pd.DataFrame:
    assert codebook.coded_examples is not None
    return codebook.coded_examples


@pytest.mark.slow
def test_the_examples_hold_no_personal_data(examples: pd.DataFrame) -> None:
    assert [text for text in examples["remark"] if mask(text).text != text] == []


def test_every_example_is_coded_in_full_and_once(examples: pd.DataFrame) -> None:
    assert len(examples) == 944 + 618 + 249
    assert examples["remark_id"].dropna().is_unique
    for column in ("themes", "objectives", "tone"):
        assert is_coded(examples, column).all()


def test_a_codebook_that_names_no_examples_has_none(project: Path) -> None:
    assert load_codebook(project / "data/manual/codebook_impots.yml").coded_examples is None


def test_an_example_with_an_unknown_code_is_refused_with_its_line(project: Path, tmp_path: Path) -> None:
    (tmp_path / "codebook.yml").write_bytes((project / "data/manual/codebook.yml").read_bytes())
    lines = [{"remark": "Plus de rondes", "themes": ["presence"]}, {"remark": "Rien", "themes": ["autres"]}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "coded_examples.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "written_from.txt").write_text("", encoding="utf-8")
    with pytest.raises(BadRemarkFile, match=r"coded_examples\.jsonl, ligne 2 : le code « autres »"):
        load_codebook(tmp_path / "codebook.yml")


@pytest.mark.slow
def test_a_remark_that_is_an_example_is_coded_by_the_program_and_teaches_it_nothing(
    codebook: Codebook, examples: pd.DataFrame
) -> None:
    example = examples.iloc[[0]]
    ideas = pd.DataFrame(
        {"idea_id": ["i"], "remark_id": ["r"], "start": [0], "end": [9], "text": example["remark"].tolist()}
    )
    chain = pd.DataFrame(
        {"remark_id": ["r"], "question": example["question"], "text": example["remark"], "is_noise": False}
    )
    codes = code_ideas(ideas, chain, codebook, seed=0)
    assert "human" not in set(codes["origin"])
    taught = coded_remarks(codebook, None, asked=example["remark"])
    assert len(taught) == len(examples) - 1


@pytest.mark.slow
def test_the_codes_of_a_run_win_over_the_examples(codebook: Codebook, examples: pd.DataFrame) -> None:
    again = examples.iloc[[0]].assign(themes=[["acces"]])
    assert len(coded_remarks(codebook, again)) == len(examples)
    by_text = again.drop(columns="remark_id")
    coded = code_remarks(by_text.drop(columns=["themes", "objectives"]), codebook, human=by_text, seed=0)
    assert coded["themes"].tolist() == [["acces"]]


@pytest.mark.slow
def test_the_codebook_says_which_examples_it_was_written_from(
    codebook: Codebook, examples: pd.DataFrame
) -> None:
    read = was_read(examples, codebook.written_from)
    assert read.sum() == 944
    assert not was_read(
        pd.DataFrame({"remark": ["Une remarque que personne n'a lue"]}), codebook.written_from
    ).any()


@pytest.mark.slow
def test_on_answers_nobody_wrote_examples_for_they_do_no_harm(codebook: Codebook, shared: Path) -> None:
    """The expressions were written from these answers, the examples were not: so the codebook alone is an upper view here."""
    gold = read_human_codes(shared / "gold/psq_remarks_dev.jsonl", codebook)
    overall = evaluate(gold, codebook, seed=0).overall.set_index(["method", "scheme", "figure"])["f1"]
    for scheme in ("theme", "objective", "tone"):
        assert overall["examples", scheme, "micro"] >= overall["codebook", scheme, "micro"] - 0.02


def test_without_any_idea_the_examples_code_nothing(codebook: Codebook) -> None:
    ideas = pd.DataFrame({"idea_id": ["a"], "remark_id": ["r"], "text": ["Plus de rondes"]})
    remarks = pd.DataFrame({"remark_id": ["r"], "question": [""], "text": ["Plus de rondes"]})
    assert code_ideas(ideas.iloc[:0], remarks, codebook, seed=0).empty


@pytest.mark.slow
def test_examples_teach_remarks_of_the_same_questionnaire_that_were_held_back(
    codebook: Codebook, examples: pd.DataFrame
) -> None:
    of_sample = examples[was_read(examples, codebook.written_from)].reset_index(drop=True)
    found = evaluate(of_sample, codebook, human=of_sample, seed=0).overall
    overall = found.set_index(["method", "scheme", "figure"])["f1"]
    assert overall["cross_validated", "theme", "micro"] >= 0.67
    assert overall["cross_validated", "tone", "micro"] >= 0.79
    assert overall["cross_validated", "objective", "micro"] >= 0.58
    assert overall["codebook", "theme", "micro"] >= 0.60
    assert overall["codebook", "objective", "micro"] >= 0.55
