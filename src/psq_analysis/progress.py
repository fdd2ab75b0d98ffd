"""How far a long step has come, for the person who waits: a bar under the cell in JupyterLab, a line a stage in a terminal.

A bar is a courtesy, never a result: nothing that is written or published holds one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from tqdm import tqdm

from psq_analysis.french.labels import label

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


def of_stage(stage: str, stages: Sequence[str]) -> dict[str, Any]:
    """Return how tqdm shows one stage of a run: its rank, its name, the time it takes; nothing unless stderr is a terminal.

    >>> of_stage("cluster", ["clean", "cluster", "publish"])["desc"]
    '2/3 Codage et sous-thèmes'
    """
    return {
        "desc": f"{stages.index(stage) + 1}/{len(stages)} {label('stages_of_run', stage)}",
        "bar_format": STAGE_BAR,
        "disable": None,
        "file": sys.stderr,
    }


@contextmanager
def one_step(stage: str, stages: Sequence[str]) -> Iterator[None]:
    """Show a stage that is done in one go: its name while it lasts, the time it took at the end."""
    with tqdm(total=1, **of_stage(stage, stages)) as bar:
        yield
        bar.update()


def _is_watched() -> bool:
    """Tell whether this is the kernel of a notebook that a person has open."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel") and UNWATCHED not in os.environ
