"""One module per export format; no format knows another.

Each has ``recognises(document)`` and ``read(document, mapping)``.
"""
