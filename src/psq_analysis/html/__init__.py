"""Escaped fragments of a page, and their templates.

May use jinja2 and ``french``. ``fragments`` is the only module that renders.
"""
