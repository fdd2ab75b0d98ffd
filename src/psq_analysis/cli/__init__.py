"""The ``psq`` command: parses and delegates, nothing else.

``commands`` the commands and their exit codes · ``review`` those of reading and correcting · ``pieces`` what they share.
"""

from psq_analysis.cli.commands import main

__all__ = ["main"]
