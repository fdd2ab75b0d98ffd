"""What the result of a stage depends on, and whether the one an earlier run left can be taken again.

A stage is known by its fingerprint: the stage before it, its notebook, the parameters it receives, the files it reads, the code and the versions of every
installed package. Beside the tables of a run, ``stages.json`` keeps for each stage its fingerprint, the hash of every file it wrote and the notes it left.
A stage is taken again only when its fingerprint is the same and every file still has its hash, from whichever folder holds it: the name of an analysis says
where its files are, not what they hold.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from psq_analysis.runs.rights import FORGOTTEN
from psq_analysis.runs.run import CODEBOOK, NAMES, NOTES, QUOTES, READINGS, TYPOLOGY, Run, sha256
from psq_analysis.settings import STAGES

RECORD = "stages.json"
PUBLISHED = "published"  # the entry of the whole publication, beside those of the stages
CODING = "coding"  # the entry of the codes the program gave: a part of the second stage that no decision of the analyst changes
ASKED = "asked"  # the entry of what the run was asked for: settings and options
_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = ("*.py", "*.yml", "*.j2", "*.css", "*.npz", "*.crfsuite", "*.parquet", "*.csv*")
# Files a stage reads besides the tables: settings that name one, with the project's own file where the setting is empty.
_SETTINGS_READ = {
    "clean": {"mapping": "", "territories": "", "typology": TYPOLOGY},
    "cluster": {"codebook": CODEBOOK, "human": ""},
    "compare": {"weights": "", "contours": ""},
    "report": {},
}
_DECISIONS_READ = {"cluster": (NAMES, QUOTES, READINGS)}


def fingerprints(run: Run, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the fingerprint of each stage, and of the codes (:data:`CODING`); ``parameters``: by stage, what its notebook receives."""
    before, prints = _environment(), {}
    for stage, notebook in STAGES.items():
        files = [
            *(run.file(name, usual) if usual else run.optional_file(name) for name, usual in _SETTINGS_READ[stage].items()),
            *(run.project / name for name in _DECISIONS_READ.get(stage, ())),
            run.project / "notebooks" / f"{notebook}.ipynb",
        ]  # fmt: skip
        if stage == "clean":
            files += [run.project / FORGOTTEN, *run.input_files]
        depends = {
            "before": before,
            "parameters": {name: value for name, value in parameters[stage].items() if name != "name"},
            "files": [(file.name, sha256(file)) for file in files if file is not None and file.is_file()],
        }
        if stage == "cluster":
            prints[CODING] = _coding(run, depends)
        before = prints[stage] = _hash(json.dumps(depends, sort_keys=True, ensure_ascii=False, default=str))
    return prints


def _coding(run: Run, depends: Mapping[str, Any]) -> str:
    """The fingerprint of the codes the program gives: that of their stage, without the decisions and without who counts."""
    decisions = {Path(name).name for name in _DECISIONS_READ["cluster"]}
    given = {
        name: depends["parameters"].get(name) for name in ("codebook", "human", "sentence_model", "seed")
    }
    files = [one for one in depends["files"] if one[0] not in decisions]
    return _hash(
        json.dumps([depends["before"], given, files], sort_keys=True, ensure_ascii=False, default=str)
    )


def record(run: Run, stage: str, fingerprint: str, files: Iterable[Path]) -> None:
    """Keep what a stage wrote: ``files`` by hash, and the notes of the run as they stand at its end."""
    _write(run, stage, fingerprint, files, notes=run.processed / NOTES)


def record_published(run: Run, fingerprint: str, asked: Mapping[str, Any]) -> None:
    """Keep the whole publication by hash, the executed notebooks as they are published, and what was ``asked`` for."""
    kept = _read(run)
    for stage, notebook in STAGES.items():
        executed = run.reports / f"{notebook}.ipynb"
        if stage in kept and executed.is_file():
            kept[stage]["files"][_name(run, executed)] = sha256(executed)
    _save(run, kept | {ASKED: dict(asked)})
    _write(run, PUBLISHED, fingerprint, (file for file in run.reports.rglob("*") if file.is_file()))


def asked_for(run: Run) -> dict[str, Any]:
    """Return what a published run was asked for, as :func:`record_published` kept it; empty where nothing is published."""
    return dict(_read(run).get(ASKED, {}))


def holds(run: Run, stage: str, fingerprint: str) -> bool:
    """Whether a run holds the result of a stage, whole and made from the same things."""
    kept = _read(run).get(stage)
    if kept is None or kept["fingerprint"] != fingerprint:
        return False
    base = run.out
    return all((base / name).is_file() and sha256(base / name) == at for name, at in kept["files"].items())


def take(stage: str, *, source: Run, target: Run) -> None:
    """Put the result of a stage of another folder into the one of this run."""
    kept = _read(source)[stage]
    files = {}
    for name, at in kept["files"].items():
        to = _place(source.out / name, source=source, target=target)
        files[_name(target, to)] = at
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.out / name != to:
            shutil.copy2(source.out / name, to)
    target.processed.mkdir(parents=True, exist_ok=True)
    (target.processed / NOTES).write_text(kept["notes"], encoding="utf-8")
    _save(target, _read(target) | {stage: kept | {"files": files}})


def _place(file: Path, *, source: Run, target: Run) -> Path:
    """Where a file of one run stands in another one."""
    for of, to in ((source.processed, target.processed), (source.reports, target.reports)):
        if file.is_relative_to(of):
            return to / file.relative_to(of)
    raise ValueError(f"{file} is no file of the run")


def keep_only(run: Run, stages: Iterable[str]) -> None:
    """Remove from a work folder all but the results of these stages."""
    kept = {stage: of_stage for stage, of_stage in _read(run).items() if stage in set(stages)}
    _save(run, kept)
    named = {name for of_stage in kept.values() for name in of_stage["files"]}
    spared = {_name(run, run.processed / one) for one in (RECORD, NOTES) if kept or one == RECORD}
    for file in run.out.rglob("*"):
        if file.is_file() and _name(run, file) not in named | spared:
            file.unlink()


def _write(run: Run, stage: str, fingerprint: str, files: Iterable[Path], notes: Path | None = None) -> None:
    entry = {
        "fingerprint": fingerprint,
        "files": {_name(run, file): sha256(file) for file in sorted(files)},
        "notes": notes.read_text(encoding="utf-8") if notes is not None and notes.is_file() else "{}",
    }
    _save(run, _read(run) | {stage: entry})


def _name(run: Run, file: Path) -> str:
    return file.relative_to(run.out).as_posix()


def _read(run: Run) -> dict[str, Any]:
    try:
        kept = json.loads((run.processed / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or damaged: nothing is taken again
        return {}
    return kept if isinstance(kept, dict) else {}


def _save(run: Run, kept: Mapping[str, Any]) -> None:
    run.processed.mkdir(parents=True, exist_ok=True)
    partial = run.processed / f".{RECORD}"
    partial.write_text(
        json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    partial.replace(run.processed / RECORD)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _environment() -> str:
    """Return a hash of the code, of the interpreter and of every installed package."""
    code = sorted({file for kind in _CODE for file in _PACKAGE.rglob(kind)})
    versions = sorted(f"{one.name}=={one.version}" for one in importlib.metadata.distributions())
    lines = [sys.version, *versions, *(f"{file.relative_to(_PACKAGE)} {sha256(file)}" for file in code)]
    return _hash("\n".join(lines))
