"""Which numbers may be shown?

May use ``respondents`` and ``proportions``; knows no file and no French. ``small_cells`` withholds · ``subtraction`` what a reader can work out ·
``areas`` merged places.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "areas_table": "area_tables.areas_table",
        "publishable_areas": "areas.publishable",
        "theme_to_map": "areas.theme_to_map",
        "voices_table": "voices_shown.voices_table",
        "withhold_small_cells": "small_cells.suppress",
    },
)
