"""What do people ask, what hurts, what do they praise?

May use ``text``, ``tables`` and the parser of spaCy. ``grammar`` knows the parser · ``asking`` an action on an object · ``subjects`` which asks are one demand ·
``concerns`` complaints and praise · ``phrases`` and ``naming`` the words that name a group · ``table`` all ideas · ``decisions`` names.yml.
"""
