"""The folder a run works in, held by one run at a time, and how its results take their place.

A run works in ``.psq-NAME`` beside the results, on the same file system. What a killed run left there is found again by the next one. The lock is one of the
operating system (``filelock``): it ends with the process that holds it, so that a dead run holds nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from psq_analysis.runs.run import Run, RunError


@contextmanager
def work_in(final: Run) -> Iterator[Run]:
    """Yield the run in its work folder, which goes at the end; raise :class:`RunError` while another process has it.

    What an interrupted exchange left is put right first: a result is never missing because its replacement was cut short.
    """
    folder = final.out / f".psq-{final.settings.name}"
    lock = FileLock(final.out / f".psq-{final.settings.name}.lock")
    final.out.mkdir(parents=True, exist_ok=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"L'analyse « {final.settings.name} » est déjà en cours dans ce dossier. Attendez qu'elle finisse, ou donnez un autre nom "
            "(-p name …)."
        ) from None
    try:
        run = replace(final, out=folder)
        for new, old in ((run.processed, final.processed), (run.reports, final.reports)):
            _put_back(new, old)
        run.reports.mkdir(parents=True, exist_ok=True)
        try:
            yield run
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        # while it is still held: filelock opens the name again when the file it waited for is gone
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def swap(new: Path, final: Path) -> None:
    """Put a folder in place of another of the same file system; the old one goes only once the new one stands, on disk."""
    final.parent.mkdir(parents=True, exist_ok=True)
    _to_disk(new)
    old = _aside(new)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _aside(new: Path) -> Path:
    return new.with_name(f"{new.name}.old")


def _put_back(new: Path, final: Path) -> None:
    """Undo an exchange that was cut between its two renames."""
    old = _aside(new)
    if old.exists() and not final.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        old.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(folder: Path) -> None:
    """Have every file of a folder written through before a rename makes it final."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
