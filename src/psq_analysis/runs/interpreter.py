"""The interpreter that executes the notebooks of a run: one for all of them, started once.

What a module has loaded and read (vocabulary, word lists, libraries) serves the next notebook; its variables are forgotten
in between, so that a notebook sees only what it opens itself, as in JupyterLab after a restart.
"""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from jupyter_client import AsyncKernelManager, BlockingKernelClient
from jupyter_core.utils import run_sync

from psq_analysis import progress

if TYPE_CHECKING:
    import nbformat

FORGET = "get_ipython().reset(new_session=True)"  # variables and cell numbers; modules stay loaded
# private memory, what an array or a table takes; what the interpreter maps without using it does not count
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_DATA, ({memory}, {memory}))"
PATIENCE = 60  # seconds for the interpreter to answer between two notebooks
# a history file would keep the code of one run for the next, and lock it for two runs at once
NO_HISTORY = ["--HistoryManager.hist_file=:memory:"]


class QuietKernel(AsyncKernelManager):
    """A kernel whose own log goes nowhere: what a cell has to say is in the notebook, and the command says the rest.

    Asynchronous, as nbclient needs it to see that a kernel died: it would wait for the answer of a synchronous one for ever.
    """

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start the kernel without its standard error."""
        await super().start_kernel(stderr=subprocess.DEVNULL, **options)


class Interpreter:
    """A kernel for the notebooks of one run, writing under ``out``; a context that stops it at the end.

    It listens on a socket file, not on a port of the machine, in a folder of its own: two runs started from one place would
    answer on each other's socket.
    """

    def __init__(self, variables: dict[str, str], *, memory: int | None = None) -> None:
        self._variables = {
            progress.UNWATCHED: "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **variables,
        }
        self._sockets = tempfile.TemporaryDirectory(prefix="psq-")
        self._manager = QuietKernel(
            kernel_name="python3", transport="ipc", ip=str(Path(self._sockets.name) / "kernel")
        )
        self._memory = memory
        self._is_fresh = True

    def __enter__(self) -> Interpreter:
        """Start the process; it gets ready while the caller prepares."""
        os.environ.update(self._variables)
        run_sync(self._manager.start_kernel)(extra_arguments=NO_HISTORY)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        run_sync(self._manager.shutdown_kernel)(now=True)
        self._sockets.cleanup()

    def execute(
        self,
        source: Path,
        target: Path,
        parameters: Mapping[str, Any],
        *,
        bar: dict[str, Any],
        timeout: int | None = None,
    ) -> nbformat.NotebookNode:
        """Execute a notebook with papermill, write it with its outputs and return it; ``bar`` is how tqdm shows it.

        Raises what papermill raises when a cell fails, or takes more than ``timeout`` seconds.
        """
        # papermill takes half a second to import; commands that run no notebook do not pay for it
        import papermill  # noqa: PLC0415
        from papermill.engines import papermill_engines  # noqa: PLC0415

        from psq_analysis.runs.engine import WRITTEN_ONCE, WrittenOnce  # noqa: PLC0415

        papermill_engines.register(WRITTEN_ONCE, WrittenOnce)

        logging.getLogger("papermill").setLevel(logging.CRITICAL)  # the command says it, in French
        if not self._is_fresh:
            self._say(FORGET)
        elif self._memory is not None:
            self._say(LIMIT.format(memory=self._memory))
        self._is_fresh = False
        return papermill.execute_notebook(
            str(source),
            str(target),
            parameters=dict(parameters),
            kernel_name="python3",
            engine_name=WRITTEN_ONCE,
            progress_bar=bar,
            km=self._manager,
            execution_timeout=timeout,
        )

    def _say(self, code: str) -> None:
        client = BlockingKernelClient(**self._manager.get_connection_info(session=True))
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            client.execute(code, silent=True, store_history=False, reply=True, timeout=PATIENCE)
        finally:
            client.stop_channels()
