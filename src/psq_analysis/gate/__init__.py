"""May this file leave the building?

Reads only the files it is given; may use ``privacy`` and ``french``, never the rooms that make pages. ``verify`` is its door.
"""
