"""Where is it, and what kind of territory is that?

May use files of reference tables and ``text``. ``communes`` the table of communes · ``gazetteer`` a written place to a commune · ``typology`` and
``territories`` the kind of territory · ``outlines`` shapes for a map.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "place": "territories.place",
        "unplaced": "territories.unplaced",
    },
)
