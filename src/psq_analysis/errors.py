"""The one family of errors an analyst can mend; each kind is defined where its trouble is known."""

from __future__ import annotations


class BadInput(Exception):
    """Input or parameters the analyst can mend (exit code 2).

    The message is one clear French sentence: what is wrong, where (file, row, column), and what to do. It never quotes
    the content of a remark.
    """
