"""What one export format adds to the common path of tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from psq_analysis.sources.model import Role


def _question_is_heading(heading: str, group: str) -> tuple[str, str]:
    return heading, f"{group} – {heading}" if group and group != heading else heading


@dataclass(frozen=True)
class TableFormat:
    """What one export format adds to the common path."""

    name: str
    roles: tuple[tuple[str, Role], ...] = ()
    question: Callable[[str, str], tuple[str, str]] = _question_is_heading
    is_complete: Callable[[dict[str, str]], bool] | None = None
    clean: Callable[[str], str] | None = None
    header_row: int | None = None
    typed_by_hand: bool = False

    def fixed_role(self, heading: str) -> Role | None:
        """Return the role this format gives to a system column."""
        for expression, role in self.roles:
            if re.search(expression, heading, re.IGNORECASE):
                return role
        return None
