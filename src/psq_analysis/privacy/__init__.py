"""What identifies a person?

May use ``text``, ``cleaning``, ``places``. ``mask`` is its door; one module a kind of personal data beside it.
"""
