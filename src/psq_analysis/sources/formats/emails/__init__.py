"""E-mails: one person is one contribution, whatever the mail programs put around the words."""

from psq_analysis.sources.formats.emails.reader import read, recognises

__all__ = ["read", "recognises"]
