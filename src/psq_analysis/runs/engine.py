"""How papermill executes a notebook here: it writes the file when the last cell ends or fails, and not before and after each cell.

A notebook full of figures takes a quarter of a second to write; eighty cells, each written twice, cost as much as a stage.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

WRITTEN_ONCE = "written-once"


class WrittenOnce(NBClientEngine):
    """papermill's own engine, without a place to write to as long as cells run."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> Any:
        target, nb_man.output_path = nb_man.output_path, None
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            # papermill writes there next, whether cells ended, failed or were stopped
            nb_man.output_path = target
