"""Which numbers may be shown?

May use ``respondents`` and ``proportions``; knows no file and no French. ``small_cells`` withholds · ``subtraction`` what a reader can work out ·
``areas`` merged places.
"""
