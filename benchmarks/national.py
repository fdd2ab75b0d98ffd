"""What a run costs as the consultation grows: ``python benchmarks/national.py FILE.parquet SIZE…``.

``FILE`` holds answers that people wrote (a column ``comment``). For each size, questionnaires of six answers drawn with a seed, with a commune of the
shipped table and a voice, are written as one CSV and run from there to ``index.html`` in another process. Printed: CPU and wall seconds of each stage,
the peak of memory of the process tree, and the exponent of CPU time over remarks.
"""

from __future__ import annotations

import argparse
import itertools
import math
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import psutil

from psq_analysis.places.communes import load_communes

PROJECT = Path(__file__).resolve().parent.parent
SEED = 20171120
QUESTIONS = (
    "Qu'attendez-vous de la police et de la gendarmerie ?",
    "Qu'est-ce qui ne va pas aujourd'hui ?",
    "Qu'est-ce qui va bien aujourd'hui ?",
    "Comment améliorer la sécurité près de chez vous ?",
    "Comment améliorer l'accueil et la présence sur le terrain ?",
    "Que voulez-vous ajouter ?",
)
# Voices and how often they answer; a public consultation is answered by inhabitants first.
VOICES = {"Habitant": 0.7, "Commerçant": 0.1, "Élu": 0.1, "Gendarme": 0.06, "Policier municipal": 0.04}
PAUSE = 0.1  # seconds between two looks at the process tree
_STAGE = re.compile(r"^\d/\d (.+?)…")


class Stage(NamedTuple):
    """What a stage took: CPU and wall seconds."""

    name: str
    cpu: float
    wall: float


class Cost(NamedTuple):
    """What a run took; ``peak``: bytes of the process tree at its largest."""

    remarks: int
    stages: list[Stage]
    peak: int

    @property
    def cpu(self) -> float:
        return sum(stage.cpu for stage in self.stages)

    @property
    def wall(self) -> float:
        return sum(stage.wall for stage in self.stages)


def main() -> None:
    """Print what each size costs, and how the cost grows."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("answers", type=Path)
    given.add_argument("sizes", type=int, nargs="+")
    given.add_argument("--until", default="report")
    asked = given.parse_args()
    texts = pd.read_parquet(asked.answers, columns=["comment"])["comment"].astype(str)
    costs = []
    for size in sorted(asked.sizes):
        with tempfile.TemporaryDirectory(prefix="psq-national-") as folder:
            export = Path(folder) / "national.csv"
            questionnaires(texts, size).to_csv(export, index=False)
            costs.append(measured(export, Path(folder), remarks=size, until=asked.until))
        print(table(costs[-1]), flush=True)
    if len(costs) > 1:
        print(f"exponent of CPU over remarks, {costs[0].remarks:,d} to {costs[-1].remarks:,d}: {exponent(costs[0], costs[-1]):.2f}")  # fmt: skip


def questionnaires(texts: pd.Series, remarks: int, *, seed: int = SEED) -> pd.DataFrame:
    """Return questionnaires of six answers, ``remarks`` answers in all; no answer is drawn twice before all were drawn once."""
    random = np.random.default_rng(seed)
    people = math.ceil(remarks / len(QUESTIONS))
    wanted = people * len(QUESTIONS)
    rounds = [random.permutation(len(texts)) for _ in range(math.ceil(wanted / len(texts)))]
    drawn = texts.to_numpy(dtype=object)[np.concatenate(rounds)[:wanted]]
    drawn[remarks:] = ""
    communes = load_communes().dropna(subset=["name", "population"])
    size = communes["population"].to_numpy(dtype=float)
    lived_in = communes.iloc[random.choice(len(communes), people, p=size / size.sum())]
    said = pd.DataFrame(drawn.reshape(people, len(QUESTIONS)), columns=list(QUESTIONS))
    said.insert(0, "Vous êtes", random.choice(list(VOICES), people, p=list(VOICES.values())))
    said.insert(0, "Code postal", lived_in["postcodes"].str.split().str[0].to_numpy())
    said.insert(0, "Commune", lived_in["name"].to_numpy())
    said.insert(0, "id", [f"q{number:07d}" for number in range(people)])
    return said


def measured(export: Path, folder: Path, *, remarks: int, until: str = "report") -> Cost:
    """Run the command on a file and return what it cost; raises :class:`SystemExit` with what it said when it fails."""
    words = [sys.executable, "-m", "psq_analysis", "run", export, "--out", folder, "--until", until]
    started = time.monotonic()
    run = subprocess.Popen(
        list(map(str, words)), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    marks: list[tuple[str, float, float]] = []
    said: list[str] = []
    tree = _Tree(run.pid)

    def listen() -> None:
        assert run.stderr is not None
        for line in run.stderr:
            said.append(line)
            if found := _STAGE.match(line):
                tree.look()
                marks.append((found[1], tree.cpu, time.monotonic() - started))

    listener = threading.Thread(target=listen)
    listener.start()
    while run.poll() is None:
        tree.look()
        time.sleep(PAUSE)
    listener.join()
    if run.returncode:
        raise SystemExit("".join(said))
    # what precedes the first stage (reading the command) counts with it
    at = [(marks[0][0], 0.0, 0.0), *marks[1:], ("", tree.cpu, time.monotonic() - started)]
    stages = [
        Stage(name, after[1] - cpu, after[2] - wall) for (name, cpu, wall), after in itertools.pairwise(at)
    ]
    return Cost(remarks, stages, tree.peak)


class _Tree:
    """The CPU seconds of a process and of all it started, those that ended included, and their largest memory together."""

    def __init__(self, root: int) -> None:
        self.peak = 0
        self._root = psutil.Process(root)
        self._seconds: dict[tuple[int, float], float] = {}
        self._lock = threading.Lock()

    @property
    def cpu(self) -> float:
        return sum(self._seconds.values())

    def look(self) -> None:
        with self._lock:
            memory = 0
            try:
                processes = [self._root, *self._root.children(recursive=True)]
            except psutil.Error:
                return
            for process in processes:
                try:
                    times = process.cpu_times()
                    self._seconds[process.pid, process.create_time()] = times.user + times.system
                    memory += process.memory_info().rss
                except psutil.Error:  # it ended meanwhile
                    continue
            self.peak = max(self.peak, memory)


def table(cost: Cost) -> str:
    """Write what a run cost as a table of its stages."""
    lines = [
        f"{cost.remarks:,d} remarks: {cost.cpu:.0f} CPU s, {cost.wall:.0f} s, {cost.peak / 2**30:.2f} GiB at most, {1000 * cost.cpu / cost.remarks:.2f} CPU ms a remark",
        *(
            f"  {stage.name:<45} {stage.cpu:7.1f} CPU s {stage.wall:7.1f} s {stage.cpu / cost.cpu:5.0%}"
            for stage in cost.stages
        ),
    ]
    return "\n".join(lines)


def exponent(small: Cost, large: Cost) -> float:
    """Return the power of the number of remarks that CPU time grows with: 1 when ten times the remarks cost ten times as much."""
    ratios: Sequence[float] = (large.cpu / small.cpu, large.remarks / small.remarks)
    return math.log(ratios[0]) / math.log(ratios[1])


if __name__ == "__main__":
    main()
