"""What one export format adds to the common path of tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from psq_analysis.sources.model import Role
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.vocabulary import plain


def _question_is_heading(heading: str, group: str) -> tuple[str, str]:
    shown = heading_of(heading).text
    return heading, f"{heading_of(group).text} – {shown}" if group and group != heading else shown


@dataclass(frozen=True, kw_only=True)
class TableFormat:
    """What one export format adds to the common path; with ``codes_apart``, the codes of several choices stand apart by a space."""

    name: str
    roles: tuple[tuple[str, Role], ...] = ()
    question: Callable[[str, str], tuple[str, str]] = _question_is_heading
    is_complete: Callable[[dict[str, str]], bool] | None = None
    clean: Callable[[str], str] | None = None
    header_row: int | None = None
    typed_by_hand: bool = False
    codes_apart: bool = False
    dropped: tuple[tuple[str, re.Pattern[str], str], ...] = ()

    def trouble(self, headings: tuple[str, ...], row: list[str]) -> str | None:
        """Return why the software itself says that a row is no respondent (a preview, spam), or None."""
        for column, pattern, reason in self.dropped:
            for heading, cell in zip(headings, row, strict=False):
                if plain(heading) == column and pattern.search(cell):
                    return reason
        return None

    def fixed_role(self, heading: str) -> Role | None:
        """Return the role this format gives to a system column."""
        for expression, role in self.roles:
            if re.search(expression, heading, re.IGNORECASE):
                return role
        return None
