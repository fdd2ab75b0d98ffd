"""How a notebook's kernel is started: on a socket file, and silent."""

from __future__ import annotations

import subprocess
from typing import Any

from jupyter_client import AsyncKernelManager


class QuietKernel(AsyncKernelManager):
    """A kernel whose own log goes nowhere: what a cell has to say is in the notebook, and the command says the rest."""

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start the kernel without its standard error."""
        await super().start_kernel(stderr=subprocess.DEVNULL, **options)
