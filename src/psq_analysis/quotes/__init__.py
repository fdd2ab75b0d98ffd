"""Which words may be quoted, and which are chosen?

May use ``privacy`` and ``text``. ``choice`` chooses · ``quotable`` what makes a sentence quotable · ``review_rules`` what a person must read first.
"""
