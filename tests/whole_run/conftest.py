"""The fixture of the hostile run, for the tests that look at its pages and at its files."""

from hostile import hostile_run

__all__ = ["hostile_run"]
