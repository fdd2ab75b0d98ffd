"""``python -m psq_analysis`` is the ``psq`` command."""

from psq_analysis.cli import main

main()
