"""How far a long step has come, for the person who waits: a bar under the cell in JupyterLab, a bar a stage in a terminal, a line a stage in a log.

A bar is a courtesy, never a result: nothing that is written or published holds one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from tqdm import tqdm

from psq_analysis.french.labels import label, say

UNWATCHED = "PSQ_UNWATCHED"  # set for a kernel whose notebook nobody looks at while it runs
BAR = "{desc} : {percentage:.0f} % |{bar:24}| {n_fmt} sur {total_fmt}, {elapsed} (reste {remaining})"
STAGE_BAR = "{desc} : {percentage:.0f} % |{bar:24}| {elapsed}"
_Item = TypeVar("_Item")


def over(items: Collection[_Item], step: str) -> Iterator[_Item]:
    """Yield each item, and show how many are done where a person watches the cell; ``step`` is a key of the label table.

    The bar is plain text on the output of the cell: it needs no widget.

    >>> list(over(["un", "deux"], "mask"))
    ['un', 'deux']
    """
    yield from tqdm(
        items,
        desc=label("progress", step),
        bar_format=BAR,
        file=sys.stdout,
        disable=not _is_watched(),
    )


class Steps:
    """The stages of a run as the person who waits sees them: a bar each in a terminal, a line each in a log.

    >>> Steps(["clean", "cluster", "publish"]).name("cluster")
    '2/3 Codage et sous-thèmes'
    """

    def __init__(self, stages: Sequence[str]) -> None:
        self._stages = list(stages)
        self._started = time.monotonic()

    def name(self, stage: str) -> str:
        """The rank and the name of a stage."""
        return f"{self._stages.index(stage) + 1}/{len(self._stages)} {label('stages_of_run', stage)}"

    def bar(self, stage: str) -> dict[str, Any]:
        """Announce a stage, and return how tqdm shows it: a bar in a terminal; in a log, the line said here is all."""
        if not sys.stderr.isatty():
            seconds = round(time.monotonic() - self._started)
            print(say("stage_begins", stage=self.name(stage), seconds=seconds), file=sys.stderr, flush=True)
        return {
            "desc": self.name(stage),
            "bar_format": STAGE_BAR,
            "disable": None,
            "file": sys.stderr,
        }

    def reused(self, stage: str) -> None:
        """Say that the result an earlier run left for a stage is taken again."""
        print(say("stage_reused", stage=self.name(stage)), file=sys.stderr, flush=True)

    @contextmanager
    def one(self, stage: str) -> Iterator[None]:
        """Show a stage that is done in one go: its name while it lasts, the time it took at the end."""
        with tqdm(total=1, **self.bar(stage)) as bar:
            yield
            bar.update()


def _is_watched() -> bool:
    """Tell whether this is the kernel of a notebook that a person has open."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel") and UNWATCHED not in os.environ
