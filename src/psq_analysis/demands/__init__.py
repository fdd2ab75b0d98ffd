"""What do people ask, what hurts, what do they praise?

May use ``text``, ``disclosure``, ``tables`` and the parser of spaCy. ``grammar`` knows the parser · ``asking`` an action on an object · ``subjects`` which asks are one demand ·
``concerns`` complaints and praise · ``phrases`` and ``naming`` the words that name a group · ``table`` all ideas · ``decisions`` names.yml.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "apply_decisions": "decisions.apply",
        "demands_by_respondent": "summary.respondent_demands",
        "find_demands": "table.find_demands",
        "summarise_demands": "summary.summarise_demands",
    },
)
