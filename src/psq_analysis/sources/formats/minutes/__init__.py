"""Word minutes of a meeting: headings are the questions, and all the turns of one speaker are one contribution."""

from psq_analysis.sources.formats.minutes.reader import read, recognises

__all__ = ["read", "recognises"]
