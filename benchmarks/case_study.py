"""The figures of docs/case-study.md: runs the chain on the annotated answers of the Grand Débat and prints its tables.

    python benchmarks/case_study.py ANSWERS COMMUNES [--write docs/case-study.md]

ANSWERS: the annotated answers (columns ``reference``, ``question``, ``reponse``, ``author_type``, ``author_zipcode``, ``labels_json``).
COMMUNES: a table of communes with their density level and postcodes. ``--write`` puts the tables in the page, between their marks.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.evaluation import evaluate
from psq_analysis.comparison import contrasts as comparison_contrasts
from psq_analysis.disclosure.cell_keys import LOW_EDGE
from psq_analysis.french.labels import label

PROJECT = Path(__file__).resolve().parents[1]
CODEBOOK = PROJECT / "data/manual/codebook_impots.yml"
QUESTIONS = PROJECT / "data/manual/questions_impots.yml"
ASKED = "payer plus d'impôts"
AGREED = 2  # annotators who gave a label, for it to count: one alone may be a slip
# Where the annotators' label is not the label of the grid.
SAME = {
    "A Aucun": "aucun",
    "Y Lutte fraude": "fraude",
    "Emploi, formation pro": "emploi",
    "Economie, aide aux entreprises": "economie",
    "Y Remboursement dette": "dette",
}
RUN = "impots"


def annotated(answers: Path, grid: Codebook) -> pd.DataFrame:
    """Return the answers to the question as coded by the annotators: ``remark``, ``question``, ``themes``."""
    rows = pd.read_csv(answers)
    rows = rows[rows["question"].str.contains(ASKED)]
    codes = SAME | {name: code for code, name in grid.labels("theme").items()}
    given = [
        sorted(
            {codes[name] for name, count in json.loads(labels).items() if count >= AGREED and name in codes}
        )
        for labels in rows["labels_json"]
    ]
    return pd.DataFrame(
        {"remark": rows["reponse"].astype(str), "question": rows["question"], "themes": given}
    ).reset_index(drop=True)


def run(answers: Path, communes: Path, out: Path) -> Path:
    """Run the chain and return the folder of its tables."""
    settings = {"name": RUN, "mapping": QUESTIONS, "codebook": CODEBOOK, "territories": communes}
    words = [word for name, value in settings.items() for word in ("-p", name, str(value))]
    command = [sys.executable, "-m", "psq_analysis", "run", str(answers), "--out", str(out), *words]
    subprocess.run(command, check=True, capture_output=True)
    return out / "data/processed" / RUN


def tables(processed: Path, people: pd.DataFrame, grid: Codebook) -> dict[str, str]:
    """Return the tables of the page as Markdown, by name."""
    prevalence = pd.read_parquet(processed / "prevalence.parquet")
    contrasts = pd.read_parquet(processed / "contrasts.parquet")
    names = grid.labels("theme")
    themes = prevalence[
        (prevalence["scheme"] == "theme") & prevalence["code"].isin(list(grid.codes("theme")))
    ]
    return {
        "respondents": _respondents(themes),
        "shares": _shares(themes, people, names),
        "territories": _territories(themes, names),
        "contrasts": _contrasts(contrasts, prevalence, names),
        "quality": _quality(people, grid),
    }


def _markdown(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _moved(row: pd.Series) -> str:
    """A count moved by random keys; two or fewer are told together."""
    return "≤ 2" if row["edge"] == LOW_EDGE else str(row["mentions"])


def _interval(row: pd.Series) -> str:
    return f"{100 * row['share']:.1f} [{100 * row['low']:.1f} ; {100 * row['high']:.1f}]"


def _cell(row: pd.Series) -> str:
    return "withheld" if pd.isna(row["share"]) else f"{_interval(row)} ({_moved(row)}/{row['respondents']})"


def _respondents(themes: pd.DataFrame) -> str:
    sizes = themes[themes["grouping"].isin(["all", "territory"])].drop_duplicates(["grouping", "group"])
    rows = [
        [label("groups", row.group), "withheld" if pd.isna(row.respondents) else str(row.respondents)]
        for row in sizes.itertuples()
    ]
    return _markdown(["group", "respondents"], rows)


def _shares(themes: pd.DataFrame, people: pd.DataFrame, names: dict[str, str]) -> str:
    overall = themes[(themes["grouping"] == "all") & themes["share"].notna()].sort_values(
        "share", ascending=False, kind="stable"
    )
    by_people = people["themes"].explode().value_counts() / len(people)
    rows = [
        [
            names[row["code"]],
            str(row["mentions"]),
            _interval(row),
            f"{100 * by_people.get(row['code'], 0):.1f}",
        ]
        for _, row in overall.iterrows()
    ]
    return _markdown(["policy", "mentions", "share, % [95 %]", "annotators, %"], rows)


def _territories(themes: pd.DataFrame, names: dict[str, str]) -> str:
    inside = themes[(themes["grouping"] == "territory") & (themes["group"] != "indetermine")]
    groups = list(inside["group"].unique())
    shown = inside.groupby("code", sort=False)["share"].count()
    order = inside.groupby("code", sort=False)["mentions"].sum().sort_values(ascending=False, kind="stable")
    rows = [
        [
            names[code],
            *(
                _cell(inside[(inside["code"] == code) & (inside["group"] == group)].iloc[0])
                for group in groups
            ),
        ]
        for code in order.index
        if shown[code] > 1
    ]
    return _markdown(["policy", *(label("groups", group) for group in groups)], rows)


def _contrasts(contrasts: pd.DataFrame, prevalence: pd.DataFrame, names: dict[str, str]) -> str:
    unnoticed = comparison_contrasts.unnoticed(contrasts)
    made = contrasts[(contrasts["grouping"] == "territory") & contrasts["q_value"].notna()]
    rows = [
        [
            names[row["code"]], f"{label('groups', row['group_a'])} − {label('groups', row['group_b'])}",
            f"{100 * row['difference']:+.1f} [{100 * row['low']:+.1f} ; {100 * row['high']:+.1f}]",
            f"{row['q_value']:.2f}", label("verdicts", row["verdict"]), f"{100 * unnoticed[at]:.0f}",
        ]
        for at, row in made.sort_values(["q_value", "code", "group_b"], kind="stable").iterrows()
    ]  # fmt: skip
    headings = ["policy", "between", "difference, points [95 %]", "q", "verdict", "unnoticed below, points"]
    return _markdown(headings, rows)


def _quality(people: pd.DataFrame, grid: Codebook) -> str:
    measured = evaluate(people, grid, human=people, seed=0).overall
    kept = measured[(measured["scheme"] == "theme") & measured["figure"].isin(["micro", "macro"])]
    learnt = {
        "codebook": "the codebook alone, as in the run",
        "cross_validated": "and the annotators' codes, cross-validated",
    }
    rows = [
        [
            said,
            *(
                f"{row['f1']:.2f} [{row['low']:.2f} ; {row['high']:.2f}]"
                for _, row in kept[kept["method"] == method].iterrows()
            ),
        ]
        for method, said in learnt.items()
    ]
    figures = list(kept[kept["method"] == "codebook"]["figure"])
    return _markdown(["learnt from", *(f"F1, {figure}" for figure in figures)], rows)


def written(page: str, found: dict[str, str]) -> str:
    """Return the page with each table between its marks.

    >>> written("<!-- a -->old<!-- /a -->", {"a": "new"})
    '<!-- a -->\\nnew\\n<!-- /a -->'
    """
    for name, table in found.items():
        page = re.sub(
            rf"(<!-- {name} -->).*?(<!-- /{name} -->)",
            lambda mark, text=table: f"{mark[1]}\n{text}\n{mark[2]}",
            page,
            flags=re.DOTALL,
        )
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("communes", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    grid = load_codebook(CODEBOOK)
    people = annotated(given.answers, grid)
    with tempfile.TemporaryDirectory() as out:
        found = tables(run(given.answers, given.communes, Path(out)), people, grid)
    for name, table in found.items():
        print(f"<!-- {name} -->\n{table}\n<!-- /{name} -->\n")
    if given.write:
        given.write.write_text(written(given.write.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
