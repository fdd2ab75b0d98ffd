"""Who counts, in which group, with or without organised answers?

May use ``tables`` and ``places``; knows no file and no French. ``counted`` · ``groups`` · ``campaigns`` · ``flow``.
"""
