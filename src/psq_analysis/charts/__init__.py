"""Which picture shows this table? A table in, a plotly figure out.

May use plotly, ``french`` and ``html`` (a note where nothing can be drawn). Computes no statistic and groups no rows.
``dot_plot`` shares with their intervals · ``differences`` differences around zero · ``slope`` one wave to the next · ``map`` where answers
come from · ``correspondence`` who speaks of what · ``tree`` classes of words · ``style`` colours and finish of all.
"""
