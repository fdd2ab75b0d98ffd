"""How long a search takes at 100,000 remarks: ``python benchmarks/explore.py [REMARKS] [--run NAME]``.

The remarks are made of the ideas of a finished run, drawn again at random, each with its codes: real words, real codes, any size. Printed: the index (once),
the first search of a new process (opening included, libraries apart), and the usual questions, each the best of three.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import psq_analysis as psq
from psq_analysis.runs.run import Run
from psq_analysis.settings import parse_settings

QUESTIONS: dict[str, Callable[[object], object]] = {
    "un mot": lambda run: run.find("nuit"),
    "un mot fréquent": lambda run: run.find("police OU gendarme OU patrouille"),
    "une expression": lambda run: run.find('"la nuit"'),
    "deux mots, sauf un": lambda run: run.find("(vol OU cambriolage) SAUF nuit"),
    "un début de mot": lambda run: run.find("patrouill*"),
    "un mot, un thème, une voix": lambda run: run.find("nuit", theme="presence", only="voix=élus"),
    "un thème": lambda run: run.find(theme="presence"),
    "qui le dit": lambda run: run.find("nuit").distribution("territoire"),
    "autour d'une remarque": lambda run: run.around(run.find("nuit", most=1).first_reference),
    "remarques semblables": lambda run: run.similar("plus de gendarmes dans les villages"),
}
FIRST = (
    "import time, psq_analysis.workshop.door, psq_analysis.workshop.index; start = time.perf_counter(); import psq_analysis as psq; "
    "n = len(psq.open('grande', out={out!r}).find('nuit')); print(round(time.perf_counter() - start, 2), n)"
)


def enlarge(source: Run, out: Path, size: int) -> None:
    """Write under ``out`` a run of ``size`` remarks of one to three ideas each, drawn from those of ``source``."""
    draw = np.random.default_rng(1)
    ideas, remarks = source.read("ideas"), source.read("remarks")
    per_remark = draw.integers(1, 4, size)
    drawn = ideas.iloc[draw.integers(0, len(ideas), per_remark.sum())].reset_index(drop=True)
    remark = np.repeat(np.arange(size), per_remark)
    new = pd.DataFrame({"idea_id": [f"i{n:08d}" for n in range(len(drawn))], "remark_id": [f"{n:08x}r{n}" for n in remark], "text": drawn["text"]})  # fmt: skip
    texts = new.groupby("remark_id", sort=False)["text"].agg(". ".join)
    people = source.read("contributions")
    who = people.iloc[draw.integers(0, len(people), size // 2 + 1)].reset_index(drop=True)
    ids = pd.Series([f"c{n:07d}" for n in range(len(who))])
    old_of = pd.DataFrame({"old": drawn["idea_id"], "idea_id": new["idea_id"]})

    def moved(table: str) -> pd.DataFrame:
        rows = source.read(table).rename(columns={"idea_id": "old"})
        return rows.merge(old_of, on="old").drop(columns="old")

    run = Run(parse_settings({"name": "grande", "out": str(out)}), source.project, out)
    first = remarks.iloc[draw.integers(0, len(remarks), size)].reset_index(drop=True)
    run.write(
        contributions=who.assign(contribution_id=ids, record_key=range(len(who))),
        answers=pd.DataFrame(columns=["contribution_id", "question_id", "question", "value"]),
        remarks=first.assign(remark_id=texts.index, contribution_id=ids[np.arange(size) // 2].to_numpy(), text=texts.to_numpy(), is_noise=False, campaign_id=None),
        ideas=new.assign(start=0, end=new["text"].str.len()),
        **{table: moved(table) for table in ("codes", "subthemes", "demands")},
        **{table: source.read(table) for table in ("clusters", "demand_groups")},
    )  # fmt: skip


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("remarks", nargs="?", type=int, default=100_000)
    parser.add_argument("--run", default="concertation")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        enlarge(psq.open(asked.run).files, out, asked.remarks)
        run, start = psq.open("grande", out=folder), time.perf_counter()
        run.find("nuit")
        print(f"{asked.remarks} remarques ; index et première recherche : {time.perf_counter() - start:.1f} s (une fois)")  # fmt: skip
        size = sum(path.stat().st_size for path in out.rglob("recherche.*")) / 1e6
        print(f"taille de l'index : {size:.0f} Mo")
        for _ in range(2):
            told = subprocess.run([sys.executable, "-c", FIRST.format(out=folder)], capture_output=True, text=True, check=True)  # fmt: skip
            seconds, found = told.stdout.split()
            print(f"première recherche d'un autre processus : {seconds} s ({found} remarques)")
        for name, question in QUESTIONS.items():
            times = []
            for _ in range(3):
                start = time.perf_counter()
                answer = question(run)
                times.append(time.perf_counter() - start)
            print(f"{name} : {min(times):.2f} s (première fois {times[0]:.2f} s), {len(answer)} lignes")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
