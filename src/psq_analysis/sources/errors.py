"""The kinds of trouble a source file can give; each message is one French sentence."""

from __future__ import annotations

from psq_analysis.errors import BadInput
from psq_analysis.sources.model import Reading

# the reason of a reject that is also told before anybody counts
CUT = "cellule de 32 767 caractères : le texte est probablement coupé par le tableur"


class MissingFile(BadInput):
    """There is no such file, it cannot be opened, or it is given twice."""


class EmptyFile(BadInput):
    """The file has no content."""


class RefusedFile(BadInput):
    """The file is of a kind that is not opened: archive, macros, password, entities, too large."""


class DamagedFile(BadInput):
    """The file is truncated or corrupt."""


class NotATable(BadInput):
    """No table, minutes or e-mails could be recognised."""


class AmbiguousFile(BadInput):
    """The file can be read in more than one way; the message says which mapping settles it.

    ``reading`` is what was understood before the doubt, for ``psq check``; None when nothing was.
    """

    def __init__(self, message: str, reading: Reading | None = None) -> None:
        super().__init__(message)
        self.reading = reading


class NoFreeText(AmbiguousFile):
    """A table was read, but no column holds free-text answers."""


class BadMapping(BadInput):
    """The mapping file cannot be used."""
