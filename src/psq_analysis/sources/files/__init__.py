"""Bytes to sheets, pages and messages: what a file holds, whoever wrote it."""
