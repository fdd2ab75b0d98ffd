"""The hostile run: everything a file may hold against its reader, in one run."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import psq

SCRIPT = "<script>window.ran=1</script>"
IMAGE = "<img src=x onerror=window.ran=1>"
SAID = "Il faut plus de patrouilles à pied la nuit dans le quartier."
CANARIES = ["Zygomatirelle", "06 39 98 55 66", "Barnabé Quirinal-Dufayeux", "QZ-987-XW"]


@dataclass(frozen=True)
class HostileRun:
    """Where the run was written, and what the command said."""

    out: Path
    done: subprocess.CompletedProcess[str]

    @property
    def reports(self) -> Path:
        return self.out / "reports/hostile"


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory, shared, project) -> HostileRun:
    """Run on hostile remarks, questions, places, columns, file names, codebook, title, human codes and outlines.

    Every payload of a browser stands in a remark, half of them after a sentence that has a theme; every formula of a spreadsheet in
    a remark and in a place; personal data in a remark, and in a row with too many cells, which cannot be read.
    """
    folder = tmp_path_factory.mktemp("hostile")
    lines = (shared / "xss/payloads_dev.jsonl").read_text(encoding="utf-8").splitlines()
    payloads = [json.loads(line)["payload"] for line in lines]
    formulas = (shared / "badinputs/formula_payloads.txt").read_text(encoding="utf-8").splitlines()
    export = _export(folder, payloads, [line for line in formulas if line.strip()])
    communes = folder / "communes.csv"
    communes.write_text(
        "code,name,density_level,population,postcodes\n"
        f"32001,Villeneuve {IMAGE},6,300,32100\n31999,Bourg {SCRIPT},1,9000,31100\n",
        encoding="utf-8",
    )
    human = folder / f"relu {IMAGE}.jsonl"
    coded = [{"remark": f"{SAID} {payload}", "themes": ["presence"], "objectives": [], "by": payload, "reason": payload, "on": SCRIPT}
             for payload in payloads[1::2]]  # fmt: skip
    human.write_text("\n".join(json.dumps(row) for row in coded) + "\n", encoding="utf-8")
    done = psq(
        "run", export, "--out", folder / "out", "-p", "name", "hostile", "-p", "title", f"=1+1 et @SUM(A1) {SCRIPT} {IMAGE}",
        "-p", "codebook", _codebook(project, folder), "-p", "territories", communes, "-p", "min_cell", 1,
        "-p", "human", human, "-p", "contours", _outline(folder), "-p", "groupings", "density_level,territory*stakeholder",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return HostileRun(folder / "out", done)


def _export(folder: Path, payloads: list[str], formulas: list[str]) -> Path:
    export = folder / f"{IMAGE} $x$ {{{{7*7}}}}.csv"
    voices = ("Gendarme", "Habitant", "Élu")
    with export.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ["id", "commune", f"Que demandez-vous ? {SCRIPT}", f"Autre chose ${{x}} {IMAGE}", "Vous êtes"]
        )
        for number, (payload, other) in enumerate(zip(payloads[::2], payloads[1::2], strict=False)):
            place = f"Villeneuve {IMAGE}" if number % 2 else f"Bourg {SCRIPT}"
            rows.writerow([number, place, payload, f"{SAID} {other}", voices[number % 3]])
        for number in range(60):
            formula = formulas[number % len(formulas)]
            canary = f"Demandez à M. {CANARIES[0]} ou à {CANARIES[2]}, {CANARIES[1]}, voiture {CANARIES[3]}"
            said = "Plus de patrouilles le soir au centre" if number % 2 else canary
            rows.writerow([f"f{number}", formula, formula, said, voices[number % 3]])
        rows.writerow(["trop", "Auch", f"RAS {CANARIES[0]}", "RAS", "Élu", "trop", "de", "cellules"])
    return export


def _codebook(project: Path, folder: Path) -> Path:
    codebook = shutil.copytree(project / "data/manual", folder / "manual") / "codebook.yml"
    text = re.sub(
        r"(?m)^(\s+label: )(.+)$",
        lambda found: f"{found[1]}'{SCRIPT} {found[2].replace(chr(39), chr(39) * 2)} {IMAGE}'",
        codebook.read_text(encoding="utf-8"),
    )
    text = re.sub(r"(?m)^(title: ).*$", lambda found: f"{found[1]}'Grille {SCRIPT} {IMAGE}'", text)
    codebook.write_text(text, encoding="utf-8")
    return codebook


def _outline(folder: Path) -> Path:
    outlines = folder / f"contours {IMAGE}.geojson"
    square = [[0.0, 43.5], [1.5, 43.5], [1.5, 44.0], [0.0, 44.0], [0.0, 43.5]]
    outline = {"type": "Feature", "properties": {"name": IMAGE, SCRIPT: SCRIPT}, "geometry": {"type": "Polygon", "coordinates": [square]}}  # fmt: skip
    outlines.write_text(
        json.dumps({"type": "FeatureCollection", "name": SCRIPT, "features": [outline]}), encoding="utf-8"
    )
    return outlines
