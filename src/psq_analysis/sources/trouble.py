"""The kinds of trouble a source file can give; each message is one French sentence."""

from __future__ import annotations

from psq_analysis.errors import BadInput


class MissingFile(BadInput):
    """There is no such file, or it cannot be opened."""


class EmptyFile(BadInput):
    """The file has no content."""


class RefusedFile(BadInput):
    """The file is of a kind that is not opened: archive, macros, password, entities, too large."""


class DamagedFile(BadInput):
    """The file is truncated or corrupt."""


class NotATable(BadInput):
    """No table, minutes or e-mails could be recognised."""


class NoFreeText(BadInput):
    """A table was read, but no column holds free-text answers."""


class AmbiguousFile(BadInput):
    """The file can be read in more than one way; the message says which mapping settles it."""


class BadMapping(BadInput):
    """The mapping file cannot be used."""
