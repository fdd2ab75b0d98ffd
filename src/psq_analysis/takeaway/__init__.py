"""What does a reader take away: tables, a note, paper, pictures?

May use ``report``, ``sentences`` and all below; computes no statistic, and writes only what the report may say. One module a format.
"""
