"""Which numbers may be shown?

May use ``respondents`` and ``proportions``; knows no file and no French. ``cell_keys`` moves the counts of groups · ``published_shares`` their shares and
intervals · ``voices`` who spoke · ``areas`` merged places.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "areas_table": "area_tables.areas_table",
        "publishable_areas": "areas.publishable",
        "theme_to_map": "areas.theme_to_map",
        "voices_table": "voices.voices_table",
    },
)
