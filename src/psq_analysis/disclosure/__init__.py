"""Which numbers may be shown?

May use ``respondents`` and ``proportions``; knows no file and no French. ``cell_keys`` moves the counts of groups · ``published_shares`` their shares and
intervals · ``voices`` who spoke · ``areas`` merged places.
"""
